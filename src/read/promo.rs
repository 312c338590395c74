//! The invitation to a podcast or programme that stands in a page.

use std::ops::RangeInclusive;

use super::words;
use crate::domain::{Block, Line, Promo, Rich};

/// The invitation that a line is; `None` where it invites to nothing or names no show.
pub(super) fn of(text: &str) -> Option<Promo> {
    invites(text).then(|| given(text)).flatten()
}

/// The same of a text that is known to be an invitation.
pub(super) fn given(text: &str) -> Option<Promo> {
    Some(Promo { show: Line::new(&show(text)?)?, text: Line::new(text)? })
}

/// Takes the first paragraph that is an invitation out of the blocks.
pub(super) fn lift(blocks: &mut Vec<Block>) -> Option<Promo> {
    let (at, promo) = blocks.iter().enumerate().find_map(|(at, block)| match block {
        Block::Paragraph(rich) => Some((at, linked(rich)?)),
        _ => None,
    })?;
    blocks.remove(at);
    Some(promo)
}

/// An invitation in which the name of the show may be a link.
fn linked(rich: &Rich) -> Option<Promo> {
    let text = rich.plain();
    if !invites(&text) {
        return None;
    }
    let links = rich.links();
    let mut names = links.iter().map(|(_, words)| words.split_whitespace().collect::<Vec<&str>>());
    let linked = names.find_map(|words| capitals(&words, 0).filter(|name| name.split(' ').count() == words.len()));
    Some(Promo { show: Line::new(&linked.or_else(|| show(&text))?)?, text: Line::new(&text)? })
}

/// Bytes of the shortest and the longest invitation: what is longer tells about a show and is part of the article.
const LENGTHS: RangeInclusive<usize> = 20..=1000;
/// Words of the same.
const WORDS: RangeInclusive<usize> = 4..=90;

/// Whether a text invites to a show.
fn invites(text: &str) -> bool {
    if !LENGTHS.contains(&text.len()) || !WORDS.contains(&text.split_whitespace().count()) {
        return false;
    }
    let key = text.to_lowercase();
    if !has_any(&key, SHOWS) {
        return false;
    }
    // A report on a podcast names it too: an invitation also calls the reader, or begins as one.
    let opens = OPENINGS.iter().any(|cue| key.starts_with(cue));
    let calls = [INVITATIONS, READERS].iter().filter(|list| has_any(&key, list)).count();
    calls + usize::from(opens) >= 2
}

/// Whether one of some cues stands in a text, from the beginning of a word on.
fn has_any(key: &str, list: &[&str]) -> bool {
    list.iter().filter(|cue| key.contains(**cue)).any(|cue| words::tails(key).any(|tail| tail.starts_with(cue)))
}

/// How an invitation begins.
#[rustfmt::skip]
const OPENINGS: &[&str] = &[
    "while you're here", "while you’re here", "while you are here", "before you go", "listen to", "listen now", "listen on",
    "tune in", "listen and", "hear more", "for more, listen", "follow our", "subscribe to", "check out", "want more",
    "don't miss", "you can listen", "wenn sie schon", "hören sie", "hört", "jetzt anhören", "podcast:", "podcast-tipp",
    "abonnieren sie", "écoutez", "retrouvez", "abonnez-vous", "pendant que vous", "à écouter", "escuche", "escucha",
    "mientras está", "ouça", "enquanto", "ascolta", "ascoltate", "luister", "sikiliza", "saurari", "ku saurara", "dhageyso",
];

/// Words for what is invited to.
#[rustfmt::skip]
const SHOWS: &[&str] = &[
    "podcast", "radio show", "radio programme", "radio program", "audio show", "our show", "balado", "émission", "sendung",
    "programa de radio", "programme", "episode", "folge", "kipindi", "shirin", "pódcast",
];

/// Words that ask to listen.
#[rustfmt::skip]
const INVITATIONS: &[&str] = &[
    "listen", "follow", "subscribe", "tune in", "wherever you get", "wherever you listen", "we host", "hosted by", "join us",
    "join our", "hören", "anhören", "abonnieren", "überall, wo es podcasts", "écoute", "abonnez", "retrouvez", "suivez",
    "escuch", "suscríb", "ouça", "ouvir", "siga", "subscreva", "assine", "ascolt", "seguite", "luister", "abonneer",
    "sikiliza", "saurar", "apple podcasts", "spotify", "dhageyso",
];

