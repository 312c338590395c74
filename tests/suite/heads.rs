use crate::harness::{Desk, RIVER};
use crate::servers::mta::{ALL, Manners, Mta};

/// Every header of a message in order, unfolded.
fn headers(message: &str) -> Vec<(String, String)> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    let lines = head.replace("\r\n ", " ");
    lines
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[track_caller]
fn value<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let values: Vec<&str> = headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect();
    assert_eq!(values.len(), 1, "{name}: {headers:?}");
    values[0]
}

/// A page with this title, published; gives its letter as a mail.
#[track_caller]
fn letter(desk: &Desk, title: &str) -> String {
    desk.write("page.html", format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>x</title><meta property=\"article:published_time\" content=\"2026-03-04\">\
         </head><body><article><h1>{title}</h1><p>{}</p></article></body></html>",
        "The Niger has risen by two metres in a night, and the ferries have stopped. ".repeat(6)
    ));
    let told = desk.done(&["publish", "page.html"]);
    let id = told.split_whitespace().nth(1).unwrap();
    desk.read(&format!("feeds/editions/{id}/letter.eml"))
}

const NAMES: [&str; 12] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "MIME-Version",
    "Content-Language",
    "List-Id",
    "List-Unsubscribe",
    "List-Owner",
    "Precedence",
    "Content-Type",
];

#[test]
fn no_title_gets_out_of_its_header() {
    for title in [
        "A river&#13;&#10;Bcc: all@desk.example&#13;&#10;&#13;&#10;Hello",
        "A river\r\nBcc: all@desk.example",
        "A river\u{1}with\u{1b}[31mcontrols\u{7f}\u{85}and\u{9b}more",
        "A river \u{202E}sesir\u{202C} and \u{2066}falls\u{2069} \u{FEFF}again",
        "=?utf-8?Q?A=0D=0ABcc:_all=40desk.example?= =?utf-8?B?QQ==?=",
        &"x".repeat(500),
        &format!("{} river", "word ".repeat(2000)),
        &"é".repeat(3000),
        &"👩‍🚀🌊".repeat(300),
        "مالي: ماذا بعد عودة الجيش؟",
        "\"Quoted\" \\ <angle@desk.example>, (comment); list:",
    ] {
        let letter = letter(&Desk::new(), title);
        let headers = headers(&letter);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, NAMES, "{title}");
        let (head, body) = letter.split_once("\r\n\r\n").unwrap();
        assert!(letter.is_ascii() && !head.bytes().any(|byte| byte < b' ' && byte != b'\r' && byte != b'\n'), "{head}");
        for line in head.split("\r\n").filter(|line| !line.starts_with("Message-ID")) {
            assert!(line.len() <= 76, "{line}");
        }
        assert!(body.split("\r\n").all(|line| line.len() <= 76), "{title}");
        assert_eq!(letter.replace("\r\n", "").matches(['\r', '\n']).count(), 0, "{title}");
        assert!(!value(&headers, "Subject").contains("=0D") && !value(&headers, "Subject").contains("=0A"), "{head}");
    }
}

#[test]
fn no_name_gets_out_of_its_header() {
    for name in ["The Desk\\r\\nBcc: a@b.example", "D\\u202Eksed\\u0007", "Zoë, \\\"Z\\\" <a@b.example> @ Kora", "=?utf-8?Q?x?="]
    {
        let desk = Desk::new();
        let config = desk.read("config/griot.toml");
        let from = format!("from = \"{name} <letter@example.org>\"");
        let config = config
            .replace("from = \"The Desk <letter@example.org>\"", &from)
            .replace("title = \"The Desk\"", &format!("title = \"{name}\""));
        desk.write("config/griot.toml", config);
        let letter = letter(&desk, "A river rises");
        let headers = headers(&letter);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, NAMES, "{name}");
        assert!(letter.is_ascii());
        let from = value(&headers, "From").strip_suffix(" <letter@example.org>").unwrap();
        assert!(from.starts_with('"') || !from.contains(['<', '@', ',']), "{from}");
        assert!(value(&headers, "List-Id").ends_with(" <readers.www.example.org>"));
    }
}

