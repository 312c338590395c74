use crate::harness::{Desk, RIVER};
use crate::servers::mta::{Deed, Mta, Stage};

const EDITION: &str = "2026-03-04-a-river-rises";

/// A published article, three confirmed readers and one who has not agreed, and a server.
fn desk() -> (Mta, Desk) {
    let server = Mta::start();
    // One connection: what is told of each reader then depends on nothing but the reader before.
    let mut desk = Desk::with_smtp(server.port, "connections = 1\n");
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write(
        "readers.csv",
        "email,name,status\nada@one.example,Ada,\nba@two.example,Bâ Ü,\ncy@three.example,,\npending@one.example,,pending\n",
    );
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    (server, desk)
}

const READERS: [&str; 3] = ["ada@one.example", "ba@two.example", "cy@three.example"];

#[test]
fn a_test_mail_goes_out_marked_as_one_and_leaves_the_ledger_alone() {
    let (server, desk) = desk();
    let told = desk.done(&["send", "--test", "me@desk.example"]);
    assert_eq!(told, format!("sent      edition {EDITION} to m***@d*** as a test (250 2.0.0 queued as TEST)\n"));
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].from.as_str(), kept[0].to.as_str()), ("letter@example.org", "me@desk.example"));
    assert!(kept[0].data.contains("Subject: [Test] A river rises\r\n"), "{}", kept[0].data);
    assert!(kept[0].data.contains("Content-Type: multipart/alternative"));
    assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");
}

#[test]
fn a_test_mail_can_be_written_into_a_folder() {
    let mut desk = Desk::new();
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    let told = desk.done(&["send", "--test", "me@desk.example", "--to-folder", "out"]);
    assert_eq!(told, format!("wrote     out/{EDITION}-test.eml\n"));
    assert!(desk.read(&format!("out/{EDITION}-test.eml")).contains("To: me@desk.example\r\n"));
}

#[test]
fn an_edition_goes_once_to_each_confirmed_reader() {
    let (server, desk) = desk();
    let told = desk.done(&["send"]);
    assert_eq!(told, format!("sent      3 of edition {EDITION} to `readers`\n"));
    assert_eq!(server.mailed(), READERS);
    let told = desk.done(&["send"]);
    assert_eq!(told, format!("nothing   to send: edition {EDITION} has gone to `readers`\n"));
    assert_eq!(server.mailed(), READERS);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 3 sent\n"));
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(server.mailed(), READERS);
}

#[test]
fn two_readers_get_the_same_bytes_but_for_address_and_token() {
    let (server, desk) = desk();
    desk.done(&["send"]);
    let kept = server.kept();
    let (one, two) = (unfolded(&kept[0].data), unfolded(&kept[2].data));
    assert_eq!(one.lines().count(), two.lines().count());
    let mut differing: Vec<&str> = Vec::new();
    for (a, b) in one.lines().zip(two.lines()).filter(|(a, b)| a != b) {
        let named = ["To:", "Message-ID:", "List-Unsubscribe:", "Content-Type: multipart", "--"];
        let name = named.into_iter().find(|name| a.starts_with(name));
        let name = name.or_else(|| a.contains("mailto:leave@example.org?subject=3Dunsubscribe").then_some("the way out"));
        differing.push(name.unwrap_or_else(|| panic!("{a}\n{b}")));
    }
    for name in ["To:", "Message-ID:", "List-Unsubscribe:", "the way out"] {
        assert!(differing.contains(&name), "{name} in {differing:?}");
    }
}

/// A message with its folded headers and quoted-printable lines whole (RFC 5322, section 2.2.3; RFC 2045, section 6.7).
fn unfolded(message: &str) -> String {
    message.replace("=\r\n", "").replace("\r\n ", " ")
}

