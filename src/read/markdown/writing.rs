//! Blocks as Markdown that is read as the same blocks again.

use std::fmt::Write;

use crate::domain::{Block, Inline, Rich};

/// The text of some blocks, without a line break at its end.
///
/// Each block is read back: one whose words would come out otherwise is written as a plain paragraph, so that no word is lost.
pub(in crate::read) fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    let mut after_list = false;
    for block in blocks {
        let written = checked(block);
        if written.is_empty() {
            continue;
        }
        let is_list = matches!(block, Block::List { .. });
        if !out.is_empty() {
            // Two lists in a row would be read as one.
            out.push_str(if after_list && is_list { "\n\n<!-- -->\n\n" } else { "\n\n" });
        }
        out.push_str(&written);
        after_list = is_list;
    }
    out
}

fn checked(block: &Block) -> String {
    let written = markup(block);
    let is_kept = |text: &str| matches!(super::blocks(text).as_slice(), [one] if one.plain() == block.plain());
    if matches!(block, Block::Embed { .. }) || is_kept(&written) {
        return written;
    }
    line_starts(&escaped(&block.plain()))
}

fn markup(block: &Block) -> String {
    match block {
        Block::Paragraph(text) => line_starts(&rich(text)),
        Block::Heading { level, text } => format!("{} {}", "#".repeat(usize::from(*level)), escaped(text.as_str())),
        Block::Quote(text) => format!("> {}", line_starts(&rich(text)).replace('\n', "\n> ")),
        Block::List { ordered, items } => {
            let mark = |at: usize| if *ordered { format!("{}. ", at + 1) } else { "- ".to_owned() };
            let item = |(at, text): (usize, &Rich)| {
                let mark = mark(at);
                let indent = format!("\n{}", " ".repeat(mark.len()));
                format!("{mark}{}", line_starts(&rich(text)).replace('\n', &indent))
            };
            items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
        }
        Block::Figure(figure) => {
            let said = block.plain();
            let Some(src) = &figure.src else { return line_starts(&escaped(&said)) };
            let alt = figure.alt.as_ref().map(|alt| escaped(alt.as_str())).unwrap_or_default();
            let title = said.replace('\\', "\\\\").replace('"', "\\\"");
            let title = if title.is_empty() { title } else { format!(" \"{title}\"") };
            format!("![{alt}](<{src}>{title})")
        }
        Block::Table { header, rows } => table(*header, rows),
        Block::Preformatted(text) => {
            let fence = "`".repeat(longest_run(text).max(2) + 1);
            format!("{fence}\n{text}\n{fence}")
        }
        Block::Embed { url, text } => {
            let said = text.as_ref().map(|text| escaped(text.as_str()));
            match (url, said) {
                (Some(url), said) => format!("[{}](<{url}>)", said.unwrap_or_else(|| escaped(url.as_str()))),
                (None, said) => line_starts(&said.unwrap_or_default()),
            }
        }
    }
}

/// A table in Markdown begins with a row of headers: one without has them empty.
fn table(header: bool, rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |text: Option<&String>| text.map(|text| escaped(text).replace('\n', " ")).unwrap_or_default();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| format!("| {} |", (0..columns).map(|at| cell(row.get(at))).collect::<Vec<_>>().join(" | ")))
        .collect();
    if !lines.is_empty() {
        if !header {
            lines.insert(0, format!("|{}", "  |".repeat(columns)));
        }
        lines.insert(1, format!("|{}", " --- |".repeat(columns)));
    }
    lines.join("\n")
}

fn rich(rich: &Rich) -> String {
    let mut out = String::new();
    inlines(&mut out, rich.inlines());
    out
}

/// Writes running text. Its depth is limited by the type.
fn inlines(out: &mut String, all: &[Inline]) {
    for inline in all {
        match inline {
            Inline::Text(text) => out.push_str(&escaped(text)),
            Inline::Break => out.push_str("\\\n"),
            Inline::Link { href, text } => {
                let mut inner = String::new();
                inlines(&mut inner, text);
                // Writing to a string cannot fail.
                let _ = write!(out, "[{inner}](<{href}>)");
            }
            Inline::Strong(inner) => marked(out, "**", inner),
            Inline::Emphasis(inner) => marked(out, "*", inner),
            Inline::Code(code) => {
                let fence = "`".repeat(longest_run(code) + 1);
                let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
                let _ = write!(out, "{fence}{space}{code}{space}{fence}");
            }
        }
    }
}

