//! The ways out of doubt: send what is uncertain again, or learn from the mail server's log what became of it.

use std::collections::HashMap;
use std::io::BufRead;

use anyhow::Context;

use super::post::Post;
use super::{plan, recover, sending_of};
use crate::app::Desk;
use crate::app::reports::PAGE;
use crate::domain::{DeliveryState, Edition, Line, Outcome, Recipient, Reply};
use crate::mail::maillog::{LogEvent, LogLine, LogStatus, read_log};
use crate::store::SendingId;

/// Queue ids that are followed at a time, for each reader in doubt: a letter has one, and one more each time that it is sent.
const QUEUE_IDS: usize = 16;

/// Nothing can be in doubt of what has not begun.
#[derive(Debug, thiserror::Error)]
#[error("edition `{}` has not been sent to `{}`: nothing of it is in doubt", .0.edition, .0.list)]
pub struct NotBegun(SendingId);

/// A file that does not look like the log of a mail server.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` has no line by which Postfix takes or delivers a message")]
pub struct NoLog {
    file: String,
}

/// What a log said of the letters in doubt.
#[derive(Clone, Debug)]
pub struct Settled {
    pub sending: SendingId,
    /// Letters that the server has taken.
    pub sent: u64,
    /// Letters that it took, and could not deliver.
    pub refused: u64,
    /// Still in doubt: the server began with the letter, and the log does not say that it took it.
    pub begun: u64,
    /// Still in doubt: the log does not know the letter.
    pub unknown: u64,
}

/// Makes all uncertain deliveries of an edition to a list due again, and gives how many; the next sender takes them.
pub async fn resend_uncertain(desk: &Desk, edition: &Edition, list: Option<&str>) -> anyhow::Result<u64> {
    let sending = begun(desk, edition, list).await?;
    let count = desk.ledger.resend_uncertain(&sending, desk.now()).await?;
    plan::forget(desk, &sending).await?;
    Ok(count)
}

/// Reads the log of Postfix and settles what it knows of the uncertain deliveries of an edition to a list.
///
/// The log may be of any size: only the readers in doubt are held in memory. `file` is what the log is called.
pub async fn settle_from(
    desk: &Desk,
    edition: &Edition,
    list: Option<&str>,
    log: impl BufRead,
    file: &str,
) -> anyhow::Result<Settled> {
    let sending = begun(desk, edition, list).await?;
    let date = desk.ledger.begun(&sending).await?.unwrap_or(desk.now());
    let post = Post::new(desk, edition, &sending.list, date).await?;
    let mut search = Search::default();
    let mut after = String::new();
    loop {
        let page = desk.ledger.uncertain(&sending, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.address().key();
        for recipient in page {
            search.look_for(post.id(&recipient), recipient);
        }
    }
    read_log(log, |line| search.read(line)).with_context(|| format!("failed to read `{file}`"))?;
    if !search.is_log {
        return Err(NoLog { file: file.to_owned() }.into());
    }
    let count = |found: fn(&Found) -> bool| search.letters.iter().filter(|letter| found(&letter.found)).count() as u64;
    let (begun, unknown) = (count(|found| *found == Found::Begun), count(|found| *found == Found::Nowhere));
    let outcomes: Vec<_> = search.letters.into_iter().filter_map(Letter::outcome).collect();
    let refused = outcomes.iter().filter(|(_, outcome)| outcome.state() == DeliveryState::Refused).count() as u64;
    let settled = desk.ledger.settle_uncertain(&sending, &outcomes, desk.now()).await?;
    Ok(Settled { sending, sent: settled.saturating_sub(refused), refused, begun, unknown })
}

/// The sending, after what dead senders left in flight stands as uncertain, too.
async fn begun(desk: &Desk, edition: &Edition, list: Option<&str>) -> anyhow::Result<SendingId> {
    let sending = sending_of(desk, &edition.id, list).await?;
    if desk.ledger.begun(&sending).await?.is_none() {
        return Err(NotBegun(sending).into());
    }
    recover(desk, &sending).await?;
    Ok(sending)
}

/// What is looked for in a log, and what was found so far.
#[derive(Default)]
struct Search {
    letters: Vec<Letter>,
    /// Which letter has a Message-ID, by the part before the `@`: nobody but griot can make it up.
    ids: HashMap<String, usize>,
    /// Which letter has a queue id at this place of the log.
    queue_ids: HashMap<String, usize>,
    /// Whether any line was Postfix's.
    is_log: bool,
}

/// A letter in doubt.
struct Letter {
    recipient: Recipient,
    found: Found,
}

/// What a log says of a letter; what stands further down outweighs what stands above.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Nowhere,
    /// The server began to read it.
    Begun,
    /// The server has it and tries on, says the log in these words.
    Taken(String),
    Bounced(String),
    Sent(String),
}

impl Found {
    fn weight(&self) -> u8 {
        match self {
            Self::Nowhere => 0,
            Self::Begun => 1,
            Self::Taken(_) => 2,
            Self::Bounced(_) => 3,
            Self::Sent(_) => 4,
        }
    }
}

