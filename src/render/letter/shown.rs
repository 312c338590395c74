//! A letter's HTML as it stands, whoever wrote its template: the pictures that it shows, and the page that it is on the web.

use crate::domain::{WebUrl, escape_into};

/// The https addresses of the pictures that a letter shows, each once, in order.
pub fn pictures(html: &str) -> Vec<WebUrl> {
    let mut out: Vec<WebUrl> = Vec::new();
    rewritten(html, |source| {
        let url = WebUrl::parse(source).filter(|url| url.url().scheme() == "https" && !out.contains(url));
        out.extend(url);
        None
    });
    out
}

/// The letter with other sources for the pictures for which there is one; nothing else of it changes.
pub fn with_pictures(html: &str, source: impl Fn(&WebUrl) -> Option<String>) -> String {
    rewritten(html, |old| source(&WebUrl::parse(old)?))
}

/// The letter as a page of its own, which names the address where the same is at home (RFC 6596).
pub fn page(html: &str, at_home: &WebUrl) -> String {
    const TITLE: &str = "</title>";
    let mut link = format!("{TITLE}\n<link rel=\"canonical\" href=\"");
    escape_into(&mut link, at_home.as_str());
    link.push_str("\">");
    html.replacen(TITLE, &link, 1)
}

const IMAGE: &str = "<img";
const SOURCE: &str = " src=\"";

/// Goes through the `src` of every `img`. A letter escapes every `<` of a text, so what looks like a tag is one; in an attribute
/// a `>` may stand as it is, a quotation mark may not.
fn rewritten(html: &str, mut replace: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once(IMAGE) {
        out.push_str(before);
        out.push_str(IMAGE);
        rest = tag;
        let Some((head, value)) = tag.split_once(SOURCE) else { continue };
        // The next tag's.
        if head.contains('<') {
            continue;
        }
        let Some((old, after)) = value.split_once('"') else { continue };
        out.push_str(head);
        out.push_str(SOURCE);
        match replace(&unescaped(old)) {
            Some(new) => out.push_str(&new),
            None => out.push_str(old),
        }
        out.push('"');
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text of an attribute. Templates escape by numbers, but for the ampersand's name.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = after.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        let (c, after) = reference.unwrap_or(('&', after));
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if name == "amp" {
        return Some('&');
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = r##"<p>&#60;img src="https://no.example/"&#62;</p><img alt="a > b" src="https://e.org/a.jpg?x=1&#38;y=2" width="9">
<img alt=""><a href="https://e.org/a.jpg" src="https://no.example/2"><img src="https://e.org/a.jpg?x=1&amp;y=2"><img src="http://e.org/plain.png">
<img src="https://e.org/b.png?&#x26;&z;&#xD800;"><img src="unclosed"##;

    #[test]
    fn pictures_are_found_once_and_in_order() {
        let found: Vec<String> = pictures(LETTER).iter().map(WebUrl::to_string).collect();
        assert_eq!(found, ["https://e.org/a.jpg?x=1&y=2", "https://e.org/b.png?&&z;&#xD800;"]);
    }

    #[test]
    fn a_page_says_where_it_is_at_home() {
        let home = WebUrl::parse("https://e.org/?a=1&b=2").unwrap();
        let html = page("<title>&lt;/title></title><body></title>", &home);
        assert_eq!(
            html,
            "<title>&lt;/title></title>\n<link rel=\"canonical\" href=\"https://e.org/?a=1&amp;b=2\"><body></title>"
        );
        assert_eq!(page("<body>", &home), "<body>");
    }

    #[test]
    fn nothing_but_sources_changes() {
        assert_eq!(with_pictures(LETTER, |_| None), LETTER);
        let new = with_pictures(LETTER, |url| url.as_str().contains("a.jpg").then(|| "cid:1".to_owned()));
        assert_eq!(new.matches("src=\"cid:1\"").count(), 2);
        assert!(new.contains("<a href=\"https://e.org/a.jpg\" src=\"https://no.example/2\">"), "{new}");
        assert_eq!(
            new.replace("cid:1", ""),
            LETTER.replace("https://e.org/a.jpg?x=1&#38;y=2", "").replace("https://e.org/a.jpg?x=1&amp;y=2", "")
        );
    }
}
