use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish, subscribe};
use crate::programs::{Background, Missing, free_port, is_root, program, until};

const EDITION: &str = EDITIONS[0];

/// Each of two hundred readers is mailed once.
pub fn two_hundred_readers() -> Result<(), Missing> {
    let (desk, port) = desk();
    let readers = subscribe(&desk, 200);
    let sink = Sink::start(port, &[])?;
    assert_eq!(desk.done(&["send"]), format!("sent      200 of edition {EDITION} to `readers`\n"));
    assert_eq!(sink.mailed(), readers);
    assert_eq!(desk.done(&["send"]), format!("nothing   to send: edition {EDITION} has gone to `readers`\n"));
    assert_eq!(sink.mailed(), readers);
    assert_eq!(audit(&desk), "200 recipients: 200 sent");
    Ok(())
}

/// A server that takes nobody for now: all wait, and get their letter once it is better.
pub fn refused_for_now() -> Result<(), Missing> {
    // With -Q the server says 421 and closes: three hear it, and nobody else is tried before the next run.
    let closed = "20 recipients: 3 deferred, 17 due";
    let deferred = "20 recipients: 20 deferred";
    for (fault, then, at_once) in
        [(["-r", "RCPT"], deferred, 0), (["-r", "."], deferred, 0), (["-Q", "RCPT"], closed, 17), (["-Q", "."], closed, 17)]
    {
        let (mut desk, port) = desk();
        let readers = subscribe(&desk, 20);
        let sink = Sink::start(port, &fault)?;
        let ran = desk.griot(&["send"]);
        assert_eq!(ran.code, 75, "{fault:?}: {ran:?}");
        assert_eq!(audit(&desk), then, "{fault:?}");
        drop(sink);
        let sink = Sink::start(port, &[])?;
        desk.at("2026-03-04T13:04:59Z").griot(&["send"]);
        assert_eq!(sink.mailed().len(), at_once, "{fault:?}: five minutes have not passed");
        let told = desk.at("2026-03-04T13:05:01Z").done(&["run"]);
        assert_eq!(told, format!("sent      {} of edition {EDITION} to `readers`\n", 20 - at_once), "{fault:?}");
        assert_eq!(sink.mailed(), readers, "{fault:?}");
        assert_eq!(audit(&desk), "20 recipients: 20 sent", "{fault:?}");
    }
    Ok(())
}

/// A server that takes nobody for good: that is said, and nobody is tried again.
pub fn refused_for_good() -> Result<(), Missing> {
    for fault in [["-f", "RCPT"], ["-f", "."]] {
        let (mut desk, port) = desk();
        subscribe(&desk, 20);
        let sink = Sink::start(port, &fault)?;
        let told = desk.done(&["send"]);
        assert_eq!(told, format!("sent      0 of edition {EDITION} to `readers` (20 in all, 20 refused)\n"), "{fault:?}");
        assert_eq!(audit(&desk), "20 recipients: 20 refused", "{fault:?}");
        drop(sink);
        let sink = Sink::start(port, &[])?;
        desk.at("2026-03-05T13:00:00Z").done(&["send"]);
        assert_eq!(sink.mailed(), Vec::<String>::new(), "{fault:?}");
    }
    Ok(())
}

/// A server that hangs up: before the message nobody is lost; after it, no more than two letters are in doubt.
pub fn cut_off() -> Result<(), Missing> {
    for (fault, then, later) in [
        (["-q", "CONNECT"], "20 recipients: 20 due", "20 recipients: 20 sent"),
        (["-q", "MAIL"], "20 recipients: 3 deferred, 17 due", "20 recipients: 20 sent"),
        (["-q", "RCPT"], "20 recipients: 3 deferred, 17 due", "20 recipients: 20 sent"),
        (["-q", "DATA"], "20 recipients: 3 deferred, 17 due", "20 recipients: 20 sent"),
        (["-q", "."], "20 recipients: 18 due, 2 uncertain", "20 recipients: 18 sent, 2 uncertain"),
    ] {
        let (mut desk, port) = desk();
        let readers = subscribe(&desk, 20);
        let sink = Sink::start(port, &fault)?;
        let ran = desk.griot(&["send"]);
        assert_ne!(ran.code, 0, "{fault:?}: {ran:?}");
        assert_eq!(audit(&desk), then, "{fault:?}: {ran:?}");
        drop(sink);
        let sink = Sink::start(port, &[])?;
        // Letters in doubt put the rest off for an hour.
        desk.at("2026-03-04T14:00:01Z").griot(&["send"]);
        assert_eq!(audit(&desk), later, "{fault:?}");
        let mailed = sink.mailed();
        assert!(mailed.iter().all(|reader| readers.contains(reader)));
        assert_eq!(later, if mailed == readers { "20 recipients: 20 sent" } else { "20 recipients: 18 sent, 2 uncertain" });
    }
    Ok(())
}

/// A publication with its letters, and the port at which its mail server will be.
fn desk() -> (Desk, u16) {
    let port = free_port();
    let mut desk = Desk::with_smtp(port, "connections = 1\n");
    desk.at("2026-03-04T13:00:00Z");
    publish(&desk);
    (desk, port)
}

/// The balance, which has to be even.
#[track_caller]
fn audit(desk: &Desk) -> String {
    let told = desk.done(&["audit"]);
    let balance = told.strip_prefix(&format!("even      {EDITION} to `readers`, "));
    balance.unwrap_or_else(|| panic!("{told}")).trim_end().to_owned()
}

/// The server that comes with Postfix for tests, which writes each mail that it takes into a file.
struct Sink {
    _process: Background,
    port: u16,
    folder: TempDir,
}

impl Sink {
    fn start(port: u16, faults: &[&str]) -> Result<Self, Missing> {
        let program = program("smtp-sink", "postfix")?;
        let folder = TempDir::new().unwrap();
        // Run by root, it has to give its rights up, and writes as nobody.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let mut command = Command::new(program);
        if is_root() {
            command.args(["-u", "nobody"]);
        }
        command.arg("-d").arg(folder.path().join("mail.")).args(faults).arg(format!("127.0.0.1:{port}")).arg("100");
        let process = Background(command.current_dir(folder.path()).stderr(Stdio::null()).spawn().unwrap());
        until("smtp-sink to listen", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Ok(Self { _process: process, port, folder })
    }

    /// Who was mailed, in order; whoever was mailed twice is there twice.
    fn mailed(&self) -> Vec<String> {
        // It does one thing at a time: once it greets, the last mail is in its file.
        let _ = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| stream.read(&mut [0]));
        let mut mailed = Vec::new();
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let dump = fs::read_to_string(entry.unwrap().path()).unwrap();
            let to: Vec<&str> = dump.lines().filter_map(|line| line.strip_prefix("X-Rcpt-Args: <")).collect();
            let [to] = to[..] else { panic!("one mail, one reader: {dump}") };
            // Behind the address stand what it asks for in reports (RFC 3461).
            mailed.push(to.split('>').next().unwrap_or(to).to_owned());
        }
        mailed.sort();
        mailed
    }
}