#[test]
fn a_4xx_waits_and_a_5xx_is_final_and_neither_stops_the_others() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    server.rule(Stage::Rcpt, "ba@", Deed::Reply("550 5.1.1 no such user"), None);
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert_eq!(ran.stdout, format!("sent      1 of edition {EDITION} to `readers` (3 in all, 1 deferred, 1 refused)\n"));
    assert_eq!(server.mailed(), ["cy@three.example"]);
    // Too early: the deferred one has a time to wait, and is not tried before it.
    assert_eq!(desk.griot(&["run"]).code, 0);
    assert_eq!(server.mailed().len(), 1);
    desk.at("2026-03-04T13:06:00Z");
    let told = desk.done(&["run"]);
    assert_eq!(told, format!("sent      1 of edition {EDITION} to `readers` (3 in all, 1 refused)\n"));
    assert_eq!(server.mailed(), ["ada@one.example", "cy@three.example"]);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 1 refused, 2 sent\n"));
}

#[test]
fn what_may_have_arrived_is_uncertain_and_never_sent_again_unasked() {
    let (server, desk) = desk();
    server.rule(Stage::Kept, "ba@", Deed::Drop, None);
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert!(ran.stderr.contains("may or may not have arrived"), "{}", ran.stderr);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 2 sent, 1 uncertain\n"));
    desk.griot(&["send"]);
    desk.griot(&["run"]);
    assert_eq!(server.mailed(), READERS, "the server kept it once, and got it once");
}

#[test]
fn a_server_that_hangs_up_after_each_message_does_not_get_the_whole_list_in_doubt() {
    let (server, mut desk) = desk();
    server.rule(Stage::Kept, "", Deed::Drop, Some(2));
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert_eq!(ran.stdout, format!("sent      0 of edition {EDITION} to `readers` (3 in all, 1 due, 2 uncertain)\n"));
    assert!(ran.stderr.contains(&format!("the sending of edition {EDITION} stopped: ")), "{}", ran.stderr);
    // The rest waits for an hour, whatever the server does by then.
    assert_eq!(
        desk.griot(&["send"]).stdout,
        format!("sent      0 of edition {EDITION} to `readers` (3 in all, 1 due, 2 uncertain)\n")
    );
    desk.at("2026-03-04T14:00:00Z");
    assert_eq!(desk.griot(&["send"]).stdout, format!("sent      1 of edition {EDITION} to `readers` (3 in all, 2 uncertain)\n"));
    assert_eq!(server.mailed(), READERS, "nobody twice");
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 1 sent, 2 uncertain\n"));
}

#[test]
fn a_list_that_is_refused_as_a_whole_is_not_called_served() {
    let (server, desk) = desk();
    server.rule(Stage::Rcpt, "", Deed::Reply("550 5.1.1 no such user"), None);
    assert_eq!(desk.done(&["send"]), format!("sent      0 of edition {EDITION} to `readers` (3 in all, 3 refused)\n"));
    assert_eq!(server.mailed(), Vec::<String>::new());
}

#[test]
fn a_server_that_does_not_know_what_it_offers_is_spoken_to_plainly() {
    for (stage, reply) in [
        (Stage::Mail, "555 5.5.4 parameters not recognized"),
        (Stage::Rcpt, "501 5.5.4 no such parameter"),
        (Stage::Bdat, "502 5.5.1 not implemented"),
        (Stage::Bdat, "500 what?"),
    ] {
        let (server, desk) = desk();
        server.rule(stage, "", Deed::Reply(reply), Some(1));
        if stage == Stage::Bdat {
            // The first message goes without it, until the server has shown what it does; let it be refused for ever.
            server.mend();
            server.rule(stage, "", Deed::Reply(reply), None);
        }
        assert_eq!(desk.done(&["send"]), format!("sent      3 of edition {EDITION} to `readers`\n"), "{reply}");
        assert_eq!(server.mailed(), READERS, "{reply}");
        assert!(server.heard().iter().any(|line| line.starts_with("MAIL") && !line.contains(" SIZE=")), "{:?}", server.heard());
    }
}

#[test]
fn a_refusal_after_the_message_is_no_delivery() {
    let (server, desk) = desk();
    server.rule(Stage::Dot, "ada@", Deed::Reply("452 4.3.1 try later"), None);
    server.rule(Stage::Dot, "ba@", Deed::Reply("554 5.6.0 not like this"), None);
    server.rule(Stage::Data, "cy@", Deed::Reply("451 4.3.0 busy"), None);
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(server.mailed(), Vec::<String>::new());
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 2 deferred, 1 refused\n"));
}

