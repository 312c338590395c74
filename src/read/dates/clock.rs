//! The time of day that stands beside a date, and its zone.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::{Kind, Token, small};
use crate::domain::Moment;

/// A time of day with the zone in which it is written.
pub(super) struct Clock {
    time: Time,
    offset: Option<Offset>,
    /// Whether it is of the twelve-hour clock: `4:10 p.m.`.
    pub(super) twelve: bool,
    /// The token where it ends, or where it begins if it stands before its date.
    pub(super) at: usize,
}

impl Clock {
    /// The instant on a day; none without a zone, since then the instant is not known.
    pub(super) fn on(&self, date: Date) -> Option<Moment> {
        let offset = self.offset?;
        let at = offset.to_timestamp(DateTime::from_parts(date, self.time)).ok()?;
        Some(Moment::Instant(at, offset))
    }
}

/// How many tokens may stand between a date and its time: `2023, um 10:02`, `2023 | at 4:10pm`.
const REACH: usize = 4;

pub(super) fn time_after(tokens: &[Token], at: usize) -> Option<Clock> {
    for next in at..=at + REACH {
        match &tokens.get(next)?.kind {
            Kind::Number(..) => return time(tokens, next),
            Kind::Word(word) if word.chars().count() <= 4 => {}
            Kind::Sign(',' | '-' | '–' | '—' | '|' | '·' | '•' | '.' | '/' | '(' | ':' | '،') => {}
            _ => return None,
        }
    }
    None
}

/// A time that stands before its date, not reaching back over `floor` (a byte).
pub(super) fn time_before(tokens: &[Token], at: usize, floor: usize) -> Option<Clock> {
    (at.saturating_sub(8)..at).find_map(|start| {
        let token = tokens.get(start)?;
        let inside =
            start > 0 && !token.spaced && matches!(tokens.get(start - 1)?.kind, Kind::Number(..) | Kind::Sign(':' | '.' | '/'));
        if token.span.start < floor || inside {
            return None;
        }
        let clock = time(tokens, start)?;
        let between = tokens.get(clock.at..at)?;
        let close = between.len() <= 2
            && between.iter().all(|token| match &token.kind {
                Kind::Sign(',' | '-' | '–' | '|' | '·' | '.') => true,
                Kind::Word(word) => word.chars().count() <= 3,
                _ => false,
            });
        close.then_some(Clock { at: start, ..clock })
    })
}

/// `10:02`, `10.02 Uhr`, `10h02`, `10:02:33.5Z`, `4:10 p.m. GMT`, from its first number.
fn time(tokens: &[Token], at: usize) -> Option<Clock> {
    let mut hour = small(tokens, at)?;
    let mut next = at + 1;
    let mut minute = 0;
    let mut second = 0;
    let colon = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Sign(':' | '.')) => true,
        Some(Kind::Word(word)) => word == "h",
        _ => false,
    };
    if colon(next) && small(tokens, next + 1).is_some() {
        minute = small(tokens, next + 1)?;
        next += 2;
        if colon(next) && small(tokens, next + 1).is_some() {
            second = small(tokens, next + 1)?;
            next += 2;
            if matches!(
                tokens.get(next..next + 2),
                Some([Token { kind: Kind::Sign('.'), .. }, Token { kind: Kind::Number(..), spaced: false, .. }])
            ) {
                next += 2;
            }
        }
    } else if half(tokens, next).is_none() {
        return None;
    }
    let half = half(tokens, next);
    if let Some((afternoon, end)) = half {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        next = end;
    }
    if matches!(tokens.get(next).map(|token| &token.kind), Some(Kind::Word(word)) if word == "uhr" || word == "h") {
        next += 1;
    }
    let (offset, end) = zone(tokens, next).map_or((None, next), |(offset, end)| (Some(offset), end));
    Some(Clock { time: Time::new(hour, minute, second, 0).ok()?, offset, twelve: half.is_some(), at: end })
}

/// `am`, `p.m.`: whether it is the afternoon, and the token after it.
fn half(tokens: &[Token], at: usize) -> Option<(bool, usize)> {
    let word = |at: usize| match tokens.get(at).map(|token| &token.kind) {
        Some(Kind::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let dot = |at: usize| matches!(tokens.get(at).map(|token| &token.kind), Some(Kind::Sign('.')));
    match word(at)? {
        "am" => Some((false, at + 1)),
        "pm" => Some((true, at + 1)),
        letter @ ("a" | "p") if dot(at + 1) && word(at + 2) == Some("m") => {
            Some((letter == "p", if dot(at + 3) { at + 4 } else { at + 3 }))
        }
        _ => None,
    }
}

/// The offset from UTC that is written after a time, and the token after it.
fn zone(tokens: &[Token], at: usize) -> Option<(Offset, usize)> {
    let mut next = at;
    if matches!(tokens.get(next).map(|token| &token.kind), Some(Kind::Sign('('))) {
        next += 1;
    }
    let named = match &tokens.get(next)?.kind {
        Kind::Word(word) => {
            let minutes = zone_minutes(word)?;
            next += 1;
            minutes
        }
        Kind::Sign('+' | '-' | '−') if !tokens.get(next)?.spaced => 0,
        _ => return None,
    };
    let sign = match tokens.get(next).map(|token| &token.kind) {
        Some(Kind::Sign('+')) => 1,
        Some(Kind::Sign('-' | '−')) => -1,
        _ => 0,
    };
    let mut minutes = named;
    // Only an offset that touches its sign is one: "GMT - 5 min read" is not.
    if sign != 0 && named == 0 && tokens.get(next + 1).is_some_and(|token| !token.spaced) {
        match tokens.get(next + 1).map(|token| &token.kind) {
            Some(Kind::Number(value, 4)) => {
                minutes = sign * (i32::from(value / 100) * 60 + i32::from(value % 100));
                next += 2;
            }
            Some(Kind::Number(hours, 1 | 2)) => {
                minutes = sign * i32::from(*hours) * 60;
                next += 2;
                if matches!(tokens.get(next).map(|token| &token.kind), Some(Kind::Sign(':')))
                    && let Some(rest) = small(tokens, next + 1)
                {
                    minutes += sign * i32::from(rest);
                    next += 2;
                }
            }
            _ => {}
        }
    }
    Some((Offset::from_seconds(minutes * 60).ok()?, next))
}

/// Minutes from UTC of a zone's short name. Names that mean several zones (IST, ET, AST) are left out.
fn zone_minutes(name: &str) -> Option<i32> {
    Some(match name {
        "z" | "gmt" | "utc" | "wet" | "tu" => 0,
        "bst" | "cet" | "mez" | "wat" | "west" => 60,
        "cest" | "mesz" | "cat" | "sast" | "eet" => 120,
        "eat" | "eest" | "msk" | "trt" => 180,
        "wib" => 420,
        "sgt" | "hkt" => 480,
        "jst" | "kst" => 540,
        "aest" => 600,
        "aedt" => 660,
        "edt" => -240,
        "est" | "cdt" => -300,
        "cst" | "mdt" => -360,
        "mst" | "pdt" => -420,
        "pst" => -480,
        _ => return None,
    })
}
