//! Dates as people and sites write them, in many languages.
//!
//! A date is only what is written out with day, month and year; `2 hours ago` is none, and a clock is never asked.

mod clock;
mod machine;
mod months;

use std::ops::Range;

use jiff::civil::Date;

use self::clock::{time_after, time_before};
pub(super) use self::machine::{moment, own_moment};
use crate::domain::{Language, Moment};

/// A date that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    /// A day, or an instant where a time with its zone is written beside the date.
    pub moment: Moment,
    /// Where it stands, in bytes, with its time.
    pub span: Range<usize>,
    /// Whether day and month could be taken for each other (`03/04/2023`); the language decided.
    pub ambiguous: bool,
}

/// The first date in a text. `language` decides which number of `03/04/2023` is the day.
pub(super) fn find(text: &str, language: Option<&Language>) -> Option<Moment> {
    find_all(text, language).first().map(|dated| dated.moment)
}

/// The dates in a text, in order. Time grows linearly with the text.
pub(super) fn find_all(text: &str, language: Option<&Language>) -> Vec<Dated> {
    if !text.chars().any(|c| digit(c).is_some()) {
        return Vec::new();
    }
    let tokens = tokens(text);
    let month_first = language.is_some_and(|language| language.primary() == "en");
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(day) = date(&tokens, at, month_first) else {
            at += 1;
            continue;
        };
        // "08:39, 06 Jan 2026": the time may stand before; never reach into the date found last.
        let floor = found.last().map_or(0, |dated: &Dated| dated.span.end);
        let after = time_after(&tokens, day.end);
        let before = if after.is_none() { time_before(&tokens, at, floor) } else { None };
        let first = before.as_ref().map_or(at, |clock| clock.at);
        let last = after.as_ref().map_or(day.end, |clock| clock.at);
        let clock = after.or(before);
        // Those who write the month first have the twelve-hour clock (United States, Philippines).
        let european = month_first && day.ambiguous && clock.as_ref().is_some_and(|clock| !clock.twelve);
        let day = if european { date(&tokens, at, false).unwrap_or(day) } else { day };
        let moment = clock.and_then(|clock| clock.on(day.date)).unwrap_or(Moment::Day(day.date));
        let start = tokens.get(first).map_or(0, |token| token.span.start);
        let end = tokens.get(last.wrapping_sub(1)).map_or(text.len(), |token| token.span.end);
        found.push(Dated { moment, span: start..end, ambiguous: day.ambiguous && !european });
        at = last.max(at + 1);
    }
    found
}

/// The first day in a text that is written without its year: `8 January, 17:46`, `Jan. 8`, `1月8日`.
pub(super) fn find_in_year(text: &str, year: i16) -> Option<Date> {
    let tokens = tokens(text);
    let kind = |at: usize| tokens.get(at).map(|token| &token.kind);
    let asian = |at: usize| matches!(kind(at), Some(Kind::Word(word)) if word == "月" || word == "월");
    // "8. January", "Jan. 8", "1er août".
    let after = |at: usize| match kind(at) {
        Some(Kind::Sign('.')) => at + 1,
        Some(Kind::Word(word)) if is_ordinal(word) => at + 1,
        _ => at,
    };
    (0..tokens.len()).find_map(|at| {
        let (month, day) = match small(&tokens, at) {
            Some(number) if asian(at + 1) => (number, small(&tokens, at + 2)?),
            Some(number) => (month(&tokens, after(at + 1))?.0, number),
            None => {
                let (month, next) = month(&tokens, at)?;
                (month, small(&tokens, after(next))?)
            }
        };
        Date::new(year, month, day).ok()
    })
}