/// Words that call the reader, or speak as the house.
#[rustfmt::skip]
const READERS: &[&str] = &[
    "you", "your", "you're", "we host", "our", "us", "ihr", "sie", "unser", "unsere", "unserem", "unseren", "vous", "votre",
    "notre", "nos", "usted", "su", "nuestro", "tu", "você", "seu", "nosso", "vostro", "nostro", "voi", "je", "jouw", "onze",
    "yako", "yetu", "ku", "namu", "every weekday", "every week",
];

/// The name of the show: the capitalised words that stand where a show is named, most often named first.
fn show(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut votes: Vec<(String, usize)> = Vec::new();
    let mut vote = |name: Option<String>, weight: usize| {
        let Some(name) = name else { return };
        match votes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, votes)) => *votes += weight,
            None => votes.push((name, weight)),
        }
    };
    vote(quoted(text), 3);
    for (at, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
        let comma = word.ends_with([',', ':', '.', '!', ';']);
        if bare.starts_with("podcast") || bare == "pódcast" || NOUNS.contains(&bare) {
            // "our podcast Voices of Kano", "the podcast is called X".
            if !word.ends_with(['.', ',', '!', ';']) {
                vote(
                    capitals(&words, past(&words, at + 1, &["called", "is", "named", "namens", "appelé", "llamado", "heißt"])),
                    2,
                );
            }
            // "AfricaLink, a podcast", "the Voices of Kano podcast".
            let before = words.get(..at).unwrap_or_default();
            let skipped = before.iter().rev().take(3).take_while(|word| ARTICLES.contains(&word.to_lowercase().as_str())).count();
            vote(capitals_before(before.get(..before.len().saturating_sub(skipped)).unwrap_or_default()), 2);
        }
        if VERBS.contains(&bare) && !comma {
            vote(
                capitals(
                    &words,
                    past(
                        &words,
                        at + 1,
                        &[
                            "to", "our", "the", "auf", "à", "a", "o", "il", "show", "podcast", "unseren", "notre", "nuestro",
                            "nosso", "den", "die", "le", "la", "el", "shirin", "kipindi", "cha",
                        ],
                    ),
                ),
                1,
            );
        }
    }
    votes.iter().rev().max_by_key(|(_, votes)| *votes).map(|(name, _)| name.clone())
}

/// Words for a show that stand beside its name.
const NOUNS: &[&str] = &["show", "programme", "program", "sendung", "émission", "programa", "kipindi", "shirin", "balado"];
/// Verbs that a show's name follows.
#[rustfmt::skip]
const VERBS: &[&str] = &[
    "host", "listen", "follow", "hear", "hören", "hört", "écoutez", "suivez", "retrouvez", "escuche", "escucha", "ouça",
    "siga", "ascolta", "ascoltate", "to", "sikiliza", "saurari", "luister",
];
/// Small words between a name and "podcast".
#[rustfmt::skip]
const ARTICLES: &[&str] = &[
    "a", "an", "our", "the", "is", "ein", "unser", "un", "une", "notre", "uma", "um", "una", "el", "daily", "weekly", "der",
    "le", "nosso", "nuestro", "news",
];

/// The place after small words that may stand before a name.
fn past(words: &[&str], mut at: usize, small: &[&str]) -> usize {
    while words.get(at).is_some_and(|word| small.contains(&word.to_lowercase().as_str())) {
        at += 1;
    }
    at
}

/// A name that begins at a word: capitalised words, with the small words inside.
fn capitals(words: &[&str], at: usize) -> Option<String> {
    let mut name: Vec<&str> = Vec::new();
    for word in words.get(at..)?.iter().take(6) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !(is_capital(bare) || (!name.is_empty() && matches!(bare, "of" | "de" | "du" | "der" | "the" | "to" | "and" | "la"))) {
            break;
        }
        name.push(bare);
        if word.ends_with([',', '.', '!', '?', ':', ';', ')', '”', '"']) {
            break;
        }
    }
    while name.last().is_some_and(|word| !is_capital(word)) {
        name.pop();
    }
    named(&name)
}

/// A name that ends with the last of the words.
fn capitals_before(words: &[&str]) -> Option<String> {
    let mut name: Vec<&str> = Vec::new();
    for (back, word) in words.iter().rev().take(6).enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let joins = back > 0 && matches!(bare, "of" | "de" | "du" | "the" | "and");
        if (back > 0 && word.ends_with([',', '.', '!', '?', ':', ';'])) || !(is_capital(bare) || joins) {
            break;
        }
        name.push(bare);
    }
    while name.last().is_some_and(|word| !is_capital(word)) {
        name.pop();
    }
    name.reverse();
    named(&name)
}

