//! One pass over the readers of a sending who are to be tried by now.

use jiff::{SignedDuration, Timestamp};

use super::post::Post;
use super::server;
use crate::app::Desk;
use crate::domain::{Outcome, Reply};
use crate::mail::smtp::{Connection, Envelope, Refusal, Server, Stage};
use crate::store::{Claim, SendingId};

/// Recipients that are taken in hand at a time.
const BATCH: u32 = 50;
/// Messages after which a connection is closed and a new one made: servers limit them.
const PER_CONNECTION: u32 = 100;
/// Letters in doubt, one right after the other, that end a run: a server that hangs up after each message is not to get
/// the whole list that way.
const IN_DOUBT: u32 = 2;
/// How long the rest of a list then waits.
const DOUBT_PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// Minutes to wait after the first, second ... refusal for now; the last one for all that follow.
const BACK_OFF: [i64; 4] = [5, 15, 30, 60];
/// Refusals by policy, one right after the other, that end a pass: the server has something against the desk, not against
/// its readers (RFC 3463, section 3.8).
const WALL: u32 = 3;
/// Deferrals, one right after the other, that end a pass: the server wants to be left alone for a while.
const DEFERRED: u32 = 20;
/// How long a reader is tried (RFC 5321, section 4.5.4.1, advises four to five days).
const GIVE_UP: SignedDuration = SignedDuration::from_hours(5 * 24);
/// How often a reader is tried whom the server refuses by policy, while it takes others.
const POLICY_TRIES: u32 = 4;

pub(super) struct Pass<'a> {
    pub desk: &'a Desk,
    pub post: &'a Post<'a>,
    pub sending: &'a SendingId,
    pub server: &'a Server,
    pub connection: Option<Connection>,
    pub tally: Tally,
}

/// What this pass has come to so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Readers tried, whatever came of it.
    pub settled: u64,
    pub sent: u64,
    /// Messages handed over on this connection.
    handed: u32,
    /// Letters in doubt since the last one that is not.
    in_doubt: u32,
    /// Refusals by policy, and connections lost, since the last letter that was taken.
    walls: u32,
    /// Deferrals since the last letter that was taken.
    deferred: u32,
    /// Letters in doubt.
    pub uncertain: u64,
}

/// Why a pass ended before everybody was tried.
pub(super) enum Stop {
    /// The server, or the way to it: what waits can be tried later.
    Server(String),
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Pass<'_> {
    /// Tries everybody who is to be tried by now.
    pub(super) async fn deliver(&mut self) -> Result<(), Stop> {
        let ledger = &self.desk.ledger;
        loop {
            let claims = ledger.claim(self.sending, self.desk.now(), BATCH).await?;
            if claims.is_empty() {
                return Ok(());
            }
            for (at, claim) in claims.iter().enumerate() {
                if let Err(stop) = self.one(claim).await {
                    // What was not begun is given back, so that the next run finds it due.
                    for rest in claims.iter().skip(at) {
                        ledger.unclaim(self.sending, &rest.recipient, self.desk.now()).await?;
                    }
                    if self.tally.in_doubt >= IN_DOUBT {
                        // The next tick of cron must not put two more in doubt. After the claims are given back: they wait too.
                        ledger.postpone(self.sending, self.desk.now() + DOUBT_PAUSE).await?;
                    }
                    return Err(stop);
                }
            }
        }
    }

    /// Takes leave of the server.
    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }

    async fn one(&mut self, claim: &Claim) -> Result<(), Stop> {
        let recipient = &claim.recipient;
        let message = self.post.message(recipient)?;
        let (mut connection, mut is_used) = self.connection().await?;
        let envelope = Envelope { from: Some(self.post.sender()), to: recipient.address(), id: "", size: message.len() };
        let begun = loop {
            match connection.begin(&envelope).await {
                // A server may close a connection between two messages. That is about nobody: a new one is asked.
                Err(Refusal::Lost { stage: Stage::Sender, .. }) if is_used => (connection, is_used) = self.connection().await?,
                begun => break begun,
            }
        };
        let outcome = match begun {
            Ok(()) => match self.desk.ledger.in_flight(self.sending, recipient, self.desk.now()).await? {
                None => connection.hand_over(&message).await,
                // The reader left a moment ago. The server waits for a message that will not come: only closing ends that.
                Some(_) => return Ok(()),
            },
            Err(refusal) => not_begun(refusal)?,
        };
        let outcome = self.weigh(outcome, claim);
        let next = next_try(self.desk.now(), claim.tries);
        self.desk.ledger.settle(self.sending, recipient, &outcome, self.desk.now(), next).await?;
        let verdict = self.tally.count(&outcome);
        if connection.is_usable() && self.tally.handed < PER_CONNECTION {
            self.connection = Some(connection);
        } else {
            connection.quit().await;
        }
        verdict
    }

    /// What an outcome means in the end: a refusal by policy is the desk's affair first, and the reader is tried again some
    /// times before it counts against the reader; what is deferred for days is given up.
    fn weigh(&self, outcome: Outcome, claim: &Claim) -> Outcome {
        let address = claim.recipient.address();
        // Servers like to repeat the address, and replies end up in logs.
        match outcome.with_reply(|reply| reply.replace(&address.reveal(), &address.to_string())) {
            Outcome::Refused { reply } if is_policy(&reply) && claim.tries < POLICY_TRIES => Outcome::Deferred { reply },
            Outcome::Deferred { reply } if self.desk.now().duration_since(self.post.begun()) > GIVE_UP => {
                Outcome::Refused { reply: marked("given up after days: ", &reply) }
            }
            other => other,
        }
    }

    /// A connection, and whether it has carried a message before.
    async fn connection(&mut self) -> Result<(Connection, bool), Stop> {
        if let Some(connection) = self.connection.take() {
            return Ok((connection, true));
        }
        self.tally.handed = 0;
        match Connection::open(self.server).await {
            Ok(connection) => Ok((connection, false)),
            Err(error) if !error.is_transient() => Err(Stop::Failed(server::login_error(self.server, error))),
            Err(error) => Err(Stop::Server(error.to_string())),
        }
    }
}

