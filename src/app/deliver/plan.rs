//! What a sending would do, before it does it; and the promise to do just that.

use std::fmt;

use aws_lc_rs::digest;
use jiff::{SignedDuration, Timestamp};

use super::limits::least_time;
use super::post::Post;
use super::{Frozen, freeze, sending_of};
use crate::app::edition::hexadecimal;
use crate::app::reports::PAGE;
use crate::app::{Desk, Tell};
use crate::domain::{Balance, Edition, Exclusion};
use crate::store::{Pause, SendingId};

/// Domains that a plan names.
const DOMAINS: u32 = 5;
/// Bytes of each half of a plan's hash.
const HALF: usize = 8;

/// Who would get an edition by a list, and what it would cost.
#[derive(Clone, Debug)]
pub struct Plan {
    pub edition: Edition,
    pub list: String,
    /// Where each recipient stands, if the sending has begun.
    pub balance: Option<Balance>,
    /// Readers who would be tried now.
    pub now: u64,
    /// Readers who would be tried later, since a server asked for that.
    pub later: u64,
    pub excluded: Vec<(Exclusion, u64)>,
    /// Bytes of the message to one reader; others differ by the length of name and address.
    pub message_bytes: u64,
    /// How long the limits of the config make it take at least; nothing where they do not.
    pub time: Option<SignedDuration>,
    /// Domains with most readers, the largest first.
    pub domains: Vec<(String, u64)>,
    /// Who wants to be left alone for a while, by its server: a domain, or all of the mail through it.
    pub paused: Vec<(String, Option<String>, Timestamp)>,
    pub hash: PlanHash,
}

impl Plan {
    /// Readers who would be mailed.
    pub fn readers(&self) -> u64 {
        self.now + self.later
    }

    /// Bytes of all messages.
    pub fn bytes(&self) -> u64 {
        self.readers().saturating_mul(self.message_bytes)
    }
}

/// What a plan is known by: a half for the letter and one for the audience, so that it can be said which of them changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanHash {
    /// Of edition, list, and the message but for what is a reader's own.
    letter: String,
    /// Of the keys of all who would be mailed, in order.
    audience: String,
}

impl PlanHash {
    /// Two times 16 hexadecimal digits with a hyphen between them.
    pub fn parse(text: &str) -> Option<Self> {
        let half = |text: &str| {
            let is_half = text.len() == 2 * HALF && text.bytes().all(|b| b.is_ascii_hexdigit());
            is_half.then(|| text.to_ascii_lowercase())
        };
        let (letter, audience) = text.trim().split_once('-')?;
        Some(Self { letter: half(letter)?, audience: half(audience)? })
    }
}

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.letter, self.audience)
    }
}

/// A plan that was to be applied is not what would happen now.
#[derive(Debug, thiserror::Error)]
#[error("the plan does not fit any more: {}; nothing was sent", self.differs())]
pub struct PlanChanged {
    edition: String,
    list: String,
    letter: bool,
    audience: bool,
    /// Readers who would be mailed now.
    readers: u64,
    has_begun: bool,
}

impl PlanChanged {
    fn differs(&self) -> String {
        let Self { edition, list, readers, .. } = self;
        let letter = format!("edition {edition} to `{list}` has another letter now");
        let who = if self.has_begun { "those who wait" } else { "the readers" };
        let audience = format!("{who} are not the same, {readers} now");
        match (self.letter, self.audience) {
            (true, true) => format!("{letter}, and {audience}"),
            (true, false) => letter,
            (false, _) => format!("{audience} of edition {edition} to `{list}`"),
        }
    }

    pub fn hint(&self) -> String {
        let Self { edition, list, .. } = self;
        format!(
            "look at it again with `griot send --plan {edition} --list {list}`; a plan of another edition or list is applied with that named"
        )
    }
}

/// What sending the edition to a list would do now. Changes nothing.
pub async fn plan(desk: &Desk, edition: Edition, list: Option<&str>) -> anyhow::Result<Plan> {
    let id = sending_of(desk, &edition.id, list).await?;
    let specimen = Post::specimen(desk, &edition, &id.list).await?;
    let audience = audience(desk, &id).await?;
    let balance = match desk.ledger.begun(&id).await? {
        Some(_) => Some(desk.ledger.balance(&id).await?),
        None => None,
    };
    let delivery = &desk.settings.delivery;
    // Servers that only stand in for others are no help while these work.
    let limits: Vec<_> = delivery.servers.iter().filter(|server| server.weight > 0).map(|server| server.limits).collect();
    let time = if delivery.sendmail.is_some() { None } else { least_time(&limits, audience.now + audience.later) };
    Ok(Plan {
        list: id.list.clone(),
        balance,
        now: audience.now,
        later: audience.later,
        excluded: desk.ledger.exclusions(&id).await?,
        message_bytes: u64::try_from(specimen.len()).unwrap_or(u64::MAX),
        time,
        domains: desk.ledger.audience_domains(&id, DOMAINS).await?,
        paused: desk.ledger.all_pauses(desk.now()).await?.into_iter().map(paused).collect(),
        hash: PlanHash { letter: letter_hash(&id, &specimen), audience: audience.hash },
        edition,
    })
}

