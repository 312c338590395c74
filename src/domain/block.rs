use super::{Href, Line, Rich, WebUrl};

/// A piece of an article's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Rich),
    /// `level` is 2 to 6: the title of the article is the only 1.
    Heading {
        level: u8,
        text: Line,
    },
    List {
        ordered: bool,
        items: Vec<Rich>,
    },
    Quote(Rich),
    Figure(Figure),
    /// Cells row by row; `header` where the first row says what stands below it.
    Table {
        header: bool,
        rows: Vec<Vec<String>>,
    },
    /// Text whose line breaks and spaces matter; only XML 1.0 characters.
    Preformatted(String),
    /// Something that cannot stand in a letter or a feed (a video, a post): what it is, and where.
    Embed {
        url: Option<WebUrl>,
        text: Option<Line>,
    },
}

/// A picture with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// Where the picture is; a page pasted as text does not say.
    pub src: Option<WebUrl>,
    /// What it shows, for those who do not see it.
    pub alt: Option<Line>,
    pub caption: Option<Line>,
    /// Whose picture it is: photographer, agency.
    pub credit: Option<Line>,
    /// Width and height in pixels where the source gives both.
    pub size: Option<(u32, u32)>,
}

impl Block {
    /// The words of the block, without markup.
    pub fn plain(&self) -> String {
        match self {
            Self::Paragraph(rich) | Self::Quote(rich) => rich.plain(),
            Self::Heading { text, .. } => text.to_string(),
            Self::List { items, .. } => items.iter().map(Rich::plain).collect::<Vec<_>>().join("\n"),
            Self::Figure(figure) => {
                [&figure.caption, &figure.credit].into_iter().flatten().map(Line::as_str).collect::<Vec<_>>().join(" ")
            }
            Self::Table { rows, .. } => rows.iter().map(|row| row.join(" ")).collect::<Vec<_>>().join("\n"),
            Self::Preformatted(text) => text.clone(),
            Self::Embed { text, .. } => text.as_ref().map(Line::to_string).unwrap_or_default(),
        }
    }

    /// The links that a reader can follow from the block, in order: target and text.
    pub fn links(&self) -> Vec<(&Href, String)> {
        match self {
            Self::Paragraph(rich) | Self::Quote(rich) => rich.links(),
            Self::List { items, .. } => items.iter().flat_map(Rich::links).collect(),
            _ => Vec::new(),
        }
    }
}
