//! What the podcast namespace (<https://github.com/Podcastindex-org/podcast-namespace>, `docs/1.0.md`) lets a show and an
//! episode say of themselves.

use std::time::Duration;

use jiff::Timestamp;

use super::ShowGuid;
use crate::domain::{Language, Line, Sheet, WebUrl, https};

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: Line,
    /// By the podcast taxonomy, such as `guest`; a host unless set.
    pub role: Option<Line>,
    pub group: Option<Line>,
    pub image: Option<WebUrl>,
    pub url: Option<WebUrl>,
}

impl Person {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let lower = |line: Line| Line::new(&line.as_str().to_lowercase());
        Some(Self {
            role: sheet.short("role", "a role such as `guest`").and_then(lower),
            group: sheet.short("group", "a group such as `writing`").and_then(lower),
            image: sheet.url("image"),
            url: sheet.url("url"),
            name: sheet.needed_short("name", "a name")?,
        })
    }
}

/// A place that is spoken of, or from which is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    pub name: Line,
    /// Where it was made, and not what it is about.
    pub is_creator: bool,
    /// `geo:12.64,-8.0` (RFC 5870).
    pub geo: Option<String>,
    /// An object of OpenStreetMap, such as `R2192286`.
    pub osm: Option<String>,
    /// Two letters (ISO 3166-1), in lower case.
    pub country: Option<String>,
}

impl Location {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let rel = sheet.value("rel", "`subject` or `creator`", |word| match word {
            "subject" => Some(false),
            "creator" => Some(true),
            _ => None,
        });
        Some(Self {
            is_creator: rel.unwrap_or(false),
            geo: sheet.value("geo", "a latitude and a longitude such as `12.64,-8.0`", geo),
            osm: sheet.value("osm", "an object of OpenStreetMap such as `R2192286`", |text| {
                let (kind, number) = text.split_at_checked(1)?;
                let fits = matches!(kind, "N" | "W" | "R") && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
                fits.then(|| text.to_owned())
            }),
            country: sheet.value("country", "a country in two letters, such as `ml`", |text| {
                let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
                fits.then(|| text.to_ascii_lowercase())
            }),
            name: sheet.needed_short("name", "the name of a place")?,
        })
    }
}

fn geo(text: &str) -> Option<String> {
    let (latitude, longitude) = text.trim().trim_start_matches("geo:").split_once(',')?;
    let (latitude, longitude) = (latitude.trim(), longitude.trim());
    let within = |text: &str, most: f64| text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most);
    (within(latitude, 90.0) && within(longitude, 180.0)).then(|| format!("geo:{latitude},{longitude}"))
}

/// Under which terms it may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// A name of the SPDX list in lower case, such as `cc-by-4.0`, or one's own.
    pub name: Line,
    pub url: Option<WebUrl>,
}

impl License {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let url = sheet.url("url");
        let name = sheet.needed_short("name", "a licence such as `cc-by-4.0`")?;
        let name = Line::new(&name.as_str().to_lowercase())?;
        Some(Self { name, url })
    }
}

/// Where listeners can give money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    pub url: WebUrl,
    pub text: Line,
}

impl Funding {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let text = sheet.needed_short("text", "an invitation such as `Support the show`");
        Some(Self { url: sheet.needed_url("url")?, text: text? })
    }
}

/// Text for a program that asks for it, such as a proof of ownership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Txt {
    pub purpose: Option<Line>,
    pub text: Line,
}

impl Txt {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let purpose = sheet.short("purpose", "a purpose such as `verify`");
        let text = sheet.needed("text", "a text of at most 4000 characters", |text| {
            Line::new(text).filter(|line| line.as_str().chars().count() <= 4000)
        });
        Some(Self { purpose, text: text? })
    }
}

/// Where an episode is talked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Social {
    Disabled,
    Thread(Box<Thread>),
}

/// The post that others answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub protocol: Line,
    pub url: WebUrl,
    pub account: Option<Line>,
    pub account_url: Option<WebUrl>,
}

impl Social {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let protocol = sheet.needed_short("protocol", "a protocol such as `activitypub`, or `disabled`")?;
        if protocol.as_str() == "disabled" {
            return Some(Self::Disabled);
        }
        let (account, account_url) = (sheet.short("account", "an account such as `@desk`"), sheet.url("account_url"));
        Some(Self::Thread(Box::new(Thread { protocol, url: sheet.needed_url("url")?, account, account_url })))
    }
}

