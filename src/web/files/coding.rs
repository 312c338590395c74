//! Compression: what a client takes (RFC 9110, section 12.5.3), and how it is made.

use std::io::{self, Write};

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// How a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Brotli,
}

/// How hard brotli tries, and up to how many bytes it tries harder. Whoever asks first waits for it: 100 KB of feed take a
/// quarter of a second and become a tenth smaller than by gzip; of 800 KB that would be two seconds.
const BROTLI: (i32, i32, usize) = (9, 10, 256 * 1024);
/// The largest window that every client has to take (RFC 7932, section 9.1): 4 MB, more than is ever compressed.
const BROTLI_WINDOW: i32 = 22;

impl Coding {
    /// What the client likes best of what there is; of what it likes as well, the smaller one. One that takes nothing gets the
    /// file as it is.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut liking = Liking::default();
        for list in headers.get_all(ACCEPT_ENCODING) {
            for entry in list.as_bytes().split(|byte| *byte == b',') {
                liking.hear(entry);
            }
        }
        liking.best()
    }

    /// What is added to the tag of a file, so that each form of it has its own.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// Its name in `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// The bytes compressed; the same bytes for the same input.
    pub(super) fn encode(self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(bytes.to_vec()),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(bytes)?;
                encoder.finish()
            }
            Self::Brotli => {
                let (usual, harder, up_to) = BROTLI;
                let parameters = BrotliEncoderParams {
                    quality: if bytes.len() <= up_to { harder } else { usual },
                    lgwin: BROTLI_WINDOW,
                    size_hint: bytes.len(),
                    ..BrotliEncoderParams::default()
                };
                let (mut input, mut out) = (bytes, Vec::new());
                brotli::BrotliCompress(&mut input, &mut out, &parameters)?;
                Ok(out)
            }
        }
    }
}

/// How much a client likes each coding, in thousandths; `None` where it does not say.
#[derive(Clone, Copy, Debug, Default)]
struct Liking {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    rest: Option<u16>,
}

impl Liking {
    /// One entry of the list: `gzip;q=0.5`.
    fn hear(&mut self, entry: &[u8]) {
        let mut parts = entry.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix(b"q=").or_else(|| part.strip_prefix(b"Q=")));
        // What makes no sense is not liked: the file as it is can be read by everyone.
        let liking = Some(weight.map_or(1000, |weight| thousandths(weight).unwrap_or(0)));
        match name {
            b"*" => self.rest = liking,
            name if name.eq_ignore_ascii_case(b"br") => self.brotli = liking,
            name if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => self.gzip = liking,
            name if name.eq_ignore_ascii_case(b"identity") => self.identity = liking,
            _ => {}
        }
    }

    fn best(self) -> Coding {
        let (brotli, gzip) = (self.brotli.or(self.rest).unwrap_or(0), self.gzip.or(self.rest).unwrap_or(0));
        let best = brotli.max(gzip);
        if best == 0 || self.identity.is_some_and(|identity| identity > best) {
            Coding::Identity
        } else if brotli == best {
            Coding::Brotli
        } else {
            Coding::Gzip
        }
    }
}

/// A weight such as `1`, `0.5` or `0.123` (RFC 9110, section 12.4.2).
fn thousandths(weight: &[u8]) -> Option<u16> {
    let (whole, fraction) = match weight {
        [whole, b'.', fraction @ ..] => (whole, fraction),
        [whole] => (whole, &[][..]),
        _ => return None,
    };
    if !fraction.iter().all(u8::is_ascii_digit) || fraction.len() > 3 {
        return None;
    }
    let thousandths = [100, 10, 1].iter().zip(fraction).map(|(worth, digit)| worth * u16::from(digit - b'0')).sum::<u16>();
    match whole {
        b'0' => Some(thousandths),
        b'1' if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn case(accepted: &[&'static str], coding: Coding) {
        let mut headers = HeaderMap::new();
        for line in accepted {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(line));
        }
        assert_eq!(Coding::of(&headers), coding, "{accepted:?}");
    }

    #[test]
    fn a_client_gets_what_it_likes_best() {
        case(&[], Coding::Identity);
        case(&[""], Coding::Identity);
        case(&["gzip, deflate"], Coding::Gzip);
        case(&["gzip, deflate, br, zstd"], Coding::Brotli);
        case(&["gzip", "br"], Coding::Brotli);
        case(&["GZIP;Q=0.5"], Coding::Gzip);
        case(&["x-gzip"], Coding::Gzip);
        case(&["gzip;q=1.0, br;q=0.9"], Coding::Gzip);
        case(&["br;q=0, gzip ; q=0.001"], Coding::Gzip);
        case(&["gzip;q=0"], Coding::Identity);
        case(&["*"], Coding::Brotli);
        case(&["*;q=0.5, br;q=0"], Coding::Gzip);
        case(&["identity, gzip;q=0.5"], Coding::Identity);
        case(&["identity;q=0.5, gzip"], Coding::Gzip);
        case(&["identity;q=0, *;q=0"], Coding::Identity);
        case(&["deflate, zstd"], Coding::Identity);
        for nonsense in ["gzip;q=2", "gzip;q=0.1234", "gzip;q=", "gzip;q=-1", "gzip;q=1.001", ";;,=,q", "gzip;q=.5"] {
            case(&[nonsense], Coding::Identity);
        }
    }

    #[test]
    fn what_is_compressed_can_be_read_again() {
        let text = "The Niger has risen by two metres in a night. ".repeat(200);
        let zipped = Coding::Gzip.encode(text.as_bytes()).unwrap();
        let mut read = String::new();
        flate2::read::GzDecoder::new(&*zipped).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
        let pressed = Coding::Brotli.encode(text.as_bytes()).unwrap();
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &*pressed, &mut read).unwrap();
        assert_eq!(read, text.as_bytes());
        assert!(pressed.len() < zipped.len() && zipped.len() < 200, "{} {}", pressed.len(), zipped.len());
        for coding in [Coding::Gzip, Coding::Brotli] {
            assert_eq!(coding.encode(text.as_bytes()).unwrap(), coding.encode(text.as_bytes()).unwrap());
        }
    }
}
