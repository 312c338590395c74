//! The page that a letter is: its head, its languages, its headings, its tags, and elements that mail cannot have.

use super::markup::{Markup, Node, Slip, first_difference, word_view};
use super::{Check, rules};
use crate::domain::{Language, quoted};

/// Elements that do nothing in mail, or get a letter refused.
const ACTIVE: [&str; 16] = [
    "script", "iframe", "frame", "frameset", "object", "embed", "applet", "video", "audio", "canvas", "svg", "math", "dialog",
    "template", "portal", "marquee",
];
/// What is put behind a short preheader to keep the text out of the inbox's list.
const FILLED: [&str; 4] = ["&zwnj;&nbsp;", "&#8204;&nbsp;", "\u{200C}\u{A0}", "&nbsp;&zwnj;"];
const FORM: [&str; 7] = ["form", "input", "button", "select", "textarea", "fieldset", "datalist"];

pub(super) fn check(check: &mut Check, html: &str, markup: &Markup) {
    tags(check, html, markup);
    head(check, markup);
    languages(check, markup);
    headings(check, markup);
    elements(check, markup);
    preheader(check, html, markup);
}

fn tags(check: &mut Check, html: &str, markup: &Markup) {
    slips(check, markup, "");
    let (seen, open_ended) = word_view(html);
    for line in open_ended {
        check.html(&rules::document::CONDITION, line, "the condition is not ended by `<![endif]-->`");
    }
    let word = Markup::parse(&seen);
    // What browsers see is told already; what is left is Word's own.
    let unknown =
        word.slips.iter().filter(|(_, slip)| !matches!(slip, Slip::Syntax(_))).filter(|slip| !markup.slips.contains(slip));
    let unknown: Vec<_> = unknown.cloned().collect();
    for (line, slip) in unknown {
        told(check, line, &slip, "as Word sees it, ");
    }
    if markup.slips.is_empty()
        && let Some((line, name, into)) = first_difference(html, markup)
    {
        let into = if into.is_empty() { "elsewhere".to_owned() } else { format!("into `<{into}>`") };
        check.html(&rules::document::REBUILT, line, format!("browsers put the `<{name}>` {into}"));
    }
}

fn slips(check: &mut Check, markup: &Markup, view: &str) {
    for (line, slip) in &markup.slips {
        told(check, *line, slip, view);
    }
}

fn told(check: &mut Check, line: usize, slip: &Slip, view: &str) {
    let rule = if view.is_empty() { &rules::document::BALANCE } else { &rules::document::BALANCE_WORD };
    match slip {
        Slip::Unclosed(name) => check.html(rule, line, format!("{view}`<{name}>` is never closed")),
        Slip::ClosesNothing(name) => check.html(rule, line, format!("{view}`</{name}>` closes nothing")),
        Slip::ClosedItself(name) => check.html(rule, line, format!("{view}`<{name}/>` is left open: only XML knows that form")),
        Slip::Syntax(error) => check.html(&rules::document::SYNTAX, line, format!("the parser says {}", quoted(error))),
        Slip::TooComplex => check.html(&rules::document::COMPLEX, line, "from here on it is not looked at"),
    }
}

fn head(check: &mut Check, markup: &Markup) {
    if !markup.has_doctype {
        check.html(&rules::document::DOCTYPE, 1, "there is no `<!doctype html>`");
    }
    let metas: Vec<&Node> = markup.named("meta").map(|(_, node)| node).collect();
    let content = |name: &str| {
        let found = metas.iter().find(|node| node.attribute("name").is_some_and(|has| has.eq_ignore_ascii_case(name)));
        found.map(|node| (node.line, node.attribute("content").unwrap_or_default().to_ascii_lowercase()))
    };
    let charset = metas.iter().find_map(|node| {
        let said = node.attribute("content").and_then(|content| content.split_once("charset=")).map(|(_, charset)| charset);
        Some((node.line, node.attribute("charset").or(said)?.trim().to_ascii_lowercase()))
    });
    match charset {
        Some((_, charset)) if charset == "utf-8" => {}
        Some((line, charset)) => {
            check.html(&rules::document::CHARSET, line, format!("the character set is {}", quoted(&charset)));
        }
        None => check.html(&rules::document::CHARSET, 1, "the character set is not said"),
    }
    match content("viewport") {
        None => check.html(&rules::document::VIEWPORT, 1, "there is no viewport"),
        Some((line, view)) if view.contains("maximum-scale") || view.replace(' ', "").contains("user-scalable=no") => {
            check.html(&rules::document::ZOOM, line, format!("the viewport is {}", quoted(&view)));
        }
        Some((line, view)) if !view.contains("width=device-width") => {
            check.html(&rules::document::VIEWPORT, line, format!("the viewport is {}", quoted(&view)));
        }
        Some(_) => {}
    }
    for name in ["color-scheme", "supported-color-schemes"] {
        if content(name).is_none_or(|(_, schemes)| !schemes.contains("dark")) {
            check.html(&rules::look::SCHEME, 1, format!("`<meta name=\"{name}\" content=\"light dark\">` is missing"));
        }
    }
    if let Some(node) =
        metas.iter().find(|node| node.attribute("http-equiv").is_some_and(|has| has.eq_ignore_ascii_case("refresh")))
    {
        check.html(&rules::document::ACTIVE, node.line, "`<meta http-equiv=\"refresh\">`");
    }
    title(check, markup);
}

