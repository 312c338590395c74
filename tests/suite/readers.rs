use crate::harness::{Desk, Ran};

mod erase;
mod exports;
mod hostile;
mod undo;

/// Imports a table as one of confirmed readers.
fn taken(desk: &Desk, content: impl AsRef<[u8]>) -> Ran {
    desk.write("list.csv", content);
    desk.griot(&["subscribers", "import", "list.csv", "--apply", "--confirmed", "old list"])
}

/// The lines that say what became of the rows.
fn fates(ran: &Ran) -> Vec<&str> {
    let mut lines = ran.stdout.lines().skip_while(|line| !line.starts_with("imported") && !line.starts_with("would be"));
    let first = lines.next().unwrap_or_default();
    let first = first.trim_start_matches("imported").trim_start_matches("would be").trim();
    [first].into_iter().chain(lines.take_while(|line| line.starts_with(' ')).map(str::trim)).collect()
}

#[test]
fn readers_come_and_go() {
    let desk = Desk::new();
    assert_eq!(
        desk.done(&["subscribers", "add", "ada@example.org", "--name", "Ada"]),
        "added     a***@e*** to `readers`, pending\n"
    );
    assert_eq!(desk.done(&["subscribers", "add", "ada@example.org"]), "unchanged a***@e*** is on `readers` already\n");
    assert_eq!(
        desk.done(&["subscribers", "add", "Ada@Example.org", "--confirmed", "by letter"]),
        "confirmed A***@e*** on `readers`\n"
    );
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed Ada@example.org  (by letter)\n");
    assert_eq!(desk.done(&["subscribers", "remove", "ada@example.org"]), "removed   a***@e*** from `readers`\n");
    assert_eq!(desk.done(&["subscribers", "list"]), "");
    let ran = desk.griot(&["subscribers", "add", "ada@example.org"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: a***@e*** has left `readers`\n\nhint: if the person has agreed anew, say how with `--confirmed`\n")
    );
    let ran = desk.griot(&["subscribers", "remove", "nobody@example.org"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: n***@e*** is not on the list `readers`\n"));
}

#[test]
fn all_that_is_known_of_a_person_is_shown() {
    let desk = Desk::new();
    assert_eq!(desk.done(&["subscribers", "show", "ada@example.org"]), "nothing   is known of a***@e***\n");
    let add =
        ["subscribers", "add", "ada@example.org", "--language", "fr", "--attribute", "town=Mopti", "--confirmed", "at the fair"];
    desk.done(&add);
    // What is said later is laid over what was said before.
    desk.done(&["subscribers", "add", "ada@example.org", "--attribute", "boat=yes", "--language", "bm"]);
    taken(&desk, "email\nada@example.org\n");
    desk.done(&["subscribers", "remove", "ada@example.org"]);
    assert_eq!(
        desk.done(&["subscribers", "show", "Ada@Example.org"]),
        "left      on `readers` since 2026-03-04T08:00:00Z: ada@example.org
          language  bm
          boat: yes
          town: Mopti
confirmed `readers` by desk, 2026-03-04T08:00:00Z: at the fair
left      `readers` by desk, 2026-03-04T08:00:00Z\n"
    );
    let shown: serde_json::Value =
        serde_json::from_str(&desk.done(&["subscribers", "show", "ada@example.org", "--json"])).unwrap();
    assert_eq!(shown["lists"][0]["attributes"], serde_json::json!({ "boat": "yes", "town": "Mopti" }));
    assert_eq!(shown["receipts"][0]["wording"], "at the fair");
    for bad in [["--language", "french"], ["--attribute", "town"], ["--attribute", "=x"]] {
        let ran = desk.griot(&["subscribers", "add", "ada@example.org", bad[0], bad[1]]);
        assert_eq!(ran.code, 2, "{bad:?}");
    }
}

#[test]
fn pending_readers_of_the_desk_are_asked_once() {
    let mut desk = Desk::with_config("[serve]\nurl = \"https://www.example.org/letters/\"\n");
    let invite = |desk: &Desk| {
        let ran = desk.griot(&["subscribers", "invite"]);
        (ran.code, ran.stdout)
    };
    assert_eq!(invite(&desk), (0, "invited   0 readers, by mail\n".to_owned()));
    let mut table = String::from("email,status\n");
    table.extend((0..600).map(|at| format!("r{at:03}@x.example,pending\n")));
    table.push_str("here@x.example,\ngone@x.example,unsubscribed\nbad@x.example,bounced\n");
    taken(&desk, table);
    assert_eq!(
        invite(&desk),
        (75, "invited   500 readers, by mail\nlater     100 readers: call this again in an hour\n".to_owned())
    );
    assert_eq!(invite(&desk).0, 75);
    desk.at("2026-03-04T09:00:01Z");
    assert_eq!(invite(&desk), (0, "invited   100 readers, by mail\n".to_owned()));
    desk.at("2026-03-08T09:00:01Z");
    assert_eq!(invite(&desk), (0, "invited   0 readers, by mail\n".to_owned()));
    let shown = desk.done(&["subscribers", "show", "r599@x.example"]);
    assert!(shown.contains("asked     `readers` by desk, 2026-03-04T09:00:01Z\n"), "{shown}");
    let ran = Desk::new().griot(&["subscribers", "invite"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: a reader is to be written to, and has no page to go to\n\nhint: say in the config where readers find their pages: `url` in [serve]\n"
        )
    );
}

#[test]
fn an_import_is_looked_at_first() {
    let desk = Desk::new();
    desk.done(&["subscribers", "add", "gone@example.org"]);
    desk.done(&["subscribers", "remove", "gone@example.org"]);
    desk.done(&["subscribers", "add", "waits@example.org"]);
    let table = "\u{FEFF}E-Mail;Name;Status\r\nada@example.org;\"Keita; Ada\";\r\n\r\nnobody;;\r\ngone@example.org;;\r\n\
                 ba@example.org;;unsubscribed\r\nADA@example.org;;\r\ncy@example.org;\"two\r\nlines\";pending\r\n\
                 waits@example.org;;\r\ndi@example.org;;bounced\r\n";
    desk.write("list.csv", table);
    let before = desk.done(&["subscribers", "export", "--all"]);
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--confirmed", "old list"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "read      list.csv: a table, UTF-8, semicolons
would be  1 new on `readers`, confirmed: a***@e***
          1 new on `readers`, pending: c***@e***
          1 noted as having left `readers`: b***@e***
          1 noted as suppressed: d***@e***
          1 confirmed now who were pending: w***@e***
          1 not brought back: they have left `readers`: g***@e***
          1 row repeats an address that the file has already
unchanged nothing is imported yet: `--apply` does it\n"
    );
    assert_eq!(ran.stderr, "error: list.csv: line 4: no address: there is no @ in it\n");
    assert_eq!(desk.done(&["subscribers", "export", "--all"]), before);
    assert_eq!(desk.done(&["subscribers", "batches"]), "");
    assert!(!desk.exists("list.rejected.csv"));
    let ran = taken(&desk, table);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "read      list.csv: a table, UTF-8, semicolons
imported  1 new on `readers`, confirmed
          1 new on `readers`, pending
          1 noted as having left `readers`
          1 noted as suppressed
          1 confirmed now who were pending
          1 not brought back: they have left `readers`
          1 row repeats an address that the file has already
rejected  1 row, with their lines, in list.rejected.csv
undo      griot subscribers undo 1\n"
    );
    assert_eq!(desk.read("list.rejected.csv"), "line,reason,text\r\n4,no address: there is no @ in it,\"nobody;;\"\r\n");
    assert_eq!(
        desk.done(&["subscribers", "list"]),
        "confirmed ada@example.org  (old list)\npending   cy@example.org\nconfirmed waits@example.org  (old list)\n"
    );
    assert_eq!(desk.done(&["status"]).lines().nth(1), Some("readers   2 confirmed, 1 pending"));
    // Nothing of it is brought back by another file.
    let ran = taken(&desk, "email\nba@example.org\ndi@example.org\ngone@example.org\nada@example.org\n");
    assert_eq!(
        fates(&ran),
        ["1 on `readers` already", "2 not brought back: they have left `readers`", "1 not taken: they are suppressed"]
    );
}

#[test]
fn a_file_of_rejects_is_its_owners_and_goes_where_it_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("list.csv", "email,note\nno one,\"=cmd|' /C calc'!A0\"\n=1+1,x\n");
    desk.write("bad.csv", "from before");
    desk.griot(&["subscribers", "import", "list.csv", "--apply", "--rejects", "bad.csv"]);
    assert_eq!(
        desk.read("bad.csv"),
        "line,reason,text\r\n2,no address: there is no @ in it,\"no one,\"\"=cmd|' /C calc'!A0\"\"\"\r\n\
         3,no address: there is no @ in it,\"'=1+1,x\"\r\n"
    );
    assert_eq!(std::fs::metadata(desk.path("bad.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!desk.exists("list.rejected.csv") && !desk.exists(".bad.csv.new"));
}

#[test]
fn nobody_is_confirmed_on_a_guess() {
    let desk = Desk::new();
    let table = "email,subscribed_to_emails\nr0@example.org,active\nr1@example.org,inactive\nr2@example.org,complained\n\
                 r3@example.org,opted-out\nr4@example.org,false\nr5@example.org,true\nr6@example.org,\n";
    let ran = taken(&desk, table);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr, "error: list.csv: line 3: is marked `inactive` in the file, which may mean anything\n");
    let listed = desk.done(&["subscribers", "list"]);
    assert_eq!(
        listed,
        "confirmed r0@example.org  (old list)\nconfirmed r5@example.org  (old list)\nconfirmed r6@example.org  (old list)\n"
    );
    desk.write("list.csv", "email,status\nr7@example.org,confirmed\n");
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--apply"]);
    assert_eq!(fates(&ran), ["1 new on `readers`, pending"], "what a file says of consent, the desk has not said");
}

#[test]
fn the_strictest_of_several_rows_counts() {
    let desk = Desk::new();
    let ran = taken(
        &desk,
        "email,status\na@x.example,subscribed\nb@x.example,unsubscribed\na@x.example,unsubscribed\nA@X.example,\nb@x.example,bounced\n",
    );
    assert_eq!(
        fates(&ran),
        ["1 noted as having left `readers`", "1 noted as suppressed", "3 rows repeat an address that the file has already"]
    );
}

#[test]
fn who_has_left_there_is_taken_off_here() {
    let desk = Desk::new();
    taken(&desk, "email\na@x.example\nb@x.example\n");
    // Who has confirmed here by a mail has said so later.
    desk.tamper("INSERT INTO receipt (recipient, list, at, deed, way) VALUES ('b@x.example', 'readers', 0, 'confirmed', 'page')");
    let ran = taken(&desk, "email,status\na@x.example,unsubscribed\nb@x.example,unsubscribed\n");
    assert_eq!(fates(&ran), ["1 taken off `readers`, since they have left there", "1 on `readers` already"]);
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed b@x.example  (old list)\n");
    assert_eq!(desk.done(&["subscribers", "undo", "2"]), "undone    1 as they were before it\n");
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed a@x.example  (old list)\nconfirmed b@x.example  (old list)\n");
}

#[test]
fn a_bare_column_of_addresses_is_a_list_too() {
    let desk = Desk::new();
    desk.write("list.csv", "ada@example.org\nba@example.org\n");
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--apply"]);
    assert_eq!((ran.code, fates(&ran)), (0, vec!["2 new on `readers`, pending"]));
}

#[test]
fn files_that_are_no_list_are_refused_whole() {
    let desk = Desk::new();
    for (content, why) in [
        (&b""[..], "the file is empty"),
        (b"name,town\nAda,Mopti\n", "line 1 has no column of addresses: name one `email` in the first line"),
        (
            b"email\nada@example.org\nzo\x8F@example.org\n",
            "line 3 is not UTF-8: say with `--encoding` what the file is written in, such as windows-1251",
        ),
        (
            b"email,name\nada@example.org,\"Ada\nben@example.org,Ben\n",
            "line 2 opens a quote that is never closed: all that follows would be part of it",
        ),
    ] {
        let ran = taken(&desk, content);
        assert_eq!((ran.code, ran.stderr), (1, format!("error: failed to import `list.csv`\n  caused by: {why}\n")));
    }
    assert_eq!(desk.done(&["subscribers", "list"]), "");
    assert_eq!(desk.done(&["subscribers", "batches"]), "");
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--encoding", "klingon"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: failed to import `list.csv`\n  caused by: `klingon` is no encoding that griot knows\n")
    );
}
