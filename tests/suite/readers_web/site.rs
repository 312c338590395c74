use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use griot::app::{self, Readership, Subscription, World};
use griot::domain::SubscriptionState;

use crate::harness::Desk;

/// Two public lists, one that is not, and what the pages are called from outside.
pub const LISTS: &str = "\
[serve]\nurl = \"https://www.example.org/letters/\"\n\
[[lists]]\nname = \"readers\"\ntitle = \"The River Letter\"\ndescription = \"Every Friday\"\n\
[[lists]]\nname = \"fish\"\ntitle = \"Fish & Nets\"\n\
[[lists]]\nname = \"staff\"\ntitle = \"For the staff\"\npublic = false\n";

/// A publication that is served, by a clock that goes on; ended with the case.
pub struct Site {
    pub desk: Desk,
    griot: Running,
    pub port: u16,
}

/// The process, killed when it is dropped.
struct Running(Child);

/// An answer, its head as lines in lower case.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Site {
    pub fn start() -> Self {
        Self::of(Desk::with_config(LISTS))
    }

    pub fn of(desk: Desk) -> Self {
        // The publication is there, with feeds.
        std::fs::create_dir_all(desk.path("feeds")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
        command.current_dir(desk.path("")).args(["serve", "--listen", "127.0.0.1:0"]).env("NO_COLOR", "1");
        let mut griot = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(griot.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
        let Some(port) = port else { panic!("{line:?}, {:?}", griot.wait_with_output()) };
        Self { desk, griot: Running(griot), port }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream
    }

    /// Sends bytes as they are, and reads until the end.
    pub fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut stream = self.connect();
        // A server that has heard enough closes before all is sent.
        let _ = stream.write_all(request.as_ref());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub fn ask(&self, method: &str, page: &str, headers: &str, body: &[u8]) -> Answer {
        let length =
            if body.is_empty() && method != "POST" { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head =
            format!("{method} /letters/{page} HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n{length}{headers}\r\n");
        self.send([head.as_bytes(), body].concat())
    }

    pub fn get(&self, page: &str) -> Answer {
        self.ask("GET", page, "", b"")
    }

    pub fn post(&self, page: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(page, "", fields)
    }

    pub fn post_with(&self, page: &str, headers: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = format!("Content-Type: application/x-www-form-urlencoded\r\n{headers}");
        self.ask("POST", page, &headers, encoded(fields).as_bytes())
    }

    /// What is left when the server is killed.
    pub fn killed(self) -> Desk {
        drop(self.griot);
        self.desk
    }

    /// A stamp of the form that is old enough to be good.
    pub fn stamp(&self) -> String {
        let stamp = stamp_in(&self.get("subscribe").body);
        std::thread::sleep(Duration::from_millis(2_050));
        stamp
    }

    /// Fills in the form as somebody does who takes the time.
    pub fn subscribe(&self, stamp: &str, address: &str, lists: &[&str]) -> Answer {
        let mut fields = vec![("email", address), ("stamp", stamp), ("website", "")];
        fields.extend(lists.iter().map(|list| ("list", *list)));
        self.post("subscribe", &fields)
    }

    /// Looks into the ledger beside the server.
    pub fn look<T>(&self, look: impl AsyncFnOnce(&app::Desk, &Readership) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World { now: jiff::Timestamp::now(), since: None, chance: || Ok([7; 32]), variable: |_| None };
            let desk = app::Desk::open(&self.desk.path("config/griot.toml"), world).await.unwrap();
            let readership = Readership::of(&desk).await.unwrap();
            let seen = look(&desk, &readership).await;
            desk.ledger.close().await;
            seen
        })
    }

    pub fn row(&self, list: &str, reader: &str) -> Option<Subscription> {
        self.look(async |desk, _| desk.ledger.subscription_of(list, reader).await.unwrap())
    }

    #[track_caller]
    pub fn state(&self, list: &str, reader: &str) -> SubscriptionState {
        self.row(list, reader).unwrap_or_else(|| panic!("{reader} was never on {list}")).state
    }

    /// Puts a reader on a list, and gives the token that stands in that reader's letters.
    pub fn reader(&self, list: &str, reader: &str) -> String {
        self.desk.done(&["subscribers", "add", reader, "--list", list, "--confirmed", "at the desk"]);
        self.look(async |desk, readership| {
            readership.token_of(&desk.ledger.subscription_of(list, reader).await.unwrap().unwrap())
        })
    }

    pub fn confirming_token(&self, list: &str, reader: &str) -> String {
        self.look(async |desk, readership| {
            readership.confirming_token_of(&desk.ledger.subscription_of(list, reader).await.unwrap().unwrap())
        })
    }

    /// All that the ledger knows of readers, to compare before and after.
    pub fn readers(&self) -> String {
        let count = self.desk.rows("SELECT CAST(COUNT(*) AS TEXT) FROM receipt").join("");
        let rows = self.desk.rows(
            "SELECT list || ' ' || recipient || ' ' || state || ' ' || COALESCE(language, '') || ' ' || COALESCE(asked, '') FROM subscriber ORDER BY id",
        );
        format!("{count} receipts\n{}", rows.join("\n"))
    }

    /// What readers did, in its order: on which list, and how.
    pub fn receipts(&self) -> Vec<String> {
        self.desk
            .rows("SELECT recipient || ' ' || deed || ' ' || list || ' ' || way FROM receipt WHERE way <> 'desk' ORDER BY id")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The stamp of a form.
pub fn stamp_in(page: &str) -> String {
    let rest = page.split("name=\"stamp\" value=\"").nth(1).unwrap_or_else(|| panic!("no stamp: {page}"));
    rest.split('"').next().unwrap().to_owned()
}