#[test]
fn a_server_that_turns_away_the_sender_harms_no_reader() {
    let (server, desk) = desk();
    server.rule(Stage::Mail, "", Deed::Reply("550 5.7.1 sender not allowed"), Some(1));
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 1, "a person has to mend that: {ran:?}");
    assert_eq!(ran.stderr, "error: the mail server does not take mail from `letter.from`: 550 5.7.1 sender not allowed\n");
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 3 due\n"));
    desk.done(&["run"]);
    assert_eq!(server.mailed(), READERS);
}

#[test]
fn a_policy_against_the_desk_is_not_held_against_its_readers() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "", Deed::Reply("554 5.7.1 relay access denied"), Some(3));
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert!(ran.stderr.contains("stopped: 554 5.7.1 relay access denied"), "{}", ran.stderr);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 3 deferred\n"));
    desk.at("2026-03-04T13:05:00Z").done(&["run"]);
    assert_eq!(server.mailed(), READERS);
}

#[test]
fn a_reader_whom_policy_alone_keeps_out_is_refused_in_the_end_and_stops_nobody() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("550 5.7.1 you are blocked"), None);
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(server.mailed(), ["ba@two.example", "cy@three.example"]);
    for time in ["13:05", "13:20", "13:50"] {
        desk.at(&format!("2026-03-04T{time}:00Z")).griot(&["run"]);
    }
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 1 refused, 2 sent\n"));
}

#[test]
fn one_reader_whom_the_server_chokes_on_does_not_block_the_others() {
    for deed in [Deed::Reply("554 5.5.0 no valid recipients"), Deed::Drop] {
        let (server, mut desk) = desk();
        let stage = if matches!(deed, Deed::Drop) { Stage::Rcpt } else { Stage::Data };
        server.rule(stage, "ada@", deed, None);
        assert_eq!(desk.griot(&["send"]).code, 75);
        desk.at("2026-03-04T13:10:00Z").griot(&["run"]);
        assert_eq!(server.mailed(), ["ba@two.example", "cy@three.example"]);
    }
}

#[test]
fn a_reader_can_leave_while_the_letter_is_on_its_way_to_others() {
    let (server, desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Silence, Some(1));
    let mut child =
        desk.command(&["send"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    while server.connections() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(desk.done(&["subscribers", "remove", "ba@two.example"]), "removed   b***@t*** from `readers`\n");
    child.kill().unwrap();
    child.wait().unwrap();
    desk.done(&["send"]);
    assert_eq!(server.mailed(), ["ada@one.example", "cy@three.example"]);
}

#[test]
fn a_server_that_loses_its_replies_does_not_get_two_more_readers_at_every_tick() {
    let (server, mut desk) = desk();
    server.rule(Stage::Kept, "", Deed::Drop, None);
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(server.mailed(), READERS[..2]);
    desk.at("2026-03-04T13:05:00Z").griot(&["run"]);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 1 due, 2 uncertain\n"));
    assert_eq!(server.mailed().len(), 2, "the third waits for an hour");
}

#[test]
fn given_up_after_days_is_said_and_ends() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("450 4.2.2 mailbox full"), None);
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.at("2026-03-09T14:00:00Z").done(&["run"]);
    let who = desk.done(&["audit", "--who", "refused"]);
    assert_eq!(who, "ada@one.example  given up after days: 450 4.2.2 mailbox full\n");
}

#[test]
fn who_is_in_which_state_can_be_asked() {
    let (server, desk) = desk();
    server.rule(Stage::Rcpt, "ba@", Deed::Reply("550 5.1.1 no such user <ba@two.example>"), None);
    desk.griot(&["send"]);
    assert_eq!(desk.done(&["audit", "--who", "refused"]), "ba@two.example  550 5.1.1 no such user <b***@t***>\n");
    assert_eq!(desk.done(&["audit", "--who", "uncertain"]), "");
}

