use crate::harness::{Desk, RIVER, SAMPLE};
use crate::servers::mta::{Deed, Mta, Stage};

const RIVER_ID: &str = "2026-03-04-a-river-rises";

fn planned() -> (Mta, Desk) {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "[[schedule]]\nname = \"weekday-letter\"\nat = \"0 14 * * 1-5\"\n");
    desk.at("2026-03-04T13:00:00Z");
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    (server, desk)
}

#[test]
fn the_inbox_is_taken_in_and_sorted() {
    let mut desk = Desk::new();
    desk.at("2026-03-04T13:00:00Z");
    desk.write("inbox/river.txt", RIVER);
    desk.write("inbox/empty.txt", "");
    desk.write("inbox/.hidden", "half a file");
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        format!(
            "failed    inbox/empty.txt (see inbox/failed/empty.txt.why)\n\
             new       {RIVER_ID}  A river rises\n\
             wrote     feeds/editions/{RIVER_ID}/letter.html\n\
             wrote     feeds/editions/{RIVER_ID}/letter.txt\n\
             wrote     feeds/editions/{RIVER_ID}/letter.eml\n\
             wrote     feeds/feed.xml\n\
             wrote     feeds/atom.xml\n\
             wrote     feeds/feed.json\n\
             wrote     feeds/feeds.opml\n\
             pages     feeds/index.html and 2 more\n"
        )
    );
    assert!(desk.exists("inbox/done/river.txt") && !desk.exists("inbox/river.txt"));
    assert!(desk.exists("inbox/failed/empty.txt") && desk.exists("inbox/.hidden"));
    let why = desk.read("inbox/failed/empty.txt.why");
    assert!(why.starts_with("error: `inbox/empty.txt` is empty"), "{why}");
}

#[test]
fn with_nothing_new_it_is_silent_and_changes_no_byte() {
    let mut desk = Desk::new();
    desk.at("2026-03-04T13:00:00Z");
    assert_eq!(desk.done(&["run"]), "", "an empty publication");
    desk.write("inbox/river.txt", RIVER);
    desk.done(&["run"]);
    let before = desk.snapshot("");
    desk.at("2026-03-05T13:00:00Z");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(
        desk.snapshot("").into_iter().map(|(path, ..)| path).collect::<Vec<_>>(),
        before.iter().map(|(path, ..)| path.clone()).collect::<Vec<_>>()
    );
    assert_eq!(
        desk.snapshot("feeds"),
        before.iter().filter(|(path, ..)| path.starts_with(desk.path("feeds"))).cloned().collect::<Vec<_>>()
    );
    assert_eq!(
        std::fs::read(desk.path("config/griot.db")).unwrap(),
        before.iter().find(|(path, ..)| path.ends_with("griot.db")).unwrap().1
    );
}

#[test]
fn the_same_name_again_overwrites_nothing_in_done() {
    let mut desk = Desk::new();
    desk.at("2026-03-04T13:00:00Z");
    desk.write("inbox/today.txt", SAMPLE);
    desk.done(&["run"]);
    desk.write("inbox/today.txt", RIVER);
    desk.done(&["run"]);
    assert_eq!(desk.read("inbox/done/today.txt"), SAMPLE);
    assert_eq!(desk.read("inbox/done/today-2.txt"), RIVER);
}

#[test]
fn each_planned_instant_happens_once() {
    let (server, mut desk) = planned();
    desk.write("inbox/river.txt", RIVER);
    desk.done(&["run"]);
    assert_eq!(server.mailed(), Vec::<String>::new(), "two o'clock has not come");
    desk.at("2026-03-04T14:01:00Z");
    assert_eq!(desk.done(&["run"]), format!("sent      1 of edition {RIVER_ID} to `readers`\n"));
    for _ in 0..3 {
        assert_eq!(desk.done(&["run"]), "");
    }
    assert_eq!(server.mailed(), ["ada@one.example"]);
    // The next day has its instant, and nothing new to send.
    desk.at("2026-03-05T14:00:00Z");
    assert_eq!(desk.done(&["run"]), "nothing   to send for the plan `weekday-letter`: no new article\n");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(server.mailed().len(), 1);
}

