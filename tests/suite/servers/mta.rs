//! A mail server that keeps what it takes, and that fails as it is told: at any point of the dialogue, once or always.
//!
//! It is a whole SMTP state machine (RFC 5321, with 2920, 3030, 3207 and 4954 where it offers them): commands may come one
//! at a time or many in a packet, and each is answered in order. What griot itself does wrong, such as a command ahead of
//! its turn, is written down too: [`Mta::breaches`].

mod session;
mod wire;

use std::collections::{BTreeMap, HashMap};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

/// Where in the dialogue something is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The connection stands, nothing has been said.
    Connect,
    Greeting,
    /// EHLO, not HELO.
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The command BDAT, before its octets.
    Bdat,
    /// So many eighths of the body have come: 0 to 7.
    Body(usize),
    /// The body has come whole, and is not kept yet.
    Dot,
    /// The message is kept, the reply is due.
    Kept,
    /// The reply has gone out.
    Answered,
    Rset,
    Quit,
}

/// What is to happen there.
#[derive(Clone)]
pub enum Deed {
    /// The usual reply.
    Usual,
    /// Another reply, without its last line end. After one that begins with 421 the server hangs up. A message is kept if
    /// the reply to it begins with a 2.
    Reply(&'static str),
    /// The line is cut without a reply.
    Drop,
    /// Nothing is said any more.
    Silence,
    /// The usual reply, after so many milliseconds.
    Slow(u64),
    /// The usual reply, two times.
    Twice,
    /// The usual reply, with LF for CRLF; after it the server waits for a second at the most.
    BareLf,
    /// The usual reply, with a megabyte of text in its line.
    Long,
    /// The usual reply, in 80 lines.
    Lines,
    /// Bytes that are no reply, instead of one.
    Rubbish,
    /// The usual reply, after this has been done.
    Call(Arc<dyn Fn() + Send + Sync>),
}

/// How the server is made.
#[derive(Clone)]
pub struct Manners {
    /// What EHLO announces, a line each.
    pub offers: Vec<&'static str>,
    /// Messages that a connection takes; what the next MAIL meets.
    pub per_connection: Option<(usize, Deed)>,
    /// Connections at once; one more is told 421 for a greeting.
    pub at_once: Option<usize>,
    /// What lies between the end of what the client says at a time and the reply to it.
    pub latency: Duration,
    /// About how long bodies are that come by DATA, to know an eighth of them.
    pub body: usize,
    /// Certificate and key in PEM, for STARTTLS.
    pub certificate: &'static str,
}

/// What a good server of today offers.
pub const ALL: [&str; 8] =
    ["PIPELINING", "SIZE 20000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES", "CHUNKING", "AUTH PLAIN LOGIN"];

impl Default for Manners {
    fn default() -> Self {
        Self {
            offers: ALL.to_vec(),
            per_connection: None,
            at_once: None,
            latency: Duration::ZERO,
            body: 8000,
            certificate: include_str!("../../fixtures/tls/right.pem"),
        }
    }
}

impl Manners {
    /// A server that offers this and nothing else.
    pub fn offering(offers: &[&'static str]) -> Self {
        Self { offers: offers.to_vec(), ..Self::default() }
    }
}

/// One message that was accepted.
#[derive(Clone, Debug)]
pub struct Kept {
    pub from: String,
    pub to: String,
    /// Without the doubled dots; what is not UTF-8 is replaced.
    pub data: String,
}

struct Rule {
    stage: Stage,
    whom: String,
    deed: Deed,
    left: Option<usize>,
    met: bool,
}

#[derive(Default)]
struct State {
    kept: Vec<Kept>,
    rules: Vec<Rule>,
    heard: Vec<String>,
    breaches: Vec<String>,
    connections: usize,
    flights: usize,
    /// The sessions that go on.
    open: HashMap<usize, TcpStream>,
    most_open: usize,
    down: bool,
}

struct Shared {
    manners: Manners,
    state: Mutex<State>,
    changed: Condvar,
}

pub struct Mta {
    pub port: u16,
    shared: Arc<Shared>,
}

impl Mta {
    /// A server that offers all it can and takes everything.
    pub fn start() -> Self {
        Self::with(Manners::default())
    }

    pub fn with(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { manners, state: Mutex::default(), changed: Condvar::new() });
        shared.clone().listen(listener);
        Self { port, shared }
    }

