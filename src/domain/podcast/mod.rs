//! Shows that the publication publishes itself: what a podcast feed says, checked when it is written down by hand.

mod category;
mod episode;
mod frequency;
mod guid;
mod show;
mod sound;
mod tags;

pub use category::Category;
pub use episode::{
    Alternate, AlternateNote, Chapters, Enclosed, EpisodeDetails, EpisodeFiles, EpisodeKind, Piece, PublishedEpisode, Transcript,
    file_name, is_public_name,
};
pub use frequency::Frequency;
pub use guid::ShowGuid;
pub use show::{Block as ShowBlock, PublishedShow, Recommended, ShowHead};
pub use sound::{Sound, SoundFormat};
pub use tags::{
    Chapter, Chat, ContentLink, Funding, License, LiveItem, Location, Person, Picture, RemoteItem, Share, Social, Soundbite,
    Thread, TranscriptNote, Txt, Value, time,
};