/// Whether a text says when by counting back from a now that is not known: `2 hours ago`, `vor 3 Stunden`.
pub(super) fn is_relative(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counts = |word: &str| {
        word.bytes().all(|b| b.is_ascii_digit()) || matches!(word, "a" | "an" | "one" | "ein" | "einer" | "une" | "un")
    };
    let unit = |word: &str| UNITS.iter().any(|unit| word.starts_with(unit));
    let near = |at: usize, word: &[&str]| {
        words.iter().skip(at.saturating_sub(3)).take(6).any(|other| word.iter().any(|word| other.starts_with(word)))
    };
    words.len() <= 12
        && words.windows(2).enumerate().any(|(at, pair)| match pair {
            [count, time] => {
                counts(count)
                    && unit(time)
                    && near(
                        at,
                        &["ago", "vor", "hace", "há", "fa", "geleden", "önce", "siden", "sedan", "temu", "назад", "iliyopita"],
                    )
                    || (counts(count) && unit(time) && words.get(at.wrapping_sub(2)..at) == Some(&["il", "y"]))
                    || (counts(count) && unit(time) && at >= 1 && words.get(at - 1) == Some(&"a") && words.contains(&"il"))
            }
            _ => false,
        })
}

/// Whether a text says that something was minutes or hours ago, or today.
pub(super) fn is_today(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| SHORT_UNITS.iter().any(|unit| word.starts_with(unit)))
}

/// Beginnings of the words for units shorter than a day, and the words for today.
#[rustfmt::skip]
const SHORT_UNITS: [&str; 23] = [
    "sec", "min", "hour", "hr", "stunde", "heure", "hora", "ore", "ora", "uur", "uren", "saat", "time", "timme", "godzin", "час",
    "today", "heute", "aujourd", "hoy", "hoje", "oggi", "vandaag",
];

/// Whether a line, in small letters, says that it tells a date: `Published ...`, `Stand: ...`.
pub(super) fn is_label(key: &str) -> bool {
    LABELS.iter().any(|label| key.starts_with(label))
}

/// What such lines begin with.
#[rustfmt::skip]
const LABELS: [&str; 34] = [
    "published", "first published", "date", "datum", "updated", "posted", "veröffentlicht", "publiziert", "erstellt", "publié",
    "mis à jour", "publicado", "actualizado", "publicada", "pubblicato", "aggiornato", "stand", "last updated", "created",
    "publisert", "oppdatert", "publicerad", "uppdaterad", "publiceret", "opdateret", "gepubliceerd", "publikacja",
    "aktualizacja", "aktualisiert", "yayın", "güncelle", "giriş", "опубликовано", "입력",
];

/// Beginnings of the words for a unit of time.
#[rustfmt::skip]
const UNITS: [&str; 28] = [
    "sec", "min", "hour", "hr", "day", "week", "month", "stunde", "tag", "woche", "monat", "heure", "jour", "semaine", "mois",
    "hora", "día", "dia", "semana", "mes", "ore", "giorn", "uur", "dag", "saat", "gün", "godzin", "час",
];

#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    span: Range<usize>,
    /// Whether white space stands before it.
    spaced: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Its value and how many digits it has.
    Number(i16, usize),
    /// In lower case.
    Word(String),
    Sign(char),
}

/// Cuts a text into numbers, words and signs.
///
/// Copied pages glue what stood side by side, so a word also ends where a capital follows a small letter
/// (`SarrNovember`) or after capitals begins a word (`UTCUpdated`), and a number ends after four digits that are a year (`202430.` is 2024 and 30).
fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut spaced = false;
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let kind = if let Some(first) = digit(c) {
            let mut value = first;
            let mut digits = 1;
            while let Some((at, next)) = chars.peek().and_then(|(at, c)| Some((at + c.len_utf8(), digit(*c)?))) {
                if digits == 4 && (1900..2100).contains(&value) {
                    break;
                }
                value = value.saturating_mul(10).saturating_add(next);
                digits += 1;
                end = at;
                chars.next();
            }
            Kind::Number(value, digits)
        } else if is_letter(c) {
            let mut word = String::new();
            word.extend(c.to_lowercase());
            let mut small = c.is_lowercase();
            while let Some((at, next)) = chars.peek().copied() {
                let ahead = text.get(at + next.len_utf8()..).and_then(|rest| rest.chars().next());
                let begins = next.is_uppercase() && (small || (word.len() > 1 && ahead.is_some_and(char::is_lowercase)));
                if !is_letter(next) || begins || is_mark(c) {
                    break;
                }
                word.extend(next.to_lowercase());
                small = next.is_lowercase();
                end = at + next.len_utf8();
                chars.next();
            }
            Kind::Word(word)
        } else {
            Kind::Sign(c)
        };
        out.push(Token { kind, span: start..end, spaced });
        spaced = false;
    }
    out
}

