use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use griot::domain::{Address, Href, InlinePicture, Language, Line, Mailbox, Newsletter, Recipient};
use griot::mail::dkim::{Seal, Signer, SigningKey};
use griot::mail::{MessageHead, Unsubscribe, message};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dns::{NameServer, Record};
use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Background, Missing, free_port, program, python, told, until};

/// A right-to-left letter.
const ARABIC: &str = include_str!("pages/kidal-ar.md");

/// dkimpy finds that both signatures of every letter hold, and that none does once a header was added or a letter changed.
pub fn dkimpy() -> Result<(), Missing> {
    let python = python("dkim", "apt-get install python3-dkim")?;
    let desk = judged_desk();
    let mut letters = letters(&desk);
    letters.push(with_pictures(&desk));
    let files = [vec![desk.path("records")], letters.clone()].concat();
    let said = told(&python, "signatures.py", &files);
    assert_eq!(said.as_array().unwrap().len(), letters.len());
    for (letter, said) in std::iter::zip(&letters, said.as_array().unwrap()) {
        let expected = json!({"keys": [2048, 256], "addable": [], "changed": [null, null]});
        assert_eq!(*said, expected, "{}", letter.display());
    }
    Ok(())
}

/// Python's mail library finds no fault in a letter that brings its pictures along and is signed.
pub fn python_email_with_pictures() -> Result<(), Missing> {
    let python = python("email", "apt-get install python3")?;
    let desk = judged_desk();
    let said = told(&python, "message.py", &[with_pictures(&desk)]);
    assert_eq!(said[0]["defects"], json!([]));
    assert_eq!(said[0]["type"], "multipart/alternative");
    let kinds: Vec<&Value> = said[0]["parts"].as_array().unwrap().iter().map(|part| &part["type"]).collect();
    assert_eq!(kinds, ["text/plain", "text/html", "image/jpeg", "image/png"]);
    Ok(())
}

/// What `SpamAssassin` may say of a letter. Each is about what a letter is, and none is held against it.
const FINE_WITH_SPAMASSASSIN: [&str; 9] = [
    "NO_RECEIVED",
    "NO_RELAYS",
    "HTML_MESSAGE",
    "MAILING_LIST_MULTI",
    "DKIM_SIGNED",
    // How much text stands beside the pictures: it is said without points.
    "HTML_IMAGE_RATIO_02",
    "HTML_IMAGE_RATIO_04",
    "HTML_IMAGE_RATIO_06",
    "HTML_IMAGE_RATIO_08",
];

/// `SpamAssassin`, without the network, holds nothing against any letter.
pub fn spamassassin() -> Result<(), Missing> {
    let judge = program("spamassassin", "spamassassin")?;
    let desk = judged_desk();
    let letters = letters(&desk);
    // All of them in one go: it takes longer to start than to judge.
    let mut mailbox = Vec::new();
    for letter in &letters {
        mailbox.extend(b"From letter@example.org Wed Mar  4 07:00:00 2026\n");
        mailbox.extend(fs::read_to_string(letter).unwrap().replace("\r\n", "\n").bytes());
        mailbox.push(b'\n');
    }
    desk.write("mailbox", mailbox);
    let output = Command::new(judge)
        .args(["-L", "-t", "--mbox"])
        .env("HOME", desk.path(""))
        .env("LC_ALL", "C.UTF-8")
        .stdin(fs::File::open(desk.path("mailbox")).unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).replace("\n\t", " ");
    let verdicts: Vec<&str> = said.lines().filter(|line| line.starts_with("X-Spam-Status: ")).collect();
    assert_eq!(verdicts.len(), letters.len(), "{said}");
    for (letter, verdict) in std::iter::zip(&letters, verdicts) {
        let value = |name: &str| verdict.split_once(name).unwrap().1.split([' ', '\n']).next().unwrap();
        let score: f64 = value("score=").parse().unwrap();
        assert!(score <= 0.0, "{}: {verdict}", letter.display());
        // The list may be folded after a comma.
        let rules = verdict.split_once("tests=").unwrap().1.split(" autolearn").next().unwrap();
        for rule in rules.split([',', ' ']).filter(|rule| !rule.is_empty()) {
            assert!(FINE_WITH_SPAMASSASSIN.contains(&rule), "{}: {rule} in {verdict}", letter.display());
        }
    }
    Ok(())
}