impl Tally {
    /// Counts an outcome; an error where it is one too many of its kind.
    fn count(&mut self, outcome: &Outcome) -> Result<(), Stop> {
        self.settled += 1;
        self.handed += 1;
        let in_doubt = matches!(outcome, Outcome::Uncertain { .. });
        self.in_doubt = if in_doubt { self.in_doubt + 1 } else { 0 };
        self.uncertain += u64::from(in_doubt);
        match outcome {
            Outcome::Sent { .. } => {
                self.sent += 1;
                self.walls = 0;
                self.deferred = 0;
            }
            Outcome::Deferred { reply } => {
                self.deferred += 1;
                self.walls += u32::from(is_wall(reply));
            }
            Outcome::Refused { reply } => self.walls += u32::from(is_wall(reply)),
            Outcome::Uncertain { .. } => {}
        }
        // 421 closes the service, whoever the message was for (RFC 5321, section 3.8).
        let closed = outcome.reply().starts_with("421");
        if self.in_doubt >= IN_DOUBT || self.walls >= WALL || self.deferred >= DEFERRED || closed {
            return Err(Stop::Server(outcome.reply().to_owned()));
        }
        Ok(())
    }
}

/// What it means for this reader that a message could not be begun; an error where it is about all of them.
fn not_begun(refusal: Refusal) -> Result<Outcome, Stop> {
    match refusal {
        Refusal::Deferred { stage: Stage::Recipient | Stage::Message, reply } => Ok(Outcome::Deferred { reply }),
        Refusal::Refused { stage: Stage::Recipient, reply } => Ok(Outcome::Refused { reply }),
        // Perhaps about this reader, perhaps about all: it is tried again behind the others, and counts as a wall.
        Refusal::Refused { stage: Stage::Message, reply } => Ok(Outcome::Deferred { reply: marked(WALL_MARK, &reply) }),
        Refusal::Lost { stage: Stage::Recipient | Stage::Message, reason } => {
            // 4.4.2: bad connection (RFC 3463, section 3.5).
            Ok(Outcome::Deferred { reply: Reply { text: format!("{WALL_MARK}{reason}"), ..Reply::new(451, "4.4.2") } })
        }
        // The server does not take the desk for a sender: a person has to mend that.
        Refusal::Refused { stage: Stage::Sender, reply } => {
            Err(Stop::Failed(anyhow::anyhow!("the mail server does not take mail from `letter.from`: {reply}")))
        }
        refusal => Err(Stop::Server(refusal.to_string())),
    }
}

/// Begins a reply that griot has put down to the server rather than to the reader.
const WALL_MARK: &str = "before the message: ";

fn marked(mark: &str, reply: &Reply) -> Reply {
    Reply { text: format!("{mark}{reply}"), ..*reply }
}

fn is_wall(reply: &Reply) -> bool {
    reply.text.starts_with(WALL_MARK) || is_policy(reply)
}

/// Whether a reply is about security or policy: `550 5.7.1 ...`, `454 4.7.0 ...` (RFC 3463, section 3.8).
fn is_policy(reply: &Reply) -> bool {
    matches!(reply.enhanced, Some([_, 7, _]))
}

fn next_try(now: Timestamp, tries: u32) -> Timestamp {
    let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = BACK_OFF.get(at).or(BACK_OFF.last()).copied().unwrap_or(60);
    now + SignedDuration::from_mins(minutes)
}