/// The value of a decimal digit: ASCII, Arabic-Indic (two sets) or full width.
fn digit(c: char) -> Option<i16> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    i16::try_from(u32::from(c) - u32::from(zero)).ok()
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && digit(c).is_none()
}

/// The signs for year, month, day and hour of Chinese, Japanese and Korean dates: each a word of its own.
fn is_mark(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일' | '时' | '時')
}

struct Day {
    date: Date,
    /// The token after it.
    end: usize,
    ambiguous: bool,
}

/// The date that begins at a token.
fn date(tokens: &[Token], at: usize, month_first: bool) -> Option<Day> {
    match &tokens.get(at)?.kind {
        Kind::Number(year, 4) => year_first(tokens, at, *year),
        Kind::Number(first, 1 | 2) => numeric(tokens, at, *first, month_first).or_else(|| day_month(tokens, at, *first)),
        // A number has to follow at once, which is quicker to see than whether the word is a month.
        Kind::Word(word) if small(tokens, at + 1).or_else(|| small(tokens, at + 2)).is_some() => {
            month_day(tokens, at, month_or_glued(word)?)
        }
        _ => None,
    }
}

/// `2023-11-17`, `2023/11/17`, `2023. 11. 17`, `2023年11月17日`, `2023년 11월 17일`.
fn year_first(tokens: &[Token], at: usize, year: i16) -> Option<Day> {
    let separator = &tokens.get(at + 1)?.kind;
    let asian = matches!(separator, Kind::Word(word) if word == "年" || word == "년");
    if !asian && !matches!(separator, Kind::Sign('-' | '/' | '.' | '‑' | '–')) {
        return None;
    }
    let month = small(tokens, at + 2)?;
    let same = tokens.get(at + 3)?;
    if !asian && same.kind != *separator {
        return None;
    }
    if asian && !matches!(&same.kind, Kind::Word(word) if word == "月" || word == "월") {
        return None;
    }
    let day = small(tokens, at + 4)?;
    let mut end = at + 5;
    if asian && matches!(tokens.get(end).map(|token| &token.kind), Some(Kind::Word(word)) if word == "日" || word == "일") {
        end += 1;
    }
    Some(Day { date: Date::new(year, month, day).ok()?, end, ambiguous: false })
}

/// `17.11.2023`, `17/11/2023`, `11/17/23`, `17-11-2023`.
fn numeric(tokens: &[Token], at: usize, first: i16, month_first: bool) -> Option<Day> {
    let separator = &tokens.get(at + 1)?.kind;
    let Kind::Sign(sign @ ('.' | '/' | '-')) = separator else { return None };
    let second = small(tokens, at + 2)?;
    if tokens.get(at + 3)?.kind != *separator {
        return None;
    }
    let year = match tokens.get(at + 4)?.kind {
        Kind::Number(year, 4) => year,
        // Two digits are a year between slashes, and between dots at the front: elsewhere it is as often a time or a version.
        Kind::Number(year, 2) if (*sign == '/' || (*sign == '.' && at == 0 && year > 9)) && year < 70 => 2000 + year,
        _ => return None,
    };
    if !(1900..2100).contains(&year) {
        return None;
    }
    let first = i8::try_from(first).ok()?;
    let either = *sign == '/' && (1..=12).contains(&first) && (1..=12).contains(&second) && first != second;
    let american = if either { month_first } else { *sign == '/' && second > 12 };
    let (day, month) = if american { (second, first) } else { (first, second) };
    Some(Day { date: Date::new(year, month, day).ok()?, end: at + 5, ambiguous: either })
}

