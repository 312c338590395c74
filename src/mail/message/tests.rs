use super::*;

fn line(text: &str) -> Line {
    Line::new(text).unwrap()
}

pub(in crate::mail) fn head() -> MessageHead {
    MessageHead {
        from: Mailbox::parse("Zoë at The Delta Post <letter@delta.example>").unwrap(),
        reply_to: Some(Mailbox::parse("desk@delta.example").unwrap()),
        message_id: "2026-03-04-ferrymen.5f3a@delta.example".to_owned(),
        date: "2026-03-04T07:00:00.5Z".parse().unwrap(),
        list: (line("The Delta Post"), "letter.delta.example".to_owned()),
        archive: Href::parse("https://delta.example/letters/"),
        subscribe: None,
        help: Href::parse("https://delta.example/help"),
        owner: Some(Address::parse("owner@delta.example").unwrap()),
        feedback: Some("2026-03-04-ferrymen:letter:deltapost".to_owned()),
        language: Language::parse("fr").unwrap(),
        unsubscribe: Unsubscribe {
            page: Href::parse("https://delta.example/u/TOKEN").unwrap(),
            one_click: true,
            mail: Href::parse("mailto:leave@delta.example?subject=TOKEN"),
        },
        test: false,
    }
}

pub(in crate::mail) fn letter() -> Newsletter {
    Newsletter {
        subject: line("Ceux qui comptent l’eau – et ce que l’eau compte, au fil du delta, saison après saison"),
        html: format!("<p>L’eau = {}</p>\n<a href=\"{}\">x</a>\n", "montée ".repeat(60), Newsletter::UNSUBSCRIBE),
        text: format!(".\nL’eau monte.\n=_griot\nFrom here\n{}\n", Newsletter::UNSUBSCRIBE),
        pictures: Vec::new(),
    }
}

fn reader() -> Recipient {
    Recipient::from_ledger(Address::parse("ada@reader.example").unwrap(), Some(line("Ada \"A.\" Réader, Dr")), None)
}

fn written(head: &MessageHead) -> String {
    String::from_utf8(message(&letter(), &reader(), head).unwrap()).unwrap()
}

#[test]
fn a_message_is_lines_of_seven_bits() {
    let message = written(&head());
    assert!(message.is_ascii());
    assert_eq!(message.matches('\n').count(), message.matches("\r\n").count());
    assert_eq!(message.matches('\r').count(), message.matches("\r\n").count());
    for line in message.split("\r\n") {
        assert!(line.len() <= 76, "{line}");
    }
    assert_eq!(message, written(&head()));
}

#[test]
fn the_head_says_what_a_list_says() {
    let message = written(&head());
    for header in [
        "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\n",
        "Message-ID: <2026-03-04-ferrymen.5f3a@delta.example>\r\n",
        "Reply-To: desk@delta.example\r\n",
        "MIME-Version: 1.0\r\n",
        "List-Id: The Delta Post <letter.delta.example>\r\n",
        "List-Unsubscribe: <https://delta.example/u/TOKEN>,\r\n <mailto:leave@delta.example?subject=TOKEN>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "List-Archive: <https://delta.example/letters/>\r\n",
        "List-Help: <https://delta.example/help>\r\n",
        "List-Owner: <mailto:owner@delta.example>\r\n",
        "Feedback-ID: 2026-03-04-ferrymen:letter:deltapost\r\n",
        "Content-Language: fr\r\n",
        "Precedence: bulk\r\n",
    ] {
        assert!(message.contains(header), "{header} is missing in {message}");
    }
    for header in ["\r\nFrom:", "\r\nTo:", "\r\nSubject:", "Date:", "\r\nMessage-ID:"] {
        assert_eq!(message.matches(header).count(), 1, "{header}");
    }
    assert!(message.contains("https://delta.example/u/TOKEN") && !message.contains("unsubscribe.invalid"));
    let (text, html) = (message.find("text/plain").unwrap(), message.find("text/html").unwrap());
    assert!(text < html);
    assert_eq!(message.matches("Content-Transfer-Encoding: quoted-printable\r\n").count(), 2);
}

#[test]
fn one_click_is_promised_only_over_https() {
    let mut head = head();
    head.unsubscribe.page = Href::parse("http://delta.example/u/TOKEN").unwrap();
    assert!(!written(&head).contains("One-Click"));
    head.unsubscribe.page = Href::parse("mailto:leave@delta.example").unwrap();
    head.unsubscribe.mail = None;
    assert!(written(&head).contains("List-Unsubscribe: <mailto:leave@delta.example>\r\n"));
    assert!(!written(&head).contains("One-Click"));
}

#[test]
fn a_test_says_that_it_is_one() {
    let test = written(&MessageHead { test: true, ..head() });
    assert!(test.contains("Subject: [Test] ") && !test.contains("Precedence"));
}

