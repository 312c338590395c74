use std::fs;
use std::os::unix::fs::PermissionsExt;

use griot::mail::dkim::{PublicKey, Published, Signed, VerifyError, verify};

use crate::harness::{Desk, RIVER};
use crate::servers::mta::{Deed, Mta, Stage};

const RSA: &str = include_str!("../fixtures/dkim/rsa.pem");
const ED25519: &str = include_str!("../fixtures/dkim/ed25519.pem");

const KEYS: &str = "\n[[dkim]]\nselector = \"one\"\nkey_file = \"config/one.pem\"\n\
                    [[dkim]]\nselector = \"two\"\nkey_file = \"config/two.pem\"\n";

/// A published article, two readers and two keys.
fn desk(port: u16) -> Desk {
    let mut desk = Desk::with_smtp(port, KEYS);
    desk.at("2026-03-04T13:00:00Z");
    for (file, key) in [("config/one.pem", RSA), ("config/two.pem", ED25519)] {
        desk.write(file, key);
        fs::set_permissions(desk.path(file), fs::Permissions::from_mode(0o600)).unwrap();
    }
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", "email,name\nada@reader.example,Ada\nzoe@reader.example,\"Zoë \"\"Z.\"\" Réader\"\n");
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    desk
}

/// What the DNS shows, by the program's own word.
fn published(desk: &Desk) -> Vec<Published> {
    let records = desk.done(&["dkim", "record"]);
    let lines = records.lines().map(|line| {
        let (name, strings) = line.split_once(". IN TXT ").unwrap();
        let (selector, domain) = name.split_once("._domainkey.").unwrap();
        Published { domain: domain.to_owned(), selector: selector.to_owned(), key: PublicKey::from_record(strings).unwrap() }
    });
    lines.collect()
}

#[track_caller]
fn verified(message: &str, keys: &[Published]) -> Vec<Signed> {
    verify(message.as_bytes(), keys).unwrap_or_else(|error| panic!("{error}: {message}"))
}

#[test]
fn letters_are_signed_with_every_key_of_the_desk() {
    let server = Mta::start();
    let desk = desk(server.port);
    let keys = published(&desk);
    assert_eq!(desk.done(&["send"]), "sent      2 of edition 2026-03-04-a-river-rises to `readers`\n");
    for kept in server.kept() {
        let signed = verified(&kept.data, &keys);
        let by: Vec<(&str, &str)> = signed.iter().map(|one| (one.selector.as_str(), one.algorithm.as_str())).collect();
        assert_eq!(by, [("one", "rsa-sha256"), ("two", "ed25519-sha256")]);
        assert!(kept.data.starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=one;\r\n"));
        // Of the time when the sending began, not of a clock.
        assert_eq!(kept.data.matches("t=1772629200;").count(), 2);
    }
    desk.done(&["send", "--test", "me@desk.example"]);
    assert_eq!(verified(&server.kept().last().unwrap().data, &keys).len(), 2);
    // The copy in the public folder is not: whoever finds it could send it on to anybody in the name of the desk.
    let copy = desk.read("feeds/editions/2026-03-04-a-river-rises/letter.eml");
    assert_eq!(verify(copy.as_bytes(), &keys), Err(VerifyError::Unsigned));
}

#[test]
fn a_letter_that_is_tried_again_has_the_same_bytes() {
    let server = Mta::start();
    let mut desk = desk(server.port);
    server.rule(Stage::Kept, "zoe@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.done(&["send", "--to-folder", "before"]);
    desk.at("2026-03-04T15:00:00Z").done(&["send"]);
    let zoe = server.kept().into_iter().find(|kept| kept.to.contains("zoe@")).unwrap();
    verified(&zoe.data, &published(&desk));
    assert_eq!(zoe.data, desk.read("before/2026-03-04-a-river-rises-00002.eml"));
}

#[test]
fn a_key_is_made_once_and_shown_to_nobody() {
    let desk = Desk::new();
    let told = desk.done(&["dkim", "new"]);
    let key = desk.read("config/dkim-griot.pem");
    assert_eq!(fs::metadata(desk.path("config/dkim-griot.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(told.starts_with("made      config/dkim-griot.pem\n\nThe record for the DNS of example.org:\n\ngriot._domainkey.example.org. IN TXT \"v=DKIM1; k=rsa; p="));
    assert!(told.ends_with("\n\n[[dkim]]\nselector = \"griot\"\nkey_file = \"config/dkim-griot.pem\"\n"), "{told}");
    assert!(key.lines().filter(|line| !line.contains("PRIVATE KEY")).all(|line| !told.contains(line)));
    let ran = desk.griot(&["dkim", "new"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.starts_with("error: `config/dkim-griot.pem` is there already\n"), "{}", ran.stderr);
    assert_eq!(desk.read("config/dkim-griot.pem"), key);
    let told = desk.done(&["dkim", "new", "--selector", "Two", "--ed25519", "--quiet"]);
    assert!(told.contains("\ntwo._domainkey.example.org. IN TXT \"v=DKIM1; k=ed25519; p="), "{told}");
    for selector in ["a b", "../a", "a/b", "", "é", "a.", "-a"] {
        let ran = desk.griot(&["dkim", "new", &format!("--selector={selector}")]);
        assert_eq!(ran.code, 2, "{selector}: {ran:?}");
    }
    let ran = desk.griot(&["dkim", "record"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("has no `[dkim]`: letters go out unsigned"), "{}", ran.stderr);
    // What the config names is what was printed.
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", config + "\n[dkim]\nselector = \"two\"\nkey_file = \"config/dkim-two.pem\"\n");
    assert!(told.contains(desk.done(&["dkim", "record"]).trim()), "{told}");
}

/// Every way to send ends with this, and shows nothing of a key.
#[track_caller]
fn unsent(desk: &Desk, code: i32, expected: &str) {
    for arguments in [&["send"][..], &["send", "--test", "me@desk.example"], &["send", "--to-folder", "out"], &["send", "--plan"]]
    {
        let ran = desk.griot(arguments);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
        assert!(!ran.stderr.contains("MII") && !ran.stderr.contains("MC4C"), "{}", ran.stderr);
    }
}

#[test]
fn nothing_is_sent_with_a_key_that_is_none() {
    let server = Mta::start();
    let desk = desk(server.port);
    fs::remove_file(desk.path("config/two.pem")).unwrap();
    unsent(&desk, 2, "failed to read the key that signs letters from `config/two.pem`");
    desk.write("config/two.pem", include_str!("../fixtures/dkim/small.pem"));
    unsent(&desk, 1, "letters cannot be signed with `config/two.pem`: its RSA key has less than 2048 bits");
    desk.write("config/two.pem", include_str!("../fixtures/dkim/encrypted.pem"));
    unsent(&desk, 1, "hint: `openssl pkey -in config/two.pem` writes it without one");
    desk.write("config/two.pem", "no key at all");
    unsent(&desk, 1, "a line `-----BEGIN PRIVATE KEY-----` is missing");
    assert_eq!((server.kept().len(), server.connections()), (0, 0));
    assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");
    assert!(!desk.exists("out"));
    // Letters are made all the same.
    desk.done(&["letter", "compose"]);
}

#[test]
fn a_key_that_others_can_read_is_told() {
    let server = Mta::start();
    let desk = desk(server.port);
    fs::set_permissions(desk.path("config/one.pem"), fs::Permissions::from_mode(0o644)).unwrap();
    let told = desk.done(&["send"]);
    assert!(told.starts_with("warning   others can read config/one.pem: `chmod 600` it"), "{told}");
    assert_eq!(server.mailed().len(), 2);
}