fn paused((server, pause): (String, Pause)) -> (String, Option<String>, Timestamp) {
    (server, Some(pause.lane).filter(|lane| lane != "*"), pause.until)
}

/// Freezes the audience of an edition as [`freeze`] does, if a plan still says what would happen; else [`PlanChanged`].
///
/// A plan that has been applied may be applied again, to go on with it. The caller holds the lock of the publication.
pub async fn apply(desk: &Desk, edition: Edition, list: Option<&str>, hash: &PlanHash, tell: Tell<'_>) -> anyhow::Result<Frozen> {
    let id = sending_of(desk, &edition.id, list).await?;
    let key = applied_key(&id);
    let has_begun = desk.ledger.begun(&id).await?.is_some();
    let is_again = has_begun && desk.ledger.kept(&key).await?.is_some_and(|applied| applied == hash.to_string());
    let differs = async |edition: &Edition| -> anyhow::Result<()> {
        let specimen = Post::specimen(desk, edition, &id.list).await?;
        let audience = audience(desk, &id).await?;
        let changed = PlanChanged {
            edition: id.edition.to_string(),
            list: id.list.clone(),
            letter: letter_hash(&id, &specimen) != hash.letter,
            // Of an audience that was planned some have had the letter by now, and nobody has come to it.
            audience: !is_again && audience.hash != hash.audience,
            readers: audience.now + audience.later,
            has_begun,
        };
        if changed.letter || changed.audience { Err(changed.into()) } else { Ok(()) }
    };
    differs(&edition).await?;
    let frozen = freeze(desk, &edition.id, list, tell).await?;
    // Readers come and go without the lock of the publication: who was frozen has to be who was planned.
    differs(&frozen.edition).await?;
    desk.ledger.keep(&key, &hash.to_string()).await?;
    Ok(frozen)
}

/// Forgets which plan a sending was begun by: more readers wait now than were planned.
pub(super) async fn forget(desk: &Desk, id: &SendingId) -> anyhow::Result<()> {
    Ok(desk.ledger.keep(&applied_key(id), "").await?)
}

fn applied_key(id: &SendingId) -> String {
    format!("plan {} {}", id.edition, id.list)
}

/// Those who would be mailed, counted.
struct Audience {
    now: u64,
    later: u64,
    hash: String,
}

/// Goes through all who would be mailed, a page in memory at a time.
async fn audience(desk: &Desk, id: &SendingId) -> anyhow::Result<Audience> {
    let mut context = digest::Context::new(&digest::SHA256);
    let (mut now, mut later) = (0, 0);
    let mut after = String::new();
    loop {
        let page = desk.ledger.audience(id, &after, PAGE).await?;
        for (key, not_before) in &page {
            part(&mut context, key.as_bytes());
            if is_later(*not_before, desk.now()) { later += 1 } else { now += 1 }
        }
        let Some((last, _)) = page.into_iter().next_back() else { break };
        after = last;
    }
    Ok(Audience { now, later, hash: half(context) })
}

fn is_later(not_before: Option<Timestamp>, now: Timestamp) -> bool {
    not_before.is_some_and(|not_before| not_before > now)
}

/// The message stands for the letter (subject, HTML and text are in it), and for sender, reply address and way out, too.
fn letter_hash(id: &SendingId, specimen: &[u8]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for bytes in [id.edition.as_str().as_bytes(), id.list.as_bytes(), specimen] {
        part(&mut context, bytes);
    }
    half(context)
}

/// Each part with its length, so that no two rows of parts are written alike.
fn part(context: &mut digest::Context, bytes: &[u8]) {
    context.update(&bytes.len().to_be_bytes());
    context.update(bytes);
}

/// The first bytes of SHA-256 (FIPS 180-4), in hexadecimal.
fn half(context: digest::Context) -> String {
    hexadecimal(context.finish().as_ref().get(..HALF).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_it_is_printed() {
        let text = "0123456789abcdef-fedcba9876543210";
        assert_eq!(PlanHash::parse(text).unwrap().to_string(), text);
        assert_eq!(PlanHash::parse(&format!(" {}\n", text.to_uppercase())).unwrap().to_string(), text);
        for text in ["", "-", "0123456789abcdef", "0123456789abcdef-fedcba987654321", "0123456789abcdeg-fedcba9876543210", "é-é"]
        {
            assert_eq!(PlanHash::parse(text), None, "{text}");
        }
    }
}
