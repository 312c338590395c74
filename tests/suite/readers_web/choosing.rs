use griot::domain::SubscriptionState;

use super::site::Site;

const ADA: &str = "ada@reader.example";

#[test]
fn a_reader_s_page_shows_what_is_on_and_changes_it() {
    let site = Site::start();
    let token = site.reader("readers", ADA);
    site.reader("staff", ADA);
    let page = format!("preferences?t={token}");
    let before = site.readers();
    let shown = site.get(&page);
    assert_eq!(shown.status, 200);
    for part in [
        "value=\"readers\" checked",
        "value=\"staff\" checked",
        "value=\"fish\"> ",
        "<bdi>For the staff</bdi>",
        "<option value=\"en\" lang=\"en\" selected>English</option>",
        "a***@r***",
    ] {
        assert!(shown.body.contains(part), "no {part}: {}", shown.body);
    }
    assert!(!shown.body.contains("ada@"), "{}", shown.body);
    assert_eq!(site.ask("HEAD", &page, "", b"").status, 200);
    assert_eq!(site.readers(), before, "a look changes nothing");

    let all = [("shown", "readers"), ("shown", "fish"), ("shown", "staff"), ("press", "save")];
    let saved = site.post(&page, &[&all[..], &[("list", "readers"), ("list", "fish"), ("language", "fr")]].concat());
    assert_eq!(saved.status, 200);
    assert!(saved.body.contains("<html lang=\"fr\"") && saved.body.contains("C’est enregistré."), "{}", saved.body);
    assert!(saved.body.contains("Un message vous est envoyé") && saved.body.contains("<li><bdi>Fish &#38; Nets</bdi></li>"));
    assert_eq!(site.state("staff", ADA), SubscriptionState::Left);
    assert_eq!(site.state("readers", ADA), SubscriptionState::Confirmed);
    assert_eq!(site.state("fish", ADA), SubscriptionState::Pending, "a forwarded letter puts nobody on a list");
    assert_eq!(site.row("readers", ADA).unwrap().language.unwrap().as_str(), "fr");
    assert_eq!(site.desk.rows("SELECT CAST(COUNT(*) AS TEXT) FROM outbox"), ["1"]);

    // What is not public cannot be had back by the page, and what waits is not given up by saving something else.
    let other = site.post(&page, &[&all[..], &[("list", "readers"), ("list", "staff"), ("language", "fr")]].concat());
    assert_eq!(other.status, 200);
    assert_eq!((site.state("staff", ADA), site.state("fish", ADA)), (SubscriptionState::Left, SubscriptionState::Pending));

    let confirm = format!("confirm?t={}", site.confirming_token("fish", ADA));
    assert_eq!(site.post(&confirm, &[("press", "yes")]).status, 200);
    assert_eq!(site.state("fish", ADA), SubscriptionState::Confirmed);
    assert_eq!(site.post(&page, &[("press", "leave")]).status, 200);
    let states = ["readers", "fish", "staff"].map(|list| site.state(list, ADA));
    assert_eq!(states, [SubscriptionState::Left; 3]);
}

#[test]
fn only_what_the_form_has_shown_is_left_by_it() {
    let site = Site::start();
    let token = site.reader("readers", ADA);
    site.reader("fish", ADA);
    let page = format!("preferences?t={token}");
    // A form that was opened before the second list came.
    site.post(&page, &[("press", "save"), ("shown", "readers"), ("list", "readers"), ("language", "en")]);
    assert_eq!(site.state("fish", ADA), SubscriptionState::Confirmed);
    for fields in [&[("press", "")][..], &[("press", "other")], &[("shown", "readers")]] {
        assert_eq!(site.post(&page, fields).status, 400, "{fields:?}");
    }
    assert_eq!(site.state("readers", ADA), SubscriptionState::Confirmed);
}

#[test]
fn whoever_holds_a_forwarded_letter_neither_sees_nor_changes_an_address_nor_adds_one() {
    let site = Site::start();
    let token = site.reader("readers", ADA);
    let page = format!("preferences?t={token}");
    let fields = [
        ("press", "save"),
        ("shown", "readers"),
        ("list", "readers"),
        ("list", "fish"),
        ("language", "sw"),
        ("email", "thief@evil.example"),
        ("address", "thief@evil.example"),
        ("t", "other"),
        ("id", "2"),
    ];
    let answer = site.post(&page, &fields);
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("ada@") && !answer.body.contains("evil.example"), "{}", answer.body);
    assert_eq!(site.row("fish", "thief@evil.example"), None);
    let waits = site.desk.rows("SELECT s.address FROM outbox o JOIN subscriber s ON s.id = o.subscriber");
    assert_eq!(waits, [ADA], "the mail goes to the reader");
    for page in ["unsubscribe", "preferences"] {
        let body = site.get(&format!("{page}?t={token}")).body;
        assert!(!body.contains("ada@") && !body.contains("reader.example"), "{body}");
    }
}

#[test]
fn a_reader_who_was_mailed_often_is_told_the_truth() {
    let site = Site::start();
    let token = site.reader("readers", ADA);
    let add = [("press", "save"), ("shown", "readers"), ("list", "readers"), ("list", "fish"), ("language", "en")];
    assert!(site.post(&format!("preferences?t={token}"), &add).body.contains("A mail is on its way to you."));
    assert!(site.post(&format!("preferences?t={token}"), &add).body.contains("Several mails have gone to this address already."));
}