/// A place with the same content, for apps that cannot play it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentLink {
    pub url: WebUrl,
    pub text: Option<Line>,
}

impl ContentLink {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let text = sheet.short("text", "what is there, such as `Watch it on PeerTube`");
        Some(Self { url: sheet.needed_url("url")?, text })
    }
}

/// A part of an episode that is worth being heard alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Soundbite {
    pub start: Duration,
    pub length: Duration,
    pub title: Option<Line>,
}

impl Soundbite {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let title = sheet.short("title", "a title");
        let start = sheet.needed("start", TIME, time);
        let length = sheet.needed("length", "from 15 to 120 seconds", |text| {
            time(text).filter(|length| (15..=120).contains(&length.as_secs()))
        });
        Some(Self { start: start?, length: length?, title })
    }
}

/// A mark within an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    pub start: Duration,
    pub end: Option<Duration>,
    pub title: Option<Line>,
    pub image: Option<WebUrl>,
    pub url: Option<WebUrl>,
    /// It is not shown in lists.
    pub is_hidden: bool,
}

impl Chapter {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let start = sheet.needed("start", TIME, time);
        let end = sheet.value("end", TIME, time);
        let (title, image, url) = (sheet.line("title"), sheet.url("image"), sheet.url("url"));
        let is_hidden = sheet.flag("toc") == Some(false);
        if title.is_none() && !is_hidden && start.is_some() {
            sheet.slip("title", "is missing: what the chapter is called; or `toc = false`");
        }
        Some(Self { start: start?, end, title, image, url, is_hidden })
    }
}

pub(super) const TIME: &str = "a time such as `12:34`, `1:02:03` or `95.5`";

/// A time within an episode: seconds, minutes and seconds, or hours too; to the millisecond.
pub fn time(text: &str) -> Option<Duration> {
    let mut parts = text.trim().split(':').rev();
    let seconds = parts.next()?;
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |text: &str| if text.is_empty() || text.len() > 9 { None } else { digits(text) };
    let mut total = number(whole)?;
    for unit in [60, 3600] {
        let Some(part) = parts.next() else { break };
        total = total.checked_add(number(part)?.checked_mul(unit)?)?;
    }
    if parts.next().is_some() {
        return None;
    }
    let millis = match fraction {
        "" if seconds.contains('.') => return None,
        "" => 0,
        digits_of => digits(&format!("{:0<3}", digits_of.get(..digits_of.len().min(3))?))?,
    };
    Some(Duration::from_millis(total.checked_mul(1000)?.checked_add(millis)?))
}

fn digits(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// How listeners can pay, and who gets which share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub kind: Line,
    pub method: Line,
    pub suggested: Option<Line>,
    pub shares: Vec<Share>,
}

impl Value {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let kind = sheet.needed_short("type", "a currency such as `lightning`");
        let method = sheet.needed_short("method", "a way to pay such as `keysend`");
        let suggested = sheet.value("suggested", "an amount such as `0.00000005000`", |text| {
            Line::new(text).filter(|_| text.parse::<f64>().is_ok_and(|amount| amount.is_finite() && amount >= 0.0))
        });
        let shares = sheet.tables("recipients", "address", Share::read);
        if shares.is_empty() && !sheet.has("recipients") {
            sheet.slip("recipients", "is missing: who is paid, such as `[{ type = \"node\", address = \"...\", split = 100 }]`");
        }
        Some(Self { kind: kind?, method: method?, suggested, shares })
    }
}

/// Somebody who is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub name: Option<Line>,
    pub kind: Line,
    pub address: Line,
    pub split: u32,
    pub custom: Option<(Line, Line)>,
    pub is_fee: bool,
}

impl Share {
    fn read(sheet: &mut Sheet) -> Option<Self> {
        let kind = sheet.needed_short("type", "the kind of the address, such as `node`");
        let address = sheet.needed("address", "where the payment goes", Line::new);
        let split = sheet.needed("split", "a share such as `90`", |text| text.parse().ok());
        let custom = sheet.line("custom_key").zip(sheet.line("custom_value"));
        let (name, is_fee) = (sheet.short("name", "a name"), sheet.flag("fee").unwrap_or(false));
        Some(Self { name, kind: kind?, address: address?, split: split?, custom, is_fee })
    }
}