#[test]
fn what_no_head_can_hold_is_refused() {
    for id in ["", "a", "a@", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "é@b"] {
        let refused = message(&letter(), &reader(), &MessageHead { message_id: id.to_owned(), ..head() });
        assert!(matches!(refused, Err(MessageError::MessageId { .. })), "{id}");
    }
    for id in ["", "letter", "a@b.c", "a..b", "a.b>\r\nX: y"] {
        let refused = message(&letter(), &reader(), &MessageHead { list: (line("L"), id.to_owned()), ..head() });
        assert!(matches!(refused, Err(MessageError::ListId { .. })), "{id}");
    }
    for date in [Timestamp::MIN, Timestamp::MAX] {
        let made = message(&letter(), &reader(), &MessageHead { date, ..head() });
        assert_eq!(made.is_ok(), date == Timestamp::MAX, "{made:?}");
    }
    let mut long = head();
    long.unsubscribe.page = Href::parse(&format!("https://e.example/{}", "a".repeat(1100))).unwrap();
    assert!(matches!(message(&letter(), &reader(), &long), Err(MessageError::LongLine { .. })));
}

#[test]
fn the_name_of_a_list_is_quoted_or_encoded() {
    let mut head = head();
    head.list.0 = line("The \"Delta\", weekly");
    assert!(written(&head).contains("List-Id: \"The \\\"Delta\\\", weekly\" <letter.delta.example>\r\n"));
    head.list.0 = line("L’eau, \"du\" Delta");
    assert!(written(&head).contains("List-Id: =?utf-8?B?TOKAmWVhdSwgImR1Ig==?= Delta <letter.delta.example>\r\n"));
}

#[test]
fn targets_are_ascii() {
    let href = Href::parse("mailto:léa@e.example?subject=a,b").unwrap();
    assert_eq!(bracketed(&href), "<mailto:l%C3%A9a@e.example?subject=a%2Cb>");
}

#[test]
fn nothing_stands_above_that_should_not() {
    let message = written(&head());
    let (above, _) = message.split_once("\r\n\r\n").unwrap();
    let names: Vec<&str> =
        above.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split_once(':').unwrap().0).collect();
    let expected = [
        "Date",
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Message-ID",
        "MIME-Version",
        "Content-Language",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Archive",
        "List-Help",
        "List-Owner",
        "Feedback-ID",
        "Precedence",
        "Content-Type",
    ];
    assert_eq!(names, expected);
}

#[test]
fn answers_go_elsewhere_only_where_that_is_said() {
    let own = Mailbox::parse("The Desk <letter@delta.example>").unwrap();
    assert!(!written(&MessageHead { reply_to: Some(own), ..head() }).contains("Reply-To"));
    assert!(!written(&MessageHead { reply_to: None, ..head() }).contains("Reply-To"));
}

fn picture(id: &str, media_type: &'static str, length: usize) -> InlinePicture {
    let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect();
    InlinePicture { id: id.to_owned(), media_type, bytes: bytes.into() }
}

#[test]
fn pictures_travel_with_the_html() {
    let mut letter = letter();
    letter.html.push_str("<img src=\"cid:picture-1@delta.example\">");
    letter.pictures = vec![picture("picture-1@delta.example", "image/jpeg", 1000), picture("logo@delta.example", "image/png", 1)];
    let message = String::from_utf8(message(&letter, &reader(), &head()).unwrap()).unwrap();
    let order = [
        "multipart/alternative;",
        "text/plain",
        "multipart/related; type=\"text/html\";",
        "text/html",
        "Content-Type: image/jpeg\r\nContent-ID: <picture-1@delta.example>\r\n\
         Content-Disposition: inline; filename=\"picture-1.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        "Content-ID: <logo@delta.example>\r\nContent-Disposition: inline; filename=\"logo.png\"\r\n",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|part| message.find(part)).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?} {message}");
    assert!(message.split("\r\n").all(|line| line.len() <= 76));
    assert_eq!(message.matches("_related--\r\n").count(), 1);
    assert!(message.trim_end().ends_with("--"));
    for id in ["", "a", "@b", "a b@c", "a\r\nX: y@c", "a>@c"] {
        letter.pictures = vec![picture(id, "image/gif", 1)];
        assert!(matches!(super::message(&letter, &reader(), &head()), Err(MessageError::PictureId { .. })), "{id}");
    }
}

#[test]
fn an_id_for_complaints_has_three_names() {
    for id in ["", "a:b", "a:b:c:d", "a::c", "a:b:c d", "a:b:c\r\nX: y", "a:b:é"] {
        let refused = message(&letter(), &reader(), &MessageHead { feedback: Some(id.to_owned()), ..head() });
        assert!(matches!(refused, Err(MessageError::FeedbackId { .. })), "{id}");
    }
    let long = format!("{}:readers:desk1", "2026-03-04-".repeat(8));
    let long = written(&MessageHead { feedback: Some(long.clone()), ..head() });
    assert!(long.contains("\r\nFeedback-ID:\r\n 2026-"), "{long}");
}
