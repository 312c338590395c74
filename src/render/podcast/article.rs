//! An episode as an article: its text, with what makes it heard.

use std::time::Duration;

use crate::domain::podcast::{Chapter, PublishedEpisode, PublishedShow};
use crate::domain::{Block, Episode, Figure, Href, Inline, Language, Line, Rich, WebUrl};
use crate::render::words::Words;

/// The text of an episode with its artwork and the link that plays it above, and its chapters and transcripts below.
///
/// Artwork that nobody has described is left out: it would tell no more than that there is some.
pub fn with_player(text: Vec<Block>, episode: &PublishedEpisode, show: &PublishedShow) -> Vec<Block> {
    let words = Words::of(&[&show.language]);
    let mut body = Vec::with_capacity(text.len() + 5);
    if let (Some(image), Some(alt)) = (&episode.image, &episode.details.image_alt) {
        body.push(Block::Figure(Figure { src: Some(image.clone()), alt: Some(alt.clone()), ..Figure::default() }));
    }
    body.push(player(episode, show, words));
    body.extend(text);
    let chapters: Vec<Rich> = episode.marks.iter().filter_map(chapter).collect();
    if let Some(text) = Line::new(words.chapters).filter(|_| !chapters.is_empty()) {
        body.push(Block::Heading { level: 2, text });
        body.push(Block::List { ordered: false, items: chapters });
    }
    body.extend(episode.transcripts.iter().map(|transcript| {
        let language = transcript.language.as_ref().filter(|language| **language != show.language);
        link(&transcript.url, &format!("{}{}", words.transcript, language.map(in_language).unwrap_or_default()))
    }));
    body
}

/// `Listen: High water (24 min)`: to the page that the note names, else to the sound itself.
fn player(episode: &PublishedEpisode, show: &PublishedShow, words: &Words) -> Block {
    let (details, enclosure) = (&episode.details, &episode.enclosure);
    let url = details.link.as_ref().unwrap_or(&enclosure.url);
    let programme = Episode {
        show: show.name.clone(),
        title: details.title.clone(),
        url: None,
        seconds: u32::try_from(enclosure.sound.seconds()).ok(),
    };
    let length = programme.length().map(|length| format!(" ({length})")).unwrap_or_default();
    link(url, &format!("{}{} {}{length}", words.listen, words.colon, details.title))
}

fn link(url: &WebUrl, text: &str) -> Block {
    Block::Embed { url: Some(url.clone()), text: Line::new(text) }
}

fn in_language(language: &Language) -> String {
    format!(" ({language})")
}

/// `12:34 The ferry`, with the link that it has. One that is not shown in lists is not shown here.
fn chapter(chapter: &Chapter) -> Option<Rich> {
    let title = chapter.title.as_ref().filter(|_| !chapter.is_hidden)?;
    let title = Inline::Text(title.to_string());
    let title = match &chapter.url {
        Some(url) => Inline::Link { href: Href::Web(url.clone()), text: vec![title] },
        None => title,
    };
    Rich::new(vec![Inline::Text(format!("{} ", clock(chapter.start))), title])
}

/// `0:00`, `12:34`, `1:02:03`: whole seconds.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_players_show_them() {
        let clock = |seconds| clock(Duration::from_secs(seconds));
        assert_eq!([clock(0), clock(754), clock(3723)], ["0:00", "12:34", "1:02:03"]);
    }
}
