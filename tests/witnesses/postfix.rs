use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::harness::Desk;
use crate::judges::sign;
use crate::message::{check, header};
use crate::pages::{EDITIONS, publish};
use crate::programs::{Missing, free_port, is_root, program, python, told, until};

/// Postfix takes the test mail and the edition, turns away an address that it does not know, and keeps in each Maildir
/// one letter as griot wrote it.
pub fn each_reader_gets_one() -> Result<(), Missing> {
    let python = python("email", "apt-get install python3")?;
    let server = Postfix::start(&["ada", "ba.traore", "cy+letters", "me"])?;
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    publish(&desk);
    let edition = EDITIONS[0];

    let told_test = desk.done(&["send", "--test", "me@readers.example"]);
    assert!(told_test.starts_with(&format!("sent      edition {edition} to m***@r*** as a test (250 2.0.0 ")), "{told_test}");
    let mails = server.mails("me", 1);
    let message = &told(&python, "message.py", &mails)[0];
    assert_eq!(header(message, "Subject"), "[Test] Fish & <chips> ]]> in a tin 🐟");
    check(&desk, edition, message);

    desk.write(
        "readers.csv",
        "email,name\nada@readers.example,Ada\nba.traore@readers.example,\"Bâ \"\"B.\"\" Ü, Dr\"\n\
         cy+letters@readers.example,\ngone@readers.example,Gone\n",
    );
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    let told_list = desk.done(&["send"]);
    assert_eq!(told_list, format!("sent      3 of edition {edition} to `readers` (4 in all, 1 refused)\n"));
    let balance = format!("even      {edition} to `readers`, 4 recipients: 1 refused, 3 sent\n");
    assert_eq!(desk.done(&["audit"]), balance);
    let mut ways_out = BTreeSet::new();
    for reader in ["ada", "ba.traore", "cy+letters"] {
        let mails = server.mails(reader, 1);
        let message = &told(&python, "message.py", &mails)[0];
        check(&desk, edition, message);
        assert_eq!(message["to"], json!([format!("{reader}@readers.example")]));
        assert_eq!(header(message, "Subject"), "Fish & <chips> ]]> in a tin 🐟");
        assert_eq!(header(message, "Return-Path"), "<letter@example.org>");
        assert_eq!(header(message, "Delivered-To"), format!("{reader}@readers.example"));
        ways_out.insert(header(message, "List-Unsubscribe").to_owned());
    }
    assert_eq!(ways_out.len(), 3, "each reader has a way out of their own");

    let told_again = desk.done(&["send"]);
    assert_eq!(told_again, format!("nothing   to send: edition {edition} has gone to `readers`\n"));
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(desk.done(&["audit"]), balance);
    // Postfix takes mail in its own time; once its queue is empty nothing can come any more.
    until("an empty queue", || server.queued() == 0);
    for reader in ["ada", "ba.traore", "cy+letters", "me"] {
        server.mails(reader, 1);
    }
    assert_eq!(server.maildirs(), 4);
    Ok(())
}

/// What Postfix has put into a Maildir is still signed: it added headers of its own, and changed none that counts.
pub fn a_signature_still_holds() -> Result<(), Missing> {
    let python = python("dkim", "apt-get install python3-dkim")?;
    let server = Postfix::start(&["ada"])?;
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    sign(&desk);
    publish(&desk);
    desk.write("readers.csv", "email,name\nada@readers.example,\"Bâ \"\"B.\"\" Ü, Dr\"\n");
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    desk.done(&["send"]);
    let files = [vec![desk.path("records")], server.mails("ada", 1)].concat();
    let said = told(&python, "signatures.py", &files);
    assert_eq!(said[0], json!({"keys": [2048, 256], "addable": [], "changed": [null, null]}));
    Ok(())
}

