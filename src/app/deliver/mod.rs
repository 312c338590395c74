//! Mail: a test to one address, an edition to a list, and what became of it.

mod crew;
mod doubt;
mod judge;
mod lanes;
mod limits;
mod outlet;
mod plan;
mod post;
mod scribe;
mod single;
mod specimens;
mod standing;
mod verp;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::presence::{Presence, is_present};
use super::reports::PAGE;
use super::{Desk, Milestone, Tell, edition, feeds, fence};
use crate::domain::{Address, Balance, Edition, EditionId, Outcome};
use crate::mail::smtp::Envelope;
use crate::store::{FrozenLetter, Hand, SendingId, StoreError, files};

pub use crew::Tally;
use crew::{Crew, End, Turns};
pub use doubt::{NoLog, NotBegun, Settled, resend_uncertain, settle_from};
use lanes::Lanes;
use limits::Meter;
use outlet::Outlet;
pub use plan::{Plan, PlanChanged, PlanHash, apply, plan};
pub(super) use post::LetterIds;
use post::Post;
pub(super) use single::{Counter, Fate};
pub(super) use specimens::specimens;
pub(super) use verp::{named_by, tag};
use worker::Worker;

/// How a sending stands when a command is done with it.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub sending: SendingId,
    pub balance: Balance,
    /// Readers whom this very call mailed, or learned that it cannot mail.
    pub settled_now: u64,
    /// Letters in doubt since the last call: somebody has to judge them.
    pub newly_uncertain: u64,
    /// Why the rest has to wait, where the server or the connection put an end to it.
    pub stopped: Option<String>,
}

impl Delivered {
    /// Whether there is something to do: mail that waits, or mail newly in doubt that a person has to judge.
    pub fn is_unfinished(&self) -> bool {
        self.balance.waiting() > 0 || self.newly_uncertain > 0
    }
}

/// An audience that was frozen empty would stay so: a sending begins with somebody to send to.
#[derive(Debug, thiserror::Error)]
#[error("nobody confirmed is on the list `{list}`")]
pub struct NoReaders {
    pub list: String,
}

/// Sends the edition, or the latest, to one address as a test. The ledger does not know of it.
pub async fn send_test(desk: &Desk, id: Option<&str>, to: Address) -> anyhow::Result<(Edition, String)> {
    let settings = edition::letter_settings(desk)?;
    let edition = edition::find(desk, id).await?;
    let bytes = post::test_message(desk, &edition, &to).await?;
    let outlets = outlet::all(desk)?;
    let outlet = outlets.first().context("there is no mail server")?;
    let mut line = outlet.open_once().await?;
    let envelope = Envelope { from: Some(&settings.from.address), to: &to, id: edition.id.as_str(), size: bytes.len() };
    let handed = line.send(&envelope, &bytes).await;
    let outcome = handed.map_err(|refusal| anyhow::anyhow!("the test mail to {to} could not be begun: {refusal}"))?;
    line.quit().await;
    match outcome {
        Outcome::Sent { reply } => Ok((edition, reply.text)),
        Outcome::Deferred { reply } => anyhow::bail!("the server deferred the test mail to {to}: {reply}"),
        Outcome::Refused { reply } => anyhow::bail!("the server refused the test mail to {to}: {reply}"),
        Outcome::Uncertain { reason } => anyhow::bail!("whether the server took the test mail to {to} is not known: {reason}"),
    }
}

/// Writes the test mail into a folder instead of sending it.
pub async fn write_test(desk: &Desk, id: Option<&str>, to: &Address, folder: &Path) -> anyhow::Result<PathBuf> {
    let edition = edition::find(desk, id).await?;
    let file = folder.join(format!("{}-test.eml", edition.id));
    files::replace(&file, &post::test_message(desk, &edition, to).await?)?;
    Ok(file)
}

/// Writes what would be sent to a list into a folder, one file a reader. The ledger does not change: nobody counts as mailed.
pub async fn rehearse(desk: &Desk, id: Option<&str>, list: Option<&str>, folder: &Path) -> anyhow::Result<usize> {
    let edition = edition::find(desk, id).await?;
    let SendingId { list, .. } = sending_of(desk, &edition.id, list).await?;
    if desk.ledger.confirmed(&list).await? == 0 {
        return Err(NoReaders { list }.into());
    }
    let edition = edition::for_sending(desk, &edition.id, &list).await?.edition;
    let post = Post::new(desk, &edition, &list, desk.now()).await?;
    let mut count = 0;
    let mut after = String::new();
    loop {
        let page = desk.ledger.confirmed_readers(&list, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(count) };
        after = last.address().key();
        for recipient in page {
            let bytes = post.message(&recipient)?;
            // A number and not the address: the folder may be looked at by others.
            count += 1;
            files::replace(&folder.join(format!("{}-{count:05}.eml", edition.id)), &bytes)?;
        }
    }
}

