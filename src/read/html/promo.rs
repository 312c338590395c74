//! The invitation to a podcast, lifted out of the text.

use crate::domain::{Block, Line, Promo, Rich};

/// Takes the first paragraph that invites to listen to a show out of the blocks.
pub(in crate::read) fn lift(blocks: &mut Vec<Block>) -> Option<Promo> {
    let (at, promo) = blocks.iter().enumerate().find_map(|(at, block)| match block {
        Block::Paragraph(rich) => Some((at, invitation(rich)?)),
        _ => None,
    })?;
    blocks.remove(at);
    Some(promo)
}

/// Longest invitation, in words. What is longer tells about a show and is part of the article.
const LONGEST: usize = 90;
const SHOWS: [&str; 3] = ["podcast", "radio show", "audio series"];
const INVITES: [&str; 12] = [
    "while you're here",
    "while you’re here",
    "listen to",
    "subscribe to",
    "tune in",
    "we host",
    "our podcast",
    "our daily podcast",
    "our weekly podcast",
    "check out",
    "wherever you get your podcasts",
    "hear more",
];

fn invitation(rich: &Rich) -> Option<Promo> {
    let text = rich.plain();
    let lower = text.to_lowercase();
    let invites = INVITES.iter().any(|words| lower.contains(words));
    let offers = SHOWS.iter().any(|word| lower.contains(word));
    if !invites || !offers || text.split_whitespace().count() > LONGEST {
        return None;
    }
    Some(Promo { show: show(rich, &text)?, text: Line::new(&text)? })
}

/// The name of the show: what is linked and looks like a name, or else the first run of capitalised words inside a sentence.
fn show(rich: &Rich, text: &str) -> Option<Line> {
    let linked = rich.links().into_iter().find_map(|(_, text)| {
        let few = text.split_whitespace().count() <= 6;
        (few && is_name(&text)).then(|| Line::new(&text)).flatten()
    });
    linked.or_else(|| named(text))
}

fn is_name(text: &str) -> bool {
    let generic = ["here", "podcast", "subscribe", "listen", "sign up", "spotify", "apple podcasts"];
    text.starts_with(char::is_uppercase) && !generic.iter().any(|word| text.to_lowercase().starts_with(word))
}

fn named(text: &str) -> Option<Line> {
    const AFTER: [&str; 7] = ["listen to", "subscribe to", "we host", "podcast", "check out", "tune in to", "called"];
    let lower = text.to_lowercase();
    // Lower case may change the length of a text; then the places found in it are not places of the text.
    let mut places =
        AFTER.iter().filter_map(|word| lower.find(word).map(|at| at + word.len())).filter(|_| lower.len() == text.len());
    places.find_map(|at| run(text.get(at..)?))
}

/// Capitalised words from the first one on, up to a comma, a stop or a small word.
fn run(text: &str) -> Option<Line> {
    const SKIPPED: [&str; 9] = ["our", "the", "a", "your", "daily", "weekly", "new", "podcast", "show"];
    const JOINED: [&str; 4] = ["of", "the", "and", "in"];
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace().take(12) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = bare.starts_with(char::is_uppercase) || (!words.is_empty() && bare.starts_with(char::is_numeric));
        match (capital, words.is_empty()) {
            (true, _) => words.push(bare),
            (false, true) if SKIPPED.contains(&bare.to_lowercase().as_str()) || bare.is_empty() => {}
            (false, false) if JOINED.contains(&bare) && !word.ends_with(',') => words.push(bare),
            _ => break,
        }
        if word.ends_with([',', '.', '!', '?', ';', ':', '”', '"', ')']) && !words.is_empty() {
            break;
        }
    }
    while words.last().is_some_and(|word| JOINED.contains(word)) {
        words.pop();
    }
    Line::new(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifted(text: &str) -> Option<String> {
        lift(&mut vec![Block::Paragraph(Rich::text(text).unwrap())]).map(|promo| promo.show.to_string())
    }

    #[test]
    fn invitations_name_their_show() {
        assert_eq!(
            lifted("While you're here: Each morning we host RiverTalk, a podcast on water.").as_deref(),
            Some("RiverTalk")
        );
        assert_eq!(lifted("Listen to our podcast The Long Dry Season, out on Fridays.").as_deref(), Some("The Long Dry Season"));
        assert_eq!(lifted("The minister said the podcast was not his idea."), None);
        assert_eq!(lifted("Listen to the wind in the trees."), None);
    }

    #[test]
    fn the_paragraph_leaves_the_text() {
        let text = |text: &str| Block::Paragraph(Rich::text(text).unwrap());
        let mut blocks = vec![text("One."), text("Subscribe to RiverTalk, our podcast."), text("Two.")];
        let promo = lift(&mut blocks).unwrap();
        assert_eq!(promo.text.as_str(), "Subscribe to RiverTalk, our podcast.");
        assert_eq!(blocks.len(), 2);
    }
}
