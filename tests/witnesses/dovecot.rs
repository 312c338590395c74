use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Missing, free_port, is_root, program, until};

const AUTHORITY: &str = include_str!("../../src/mail/smtp/tests/certificates/authority.pem");
const HOST: &str = include_str!("../../src/mail/smtp/tests/certificates/host.pem");

/// Reports that lie with Dovecot are taken, in clear on this machine, by STARTTLS and by TLS; what was taken is not asked for again,
/// and nothing is deleted or marked as read unless the config says so.
pub fn reports_are_fetched() -> Result<(), Missing> {
    let server = Dovecot::start()?;
    let mut desk = Desk::with_config(&Dovecot::config("none", server.ports[0], ""));
    desk.at("2026-03-04T13:00:00Z").variable("MAILBOX", "secret");
    desk.write("authority.pem", AUTHORITY);
    desk.write("bin/sendmail", "#!/bin/sh\ncat > sent-to-$(echo \"$@\" | sed 's/.* //').eml\n");
    fs::set_permissions(desk.path("bin/sendmail"), fs::Permissions::from_mode(0o755)).unwrap();
    publish(&desk);
    let readers = ["ada", "ba", "cy"].map(|name| format!("{name}@readers.example"));
    desk.write("readers.csv", format!("email\n{}\n", readers.join("\n")));
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    desk.done(&["send", EDITIONS[0]]);

    server.put("1.talk", "Subject: hello\n\nIs anybody there?\n");
    server.put("2.ada", &came_back(&desk, &readers[0]));
    assert_eq!(desk.done(&["run"]), "took      2 reports: 1 hard, 1 unknown; 1 reader suppressed\n");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(server.seen(), [false, false]);

    desk.write("config/griot.toml", desk.read("config/griot.toml").replace(&Dovecot::config("none", server.ports[0], ""), ""));
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", format!("{config}{}", Dovecot::config("starttls", server.ports[0], "seen = true\n")));
    server.put("3.ba", &(came_back(&desk, &readers[1]) + &"More words.\n".repeat(100_000)));
    assert_eq!(desk.done(&["bounces", "take", "--imap"]), "took      1 report: 1 hard; 1 reader suppressed\n");
    assert_eq!(server.seen().iter().filter(|seen| **seen).count(), 1, "only what was taken since");

    desk.write("config/griot.toml", format!("{config}{}", Dovecot::config("tls", server.ports[1], "")));
    server.put("4.cy", &came_back(&desk, &readers[2]));
    assert_eq!(desk.done(&["run"]), "took      1 report: 1 hard; 1 reader suppressed\n");
    assert_eq!(server.seen().len(), 4);

    desk.variable("MAILBOX", "wrong");
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("refused the login: [AUTHENTICATIONFAILED]"), "{}", ran.stderr);
    Ok(())
}

/// A report with the Message-ID of a reader's letter.
fn came_back(desk: &Desk, reader: &str) -> String {
    let letter = desk.read(&format!("sent-to-{reader}.eml"));
    let id = letter.lines().find(|line| line.starts_with("Message-ID: ")).unwrap();
    format!(
        "From: MAILER-DAEMON@mx.example\nTo: desk@example.org\nSubject: Undelivered Mail\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n\n--b\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {reader}\n\
         Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\n{id}\n\n--b--\n"
    )
}

/// A Dovecot of its own below a temporary folder, on the loopback interface, with one mailbox.
struct Dovecot {
    program: PathBuf,
    folder: TempDir,
    /// In clear, and by TLS.
    ports: [u16; 2],
}

/// Whom the mail belongs to: nobody, on Linux.
const OWNER: u32 = 65534;

impl Dovecot {
    fn start() -> Result<Self, Missing> {
        let program = program("dovecot", "dovecot-imapd")?;
        if !is_root() {
            return Err(Missing::new("Dovecot needs root"));
        }
        let folder = TempDir::new().unwrap();
        let below = |name: &str| folder.path().join(name);
        // Its parts run as users of their own.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["run", "mail", "mail/new", "mail/cur", "mail/tmp"] {
            fs::create_dir(below(name)).unwrap();
            if name != "run" {
                chown(below(name), Some(OWNER), Some(OWNER)).unwrap();
            }
        }
        let server = Self { program, ports: [free_port(), free_port()], folder };
        server.write("host.pem", HOST);
        server.write("dovecot.conf", &conf(server.folder.path(), server.ports));
        let status = server.dovecot().status().unwrap();
        assert!(status.success(), "{}", server.log());
        for port in server.ports {
            until("Dovecot to listen", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        }
        Ok(server)
    }

    fn dovecot(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(self.folder.path().join("dovecot.conf"));
        command
    }

    fn config(security: &str, port: u16, more: &str) -> String {
        format!(
            "[delivery]\nsendmail = \"bin/sendmail\"\n[bounces.imap]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"{security}\"\n\
             user = \"desk\"\npassword_env = \"MAILBOX\"\nca_file = \"authority.pem\"\n{more}"
        )
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn put(&self, name: &str, message: &str) {
        let name = format!("mail/new/{name}");
        self.write(&name, message);
        chown(self.folder.path().join(name), Some(OWNER), Some(OWNER)).unwrap();
    }

    /// Of each message, whether it is marked as read.
    fn seen(&self) -> Vec<bool> {
        let in_folder = |name: &str| fs::read_dir(self.folder.path().join("mail").join(name)).unwrap();
        let names = ["new", "cur"].into_iter().flat_map(in_folder).map(|entry| entry.unwrap().file_name());
        names.map(|name| name.to_string_lossy().split_once(":2,").is_some_and(|(_, flags)| flags.contains('S'))).collect()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = self.dovecot().arg("stop").output();
        // Its helpers end after it; the folder is theirs until then.
        let pid = fs::read_to_string(self.folder.path().join("run/master.pid")).unwrap_or_default();
        if let Ok(pid) = pid.trim().parse::<u32>() {
            let _ = Command::new("kill").arg(pid.to_string()).output();
        }
        for port in self.ports {
            for _ in 0..100 {
                if std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
                    break;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        }
    }
}

fn conf(folder: &Path, [clear, tls]: [u16; 2]) -> String {
    let folder = folder.display();
    format!(
        "base_dir = {folder}/run\n\
         state_dir = {folder}/run\n\
         log_path = {folder}/log\n\
         protocols = imap\n\
         listen = 127.0.0.1\n\
         ssl = yes\n\
         ssl_cert = <{folder}/host.pem\n\
         ssl_key = <{folder}/host.pem\n\
         mail_location = maildir:{folder}/mail\n\
         passdb {{\n  driver = static\n  args = password=secret\n}}\n\
         userdb {{\n  driver = static\n  args = uid={OWNER} gid={OWNER} home={folder}/mail\n}}\n\
         service imap-login {{\n  inet_listener imap {{\n    port = {clear}\n  }}\n  inet_listener imaps {{\n    port = {tls}\n  }}\n}}\n"
    )
}
