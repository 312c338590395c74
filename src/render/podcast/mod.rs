//! A show as a podcast feed: RSS 2.0 with the tags of Apple (<https://podcasters.apple.com/support/823>), of the Podcast
//! Standards Project (PSP-1) and of the podcast namespace (Podcasting 2.0).
//!
//! The order of the episodes is the caller's; the bytes depend on nothing but what is given. All episodes are in it: apps
//! show only what is listed.

mod article;
mod chapters;
mod description;
mod item;
mod tags;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use jiff::tz::TimeZone;

use crate::domain::podcast::{EpisodeKind, Frequency, PublishedEpisode, ShowBlock, ShowHead};
use crate::render::feed::time::rfc2822;
use crate::render::feed::xml::Xml;

pub use article::with_player;
pub use chapters::chapters;

const ROOT: [(&str, &str); 5] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("xmlns:podcast", "https://podcastindex.org/namespace/1.0"),
];

/// The stylesheet for browsers, from the folder of a show.
const STYLE: &str = "../feed.css";

/// How long an app may keep the feed before it asks again, in minutes.
const TTL: &str = "60";

/// Writes the feed of a show. It makes many small writes: give it a buffered writer.
pub fn podcast<W: Write>(head: &ShowHead, episodes: &[PublishedEpisode], zone: &TimeZone, out: W) -> io::Result<W> {
    let mut xml = Xml::styled(out, STYLE)?;
    xml.open("rss", &ROOT)?;
    xml.open("channel", &[])?;
    rss(&mut xml, head, zone)?;
    apple(&mut xml, head)?;
    namespace(&mut xml, head, episodes, zone)?;
    for episode in episodes {
        item::write(&mut xml, episode, head, zone)?;
    }
    xml.close("channel")?;
    xml.close("rss")?;
    let mut out = xml.finish()?;
    out.flush()?;
    Ok(out)
}

/// What RSS itself has a place for; title, link and description come first (RSS Advisory Board's profile).
fn rss<W: Write>(xml: &mut Xml<W>, head: &ShowHead, zone: &TimeZone) -> io::Result<()> {
    let show = head.show;
    xml.plain("title", &[], show.name.as_str())?;
    xml.value("link", &[], show.link.as_str())?;
    xml.plain("description", &[], &show.description)?;
    xml.value("language", &[], show.language.as_str())?;
    if let Some(copyright) = &show.copyright {
        xml.plain("copyright", &[], copyright.as_str())?;
    }
    if let Some(updated) = head.updated {
        xml.value("lastBuildDate", &[], &rfc2822(updated, zone))?;
    }
    // Without a version: an upgrade of griot is no news to listeners.
    xml.value("generator", &[], "griot")?;
    xml.value("ttl", &[], TTL)?;
    let silent = show.frequency.as_ref().map(Frequency::silent_days).unwrap_or_default();
    if !silent.is_empty() {
        xml.open("skipDays", &[])?;
        for day in silent {
            xml.value("day", &[], day)?;
        }
        xml.close("skipDays")?;
    }
    xml.open("image", &[])?;
    xml.value("url", &[], head.image.as_str())?;
    xml.plain("title", &[], show.name.as_str())?;
    xml.value("link", &[], show.link.as_str())?;
    xml.close("image")?;
    xml.empty("atom:link", &[("rel", "self"), ("type", "application/rss+xml"), ("href", show.feed.as_str())])?;
    head.hubs.iter().try_for_each(|hub| xml.empty("atom:link", &[("rel", "hub"), ("href", hub.as_str())]))
}