/// Another feed, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteItem {
    pub guid: ShowGuid,
    pub feed: Option<WebUrl>,
    pub title: Option<Line>,
}

impl RemoteItem {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let guid = sheet.needed("guid", "the `podcast:guid` of the feed, a UUID", ShowGuid::parse);
        let (feed, title) = (sheet.url("feed"), sheet.line("title"));
        Some(Self { guid: guid?, feed, title })
    }
}

/// Where listeners meet while it is on the air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    pub server: Line,
    pub protocol: Line,
    pub account: Option<Line>,
    pub space: Option<Line>,
}

impl Chat {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let server = sheet.needed_short("server", "a host such as `irc.example.org`");
        let (account, space) = (sheet.short("account", "an account"), sheet.short("space", "a room"));
        Some(Self { server: server?, protocol: sheet.needed_short("protocol", "a protocol such as `irc`")?, account, space })
    }
}

/// Something that goes on the air live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveItem {
    pub title: Line,
    pub guid: Line,
    /// `pending`, `live` or `ended`.
    pub status: &'static str,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub url: WebUrl,
    pub media_type: Line,
    pub links: Vec<ContentLink>,
}

impl LiveItem {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        const WHEN: &str = "an instant such as `2026-03-04T18:00:00Z`";
        let at = |text: &str| text.parse::<Timestamp>().ok();
        let status = sheet.needed("status", "`pending`, `live` or `ended`", |word| {
            ["pending", "live", "ended"].into_iter().find(|known| *known == word)
        });
        let (start, end) = (sheet.needed("start", WHEN, at), sheet.value("end", WHEN, at));
        if end.zip(start).is_some_and(|(end, start)| end <= start) {
            sheet.slip("end", "is not after `start`");
        }
        let title = sheet.needed("title", "a title", Line::new);
        let guid = sheet.needed("guid", "an id that no other stream has", Line::new);
        let url = sheet.needed("url", "the https address of the stream", https);
        let media_type = sheet.short("type", "a media type such as `audio/mpeg`").or_else(|| Line::new("audio/mpeg"));
        let links = sheet.tables("links", "url", ContentLink::read);
        if links.is_empty() && !sheet.has("links") {
            sheet.slip("links", "is missing: a page that plays the stream, for apps that do not");
        }
        Some(Self { title: title?, guid: guid?, status: status?, start: start?, end, url: url?, media_type: media_type?, links })
    }
}

/// A picture beside the artwork, such as a banner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub url: WebUrl,
    pub alt: Option<Line>,
    pub purpose: Option<Line>,
    pub aspect: Option<Line>,
    pub width: Option<u32>,
}

impl Picture {
    pub fn read(sheet: &mut Sheet) -> Option<Self> {
        let alt = sheet.line("alt");
        let purpose = sheet.short("purpose", "a purpose such as `social`");
        let aspect = sheet.value("aspect_ratio", "a ratio such as `16/9`", |text| {
            let (width, height) = text.split_once('/')?;
            let fits = |part: &str| part.trim().parse::<u32>().is_ok_and(|number| number > 0);
            Line::new(text).filter(|_| fits(width) && fits(height))
        });
        let width = sheet.value("width", "a number of pixels", |text| text.parse().ok().filter(|width| *width > 0));
        Some(Self { url: sheet.needed_url("url")?, alt, purpose, aspect, width })
    }
}

/// A transcript as the note names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptNote {
    pub file: String,
    pub language: Option<Language>,
    pub is_captions: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let millis = |text: &str| time(text).map(|time| time.as_millis());
        assert_eq!(millis("95.5"), Some(95_500));
        assert_eq!(millis("12:34"), Some(754_000));
        assert_eq!(millis("1:02:03.25"), Some(3_723_250));
        for bad in ["", ":", "1:2:3:4", "-5", "5.", "a", "99999999999999999999", "1 2", "+5", "1e3"] {
            assert_eq!(millis(bad), None, "{bad}");
        }
    }

    #[test]
    fn places_are_checked() {
        assert_eq!(geo("geo:12.64,-8.0").as_deref(), Some("geo:12.64,-8.0"));
        assert_eq!(geo("12.64, -8").as_deref(), Some("geo:12.64,-8"));
        for bad in ["12.64", "91,0", "0,181", "NaN,0", "north,east"] {
            assert_eq!(geo(bad), None, "{bad}");
        }
    }
}
