//! One connection: commands in, replies out.

use std::io;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::wire::Wire;
use super::{Deed, Kept, Shared, Stage};

/// The connection is over: by the client, by a rule or by the rules of SMTP.
struct Over;

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self
    }
}

struct Session<'a> {
    wire: Wire,
    shared: &'a Shared,
    /// Whether the client has greeted, since the beginning or since STARTTLS.
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
    /// What BDAT has brought so far.
    chunks: Vec<u8>,
    /// Messages taken.
    taken: usize,
    /// Whether each command has had one reply: only then is it the client's fault to be ahead of it, or to wait.
    in_step: bool,
}

/// The line ends in CRLF (RFC 5321, section 4.5.3.1.6), and holds this much with it.
const LONGEST_LINE: usize = 1000;
const TOO_BIG: &str = "552 5.3.4 too big";
/// How long the server waits for a client that says nothing, so that a case that hangs ends, and says where.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn serve(stream: TcpStream, shared: &Shared) {
    let wire = Wire::new(stream, shared.manners.latency);
    let mut session =
        Session { wire, shared, greeted: false, from: None, to: Vec::new(), chunks: Vec::new(), taken: 0, in_step: true };
    let Err(Over) = session.run();
    let flights = session.wire.flights;
    shared.change(|state| state.flights += flights);
}

enum Never {}

