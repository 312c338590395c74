//! Imports that are taken back, and imports that are cut off.

use std::fmt::Write;

use super::{fates, taken};
use crate::harness::{Desk, RIVER};
use crate::servers::mta::{ALL, Manners, Mta};

fn state(desk: &Desk) -> String {
    desk.done(&["subscribers", "export", "--all"])
}

#[test]
fn an_import_is_taken_back_as_if_it_had_not_been() {
    let desk = Desk::new();
    desk.done(&["subscribers", "add", "waits@x.example"]);
    desk.done(&["subscribers", "add", "here@x.example", "--confirmed", "by letter"]);
    let before = state(&desk);
    let table = "email,status\nnew@x.example,\nwaits@x.example,\nhere@x.example,unsubscribed\nbad@x.example,bounced\nleft@x.example,unsubscribed\n";
    taken(&desk, table);
    assert_ne!(state(&desk), before);
    assert_eq!(
        desk.done(&["subscribers", "undo", "1"]),
        "undone    3 gone who came with it\n          2 as they were before it\n          1 no longer suppressed\n"
    );
    assert_eq!(state(&desk), before);
    assert_eq!(desk.done(&["subscribers", "undo", "1"]), "unchanged import 1 was undone before\n");
    assert_eq!(
        desk.done(&["subscribers", "batches"]),
        "1         2026-03-04T08:00:00Z  undone  3 readers from list.csv to `readers`\n"
    );
    let ran = desk.griot(&["subscribers", "undo", "7"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: there is no import 7\n\nhint: `griot subscribers batches` prints the numbers of imports\n")
    );
    // The same file can be taken again.
    assert_eq!(fates(&taken(&desk, table)).len(), 5);
}

#[test]
fn what_readers_did_since_is_theirs() {
    let server = Mta::with(Manners::offering(&ALL));
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    taken(&desk, "email\nasked@x.example\nleft@x.example\nmailed@x.example\nquiet@x.example\nmore@x.example\n");
    desk.done(&["subscribers", "remove", "left@x.example"]);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["send", "--max-messages", "4"]);
    // Whoever got it: their links go on working.
    assert_eq!(server.kept().len(), 4);
    desk.tamper("UPDATE delivery SET state = 'due' WHERE recipient IN ('quiet@x.example', 'more@x.example')");
    desk.tamper("UPDATE subscriber SET asked = since WHERE recipient = 'asked@x.example'");
    assert_eq!(
        desk.done(&["subscribers", "undo", "1"]),
        "undone    2 gone who came with it
          2 pending, since they have got a letter or asked for one since
          1 as they are, since they or you have changed something since\n"
    );
    let listed = desk.done(&["subscribers", "list"]);
    assert_eq!(listed, "pending   asked@x.example\npending   mailed@x.example\n");
    // Who is gone is not mailed, and the balance is even.
    let ran = desk.griot(&["send"]);
    assert_eq!((ran.code, server.kept().len()), (0, 4), "{ran:#?}");
    assert!(desk.done(&["audit"]).starts_with("even "));
    // Who has left stays away, whatever is imported.
    assert!(fates(&taken(&desk, "email\nleft@x.example\n"))[0].contains("not brought back"));
}

#[test]
fn a_later_import_keeps_what_it_did() {
    let desk = Desk::new();
    desk.write("list.csv", "email\na@x.example\nb@x.example\n");
    desk.done(&["subscribers", "import", "list.csv", "--apply"]);
    taken(&desk, "email\na@x.example\n");
    assert_eq!(
        desk.done(&["subscribers", "undo", "1"]),
        "undone    1 gone who came with it\n          1 as they are, since they or you have changed something since\n"
    );
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed a@x.example  (old list)\n");
    assert_eq!(desk.done(&["subscribers", "undo", "2"]), "undone    1 gone who came with it\n");
    assert_eq!(desk.done(&["subscribers", "list"]), "");
}

#[test]
fn an_import_that_is_killed_is_undone_by_the_next_command() {
    let desk = Desk::new();
    desk.done(&["subscribers", "add", "waits@x.example"]);
    let before = state(&desk);
    let mut table = String::from("email,status\nwaits@x.example,\n");
    for at in 0..60_000 {
        writeln!(table, "reader{at}@d{}.example,{}", at % 997, if at % 3 == 0 { "bounced" } else { "" }).unwrap();
    }
    desk.write("list.csv", &table);
    let arguments = ["subscribers", "import", "list.csv", "--apply", "--confirmed", "old list"];
    // The log grows once the first pieces are taken.
    let log = desk.path("config/griot.db-wal");
    desk.killed_once(&arguments, || std::fs::metadata(&log).is_ok_and(|file| file.len() > 3_000_000));
    let taken = count(&desk);
    assert!(taken > 1 && taken < 60_001, "killed with {taken} readers taken");
    assert_eq!(state(&desk), before, "as if nothing had been");
    assert_eq!(count(&desk), 1);
    assert!(desk.done(&["subscribers", "batches"]).contains("undone"));
    // The same command again does it all.
    desk.done(&arguments);
    assert_eq!(count(&desk), 60_001);
}

#[test]
fn an_import_under_way_is_not_undone_by_others() {
    let desk = Desk::new();
    desk.done(&["status"]);
    desk.tamper("INSERT INTO batch (list, file, begun, receipt, state) VALUES ('readers', 'x.csv', 0, 0, 'taking')");
    let lock = std::fs::File::create(desk.path("config/griot.import.lock")).unwrap();
    lock.lock().unwrap();
    assert!(!desk.done(&["subscribers", "batches"]).contains("undone"));
    drop(lock);
    assert!(desk.done(&["subscribers", "batches"]).contains("undone"));
}

/// Readers in the ledger as it lies there, without griot.
fn count(desk: &Desk) -> i64 {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("config/griot.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = options.connect().await.unwrap();
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM subscriber").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    })
}
