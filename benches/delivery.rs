//! How fast a list is mailed, as a whole process with its ledger, beside Postfix's own `smtp-source` on the same sink; and how
//! long it takes to freeze a large audience.
//!
//! Then the same beside a Postfix of its own, which keeps each message on disk before it throws it away: it does most of the
//! work, and on a machine of few cores a sender takes from it what it needs itself.
//!
//! `cargo bench --bench delivery` needs `smtp-sink` and `smtp-source` (Debian's package `postfix`), and root for Postfix.
//! `smtp-source` sends the message of one reader as often as griot sends one to each, over as many connections, in turns; the
//! ratio of a turn is what counts, since machines are shared. Another turn is signed with Ed25519. `GRIOT_RIVALS=FOLDER`
//! measures nodemailer's pool and lettre's, too, where `benches/rivals.sh FOLDER` has installed them.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const READERS: usize = 20_000;
const CONNECTIONS: usize = 16;
const TURNS: usize = 3;
const MILLION: usize = 1_000_000;
/// Messages to Postfix, which takes ten times as long for one.
const TO_POSTFIX: usize = 4000;
const TURNS_TO_POSTFIX: usize = 5;

fn main() {
    let turns: Vec<f64> = (0..TURNS).filter_map(|turn| beside_source(&format!("turn {}", turn + 1), false)).collect();
    if turns.is_empty() {
        println!("smtp-sink or smtp-source is not installed: apt-get install postfix");
    } else {
        tell_median(turns);
        beside_source("signed", true);
        for connections in [1, CONNECTIONS] {
            to_postfix(connections);
        }
    }
    freeze();
}

/// Both to a Postfix, in turns, over so many connections: all readers at one domain, as `smtp-source` has them.
fn to_postfix(connections: usize) {
    let port = free_port();
    let Some(server) = Postfix::start(port) else {
        println!("no Postfix: apt-get install postfix, and be root");
        return;
    };
    let mut ratios = Vec::new();
    for turn in 1..=TURNS_TO_POSTFIX {
        let folder = tempfile::tempdir().unwrap();
        desk(folder.path(), port, TO_POSTFIX, |_| 1);
        let config = folder.path().join("config/griot.toml");
        let few = fs::read_to_string(&config).unwrap().replace(&format!("= {CONNECTIONS}"), &format!("= {connections}"));
        fs::write(&config, few).unwrap();
        let message = Message::of_one_reader();
        let source = || {
            let mut source = source(connections, &message, TO_POSTFIX);
            let source = timed(source.arg("-N").args(["-t", "reader@d1.example"]).arg(format!("127.0.0.1:{port}"))).unwrap();
            server.until_empty();
            source
        };
        let griot = || {
            let own = timed(griot(folder.path(), &["send"])).unwrap();
            server.until_empty();
            own
        };
        // Who comes first finds the machine as the other does in the next turn.
        let (source, own) = if turn % 2 == 1 {
            (source(), griot())
        } else {
            let own = griot();
            (source(), own)
        };
        let rate = |time: Duration| f64::from(u32::try_from(TO_POSTFIX).unwrap()) / time.as_secs_f64();
        println!(
            "Postfix, turn {turn}: {TO_POSTFIX} messages, {connections} connections: smtp-source {:.0}/s, griot {:.0}/s, ratio {:.2}",
            rate(source),
            rate(own),
            rate(own) / rate(source)
        );
        ratios.push(rate(own) / rate(source));
    }
    tell_median(ratios);
}

fn tell_median(mut ratios: Vec<f64>) {
    ratios.sort_by(f64::total_cmp);
    println!("  the median of the ratios: {:.2}", ratios.get(ratios.len() / 2).unwrap());
}