#[test]
fn no_server_means_that_all_mail_waits() {
    let (_server, _) = desk();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut desk = Desk::with_smtp(closed, "");
    desk.at("2026-03-04T13:00:00Z").write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert!(ran.stderr.contains("hint: run the same command again; sent mail is not repeated"), "{}", ran.stderr);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 1 recipient: 1 due\n"));
    let ran = desk.griot(&["send", "--test", "me@desk.example"]);
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn passwords_come_from_the_environment_or_a_file_and_are_never_shown() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "user = \"desk\"\npassword_env = \"DESK_PASSWORD\"\n");
    desk.at("2026-03-04T13:00:00Z").write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    let ran = desk.griot(&["send", "--test", "me@desk.example"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            2,
            "error: the variable `DESK_PASSWORD` that holds the mail server's password is not set\n\n\
             hint: set it where griot is called, such as the crontab or the systemd unit; or keep the password in a file and name it with `password_file`\n"
        )
    );
    desk.variable("DESK_PASSWORD", "hunter2-secret");
    desk.done(&["send", "--test", "me@desk.example"]);
    // AUTH PLAIN carries \0desk\0hunter2-secret in base64 (RFC 4616).
    assert_eq!(server.logins(), ["AUTH PLAIN AGRlc2sAaHVudGVyMi1zZWNyZXQ="]);
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 bad credentials"), None);
    let ran = desk.griot(&["send", "--test", "me@desk.example", "-v"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("535") && ran.stderr.contains("hint:"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn a_wrong_password_stops_the_sending_and_loses_nobody() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "user = \"desk\"\npassword_file = \"password\"\n");
    desk.at("2026-03-04T13:00:00Z").write("river.txt", RIVER);
    desk.write("password", "secret\n");
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 bad credentials"), Some(1));
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(server.connections(), 1, "one try: more would lock the account");
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 1 recipient: 1 due\n"));
    desk.done(&["send"]);
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn who_leaves_is_not_mailed_and_who_comes_later_is_not_in_a_frozen_audience() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.done(&["subscribers", "remove", "ada@one.example"]);
    desk.done(&["subscribers", "add", "late@one.example", "--confirmed", "asked"]);
    desk.at("2026-03-04T14:00:00Z");
    desk.done(&["send"]);
    assert_eq!(server.mailed(), ["ba@two.example", "cy@three.example"]);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 1 excluded, 2 sent\n"));
}

#[test]
fn an_article_edited_while_its_letter_is_on_its_way_does_not_change_the_letter() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.write("river.txt", RIVER.replace("twenty years", "thirty years"));
    desk.at("2026-03-04T14:00:00Z");
    desk.done(&["publish", "river.txt"]);
    desk.done(&["send"]);
    let kept = server.kept();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|kept| unfolded(&kept.data).contains("twenty years")));
}

#[test]
fn a_list_without_readers_is_not_frozen_empty() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z").write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "pending@one.example"]);
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stderr,
        "error: nobody confirmed is on the list `readers`\n\n\
         hint: add readers with `griot subscribers import` or `add`, and say with `--confirmed` how they agreed\n"
    );
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    desk.done(&["send"]);
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn a_rehearsal_writes_the_mail_and_mails_nobody() {
    let (server, desk) = desk();
    let told = desk.done(&["send", "--to-folder", "out"]);
    assert_eq!(told, "wrote     3 messages into out; nobody counts as mailed\n");
    assert_eq!(server.connections(), 0);
    assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");
    assert!(desk.read(&format!("out/{EDITION}-00001.eml")).contains("ada@one.example"));
}

#[test]
fn a_reader_of_two_lists_gets_the_edition_once() {
    let (server, desk) = desk();
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked", "--list", "friends"]);
    desk.done(&["subscribers", "add", "di@one.example", "--confirmed", "asked", "--list", "friends"]);
    desk.done(&["send"]);
    desk.done(&["send", "--list", "friends"]);
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example", "di@one.example"]);
}

#[test]
fn killed_while_handing_over_the_one_in_flight_is_uncertain_and_the_rest_is_sent() {
    let (server, desk) = desk();
    // The server takes the first message and says nothing: griot waits for the reply when it is killed.
    server.rule(Stage::Kept, "ada@", Deed::Silence, Some(1));
    desk.killed_once(&["send"], || !server.kept().is_empty());
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert_eq!(server.mailed(), READERS, "nobody twice");
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 2 sent, 1 uncertain\n"));
}