#[test]
fn an_instant_that_was_missed_is_made_up_for_but_not_before_the_plan_was_known() {
    let (server, mut desk) = planned();
    desk.write("inbox/river.txt", RIVER);
    desk.at("2026-03-04T20:00:00Z");
    desk.done(&["run"]);
    assert_eq!(server.mailed(), Vec::<String>::new(), "the plan is new at eight: two o'clock is not made up for");
    desk.at("2026-03-05T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 1);
    desk.write("inbox/page.txt", SAMPLE);
    desk.at("2026-03-06T19:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 2, "five hours late, the machine was off");
}

#[test]
fn several_new_articles_are_one_letter() {
    let (server, mut desk) = planned();
    desk.write("inbox/page.txt", SAMPLE);
    desk.at("2026-03-03T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 1);
    desk.write("inbox/a.txt", RIVER);
    desk.write(
        "inbox/b.txt",
        RIVER
            .replace("A river rises", "The bridge is closed")
            .replace("Niger", "Bani")
            .replace("harbour", "bridge")
            .replace("market", "bus stop"),
    );
    desk.at("2026-03-04T14:00:00Z");
    let told = desk.done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-04-1400-weekday-letter to `readers`\n"), "{told}");
    let letter = desk.read("feeds/editions/2026-03-04-1400-weekday-letter/letter.txt");
    assert!(letter.contains("A RIVER RISES") || letter.contains("A river rises"), "{letter}");
    assert!(letter.contains("The bridge is closed"), "{letter}");
    assert_eq!(server.mailed().len(), 2);
    desk.at("2026-03-05T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 2, "none of them is sent again");
}

#[test]
fn a_letter_that_could_not_go_out_goes_out_by_the_next_run() {
    let (server, mut desk) = planned();
    desk.write("inbox/river.txt", RIVER);
    server.rule(Stage::Greeting, "", Deed::Reply("421 4.3.2 not now"), Some(1));
    desk.at("2026-03-04T14:00:00Z");
    assert_eq!(desk.griot(&["run"]).code, 75);
    desk.at("2026-03-04T14:05:00Z");
    desk.done(&["run"]);
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn two_runs_at_a_time_are_one() {
    let (server, mut desk) = planned();
    desk.write("inbox/river.txt", RIVER);
    server.rule(Stage::Greeting, "", Deed::Silence, Some(1));
    desk.at("2026-03-04T14:00:00Z");
    let mut first =
        desk.command(&["run"]).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    while server.connections() == 0 {
        assert!(first.try_wait().unwrap().is_none(), "the first run ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let told = desk.done(&["run"]);
    assert_eq!(told, "waiting   another griot is sending edition 2026-03-04-a-river-rises to `readers`\n");
    first.kill().unwrap();
    first.wait().unwrap();
    // The system let go of the lock; the next run goes on.
    desk.done(&["run"]);
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

/// An article of its own words, to tell from all others.
fn note(number: u32, day: u32) -> String {
    format!(
        "Note number {number}\n\n{day} March 2026\n\nNote {number} says that the water stood at {number} metres by the bridge.\n"
    )
}

#[test]
fn what_a_letter_did_not_carry_is_still_new() {
    let (server, mut desk) = planned();
    desk.write("inbox/one.txt", note(1, 2));
    desk.at("2026-03-02T14:00:00Z").done(&["run"]);
    desk.at("2026-03-03T14:00:00Z").done(&["run"]);
    desk.write("inbox/two.txt", note(2, 3));
    desk.write("inbox/three.txt", note(3, 4));
    desk.at("2026-03-04T08:00:00Z").done(&["run"]);
    // By hand, before the plan: the third alone. The second is the plan's.
    desk.done(&["send", "2026-03-04-note-number-3"]);
    let told = desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-03-note-number-2 to `readers`\n"), "{told}");
    assert_eq!(server.mailed().len(), 3);
}

#[test]
fn a_letter_that_was_stopped_neither_swallows_what_comes_after_it_nor_goes_out_twice() {
    let server = Mta::start();
    let config = format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\nuser = \"desk\"\npassword_file = \"password\"\n\
         [[schedule]]\nname = \"daily\"\nat = \"0 14 * * *\"\n",
        server.port
    );
    let mut desk = Desk::with_config(&config);
    desk.write("password", "secret\n");
    desk.write("inbox/zero.txt", note(9, 2));
    desk.at("2026-03-02T14:00:00Z").done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    desk.done(&["run"]);
    desk.write("inbox/one.txt", note(1, 3));
    desk.write("inbox/two.txt", note(2, 3));
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 bad credentials"), Some(1));
    let ran = desk.at("2026-03-03T14:00:00Z").griot(&["run"]);
    assert_eq!((ran.code, server.logins().len()), (1, 2), "one login a run: {ran:?}");
    desk.write("inbox/three.txt", note(3, 3));
    let told = desk.at("2026-03-03T14:05:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-03-1400-daily to `readers`\n"), "{told}");
    let letter = server.kept().pop().unwrap().data;
    assert!(letter.contains("Note 2 says") && letter.contains("Note number 1") && !letter.contains("Note number 3"), "{letter}");
    let told = desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-03-note-number-3 to `readers`\n"), "{told}");
    assert_eq!(server.kept().len(), 3);
}

#[test]
fn what_is_held_back_is_held_back_everywhere_and_comes_out_whole() {
    let (_server, mut desk) = planned();
    desk.write("inbox/budget.txt", note(5, 9));
    desk.at("2026-03-04T08:00:00Z").done(&["run"]);
    assert!(!desk.exists("feeds/editions"));
    let ran = desk.griot(&["send", "2026-03-09-note-number-5"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is not to be seen before 2026-03-09T12:00:00Z"), "{}", ran.stderr);
    desk.at("2026-03-09T12:00:00Z").done(&["run"]);
    assert!(desk.exists("feeds/editions/2026-03-09-note-number-5/letter.html"));
    assert!(desk.read("feeds/feed.xml").contains("Note number 5"));
}

#[test]
fn a_letter_has_an_end_and_what_waits_for_the_next_is_said() {
    let (_server, mut desk) = planned();
    desk.write("inbox/page.txt", SAMPLE);
    desk.at("2026-03-03T14:00:00Z").done(&["run"]);
    for number in 1..=14 {
        let text = format!(
            "Note number {number}\n\n4 March 2026\n\nNote {number} says that the water stood at {number} metres by the bridge.\n"
        );
        desk.write(&format!("inbox/note-{number}.txt"), text);
    }
    let told = desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert!(told.contains("waiting   2 older new articles for the next letter of the plan `weekday-letter`\n"), "{told}");
    assert!(told.contains("sent      1 of edition 2026-03-04-1400-weekday-letter"), "{told}");
}