/// With this change the config is refused.
#[track_caller]
fn refused(desk: &Desk, config: &str, from: &str, to: &str, expected: &str) {
    assert!(config.contains(from));
    desk.write("config/griot.toml", config.replace(from, to));
    let ran = desk.griot(&["status"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
}

#[test]
fn a_desk_says_how_readers_leave_and_whom_they_can_ask() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "[site]\npages = true\n");
    desk.at("2026-03-04T13:00:00Z");
    let config = desk.read("config/griot.toml").replace(
        "unsubscribe = \"mailto:leave@example.org\"",
        "unsubscribe = \"https://www.example.org/leave\"\nunsubscribe_mail = \"mailto:leave@example.org\"\none_click = true\n\
         reply_to = \"desk@example.org\"\nhelp = \"https://www.example.org/help\"\nfeedback_id = \"thedesk\"",
    );
    desk.write("config/griot.toml", &config);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "ada@reader.example", "--confirmed", "asked at the fair"]);
    desk.done(&["send"]);
    let kept = server.kept().remove(0);
    let headers = headers(&kept.data);
    let ways_out = value(&headers, "List-Unsubscribe");
    let token = ways_out.strip_prefix("<https://www.example.org/leave?t=").unwrap().get(..39).unwrap();
    let expected = format!("<https://www.example.org/leave?t={token}>, <mailto:leave@example.org?subject=unsubscribe%20{token}>");
    assert_eq!(ways_out, expected);
    for (name, expected) in [
        ("Reply-To", "desk@example.org"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Archive", "<https://www.example.org/feeds/editions/index.html>"),
        ("List-Help", "<https://www.example.org/help>"),
        ("List-Owner", "<mailto:desk@example.org>"),
        ("Feedback-ID", "2026-03-04-a-river-rises:readers:thedesk"),
        ("Precedence", "bulk"),
    ] {
        assert_eq!(value(&headers, name), expected);
    }
    refused(
        &desk,
        &config,
        "https://www.example.org/leave\"",
        "http://www.example.org/leave\"",
        "`letter.one_click`: needs an `https` page",
    );
    refused(
        &desk,
        &config,
        "\"https://www.example.org/leave\"",
        "\"mailto:leave@example.org\"",
        "`letter.unsubscribe_mail`: stands beside a page",
    );
    refused(
        &desk,
        &config,
        "\"mailto:leave@example.org\"",
        "\"https://example.org/\"",
        "`letter.unsubscribe_mail`: `https://example.org/` is not a mailbox",
    );
    refused(&desk, &config, "\"thedesk\"", "\"the desk\"", "`letter.feedback_id`: `the desk` is not a name of 5 to 15 letters");
}

#[test]
fn an_international_domain_goes_over_the_wire_in_ascii() {
    let server = Mta::with(Manners::offering(&ALL));
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    let config = desk.read("config/griot.toml").replace("letter@example.org", "letter@fluß.example");
    desk.write("config/griot.toml", config);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", "email,name\nAda.L@Bücher.example,Ada\nzoë@reader.example,Zoë\n用户@例子.example,\n");
    let ran = desk.griot(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    assert_eq!(ran.stderr.matches("it needs SMTPUTF8, since the part before the @ is not ASCII").count(), 2, "{ran:?}");
    desk.done(&["send"]);
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].from.as_str(), kept[0].to.as_str()), ("letter@xn--flu-7ka.example", "Ada.L@xn--bcher-kva.example"));
    let headers = headers(&kept[0].data);
    assert_eq!(value(&headers, "To"), "Ada <Ada.L@xn--bcher-kva.example>");
    assert_eq!(value(&headers, "From"), "The Desk <letter@xn--flu-7ka.example>");
    assert!(value(&headers, "Message-ID").ends_with("@xn--flu-7ka.example>"));
    assert!(kept[0].data.is_ascii());
    let ran = desk.griot(&["send", "--test", "zoë@desk.example"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("SMTPUTF8"), "{}", ran.stderr);
    let config = desk.read("config/griot.toml").replace("letter@fluß.example", "lettre-é@example.org");
    desk.write("config/griot.toml", config);
    let ran = desk.griot(&["letter", "compose"]);
    assert_eq!((ran.code, ran.stderr.contains("SMTPUTF8")), (2, true), "{}", ran.stderr);
}
