use crate::harness::Desk;

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
fn an_import_takes_what_it_can_and_names_the_lines_it_cannot() {
    let desk = Desk::new();
    desk.done(&["subscribers", "add", "gone@example.org"]);
    desk.done(&["subscribers", "remove", "gone@example.org"]);
    desk.write("list.csv", "\u{FEFF}E-Mail;Name;Status\r\nada@example.org;\"Keita; Ada\";\r\n\r\nnobody;;\r\ngone@example.org;;\r\nba@example.org;;unsubscribed\r\nada@example.org;;\r\ncy@example.org;\"two\r\nlines\";pending\r\n");
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--confirmed", "old list"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "imported  2 new on `readers`, confirmed\n          1 were on the list already\n          1 have left the list and are not brought back\n"
    );
    assert_eq!(
        ran.stderr,
        "error: list.csv: line 4: no address: there is no @ in it\nerror: list.csv: line 6: is marked `unsubscribed` in the file\n"
    );
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed ada@example.org  (old list)\npending   cy@example.org\n");
}

#[test]
fn nobody_is_confirmed_on_a_guess() {
    let desk = Desk::new();
    let table = "email,subscribed_to_emails\nr0@example.org,active\nr1@example.org,inactive\nr2@example.org,complained\n\
                 r3@example.org,opted-out\nr4@example.org,false\nr5@example.org,true\nr6@example.org,\n";
    desk.write("list.csv", table);
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--confirmed", "old list"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr.lines().count(), 4, "{}", ran.stderr);
    let listed = desk.done(&["subscribers", "list"]);
    assert_eq!(
        listed,
        "confirmed r0@example.org  (old list)\nconfirmed r5@example.org  (old list)\nconfirmed r6@example.org  (old list)\n"
    );
}

#[test]
fn a_bare_column_of_addresses_is_a_list_too() {
    let desk = Desk::new();
    desk.write("list.csv", "ada@example.org\nba@example.org\n");
    assert_eq!(desk.done(&["subscribers", "import", "list.csv"]), "imported  2 new on `readers`, pending\n");
}

#[test]
fn files_that_are_no_list_are_refused_whole() {
    let desk = Desk::new();
    for (content, why) in [
        (&b""[..], "the file is empty"),
        (b"name,town\nAda,Mopti\n", "line 1 has no column of addresses: name one `email` in the first line"),
        (
            b"email\nzo\xEB@example.org\n",
            "line 2 is not UTF-8: save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
    ] {
        desk.write("list.csv", content);
        let ran = desk.griot(&["subscribers", "import", "list.csv"]);
        assert_eq!((ran.code, ran.stderr), (1, format!("error: failed to import `list.csv`\n  caused by: {why}\n")));
    }
    assert_eq!(desk.done(&["subscribers", "list"]), "");
}
