use std::time::{Duration, Instant};

use griot::domain::SubscriptionState;

use super::site::{LISTS, Site, stamp_in};
use crate::harness::Desk;
use crate::servers::mta::Mta;

const AGAIN: &str = "Please look through it once more";

#[test]
fn the_form_offers_what_is_public_and_needs_no_script() {
    let site = Site::start();
    let form = site.get("subscribe");
    assert_eq!(form.status, 200);
    for part in [
        "<html lang=\"en\" dir=\"ltr\">",
        "<title>Subscribe · The Desk</title>",
        "value=\"readers\"> <span lang=\"en\"><b><bdi>The River Letter</bdi></b> <small><bdi>Every Friday</bdi></small>",
        "<b><bdi>Fish &#38; Nets</bdi></b>",
        "<label for=\"email\">",
        "autocomplete=\"email\"",
        "aria-describedby=\"email-hint\"",
        "The Desk, Rue 12, Bamako",
        "href=\"https://www.example.org/feeds/feed.xml\"",
    ] {
        assert!(form.body.contains(part), "no {part}: {}", form.body);
    }
    for none in ["<script", "For the staff", "staff", " checked", "http-equiv", " style=", " on"] {
        let body = form.body.split("</style>").nth(1).unwrap();
        let found = if none == " on" { body.contains(" onclick") || body.contains(" onload") } else { body.contains(none) };
        assert!(!found, "{none}: {body}");
    }
    let one = site.get("subscribe?list=fish").body;
    assert!(one.contains("<input type=\"hidden\" name=\"list\" value=\"fish\">") && !one.contains("River Letter"), "{one}");
    assert!(site.get("subscribe?list=staff").body.contains("The River Letter"), "a name that is not public is none");
    let head = site.ask("HEAD", "subscribe", "", b"");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn pages_speak_the_language_of_the_lists_or_of_the_browser() {
    let lists = LISTS.replace("title = \"Fish & Nets\"", "title = \"Poissons\"\nlanguage = \"fr\"");
    let site = Site::of(Desk::with_config(&lists));
    let german = site.ask("GET", "subscribe", "Accept-Language: ha, de;q=0.8, en;q=0.5\r\n", b"");
    assert!(german.body.contains("<html lang=\"de\"") && german.header("content-language") == Some("de"), "{}", german.body);
    let french = site.ask("GET", "subscribe?list=fish", "Accept-Language: de\r\n", b"").body;
    assert!(french.contains("<html lang=\"fr\"") && french.contains("S’abonner"), "the letter is French, and so is its form");
    let arabic = site.get("subscribe?language=ar").body;
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">") && arabic.contains("name=\"language\" value=\"ar\""), "{arabic}");
    assert!(site.get("subscribe?language=%3Cscript%3E").body.contains("<html lang=\"en\""));
}

#[test]
fn who_subscribes_by_the_form_is_mailed_and_is_a_reader_after_the_button() {
    let server = Mta::start();
    let site = Site::of(Desk::with_smtp(server.port, LISTS));
    let stamp = site.stamp();
    let sent = site.subscribe(&stamp, "Ada@reader.example", &["readers", "fish", "staff"]);
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert!(
        sent.body.contains("Now look into your mail") && sent.body.contains("<bdi>Ada@reader.example</bdi>"),
        "{}",
        sent.body
    );
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Pending);
    assert_eq!(site.row("staff", "ada@reader.example"), None, "nobody gets on a list that is not public");

    let begun = Instant::now();
    while server.count() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "no mail has come");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_secs(3));
    let [mail] = server.kept().try_into().unwrap_or_else(|kept: Vec<_>| panic!("{} mails for one asking", kept.len()));
    let text = mail.data.replace("=\r\n", "").replace("=3D", "=").replace("\r\n", " ");
    assert!(text.contains("Fish & Nets, The River Letter"), "{text}");
    let at = text.find("https://www.example.org/letters/confirm?t=").unwrap();
    let link: String = text[at..].chars().take_while(|c| !c.is_whitespace()).collect();
    let page = link.strip_prefix("https://www.example.org/letters/").unwrap();

    let before = site.readers();
    let question = site.get(page);
    assert_eq!(question.status, 200);
    for part in ["<bdi>The River Letter</bdi>", "<bdi>Fish &#38; Nets</bdi>", "A***@r***", "<button type=\"submit\""] {
        assert!(question.body.contains(part), "no {part}: {}", question.body);
    }
    assert!(!question.body.to_lowercase().contains("ada@"), "the address is masked: {}", question.body);
    assert_eq!(site.readers(), before, "a look changes nothing");
    for _ in 0..2 {
        let done = site.post(page, &[("press", "yes")]);
        assert_eq!(done.status, 200);
        assert!(done.body.contains("You are subscribed") && done.body.contains("preferences?t="), "{}", done.body);
    }
    assert!(site.get(page).body.contains("You are subscribed"));
    for list in ["readers", "fish"] {
        assert_eq!(site.state(list, "ada@reader.example"), SubscriptionState::Confirmed);
    }
    let receipts = site.receipts();
    let reader = "ada@reader.example";
    assert_eq!(
        receipts,
        [
            format!("{reader} asked readers form"),
            format!("{reader} asked fish form"),
            format!("{reader} confirmed readers page"),
            format!("{reader} confirmed fish page"),
        ]
    );
    let wording = site.desk.rows("SELECT text FROM wording").remove(0);
    assert!(wording.contains("The River Letter, Fish & Nets") && wording.contains("Your address is used"), "{wording}");
}

