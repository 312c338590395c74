//! The tags of the podcast namespace (`docs/1.0.md`) that a show and an episode may both have, and those around them.

use std::io::{self, Write};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::domain::podcast::{
    Chat, ContentLink, Funding, License, LiveItem, Location, Person, Picture, PublishedEpisode, RemoteItem, Social, Soundbite,
    Thread, Txt, Value,
};
use crate::domain::{Line, WebUrl};
use crate::render::feed::time::{rfc2822, rfc3339};
use crate::render::feed::xml::Xml;

type Result = io::Result<()>;

/// Attributes, of which some may be absent.
fn present<'a>(all: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    all.iter().filter_map(|(key, value)| Some((*key, (*value)?))).collect()
}

fn text(line: Option<&Line>) -> Option<&str> {
    line.map(Line::as_str)
}

fn address(url: Option<&WebUrl>) -> Option<&str> {
    url.map(WebUrl::as_str)
}

/// Seconds as a decimal number, to the millisecond.
pub(super) fn seconds(time: Duration) -> String {
    match time.subsec_millis() {
        0 => time.as_secs().to_string(),
        millis => format!("{}.{millis:03}", time.as_secs()).trim_end_matches('0').to_owned(),
    }
}

pub(super) fn artwork<W: Write>(xml: &mut Xml<W>, url: &WebUrl, alt: Option<&Line>) -> Result {
    let about = [("href", Some(url.as_str())), ("alt", text(alt)), ("aspect-ratio", Some("1/1")), ("purpose", Some("artwork"))];
    xml.empty("podcast:image", &present(&about))
}

pub(super) fn images<W: Write>(xml: &mut Xml<W>, images: &[Picture]) -> Result {
    images.iter().try_for_each(|image| {
        let width = image.width.map(|width| width.to_string());
        let about = [
            ("href", Some(image.url.as_str())),
            ("alt", text(image.alt.as_ref())),
            ("aspect-ratio", text(image.aspect.as_ref())),
            ("width", width.as_deref()),
            ("purpose", text(image.purpose.as_ref())),
        ];
        xml.empty("podcast:image", &present(&about))
    })
}

pub(super) fn persons<W: Write>(xml: &mut Xml<W>, persons: &[Person]) -> Result {
    persons.iter().try_for_each(|person| {
        let about = [
            ("role", text(person.role.as_ref())),
            ("group", text(person.group.as_ref())),
            ("img", address(person.image.as_ref())),
            ("href", address(person.url.as_ref())),
        ];
        xml.plain("podcast:person", &present(&about), person.name.as_str())
    })
}

pub(super) fn locations<W: Write>(xml: &mut Xml<W>, locations: &[Location]) -> Result {
    locations.iter().try_for_each(|location| {
        let about = [
            ("rel", Some(if location.is_creator { "creator" } else { "subject" })),
            ("geo", location.geo.as_deref()),
            ("osm", location.osm.as_deref()),
            ("country", location.country.as_deref()),
        ];
        xml.plain("podcast:location", &present(&about), location.name.as_str())
    })
}

pub(super) fn funding<W: Write>(xml: &mut Xml<W>, funding: &[Funding]) -> Result {
    funding.iter().try_for_each(|one| xml.plain("podcast:funding", &[("url", one.url.as_str())], one.text.as_str()))
}

pub(super) fn license<W: Write>(xml: &mut Xml<W>, license: Option<&License>) -> Result {
    let Some(license) = license else { return Ok(()) };
    xml.plain("podcast:license", &present(&[("url", address(license.url.as_ref()))]), license.name.as_str())
}

pub(super) fn txt<W: Write>(xml: &mut Xml<W>, all: &[Txt]) -> Result {
    all.iter()
        .try_for_each(|txt| xml.plain("podcast:txt", &present(&[("purpose", text(txt.purpose.as_ref()))]), txt.text.as_str()))
}

/// In the order of the note, which is that of their priority.
pub(super) fn social<W: Write>(xml: &mut Xml<W>, all: &[Social]) -> Result {
    all.iter().zip(1..).try_for_each(|(social, place): (_, u32)| match social {
        Social::Disabled => xml.empty("podcast:socialInteract", &[("protocol", "disabled")]),
        Social::Thread(thread) => {
            let Thread { protocol, url, account, account_url } = &**thread;
            let priority = place.to_string();
            let about = [
                ("priority", (all.len() > 1).then_some(priority.as_str())),
                ("protocol", Some(protocol.as_str())),
                ("uri", Some(url.as_str())),
                ("accountId", text(account.as_ref())),
                ("accountUrl", address(account_url.as_ref())),
            ];
            xml.empty("podcast:socialInteract", &present(&about))
        }
    })
}