/// How a sending is to go.
#[derive(Clone, Debug)]
pub struct Orders {
    /// Messages that this process tries at most.
    pub max_messages: Option<u64>,
    pub max_runtime: Option<Duration>,
    /// When it stops, whatever waits.
    pub not_after: Option<Timestamp>,
    /// Whether somebody wants it to stop: what was begun is finished.
    pub stop: watch::Receiver<bool>,
    /// How often [`Milestone::Progress`] is told.
    pub progress: Duration,
    /// Whether it may go on beside another sender of the same edition to the same list.
    pub beside: bool,
}

/// An edition whose audience is frozen, on its way to a list.
#[derive(Debug)]
pub struct Frozen {
    pub edition: Edition,
    pub sending: SendingId,
}

/// Freezes the letters and the audience of an edition, unless they are. [`fence::FencedOff`] where the ledger is a copy.
///
/// The caller holds the lock of the publication.
pub async fn freeze(desk: &Desk, id: &EditionId, list: Option<&str>, tell: Tell<'_>) -> anyhow::Result<Frozen> {
    fence::check(desk).await?;
    let sending = sending_of(desk, id, list).await?;
    let list = sending.list.as_str();
    // Passwords and keys are read before anything is frozen: a run that cannot log in or sign should leave no trace.
    outlet::all(desk)?;
    edition::seal(desk)?;
    let is_new = desk.ledger.begun(&sending).await?.is_none();
    if is_new && desk.ledger.confirmed(list).await? == 0 {
        return Err(NoReaders { list: list.to_owned() }.into());
    }
    if is_new {
        for file in edition::open_keys(desk) {
            tell(&Milestone::OpenKey { file });
        }
    }
    let kept = edition::for_sending(desk, id, list).await?;
    edition::prepare(desk, &kept, tell).await?;
    let mut letters = Vec::new();
    for variant in edition::variants(desk) {
        letters.push((*variant, edition::letter(desk, &kept.edition, *variant).await?));
    }
    let frozen: Vec<FrozenLetter> = letters
        .iter()
        .map(|(variant, letter)| FrozenLetter { variant: *variant, letter: &letter.newsletter, attached: letter.attached })
        .collect();
    desk.ledger.freeze(&sending, &kept, &frozen, desk.now()).await?;
    // Before the first letter is out: it names the page where it can be read.
    if let Err(error) = show(desk, id, tell).await {
        tell(&Milestone::NoPage { edition: id.clone(), why: format!("{error:#}") });
    }
    Ok(Frozen { edition: kept.edition, sending })
}

/// The public copies of an edition, and the lists in which it stands.
async fn show(desk: &Desk, id: &EditionId, tell: Tell<'_>) -> anyhow::Result<()> {
    edition::write(desk, id, tell).await?;
    feeds::rebuild_letters(desk, tell).await
}

/// An edition to the list that is named, or to its own, or to that of the config.
async fn sending_of(desk: &Desk, id: &EditionId, list: Option<&str>) -> anyhow::Result<SendingId> {
    Ok(SendingId { edition: id.clone(), list: edition::list_of(desk, id, list).await? })
}

/// Delivers a frozen edition to everybody who is to be tried by now; goes on with what another process left.
///
/// Needs no lock: each reader is in the hand of one sender. Nothing where another sender is at work on it and
/// [`Orders::beside`] does not allow for that.
pub async fn deliver(desk: &Desk, frozen: &Frozen, orders: &Orders, tell: Tell<'_>) -> anyhow::Result<Option<Delivered>> {
    let Frozen { edition, sending } = frozen;
    fence::pass(desk).await?;
    let lock = &desk.settings.lock;
    let (uncertain, others) = recover(desk, sending).await?;
    if uncertain > 0 {
        tell(&Milestone::Uncertain { sending: sending.clone(), count: uncertain });
    }
    if others && !orders.beside {
        tell(&Milestone::AtWork { sending: sending.clone() });
        return Ok(None);
    }
    let outlets = outlet::all(desk)?;
    let longest = outlets.iter().map(|outlet| outlet.connections).sum::<usize>();
    let lanes = waiting(desk, sending, &outlets).await?;
    let count = lanes.iter().map(|lane| lane.waiting).sum();
    let sender = desk.new_name()?;
    let presence = Presence::announce(lock, &sender)?;
    let hand = Hand { sending: sending.clone(), sender };
    let date = desk.ledger.begun(sending).await?.unwrap_or(desk.now());
    let post = Post::new(desk, edition, &sending.list, date).await?;
    let (scribe, tray) = scribe::scribe();
    let clock = desk.clock();
    let written = tokio::spawn(scribe::write(desk.ledger.clone(), hand.clone(), clock, tray));
    let per_lane = desk.settings.delivery.connections_per_domain.unwrap_or(longest);
    let meters = outlets.iter().map(|outlet| Meter::new(outlet.limits)).collect();
    let crew = Arc::new(Crew {
        ledger: desk.ledger.clone(),
        hand,
        post,
        scribe,
        clock,
        outlets,
        give_up: desk.settings.delivery.give_up,
        not_after: orders.not_after,
        waiting: count,
        turns: Turns::new(Lanes::new(lanes, per_lane), meters, orders.max_messages),
    });
    let worked = work(&crew, orders, tell).await;
    crew.give_all_back().await;
    let returned = crew.return_quota().await;
    let (tally, end, hand) = (crew.tally(), crew.take_end(), crew.hand.clone());
    // The last that could hand anything in: the scribe is done when all is written.
    drop(crew);
    written.await.context("the writer of the ledger stopped")??;
    worked?;
    returned?;
    // Every turn was settled or given back. Where that is not sure, the next sender finds this one dead and looks itself.
    desk.ledger.let_go(&hand).await?;
    drop(presence);
    let balance = desk.ledger.balance(sending).await?;
    if tally.settled > 0 || balance.waiting() > 0 {
        tell(&Milestone::Sending { sending: sending.clone(), balance: balance.clone(), sent_now: tally.sent });
    }
    // A copy that was saved in the middle of this is older from here on, too.
    fence::pass(desk).await?;
    let stopped = match end {
        Some(End::Failed(error)) => return Err(error),
        Some(End::Servers(why) | End::Asked(why)) if balance.waiting() > 0 => Some(why),
        _ => None,
    };
    let sending = sending.clone();
    let newly_uncertain = uncertain + tally.uncertain;
    Ok(Some(Delivered { sending, balance, settled_now: tally.settled, newly_uncertain, stopped }))
}