/// One turn: smtp-source, then griot. Gives griot's rate as a share of the other's.
fn beside_source(turn: &str, signed: bool) -> Option<f64> {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    desk(folder.path(), port, READERS, many_domains);
    let message = Message::of_one_reader();
    if signed {
        let made = griot(folder.path(), &["dkim", "new", "--ed25519"]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let config = folder.path().join("config/griot.toml");
        let key = "[dkim]\nselector = \"griot\"\nkey_file = \"config/dkim-griot.pem\"\n";
        let with_key = fs::read_to_string(&config).unwrap() + key;
        fs::write(config, with_key).unwrap();
    }
    let sink = Sink::start(port)?;
    let mut source = source(CONNECTIONS, &message, READERS);
    let source = timed(source.args(["-t", "reader@example.org"]).arg(format!("127.0.0.1:{port}")))?;
    let own = timed(griot(folder.path(), &["send"]))?;
    let pools = [("nodemailer", nodemailer(folder.path(), port)), ("lettre's pool", lettre_pool(folder.path(), port))];
    drop(sink);
    let rate = |time: Duration| f64::from(u32::try_from(READERS).unwrap()) / time.as_secs_f64();
    let ratio = rate(own) / rate(source);
    println!(
        "{turn}: {READERS} messages of {} bytes, {CONNECTIONS} connections: smtp-source {:.0}/s, griot {:.0}/s, ratio {ratio:.2}",
        message.bytes,
        rate(source),
        rate(own)
    );
    for (name, pool) in pools {
        let Some(pool) = pool else { continue };
        // A tenth of the messages: its rate does not change with their number.
        println!("  {name} {:.0}/s, griot has {:.1} times its rate", rate(pool * 10), rate(own) / rate(pool * 10));
    }
    let audit = griot(folder.path(), &["audit"]).output().unwrap();
    let even = format!("{READERS} recipients: {READERS} sent");
    assert!(String::from_utf8_lossy(&audit.stdout).contains(&even), "{audit:?}");
    Some(ratio)
}

/// `smtp-source`, but for the recipient and the server.
fn source(connections: usize, message: &Message, messages: usize) -> Command {
    let mut command = Command::new("/usr/sbin/smtp-source");
    command.args(["-s", &connections.to_string(), "-d", "-m", &messages.to_string(), "-f", "letter@example.org"]);
    command.arg("-F").arg(message.folder.path().join("message"));
    command
}

/// What griot sends to one reader, for others to send.
struct Message {
    folder: tempfile::TempDir,
    bytes: usize,
}

impl Message {
    fn of_one_reader() -> Self {
        let folder = tempfile::tempdir().unwrap();
        desk(folder.path(), free_port(), 1, many_domains);
        let written = griot(folder.path(), &["send", "--to-folder", "out"]).output().unwrap();
        assert!(written.status.success(), "{written:?}");
        let file = fs::read_dir(folder.path().join("out")).unwrap().next().unwrap().unwrap().path();
        let message = fs::read_to_string(file).unwrap();
        // `smtp-source` takes lines, and ends each with CRLF itself.
        fs::write(folder.path().join("message"), message.replace("\r\n", "\n")).unwrap();
        Self { folder, bytes: message.len() }
    }
}

/// Some large domains, and many small ones.
fn many_domains(reader: usize) -> usize {
    if reader % 4 == 3 { reader % 5000 } else { reader % 7 }
}

/// How long nodemailer's pool takes for a tenth of the messages; nothing where it is not installed.
fn nodemailer(folder: &Path, port: u16) -> Option<Duration> {
    let module = Path::new(&std::env::var_os("GRIOT_RIVALS")?).join("node/node_modules/nodemailer");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rivals/nodemailer_send.cjs");
    let edition = fs::read_dir(folder.join("feeds/editions")).unwrap().next().unwrap().unwrap().path();
    let mut command = Command::new("node");
    command.arg(script).arg(module.is_dir().then_some(module)?).arg(port.to_string()).arg((READERS / 10).to_string());
    command.arg(CONNECTIONS.to_string()).arg(edition.join("letter.html")).arg(edition.join("letter.txt"));
    timed(command)
}

/// The same of lettre's pool, on sockets with `TCP_NODELAY`, which lettre does not set itself.
fn lettre_pool(folder: &Path, port: u16) -> Option<Duration> {
    let built = Path::new(&std::env::var_os("GRIOT_RIVALS")?).join("lettre");
    let (program, preload) = (built.join("release/lettre-pool"), built.join("nodelay.so"));
    let edition = fs::read_dir(folder.join("feeds/editions")).unwrap().next().unwrap().unwrap().path();
    let mut command = Command::new((program.is_file() && preload.is_file()).then_some(program)?);
    command.env("LD_PRELOAD", preload).arg(port.to_string()).arg((READERS / 10).to_string()).arg(CONNECTIONS.to_string());
    command.arg(edition.join("letter.html")).arg(edition.join("letter.txt"));
    timed(&mut command)
}

/// The audience of a million readers, frozen and given up at once: nobody listens at the port.
fn freeze() {
    let folder = tempfile::tempdir().unwrap();
    desk(folder.path(), free_port(), MILLION, many_domains);
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%e s, %M KB", env!("CARGO_BIN_EXE_griot"), "send"]).current_dir(folder.path());
    match command.stdout(Stdio::null()).output() {
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            println!("a list of {MILLION} frozen, no server there: {}", stderr.lines().last().unwrap_or_default());
        }
        Err(_) => println!("GNU time is not installed"),
    }
    let balance = griot(folder.path(), &["audit"]).output().unwrap();
    println!("  {}", String::from_utf8_lossy(&balance.stdout).trim());
}