pub(super) fn links<W: Write>(xml: &mut Xml<W>, links: &[ContentLink]) -> Result {
    links.iter().try_for_each(|link| {
        let said = link.text.as_ref().map_or(link.url.as_str(), Line::as_str);
        xml.plain("podcast:contentLink", &[("href", link.url.as_str())], said)
    })
}

pub(super) fn soundbites<W: Write>(xml: &mut Xml<W>, all: &[Soundbite]) -> Result {
    all.iter().try_for_each(|bite| {
        let (start, length) = (seconds(bite.start), seconds(bite.length));
        let attributes = [("startTime", &*start), ("duration", &*length)];
        match &bite.title {
            Some(title) => xml.plain("podcast:soundbite", &attributes, title.as_str()),
            None => xml.empty("podcast:soundbite", &attributes),
        }
    })
}

pub(super) fn values<W: Write>(xml: &mut Xml<W>, values: &[Value]) -> Result {
    values.iter().try_for_each(|value| {
        let about = [
            ("type", Some(value.kind.as_str())),
            ("method", Some(value.method.as_str())),
            ("suggested", text(value.suggested.as_ref())),
        ];
        xml.open("podcast:value", &present(&about))?;
        for share in &value.shares {
            let split = share.split.to_string();
            let about = [
                ("name", text(share.name.as_ref())),
                ("type", Some(share.kind.as_str())),
                ("address", Some(share.address.as_str())),
                ("customKey", share.custom.as_ref().map(|(key, _)| key.as_str())),
                ("customValue", share.custom.as_ref().map(|(_, value)| value.as_str())),
                ("split", Some(&*split)),
                ("fee", share.is_fee.then_some("true")),
            ];
            xml.empty("podcast:valueRecipient", &present(&about))?;
        }
        xml.close("podcast:value")
    })
}

pub(super) fn chat<W: Write>(xml: &mut Xml<W>, chat: Option<&Chat>) -> Result {
    let Some(chat) = chat else { return Ok(()) };
    let about = [
        ("server", Some(chat.server.as_str())),
        ("protocol", Some(chat.protocol.as_str())),
        ("accountId", text(chat.account.as_ref())),
        ("space", text(chat.space.as_ref())),
    ];
    xml.empty("podcast:chat", &present(&about))
}

pub(super) fn trailer<W: Write>(xml: &mut Xml<W>, episode: &PublishedEpisode, zone: &TimeZone) -> Result {
    let (sound, season) = (&episode.enclosure.sound, episode.details.season.map(|season| season.to_string()));
    let (length, at) = (sound.bytes.to_string(), rfc2822(episode.details.published, zone));
    let about = [
        ("pubdate", Some(&*at)),
        ("url", Some(episode.enclosure.url.as_str())),
        ("length", Some(&*length)),
        ("type", Some(sound.format.media_type())),
        ("season", season.as_deref()),
    ];
    xml.plain("podcast:trailer", &present(&about), episode.details.title.as_str())
}

pub(super) fn remote<W: Write>(xml: &mut Xml<W>, item: &RemoteItem, medium: Option<&str>) -> Result {
    let about = [
        ("feedGuid", Some(item.guid.as_str())),
        ("feedUrl", address(item.feed.as_ref())),
        ("title", text(item.title.as_ref())),
        ("medium", medium),
    ];
    xml.empty("podcast:remoteItem", &present(&about))
}

pub(super) fn live<W: Write>(xml: &mut Xml<W>, live: &LiveItem, zone: &TimeZone) -> Result {
    let (start, end) = (rfc3339(live.start, zone), live.end.map(|end| rfc3339(end, zone)));
    let about = [("status", Some(live.status)), ("start", Some(&*start)), ("end", end.as_deref())];
    xml.open("podcast:liveItem", &present(&about))?;
    xml.plain("title", &[], live.title.as_str())?;
    xml.value("guid", &[("isPermaLink", "false")], live.guid.as_str())?;
    // A stream has no length; RSS wants one, and 0 for one that is not known.
    xml.empty("enclosure", &[("url", live.url.as_str()), ("length", "0"), ("type", live.media_type.as_str())])?;
    links(xml, &live.links)?;
    xml.close("podcast:liveItem")
}
