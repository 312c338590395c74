//! The keys of a note.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::podcast::{
    AlternateNote, Chapter, Chapters, ContentLink, EpisodeDetails, EpisodeFiles, EpisodeKind, Funding, License, Location, Person,
    Picture, Piece, Social, Soundbite, TranscriptNote, Txt, Value, file_name,
};
use crate::domain::{Language, Line, Sheet, Written, is_xml_char};
use crate::read::{dates, markdown};

const FILE: &str = "the name of a file in the same folder";
const GUID: &str = "the id that the episode has in feeds, on one line and of at most 1000 bytes";

/// Reads all keys; none where one that is needed is missing, which the sheet says.
pub(super) fn read(sheet: &mut Sheet, zone: &TimeZone) -> Option<(EpisodeDetails, EpisodeFiles)> {
    let files = files(sheet);
    let title = sheet.needed("title", "what the episode is called", Line::new);
    let when = "a day or an instant, such as `2026-03-04`, `2026-03-04T07:00` or `2026-03-04T07:00:00+01:00`";
    let published = sheet.needed("published", when, |text| instant(text, zone));
    let body = sheet.value("description", "a text", |text| Some(markdown::blocks(text)));
    let season = sheet.value("season", "a whole number from 1 on", whole);
    let number = sheet.value("episode", "a number such as `12` or `12.5`", |text| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let fits = |part: &str| (1..=6).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        (fits(whole) && fits(fraction)).then(|| text.to_owned())
    });
    let kind = sheet.value("type", "`full`, `trailer` or `bonus`", EpisodeKind::parse);
    let details = EpisodeDetails {
        body: body.unwrap_or_default(),
        guid: sheet.value("guid", GUID, |text| is_guid(text).then(|| text.to_owned())),
        author: sheet.short("author", "a name"),
        summary: sheet.line("summary"),
        link: sheet.url("link"),
        season,
        season_name: sheet.short("season_name", "a name"),
        number,
        number_name: sheet.value("episode_name", "a name of at most 32 characters", |text| {
            Line::new(text).filter(|line| line.as_str().chars().count() <= 32)
        }),
        kind: kind.unwrap_or_default(),
        is_explicit: sheet.flag("explicit"),
        is_blocked: sheet.flag("block").unwrap_or(false),
        image_alt: sheet.line("image_alt"),
        images: sheet.tables("images", "url", Picture::read),
        persons: sheet.tables("persons", "name", Person::read),
        locations: sheet.tables("locations", "name", Location::read),
        license: sheet.table("license", "name", License::read),
        funding: sheet.tables("funding", "url", Funding::read),
        social: sheet.tables("social", "url", Social::read),
        links: sheet.tables("links", "url", ContentLink::read),
        soundbites: sheet.tables("soundbites", "start", Soundbite::read),
        txt: sheet.tables("txt", "text", Txt::read),
        values: sheet.tables("value", "type", Value::read),
        title: title?,
        published: published?,
    };
    Some((details, files))
}

fn files(sheet: &mut Sheet) -> EpisodeFiles {
    let language = |sheet: &mut Sheet| sheet.value("language", "a language tag such as `en`", Language::parse);
    let chapters = match sheet.has("chapters").then(|| sheet.get("chapters")).flatten() {
        None => None,
        Some(Written::Text(_)) => {
            sheet.value("chapters", "a list of chapters, or the name of a file", file_name).map(Chapters::File)
        }
        Some(_) => Some(Chapters::List(sheet.tables("chapters", "start", Chapter::read))),
    };
    EpisodeFiles {
        audio: sheet.value("audio", FILE, file_name),
        image: sheet.value("image", "the name of a file in the same folder, or an https address", Piece::parse),
        chapters,
        transcripts: sheet.tables("transcripts", "file", |sheet| {
            let (language, is_captions) = (language(sheet), sheet.flag("captions").unwrap_or(false));
            Some(TranscriptNote { file: sheet.needed("file", FILE, file_name)?, language, is_captions })
        }),
        alternates: sheet.tables("alternates", "file", |sheet| {
            let most = |text: &str| Line::new(text).filter(|line| line.as_str().chars().count() <= 32);
            let title = sheet.value("title", "a name of at most 32 characters", most);
            let rel = sheet.value("rel", "a word of at most 32 characters", most);
            let language = language(sheet);
            Some(AlternateNote { file: sheet.needed("file", FILE, file_name)?, title, language, rel })
        }),
    }
}

/// Whether feeds can carry a text as an id without changing a byte of it: readers take white space around it away.
fn is_guid(text: &str) -> bool {
    let fits = |c: char| is_xml_char(c) && !c.is_control();
    (1..=1000).contains(&text.len()) && text.trim() == text && text.chars().all(fits)
}

fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

/// The instant of a date. Without a zone it is one of the desk's clock, as [`crate::domain::Moment::in_zone`] takes it.
fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    Some(dates::own_moment(text)?.in_zone(zone).timestamp())
}
