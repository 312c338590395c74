use jiff::Timestamp;

use super::{Chapter, ContentLink, Funding, License, Location, Person, Picture, Social, Sound, Soundbite, Txt, Value};
use crate::domain::{Block, Language, Line, WebUrl};

/// What the note of an episode says, all but the files that it names.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeDetails {
    pub title: Line,
    /// When listeners get to hear it: as written, in the time zone of the publication where it names none.
    pub published: Timestamp,
    /// The description; may be empty.
    pub body: Vec<Block>,
    /// An id that the episode had elsewhere, byte for byte.
    pub guid: Option<String>,
    pub author: Option<Line>,
    /// The lead of its article, where it becomes one.
    pub summary: Option<Line>,
    pub link: Option<WebUrl>,
    pub season: Option<u32>,
    pub season_name: Option<Line>,
    /// A decimal number, as it is written: `12`, `12.5`.
    pub number: Option<String>,
    pub number_name: Option<Line>,
    pub kind: EpisodeKind,
    pub is_explicit: Option<bool>,
    pub is_blocked: bool,
    pub image_alt: Option<Line>,
    pub images: Vec<Picture>,
    pub persons: Vec<Person>,
    pub locations: Vec<Location>,
    pub license: Option<License>,
    pub funding: Vec<Funding>,
    pub social: Vec<Social>,
    pub links: Vec<ContentLink>,
    pub soundbites: Vec<Soundbite>,
    pub txt: Vec<Txt>,
    pub values: Vec<Value>,
}

/// What an episode is to its show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EpisodeKind {
    #[default]
    Full,
    Trailer,
    Bonus,
}

impl EpisodeKind {
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Full, Self::Trailer, Self::Bonus].into_iter().find(|kind| kind.as_str() == word)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Trailer => "trailer",
            Self::Bonus => "bonus",
        }
    }
}

/// An episode of a show that this publication publishes, with all that its feed tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedEpisode {
    /// Minted once, and stored.
    pub guid: String,
    pub details: EpisodeDetails,
    pub enclosure: Enclosed,
    /// The same in other formats.
    pub alternates: Vec<Alternate>,
    pub image: Option<WebUrl>,
    pub chapters: Option<WebUrl>,
    /// What that file says.
    pub marks: Vec<Chapter>,
    pub transcripts: Vec<Transcript>,
}

/// A sound at its public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    pub url: WebUrl,
    pub sound: Sound,
}

/// The same episode in another format, language or size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternate {
    pub enclosed: Enclosed,
    pub title: Option<Line>,
    pub language: Option<Language>,
    pub rel: Option<Line>,
}

/// A transcript at its public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub url: WebUrl,
    pub media_type: &'static str,
    pub language: Option<Language>,
    /// Its times follow the words closely enough to be shown while they are spoken.
    pub is_captions: bool,
}

/// What a note names of its own files, and of files beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpisodeFiles {
    /// The sound, where it is not the one with the note's own name.
    pub audio: Option<String>,
    pub image: Option<Piece>,
    pub chapters: Option<Chapters>,
    pub transcripts: Vec<super::TranscriptNote>,
    pub alternates: Vec<AlternateNote>,
}

/// Something that is on the web already, or a file in the folder of the episodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Web(WebUrl),
    File(String),
}

impl Piece {
    /// An https address, or the name of a file in the same folder.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains("://") {
            return crate::domain::https(text).map(Self::Web);
        }
        file_name(text).map(Self::File)
    }
}

/// The name of a file in the folder itself, not a path to elsewhere.
pub fn file_name(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = !text.is_empty() && !text.starts_with('.') && !text.contains(['/', '\\', '\0']);
    plain.then(|| text.to_owned())
}

/// Whether a file's name can stand in an address as it is: directories refuse others (PSP-1; Apple).
pub fn is_public_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
}

/// Chapters as the note gives them.
#[derive(Clone, Debug, PartialEq)]
pub enum Chapters {
    List(Vec<Chapter>),
    File(String),
}

/// Another format as the note names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlternateNote {
    pub file: String,
    pub title: Option<Line>,
    pub language: Option<Language>,
    pub rel: Option<Line>,
}
