use super::words::WordError;
use super::*;

const MESSAGE: &[u8] = b"From: =?utf-8?Q?Zo=C3=AB?= at Kora <letter@example.org>\r\n\
Subject: Rivers\r\n that =?utf-8?b?cmVtZW1iZXI=?=\r\n =?utf-8?Q?_=E2=80=93?= no. 12\r\n\
Content-Type: multipart/alternative;\r\n boundary=\"=_a;b\"\r\n\
\r\n\
Nobody reads this.\r\n\
--=_a;b\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
L=C3=A9a =\r\n\
goes\r\n\
home\r\n\
--=_a;b\r\n\
Content-Type: TEXT/HTML; charset=iso-8859-1\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
PHA+6TwvcD4K\r\n\
--=_a;b--\r\n\
Nor this.\r\n";

#[test]
fn a_message_is_headers_and_parts() {
    let message = Part::open(MESSAGE);
    assert_eq!(message.value("from").unwrap(), "Zoë at Kora <letter@example.org>");
    assert_eq!(message.value("SUBJECT").unwrap(), "Rivers that remember – no. 12");
    assert_eq!(message.field("subject").unwrap().line, 2);
    assert_eq!((message.children.len(), message.broken), (2, None));
    let text = message.first("text/plain").unwrap();
    assert_eq!(text.text(), ("Léa goes\nhome".to_owned(), true));
    assert_eq!((text.line, text.fields[0].line), (13, 10));
    let html = message.first("text/html").unwrap();
    assert_eq!(html.text(), ("<p>é</p>\n".to_owned(), true));
    assert_eq!(html.parameter("content-type", "CHARSET").as_deref(), Some("iso-8859-1"));
}

#[test]
fn what_is_broken_is_said_and_read_as_far_as_it_goes() {
    let cut = MESSAGE.len() - 30;
    let message = Part::open(&MESSAGE[..cut]);
    assert!(message.broken.unwrap().contains("cut off"));
    assert_eq!(message.children.len(), 2);
    let message = Part::open(b"Content-Type: multipart/mixed\n\nx");
    assert_eq!(message.broken, Some("the multipart names no boundary"));
    let (bytes, slips) = Part::open(b"Content-Transfer-Encoding: quoted-printable\n\na=3db=\nc=zz \n=").content();
    assert_eq!(&*bytes, b"a=bc=zz\n");
    assert_eq!(slips, [Slip { line: 1, kind: SlipKind::Blank }, Slip { line: 1, kind: SlipKind::Escape }]);
    let (_, slips) = Part::open(b"Content-Transfer-Encoding: base64\n\nA*").content();
    assert_eq!(slips, [Slip { line: 0, kind: SlipKind::Base64 }]);
    let (text, is_clean) = Part::open(b"Content-Type: text/plain; charset=utf-8\n\n\xff\r\n").text();
    assert_eq!((text.as_str(), is_clean), ("\u{FFFD}\n", false));
}

#[test]
fn encoded_words_are_read_or_left_as_they_are() {
    #[track_caller]
    fn case(value: &str, expected: &str, errors: &[WordError]) {
        assert_eq!(words::decoded(value), expected);
        let found: Vec<_> = words(value).into_iter().filter_map(|word| word.read.err()).collect();
        assert_eq!(found, errors, "{value}");
    }
    case("=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c", &[]);
    case("=?iso-8859-1*fr?Q?=E9_?= x", "é  x", &[]);
    case("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "=?utf-8?q?=C3?= =?utf-8?q?=A9?=", &[WordError::Cut, WordError::Cut]);
    case("=?x-no?q?a?=", "=?x-no?q?a?=", &[WordError::Charset]);
    case("=?utf-8?x?a?=", "=?utf-8?x?a?=", &[WordError::Encoding]);
    case("=?utf-8?b?*?=", "=?utf-8?b?*?=", &[WordError::Content]);
    case("=? =?a b?q?c?= ?=", "=? =?a b?q?c?= ?=", &[]);
}

#[test]
fn pieces_keep_quotes_and_brackets_together() {
    let all: Vec<_> = pieces("\"A, \\\"B\" <a,b@c>, d@e,", ',').map(str::trim).collect();
    assert_eq!(all, ["\"A, \\\"B\" <a,b@c>", "d@e", ""]);
}

#[test]
fn any_bytes_are_opened() {
    for at in 0..MESSAGE.len() {
        let mut bytes = MESSAGE.to_vec();
        bytes[at] = [b'\n', b'\r', b':', b'"', b'-', 0, 0xFF, b'='][at % 8];
        Part::open(&bytes).parts().iter().for_each(|part| drop((part.text(), part.parts().len())));
        Part::open(&MESSAGE[..at]);
    }
    let deep: Vec<String> =
        (0..10_000).map(|depth| format!("Content-Type: multipart/mixed; boundary=a{depth}\n\n--a{depth}\n")).collect();
    assert!(Part::open(deep.concat().as_bytes()).parts().len() <= DEEPEST + 1);
    let wide = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\nx\n".repeat(10_000));
    let message = Part::open(wide.as_bytes());
    assert_eq!((message.children.len(), message.broken), (MOST_PARTS, Some("there are too many parts")));
}
