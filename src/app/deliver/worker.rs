//! One connection at work: takes its turns, opens and closes the line, and says what became of each reader.

use jiff::SignedDuration;

use super::crew::{Crew, End};
use super::judge::Class;
use super::lanes::Turn;
use super::outlet::{Line, OpenFailed};
use super::scribe::Closed;
use super::standing::{Flights, Result};
use crate::domain::{Address, Outcome, Reply};
use crate::mail::smtp::{Envelope, Handed, Refusal, Stage};
use crate::store::{Cleared, Entry};

/// Messages after which a connection is closed and a new one made: servers limit them.
const PER_CONNECTION: u32 = 100;
/// How often a reader is tried whom the server refuses by policy, while it takes others.
const POLICY_TRIES: u32 = 4;

/// One connection to a server of the crew.
pub(super) struct Worker<'a> {
    crew: &'a Crew,
    /// Which of the crew's servers.
    at: usize,
    line: Option<Line>,
    /// Messages begun on this line.
    begun: u32,
    /// Whether the last of them was taken: then the next may leave in one flight with its envelope, or the server be asked for
    /// the one after it in the same flight. A server that breaks off there leaves the reader in doubt, so it has to have shown
    /// that it does not.
    is_proven: bool,
    /// The letter that the server was asked for together with the last one.
    ahead: Option<Letter>,
    /// Whether the server has not understood something that it had said it can: then it is spoken to in plain words only.
    is_plain: bool,
}

/// A reader's turn, and the message that is made for it.
struct Letter {
    turn: Turn,
    from: Address,
    id: String,
    message: Vec<u8>,
}

impl Letter {
    fn envelope(&self) -> Envelope<'_> {
        let to = self.turn.claim.recipient.address();
        Envelope { from: Some(&self.from), to, id: &self.id, size: self.message.len() }
    }
}

/// Whether a worker goes on.
enum Then {
    GoOn,
    Leave,
}

/// What became of a reader.
struct Fate {
    outcome: Outcome,
    result: Result,
    wait: SignedDuration,
    /// The address does not exist.
    is_nobody: bool,
}

/// Whether the server took a command, or what stands in it, for none (RFC 5321, sections 4.1.1.11 and 4.2.4).
fn is_not_understood(handed: &Handed) -> bool {
    let (Ok(Outcome::Refused { reply }) | Err(Refusal::Refused { reply, .. })) = handed else { return false };
    matches!((reply.code, reply.enhanced), (500..=504 | 555, None | Some([5, 5, _])))
}

/// The letter of a turn; nothing where it cannot be made, which ends the sending.
fn letter_of(crew: &Crew, turn: Turn) -> Option<Letter> {
    let recipient = &turn.claim.recipient;
    let (from, id) = (crew.post.return_path(recipient), crew.post.id(recipient));
    match crew.post.message(recipient) {
        Ok(message) => Some(Letter { turn, from, id, message }),
        Err(error) => {
            crew.back(turn);
            crew.end(End::Failed(error));
            None
        }
    }
}

impl<'a> Worker<'a> {
    pub fn new(crew: &'a Crew, at: usize) -> Self {
        Self { crew, at, line: None, begun: 0, is_proven: false, ahead: None, is_plain: false }
    }

    /// Delivers until there is nothing left to do for this connection.
    pub async fn work(mut self) {
        while let Some(letter) = self.next().await {
            match self.deliver(letter).await {
                Ok(Then::GoOn) => {}
                Ok(Then::Leave) => break,
                Err(Closed) => {
                    // Whoever writes the ledger says why; nobody else is to wait for what cannot be written down any more.
                    self.crew.end(End::Asked("the ledger failed".to_owned()));
                    break;
                }
            }
        }
        self.close().await;
    }

    /// The next letter: the one that the server was asked for already, if it was.
    async fn next(&mut self) -> Option<Letter> {
        if let Some(Letter { turn, from, id, message }) = self.ahead.take() {
            if let Some(turn) = self.crew.begun(turn) {
                return Some(Letter { turn, from, id, message });
            }
            // A server that waits is left by closing.
            self.close().await;
        }
        let turn = self.crew.next(self.at, self.line.is_some()).await?;
        letter_of(self.crew, turn)
    }