/// Sets right what dead senders left; gives how many letters are newly in doubt, and whether another sender is at work.
async fn recover(desk: &Desk, sending: &SendingId) -> anyhow::Result<(u64, bool)> {
    let (mut uncertain, mut others) = (0, false);
    for sender in desk.ledger.in_hand(sending).await? {
        if is_present(&desk.settings.lock, &sender)? {
            others = true;
        } else {
            uncertain += desk.ledger.recover(sending, &sender, desk.now()).await?;
        }
    }
    if others {
        desk.ledger.reclaim(sending, desk.now()).await?;
    }
    Ok((uncertain, others))
}

/// The lanes that have somebody to try; those that a server wants to be left alone are put off.
async fn waiting(desk: &Desk, sending: &SendingId, outlets: &[Outlet]) -> anyhow::Result<Vec<crate::store::Lane>> {
    let now = desk.now();
    for outlet in outlets {
        for pause in desk.ledger.pauses(&outlet.name, now).await? {
            // A server as a whole stands in for nobody's lane where others are left to take its part.
            let lane = Some(pause.lane.as_str()).filter(|lane| *lane != "*");
            if lane.is_some() || outlets.len() == 1 {
                desk.ledger.postpone(sending, lane, pause.until).await?;
            }
        }
    }
    Ok(desk.ledger.waiting_lanes(sending, now).await?)
}

/// All connections at work, until nobody is left to try or something ends it.
async fn work(crew: &Arc<Crew>, orders: &Orders, tell: Tell<'_>) -> anyhow::Result<()> {
    let mut at_work = JoinSet::new();
    for (at, outlet) in crew.outlets.iter().enumerate() {
        for _ in 0..outlet.connections {
            let crew = Arc::clone(crew);
            at_work.spawn(async move {
                Worker::new(&crew, at).work().await;
                Ok::<(), StoreError>(())
            });
        }
    }
    let feeder = Arc::clone(crew);
    at_work.spawn(async move { feeder.feed().await });
    let began = tokio::time::Instant::now();
    let over = orders.max_runtime.map(|longest| began + longest);
    let mut progress = tokio::time::interval_at(began + orders.progress, orders.progress);
    let mut stop = orders.stop.clone();
    let mut failed = None;
    loop {
        tokio::select! {
            done = at_work.join_next() => match done {
                None => break,
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => {
                    crew.end(End::Asked("the ledger failed".to_owned()));
                    failed = Some(anyhow::Error::from(error));
                }
                Some(Err(error)) => {
                    crew.end(End::Asked("a connection failed".to_owned()));
                    failed = Some(anyhow::Error::from(error).context("a connection stopped without a word"));
                }
            },
            _ = progress.tick() => {
                let (sending, tally, waiting) = (crew.hand.sending.clone(), crew.tally(), crew.waiting);
                tell(&Milestone::Progress { sending, tally, waiting, elapsed: began.elapsed() });
            }
            Ok(()) = stop.changed() => crew.end(End::Asked("griot was told to stop".to_owned())),
            () = tokio::time::sleep_until(over.unwrap_or(began)), if over.is_some_and(|over| tokio::time::Instant::now() < over) => {
                crew.end(End::Asked("the time that was set is over".to_owned()));
            }
        }
    }
    failed.map_or(Ok(()), Err)
}