    /// At this stage, for recipients whose address holds `whom` (empty: any), do this; `times` times or always.
    /// The first rule that fits is the one that holds.
    pub fn rule(&self, stage: Stage, whom: &str, deed: Deed, times: Option<usize>) {
        self.state().rules.push(Rule { stage, whom: whom.to_owned(), deed, left: times, met: false });
    }

    /// From here on all goes well.
    pub fn mend(&self) {
        self.state().rules.clear();
    }

    /// How many of the rules have been met.
    pub fn met(&self) -> usize {
        self.state().rules.iter().filter(|rule| rule.met).count()
    }

    /// Forgets what it has kept and heard.
    pub fn forget(&self) {
        let mut state = self.state();
        state.kept.clear();
        state.heard.clear();
    }

    pub fn kept(&self) -> Vec<Kept> {
        self.state().kept.clone()
    }

    /// Who was mailed, in order of address.
    pub fn mailed(&self) -> Vec<String> {
        let mut all: Vec<String> = self.state().kept.iter().map(|kept| kept.to.clone()).collect();
        all.sort();
        all
    }

    /// How many messages were kept.
    pub fn count(&self) -> usize {
        self.state().kept.len()
    }

    /// How many messages were kept for each address.
    pub fn tally(&self) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for kept in &self.state().kept {
            *tally.entry(kept.to.clone()).or_default() += 1;
        }
        tally
    }

    /// The command lines, as they came, of all connections.
    pub fn heard(&self) -> Vec<String> {
        self.state().heard.clone()
    }

    pub fn logins(&self) -> Vec<String> {
        self.heard().into_iter().filter(|line| line.starts_with("AUTH ")).collect()
    }

    /// What the client did that SMTP, or this server's offers, do not allow.
    pub fn breaches(&self) -> Vec<String> {
        self.state().breaches.clone()
    }

    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// How often the server had read all there was and answered it: the round trips.
    pub fn flights(&self) -> usize {
        self.state().flights
    }

    /// The most connections at a time since [`Self::quiet`].
    pub fn most_open(&self) -> usize {
        self.state().most_open
    }

    /// Waits until the connections of a client that has gone are over, and counts anew.
    #[track_caller]
    pub fn quiet(&self) {
        let state = self.until(|state| state.open.is_empty());
        let Some(mut state) = state else { panic!("connections stay open without a client") };
        state.most_open = 0;
    }

    /// Hangs up on everybody and listens no more.
    pub fn stop(&self) {
        let mut state = self.state();
        state.down = true;
        for stream in state.open.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        // Wakes the listener, which then sees that it is down.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        assert!(self.until(|state| !state.down).is_some(), "the listener does not end");
    }

    /// Listens again, with all that was kept, at the same port.
    pub fn start_again(&self) {
        self.shared.clone().listen(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }

    fn until(&self, is_so: impl Fn(&State) -> bool) -> Option<MutexGuard<'_, State>> {
        let end = Instant::now() + Duration::from_secs(30);
        let mut state = self.state();
        while !is_so(&state) {
            let left = end.checked_duration_since(Instant::now())?;
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
        Some(state)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Changes the state, and lets those know who wait for it.
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn listen(self: Arc<Self>, listener: TcpListener) {
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if self.state().down {
                    break;
                }
                let number = self.arrived(&stream);
                let shared = Arc::clone(&self);
                thread::spawn(move || {
                    session::serve(stream, &shared);
                    shared.change(|state| drop(state.open.remove(&number)));
                });
            }
            drop(listener);
            self.change(|state| state.down = false);
        });
    }

    /// Enters a connection into the books, and gives its number.
    fn arrived(&self, stream: &TcpStream) -> usize {
        // A reply that waits for the client's acknowledgement is nobody's fault that is tested here.
        stream.set_nodelay(true).unwrap();
        let mut state = self.state();
        state.connections += 1;
        let number = state.connections;
        state.open.insert(number, stream.try_clone().unwrap());
        state.most_open = state.most_open.max(state.open.len());
        number
    }

    /// What a rule wants here, if one does.
    fn deed(&self, stage: Stage, whom: &str) -> Option<Deed> {
        let mut state = self.state();
        let fits = |rule: &&mut Rule| rule.stage == stage && whom.contains(&rule.whom) && rule.left != Some(0);
        let rule = state.rules.iter_mut().find(fits)?;
        rule.left = rule.left.map(|left| left - 1);
        rule.met = true;
        Some(rule.deed.clone())
    }
}
