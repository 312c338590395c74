use griot::domain::SubscriptionState;

use super::site::{Answer, Site};

const ONE_CLICK: &[(&str, &str)] = &[("List-Unsubscribe", "One-Click")];

#[track_caller]
fn has_left(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("You have unsubscribed"), "{}", answer.body);
    assert_eq!((answer.header("location"), answer.header("set-cookie")), (None, None));
}

#[test]
fn one_click_leaves_at_once_in_either_form_of_a_body() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    has_left(&site.post(&format!("unsubscribe?t={token}"), ONE_CLICK));
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Left);
    has_left(&site.post(&format!("unsubscribe?t={token}"), ONE_CLICK));
    let token = site.reader("fish", "ben@reader.example").to_uppercase();
    // RFC 8058, section 8.2, but for the list.
    let body = "---FormBoundaryjWmhtjORrn\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n\
                ---FormBoundaryjWmhtjORrn--\r\n";
    let kind = "Content-Type: multipart/form-data; boundary=-FormBoundaryjWmhtjORrn\r\n";
    has_left(&site.ask("POST", &format!("unsubscribe?t={token}"), kind, body.as_bytes()));
    assert_eq!(site.state("fish", "ben@reader.example"), SubscriptionState::Left);
    assert_eq!(site.receipts(), ["ada@reader.example left readers one-click", "ben@reader.example left fish one-click"]);
}

#[test]
fn the_page_shows_one_button_and_the_button_leaves() {
    let site = Site::start();
    let token = site.reader("fish", "ada@reader.example");
    let page = format!("unsubscribe?t={token}");
    let before = site.readers();
    let question = site.get(&page);
    assert_eq!(question.body.matches("<button").count(), 1);
    for part in ["<bdi>Fish &#38; Nets</bdi>", "a***@r***", &format!("preferences?t={token}"), &format!("action=\"{page}\"")] {
        assert!(question.body.contains(part), "no {part}: {}", question.body);
    }
    assert!(!question.body.contains("ada@"));
    for query in ["&press=yes", "&List-Unsubscribe=One-Click", "&_method=POST&press=yes&leave=1"] {
        for method in ["GET", "HEAD"] {
            assert_eq!(site.ask(method, &format!("{page}{query}"), "X-HTTP-Method-Override: POST\r\n", b"").status, 200);
        }
    }
    assert_eq!(site.readers(), before);
    has_left(&site.post(&page, &[("press", "yes")]));
    assert_eq!(site.state("fish", "ada@reader.example"), SubscriptionState::Left);
    assert_eq!(site.receipts(), ["ada@reader.example left fish page"]);
    has_left(&site.get(&page));
}

#[test]
fn a_token_that_is_none_is_no_success_and_helps_on() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let cut = &token[..38];
    for token in ["", cut, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "%27%20OR%201%3D1"] {
        for answer in [site.get(&format!("unsubscribe?t={token}")), site.post(&format!("unsubscribe?t={token}"), ONE_CLICK)] {
            assert_eq!(answer.status, 404, "{token}");
            assert!(answer.body.contains("This link is not known here") && answer.body.contains("mailto:desk@example.org"));
        }
    }
    let missing = site.post("unsubscribe", ONE_CLICK);
    assert_eq!(missing.status, 404);
    let confirming = site.confirming_token("readers", "ada@reader.example");
    assert_eq!(site.post(&format!("unsubscribe?t={confirming}"), ONE_CLICK).status, 404, "it is for something else");
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Confirmed);
}

#[test]
fn a_body_that_asks_for_nothing_changes_nothing() {
    let site = Site::start();
    let token = site.reader("readers", "ada@reader.example");
    let page = format!("unsubscribe?t={token}");
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    for (headers, body, status) in [
        (form, "", 400),
        (form, "List-Unsubscribe=Two-Click", 400),
        ("Content-Type: application/json\r\n", "{\"List-Unsubscribe\":\"One-Click\"}", 415),
        ("", "List-Unsubscribe=One-Click", 415),
        ("Content-Type: multipart/form-data\r\n", "List-Unsubscribe=One-Click", 400),
        ("Content-Type: text/plain\r\n", "press=yes", 415),
    ] {
        let answer = site.ask("POST", &page, headers, body.as_bytes());
        assert_eq!(answer.status, status, "{headers} {body}");
        assert!(answer.body.contains("This could not be read"), "{}", answer.body);
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = site.ask(method, &page, form, b"List-Unsubscribe=One-Click");
        assert_eq!((answer.status, answer.header("allow")), (405, Some("get,head,post")), "{method}");
    }
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Confirmed);
}

#[test]
fn who_was_answered_has_left_though_the_server_is_killed() {
    let site = Site::start();
    let list: String = std::iter::once("email\n".to_owned()).chain((0..96).map(|at| format!("r{at}@reader.example\n"))).collect();
    site.desk.write("readers.csv", list);
    site.desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "at the desk"]);
    let tokens = site.look(async |desk, readership| {
        let mut tokens = Vec::new();
        for at in 0..96 {
            let row = desk.ledger.subscription_of("readers", &format!("r{at}@reader.example")).await.unwrap().unwrap();
            tokens.push(readership.token_of(&row));
        }
        tokens
    });
    std::thread::scope(|scope| {
        for tokens in tokens.chunks(6) {
            let site = &site;
            scope.spawn(move || {
                for token in tokens {
                    has_left(&site.post(&format!("unsubscribe?t={token}"), ONE_CLICK));
                }
            });
        }
    });
    // Killed as it is dropped, without a word.
    let desk = site.killed();
    assert_eq!(desk.rows("SELECT state || ' ' || COUNT(*) FROM subscriber GROUP BY state"), ["left 96"]);
    assert_eq!(desk.rows("SELECT way || ' ' || COUNT(*) FROM receipt WHERE deed = 'left' GROUP BY way"), ["one-click 96"]);
}