impl Search {
    fn look_for(&mut self, id: String, recipient: Recipient) {
        self.ids.insert(id, self.letters.len());
        self.letters.push(Letter { recipient, found: Found::Nowhere });
    }

    fn read(&mut self, line: &str) {
        let Some(LogLine { queue_id, event }) = LogLine::parse(line) else { return };
        self.is_log = true;
        if let LogEvent::MessageId(id) = event {
            self.follow(queue_id, id);
            return;
        }
        let Some(letter) = self.queue_ids.get(queue_id).and_then(|at| self.letters.get_mut(*at)) else { return };
        match event {
            LogEvent::MessageId(_) => {}
            LogEvent::Removed => drop(self.queue_ids.remove(queue_id)),
            LogEvent::Queued => letter.learn(Found::Taken(format!("queued as {queue_id}"))),
            LogEvent::Expired { words } => letter.learn(Found::Bounced(words.to_owned())),
            LogEvent::Delivery { to, orig_to, status, words } => {
                // A letter that a reader's mailbox passes on is that reader's affair.
                let own = letter.recipient.address().key();
                if [Some(to), orig_to].into_iter().flatten().any(|to| to.eq_ignore_ascii_case(&own)) {
                    let words = words.to_owned();
                    letter.learn(match status {
                        LogStatus::Sent => Found::Sent(words),
                        LogStatus::Deferred => Found::Taken(words),
                        LogStatus::Bounced => Found::Bounced(words),
                    });
                }
            }
        }
    }

    /// From here on the queue id is that of the message with this Message-ID.
    fn follow(&mut self, queue_id: &str, id: &str) {
        self.queue_ids.remove(queue_id);
        let local = id.rsplit_once('@').map_or(id, |(local, _)| local);
        let Some(at) = self.ids.get(local) else { return };
        if self.queue_ids.len() < self.letters.len().saturating_mul(QUEUE_IDS) {
            self.queue_ids.insert(queue_id.to_owned(), *at);
        }
        if let Some(letter) = self.letters.get_mut(*at) {
            letter.learn(Found::Begun);
        }
    }
}

impl Letter {
    /// Keeps what outweighs what is known.
    fn learn(&mut self, found: Found) {
        if found.weight() >= self.found.weight() {
            self.found = found;
        }
    }

    /// What the ledger is to say of it; nothing where it stays in doubt.
    fn outcome(self) -> Option<(Recipient, Outcome)> {
        let address = self.recipient.address();
        let reply = |code, words: &str| {
            let text = Line::new(&format!("in the mail log: {}", address.masked_in(words)));
            let text = text.map(|text| text.shortened(Reply::LONGEST).to_string()).unwrap_or_default();
            Reply { code, enhanced: None, text }
        };
        let outcome = match &self.found {
            Found::Nowhere | Found::Begun => return None,
            Found::Taken(words) | Found::Sent(words) => Outcome::Sent { reply: reply(250, words) },
            Found::Bounced(words) => Outcome::Refused { reply: reply(550, words) },
        };
        Some((self.recipient, outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Address;

    #[test]
    fn what_a_log_says_of_a_letter_is_weighed_and_kept_small() {
        let mut search = Search::default();
        let reader = Address::parse("Ada@one.example").unwrap();
        search.look_for("ed.ab".to_owned(), Recipient::of_test(reader));
        let mut read = |line: &str, expected: &Found| {
            search.read(line);
            assert_eq!(search.letters[0].found, *expected, "{line}");
            assert!(search.queue_ids.len() <= QUEUE_IDS, "{line}");
        };
        let bounced = Found::Bounced("bounced (no)".to_owned());
        read("mx postfix/cleanup[1]: A1: message-id=<ed.abc@one.example>", &Found::Nowhere);
        read("mx postfix/qmgr[1]: A1: from=<x@y>, size=1, nrcpt=1 (queue active)", &Found::Nowhere);
        for number in 0..10 * QUEUE_IDS {
            read(&format!("mx postfix/cleanup[1]: B{number}: message-id=<ed.ab@one.example>"), &Found::Begun);
        }
        read("mx postfix/smtp[1]: B0: to=<other@one.example>, relay=x, status=sent (ok)", &Found::Begun);
        read("mx postfix/qmgr[1]: B0: from=<x@y>, size=1, nrcpt=1 (queue active)", &Found::Taken("queued as B0".to_owned()));
        read("mx postfix/smtp[1]: B0: to=<ADA@one.example>, relay=x, status=bounced (no)", &bounced);
        read("mx postfix/smtp[1]: B0: to=<ada@one.example>, relay=x, status=deferred (later)", &bounced);
        // Sent again under another queue id, it arrives.
        read(
            "mx postfix/smtp[1]: B1: to=<alias@x>, orig_to=<ada@one.example>, relay=x, status=sent (ok)",
            &Found::Sent("sent (ok)".to_owned()),
        );
    }
}
