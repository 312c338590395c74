//! One pass over the readers of a sending who are to be tried by now.

use jiff::{SignedDuration, Timestamp};

use super::post::Post;
use super::server;
use crate::app::Desk;
use crate::domain::{Outcome, Recipient};
use crate::mail::smtp::{Connection, Refusal, Server, Stage};
use crate::store::{Claim, SendingId};

/// Recipients that are taken in hand at a time.
const BATCH: u32 = 50;
/// Messages after which a connection is closed and a new one made: servers limit them.
const PER_CONNECTION: u32 = 100;
/// Letters in doubt, one right after the other, that end a run: a server that hangs up after each message is not to get
/// the whole list that way.
const IN_DOUBT: u32 = 2;
/// Minutes to wait after the first, second ... refusal for now; the last one for all that follow.
const BACK_OFF: [i64; 4] = [5, 15, 30, 60];
/// Refusals by policy, one right after the other, that end a pass: the server has something against the desk, not against
/// its readers (RFC 3463, section 3.8).
const WALL: u32 = 3;
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
    /// Refusals by policy since the last letter that was taken.
    walls: u32,
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
        let message = self.post.message(&claim.recipient)?;
        let mut connection = self.connection().await?;
        let Some(outcome) = self.hand_over(&mut connection, &claim.recipient, &message).await? else {
            // The reader left a moment ago. The server waits for a message that will not come: only closing ends that.
            return Ok(());
        };
        let outcome = weigh(outcome, claim.tries);
        let next = next_try(self.desk.now(), claim.tries);
        self.desk.ledger.settle(self.sending, &claim.recipient, &outcome, self.desk.now(), next).await?;
        let verdict = self.tally.count(&outcome);
        if connection.is_usable() && self.tally.handed < PER_CONNECTION {
            self.connection = Some(connection);
        } else {
            connection.quit().await;
        }
        verdict
    }

    /// Hands one message over, with the record of it before the deed; `None` where the reader is not to be mailed any more.
    async fn hand_over(
        &self,
        connection: &mut Connection,
        recipient: &Recipient,
        message: &[u8],
    ) -> Result<Option<Outcome>, Stop> {
        match connection.begin(self.post.sender(), recipient.address()).await {
            Ok(()) => match self.desk.ledger.in_flight(self.sending, recipient, self.desk.now()).await? {
                None => Ok(Some(connection.hand_over(message).await)),
                Some(_) => Ok(None),
            },
            Err(Refusal::Deferred { stage: Stage::Recipient | Stage::Message, reply }) => Ok(Some(Outcome::Deferred { reply })),
            Err(Refusal::Refused { stage: Stage::Recipient, reply }) => Ok(Some(Outcome::Refused { reply })),
            // The server turned away the sender or the connection, not this reader: nobody on the list is to blame for it.
            Err(refusal) => Err(Stop::Server(refusal.to_string())),
        }
    }

    async fn connection(&mut self) -> Result<Connection, Stop> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        self.tally.handed = 0;
        match Connection::open(self.server).await {
            Ok(connection) => Ok(connection),
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
        self.in_doubt = if matches!(outcome, Outcome::Uncertain { .. }) { self.in_doubt + 1 } else { 0 };
        match outcome {
            Outcome::Sent { .. } => {
                self.sent += 1;
                self.walls = 0;
            }
            other if is_policy(other.reply()) => self.walls += 1,
            _ => {}
        }
        if self.in_doubt >= IN_DOUBT || self.walls >= WALL {
            return Err(Stop::Server(outcome.reply().to_owned()));
        }
        Ok(())
    }
}

/// A refusal by policy is the desk's affair first: the reader is tried again some times before it counts against the reader.
fn weigh(outcome: Outcome, tries: u32) -> Outcome {
    match outcome {
        Outcome::Refused { reply } if is_policy(&reply) && tries < POLICY_TRIES => Outcome::Deferred { reply },
        other => other,
    }
}

/// Whether a reply is about security or policy: `550 5.7.1 ...`, `454 4.7.0 ...` (RFC 3463, section 3.8).
fn is_policy(reply: &str) -> bool {
    reply.split_whitespace().nth(1).is_some_and(|code| code.starts_with("5.7.") || code.starts_with("4.7."))
}

fn next_try(now: Timestamp, tries: u32) -> Timestamp {
    let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = BACK_OFF.get(at).or(BACK_OFF.last()).copied().unwrap_or(60);
    now + SignedDuration::from_mins(minutes)
}
