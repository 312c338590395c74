use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::Shutdown;

use griot::domain::SubscriptionState;

use super::site::{Answer, Site, encoded};

/// What breaks out of HTML, headers, SQL and paths.
const NASTY: [&str; 9] = [
    "\"><script>alert(1)</script>",
    "' OR '1'='1'; DROP TABLE subscriber; --",
    "x\r\nBcc: victim@reader.example\r\n\r\nSPAM",
    "x%0d%0aSet-Cookie:%20a=b",
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "../../../../etc/passwd\0",
    "https://evil.example/",
    "\u{202e}\u{0}\u{feff}é",
];

#[test]
fn no_field_breaks_out_of_where_it_stands() {
    let site = Site::start();
    let stamp = site.stamp();
    let token = site.reader("readers", "ada@reader.example");
    let before = site.readers();
    let ask = |nasty: &str| {
        let mut answers = Vec::new();
        for field in ["email", "list", "language", "stamp", "website", "t", "name"] {
            let mut fields = vec![("email", "nobody@@"), ("list", "readers"), ("stamp", &stamp)];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, nasty));
            answers.push(site.post("subscribe", &fields));
            answers.push(site.get(&format!("subscribe?{}", encoded(&[(field, nasty)]))));
        }
        for page in ["confirm", "unsubscribe", "preferences"] {
            let query = encoded(&[("t", nasty), ("next", nasty), ("redirect", nasty)]);
            answers.push(site.get(&format!("{page}?{query}")));
            answers.push(site.post(&format!("{page}?{query}"), &[("press", "save"), ("List-Unsubscribe", nasty)]));
        }
        let fields = [("press", "save"), ("shown", nasty), ("list", nasty), ("language", nasty)];
        answers.push(site.post(&format!("preferences?t={token}&{}", encoded(&[("next", nasty)])), &fields));
        answers
    };
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asking: Vec<_> = NASTY.iter().map(|nasty| scope.spawn(|| ask(nasty))).collect();
        asking.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.len(), NASTY.len() * 21);
    for answer in &answers {
        assert!([200, 400, 404, 422].contains(&answer.status), "{answer:?}");
        for part in ["<script>", "<%=", "root:", "bcc:"] {
            assert!(!answer.body.split("</style>").nth(1).unwrap_or(&answer.body).contains(part), "{part}: {}", answer.body);
        }
        for name in ["set-cookie", "location", "refresh", "bcc"] {
            assert_eq!(answer.header(name), None, "{}", answer.head);
        }
        assert!(!answer.body.contains("href=\"https://evil.example") && !answer.body.contains("action=\"https:"));
        assert!(!answer.body.contains("javascript:") || answer.body.contains("value=\"javascript:"), "{}", answer.body);
    }
    assert_eq!(site.readers(), before);
}

#[test]
fn titles_are_text_whatever_stands_in_them() {
    let lists = "[serve]\nurl = \"https://www.example.org/letters/\"\n\
                 [[lists]]\nname = \"readers\"\ntitle = \"</title><script>1</script>\"\ndescription = \"\\\"><img src=x>\"\n\
                 [[lists]]\nname = \"fish\"\ntitle = \"<b>Fish</b>\"\n";
    let site = Site::of(crate::harness::Desk::with_config(lists));
    let token = site.reader("readers", "ada@reader.example");
    for page in ["subscribe", &format!("unsubscribe?t={token}"), &format!("preferences?t={token}")] {
        let body = site.get(page).body;
        assert!(body.contains("&#60;script&#62;1&#60;/script&#62;"), "{body}");
        assert!(!body.contains("<script>") && !body.contains("<img") && !body.contains("<b>Fish"), "{body}");
    }
}

#[test]
fn every_page_says_what_browsers_may_do_with_it() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let unsubscribe = format!("unsubscribe?t={token}");
    let answers = [
        site.get("subscribe"),
        site.post("subscribe", &[]),
        site.get("confirm?t=x"),
        site.get(&unsubscribe),
        site.post(&unsubscribe, &[("List-Unsubscribe", "One-Click")]),
        site.get(&format!("preferences?t={token}")),
        site.ask("POST", "subscribe", "Content-Type: text/plain\r\n", b"x"),
        site.ask("HEAD", "subscribe", "", b""),
    ];
    for answer in &answers {
        let policy = answer.header("content-security-policy").unwrap();
        for part in
            ["default-src 'none'", "style-src 'sha256-", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("x-robots-tag", "noindex"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{}", answer.head);
        }
        assert_eq!((answer.header("set-cookie"), answer.header("location")), (None, None), "{}", answer.head);
    }
}

#[test]
fn no_other_host_gets_into_a_page() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    for page in ["subscribe".to_owned(), format!("unsubscribe?t={token}"), "/evil.example/%2f..".to_owned()] {
        let request = format!(
            "GET /letters/{page} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n\
             Referer: https://evil.example/\r\nConnection: close\r\n\r\n"
        );
        let answer = site.send(request);
        assert!(!answer.body.contains("evil.example") && !answer.head.contains("evil.example"), "{answer:?}");
    }
    let proxied = "GET http://evil.example/letters/subscribe HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert!(!site.send(proxied).body.contains("evil.example"));
}