fn title(check: &mut Check, markup: &Markup) {
    let Some((at, node)) = markup.named("title").next() else {
        check.html(&rules::document::TITLE, 1, "there is no `<title>`");
        return;
    };
    let title = markup.text_of(at);
    if title.is_empty() {
        check.html(&rules::document::TITLE, node.line, "the `<title>` is empty");
        return;
    }
    // What a test is marked with stands in the subject alone.
    let subject = check.letter.subject.map(|subject| subject.strip_prefix("[Test] ").unwrap_or(subject));
    if let Some(subject) = subject.filter(|subject| !super::parity::is_same(subject, &title)) {
        let what = format!("the title is {}, the subject {}", quoted(&title), quoted(subject));
        check.html(&rules::document::TITLE_DIFFERS, node.line, what);
    }
}

fn languages(check: &mut Check, markup: &Markup) {
    let html = markup.named("html").next();
    let line = html.map_or(1, |(_, node)| node.line);
    let attribute = |name: &str| html.and_then(|(_, node)| node.attribute(name));
    match attribute("lang") {
        None => check.html(&rules::document::LANG, line, "`<html>` has no `lang`"),
        Some(lang) if Language::parse(lang).is_none() => {
            check.html(&rules::document::LANG, line, format!("`lang` is {}", quoted(lang)));
        }
        Some(_) => {}
    }
    if !attribute("dir").is_some_and(|dir| matches!(dir, "ltr" | "rtl")) {
        check.html(&rules::document::DIR, line, "`<html>` has no `dir`");
    }
    let mut inside = markup.elements().filter(|(_, node)| node.name() != "html");
    if !inside.any(|(_, node)| node.attribute("lang").is_some() && node.attribute("dir").is_some()) {
        check.html(&rules::document::WRAPPER, line, "no element in the body says `lang` and `dir`");
    }
}

fn headings(check: &mut Check, markup: &Markup) {
    let mut last = 0;
    let mut firsts = 0;
    for (at, node) in markup.elements() {
        let Some(level) = node.name().strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) else { continue };
        if markup.text_of(at).is_empty() {
            check.html(&rules::document::HEADING_EMPTY, node.line, format!("the `<h{level}>` is empty"));
        }
        firsts += u8::from(level == 1 && firsts < 2);
        if level == 1 && firsts == 2 {
            check.html(&rules::document::HEADING_FIRST, node.line, "there is more than one `<h1>`");
        } else if level > last + 1 {
            let what = if last == 0 {
                format!("the first heading is an `<h{level}>`")
            } else {
                format!("`<h{level}>` follows `<h{last}>`")
            };
            check.html(&rules::document::HEADING_ORDER, node.line, what);
        }
        last = level;
    }
    if firsts == 0 {
        check.html(&rules::document::HEADING_FIRST, 1, "there is no `<h1>`");
    }
}

fn elements(check: &mut Check, markup: &Markup) {
    for (at, node) in markup.elements() {
        let name = node.name();
        if ACTIVE.contains(&name) {
            check.html(&rules::document::ACTIVE, node.line, format!("`<{name}>`"));
        } else if FORM.contains(&name) {
            check.html(&rules::document::FORM, node.line, format!("`<{name}>`"));
        } else if name == "base" || name == "link" && node.attribute("rel") != Some("canonical") {
            check.html(&rules::document::OUTSIDE, node.line, format!("`<{name}>`"));
        } else if name == "style" && !markup.above(at).any(|(_, above)| above.name() == "head") {
            check.html(&rules::css::PLACE, node.line, "the `<style>` stands outside of the head");
        }
        for (key, _) in node.attributes() {
            if key.starts_with("on") && key.len() > 3 {
                check.html(&rules::document::ACTIVE, node.line, format!("`{key}` on `<{name}>`"));
            }
        }
    }
}

/// What stands beside the subject in the list of mails.
fn preheader(check: &mut Check, html: &str, markup: &Markup) {
    let Some((body, _)) = markup.named("body").next() else { return };
    let first =
        markup.within(body).find(|(_, node)| !node.name().is_empty() || node.text().is_some_and(|text| !text.trim().is_empty()));
    let hidden = |node: &Node| super::css::value(&super::inline(node), "display").is_some_and(|display| display == "none");
    match first {
        Some((at, node)) if hidden(node) && !markup.text_of(at).is_empty() => {}
        _ => check.html(
            &rules::document::PREHEADER,
            markup.nodes.get(body).map_or(1, |node| node.line),
            "the body begins without a hidden line",
        ),
    }
    if let Some(at) = FILLED.iter().find_map(|filled| html.find(&filled.repeat(3))) {
        let line = html.get(..at).unwrap_or_default().matches('\n').count() + 1;
        check.html(&rules::document::PADDING, line, "invisible signs fill up the line beside the subject");
    }
}
