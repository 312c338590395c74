//! The page around the letter.

use askama::Template;

use super::view::{Mode, Screen, View};
use crate::app::{LetterChecked, Look, Previewed};
use crate::domain::{Finding, Severity};

/// What can be seen of a letter, ready to be set; an empty text stands for what is not there.
#[derive(Template)]
#[template(path = "preview/page.html")]
struct Page<'a> {
    state: &'a str,
    subject: &'a str,
    from: String,
    edition: &'a str,
    /// The page that the letter is made of.
    file: String,
    language: &'a str,
    direction: &'static str,
    screens: Vec<Frame>,
    /// The switches: how to look at it, and at what else.
    switches: [Vec<Switch>; 3],
    size: Size,
    /// How many findings there are of each kind, in words.
    verdict: String,
    findings: Vec<Remark>,
    text: &'a str,
    headers: Vec<(String, String)>,
    /// What the frames ask for: the same for all of them.
    query: String,
}

/// One screen with the letter on it.
struct Frame {
    name: &'static str,
    width: u32,
    /// Whether it is shown at its true size.
    is_whole: bool,
    /// The view with this screen alone, or out of it.
    alone: String,
}

/// A way of looking at it, among others.
struct Switch {
    name: &'static str,
    url: String,
    is_on: bool,
}

/// A rule that the letter breaks, and where.
struct Remark {
    severity: String,
    rule: &'static str,
    what: &'static str,
    why: &'static str,
    mend: &'static str,
    places: Vec<Place>,
    /// How many places there are beyond those.
    more: usize,
}

struct Place {
    part: String,
    line: usize,
    what: String,
}

/// How much of what Gmail shows the HTML part takes.
struct Size {
    /// Thousandths of the limit, at most all of it; what the bar is drawn by.
    share: usize,
    is_over: bool,
    percent: String,
    encoded: String,
    html: String,
    text: String,
    message: String,
    limit: String,
}

/// Why there is no letter to be seen.
#[derive(Template)]
#[template(path = "preview/trouble.html")]
struct Trouble<'a> {
    state: &'a str,
    why: &'a str,
}

/// The page of a letter.
pub(super) fn page(look: &Look, previewed: &Previewed, view: View, state: &str) -> askama::Result<String> {
    let headers = look.headers();
    let from = headers.iter().find(|(name, _)| name == "From").map(|(_, value)| value.clone());
    let page = Page {
        state,
        subject: &look.subject,
        from: from.unwrap_or_default(),
        edition: look.edition.as_str(),
        file: match previewed {
            Previewed::File(file) => file.display().to_string(),
            Previewed::Latest | Previewed::Edition(_) => String::new(),
        },
        language: look.language.as_str(),
        direction: look.language.direction(),
        screens: frames(view),
        switches: switches(view),
        size: size(look),
        verdict: verdict(&look.checked),
        findings: remarks(&look.checked),
        text: &look.text,
        headers,
        query: View { screen: None, ..view }.query(),
    };
    page.render()
}

/// The page that says what is wrong, until it is mended.
pub(super) fn trouble(why: &str, state: &str) -> askama::Result<String> {
    Trouble { state, why }.render()
}

fn frames(view: View) -> Vec<Frame> {
    let frame = |screen: Screen| Frame {
        name: screen.name(),
        width: screen.width(),
        is_whole: view.screen.is_some(),
        alone: url(View { screen: if view.screen.is_none() { Some(screen) } else { None }, ..view }),
    };
    Screen::ALL.into_iter().filter(|screen| view.screen.is_none_or(|one| one == *screen)).map(frame).collect()
}

fn switches(view: View) -> [Vec<Switch>; 3] {
    let switch = |name, to: View| Switch { name, url: url(to), is_on: to == view };
    let screens =
        [("All", None), ("Phone", Some(Screen::Phone)), ("Tablet", Some(Screen::Tablet)), ("Desktop", Some(Screen::Desktop))];
    [
        screens.map(|(name, screen)| switch(name, View { screen, ..view })).into(),
        [("Light", Mode::Light), ("Dark", Mode::Dark)].map(|(name, mode)| switch(name, View { mode, ..view })).into(),
        [("Pictures", false), ("No pictures", true)]
            .map(|(name, without_pictures)| switch(name, View { without_pictures, ..view }))
            .into(),
    ]
}

fn url(view: View) -> String {
    format!("/{}", view.query())
}

/// `1 error, 2 pieces of advice`; `no findings`.
fn verdict(checked: &LetterChecked) -> String {
    let kinds = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
    ];
    let counted = kinds.iter().filter_map(|(severity, one, many)| match checked.count(*severity) {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    });
    let counted: Vec<String> = counted.collect();
    if counted.is_empty() { "no findings".to_owned() } else { counted.join(", ") }
}

/// The findings rule by rule, what matters most first.
fn remarks(checked: &LetterChecked) -> Vec<Remark> {
    let mut findings: Vec<_> = checked.findings.iter().collect();
    findings.sort_by_key(|finding| (finding.rule.severity, finding.rule.id));
    let of_one_rule = |findings: &[&Finding]| {
        let rule = findings.first()?.rule;
        let place = |finding: &&Finding| Place { part: finding.part.to_string(), line: finding.line, what: finding.what.clone() };
        Some(Remark {
            severity: rule.severity.to_string(),
            rule: rule.id,
            what: rule.what,
            why: rule.why,
            mend: rule.mend,
            places: findings.iter().map(place).collect(),
            more: checked.more.iter().find(|(more, _)| more.id == rule.id).map_or(0, |(_, count)| *count),
        })
    };
    findings.chunk_by(|one, other| one.rule.id == other.rule.id).filter_map(of_one_rule).collect()
}

fn size(look: &Look) -> Size {
    let (thousandths, is_over) = share(look.encoded());
    Size {
        share: thousandths.min(1_000),
        is_over,
        percent: format!("{} %", thousandths.div_ceil(10)),
        encoded: grouped(look.encoded()),
        html: grouped(look.html.len()),
        text: grouped(look.text.len()),
        message: grouped(look.message.len()),
        limit: grouped(Look::GMAIL),
    }
}

/// Thousandths of what Gmail shows, and whether it is more than that.
fn share(bytes: usize) -> (usize, bool) {
    (bytes.saturating_mul(1_000) / Look::GMAIL, bytes > Look::GMAIL)
}

/// `104,448`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (104_448, "104,448"), (1_234_567, "1,234,567")];
        assert!(cases.iter().all(|(number, text)| grouped(*number) == *text));
    }

    #[test]
    fn gmail_ends_where_it_ends() {
        assert_eq!(share(0), (0, false));
        assert_eq!(share(Look::GMAIL / 2), (500, false));
        assert_eq!(share(Look::GMAIL), (1_000, false));
        assert_eq!(share(Look::GMAIL + 1), (1_000, true));
        assert_eq!(share(Look::GMAIL * 9), (9_000, true));
    }
}