fn apple<W: Write>(xml: &mut Xml<W>, head: &ShowHead) -> io::Result<()> {
    let show = head.show;
    xml.plain("itunes:author", &[], show.author.as_str())?;
    if let Some(owner) = &show.owner {
        xml.open("itunes:owner", &[])?;
        xml.plain("itunes:name", &[], owner.name.as_ref().unwrap_or(&show.author).as_str())?;
        xml.value("itunes:email", &[], &owner.address.reveal())?;
        xml.close("itunes:owner")?;
    }
    xml.empty("itunes:image", &[("href", head.image.as_str())])?;
    for category in &show.categories {
        match category.below {
            Some(below) => {
                xml.open("itunes:category", &[("text", category.top)])?;
                xml.empty("itunes:category", &[("text", below)])?;
                xml.close("itunes:category")?;
            }
            None => xml.empty("itunes:category", &[("text", category.top)])?,
        }
    }
    xml.value("itunes:explicit", &[], truth(show.is_explicit))?;
    xml.value("itunes:type", &[], if show.is_serial { "serial" } else { "episodic" })?;
    if let Some(url) = &show.new_feed {
        xml.value("itunes:new-feed-url", &[], url.as_str())?;
    }
    if show.block == ShowBlock::Everybody {
        xml.value("itunes:block", &[], "Yes")?;
    }
    if show.frequency.as_ref().is_some_and(|frequency| frequency.is_complete) {
        xml.value("itunes:complete", &[], "Yes")?;
    }
    Ok(())
}

/// The tags of the podcast namespace.
fn namespace<W: Write>(xml: &mut Xml<W>, head: &ShowHead, episodes: &[PublishedEpisode], zone: &TimeZone) -> io::Result<()> {
    let show = head.show;
    xml.value("podcast:guid", &[], head.guid.as_str())?;
    let owner = show.owner.as_ref().map(|owner| owner.address.reveal());
    let owner: Vec<(&str, &str)> = owner.iter().map(|owner| ("owner", owner.as_str())).collect();
    xml.value("podcast:locked", &owner, if show.is_locked { "yes" } else { "no" })?;
    xml.value("podcast:medium", &[], show.medium.as_str())?;
    if let Some(frequency) = &show.frequency {
        let mut attributes = Vec::new();
        if frequency.is_complete {
            attributes.push(("complete", "true"));
        }
        attributes.extend(frequency.rule.iter().map(|rule| ("rrule", rule.as_str())));
        xml.plain("podcast:updateFrequency", &attributes, frequency.text.as_str())?;
    }
    match &show.block {
        ShowBlock::Nobody => {}
        ShowBlock::Everybody => xml.value("podcast:block", &[], "yes")?,
        ShowBlock::These(services) => {
            for service in services {
                xml.value("podcast:block", &[("id", service.as_str())], "yes")?;
            }
        }
    }
    tags::artwork(xml, &head.image, show.image_alt.as_ref())?;
    tags::images(xml, &show.images)?;
    tags::funding(xml, &show.funding)?;
    tags::license(xml, show.license.as_ref())?;
    tags::persons(xml, &show.persons)?;
    tags::locations(xml, &show.locations)?;
    tags::txt(xml, &show.txt)?;
    tags::social(xml, &show.social)?;
    tags::values(xml, &show.values)?;
    tags::chat(xml, show.chat.as_ref())?;
    // One from one place: the trailers are those among the episodes.
    for trailer in episodes.iter().filter(|episode| episode.details.kind == EpisodeKind::Trailer) {
        tags::trailer(xml, trailer, zone)?;
    }
    if !head.podroll.is_empty() {
        xml.open("podcast:podroll", &[])?;
        head.podroll.iter().try_for_each(|item| tags::remote(xml, item, None))?;
        xml.close("podcast:podroll")?;
    }
    if let Some(publisher) = &show.publisher {
        xml.open("podcast:publisher", &[])?;
        tags::remote(xml, publisher, Some("publisher"))?;
        xml.close("podcast:publisher")?;
    }
    if show.uses_podping {
        xml.empty("podcast:podping", &[("usesPodping", "true")])?;
    }
    show.live.iter().try_for_each(|live| tags::live(xml, live, zone))
}

/// The only two words that Apple takes.
fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