/// `17 November 2023`, `17. Nov. 2023`, `1er août 2024`, `17 de noviembre de 2023`, `17 ga Nuwamba, 2023`.
fn day_month(tokens: &[Token], at: usize, day: i16) -> Option<Day> {
    let mut next = at + 1;
    while next < at + 5 {
        match &tokens.get(next)?.kind {
            Kind::Sign('.' | ',' | 'º' | 'ª' | '°' | '-' | '/' | '\'' | '’') => {}
            Kind::Word(word) if is_ordinal(word) => {}
            Kind::Word(_) => {
                let (month, after) = month(tokens, next)?;
                let (year, end) = year_after(tokens, after, month)?;
                return Some(Day { date: Date::new(year, month, i8::try_from(day).ok()?).ok()?, end, ambiguous: false });
            }
            _ => return None,
        }
        next += 1;
    }
    None
}

/// The month that a word names, be it with a label in capitals glued to its front: `RIVERSNOV 17, 2023`.
fn month_or_glued(word: &str) -> Option<i8> {
    /// Letters of the shortest name of a month, to which a label is cut.
    const LETTERS: usize = 3;
    months::number(word).or_else(|| {
        let (_, end) = word.split_at_checked(word.len().checked_sub(LETTERS)?)?;
        if word.is_ascii() && word.len() >= 2 * LETTERS { months::number(end) } else { None }
    })
}

/// `November 17, 2023`, `Nov. 17th 2023`.
fn month_day(tokens: &[Token], at: usize, month: i8) -> Option<Day> {
    let mut next = at + 1;
    if matches!(tokens.get(next)?.kind, Kind::Sign('.' | '/' | '-')) {
        next += 1;
    }
    let day = small(tokens, next)?;
    next += 1;
    if matches!(&tokens.get(next)?.kind, Kind::Word(word) if is_ordinal(word)) {
        next += 1;
    }
    let (year, end) = year_after(tokens, next, month)?;
    Some(Day { date: Date::new(year, month, day).ok()?, end, ambiguous: false })
}

/// The month that a word or two name, and the token after it.
fn month(tokens: &[Token], at: usize) -> Option<(i8, usize)> {
    let Kind::Word(first) = &tokens.get(at)?.kind else { return None };
    if let Some(month) = months::number(first) {
        return Some((month, at + 1));
    }
    let Kind::Word(second) = &tokens.get(at + 1)?.kind else { return None };
    months::number_of_two(first, second).map(|month| (month, at + 2))
}

/// The year that follows a day and month, past dots, commas and small words, and past the other name of the month: Arabic
/// writes both, `4 آذار/مارس 2026`.
fn year_after(tokens: &[Token], at: usize, named: i8) -> Option<(i16, usize)> {
    let mut next = at;
    while next < at + 4 {
        match &tokens.get(next)?.kind {
            Kind::Sign('.' | ',' | '-' | '/' | '\'' | '’' | '،') => next += 1,
            Kind::Word(word) if is_ordinal(word) => next += 1,
            Kind::Word(_) => next = month(tokens, next).filter(|(same, _)| *same == named)?.1,
            Kind::Number(year, 4) if (1900..2100).contains(year) => return Some((*year, next + 1)),
            _ => return None,
        }
    }
    None
}

/// Small words between the parts of a date: ordinal endings, "of", "de", Hausa "ga watan".
fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "de" | "del" | "of" | "d" | "ga" | "watan" | "di")
}

fn small(tokens: &[Token], at: usize) -> Option<i8> {
    match tokens.get(at)?.kind {
        Kind::Number(value, 1 | 2) => i8::try_from(value).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
