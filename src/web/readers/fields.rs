//! What a form brings: the fields of a query, or of a body in either of the two forms that HTML has.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use memchr::memmem;
use url::form_urlencoded;

/// Fields by their names, in their order; bytes that are no text are replaced.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

/// Why a body says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    TooLarge,
    /// It is not in one of the forms of HTML.
    Kind,
    /// It breaks off, or is not what it says it is.
    Broken,
}

/// Fields in one body: more than any page of griot's has.
const MOST: usize = 200;

impl Fields {
    pub(super) fn of_query(uri: &Uri) -> Self {
        Self::encoded(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default()
    }

    /// Reads the body of a request.
    pub(super) async fn read(request: Request) -> Result<Self, Unreadable> {
        let kind = request.headers().get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()).into_owned());
        let body = Bytes::from_request(request, &()).await.map_err(|rejected| match rejected.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Unreadable::TooLarge,
            _ => Unreadable::Broken,
        })?;
        Self::parse(kind.as_deref(), &body)
    }

    fn parse(kind: Option<&str>, body: &[u8]) -> Result<Self, Unreadable> {
        let Some(kind) = kind else {
            return if body.is_empty() { Ok(Self::default()) } else { Err(Unreadable::Kind) };
        };
        let (essence, parameters) = kind.split_once(';').unwrap_or((kind, ""));
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => Self::encoded(body),
            "multipart/form-data" => boundary(parameters).and_then(|boundary| Self::multipart(body, boundary)),
            _ => return Err(Unreadable::Kind),
        }
        .ok_or(Unreadable::Broken)
    }

    fn encoded(body: &[u8]) -> Option<Self> {
        let fields: Vec<_> =
            form_urlencoded::parse(body).take(MOST + 1).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        (fields.len() <= MOST).then_some(Self(fields))
    }

    /// The parts of `multipart/form-data` (RFC 7578), each as text; nothing where the last of them does not end.
    fn multipart(body: &[u8], boundary: &str) -> Option<Self> {
        // With a line break before it the first boundary looks like all others.
        let body = [b"\r\n", body].concat();
        let mark = format!("\r\n--{boundary}");
        let mut fields = Vec::new();
        let mut rest = after(&body, mark.as_bytes())?;
        while !rest.starts_with(b"--") {
            // Behind a boundary may stand blanks, before the end of its line (RFC 2046, section 5.1.1).
            let head_at = memmem::find(rest, b"\r\n")?;
            let part = rest.get(head_at..)?;
            let end = memmem::find(part, mark.as_bytes())?;
            let (part, further) = part.split_at_checked(end)?;
            let blank = memmem::find(part, b"\r\n\r\n")?;
            let (head, value) = part.split_at_checked(blank)?;
            let name = name_of(&String::from_utf8_lossy(head))?;
            fields.push((name, String::from_utf8_lossy(value.get(4..)?).into_owned()));
            if fields.len() > MOST {
                return None;
            }
            rest = further.get(mark.len()..)?;
        }
        Some(Self(fields))
    }

    /// The first field of this name without blanks around it; empty where there is none.
    pub(super) fn first(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.trim())
    }

    /// Whether this is what a mail program sends for its reader (RFC 8058, section 3.2).
    pub(super) fn is_one_click(&self) -> bool {
        let is = |(name, value): &(String, String)| {
            name.eq_ignore_ascii_case("List-Unsubscribe") && value.trim().eq_ignore_ascii_case("One-Click")
        };
        self.0.iter().any(is)
    }
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    bytes.get(memmem::find(bytes, mark)? + mark.len()..)
}

/// The boundary between parts, at most 70 characters (RFC 2046, section 5.1.1).
fn boundary(parameters: &str) -> Option<&str> {
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The name of a part, from its `Content-Disposition`.
fn name_of(head: &str) -> Option<String> {
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("Content-Disposition").then_some(value)
    })?;
    line.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value: Cow<'_, str> = value.trim().trim_matches('"').into();
        name.trim().eq_ignore_ascii_case("name").then(|| value.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENCODED: Option<&str> = Some("application/x-www-form-urlencoded; charset=utf-8");
    const PARTS: Option<&str> = Some("Multipart/Form-Data; charset=x; boundary=\"--X\"");

    #[test]
    fn both_forms_say_the_same() {
        let encoded = Fields::parse(ENCODED, b"list=a&list=b%26c&email=+ada%40x.example").unwrap();
        let parts = "preamble\r\n----X\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\na\r\n----X  \r\n\
                     content-disposition: form-data; name=list\r\nContent-Type: text/plain\r\n\r\nb&c\r\n----X\r\n\
                     Content-Disposition: form-data; name=\"email\"\r\n\r\n ada@x.example\r\n----X--\r\nepilogue";
        let parts = Fields::parse(PARTS, parts.as_bytes()).unwrap();
        assert_eq!(encoded, parts);
        assert_eq!(parts.all("list").collect::<Vec<_>>(), ["a", "b&c"]);
        assert_eq!((parts.first("email"), parts.first("none")), ("ada@x.example", ""));
    }

    #[test]
    fn one_click_is_known_in_both() {
        assert!(Fields::parse(ENCODED, b"List-Unsubscribe=One-Click").unwrap().is_one_click());
        let part = "----X\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n----X--";
        assert!(Fields::parse(PARTS, part.as_bytes()).unwrap().is_one_click());
        for other in
            ["", "List-Unsubscribe=", "List-Unsubscribe=No", "One-Click=List-Unsubscribe", "t=List-Unsubscribe%3DOne-Click"]
        {
            assert!(!Fields::parse(ENCODED, other.as_bytes()).unwrap().is_one_click(), "{other}");
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for kind in [Some("application/json"), Some("text/plain"), Some(""), None] {
            assert_eq!(Fields::parse(kind, b"{}"), Err(Unreadable::Kind), "{kind:?}");
        }
        assert_eq!(Fields::parse(None, b""), Ok(Fields::default()));
        let many = "a=b&".repeat(MOST + 1);
        assert_eq!(Fields::parse(ENCODED, many.as_bytes()), Err(Unreadable::Broken));
        let bomb = "----X\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(MOST + 1) + "----X--";
        for broken in [
            "",
            "garbage",
            "----X",
            "----X\r\n",
            "----X\r\n\r\n----X--",
            "----X\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue",
            "----X\r\nContent-Disposition: form-data\r\n\r\nvalue\r\n----X--",
            "----X\r\nContent-Disposition: form-data; name=a\r\nvalue\r\n----X--",
            &bomb,
        ] {
            assert_eq!(Fields::parse(PARTS, broken.as_bytes()), Err(Unreadable::Broken), "{broken:?}");
        }
        for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""] {
            assert_eq!(Fields::parse(Some(kind), b"----X--"), Err(Unreadable::Broken));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let whole = b"----X\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\xfe\r\n----X--";
        assert_eq!(Fields::parse(PARTS, whole).unwrap().first("a"), "\u{fffd}\u{fffd}");
        for end in 0..whole.len() {
            let _ = Fields::parse(PARTS, &whole[..end]);
            let mut changed = whole.to_vec();
            changed[end] = b'\r';
            let _ = Fields::parse(PARTS, &changed);
        }
        assert_eq!(Fields::parse(ENCODED, b"%ff=%&&==").unwrap().first("\u{fffd}"), "%");
    }
}