#[test]
fn a_confirmation_that_is_too_old_or_none_is_answered_alike() {
    let site = Site::start();
    let stamp = site.stamp();
    site.subscribe(&stamp, "ada@reader.example", &["readers"]);
    let token = site.confirming_token("readers", "ada@reader.example");
    site.desk.tamper("UPDATE subscriber SET asked = asked - 1300000000");
    let unknown = "a".repeat(39);
    let answers = [token.as_str(), &unknown, "", "x", "%00"].map(|token| {
        let page = format!("confirm?t={token}");
        let [got, posted] = [site.get(&page), site.post(&page, &[("press", "yes")])];
        assert_eq!((got.status, posted.status), (404, 404));
        assert_eq!(got.body, posted.body);
        got.body
    });
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert!(
        answers[0].contains("This link does not work any more") && answers[0].contains("href=\"subscribe\""),
        "{}",
        answers[0]
    );
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Pending);
}

#[test]
fn what_is_wrong_is_said_beside_its_field_and_nothing_is_lost() {
    let site = Site::start();
    let stamp = site.stamp();
    let wrong = site.subscribe(&stamp, "ada@@reader", &["fish"]);
    assert_eq!(wrong.status, 422);
    for part in [
        "aria-describedby=\"email-wrong email-hint\" aria-invalid=\"true\"",
        "id=\"email-wrong\">This is no e-mail address",
        "value=\"ada@@reader\"",
        "value=\"fish\" checked",
    ] {
        assert!(wrong.body.contains(part), "no {part}: {}", wrong.body);
    }
    assert!(site.subscribe(&stamp, "zoë@reader.example", &["fish"]).body.contains("letters that mail cannot be sent to"));
    assert!(site.subscribe(&stamp, "", &["fish"]).body.contains("Please type in your e-mail address."));
    let none = site.subscribe(&stamp, "ada@reader.example", &["staff"]);
    assert!(
        none.status == 422 && none.body.contains("id=\"list-wrong\">Please choose at least one newsletter."),
        "{}",
        none.body
    );
    assert!(site.readers().starts_with("0 receipts\n"));
}

