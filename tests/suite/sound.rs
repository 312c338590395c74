//! What every draft keeps, whatever the page: the property test and the fuzz targets hold it.

use griot::domain::{Block, Draft, Language, Line, Rich, is_xml_char};
use griot::read::{Page, extract, feed};

/// Reads a page, or the items of a feed, and panics where a draft breaks a promise.
pub fn check(page: &Page) {
    let read = extract(page);
    assert_eq!(read, extract(page), "read twice, the drafts differ");
    draft(page, read);
    let Ok(feed) = feed(page) else { return };
    feed.title.iter().for_each(line);
    for item in &feed.items {
        let own = item.draft();
        assert_eq!(own, item.draft(), "an item read twice, the drafts differ");
        assert!(!item.key().is_empty(), "an item that nothing tells from others");
        item.title().iter().for_each(line);
        assert_eq!(item.is_whole(), item.is_whole(), "an item judged twice, the judgements differ");
        draft(page, item.draft_with(own.clone()));
        draft(page, own);
    }
}

fn draft(page: &Page, draft: Draft) {
    let crashed = draft.notes.iter().any(|note| note.note == "the page could not be parsed");
    assert!(!crashed, "the thread that reads has panicked");

    let lines = page.text.lines().count().max(page.text.split(LINE_ENDS).count());
    for note in &draft.notes {
        assert!(!note.note.trim().is_empty(), "a note without words");
        assert!(note.line.is_none_or(|line| (1..=lines).contains(&line)), "line {:?} of {lines}", note.line);
    }
    let heads = [&draft.title, &draft.summary].into_iter().flatten();
    heads.chain(&draft.topics).chain(&draft.authors).chain(&draft.editors).for_each(line);
    if let Some(promo) = &draft.promo {
        line(&promo.show);
        line(&promo.text);
    }
    draft.body.iter().for_each(block);
    gate(draft);
}

/// What ends a line in a pasted page (Unicode UAX 14, classes BK, CR, LF and NL).
const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The gate lets the draft pass, or says what is missing.
fn gate(draft: Draft) {
    let complete = draft.title.is_some() && draft.published.is_some();
    match draft.accept(&Language::parse("en").expect("a language")) {
        Ok(_) => assert!(complete, "an article without a title or a date"),
        Err(missing) => assert!(!missing.is_empty(), "refused for nothing"),
    }
}

fn line(line: &Line) {
    let text = line.as_str();
    assert!(!text.is_empty() && text.trim() == text, "not trimmed: {text:?}");
    assert!(!text.contains(['\n', '\r', '\t']) && text.chars().all(is_xml_char), "not one line: {text:?}");
    assert_eq!(Line::new(text).as_ref(), Some(line), "a line that is none when read again");
}

fn block(block: &Block) {
    match block {
        Block::Paragraph(text) | Block::Quote(text) => rich(text),
        Block::Heading { level, text } => {
            assert!((2..=6).contains(level), "a heading of level {level}");
            line(text);
        }
        Block::List { items, .. } => {
            assert!(!items.is_empty(), "a list of nothing");
            items.iter().for_each(rich);
        }
        Block::Figure(figure) => {
            [&figure.alt, &figure.caption, &figure.credit].into_iter().flatten().for_each(line);
        }
        Block::Table { rows, .. } => {
            assert!(!rows.is_empty(), "a table of nothing");
            assert!(rows.iter().flatten().all(|cell| cell.chars().all(is_xml_char)), "a cell that XML refuses");
        }
        Block::Preformatted(text) => assert!(text.chars().all(is_xml_char), "preformatted text that XML refuses"),
        Block::Embed { url, text } => {
            assert!(url.is_some() || text.is_some(), "an embed of nothing");
            text.iter().for_each(line);
        }
    }
}

fn rich(text: &Rich) {
    assert!(!text.plain().is_empty(), "a paragraph of nothing");
    assert!(text.plain().chars().all(is_xml_char), "text that XML refuses");
    harmless(text.html().as_str());
}

/// Nothing but the few tags that griot writes, each closed in turn, and links to pages and mailboxes.
fn harmless(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut parts = html.split('<');
    let before = parts.next().unwrap_or_default();
    assert!(!before.contains('>'), "a bare `>`: {html}");
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("a tag that never ends: {html}"));
        assert!(!text.contains('>'), "a bare `>`: {html}");
        match tag {
            "br" => {}
            "strong" | "em" | "code" => open.push(tag),
            _ => {
                if let Some(name) = tag.strip_prefix('/') {
                    assert_eq!(open.pop(), Some(name), "not nested: {html}");
                } else {
                    link(tag, html);
                    open.push("a");
                }
            }
        }
    }
    assert_eq!(open, [""; 0], "left open: {html}");
    for (at, _) in html.match_indices('&') {
        let named = ["&amp;", "&lt;", "&gt;", "&quot;", "&#34;", "&#39;", "&#60;", "&#62;", "&#38;"];
        assert!(named.iter().any(|entity| html[at..].starts_with(entity)), "a bare `&`: {html}");
    }
}

fn link(tag: &str, html: &str) {
    let href = tag.strip_prefix("a href=\"").and_then(|rest| rest.strip_suffix('"'));
    let href = href.unwrap_or_else(|| panic!("<{tag}> in {html}"));
    let fine = ["http://", "https://", "mailto:"].iter().any(|scheme| href.starts_with(scheme));
    assert!(fine && !href.contains(['"', '\'', ' ']), "a link to {href}");
}