/// The log that Postfix itself writes settles what is in doubt: what it took and delivered, and what it began to read and never got
/// whole, whose Message-ID stands in the log all the same.
pub fn its_log_settles_a_doubt() -> Result<(), Missing> {
    let server = Postfix::start(&["ada", "zoe"])?;
    let mut desk = Desk::with_smtp(server.port, "connections = 1\n");
    desk.at("2026-03-04T13:00:00Z");
    publish(&desk);
    let edition = EDITIONS[0];
    desk.write("readers.csv", "email\nada@readers.example\nzoe@readers.example\n");
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    desk.done(&["send", "--to-folder", "out"]);
    let letter = desk.read(&format!("out/{edition}-00002.eml"));
    assert!(letter.contains("zoe@readers.example"));
    server.lose("zoe@readers.example", &letter[..letter.len() / 2]);
    let ran = desk.griot(&["send", "--max-messages", "1"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    server.mails("ada", 1);
    until("an empty queue", || server.queued() == 0);
    // As if griot had been killed while it handed them over.
    desk.tamper("UPDATE delivery SET state = 'uncertain'");

    let id = letter.split_once("Message-ID: <").and_then(|(_, rest)| rest.split_once('>')).unwrap().0;
    assert!(server.log().contains(&format!("message-id=<{id}>")), "{}", server.log());
    let log = server.folder.path().join("postfix.log").display().to_string();
    let told_settled = desk.done(&["send", "--settle-from", &log]);
    let settled = format!("settled   1 of edition {edition} to `readers`: 1 sent, 0 refused\n");
    let rest = "uncertain 1 still: 0 not in the log, 1 begun and not taken, as far as the log goes\n";
    assert_eq!(told_settled, settled + rest, "{}", server.log());
    let sent = desk.done(&["audit", "--who", "sent"]);
    assert_eq!(sent, "ada@readers.example  in the mail log: sent (delivered to maildir)\n");
    desk.done(&["send", "--resend-uncertain"]);
    server.mails("zoe", 1);
    server.mails("ada", 1);
    Ok(())
}

/// A Postfix of its own below a temporary folder: on the loopback interface, for one domain, and with no way to others.
pub struct Postfix {
    program: PathBuf,
    folder: TempDir,
    pub port: u16,
}

/// Whom the Maildirs belong to: nobody, on Linux.
const OWNER: u32 = 65534;

impl Postfix {
    fn start(mailboxes: &[&str]) -> Result<Self, Missing> {
        Self::start_with(mailboxes, "")
    }

    /// The same with more lines in its settings.
    pub fn start_with(mailboxes: &[&str], more: &str) -> Result<Self, Missing> {
        let program = program("postfix", "postfix")?;
        let postconf = self::program("postconf", "postfix")?;
        if !is_root() {
            return Err(Missing::new("Postfix needs root"));
        }
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let below = |name: &str| folder.path().join(name);
        for name in ["etc", "spool", "data", "mail"] {
            fs::create_dir(below(name)).unwrap();
        }
        // Its parts run as users of their own.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        chown(below("mail"), Some(OWNER), Some(OWNER)).unwrap();
        let status = Command::new("chown").arg("postfix").arg(below("data")).status().unwrap();
        assert!(status.success(), "the package makes the user `postfix`");
        let output = Command::new(postconf).args(["-d", "-h", "daemon_directory"]).output().unwrap();
        let daemons = String::from_utf8(output.stdout).unwrap();
        fs::write(below("etc/main.cf"), main_cf(folder.path(), daemons.trim(), mailboxes) + more).unwrap();
        fs::write(below("etc/master.cf"), master_cf(port)).unwrap();
        let server = Self { program, folder, port };
        server.command("start");
        until("Postfix to listen", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Ok(server)
    }

    #[track_caller]
    fn command(&self, word: &str) {
        let config = self.folder.path().join("etc");
        let output = Command::new(&self.program).arg("-c").arg(config).arg(word).output().unwrap();
        assert!(output.status.success(), "postfix {word}: {output:?}\n{}", self.log());
    }

    /// Hands over the beginning of a message, and hangs up.
    fn lose(&self, to: &str, beginning: &str) {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut replies = BufReader::new(stream.try_clone().unwrap());
        let commands = ["EHLO test.example", "MAIL FROM:<letter@example.org>", &format!("RCPT TO:<{to}>"), "DATA"];
        let mut reply = String::new();
        replies.read_line(&mut reply).unwrap();
        for command in commands {
            write!(stream, "{command}\r\n").unwrap();
            loop {
                reply.clear();
                replies.read_line(&mut reply).unwrap();
                assert!(reply.starts_with(['2', '3']), "{command}: {reply}");
                if reply.as_bytes()[3] == b' ' {
                    break;
                }
            }
        }
        stream.write_all(beginning.as_bytes()).unwrap();
        drop((stream, replies));
        until("Postfix to see that", || self.log().contains("lost connection after DATA"));
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("postfix.log")).unwrap_or_default()
    }

    /// The mails in a Maildir, once there are as many as expected.
    #[track_caller]
    pub fn mails(&self, mailbox: &str, expected: usize) -> Vec<PathBuf> {
        let folder = self.folder.path().join("mail").join(mailbox).join("new");
        let mut found = files(&folder);
        until(&format!("mail for {mailbox}; the log says:\n{}", self.log()), || {
            found = files(&folder);
            found.len() >= expected
        });
        assert_eq!(found.len(), expected, "{mailbox}: {found:?}");
        found
    }

    /// Where a mailbox lies.
    pub fn maildir(&self, mailbox: &str) -> PathBuf {
        self.folder.path().join("mail").join(mailbox)
    }

    fn maildirs(&self) -> usize {
        files(&self.folder.path().join("mail")).len()
    }

    /// Messages that Postfix still has in hand.
    pub fn queued(&self) -> usize {
        let spool = self.folder.path().join("spool");
        ["maildrop", "incoming", "active", "deferred"].iter().map(|queue| files_below(&spool.join(queue))).sum()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let config = self.folder.path().join("etc");
        let _ = Command::new(&self.program).arg("-c").arg(config).arg("stop").output();
    }
}

fn main_cf(folder: &Path, daemons: &str, mailboxes: &[&str]) -> String {
    let folder = folder.display();
    let mailboxes: Vec<String> = mailboxes.iter().map(|name| format!("{{{name}@readers.example = {name}/}}")).collect();
    format!(
        "compatibility_level = 3.6\n\
         queue_directory = {folder}/spool\n\
         data_directory = {folder}/data\n\
         daemon_directory = {daemons}\n\
         maillog_file = {folder}/postfix.log\n\
         maillog_file_prefixes = {folder}\n\
         myhostname = mail.readers.example\n\
         mydestination =\n\
         inet_interfaces = 127.0.0.1\n\
         inet_protocols = ipv4\n\
         mynetworks = 127.0.0.1/32\n\
         alias_maps =\n\
         default_transport = error:mail leaves this machine only in earnest\n\
         relay_transport = error:mail leaves this machine only in earnest\n\
         virtual_mailbox_domains = readers.example\n\
         virtual_mailbox_base = {folder}/mail\n\
         virtual_mailbox_maps = inline:{{ {} }}\n\
         virtual_uid_maps = static:{OWNER}\n\
         virtual_gid_maps = static:{OWNER}\n",
        mailboxes.join(", "),
    )
}

/// The daemons that a mail passes on its way from the port into a Maildir; none runs in a chroot.
fn master_cf(port: u16) -> String {
    format!(
        "127.0.0.1:{port} inet n - n - - smtpd\n\
         cleanup unix n - n - 0 cleanup\n\
         qmgr unix n - n 300 1 qmgr\n\
         rewrite unix - - n - - trivial-rewrite\n\
         bounce unix - - n - 0 bounce\n\
         defer unix - - n - 0 bounce\n\
         error unix - - n - - error\n\
         smtp unix - - n - - smtp\n\
         virtual unix - n n - - virtual\n\
         anvil unix - - n - 1 anvil\n\
         proxymap unix - - n - - proxymap\n\
         postlog unix-dgram n - n - 1 postlogd\n"
    )
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn files_below(folder: &Path) -> usize {
    // A file may move on to the next queue while it is looked at.
    files(folder).iter().map(|path| if path.is_dir() { files_below(path) } else { 1 }).sum()
}