#[test]
fn every_address_gets_the_same_answer_in_the_same_time() {
    let site = Site::start();
    site.reader("readers", "known@reader.example");
    site.desk.tamper("INSERT INTO suppression (recipient, reason, since) VALUES ('gone@reader.example', 'complaint', 0)");
    let stamp = site.stamp();
    site.subscribe(&stamp, "often@reader.example", &["readers"]);
    let mut answers = Vec::new();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for name in ["known", "gone", "often", "fresh"] {
        for turn in 0..3 {
            // Each turn somebody new; the others are known, suppressed or over their limit already.
            let name = if name == "fresh" { ["fres1", "fres2", "fres3"][turn] } else { name };
            let begun = Instant::now();
            let answer = site.subscribe(&stamp, &format!("{name}@reader.example"), &["readers"]);
            times.push((name, begun.elapsed()));
            let head: Vec<&str> =
                answer.head.lines().filter(|line| !line.starts_with("date:") && !line.starts_with("content-length:")).collect();
            answers.push((answer.status, head.join("\n"), answer.body.replace(name, "NAME")));
        }
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:#?}");
    assert!(answers[0].2.contains("NAME@reader.example"));
    // They go out at whole beats; a machine that is busy may miss one, and then by a whole one.
    let mut least = Vec::new();
    for chunk in times.chunks(3) {
        let mut times: Vec<Duration> = chunk.iter().map(|(_, time)| *time).collect();
        times.sort();
        assert!(times[1] >= Duration::from_millis(400), "{chunk:?}");
        least.push(times[0].as_millis() % 400);
    }
    assert!(least.iter().all(|off_beat| *off_beat < 200), "{times:?}");
}

#[test]
fn a_form_from_elsewhere_or_from_nobody_leads_to_the_form() {
    let site = Site::start();
    let young = stamp_in(&site.get("subscribe").body);
    let early = site.subscribe(&young, "ada@reader.example", &["fish"]);
    assert!(early.status == 200 && early.body.contains(AGAIN), "{}", early.body);
    let stamp = site.stamp();
    let fields = [("email", "ada@reader.example"), ("list", "fish"), ("stamp", stamp.as_str())];
    for headers in ["Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: same-site\r\n", "Origin: https://evil.example\r\n"] {
        let answer = site.post_with("subscribe", headers, &fields);
        assert!(answer.body.contains(AGAIN), "{headers}: {}", answer.body);
        assert!(answer.body.contains("value=\"ada@reader.example\"") && answer.body.contains("value=\"fish\" checked"));
    }
    let forged = format!("{}-{}", 1_800_000_000_000_i64, "0".repeat(32));
    for stamp in ["", &forged, "x"] {
        assert!(site.subscribe(stamp, "ada@reader.example", &["fish"]).body.contains(AGAIN), "{stamp}");
    }
    assert!(site.readers().starts_with("0 receipts\n"), "{}", site.readers());
    // The page that comes back is as good as the form: its button does it.
    let again = stamp_in(&early.body);
    let own = [("email", "ada@reader.example"), ("list", "fish"), ("stamp", again.as_str())];
    let done = site.post_with("subscribe", "Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n", &own);
    assert!(done.body.contains("Now look into your mail"), "{}", done.body);
    assert_eq!(site.state("fish", "ada@reader.example"), SubscriptionState::Pending);
}

#[test]
fn a_program_that_fills_in_every_field_is_told_what_it_would_like_to_hear() {
    let site = Site::start();
    let stamp = site.stamp();
    let person = site.subscribe(&stamp, "ada@reader.example", &["readers"]);
    let fields = [("email", "bot@reader.example"), ("list", "readers"), ("stamp", &stamp), ("website", "https://spam.example")];
    let program = site.post("subscribe", &fields);
    assert_eq!((person.status, person.body.replace("ada@", "bot@")), (program.status, program.body));
    assert_eq!(site.row("readers", "bot@reader.example"), None);
}

#[test]
fn nobody_s_mailbox_is_filled_and_no_network_asks_without_an_end() {
    let site = Site::start();
    let stamp = site.stamp();
    let mails = || {
        site.desk.rows("SELECT CAST(COUNT(DISTINCT at) AS TEXT) FROM receipt WHERE recipient = 'victim@reader.example'").remove(0)
    };
    for turn in 0..6 {
        let list = ["readers", "fish"][turn % 2];
        assert_eq!(site.subscribe(&stamp, "victim@reader.example", &[list]).status, 200);
        assert_eq!(site.subscribe(&stamp, "VICTIM@reader.example", &[list]).status, 200);
        // Eleven minutes later.
        site.desk.tamper("UPDATE receipt SET at = at - 660000; UPDATE subscriber SET asked = asked - 660000");
    }
    assert_eq!(mails(), "3", "three askings in a day, and one mail for each");

    // One network, sixty at once and no more; some were used above.
    let statuses: Vec<(u16, Option<String>)> = std::thread::scope(|scope| {
        let one = |at: usize| {
            let (site, stamp) = (&site, &stamp);
            scope.spawn(move || {
                let answer = site.subscribe(stamp, &format!("r{at}@reader.example"), &["fish"]);
                (answer.status, answer.header("retry-after").map(str::to_owned))
            })
        };
        let asking: Vec<_> = (0..70).map(one).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let late: Vec<_> = statuses.iter().filter(|(status, _)| *status == 429).collect();
    assert!((10..40).contains(&late.len()), "{statuses:?}");
    assert!(late.iter().all(|(_, wait)| wait.as_deref().is_some_and(|wait| wait.parse::<u64>().unwrap() > 0)), "{statuses:?}");
    assert!(statuses.iter().all(|(status, _)| [200, 429].contains(status)));
    // Looking at the form is free.
    assert_eq!(site.get("subscribe").status, 200);
}

#[test]
fn a_list_that_too_many_ask_for_says_so_to_everybody() {
    let site = Site::start();
    site.reader("fish", "known@reader.example");
    site.desk.tamper(
        "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 1000)
         INSERT INTO receipt (recipient, list, at, deed, way) SELECT 'r' || n, 'fish', unixepoch() * 1000, 'asked', 'form' FROM many",
    );
    let stamp = site.stamp();
    let answers = ["known@reader.example", "fresh@reader.example"].map(|reader| site.subscribe(&stamp, reader, &["fish"]));
    for answer in &answers {
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("600")));
        assert!(answer.body.contains("Please try again a little later"), "{}", answer.body);
    }
    assert_eq!(answers[0].body, answers[1].body);
    assert_eq!(site.subscribe(&stamp, "fresh@reader.example", &["readers"]).status, 200);
}

#[test]
fn a_desk_with_one_list_asks_for_nothing_but_the_address() {
    let site = Site::of(Desk::with_config("[serve]\nurl = \"https://www.example.org/letters/\"\n"));
    let form = site.get("subscribe").body;
    assert!(form.contains("<input type=\"hidden\" name=\"list\" value=\"readers\">") && !form.contains("checkbox"), "{form}");
    let stamp = site.stamp();
    site.subscribe(&stamp, "ada@reader.example", &[]);
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Pending);
    let closed =
        "[serve]\nurl = \"https://www.example.org/letters/\"\n[[lists]]\nname = \"staff\"\ntitle = \"Staff\"\npublic = false\n";
    let none = Site::of(Desk::with_config(closed)).get("subscribe");
    assert!(none.status == 404 && none.body.contains("There is nothing to subscribe to at present."), "{}", none.body);
}