impl Session<'_> {
    fn run(&mut self) -> Result<Never, Over> {
        self.wire.wait_only(PATIENCE)?;
        self.event(Stage::Connect)?;
        let open = self.shared.state().open.len();
        if self.shared.manners.at_once.is_some_and(|most| open > most) {
            return self.close("421 4.7.0 too many connections");
        }
        self.answer(Stage::Greeting, "220 test.example ESMTP")?;
        loop {
            match self.wire.line() {
                Ok(line) if line.is_empty() => return Err(Over),
                Ok(line) => self.command(&line)?,
                Err(error) => {
                    if self.in_step && error.kind() == io::ErrorKind::WouldBlock {
                        self.breach("the client waits for a reply that it has had, or that is not due".to_owned());
                    }
                    return Err(Over);
                }
            }
        }
    }

    fn command(&mut self, line: &[u8]) -> Result<(), Over> {
        let text = String::from_utf8_lossy(line).into_owned();
        if !text.ends_with("\r\n") || text.trim_end_matches("\r\n").contains(['\r', '\n']) {
            self.breach(format!("a command that does not end in CRLF: {text:?}"));
        }
        let text = text.trim_end().to_owned();
        self.shared.change(|state| state.heard.push(text.clone()));
        let verb = text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        // RFC 2920, section 3.1: what may have something behind it in the same packet, and only where it is offered.
        let may_lead = matches!(verb.as_str(), "MAIL" | "RCPT" | "RSET") && self.offers("PIPELINING");
        if self.in_step && self.wire.has_more() && !may_lead && verb != "BDAT" {
            self.breach(format!("something behind {verb} ahead of its reply"));
        }
        match verb.as_str() {
            "EHLO" => self.hello(),
            "HELO" => {
                self.greeted = true;
                self.say("250 test.example");
                Ok(())
            }
            "STARTTLS" => self.start_tls(),
            "AUTH" => self.log_in(&text),
            "MAIL" => self.mail(&text),
            "RCPT" => self.rcpt(&text),
            "DATA" => self.data(),
            "BDAT" => self.bdat(&text),
            "RSET" => {
                self.forget();
                self.answer(Stage::Rset, "250 2.0.0 ok").map(drop)
            }
            "QUIT" => {
                self.answer(Stage::Quit, "221 2.0.0 bye")?;
                self.wire.flush()?;
                Err(Over)
            }
            "NOOP" => {
                self.say("250 2.0.0 ok");
                Ok(())
            }
            _ => {
                self.breach(format!("no command: {text:?}"));
                self.say("500 5.5.2 what?");
                Ok(())
            }
        }
    }

    fn hello(&mut self) -> Result<(), Over> {
        let mut lines = vec!["test.example"];
        // STARTTLS is offered once (RFC 3207, section 4.2).
        let encrypted = self.wire.is_encrypted();
        lines.extend(self.shared.manners.offers.iter().filter(|offer| !encrypted || **offer != "STARTTLS"));
        let last = lines.len() - 1;
        let reply: Vec<String> =
            lines.iter().enumerate().map(|(at, line)| format!("250{}{line}", if at == last { ' ' } else { '-' })).collect();
        self.forget();
        self.greeted = self.answer(Stage::Ehlo, &reply.join("\r\n"))?;
        Ok(())
    }

    fn start_tls(&mut self) -> Result<(), Over> {
        if !self.offers("STARTTLS") || self.wire.is_encrypted() {
            self.breach("STARTTLS, which is not offered".to_owned());
            self.say("502 5.5.1 not implemented");
            return Ok(());
        }
        // A rule that says 220 stands for somebody on the line who keeps it in clear.
        let Some(deed) = self.shared.deed(Stage::StartTls, "") else {
            self.say("220 2.0.0 go ahead");
            self.greeted = false;
            return Ok(self.wire.encrypt(self.shared.manners.certificate)?);
        };
        self.act(&deed, "220 2.0.0 go ahead")?;
        if !matches!(deed, Deed::Reply(reply) if !reply.starts_with('2')) {
            // The handshake of the client is answered like any words that are not understood.
            self.wire.bytes(1 << 16)?;
            self.say("500 5.5.2 what?");
        }
        Ok(())
    }

    fn log_in(&mut self, text: &str) -> Result<(), Over> {
        if !self.offers("AUTH") {
            self.breach("AUTH, which is not offered".to_owned());
        }
        if self.offers("STARTTLS") && !self.wire.is_encrypted() {
            self.breach("AUTH in clear, while STARTTLS is offered".to_owned());
        }
        // LOGIN asks twice (it has no RFC); PLAIN may bring what it has in its command (RFC 4954, section 4).
        let prompts: &[&str] = match text.split_whitespace().collect::<Vec<_>>()[..] {
            [_, _, _] => &[],
            [_, "PLAIN"] => &["334 "],
            _ => &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"],
        };
        for prompt in prompts {
            self.say(prompt);
            if self.wire.line()?.is_empty() {
                return Err(Over);
            }
        }
        self.answer(Stage::Auth, "235 2.7.0 welcome").map(drop)
    }

    fn mail(&mut self, text: &str) -> Result<(), Over> {
        if !self.greeted || self.from.is_some() {
            self.breach("MAIL out of its place".to_owned());
            self.say("503 5.5.1 not now");
            return Ok(());
        }
        for parameter in text.split_whitespace().skip(2) {
            let name = parameter.split('=').next().unwrap_or_default().to_ascii_uppercase();
            let offer = match name.as_str() {
                "BODY" => "8BITMIME",
                "RET" | "ENVID" => "DSN",
                name => name,
            };
            let size = parameter.split_once('=').filter(|_| name == "SIZE").and_then(|(_, size)| size.parse().ok());
            if size.is_some_and(|size: usize| size > self.largest()) {
                self.say(TOO_BIG);
                return Ok(());
            }
            if !self.offers(offer) {
                self.breach(format!("MAIL with {parameter}, which is not offered"));
            }
        }
        if let Some((most, deed)) = &self.shared.manners.per_connection
            && self.taken >= *most
        {
            return self.act(deed, "250 2.1.0 ok").map(drop);
        }
        if self.answer(Stage::Mail, "250 2.1.0 ok")? {
            self.from = Some(address(text));
        }
        Ok(())
    }

    fn rcpt(&mut self, text: &str) -> Result<(), Over> {
        if self.from.is_none() {
            self.say("503 5.5.1 MAIL first");
            return Ok(());
        }
        if text.to_ascii_uppercase().contains("> NOTIFY=") && !self.offers("DSN") {
            self.breach("RCPT with NOTIFY, which is not offered".to_owned());
        }
        let to = address(text);
        let deed = self.shared.deed(Stage::Rcpt, &to);
        if self.act(deed.as_ref().unwrap_or(&Deed::Usual), "250 2.1.5 ok")? {
            self.to.push(to);
        }
        Ok(())
    }

    fn data(&mut self) -> Result<(), Over> {
        if self.to.is_empty() {
            self.say("503 5.5.1 no valid recipients");
            return Ok(());
        }
        if !self.answer(Stage::Data, "354 go on")? {
            return Ok(());
        }
        let mut body = Vec::new();
        let (mut came, mut eighths) = (0, 0);
        loop {
            while came >= eighths * self.shared.manners.body / 8 && eighths < 8 {
                self.event(Stage::Body(eighths))?;
                eighths += 1;
            }
            let line = self.wire.line()?;
            came += line.len();
            match line.as_slice() {
                b".\r\n" => break,
                line if !line.ends_with(b"\n") => return Err(Over),
                line => {
                    self.examine(line);
                    body.extend(line.strip_prefix(b".").unwrap_or(line));
                }
            }
        }
        self.took(&body)
    }

    fn bdat(&mut self, text: &str) -> Result<(), Over> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let size = words.get(1).and_then(|size| size.parse::<usize>().ok());
        let (Some(size), true) = (size, self.offers("CHUNKING")) else {
            self.breach(format!("not offered, or no size: {text:?}"));
            return Err(Over);
        };
        let deed = if self.to.is_empty() { None } else { self.shared.deed(Stage::Bdat, &self.to.join(" ")) };
        let mut chunk = Vec::new();
        let mut eighths = 0;
        loop {
            while chunk.len() >= eighths * size / 8 && eighths < 8 {
                self.event(Stage::Body(eighths))?;
                eighths += 1;
            }
            if chunk.len() == size {
                break;
            }
            let next = size.div_ceil(8).min(size - chunk.len());
            let bytes = self.wire.of_chunk(next)?;
            if bytes.is_empty() {
                return Err(Over);
            }
            chunk.extend(bytes);
        }
        // The octets are read, whatever is said of them (RFC 3030, section 2).
        if self.to.is_empty() {
            self.say("503 5.5.1 no valid recipients");
            return Ok(());
        }
        let positive = deed.as_ref().map_or(Ok(true), |deed| self.act(deed, ""))?;
        if !positive || matches!(deed, Some(Deed::Reply(_) | Deed::Rubbish)) {
            return Ok(());
        }
        self.chunks.extend(chunk);
        if words.last().is_some_and(|word| word.eq_ignore_ascii_case("LAST")) {
            let body = std::mem::take(&mut self.chunks);
            return self.took(&body);
        }
        self.say("250 2.0.0 go on");
        Ok(())
    }

    /// A message has come whole.
    fn took(&mut self, body: &[u8]) -> Result<(), Over> {
        const USUAL: &str = "250 2.0.0 queued as TEST";
        let whom = self.to.join(" ");
        if body.len() > self.largest() {
            self.forget();
            self.say(TOO_BIG);
            return Ok(());
        }
        let at_the_dot = self.shared.deed(Stage::Dot, &whom);
        let is_kept = match &at_the_dot {
            Some(Deed::Reply(reply)) => reply.starts_with('2'),
            Some(Deed::Drop | Deed::Silence | Deed::Rubbish) => false,
            _ => true,
        };
        if let Some(Deed::Call(call)) = &at_the_dot {
            call();
        }
        if is_kept {
            self.keep(body);
        }
        let deed = match at_the_dot {
            None | Some(Deed::Call(_)) => self.shared.deed(Stage::Kept, &whom).unwrap_or(Deed::Usual),
            Some(deed) => deed,
        };
        self.forget();
        self.act(&deed, USUAL)?;
        if let Some(deed) = self.shared.deed(Stage::Answered, &whom) {
            self.wire.flush()?;
            self.in_step &= matches!(deed, Deed::Call(_));
            self.act(&deed, "")?;
        }
        Ok(())
    }

    fn keep(&mut self, body: &[u8]) {
        self.taken += 1;
        let (from, data) = (self.from.clone().unwrap_or_default(), String::from_utf8_lossy(body).into_owned());
        let kept = self.to.iter().map(|to| Kept { from: from.clone(), to: to.clone(), data: data.clone() });
        self.shared.change(|state| state.kept.extend(kept));
    }

    /// What a line of a message may not be (RFC 5321, sections 2.3.8, 2.4 and 4.5.3.1.6).
    fn examine(&mut self, line: &[u8]) {
        let inner = line.strip_suffix(b"\r\n").unwrap_or(line);
        if inner.len() + 2 > LONGEST_LINE || inner.iter().any(|byte| b"\r\n".contains(byte)) {
            self.breach(format!("no line of a message: {:?}", String::from_utf8_lossy(line)));
        }
        if !line.is_ascii() && !self.offers("8BITMIME") {
            self.breach("8-bit characters, and no 8BITMIME is offered".to_owned());
        }
    }

    /// What is to happen here, where no reply is due.
    fn event(&mut self, stage: Stage) -> Result<(), Over> {
        let Some(deed) = self.shared.deed(stage, &self.to.join(" ")) else { return Ok(()) };
        // What was said so far has been heard when it happens.
        self.wire.flush()?;
        self.act(&deed, "").map(drop)
    }

    /// Answers as a rule wants it, or as usual. Whether the answer is a positive one.
    fn answer(&mut self, stage: Stage, usual: &str) -> Result<bool, Over> {
        let deed = self.shared.deed(stage, &self.to.join(" "));
        self.act(deed.as_ref().unwrap_or(&Deed::Usual), usual)
    }

    fn act(&mut self, deed: &Deed, usual: &str) -> Result<bool, Over> {
        let (code, text) = usual.split_at_checked(4).unwrap_or_default();
        let code = code.trim_end();
        match deed {
            Deed::Reply(reply) if reply.starts_with("421") => return self.close(reply),
            Deed::Reply(reply) => {
                self.say(reply);
                return Ok(reply.starts_with(['2', '3']));
            }
            Deed::Usual => self.say(usual),
            Deed::Drop => return Err(Over),
            Deed::Silence => {
                self.wire.flush()?;
                self.wire.hush()?;
                return Err(Over);
            }
            Deed::Slow(millis) => {
                self.wire.flush()?;
                thread::sleep(Duration::from_millis(*millis));
                self.say(usual);
            }
            Deed::Twice => {
                self.in_step = false;
                self.say(usual);
                self.say(usual);
            }
            Deed::BareLf => {
                self.wire.say(format!("{}\n", usual.replace("\r\n", "\n")).as_bytes());
                // A client may well wait for the end of this line, and does so for minutes.
                self.in_step = false;
                self.wire.wait_only(Duration::from_secs(1))?;
            }
            Deed::Long => self.say(&format!("{code} {}", "x".repeat(1 << 20))),
            Deed::Lines => {
                let line = format!("{code}-and so on\r\n");
                self.wire.say(line.repeat(79).as_bytes());
                self.say(&format!("{code} {text}"));
            }
            Deed::Rubbish => self.wire.say(b"\xff\xfe\0\x80\x1b[2J\xc0\xaf\r\n"),
            Deed::Call(call) => {
                call();
                self.say(usual);
            }
        }
        Ok(true)
    }

    fn close<T>(&mut self, reply: &str) -> Result<T, Over> {
        self.say(reply);
        self.wire.flush()?;
        Err(Over)
    }

    fn say(&mut self, reply: &str) {
        if !reply.is_empty() {
            self.wire.say(format!("{reply}\r\n").as_bytes());
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
        self.chunks.clear();
    }

    fn offers(&self, name: &str) -> bool {
        self.shared
            .manners
            .offers
            .iter()
            .any(|offer| offer.split(' ').next().is_some_and(|offer| offer.eq_ignore_ascii_case(name)))
    }

    /// The size that is offered as the largest (RFC 1870).
    fn largest(&self) -> usize {
        let size = |offer: &&str| offer.to_ascii_uppercase().strip_prefix("SIZE ").and_then(|size| size.parse().ok());
        self.shared.manners.offers.iter().find_map(size).unwrap_or(usize::MAX)
    }

    fn breach(&self, what: String) {
        self.shared.change(|state| state.breaches.push(what));
    }
}

fn address(command: &str) -> String {
    let inner = command.split_once('<').map_or(command, |(_, rest)| rest);
    inner.split('>').next().unwrap_or(inner).to_owned()
}
