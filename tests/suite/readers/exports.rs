//! Files of other tools, and griot's own.

use std::fmt::Write;

use super::{fates, taken};
use crate::harness::{Desk, Ran};

#[track_caller]
fn case(name: &str, content: &str, exporter: &str, expected: &[&str]) -> Desk {
    let desk = Desk::new();
    desk.write(name, content);
    let ran = desk.griot(&["subscribers", "import", name, "--apply", "--confirmed", "old list"]);
    let said = ran.stdout.lines().next().unwrap_or_default().to_owned();
    assert!(said.starts_with(&format!("read      {name}: {exporter}, ")), "{ran:#?}");
    assert_eq!(fates(&ran), expected, "{ran:#?}");
    desk
}

fn listed(desk: &Desk) -> String {
    desk.done(&["subscribers", "list"])
}

fn shown(desk: &Desk, address: &str) -> serde_json::Value {
    serde_json::from_str(&desk.done(&["subscribers", "show", address, "--json"])).unwrap()
}

#[test]
fn of_listmonk() {
    let desk = case(
        "subscribers.csv",
        "uuid,email,name,attributes,status,created_at,updated_at\n\
         7b1c,ada@x.example,Ada Keita,\"{\"\"town\"\": \"\"Mopti\"\", \"\"age\"\": 30}\",enabled,2023-01-02T03:04:05Z,2023-01-02T03:04:05Z\n\
         7b1d,ben@x.example,Ben,{},blocklisted,2023-01-02T03:04:05Z,2023-01-02T03:04:05Z\n\
         7b1e,cy@x.example,Cy,not json,disabled,,\n",
        "an export of listmonk",
        &["1 new on `readers`, confirmed", "2 noted as having left `readers`"],
    );
    assert_eq!(listed(&desk), "confirmed ada@x.example  (old list; there since 2023-01-02T03:04:05Z)\n");
    let attributes = shown(&desk, "ada@x.example")["lists"][0]["attributes"].clone();
    assert_eq!((&attributes["town"], &attributes["age"], &attributes["uuid"]), (&"Mopti".into(), &30.into(), &"7b1c".into()));
    assert_eq!(shown(&desk, "cy@x.example")["lists"][0]["attributes"]["attributes"], "not json");
}

#[test]
fn of_mailchimp() {
    let head = "Email Address,First Name,Last Name,Address,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LEID,EUID,NOTES,TAGS";
    let row =
        "ada@x.example,Ada,Keita,Rue 12,2,2020-01-01 09:00:00,10.1.2.3,2020-01-01 10:00:00,10.1.2.3,14.5,1,2,,\"\"\"boats\"\"\"";
    let desk = case(
        "subscribed_members_export_1.csv",
        &format!("{head}\n{row}\n"),
        "an export of Mailchimp",
        &["1 new on `readers`, confirmed"],
    );
    assert_eq!(listed(&desk), "confirmed ada@x.example  (old list; confirmed there 2020-01-01 10:00:00)\n");
    let person = shown(&desk, "ada@x.example");
    assert_eq!(person["lists"][0]["name"], "Ada Keita");
    let attributes = person["lists"][0]["attributes"].as_object().unwrap().clone();
    assert_eq!(attributes.keys().collect::<Vec<_>>(), ["Address", "EUID", "LEID", "TAGS"]);
    assert!(!person.to_string().contains("10.1.2.3"), "{person}");
    case(
        "unsubscribed_members_export_1.csv",
        &format!("{head},UNSUB_TIME,UNSUB_REASON\n{row},2021-05-05 10:00:00,NORMAL\n"),
        "an export of Mailchimp",
        &["1 noted as having left `readers`"],
    );
    case(
        "cleaned_members_export_1.csv",
        &format!("{head},CLEAN_TIME\n{row},2021-05-05 10:00:00\n"),
        "an export of Mailchimp",
        &["1 noted as suppressed"],
    );
    case(
        "nonsubscribed_members_export_1.csv",
        &format!("{head}\n{row}\n"),
        "an export of Mailchimp",
        &["1 new on `readers`, pending"],
    );
}

