use std::fmt;

use super::{Article, Block, Language, Line, Moment, Promo, WebUrl};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text, as select-all and copy in a browser gives it.
    Text,
    Html,
    Markdown,
    /// RSS, Atom or JSON Feed: a page of many drafts; as the format of a draft, an item of one.
    Feed,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Feed => "feed",
        })
    }
}

/// Something odd that was seen while reading, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Line of the source, counted from 1, where one can be named.
    pub line: Option<usize>,
    pub note: String,
}

/// What was understood of a page. Anything may be missing; [`Draft::accept`] is the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub format: Format,
    pub title: Option<Line>,
    /// The kicker or section: what it is about.
    pub topics: Vec<Line>,
    pub authors: Vec<Line>,
    pub editors: Vec<Line>,
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    /// The address under which the page lives.
    pub url: Option<WebUrl>,
    pub language: Option<Language>,
    /// The lead: the one or two sentences under the title. Not repeated in the body.
    pub summary: Option<Line>,
    pub body: Vec<Block>,
    pub promo: Option<Promo>,
    pub notes: Vec<Note>,
}

impl Draft {
    /// A draft of which nothing is known yet.
    pub fn empty(format: Format) -> Self {
        Self {
            format,
            title: None,
            topics: Vec::new(),
            authors: Vec::new(),
            editors: Vec::new(),
            published: None,
            updated: None,
            url: None,
            language: None,
            summary: None,
            body: Vec::new(),
            promo: None,
            notes: Vec::new(),
        }
    }

    pub fn note(&mut self, line: Option<usize>, note: impl Into<String>) {
        self.notes.push(Note { line, note: note.into() });
    }

    /// The one gate: an article, or everything that it lacks.
    ///
    /// `default_language` is the publication's, for pages that do not tell theirs.
    pub fn accept(self, default_language: &Language) -> Result<Article, Vec<Missing>> {
        let words =
            self.body.iter().any(|block| !matches!(block, Block::Figure(_) | Block::Heading { .. } | Block::Embed { .. }));
        let mut missing = Vec::new();
        if self.title.is_none() {
            missing.push(Missing::Title);
        }
        if self.published.is_none() {
            missing.push(Missing::Published);
        }
        if !words {
            missing.push(Missing::Body);
        }
        match (self.title, self.published) {
            (Some(title), Some(published)) if words => Ok(Article {
                title,
                topics: self.topics,
                authors: self.authors,
                editors: self.editors,
                published,
                updated: self.updated,
                url: self.url,
                language: self.language.unwrap_or_else(|| default_language.clone()),
                summary: self.summary,
                body: self.body,
                promo: self.promo,
            }),
            _ => Err(missing),
        }
    }
}

/// What an article cannot be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Title,
    Published,
    Body,
}

impl Missing {
    /// What to do about it, in a page of this format.
    pub fn mend(self, format: Format) -> &'static str {
        match (self, format) {
            (Self::Title, Format::Feed) => "give the item of the feed a title",
            (Self::Published, Format::Feed) => "give the item of the feed a date",
            (Self::Body, Format::Feed) => "give the item of the feed its text, or a link to a page that holds it",
            (Self::Title, Format::Text) => "put the title on a line of its own above the text",
            (Self::Title, Format::Html) => "give the page an <h1> or a <title>",
            (Self::Title, Format::Markdown) => "add `title: ...` to the front matter, or a line `# Title`",
            (Self::Published, Format::Text) => "put the date on a line of its own below the title, such as `2026-03-04`",
            (Self::Published, Format::Html) => {
                "give the page a <time datetime=\"2026-03-04\"> or <meta property=\"article:published_time\">"
            }
            (Self::Published, Format::Markdown) => "add `date: 2026-03-04` to the front matter",
            (Self::Body, Format::Text) => "put at least one paragraph of whole sentences below the title",
            (Self::Body, Format::Html) => "save the page of one article, not a list or a start page",
            (Self::Body, Format::Markdown) => "put at least one paragraph below the title",
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Title => "no title",
            Self::Published => "no date of publication",
            Self::Body => "no text of an article",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_names_all_that_is_missing_at_once() {
        let english = Language::parse("en").unwrap();
        let refused = Draft::empty(Format::Text).accept(&english).unwrap_err();
        assert_eq!(refused, [Missing::Title, Missing::Published, Missing::Body]);
    }
}