/// What rspamd counts that is no fault: a title may be a question, and a letter may show an odd number of pictures.
const BY_CHANCE: [&str; 2] = ["SUBJECT_ENDS_QUESTION", "URI_COUNT_ODD"];

/// What it may count: the hidden first line of a letter, that it comes straight from its server, and words in two scripts.
const FINE_WITH_RSPAMD: [&str; 3] = ["MANY_INVISIBLE_PARTS", "ONCE_RECEIVED", "R_MIXED_CHARSET"];

/// rspamd, with a name server that shows the keys, an SPF and a DMARC record, thinks well of every letter.
pub fn rspamd() -> Result<(), Missing> {
    let judge = program("rspamd", "rspamd")?;
    let desk = judged_desk();
    let letters = letters(&desk);
    let judge = Rspamd::start(&judge, &desk);
    let by_chance = |name: &String| BY_CHANCE.contains(&name.as_str());
    let mut unknown: Vec<String> = Vec::new();
    for letter in &letters {
        let said = judge.judge(&fs::read(letter).unwrap());
        let symbols = said["symbols"].as_object().unwrap();
        let chance: f64 =
            symbols.iter().filter(|(name, _)| by_chance(name)).map(|(_, symbol)| symbol["score"].as_f64().unwrap()).sum();
        let score = said["score"].as_f64().unwrap() - chance;
        let told = format!("{}: {said:#}", letter.display());
        assert!(score < 0.0, "{told}");
        for name in ["R_DKIM_ALLOW", "DMARC_POLICY_ALLOW", "R_SPF_ALLOW", "MAILLIST"] {
            assert!(symbols.contains_key(name), "{name} is missing, {told}");
        }
        assert_eq!(symbols["R_DKIM_ALLOW"]["options"].as_array().unwrap().len(), 2, "{told}");
        for (name, symbol) in symbols {
            let score = symbol["score"].as_f64().unwrap();
            let is_fine = score <= 0.0 || by_chance(name) || FINE_WITH_RSPAMD.contains(&name.as_str());
            if !is_fine {
                unknown.push(format!("{}: {name} {score}", letter.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    // A judge that finds everything good is none: a letter that was changed gets no such praise.
    let letter = fs::read_to_string(&letters[0]).unwrap().replace("Subject: ", "Subject: Not ");
    let said = judge.judge(letter.as_bytes());
    assert!(!said["symbols"].as_object().unwrap().contains_key("R_DKIM_ALLOW"), "{said:#}");
    Ok(())
}

/// A rspamd of its own below a temporary folder, on the loopback interface.
struct Rspamd {
    port: u16,
    _process: Background,
    _names: NameServer,
    _folder: TempDir,
}

impl Rspamd {
    fn start(program: &Path, desk: &Desk) -> Self {
        let text = |text: &str| Record::Text(text.to_owned());
        let mut records: Vec<(String, Record)> = vec![
            ("mail.example.org".to_owned(), Record::Address([192, 0, 2, 10])),
            ("10.2.0.192.in-addr.arpa".to_owned(), Record::Pointer("mail.example.org")),
        ];
        for line in desk.read("records").lines() {
            let (name, strings) = line.split_once(". IN TXT ").unwrap();
            records.push((name.to_owned(), Record::Text(strings.split('"').skip(1).step_by(2).collect())));
            let (_, domain) = name.split_once("._domainkey.").unwrap();
            if name.starts_with("griot.") {
                records.push((format!("_dmarc.{domain}"), text("v=DMARC1; p=reject")));
                records.push((domain.to_owned(), text("v=spf1 ip4:192.0.2.0/24 -all")));
                records.push((domain.to_owned(), Record::Mail("mail.example.org")));
                records.push((domain.to_owned(), Record::Address([192, 0, 2, 10])));
            }
        }
        let names = NameServer::start(records);
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let below = |name: &str| folder.path().join(name);
        for name in ["override.d", "db", "run", "log"] {
            fs::create_dir(below(name)).unwrap();
        }
        // The whole list of top-level domains, and the fast way to search, take longer to load than all letters to judge.
        fs::write(below("tlds"), "com\norg\nexample\n").unwrap();
        let options = format!(
            "url_tld = \"{}\";\ndisable_hyperscan = true;\ndns {{ nameserver = [\"127.0.0.1:{}\"]; timeout = 1s; retransmits = 2; }}\n",
            below("tlds").display(),
            names.port
        );
        let worker = format!("bind_socket = \"127.0.0.1:{port}\";\ncount = 1;\n");
        let off = "enabled = false;\n".to_owned();
        for (name, text) in [
            ("options.inc", options),
            ("worker-normal.inc", worker),
            ("worker-controller.inc", off.clone()),
            ("worker-proxy.inc", off),
        ] {
            fs::write(below("override.d").join(name), text).unwrap();
        }
        let variable = |name: &str, value: PathBuf| format!("--var={name}={}", value.display());
        let process = Command::new(program)
            .args(["-f", "-i"])
            .arg(variable("LOCAL_CONFDIR", folder.path().to_path_buf()))
            .args([variable("DBDIR", below("db")), variable("RUNDIR", below("run")), variable("LOGDIR", below("log"))])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Background(process);
        until("rspamd to listen", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { port, _process: process, _names: names, _folder: folder }
    }

    fn judge(&self, letter: &[u8]) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "POST /checkv2 HTTP/1.0\r\nContent-Length: {}\r\nIP: 192.0.2.10\r\nHelo: mail.example.org\r\nHostname: mail.example.org\r\n\
             From: {}\r\nRcpt: {}\r\n\r\n",
            letter.len(),
            address_of("From", letter),
            address_of("To", letter)
        )
        .unwrap();
        stream.write_all(letter).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, said) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(said).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}

/// A publication with two keys, a page and a mailbox to leave by, and letters of several kinds.
fn judged_desk() -> Desk {
    let mut desk = Desk::with_config("");
    // A message of another day than that of the judge's clock is suspect.
    let now = jiff::Timestamp::now().max("2026-03-04T13:00:00Z".parse().unwrap());
    desk.at(&now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let config = desk.read("config/griot.toml").replace(
        "unsubscribe = \"mailto:leave@example.org\"",
        "unsubscribe = \"https://www.example.org/leave\"\nunsubscribe_mail = \"mailto:leave@example.org\"\none_click = true\n\
         help = \"https://www.example.org/help\"\nfeedback_id = \"thedesk\"",
    );
    desk.write("config/griot.toml", config);
    sign(&desk);
    desk.write("kidal-ar.md", ARABIC);
    publish(&desk);
    desk.done(&["publish", "kidal-ar.md"]);
    desk.write("readers.csv", "email,name\nada@readers.example,Ada Reader\n");
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    desk
}

/// Makes an RSA and an Ed25519 key for a desk, and writes the records for its DNS into the file `records`.
pub fn sign(desk: &Desk) {
    desk.done(&["dkim", "new"]);
    desk.done(&["dkim", "new", "--selector", "griot2", "--ed25519"]);
    let keys = "\n[[dkim]]\nselector = \"griot\"\nkey_file = \"config/dkim-griot.pem\"\n\
                [[dkim]]\nselector = \"griot2\"\nkey_file = \"config/dkim-griot2.pem\"\n";
    desk.write("config/griot.toml", desk.read("config/griot.toml") + keys);
    desk.write("records", desk.done(&["dkim", "record"]));
}

/// All letters that are judged, signed: what a reader of the desk gets, once without pictures, and the golden letters.
fn letters(desk: &Desk) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for edition in EDITIONS.iter().chain(&["2026-03-04"]) {
        desk.done(&["send", edition, "--to-folder", "out"]);
        out.push(desk.path(&format!("out/{edition}-00001.eml")));
    }
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", config.replace("[letter]", "[letter]\npictures = false"));
    desk.done(&["send", EDITIONS[1], "--to-folder", "light"]);
    desk.write("config/griot.toml", config);
    out.push(desk.path(&format!("light/{}-00001.eml", EDITIONS[1])));
    out.extend(["latin", "arabic", "digest", "low-data"].map(|name| golden(desk, name)));
    out
}

/// A golden letter with the date of today, signed with the keys of the desk for the domain of its own sender, whose records are
/// added to those of the desk.
fn golden(desk: &Desk, name: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-letters").join(name).join("letter.eml");
    let letter = fs::read_to_string(file).unwrap();
    let (_, rest) = letter.split_once("Date: ").unwrap();
    let (date, _) = rest.split_once("\r\n").unwrap();
    let now = jiff::Timestamp::now();
    let today = now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let letter = letter.replace(date, &today);
    let sender = address_of("From", letter.as_bytes());
    let (_, domain) = sender.rsplit_once('@').unwrap();
    let seal = seal(desk, domain);
    let lines: String = seal
        .signers()
        .iter()
        .map(|signer| signer.published().unwrap())
        .fold(String::new(), |out, at| out + &at.key.zone_line(&format!("{}._domainkey.{domain}", at.selector)) + "\n");
    let records = desk.read("records");
    if !records.contains(&lines) {
        desk.write("records", records + &lines);
    }
    let signed = seal.sign(letter.as_bytes(), None, now).unwrap();
    desk.write(&format!("golden/{name}.eml"), signed);
    desk.path(&format!("golden/{name}.eml"))
}

/// The keys of the desk, to sign for a domain with.
fn seal(desk: &Desk, domain: &str) -> Seal {
    let signers = [("griot", "config/dkim-griot.pem"), ("griot2", "config/dkim-griot2.pem")].map(|(selector, file)| {
        let key = SigningKey::from_pem(&desk.read(file)).unwrap();
        Signer::new(domain, selector, key)
    });
    Seal::new(signers.into())
}

/// The address in a header of a letter.
fn address_of(name: &str, letter: &[u8]) -> String {
    let text = String::from_utf8_lossy(letter);
    let (_, rest) = text.split_once(&format!("\r\n{name}: ")).unwrap();
    let value = rest.replace("\r\n ", " ");
    let (value, _) = value.split_once("\r\n").unwrap();
    value.rsplit(['<', ' ']).next().unwrap().trim_end_matches('>').to_owned()
}

/// A letter that brings two pictures along, signed with the keys of the desk.
fn with_pictures(desk: &Desk) -> PathBuf {
    let picture = |id: &str, media_type, length: usize| InlinePicture {
        id: format!("{id}@example.org"),
        media_type,
        bytes: Arc::from((0..length).map(|at| u8::try_from(at * 31 % 256).unwrap()).collect::<Vec<u8>>()),
    };
    let line = |text: &str| Line::new(text).unwrap();
    let letter = Newsletter {
        subject: line("The dunes – “move” on"),
        html: format!(
            "<!DOCTYPE html><html lang=\"en\"><body><p>The  dunes\tmove \n on.</p><img src=\"cid:one@example.org\" alt=\"\">\
             <a href=\"{}\">Leave</a></body></html>\n\n",
            Newsletter::UNSUBSCRIBE
        ),
        text: format!("The dunes move on. \n\nLeave:\n{}\n\n\n", Newsletter::UNSUBSCRIBE),
        pictures: vec![picture("one", "image/jpeg", 200_000), picture("two", "image/png", 77)],
    };
    let head = MessageHead {
        from: Mailbox::parse("The Desk <letter@example.org>").unwrap(),
        reply_to: None,
        message_id: "2026-03-02-the-dunes-move-on.0123@example.org".to_owned(),
        date: "2026-03-04T07:00:00Z".parse().unwrap(),
        list: (line("The Desk"), "readers.www.example.org".to_owned()),
        archive: None,
        subscribe: None,
        help: None,
        owner: None,
        feedback: None,
        language: Language::parse("en").unwrap(),
        unsubscribe: Unsubscribe { page: Href::parse("https://www.example.org/leave?t=1").unwrap(), one_click: true, mail: None },
        test: false,
    };
    let reader = Recipient::of_test(Address::parse("ada@readers.example").unwrap());
    let message = message(&letter, &reader, &head).unwrap();
    let signed = seal(desk, "example.org").sign(&message, None, head.date).unwrap();
    desk.write("pictures.eml", signed);
    desk.path("pictures.eml")
}