#[test]
fn of_ghost_buttondown_and_substack() {
    case(
        "members.csv",
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n\
         1,ada@x.example,Ada,,true,false,,2023-01-02T03:04:05.000Z,,boats,\n2,ben@x.example,Ben,,false,,,,,,\n\
         3,cy@x.example,Cy,,true,,,,2024-01-01T00:00:00.000Z,,\n",
        "an export of Ghost",
        &["1 new on `readers`, confirmed", "2 noted as having left `readers`"],
    );
    case(
        "buttondown.csv",
        "email_address,notes,metadata,tags,creation_date,type,ip_address\nada@x.example,,\"{\"\"town\"\":\"\"Mopti\"\"}\",,2023-01-02,regular,1.2.3.4\n\
         ben@x.example,,,,2023-01-02,unactivated,\ncy@x.example,,,,2023-01-02,unsubscribed,\ndi@x.example,,,,2023-01-02,spammy,\n",
        "an export of Buttondown",
        &[
            "1 new on `readers`, confirmed",
            "1 new on `readers`, pending",
            "1 noted as having left `readers`",
            "1 noted as suppressed",
        ],
    );
    case(
        "email_list.csv",
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\nada@x.example,false,,other,false,2023-01-02T03:04:05Z,\n\
         ben@x.example,true,,monthly,true,2023-01-02T03:04:05Z,\n",
        "an export of Substack",
        &["1 new on `readers`, confirmed", "1 noted as having left `readers`"],
    );
}

#[test]
fn of_mailtrain_and_phplist() {
    case(
        "mailtrain.csv",
        "cid,email,first_name,last_name,status\n1,ada@x.example,Ada,Keita,1\n2,ben@x.example,Ben,,2\n3,cy@x.example,,,3\n4,di@x.example,,,4\n",
        "an export of Mailtrain",
        &["1 new on `readers`, confirmed", "1 noted as having left `readers`", "2 noted as suppressed"],
    );
    let desk = case(
        "phplist.csv",
        "Email\tIs the email of this subscriber confirmed\tIs this subscriber blacklisted\tNumber of bounces on this subscriber\tEntered\tPassword\n\
         ada@x.example\t1\t0\t0\t2020-02-02 10:00:00\tsecret\nben@x.example\t0\t0\t0\t2020-02-02 10:00:00\t\ncy@x.example\t1\t1\t0\t2020-02-02 10:00:00\t\n",
        "an export of phpList",
        &["1 new on `readers`, confirmed", "1 new on `readers`, pending", "1 noted as having left `readers`"],
    );
    assert!(!shown(&desk, "ada@x.example").to_string().contains("secret"));
}

#[test]
fn headers_are_understood_in_several_languages() {
    for (head, row, name) in [
        ("Vorname;Nachname;E-Mail-Adresse;Sprache;Ort", "Zoë;Groß;z@x.example;de;Köln", "Zoë Groß"),
        ("Prénom,Nom,Courriel,Langue,Ville", "Zoë,Groß,z@x.example,fr,Köln", "Zoë Groß"),
        ("Nombre,Apellidos,Correo electrónico,Idioma,Ciudad", "Zoë,Groß,z@x.example,es,Köln", "Zoë Groß"),
        ("Full Name,first name,EMAIL,Locale,City", "Zoë Groß,Zoë,z@x.example,pt_BR,Köln", "Zoë Groß"),
    ] {
        let desk = Desk::new();
        taken(&desk, format!("{head}\n{row}\n"));
        let person = shown(&desk, "z@x.example");
        assert_eq!(person["lists"][0]["name"], name, "{head}");
        assert!(person["lists"][0]["language"].is_string(), "{head}: {person}");
        assert!(person["lists"][0]["attributes"].as_object().unwrap().values().any(|value| value == "Köln"), "{person}");
    }
}

