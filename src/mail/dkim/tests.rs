use super::*;

const RSA: &str = include_str!("../../../tests/fixtures/dkim/rsa.pem");
const ED25519: &str = include_str!("../../../tests/fixtures/dkim/ed25519.pem");

const MESSAGE: &str = "From: The Desk <letter@desk.example>\r\nTo: ada@reader.example\r\nSubject: A river\r\n  rises \r\n\
    Date: Wed, 04 Mar 2026 07:00:00 +0000\r\nMessage-ID: <a@desk.example>\r\nMIME-Version: 1.0\r\n\
    List-Unsubscribe: <https://desk.example/u?t=1>\r\nX-Other: one\r\n\r\n\
    The  river \t rises. \r\n\r\n\tBy  a metre\r\n \t\r\nSince dawn.\r\n\r\n  \r\n";

fn seal() -> Seal {
    Seal::new(vec![
        Signer::new("desk.example", "one", SigningKey::from_pem(RSA).unwrap()),
        Signer::new("desk.example", "two", SigningKey::from_pem(ED25519).unwrap()),
    ])
}

fn published() -> Vec<Published> {
    seal().signers().iter().map(|signer| signer.published().unwrap()).collect()
}

fn signed() -> String {
    let at = "2026-03-04T07:00:00Z".parse().unwrap();
    String::from_utf8(seal().sign(MESSAGE.as_bytes(), None, at).unwrap()).unwrap()
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a row reads better without references")]
fn judged(message: &str, expected: Result<usize, VerifyError>) {
    assert_eq!(verify(message.as_bytes(), &published()).map(|signed| signed.len()), expected, "{message}");
}

#[test]
fn what_is_signed_holds() {
    let signed = signed();
    judged(&signed, Ok(2));
    seal().prove(signed.as_bytes()).unwrap();
    assert_eq!(signed, self::signed());
    assert!(
        signed.starts_with("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=desk.example; s=one;\r\n t=1772607600; h=")
    );
    assert!(signed.ends_with(MESSAGE));
    for line in signed.strip_suffix(MESSAGE).unwrap().split("\r\n") {
        assert!(line.len() <= 76, "{line}");
    }
    let found = verify(signed.as_bytes(), &published()).unwrap();
    let count = |name: &str| found[0].headers.iter().filter(|header| *header == name).count();
    let counts =
        ["from", "subject", "list-unsubscribe", "reply-to", "list-unsubscribe-post", "list-archive", "x-other"].map(count);
    assert_eq!(counts, [2, 2, 2, 1, 1, 0, 0]);
    assert_eq!(found[1].algorithm, Algorithm::Ed25519);
}

#[test]
fn what_was_changed_on_the_way_is_seen() {
    let signed = signed();
    let changed = |from: &str, to: &str| {
        assert!(signed.contains(from), "{from}");
        signed.replace(from, to)
    };
    // White space may change, and what is not signed.
    judged(&changed("The  river \t rises. \r\n", "The river rises.\r\n"), Ok(2));
    judged(&changed("Subject: A river\r\n  rises \r\n", "SUBJECT:A river rises\r\n"), Ok(2));
    judged(&changed("X-Other: one", "X-Other: two"), Ok(2));
    judged(&(signed.clone() + "\r\n\r\n"), Ok(2));
    judged(&format!("Received: by mail.example\r\n{signed}"), Ok(2));
    for name in ["From", "To", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "Content-Type", "MIME-Version"]
    {
        judged(&format!("{name}: other\r\n{signed}"), Err(VerifyError::Signature));
        judged(&signed.replacen("X-Other", name, 1), Err(VerifyError::Signature));
    }
    judged(&changed("A river", "The river"), Err(VerifyError::Signature));
    judged(&changed("t=1772607600", "t=1772607601"), Err(VerifyError::Signature));
    judged(&changed("a metre", "two metres"), Err(VerifyError::Body));
    judged(&changed("Since dawn.", "Since dawn.\r\n\r\nBuy now."), Err(VerifyError::Body));
    judged(
        &changed("c=relaxed/relaxed", "c=simple/simple"),
        Err(VerifyError::Unknown { tag: "c", value: "simple/simple".to_owned() }),
    );
    judged(&changed("s=one", "s=two"), Err(VerifyError::OtherKind("rsa-sha256")));
    judged(&changed("v=1;", "v=1; l=5;"), Err(VerifyError::Partial));
    judged(&changed("v=1;", "v=1; v=1;"), Err(VerifyError::Malformed));
    judged(MESSAGE, Err(VerifyError::Unsigned));
    judged("From: x", Err(VerifyError::NoHead));
    let elsewhere = VerifyError::NoKey { domain: "desk.example".to_owned(), selector: "one".to_owned() };
    assert_eq!(verify(signed.as_bytes(), &published()[1..]), Err(elsewhere));
}

/// The bodies that two ways of reading the same section are most likely to differ in.
#[test]
fn both_ways_to_canonicalise_agree() {
    let pieces = ["a", " ", "\t", "  ", "\r\n", "\r", "\n", "="];
    let mut bodies = vec![String::new()];
    for _ in 0..5 {
        bodies = bodies.iter().flat_map(|body| pieces.map(|piece| format!("{body}{piece}"))).chain(bodies.clone()).collect();
        bodies.sort();
        bodies.dedup();
    }
    assert!(bodies.len() > 30_000);
    for body in bodies {
        let expected = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &verify::relaxed_body(body.as_bytes()));
        assert_eq!(Body::of(body.as_bytes()).hash(body.as_bytes()).as_ref(), expected.as_ref(), "{body:?}");
    }
}

