//! One episode.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{description, tags, truth};
use crate::domain::podcast::{Alternate, EpisodeDetails, PublishedEpisode, ShowHead};
use crate::render::feed::time::rfc2822;
use crate::render::feed::xml::{EscapedHtml, Xml};

pub(super) fn write<W: Write>(xml: &mut Xml<W>, episode: &PublishedEpisode, head: &ShowHead, zone: &TimeZone) -> io::Result<()> {
    let details = &episode.details;
    xml.open("item", &[])?;
    xml.plain("title", &[], details.title.as_str())?;
    if let Some(link) = &details.link {
        xml.value("link", &[], link.as_str())?;
    }
    let is_link = details.link.as_ref().is_some_and(|link| link.as_str() == episode.guid);
    xml.value("guid", &[("isPermaLink", truth(is_link))], &episode.guid)?;
    xml.value("pubDate", &[], &rfc2822(details.published, zone))?;
    let (short, whole) = description::html(&details.body, &head.show.language);
    if let Some(short) = short {
        xml.html("description", &[], &EscapedHtml::of(&short))?;
    }
    if let Some(whole) = whole {
        xml.html("content:encoded", &[], &EscapedHtml::of(&whole))?;
    }
    let (url, sound) = (&episode.enclosure.url, &episode.enclosure.sound);
    let (length, seconds) = (sound.bytes.to_string(), sound.seconds().to_string());
    xml.empty("enclosure", &[("url", url.as_str()), ("length", &length), ("type", sound.format.media_type())])?;
    xml.value("itunes:duration", &[], &seconds)?;
    apple(xml, episode)?;
    numbers(xml, details)?;
    if let Some(chapters) = &episode.chapters {
        xml.empty("podcast:chapters", &[("url", chapters.as_str()), ("type", "application/json+chapters")])?;
    }
    for transcript in &episode.transcripts {
        let mut attributes = vec![("url", transcript.url.as_str()), ("type", transcript.media_type)];
        attributes.extend(transcript.language.iter().map(|language| ("language", language.as_str())));
        if transcript.is_captions {
            attributes.push(("rel", "captions"));
        }
        xml.empty("podcast:transcript", &attributes)?;
    }
    if let Some(image) = &episode.image {
        tags::artwork(xml, image, details.image_alt.as_ref())?;
    }
    tags::images(xml, &details.images)?;
    tags::persons(xml, &details.persons)?;
    tags::locations(xml, &details.locations)?;
    tags::soundbites(xml, &details.soundbites)?;
    tags::license(xml, details.license.as_ref())?;
    tags::funding(xml, &details.funding)?;
    tags::social(xml, &details.social)?;
    tags::links(xml, &details.links)?;
    tags::txt(xml, &details.txt)?;
    tags::values(xml, &details.values)?;
    for other in &episode.alternates {
        alternate(xml, other)?;
    }
    xml.close("item")
}

fn apple<W: Write>(xml: &mut Xml<W>, episode: &PublishedEpisode) -> io::Result<()> {
    let details = &episode.details;
    if let Some(author) = &details.author {
        xml.plain("itunes:author", &[], author.as_str())?;
    }
    if let Some(explicit) = details.is_explicit {
        xml.value("itunes:explicit", &[], truth(explicit))?;
    }
    if let Some(image) = &episode.image {
        xml.empty("itunes:image", &[("href", image.as_str())])?;
    }
    xml.value("itunes:episodeType", &[], details.kind.as_str())?;
    if details.is_blocked {
        xml.value("itunes:block", &[], "Yes")?;
    }
    Ok(())
}

/// Season and episode, in Apple's words, which know whole numbers only, and in those of the namespace.
fn numbers<W: Write>(xml: &mut Xml<W>, details: &EpisodeDetails) -> io::Result<()> {
    if let Some(season) = details.season {
        let season = season.to_string();
        xml.value("itunes:season", &[], &season)?;
        let name: Vec<(&str, &str)> = details.season_name.iter().map(|name| ("name", name.as_str())).collect();
        xml.value("podcast:season", &name, &season)?;
    }
    if let Some(number) = &details.number {
        if let Some(whole) = number.parse::<u32>().ok().filter(|number| *number > 0) {
            xml.value("itunes:episode", &[], &whole.to_string())?;
        }
        let name: Vec<(&str, &str)> = details.number_name.iter().map(|name| ("display", name.as_str())).collect();
        xml.value("podcast:episode", &name, number)?;
    }
    Ok(())
}

fn alternate<W: Write>(xml: &mut Xml<W>, other: &Alternate) -> io::Result<()> {
    let sound = &other.enclosed.sound;
    let (length, rate) = (sound.bytes.to_string(), sound.bit_rate().to_string());
    let mut attributes = vec![("type", sound.format.media_type()), ("length", &*length), ("bitrate", &*rate)];
    attributes.extend(other.language.iter().map(|language| ("lang", language.as_str())));
    attributes.extend(other.title.iter().map(|title| ("title", title.as_str())));
    attributes.extend(other.rel.iter().map(|rel| ("rel", rel.as_str())));
    attributes.extend(sound.format.codecs().map(|codecs| ("codecs", codecs)));
    xml.open("podcast:alternateEnclosure", &attributes)?;
    xml.empty("podcast:source", &[("uri", other.enclosed.url.as_str())])?;
    xml.close("podcast:alternateEnclosure")
}
