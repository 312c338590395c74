//! One name in a byline: where it ends, and whether it is one.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::marks;
use crate::read::agencies;

/// The name in one part of a byline, without role, place and handle; none where it is no name.
pub(super) fn of(part: &str) -> Option<&str> {
    let part = part.trim().trim_start_matches(|c: char| !c.is_alphanumeric()).trim();
    let part = marks::without_mark(part).unwrap_or(part);
    let part = unglued(part);
    let mut end = part.len();
    // "Awa Sarr in Dakar", "Awa Sarr @awa", "Awa Sarr (AFP)", "Awa Sarr Staff Writer", "Awa Sarr0".
    for (at, word) in words(part) {
        let lower = word.to_lowercase();
        let bare = lower.trim_end_matches([':', '.', ',']);
        let role = SETS.roles.contains(bare) || bare.split_once("-at-").is_some_and(|(role, _)| SETS.roles.contains(role));
        let stops = matches!(word.chars().next(), Some('@' | '(' | '[' | '<' | '#')) || SETS.cuts.contains(bare) || role;
        // "Awa Sarr 2 minutes read".
        let counted = word.starts_with(|c: char| c.is_ascii_digit());
        // "AP Business Writer" is what somebody is.
        if role && agencies::leading(part).is_some() {
            return None;
        }
        if at > 0 && (stops || counted) {
            end = at;
            break;
        }
        // "Awa Sarr Associated Press".
        if part.get(..at).is_some_and(|before| before.trim().contains(' ')) && part.get(at..).is_some_and(agencies::signs) {
            end = at;
            break;
        }
    }
    let name = part
        .get(..end)?
        .trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '.' | '*'));
    let count = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let clean = name.chars().all(|c| {
        c.is_alphabetic()
            || c.is_whitespace()
            || matches!(c, '.' | '\'' | '’' | '‘' | '-' | '‑' | '·' | '`' | '\u{300}'..='\u{36F}')
    });
    let capital = name.chars().next().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
        || agencies::signs(name);
    let known = agencies::signs(name) && !name.is_empty();
    let role = name.split_whitespace().all(|word| {
        let word = word.to_lowercase();
        SETS.roles.contains(word.as_str()) || SETS.cuts.contains(word.as_str()) || word == "first"
    });
    if role || marks::is_bare_mark(name) {
        return None;
    }
    (((1..=5).contains(&count) && letters >= 2 && clean && capital && is_person_like(name)) || known).then_some(name)
}

/// A name without the role that a copied page glued to it: `Awa SarrBusiness Reporter`.
fn unglued(part: &str) -> &str {
    let mut before = ' ';
    for (at, c) in part.char_indices() {
        if before.is_lowercase() && c.is_uppercase() {
            let (name, rest) = part.split_at_checked(at).unwrap_or((part, ""));
            let role = rest.split_whitespace().any(|word| SETS.roles.contains(word.to_lowercase().as_str()));
            if role && name.contains(' ') {
                return name;
            }
        }
        before = c;
    }
    part
}

/// The words of a text with the byte at which each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = 0;
    text.split_inclusive(char::is_whitespace).filter_map(move |piece| {
        let start = end;
        end += piece.len();
        let word = piece.trim_end();
        (!word.is_empty()).then_some((start, word))
    })
}

/// Whether every word could be of a name: capitals first, or one of the small words of family names.
fn is_person_like(name: &str) -> bool {
    let fine = |word: &str| {
        let first = word.chars().next();
        first.is_some_and(|c| !c.is_lowercase() && c != '-')
            || matches!(
                word,
                "de" | "da"
                    | "do"
                    | "dos"
                    | "das"
                    | "del"
                    | "della"
                    | "di"
                    | "du"
                    | "des"
                    | "la"
                    | "le"
                    | "van"
                    | "von"
                    | "der"
                    | "den"
                    | "zu"
                    | "bin"
                    | "ben"
                    | "al"
                    | "el"
                    | "ibn"
                    | "ould"
                    | "ag"
                    | "y"
                    | "e"
                    | "ter"
                    | "ten"
                    | "af"
                    | "av"
                    | "d’"
                    | "d'"
            )
            || matches!(word.get(..3), Some("al-" | "el-" | "an-" | "as-"))
            || word.starts_with("d'")
            || word.starts_with("d’")
    };
    let interface = name.split_whitespace().any(|word| SETS.interface.contains(word.to_lowercase().as_str()));
    agencies::signs(name) || (!interface && name.split_whitespace().all(fine))
}

/// Whether a text begins with what somebody is, or with the field of it: `Staff Writer`, `Business Reporter`.
pub(in crate::read) fn is_role(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).take(2).any(|word| SETS.roles.contains(word.to_lowercase().as_str()))
}

/// The three lists below, for looking up each word of each line quickly.
struct Sets {
    roles: HashSet<&'static str>,
    cuts: HashSet<&'static str>,
    interface: HashSet<&'static str>,
}

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let set = |list: &[&'static str]| list.iter().copied().collect();
    Sets { roles: set(ROLES), cuts: set(CUTS), interface: set(INTERFACE) }
});

/// What people are, printed behind their names.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "staff", "senior", "deputy", "chief", "special", "reporter", "correspondent", "editor", "writer", "journalist",
    "contributor", "content", "digital", "redaktion", "redakteur", "redakteurin", "korrespondent", "korrespondentin",
    "volontär", "volontärin", "autor", "autorin", "chefredakteur", "ressortleiter", "reporterin", "journalistin", "director",
    "producer", "freelance", "political", "parliamentary", "business", "sports", "health", "associate", "assistant",
    "executive", "head", "journaliste", "rédacteur", "rédactrice", "corresponsal", "redactor", "redactora", "periodista",
    "repórter", "jornalista", "correspondente", "giornalista", "inviato", "lifestyle", "mwandishi",
];

/// Words after which the name is over: places, and what sites print beside a byline.
#[rustfmt::skip]
const CUTS: &[&str] = &[
    "in", "for", "at", "from", "of", "the", "für", "aus", "pour", "à", "para", "em", "en", "is", "was", "ist", "follow",
    "folgen", "suivre", "updated", "published", "posted", "about", "on", "last", "email", "share", "via", "profile", "view",
    "see", "minute", "min",
];

/// Words of menus and buttons that stand where a name could, and are in nobody's name.
#[rustfmt::skip]
const INTERFACE: &[&str] = &[
    "share", "teilen", "partager", "compartir", "more", "mehr", "plus", "menu", "home", "news", "nachrichten", "sport",
    "sports", "world", "welt", "monde", "politics", "politik", "politique", "business", "wirtschaft", "video", "videos",
    "photo", "photos", "image", "images", "live", "read", "comments", "comment", "kommentare", "save", "print", "listen",
    "subscribe", "login", "log", "sign", "search", "newsletter", "advertisement", "anzeige", "breaking", "opinion",
    "opinions", "culture", "health", "science", "technology", "tech", "africa", "europe", "asia", "the", "about", "contact",
    "events", "centre", "center", "güncelleme", "help",
    "dive", "deeper", "page", "podcast", "podcasts", "abone", "abo", "meinung", "lesen", "hören", "cookie", "cookies", "privacy",
    "facebook", "twitter", "whatsapp", "instagram", "youtube", "telegram", "linkedin", "pinterest", "rss", "follow", "free",
    "deals", "articles", "suggest",
    "account", "konto", "app", "haberler", "haber", "noticias", "notícias", "notizie", "actualités", "copyright", "publicidad", "publicité", "reklama", "annons",
];
