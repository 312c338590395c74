//! Links: where they lead, what they say, and whether they survived the way into the letter.

use url::{Host, Url};

use super::markup::Markup;
use super::{Check, css, inline, privacy, rules};
use crate::domain::{Address, LetterPart, quoted};

/// Hosts that hide where a link leads; filters refuse letters for them.
const SHORTENERS: [&str; 26] = [
    "bit.ly",
    "t.co",
    "goo.gl",
    "tinyurl.com",
    "ow.ly",
    "is.gd",
    "buff.ly",
    "rebrand.ly",
    "cutt.ly",
    "shorturl.at",
    "lnkd.in",
    "t.ly",
    "v.gd",
    "rb.gy",
    "tiny.cc",
    "bl.ink",
    "short.io",
    "s.id",
    "dlvr.it",
    "trib.al",
    "fb.me",
    "chilp.it",
    "shorte.st",
    "adf.ly",
    "soo.gd",
    "x.gd",
];
/// Texts that say nothing by themselves, as a screen reader lists them.
const VAGUE: [&str; 20] = [
    "click here",
    "click",
    "here",
    "this link",
    "link",
    "hier klicken",
    "klicken sie hier",
    "hier",
    "cliquez ici",
    "ici",
    "clique aqui",
    "aqui",
    "haga clic aquí",
    "aquí",
    "bofya hapa",
    "hapa",
    "اضغط هنا",
    "انقر هنا",
    "هنا",
    "press here",
];
/// Words of a way out, in the languages of letters.
const LEAVING: [&str; 14] = [
    "unsubscribe",
    "opt out",
    "opt-out",
    "abmelden",
    "abbestellen",
    "désabonner",
    "desabonner",
    "désinscrire",
    "cancelar",
    "darse de baja",
    "jiondoe",
    "kujiondoa",
    "إلغاء الاشتراك",
    "disiscriv",
];

pub(super) fn check(check: &mut Check, markup: &Markup) {
    let mut has_way_out = false;
    for (at, node) in markup.named("a") {
        let Some(href) = node.attribute("href") else { continue };
        let line = node.line;
        let text = markup.text_of(at);
        has_way_out |= is_way_out(check, href, &text);
        target(check, line, href);
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if text.is_empty() {
            check.html(&rules::link::EMPTY, line, format!("the link to {} says nothing", quoted(href)));
        } else if VAGUE.contains(&bare.as_str()) {
            check.html(&rules::link::VAGUE, line, format!("the link says {}", quoted(&text)));
        }
        seems_other(check, line, href, &text);
        let is_picture =
            !text.is_empty() && markup.within(at).all(|(_, inner)| inner.text().is_none_or(|text| text.trim().is_empty()));
        if !text.is_empty() && !is_picture && css::value(&inline(node), "color").is_none() {
            check.html(&rules::link::COLOUR, line, format!("the link {} has no colour of its own", quoted(&text)));
        }
    }
    if check.letter.is_whole && !has_way_out {
        check.html(&rules::link::WAY_OUT, 1, "no link of the HTML part leads out of the list");
    }
}

/// Whether a link lets the reader go: by its address where the headers name it, else by its words.
fn is_way_out(check: &Check, href: &str, text: &str) -> bool {
    let href = href.trim();
    if !check.letter.ways_out.is_empty() {
        let same = |one: &String| one == href || unescaped(one) == unescaped(href);
        return check.letter.ways_out.iter().any(same);
    }
    is_leaving(text) || is_leaving(href)
}

pub(super) fn is_leaving(text: &str) -> bool {
    let text = text.to_lowercase();
    LEAVING.iter().any(|word| text.contains(word))
}