/// A publication with a letter of some 20 KB and a list.
fn desk(folder: &Path, port: u16, readers: usize, domain: impl Fn(usize) -> usize) {
    fs::create_dir_all(folder.join("config")).unwrap();
    let config = format!(
        "[publication]\ntitle = \"The Desk\"\nhome = \"https://example.org/\"\nfeeds = \"https://example.org/feeds\"\nlanguage = \"en\"\n\
         postal_address = \"The Desk, 1 Bank Street\"\n[letter]\nfrom = \"The Desk <letter@example.org>\"\n\
         unsubscribe = \"https://example.org/leave\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nconnections = {CONNECTIONS}\n"
    );
    fs::write(folder.join("config/griot.toml"), config).unwrap();
    let mut page = String::from("A river rises\n\nBy Ada Lum\n\n4 March 2026\n\n");
    for number in 0..12 {
        let sentence =
            format!("Note {number} tells of the river, of the people who count its water, and of what it counts of them. ");
        writeln!(page, "{}\n", sentence.repeat(6)).unwrap();
    }
    fs::write(folder.join("page.txt"), page).unwrap();
    let mut list = String::from("email\n");
    for reader in 0..readers {
        writeln!(list, "reader{reader}@d{}.example", domain(reader)).unwrap();
    }
    fs::write(folder.join("readers.csv"), list).unwrap();
    for arguments in
        [&["publish", "page.txt"][..], &["subscribers", "import", "readers.csv", "--apply", "--confirmed", "at the bench"]]
    {
        let output = griot(folder, arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

fn griot(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
    command.args(arguments).current_dir(folder);
    command
}

/// How long a command takes; nothing where it cannot be started.
fn timed(mut command: impl std::borrow::BorrowMut<Command>) -> Option<Duration> {
    let began = Instant::now();
    let status = command.borrow_mut().stdout(Stdio::null()).status().ok()?;
    assert!(status.success());
    Some(began.elapsed())
}

struct Sink(Child);

impl Sink {
    fn start(port: u16) -> Option<Self> {
        let address = format!("127.0.0.1:{port}");
        let child = Command::new("/usr/sbin/smtp-sink").args(["-u", "nobody", &address, "300"]).spawn().ok()?;
        while std::net::TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self(child))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A Postfix of its own below a temporary folder, which throws away what it has taken.
struct Postfix(tempfile::TempDir);

impl Postfix {
    /// Nothing where there is none, or nobody may start it.
    fn start(port: u16) -> Option<Self> {
        let daemons = Command::new("postconf").args(["-d", "-h", "daemon_directory"]).output().ok()?.stdout;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["etc", "spool", "data"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        if !Command::new("chown").arg("postfix").arg(folder.path().join("data")).status().unwrap().success() {
            return None;
        }
        let (below, daemons) = (folder.path().display(), String::from_utf8(daemons).unwrap());
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {below}/spool\ndata_directory = {below}/data\n\
             daemon_directory = {daemons}\nmaillog_file = {below}/log\nmaillog_file_prefixes = {below}\nmyhostname = post.example\n\
             mydestination =\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmynetworks = 127.0.0.1/32\nalias_maps =\n\
             default_transport = discard\nsmtpd_peername_lookup = no\nsmtpd_relay_restrictions = permit_mynetworks, reject\n"
        );
        let master = format!(
            "127.0.0.1:{port} inet n - n - 100 smtpd\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n\
             rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n\
             error unix - - n - - error\ndiscard unix - - n - - discard\nanvil unix - - n - 1 anvil\n\
             proxymap unix - - n - - proxymap\npostlog unix-dgram n - n - 1 postlogd\n"
        );
        fs::write(folder.path().join("etc/main.cf"), main).unwrap();
        fs::write(folder.path().join("etc/master.cf"), master).unwrap();
        let server = Self(folder);
        if !server.command("start").status().unwrap().success() {
            return None;
        }
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    fn command(&self, word: &str) -> Command {
        let mut command = Command::new("postfix");
        command.arg("-c").arg(self.0.path().join("etc")).arg(word).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Waits until all that was taken is gone: the next turn is not to pay for this one.
    fn until_empty(&self) {
        let is_empty = |queue: &str| {
            let found = Command::new("find").arg(self.0.path().join("spool").join(queue)).args(["-type", "f"]).output().unwrap();
            found.stdout.is_empty()
        };
        while !["incoming", "active"].into_iter().all(is_empty) {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.command("stop").status().unwrap();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