/// The words as a name; words that begin a sentence or name a platform are none.
fn named(words: &[&str]) -> Option<String> {
    let only = words.iter().all(|word| PLATFORMS.contains(&word.to_lowercase().as_str()));
    (!words.is_empty() && !only).then(|| words.join(" "))
}

#[rustfmt::skip]
const PLATFORMS: &[&str] = &[
    "apple", "spotify", "youtube", "google", "podcasts", "podcast", "deezer", "amazon", "music", "listen", "follow", "the",
    "our", "every", "you", "while", "we", "subscribe", "hören", "sie", "jetzt", "écoutez", "ouça", "check", "to", "this",
    "in", "for", "tune", "app", "abonnieren", "abonnez-vous",
];

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric())
}

/// What stands in quotes, if it is short and begins with a capital.
fn quoted(text: &str) -> Option<String> {
    let start = text.find(['“', '"', '„', '«'])?;
    let inner = text.get(start..)?.trim_start_matches(['“', '"', '„', '«', ' ', '\u{A0}', '\u{202F}']);
    let name =
        inner.get(..inner.find(['”', '"', '“', '»'])?)?.trim_end_matches(|c: char| c.is_whitespace() || c == ',' || c == '.');
    (name.split_whitespace().count() <= 6 && is_capital(name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Href, Inline};

    #[track_caller]
    fn case(text: &str, expected: Option<&str>) {
        assert_eq!(of(text).as_ref().map(|promo| promo.show.as_str()), expected, "{text}");
    }

    #[test]
    fn an_invitation_names_its_show() {
        case(
            "While you're here: Every weekday, we host RiverTalk, a podcast full of news. You can follow RiverTalk wherever you get your podcasts",
            Some("RiverTalk"),
        );
        case("Listen to Voices of Kano, our weekly podcast on the life of a city.", Some("Voices of Kano"));
        case("Subscribe to our podcast The Long Road wherever you get your podcasts.", Some("The Long Road"));
        case("Hören Sie unseren Podcast „Flussgespräche“ überall, wo es Podcasts gibt.", Some("Flussgespräche"));
        case("Écoutez notre podcast « Au fil du fleuve », chaque semaine, où vous voulez.", Some("Au fil du fleuve"));
        case("You can listen to the Market Day podcast on Spotify and Apple Podcasts.", Some("Market Day"));
    }

    #[test]
    fn the_paragraph_leaves_the_text() {
        let text = |text: &str| Block::Paragraph(Rich::text(text).unwrap());
        let mut blocks = vec![text("One."), text("Subscribe to RiverTalk, our podcast on all rivers."), text("Two.")];
        let promo = lift(&mut blocks).unwrap();
        assert_eq!(
            (promo.show.as_str(), promo.text.as_str()),
            ("RiverTalk", "Subscribe to RiverTalk, our podcast on all rivers.")
        );
        assert_eq!(blocks, [text("One."), text("Two.")]);
        assert_eq!(lift(&mut blocks), None);
    }

    #[test]
    fn a_link_names_the_show() {
        let link = |words: &str| Inline::Link {
            href: Href::parse("https://example.org/show").unwrap(),
            text: vec![Inline::Text(words.into())],
        };
        let paragraph = |words: &str| {
            let parts = vec![
                Inline::Text("Listen to the new episode of Monday's ".into()),
                link(words),
                Inline::Text(", our podcast.".into()),
            ];
            Block::Paragraph(Rich::new(parts).unwrap())
        };
        assert_eq!(lift(&mut vec![paragraph("Long Road Home")]).unwrap().show.as_str(), "Long Road Home");
        assert_eq!(lift(&mut vec![paragraph("listen here")]), None);
    }

    #[test]
    fn reports_are_no_invitations() {
        case("The minister told the podcast RiverTalk that the bridge would be built within two years.", None);
        case("Subscribe to our letter River News for more of your favourite writers.", None);
        case("Listeners of radio in the north are afraid.", None);
        case("Follow the river north and you will come to the old town of Gao.", None);
        case("Listen to our podcast wherever you get your podcasts.", None);
    }
}