/// Emphasis: its marks have to touch its words.
fn marked(out: &mut String, mark: &str, inner: &[Inline]) {
    let mut text = String::new();
    inlines(&mut text, inner);
    let words = text.trim();
    let before = text.get(..text.len() - text.trim_start().len()).unwrap_or_default();
    let after = text.get(text.trim_end().len()..).unwrap_or_default();
    if words.is_empty() {
        out.push_str(&text);
    } else {
        let _ = write!(out, "{before}{mark}{words}{mark}{after}");
    }
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Text in which nothing is taken for markup, but for the first character of a line.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins_entity = c == '&' && rest.peek().is_some_and(|next| *next == '#' || next.is_ascii_alphanumeric());
        if begins_entity || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The same where a line would be a heading, a list, a quotation or a rule by how it begins.
fn line_starts(text: &str) -> String {
    let line = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let at = match line.as_bytes().get(digits) {
            Some(b'.' | b')') if digits > 0 => digits,
            Some(b'#' | b'+' | b'-' | b'=' | b'>' | b':') if digits == 0 => 0,
            _ => return line.to_owned(),
        };
        let (head, tail) = line.split_at(at);
        format!("{head}\\{tail}")
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Figure, Href, Line, WebUrl};
    use crate::read::html;
    use crate::read::markdown::blocks as read;

    #[track_caller]
    fn same(blocks: &[Block]) {
        let written = text(blocks);
        assert_eq!(read(&written), blocks, "{written}");
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let html = "<p>One <b>bold</b> and <i>new <b>x</b></i> word, <a href='https://e.org/a_(b)?c=*d*'>a [link]</a> &amp;amp; \
            <code>a`b</code><br>- no list<br>1. none</p><h2>A #1 head*line*</h2><ul><li>a_b_c</li><li>+ d</li></ul>\
            <ol><li>x<br>y</li></ol><blockquote>q1<br># q2</blockquote><pre>  ```\ncode</pre>\
            <table><tr><td>a|b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table><p># not a heading</p><p>2026. A year</p>";
        same(&html::fragment(html, None));
        let src = WebUrl::parse("https://e.org/p.jpg");
        same(&[Block::Figure(Figure {
            src,
            alt: Line::new("a ] b"),
            caption: Line::new("said \"so\" \\o/"),
            ..Figure::default()
        })]);
        let href = Href::parse("mailto:a@e.org").unwrap();
        same(&[Block::Paragraph(Rich::new(vec![Inline::Link { href, text: vec![Inline::Text("write".into())] }]).unwrap())]);
    }

    #[test]
    fn no_word_is_taken_for_markup() {
        const PIECES: [&str; 20] = [
            "*", "_", "`", "[x](y)", "<b>", "&amp;", "1. ", "- ", "# ", "~~", "|", "\\", "a ", "\"", "![", "+ ", "=", ": ",
            "<!--", "> ",
        ];
        let all = |n: usize| PIECES[n % PIECES.len()];
        for n in 0..PIECES.len().pow(3) {
            let words = [all(n), all(n / PIECES.len()), "b ", all(n / PIECES.len().pow(2))].concat();
            let rich = Rich::new(vec![Inline::Text(words.clone()), Inline::Break, Inline::Text(words)]).unwrap();
            let block = Block::Paragraph(rich);
            let read = read(&text(std::slice::from_ref(&block)));
            assert_eq!(read, [block]);
        }
    }

    #[test]
    fn words_that_markup_would_swallow_are_kept() {
        let odd = Rich::new(vec![
            Inline::Text("a".into()),
            Inline::Strong(vec![Inline::Text("\"b\"".into())]),
            Inline::Text("c".into()),
        ]);
        let written = text(&[Block::Paragraph(odd.unwrap())]);
        assert_eq!(read(&written)[0].plain(), "a\"b\"c");
    }
}