#[test]
fn encodings_are_found_or_told() {
    let said = |ran: &Ran| ran.stdout.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    let desk = Desk::new();
    let ran = taken(&desk, b"email;name\nz@x.example;Zo\xEB \x80\n");
    assert_eq!(
        said(&ran),
        [
            "read      list.csv: a table, windows-1252, semicolons",
            "          windows-1252 is a guess: `--encoding` says otherwise"
        ]
    );
    assert_eq!(shown(&desk, "z@x.example")["lists"][0]["name"], "Zoë €");
    let wide: Vec<u8> = "\u{FEFF}email,name\r\ny@x.example,Зоя\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let ran = taken(&desk, wide);
    assert_eq!(said(&ran)[0], "read      list.csv: a table, UTF-16BE, commas");
    assert_eq!(shown(&desk, "y@x.example")["lists"][0]["name"], "Зоя");
    desk.write("list.csv", b"email,name\nx@x.example,\xC7\xEE\xFF\n");
    desk.done(&["subscribers", "import", "list.csv", "--apply", "--encoding", "windows-1251"]);
    assert_eq!(shown(&desk, "x@x.example")["lists"][0]["name"], "Зоя");
}

#[test]
fn what_is_exported_is_imported_without_loss() {
    let desk = Desk::new();
    // Whatever cells may hold, in all places where they stand.
    let pieces = [
        "=1+1",
        "'=1",
        "''-2",
        "+x",
        "a,b",
        "a;b",
        "two\nlines",
        "\"q\"",
        "<b>x</b>",
        "'",
        "é\u{202E}",
        " x ",
        "@me",
        "\\",
        "{}",
    ];
    let mut table = String::from("email,name,language,note,status,confirmed_at\n");
    for (at, piece) in pieces.iter().cycle().take(60).enumerate() {
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let other = pieces[(at * 7 + 3) % pieces.len()];
        let status = ["subscribed", "pending", "unsubscribed", "bounced", "complained", ""][at % 6];
        let local = ["r", "=r", "+r", "-r", "'r"][at % 5];
        writeln!(table, "{local}{at}@x.example,{},fr,{},{status},2020-01-{:02}", cell(piece), cell(other), at % 28 + 1).unwrap();
    }
    let ran = taken(&desk, table);
    assert_eq!(ran.code, 0, "{ran:#?}");
    for format in ["csv", "json"] {
        let all = desk.done(&["subscribers", "export", "--all", "--format", format]);
        let part = desk.done(&["subscribers", "export", "--format", format]);
        assert!(part.lines().count() < all.lines().count());
    }
    let all = desk.done(&["subscribers", "export", "--all"]);
    for cell in csv_cells(&all) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    let other = Desk::new();
    other.write("all.csv", &all);
    // With no word of the desk: each row has its own.
    let ran = other.griot(&["subscribers", "import", "all.csv", "--apply"]);
    assert_eq!(
        (ran.code, ran.stdout.lines().next()),
        (0, Some("read      all.csv: an export of griot, UTF-8, commas")),
        "{ran:#?}"
    );
    assert_eq!(other.done(&["subscribers", "export", "--all"]), all);
    let json: serde_json::Value =
        serde_json::from_str(&other.done(&["subscribers", "export", "--all", "--format", "json"])).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 60);
    let empty = Desk::new();
    assert_eq!(empty.done(&["subscribers", "export", "--format", "json"]), "[]\n");
    assert_eq!(empty.done(&["subscribers", "list", "--json"]), "[\n]\n");
    let listed: serde_json::Value = serde_json::from_str(&other.done(&["subscribers", "list", "--json"])).unwrap();
    assert!(listed.as_array().unwrap().iter().all(|one| one["state"] != "left"));
}

/// The cells of a table, by another reader than griot's.
fn csv_cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    cells
}
