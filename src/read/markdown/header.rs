//! The lines between title and text: who wrote the page and when, as people write it there by hand.

use crate::domain::{Block, Draft, Language, Line};
use crate::read::dates::{self, Dated};
use crate::read::{byline, language, words};

/// Blocks below the title that are looked at: a lead and a picture may stand above the byline, and the date below it.
const REACH: usize = 4;
/// Words of the longest line of this kind.
const LONGEST: usize = 25;
/// Words beside a date in a line that says that it tells one: `First published on`.
const LABELLED: usize = 6;
/// Words beside a date in a line that does not: a weekday, a place.
const BARE: usize = 2;

/// Takes byline and date out of the text; what the front matter says of them is not overruled.
///
/// The cues are those of bylines everywhere: `By`, `Von`, `Par` before a name, names beside a date, a date with no more than
/// its label. All else stays text: a page that is written by hand has no menus.
pub(super) fn lift(blocks: &mut Vec<Block>, draft: &mut Draft) {
    if draft.title.is_none() {
        return;
    }
    let language = draft.language.clone().or_else(|| language::of(blocks));
    let mut at = 0;
    for _ in 0..REACH {
        let read = match blocks.get(at) {
            Some(Block::Paragraph(rich)) => read(&rich.plain(), language.as_ref()),
            _ => None,
        };
        let Some((authors, dates)) = read else {
            at += 1;
            continue;
        };
        blocks.remove(at);
        if draft.authors.is_empty() {
            draft.authors = authors;
        }
        if draft.published.is_none() {
            date(draft, &dates, language.as_ref());
        }
    }
}

/// The names and dates of a line that tells nothing else; none where it is text.
fn read(text: &str, language: Option<&Language>) -> Option<(Vec<Line>, Vec<Dated>)> {
    if words::measure(text) > LONGEST || words::ends_sentence(text) {
        return None;
    }
    let dates = dates::find_all(text, language);
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for dated in &dates {
        rest.push_str(text.get(from..dated.span.start).unwrap_or_default());
        rest.push('|');
        from = dated.span.end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if byline::is_marked(rest) || (!dates.is_empty() && byline::is_only_names(rest)) {
        return Some((byline::names(rest), dates));
    }
    let most = if dates::is_label(&rest.to_lowercase()) { LABELLED } else { BARE };
    (!dates.is_empty() && words::measure(rest) <= most).then_some((Vec::new(), dates))
}

/// Of several dates the first day is that of publication, and the last that of the latest change.
fn date(draft: &mut Draft, dates: &[Dated], language: Option<&Language>) {
    let day = |dated: &&Dated| dated.moment.day();
    let (Some(first), Some(last)) = (dates.iter().min_by_key(day), dates.iter().max_by_key(day)) else { return };
    draft.published = Some(first.moment);
    if draft.updated.is_none() && last.moment.day() > first.moment.day() {
        draft.updated = Some(last.moment);
    }
    if first.ambiguous {
        let order = if language.map(Language::primary) == Some("en") { "month first" } else { "day first" };
        let day = first.moment.day();
        draft.note(None, format!("day and month of the date could be either way round; read {order}, as {day}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{Line, Moment};
    use crate::read::markdown::tests::read;

    /// Authors, days of publication and of change, and how many blocks are left, of the lines below a title.
    #[track_caller]
    fn case(lines: &str, authors: &[&str], published: Option<&str>, updated: Option<&str>, left: usize) {
        let draft = read(&format!("# The river rises\n\n{lines}\n\nThe market has moved to the upper square.\n"));
        let named: Vec<&str> = draft.authors.iter().map(Line::as_str).collect();
        let day = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
        assert_eq!(named, authors, "{lines}");
        assert_eq!((day(draft.published).as_deref(), day(draft.updated).as_deref()), (published, updated), "{lines}");
        assert_eq!(draft.body.len(), left + 1, "{lines}");
    }

    #[test]
    fn a_line_below_the_title_says_who_and_when() {
        case("By Awa Sarr, 3 May 2026", &["Awa Sarr"], Some("2026-05-03"), None, 0);
        case("*Von Eva Ost und Ben Groß, 3. Mai 2026*", &["Eva Ost", "Ben Groß"], Some("2026-05-03"), None, 0);
        case("**Par Aïssatou Ba** | publié le 3 mai 2026", &["Aïssatou Ba"], Some("2026-05-03"), None, 0);
        case("Por [João Dias](https://example.org/joao)\n3 de maio de 2026", &["João Dias"], Some("2026-05-03"), None, 0);
        case("May 3, 2026 | Awa Sarr and Ben Okoro", &["Awa Sarr", "Ben Okoro"], Some("2026-05-03"), None, 0);
        case("By Awa Sarr", &["Awa Sarr"], None, None, 0);
        case("*Published on 3 May 2026, updated on 5 May 2026*", &[], Some("2026-05-03"), Some("2026-05-05"), 0);
        case("Updated 5 May 2026, first published 3 May 2026", &[], Some("2026-05-03"), Some("2026-05-05"), 0);
        case("Mopti, 2026-05-03", &[], Some("2026-05-03"), None, 0);
    }

    #[test]
    fn they_may_stand_apart_and_below_a_lead() {
        case("By Awa Sarr\n\n3 May 2026", &["Awa Sarr"], Some("2026-05-03"), None, 0);
        case("The ferries stay at the quay.\n\n*By Awa Sarr*\n\n3 May 2026", &["Awa Sarr"], Some("2026-05-03"), None, 1);
        case("![The quay](quay.jpg)\n\nBy Awa Sarr, 3 May 2026", &["Awa Sarr"], Some("2026-05-03"), None, 1);
    }

    #[test]
    fn what_is_text_stays_text() {
        for text in [
            "By Friday, Awa Sarr had left.",
            "On 3 May 2026 the river rose.",
            "Von Anfang an war es nass",
            "The crossing of 3 May 2026, told by those who were there",
            "Awa Sarr",
            "- By Awa Sarr\n- 3 May 2026",
            "> By Awa Sarr, 3 May 2026",
        ] {
            case(text, &[], None, None, 1);
        }
        assert_eq!(read("By Awa Sarr, 3 May 2026\n\nText.").body.len(), 2, "it stands below no title");
        let far = format!("# Title\n\n{}By Awa Sarr, 3 May 2026\n", "Text.\n\n".repeat(9));
        assert_eq!(read(&far).authors, []);
    }

    #[test]
    fn front_matter_wins() {
        let draft = read("---\ntitle: T\nauthor: Ben Okoro\ndate: 2026-03-04\n---\nBy Awa Sarr, 3 May 2026\n\nText.\n");
        assert_eq!((draft.authors[0].as_str(), draft.published.unwrap().to_string().as_str()), ("Ben Okoro", "2026-03-04"));
        assert_eq!((draft.authors.len(), draft.updated, draft.body.len()), (1, None, 1));
    }

    #[test]
    fn a_date_that_could_be_read_either_way_is_noted() {
        let draft = read("---\nlang: en\n---\n# T\n\nBy Awa Sarr, 03/05/2026\n\nText.\n");
        assert_eq!(draft.published.unwrap().to_string(), "2026-03-05");
        assert!(draft.notes[0].note.contains("month first"), "{:?}", draft.notes);
    }
}