#[test]
fn nobody_acts_for_a_reader_from_elsewhere() {
    // There is no cookie and no login: what a browser sends along from another site is nothing. The token alone acts, and it
    // stands in no page that is not the reader's own.
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let page = site.get(&format!("unsubscribe?t={token}"));
    assert_eq!(page.header("set-cookie"), None);
    let forged =
        "Cookie: t={token}; session=1\r\nAuthorization: Bearer x\r\nOrigin: https://evil.example\r\n".replace("{token}", &token);
    for (path, fields) in [
        ("unsubscribe", [("press", "yes"), ("t", token.as_str())]),
        ("unsubscribe", [("List-Unsubscribe", "One-Click"), ("t", &token)]),
        ("preferences", [("press", "leave"), ("t", &token)]),
        ("confirm", [("press", "yes"), ("t", &token)]),
    ] {
        assert_eq!(site.post_with(path, &forged, &fields).status, 404, "{path}");
    }
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Confirmed);
}

#[test]
fn ten_thousand_guesses_are_ten_thousand_failures() {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
    const EACH: usize = 100;
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let before = site.readers();
    // Neighbours of a good one by each letter, its pieces, tokens for other deeds, and the rest drawn from a hat.
    let mut guesses: Vec<String> = Vec::new();
    for at in 0..token.len() {
        for letter in ALPHABET {
            let mut guess = token.clone().into_bytes();
            guess[at] = *letter;
            guesses.push(String::from_utf8(guess).unwrap());
        }
        guesses.push(token[..at].to_owned());
        guesses.push(token[at + 1..].to_owned());
    }
    guesses.retain(|guess| *guess != token);
    guesses.push(site.confirming_token("readers", "ada@reader.example"));
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    while guesses.len() < 10_000 {
        let draw = |_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            char::from(ALPHABET[usize::try_from(seed % 32).unwrap()])
        };
        guesses.push((0..39).map(draw).collect());
    }
    let mut refused = 0;
    for (at, guesses) in guesses.chunks(EACH).enumerate() {
        let (page, body) = [
            ("unsubscribe", "List-Unsubscribe=One-Click"),
            ("preferences", "press=leave"),
            ("confirm", "press=yes"),
            ("unsubscribe", "press=yes"),
        ][at % 4];
        if page == "confirm" {
            continue;
        }
        let mut requests = String::new();
        for (at, guess) in guesses.iter().enumerate() {
            let last = if at + 1 == guesses.len() { "Connection: close\r\n" } else { "" };
            write!(
                requests,
                "POST /letters/{page}?t={guess} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\n{last}\r\n{body}",
                body.len()
            )
            .unwrap();
        }
        let mut stream = site.connect();
        let mut answers = String::new();
        std::thread::scope(|scope| {
            let mut writer = stream.try_clone().unwrap();
            scope.spawn(move || writer.write_all(requests.as_bytes()).unwrap());
            stream.read_to_string(&mut answers).unwrap();
        });
        let count = answers.matches("HTTP/1.1 404 Not Found\r\n").count();
        assert_eq!((count, answers.matches("HTTP/1.1 ").count()), (guesses.len(), guesses.len()), "{page}");
        refused += count;
    }
    assert!(refused >= 7_500, "{refused}");
    assert_eq!(site.readers(), before);
}

#[test]
fn bodies_that_are_too_large_broken_or_never_end_are_refused() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let page = format!("unsubscribe?t={token}");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let large = format!("List-Unsubscribe=One-Click&x={}", "x".repeat(9_000));
    for page in ["subscribe", "confirm", "preferences", &page] {
        assert_eq!(site.ask("POST", page, form, large.as_bytes()).status, 413, "{page}");
    }
    // One that does not say how long it is.
    let chunks = format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let head =
        format!("POST /letters/{page} HTTP/1.1\r\nHost: x\r\n{form}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    let chunked = site.send(head.clone() + &chunks);
    assert!(chunked.status == 413 && chunked.body.contains("This could not be read"), "{chunked:?}");
    for broken in ["zz\r\nx\r\n", "ffffffffffffffff\r\nx", "-1\r\n"] {
        let mut stream = site.connect();
        stream.write_all((head.clone() + broken).as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{broken}");
    }
    // A part in a part in a part, and parts without an end.
    let kind = "Content-Type: multipart/form-data; boundary=b\r\n";
    let bomb = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n".repeat(150);
    let many = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n".repeat(130) + "--b--";
    for (body, status) in [(bomb.as_str(), 400), (&many, 400), ("--b", 400), ("\u{0}\u{1}\u{ff}", 400), ("--b--", 400)] {
        assert_eq!(site.ask("POST", &page, kind, body.as_bytes()).status, status, "{body:?}");
    }
    // Less than was announced, and then nothing.
    let mut stream = site.connect();
    write!(stream, "POST /letters/{page} HTTP/1.1\r\nHost: x\r\n{form}Content-Length: 26\r\n\r\nList-Unsub").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Confirmed);
}
