//! How a page that comes in again is known to be the same article: by its address, else by its words.

use std::collections::BTreeSet;

use super::{Article, Block};

/// Shortest paragraph, in characters, that tells one article from another.
const TELLING: usize = 20;
/// Longest part of a paragraph that is kept to know it again, in characters.
const KEPT: usize = 80;
/// At most so many paragraphs of an article are kept.
const PARAGRAPHS: usize = 200;

impl Article {
    /// The marks by which this article can be found again; every article has at least its title's.
    ///
    /// `url ...` its address, `title ...` its day and title, `para ...` the beginnings of its paragraphs.
    pub fn marks(&self) -> BTreeSet<String> {
        let mut marks = self.paragraph_marks();
        marks.insert(self.title_mark());
        marks.extend(self.url_mark());
        marks
    }

    /// Whether `self`, just read, is the article `kept` come again, perhaps edited.
    ///
    /// The same address is the same article. Without one it takes the same words: the same day and title and a third of
    /// the paragraphs, or the same day or title and more than half of them. Two different addresses are two articles,
    /// unless day, title and half of the words agree (the same story under its short link and under its long one).
    pub fn is_again(&self, kept: &Self) -> bool {
        let (ours, theirs) = (self.paragraph_marks(), kept.paragraph_marks());
        let shared = ours.intersection(&theirs).count();
        // Counted against the shorter text, so that a brief that grows into a story stays itself.
        let of_shorter = |part: usize| shared > 0 && shared * part >= ours.len().min(theirs.len());
        let longer = ours.len().max(theirs.len());
        // One shared paragraph among two may be what stands below every article of a desk.
        let mostly = shared * 2 > longer && (shared > 1 || longer == 1);
        let same_title = self.title_mark() == kept.title_mark();
        match (self.url_mark(), kept.url_mark()) {
            (Some(ours), Some(theirs)) if ours == theirs => true,
            (Some(_), Some(_)) => same_title && of_shorter(2),
            _ => (same_title && of_shorter(3)) || (mostly && self.looks_like(kept)),
        }
    }

    /// Of the same day, or under the same title.
    fn looks_like(&self, kept: &Self) -> bool {
        self.published.day() == kept.published.day()
            || letters(self.title.as_str(), usize::MAX) == letters(kept.title.as_str(), usize::MAX)
    }

    /// The mark of its address. The address of a whole site names no article.
    fn url_mark(&self) -> Option<String> {
        let url =
            self.url.as_ref().filter(|url| !url.url().path().trim_matches('/').is_empty() || url.url().query().is_some())?;
        Some(format!("url {}", url.identity()))
    }

    fn title_mark(&self) -> String {
        format!("title {} {}", self.published.day(), letters(self.title.as_str(), usize::MAX))
    }

    fn paragraph_marks(&self) -> BTreeSet<String> {
        self.body
            .iter()
            .filter(|block| matches!(block, Block::Paragraph(_) | Block::Quote(_) | Block::List { .. }))
            .map(|block| letters(&block.plain(), KEPT))
            .filter(|words| words.chars().count() >= TELLING)
            .take(PARAGRAPHS)
            .map(|words| format!("para {words}"))
            .collect()
    }
}

/// The letters and digits of a text in lower case: what stays when spaces, case and punctuation are mended.
fn letters(text: &str, limit: usize) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Language, Line, Moment, Rich, WebUrl};

    fn article(title: &str, url: Option<&str>, paragraphs: &[&str]) -> Article {
        Article {
            title: Line::new(title).unwrap(),
            topics: vec![],
            authors: vec![],
            editors: vec![],
            published: Moment::parse("2026-03-04").unwrap(),
            updated: None,
            url: url.map(|url| WebUrl::parse(url).unwrap()),
            language: Language::parse("en").unwrap(),
            summary: None,
            body: paragraphs.iter().map(|text| Block::Paragraph(Rich::text(text).unwrap())).collect(),
            promo: None,
        }
    }

    const A: &str = "The river rose by two metres overnight.";
    const B: &str = "Ferries have stopped between the two towns.";
    const C: &str = "The market has moved to the upper square.";
    const D: &str = "Schools remain closed until further notice.";

    #[test]
    fn an_edited_page_is_the_same_article() {
        let kept = article("A river rises", None, &[A, B, C]);
        assert!(article("A river rises", None, &[A, B, C]).is_again(&kept));
        assert!(article("A river rises further", None, &[A, B, C, D]).is_again(&kept), "new title, one more paragraph");
        assert!(article("A river rises", None, &[A, D]).is_again(&kept), "half rewritten under the same title");
        assert!(article("Other", Some("https://e.org/1"), &[D]).is_again(&article("Mine", Some("http://www.e.org/1/"), &[A])));
        assert!(article("A river rises", Some("https://p.e.org/x"), &[A, B, C]).is_again(&article(
            "A river rises",
            Some("https://e.org/river"),
            &[A, B, C]
        )));
    }

    #[test]
    fn two_pages_are_two_articles() {
        let kept = article("Morning bulletin", None, &[A, B]);
        assert!(!article("Morning bulletin", None, &[C, D]).is_again(&kept), "same title and day, other words");
        assert!(!article("Evening", None, &[A, C, D]).is_again(&kept), "one paragraph shared");
        let other_day = Article { published: Moment::parse("2026-05-09").unwrap(), ..article("Election", None, &[C, B]) };
        assert!(!other_day.is_again(&kept), "the closing line of a desk");
        let home = |title, text| article(title, Some("https://e.org/"), &[text]);
        assert!(!home("X", A).is_again(&home("Y", C)), "the address of the whole site");
        assert!(!article("X", Some("https://e.org/1"), &[A, B]).is_again(&article("Y", Some("https://e.org/2"), &[A, B])));
        assert!(!article("X", None, &["Short."]).is_again(&article("X", None, &["Brief."])));
    }
}
