//! Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis: pages, of which each tells how much has been played by its end.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// A page's head.
struct Page {
    is_first: bool,
    /// Samples by its end; none where no packet ends in it.
    position: Option<i64>,
    serial: u32,
    body: u64,
    end: u64,
}

/// One stream after the other: how much of it has been played.
struct Stream {
    serial: u32,
    format: SoundFormat,
    rate: u32,
    /// Samples at the beginning that are not played.
    skip: i64,
    begin: Option<i64>,
    last: i64,
}

/// Seconds that no first page reaches: its position says that the stream was cut out of a longer one.
const LONGEST_PAGE: i64 = 31;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>) -> Result<Measured, Fault> {
    let mut at = 0;
    let (mut millis, mut format, mut stream) = (0_u64, None, None::<Stream>);
    while at < window.length() {
        let page = page(window, at)?;
        if page.is_first {
            match begun(window, &page)? {
                Some(next) => {
                    millis = millis.saturating_add(stream.take().map_or(0, |stream| stream.millis()));
                    format = format.or(Some(next.format));
                    stream = Some(next);
                }
                // A picture or a text beside the sound.
                None if stream.is_some() => {}
                None => return Err(broken("it is Ogg, and neither Opus nor Vorbis")),
            }
        } else if let (Some(stream), Some(position)) = (stream.as_mut().filter(|it| it.serial == page.serial), page.position) {
            // Pages of the header stand at 0.
            if position > 0 {
                stream.begin.get_or_insert(position);
                stream.last = stream.last.max(position);
            }
        }
        at = page.end;
    }
    millis = millis.saturating_add(stream.map_or(0, |stream| stream.millis()));
    let format = format.ok_or_else(|| broken("it is empty"))?;
    if millis == 0 {
        return Err(broken("there is no sound in it"));
    }
    Ok(Measured { format, millis })
}

impl Stream {
    fn millis(&self) -> u64 {
        let rate = i64::from(self.rate);
        let begin = self.begin.filter(|begin| *begin > rate.saturating_mul(LONGEST_PAGE)).unwrap_or(self.skip);
        let samples = u64::try_from(self.last.saturating_sub(begin)).unwrap_or(0);
        samples.saturating_mul(1000) / u64::from(self.rate.max(1))
    }
}

fn page<R: Read + Seek>(window: &mut Window<R>, at: u64) -> Result<Page, Fault> {
    let head = window.exactly::<27>(at)?.ok_or(Fault::Truncated)?;
    let [b'O', b'g', b'g', b'S', 0, flags, p0, p1, p2, p3, p4, p5, p6, p7, s0, s1, s2, s3, .., count] = head else {
        // Zeros and the like at the end are a copy that was broken off.
        return Err(broken("a page of it does not begin as an Ogg page does"));
    };
    let position = i64::from_le_bytes([p0, p1, p2, p3, p4, p5, p6, p7]);
    let table = window.at(at + 27, usize::from(count))?;
    if table.len() < usize::from(count) {
        return Err(Fault::Truncated);
    }
    let size: u64 = table.iter().map(|size| u64::from(*size)).sum();
    let body = at + 27 + u64::from(count);
    let end = body + size;
    if end > window.length() {
        return Err(Fault::Truncated);
    }
    let serial = u32::from_le_bytes([s0, s1, s2, s3]);
    Ok(Page { is_first: flags & 2 != 0, position: Some(position).filter(|at| *at >= 0), serial, body, end })
}

/// The stream that begins with this page, if it is one of sound.
fn begun<R: Read + Seek>(window: &mut Window<R>, page: &Page) -> Result<Option<Stream>, Fault> {
    let length = usize::try_from(page.end - page.body).unwrap_or(0).min(64);
    let head = window.at(page.body, length)?;
    let stream = |format, rate, skip| Stream { serial: page.serial, format, rate, skip, begin: None, last: 0 };
    Ok(match head {
        [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', _, _, skip0, skip1, ..] => {
            // Positions of Opus count at 48 kHz, whatever it was made of (RFC 7845, section 4).
            Some(stream(SoundFormat::Opus, 48_000, i64::from(u16::from_le_bytes([*skip0, *skip1]))))
        }
        [1, b'v', b'o', b'r', b'b', b'i', b's', 0, 0, 0, 0, _, r0, r1, r2, r3, ..] => {
            let rate = u32::from_le_bytes([*r0, *r1, *r2, *r3]);
            if rate == 0 {
                return Err(broken("it tells a rate of 0 samples a second"));
            }
            Some(stream(SoundFormat::Vorbis, rate, 0))
        }
        _ => None,
    })
}
