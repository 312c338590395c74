//! Mails that single readers asked for, as they leave by `griot run`.

use crate::harness::Desk;
use crate::servers::mta::{Deed, Mta, Stage};

const NOW: &str = "2026-03-04T13:00:00Z";

/// A desk at which Ada has asked for the letter and Ba, who has it already, asked again.
fn asked() -> (Mta, Desk) {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(
        server.port,
        "[serve]\nurl = \"https://www.example.org/letters/\"\n\
         [[lists]]\nname = \"readers\"\ntitle = \"The River Letter\"\ndescription = \"Every Friday\"\n",
    );
    desk.at(NOW);
    desk.done(&["subscribers", "add", "ba@one.example", "--confirmed", "asked"]);
    // 2026-03-04T12:59:00Z, as the form notes it.
    desk.tamper(
        "INSERT INTO subscriber (list, recipient, address, language, state, since, asked)
             VALUES ('readers', 'ada@one.example', 'Ada@one.example', 'fr', 'pending', 1772629140000, 1772629140000);
         INSERT INTO outbox (subscriber, asked, tries, not_before)
             SELECT id, 1772629140000, 0, 1772629140000 FROM subscriber",
    );
    (server, desk)
}

#[test]
fn a_mail_to_confirm_and_a_mail_to_who_is_confirmed_leave_once() {
    let (server, desk) = asked();
    assert_eq!(desk.done(&["run"]), "posted    2 mails to single readers\n");
    let kept = server.kept();
    let to = |reader: &str| kept.iter().find(|kept| kept.to.eq_ignore_ascii_case(reader)).unwrap();
    let (ada, ba) = (to("ada@one.example"), to("ba@one.example"));
    let (first, second) = (ada.data.clone(), ba.data.clone());
    for header in [
        "\r\nTo: Ada@one.example\r\n",
        "\r\nAuto-Submitted: auto-generated\r\n",
        "\r\nContent-Language: fr\r\n",
        "Date: Wed, 04 Mar 2026 12:59:00 +0000\r\n",
    ] {
        assert!(first.contains(header), "{header}{first}");
    }
    let unfolded = |message: &str| message.replace("=\r\n", "").replace("=3D", "=");
    assert!(unfolded(&first).contains("https://www.example.org/letters/confirm?t="), "{first}");
    assert!(unfolded(&first).contains("Oui, envoyez-moi la lettre"), "{first}");
    assert!(unfolded(&second).contains("https://www.example.org/letters/preferences?t="), "{second}");
    assert!(!first.contains("List-Unsubscribe") && !first.contains("Precedence"), "{first}");
    assert_eq!(desk.done(&["run"]), "", "and nothing is left to do");
    assert_eq!(server.count(), 2);
}

#[test]
fn what_a_server_wants_later_is_tried_again_with_the_same_bytes() {
    let (server, mut desk) = asked();
    server.rule(Stage::Rcpt, "Ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    server.rule(Stage::Kept, "ba@", Deed::Reply("451 4.3.0 busy"), Some(1));
    let ran = desk.griot(&["run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (75, "posted    0 mails to single readers, 2 later\n"));
    assert_eq!(desk.griot(&["run"]).stdout, "", "not at once");
    server.mend();
    desk.at("2026-03-04T13:06:00Z");
    assert_eq!(desk.done(&["run"]), "posted    2 mails to single readers\n");
    let ba: Vec<_> = server.kept().into_iter().filter(|kept| kept.to.starts_with("ba@")).collect();
    assert!(ba.windows(2).all(|two| two[0].data == two[1].data));
}

#[test]
fn nobody_waits_for_a_mail_for_ever() {
    let (server, mut desk) = asked();
    server.rule(Stage::Rcpt, "ba@", Deed::Reply("550 5.1.1 no such user"), None);
    server.rule(Stage::Rcpt, "Ada@", Deed::Reply("451 4.7.1 greylisted"), None);
    let ran = desk.griot(&["run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (75, "posted    0 mails to single readers, 1 later, 1 given up\n"));
    desk.at("2026-03-06T12:58:00Z");
    assert_eq!(desk.griot(&["run"]).stdout, "posted    0 mails to single readers, 1 given up\n", "it would be too late");
    desk.at("2026-03-09T12:58:00Z");
    assert_eq!(desk.done(&["run"]), "");
    desk.at("2026-03-20T12:58:00Z");
    desk.done(&["run"]);
    assert!(!desk.done(&["subscribers", "list"]).contains("Ada@one.example"), "whoever never confirmed is forgotten");
}

#[test]
fn without_a_server_they_wait() {
    let (server, mut desk) = asked();
    server.stop();
    let ran = desk.griot(&["run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (75, "posted    0 mails to single readers, 2 later\n"), "{ran:#?}");
    assert!(ran.stderr.contains("mails to single readers wait:"), "{}", ran.stderr);
    server.start_again();
    desk.at("2026-03-04T13:06:00Z");
    assert_eq!(desk.done(&["run"]), "posted    2 mails to single readers\n");
}

#[test]
fn a_suppressed_address_gets_none_of_them() {
    let (server, desk) = asked();
    desk.tamper("INSERT INTO suppression (recipient, reason, since) VALUES ('ada@one.example', 'gone', 0)");
    assert_eq!(desk.done(&["run"]), "posted    1 mail to single readers\n");
    assert_eq!(server.mailed(), ["ba@one.example"]);
}

#[test]
fn a_login_that_is_refused_is_not_tried_again_in_one_run() {
    let (server, mut desk) = asked();
    server.rule(Stage::Mail, "", Deed::Reply("550 5.7.1 not from here"), None);
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains("does not take the desk for a sender: 550 5.7.1 not from here"), "{}", ran.stderr);
    server.mend();
    // Those in hand are free again after a while.
    desk.at("2026-03-04T13:16:00Z");
    assert_eq!(desk.done(&["run"]), "posted    2 mails to single readers\n");
}