    async fn deliver(&mut self, letter: Letter) -> std::result::Result<Then, Closed> {
        let crew = self.crew;
        let mut is_cleared = false;
        loop {
            let is_used = match self.line().await {
                Ok(is_used) => is_used,
                Err(end) => {
                    crew.not_opened(self.at, end);
                    self.withdraw(letter.turn, is_cleared).await?;
                    return Ok(Then::Leave);
                }
            };
            self.begun += 1;
            let Some(handed) = self.pass(&letter, &mut is_cleared).await? else {
                // The reader left a moment ago, or is another sender's. A server that waits is left by closing.
                self.close().await;
                crew.over(self.at, &letter.turn.lane, &Result::Passed, None);
                return Ok(Then::GoOn);
            };
            let Some(line) = &mut self.line else { return Ok(Then::Leave) };
            let plainly = !self.is_plain && is_not_understood(&handed) && line.without_extensions();
            let goes_on = line.is_usable() || (line.is_asked() && !plainly);
            if !goes_on || self.begun >= PER_CONNECTION {
                crew.line_ends(self.at, goes_on);
                self.close().await;
            }
            if plainly {
                // Nothing was taken: the same once more, at once, before it is held against anybody.
                self.is_plain = true;
                if self.line.is_none() {
                    crew.opening(self.at);
                }
                continue;
            }
            match handed {
                // A server may close a connection between two messages. That is about nobody: a new one is asked.
                Err(Refusal::Lost { stage: Stage::Sender, .. }) if is_used => crew.opening(self.at),
                Err(refusal) => return self.refused(letter.turn, refusal, is_cleared).await,
                Ok(outcome) => {
                    self.is_proven = matches!(outcome, Outcome::Sent { .. });
                    let fate = self.fate(Stage::Message, outcome, &letter.turn);
                    return self.settle(&letter.turn, fate).await;
                }
            }
        }
    }

    /// Takes a letter through the dialogue, up to the server's word on it; nothing where the reader is not to be mailed after
    /// all. What the ledger says of the reader goes with the letter from one try to the next: `is_cleared`.
    async fn pass(&mut self, letter: &Letter, is_cleared: &mut bool) -> std::result::Result<Option<Handed>, Closed> {
        let crew = self.crew;
        let flights = if std::mem::take(&mut self.is_proven) { crew.flights(self.at) } else { Flights::None };
        let Some(line) = &mut self.line else { return Ok(None) };
        let at_once = line.is_program() || (line.is_one_flight() && flights >= Flights::Envelope);
        // Where the message leaves with its envelope nobody is asked; else the server waits for it from here on.
        let begun = if at_once {
            Ok(())
        } else if line.is_asked() {
            line.begun().await
        } else {
            line.begin(&letter.envelope()).await
        };
        if let Err(refusal) = begun {
            return Ok(Some(Err(refusal)));
        }
        let key = letter.turn.claim.recipient.address().key();
        let clear = async { if *is_cleared { Ok(Cleared::Go) } else { crew.scribe.clear(key).await } };
        // While that is written down, all of the message that a server can do nothing with may leave.
        let give = async {
            if at_once { line.give_at_once(&letter.envelope(), &letter.message).await } else { line.give(&letter.message).await }
        };
        let (cleared, given) = tokio::join!(clear, give);
        if cleared? != Cleared::Go {
            return Ok(None);
        }
        *is_cleared = true;
        Ok(Some(match given {
            Err(handed) => handed,
            Ok(()) if at_once => {
                let handed = line.hand_over_at_once(&letter.envelope(), &letter.message).await;
                if matches!(handed, Err(Refusal::Lost { .. })) {
                    crew.hung_up_on_flight(self.at);
                }
                handed
            }
            Ok(()) => {
                let asks_ahead = line.asks_ahead() && flights == Flights::All && self.begun < PER_CONNECTION;
                let turn = if asks_ahead { crew.next_ahead(self.at, &letter.turn.lane) } else { None };
                self.ahead = turn.and_then(|turn| letter_of(crew, turn));
                Ok(line.hand_over(self.ahead.as_ref().map(Letter::envelope).as_ref()).await)
            }
        }))
    }

    /// A message that could not be begun.
    async fn refused(&mut self, turn: Turn, refusal: Refusal, is_cleared: bool) -> std::result::Result<Then, Closed> {
        let (stage, outcome) = match refusal {
            Refusal::Deferred { stage: Stage::Sender, reply } => return self.about_nobody(turn, reply.text, is_cleared).await,
            Refusal::Deferred { stage, reply } => (stage, Outcome::Deferred { reply }),
            Refusal::Refused { stage, reply } => (stage, Outcome::Refused { reply }),
            // Whoever it is about: behind the others the reader holds up nobody.
            Refusal::Lost { reason, .. } => {
                let wait = Class::Later.wait(turn.claim.tries);
                // 4.4.2: bad connection (RFC 3463, section 3.5).
                let reply = Reply { text: format!("before the message: {reason}"), ..Reply::new(451, "4.4.2") };
                let outcome = Outcome::Deferred { reply };
                return self.settle(&turn, Fate { outcome, result: Result::Broken, wait, is_nobody: false }).await;
            }
        };
        // What no letter of the desk gets past is not held against a reader.
        let about_all = match &outcome {
            Outcome::Refused { reply } => match Class::of(stage, reply) {
                Class::Sender => Some(format!("the mail server does not take mail from `letter.from`: {reply}")),
                Class::TooBig => Some(format!("the letter is too big for the mail server: {reply}")),
                _ => None,
            },
            _ => None,
        };
        if let Some(what) = about_all {
            self.crew.end(End::Failed(anyhow::anyhow!(what)));
            self.withdraw(turn, is_cleared).await?;
            return Ok(Then::Leave);
        }
        let fate = self.fate(stage, outcome, &turn);
        self.settle(&turn, fate).await
    }