/// An address without the difference that percent signs make.
pub(super) fn unescaped(url: &str) -> String {
    let mut out = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where a link of the HTML part leads.
fn target(check: &mut Check, line: usize, href: &str) {
    let trimmed = href.trim();
    if trimmed.starts_with('#') {
        check.html(&rules::link::HASH, line, format!("the link leads to {}", quoted(trimmed)));
        return;
    }
    let scheme: String = trimmed.chars().filter(|c| !c.is_control() && !c.is_whitespace()).take_while(|c| *c != ':').collect();
    let has_scheme = trimmed.contains(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    match (has_scheme, scheme.to_ascii_lowercase().as_str()) {
        (true, "http" | "https") => address(check, LetterPart::Html, line, href),
        (true, "mailto") => mailto(check, line, trimmed),
        (true, "tel" | "sms") => {}
        (true, "javascript" | "data" | "vbscript") => {
            check.html(&rules::link::SCRIPT, line, format!("the link is {}", quoted(trimmed)));
        }
        (true, _) => check.html(&rules::link::SCHEME, line, format!("the link is {}", quoted(trimmed))),
        (false, _) => check.html(&rules::link::RELATIVE, line, format!("the link is {}", quoted(trimmed))),
    }
}

/// What holds for every address of the web, in whichever part.
pub(super) fn address(check: &mut Check, part: LetterPart, line: usize, written: &str) {
    let told = |check: &mut Check, rule, what: String| check.findings.add(part, line, rule, what);
    let url = written.trim();
    if let Some(why) = mangled(written) {
        told(check, &rules::link::BROKEN, format!("{} {why}", quoted(url)));
    }
    if ["{{", "}}", "*|", "|*", "[[", "%%", "<%", "${"].iter().any(|mark| url.contains(mark)) || url.contains(".invalid/") {
        told(check, &rules::link::UNFILLED, format!("{} is waiting to be filled in", quoted(url)));
        return;
    }
    let Ok(parsed) = Url::parse(url) else {
        told(check, &rules::link::BROKEN, format!("{} is no address", quoted(url)));
        return;
    };
    if parsed.scheme() == "http" {
        told(check, &rules::link::HTTP, format!("{} is not encrypted", quoted(url)));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        told(check, &rules::link::USER, format!("{} has a name before its host", quoted(url)));
    }
    match parsed.host() {
        Some(Host::Domain(host)) => {
            let host = host.strip_prefix("www.").unwrap_or(host);
            if SHORTENERS.contains(&host) {
                told(check, &rules::link::SHORTENER, format!("{} hides where it leads", quoted(url)));
            }
            if !host.contains('.') || host.rsplit('.').next() == Some("local") {
                told(check, &rules::link::HOST, format!("{} is known in one network only", quoted(url)));
            }
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => {
            told(check, &rules::link::HOST, format!("{} names a machine by number", quoted(url)));
        }
        None => told(check, &rules::link::BROKEN, format!("{} has no host", quoted(url))),
    }
    privacy::address(check, part, line, url, &parsed);
}

/// How an address was spoilt on its way.
fn mangled(url: &str) -> Option<&'static str> {
    if url.trim() != url {
        return Some("begins or ends with white space");
    }
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("is broken by white space");
    }
    if ["&amp;", "&#38;", "&quot;", "&lt;"].iter().any(|entity| url.contains(entity)) {
        return Some("was escaped twice");
    }
    if url.contains("=3D") || url.contains("=\n") || url.ends_with('=') && url.len() == 75 {
        return Some("was encoded for mail twice");
    }
    if url.chars().any(|c| matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '}' | '|')) {
        return Some("has signs that an address cannot have");
    }
    let mut parts = url.split('%').skip(1);
    if parts.any(|after| !after.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))) {
        return Some("has a `%` without two hexadecimal digits");
    }
    let schemes = url.matches("://").count();
    (schemes > 1 && url.get(8..).is_some_and(|rest| rest.starts_with("http"))).then_some("begins twice")
}

fn mailto(check: &mut Check, line: usize, href: &str) {
    let rest = href.get("mailto:".len()..).unwrap_or_default();
    let (to, query) = rest.split_once('?').unwrap_or((rest, ""));
    let recipients: Vec<&str> = to.split(',').filter(|one| !one.is_empty()).collect();
    let is_right = !recipients.is_empty() && recipients.iter().all(|one| Address::parse(&unescaped(one)).is_ok());
    if !is_right {
        check.html(&rules::link::MAILTO, line, format!("{} names nobody to write to", quoted(href)));
    } else if let Some(why) = mangled(href) {
        check.html(&rules::link::BROKEN, line, format!("{} {why}", quoted(href)));
    } else if !query.is_empty() && query.split('&').any(|pair| !pair.contains('=')) {
        check.html(&rules::link::MAILTO, line, format!("{} has a broken query", quoted(href)));
    }
    privacy::personal(check, LetterPart::Html, line, href, query);
}

/// A text that looks like an address, and is another one than the link leads to.
fn seems_other(check: &mut Check, line: usize, href: &str, text: &str) {
    let shown = text.trim().trim_end_matches(['.', ',', ')']);
    if shown.contains(char::is_whitespace) || shown.contains('@') {
        return;
    }
    let is_url = shown.starts_with("http://") || shown.starts_with("https://");
    let looks = is_url || shown.starts_with("www.");
    let Some(seen) =
        looks.then(|| Url::parse(&if is_url { shown.to_owned() } else { format!("https://{shown}") }).ok()).flatten()
    else {
        return;
    };
    let plain = |url: &Url| url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let leads = Url::parse(href.trim()).ok();
    if leads.as_ref().map(plain) != Some(plain(&seen)) {
        check.html(&rules::link::PHISHING, line, format!("the link says {} and leads to {}", quoted(shown), quoted(href)));
    }
}