/// The example of RFC 8463, appendix A, with its two keys and the first of its two signatures.
#[test]
fn the_example_of_the_standard_holds() {
    let message = include_str!("../../../tests/fixtures/dkim/rfc8463.eml").replace('\n', "\r\n");
    let key = |selector: &str, record: &str| Published {
        domain: "football.example.com".to_owned(),
        selector: selector.to_owned(),
        key: PublicKey::from_record(record).unwrap(),
    };
    let keys = [key("brisbane", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")];
    let signed = verify(message.as_bytes(), &keys).unwrap();
    assert_eq!((signed.len(), signed[0].algorithm), (1, Algorithm::Ed25519));
}

#[test]
fn keys_are_read_as_openssl_writes_them() {
    let read = |name: &str| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dkim").join(name);
        SigningKey::from_pem(&std::fs::read_to_string(file).unwrap())
    };
    let (rsa, older) = (read("rsa.pem").unwrap(), read("rsa-pkcs1.pem").unwrap());
    assert_eq!(rsa.public().unwrap(), older.public().unwrap());
    assert_eq!(rsa.reveal().unwrap(), RSA);
    assert_eq!(read("ed25519.pem").unwrap().reveal().unwrap(), ED25519);
    assert_eq!(format!("{rsa:?}"), "SigningKey(rsa)");
    for (name, why) in [
        ("small.pem", KeyError::TooSmall),
        ("ec.pem", KeyError::Unknown),
        ("public.pem", KeyError::Public),
        ("encrypted.pem", KeyError::Encrypted),
        ("rfc8463.eml", KeyError::NoPem),
    ] {
        assert_eq!(read(name).unwrap_err(), why, "{name}");
    }
    for (text, why) in [
        ("", KeyError::NoPem),
        ("-----BEGIN PRIVATE KEY-----", KeyError::NoPem),
        ("-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", KeyError::Base64),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", KeyError::Unknown),
        ("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----", KeyError::Encrypted),
        ("-----BEGIN EC PARAMETERS-----\nAAAA\n-----END EC PARAMETERS-----\n", KeyError::NoPem),
    ] {
        assert_eq!(SigningKey::from_pem(text).unwrap_err(), why, "{text}");
    }
}

#[test]
fn new_keys_sign() {
    let keys = [SigningKey::new_rsa().unwrap(), SigningKey::ed25519(&[7; 32]).unwrap()];
    for key in keys {
        let again = SigningKey::from_pem(&key.reveal().unwrap()).unwrap();
        let seal = Seal::new(vec![Signer::new("desk.example", "new", again)]);
        let signed = seal.sign(MESSAGE.as_bytes(), None, jiff::Timestamp::UNIX_EPOCH).unwrap();
        seal.prove(&signed).unwrap();
    }
}

#[test]
fn records_are_read_as_the_dns_shows_them() {
    let key = SigningKey::from_pem(RSA).unwrap().public().unwrap();
    let (record, strings) = (key.record(), key.strings());
    assert!(record.starts_with("v=DKIM1; k=rsa; p=MIIB") && record.len() > 255, "{record}");
    assert!(strings.split('"').all(|string| string.len() <= 255), "{strings}");
    for text in [record.clone(), strings.clone(), format!("( {strings} )"), record.replace("k=rsa; ", ""), format!("{record};")] {
        assert_eq!(PublicKey::from_record(&text).unwrap(), key, "{text}");
    }
    for (text, why) in [
        ("", RecordError::NoList),
        ("hello", RecordError::NoList),
        ("v=DKIM1", RecordError::NoKey),
        ("v=DKIM2; p=AA==", RecordError::Version),
        ("p=AA==; v=DKIM1", RecordError::Version),
        ("v=DKIM1; p=", RecordError::Revoked),
        ("v=DKIM1; p=?", RecordError::Base64),
        ("v=DKIM1; k=ec; p=AA==", RecordError::Kind("ec".to_owned())),
        ("v=DKIM1; k=ed25519; p=AA==", RecordError::Length(1)),
        ("v=DKIM1; h=sha1; p=AA==", RecordError::Hash("sha1".to_owned())),
        ("v=DKIM1; s=tlsrpt; p=AA==", RecordError::Service("tlsrpt".to_owned())),
    ] {
        assert_eq!(PublicKey::from_record(text), Err(why), "{text}");
    }
}

#[test]
fn any_bytes_are_judged() {
    let (signed, keys) = (signed(), published());
    for at in (0..signed.len()).step_by(3) {
        let mut bytes = signed.clone().into_bytes();
        bytes[at] = [b';', b'=', b'\n', b' ', b':', 0xFF][at / 3 % 6];
        for bytes in [&bytes[..], &signed.as_bytes()[at..], &signed.as_bytes()[..at]] {
            if let Ok(found) = verify(bytes, &keys) {
                assert!(found.len() <= 2);
            }
        }
    }
    let many = |text: String| verify(format!("{text}\r\n\r\n").as_bytes(), &keys);
    assert_eq!(many("DKIM-Signature: v=1\r\n".repeat(100_000)), Err(VerifyError::Malformed));
    assert_eq!(many(format!("DKIM-Signature: {}", "a=b;".repeat(100_000))), Err(VerifyError::Malformed));
    let names = format!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=desk.example; s=one; h={}; bh=; b=",
        "a:".repeat(100_000)
    );
    assert_eq!(many(names), Err(VerifyError::Malformed));
}