    /// The server would not even hear for whom the letter is: the reader is as before.
    async fn about_nobody(&mut self, turn: Turn, why: String, is_cleared: bool) -> std::result::Result<Then, Closed> {
        self.close().await;
        self.crew.broken(self.at, why);
        self.withdraw(turn, is_cleared).await?;
        Ok(Then::GoOn)
    }

    /// Nothing was handed over: the reader is the next again.
    async fn withdraw(&mut self, turn: Turn, is_cleared: bool) -> std::result::Result<(), Closed> {
        if is_cleared {
            self.crew.scribe.note(vec![Entry::Withdrawn { recipient: turn.claim.recipient.address().key() }]).await?;
        }
        self.crew.back(turn);
        Ok(())
    }

    /// What the server's word means in the end.
    fn fate(&self, stage: Stage, outcome: Outcome, turn: &Turn) -> Fate {
        let crew = self.crew;
        let tries = turn.claim.tries;
        let outcome = outcome.with_reply(|reply| turn.claim.recipient.address().masked_in(reply));
        let plain = |outcome: Outcome, result: Result| Fate { outcome, result, wait: SignedDuration::ZERO, is_nobody: false };
        let reply = match outcome {
            Outcome::Sent { .. } => return plain(outcome, Result::Taken),
            Outcome::Uncertain { .. } => return plain(outcome, Result::InDoubt),
            Outcome::Deferred { reply } | Outcome::Refused { reply } => reply,
        };
        let class = Class::of(stage, &reply);
        let wait = class.wait(tries);
        let is_old = crew.clock.now().duration_since(crew.post.begun()) > crew.give_up;
        let later = |reply: Reply, result: Result| {
            let outcome = if is_old {
                Outcome::Refused { reply: Reply { text: format!("given up after days: {reply}"), ..reply } }
            } else {
                Outcome::Deferred { reply }
            };
            Fate { outcome, result, wait, is_nobody: false }
        };
        match class {
            Class::Greylisted | Class::Later | Class::MailboxFull => later(reply, Result::Deferred),
            Class::Closing => later(reply, Result::Broken),
            Class::Throttled => later(reply, Result::Wall),
            Class::Policy if tries < POLICY_TRIES => later(reply, Result::Wall),
            Class::Policy => plain(Outcome::Refused { reply }, Result::Wall),
            Class::NotUnderstood | Class::TooBig | Class::Sender if tries < POLICY_TRIES => later(reply, Result::Deferred),
            Class::NoSuchReader => Fate { is_nobody: true, ..plain(Outcome::Refused { reply }, Result::Passed) },
            Class::NotUnderstood | Class::TooBig | Class::Sender | Class::No => plain(Outcome::Refused { reply }, Result::Passed),
        }
    }

    async fn settle(&mut self, turn: &Turn, fate: Fate) -> std::result::Result<Then, Closed> {
        let crew = self.crew;
        let key = turn.claim.recipient.address().key();
        let mut entries = Vec::new();
        if fate.is_nobody {
            entries.push(Entry::Suppressed { recipient: key.clone(), reason: format!("refused: {}", fate.outcome.reply()) });
        }
        let next = crew.clock.now() + fate.wait;
        let about = crew.over(self.at, &turn.lane, &fate.result, Some(&fate.outcome));
        entries.push(Entry::Settled { recipient: key, outcome: fate.outcome, next });
        entries.extend(about);
        crew.scribe.note(entries).await?;
        Ok(Then::GoOn)
    }

    /// Sees to an open line; says whether it has carried a message before.
    async fn line(&mut self) -> std::result::Result<bool, End> {
        if self.line.is_some() {
            return Ok(self.begun > 0);
        }
        let Some(outlet) = self.crew.outlets.get(self.at) else { return Err(End::Servers("no such server".to_owned())) };
        match outlet.open().await {
            Ok(mut line) => {
                self.crew.opened(self.at);
                (self.begun, self.is_proven) = (0, false);
                self.is_plain = self.is_plain && line.without_extensions();
                self.line = Some(line);
                Ok(false)
            }
            Err(OpenFailed::Later(why)) => Err(End::Servers(why)),
            Err(OpenFailed::Mend(error)) => Err(End::Failed(error)),
        }
    }

    /// Closes the line. What the server was asked for ahead is anybody's again.
    async fn close(&mut self) {
        if let Some(letter) = self.ahead.take() {
            self.crew.back(letter.turn);
        }
        if let Some(line) = self.line.take() {
            self.crew.closed(self.at);
            line.quit().await;
        }
    }
}
