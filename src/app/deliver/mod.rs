//! Mail: a test to one address, an edition to a list, and what became of it.

mod pass;
mod post;
mod server;

use std::path::{Path, PathBuf};

use super::{Desk, Milestone, Tell, edition};
use crate::domain::{Address, Balance, Edition, Outcome, Subscriber};
use crate::mail::smtp::Envelope;
use crate::store::{SendingId, files};

use pass::{Pass, Stop, Tally};
use post::Post;

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
    let server = server::of(desk)?;
    let mut connection = server::open(&server).await?;
    let envelope = Envelope { from: Some(&settings.from.address), to: &to, id: "", size: bytes.len() };
    let outcome = match connection.begin(&envelope).await {
        Ok(()) => connection.hand_over(&bytes).await,
        Err(refusal) => anyhow::bail!("the test mail to {to} could not be begun: {refusal}"),
    };
    connection.quit().await;
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
    let settings = edition::letter_settings(desk)?;
    let edition = edition::find(desk, id).await?;
    let list = list.unwrap_or(settings.list.as_str());
    if desk.ledger.confirmed(list).await? == 0 {
        return Err(NoReaders { list: list.to_owned() }.into());
    }
    let post = Post::new(desk, &edition, list, desk.now()).await?;
    let mut count = 0;
    for subscriber in desk.ledger.subscribers(list).await? {
        let Subscriber::Confirmed(confirmed) = subscriber else { continue };
        let recipient = confirmed.recipient();
        let bytes = post.message(&recipient)?;
        // A number and not the address: the folder may be looked at by others.
        count += 1;
        files::replace(&folder.join(format!("{}-{count:05}.eml", edition.id)), &bytes)?;
    }
    Ok(count)
}

/// Sends an edition to a list: freezes the audience at the first call, goes on with what waits at every further one.
///
/// The caller holds the lock: there is one sender.
pub async fn send(desk: &Desk, edition: &Edition, list: Option<&str>, tell: Tell<'_>) -> anyhow::Result<Delivered> {
    let settings = edition::letter_settings(desk)?;
    let list = list.unwrap_or(settings.list.as_str());
    let sending = SendingId { edition: edition.id.clone(), list: list.to_owned() };
    // The password is read before anything is frozen: a run that cannot log in should leave no trace.
    let server = server::of(desk)?;
    let (letter, language) = edition::letter(desk, edition).await?;
    if desk.ledger.begun(&sending).await?.is_none() && desk.ledger.confirmed(list).await? == 0 {
        return Err(NoReaders { list: list.to_owned() }.into());
    }
    desk.ledger.freeze(&sending, edition, &language, &letter, desk.now()).await?;
    let uncertain = desk.ledger.recover(&sending, desk.now()).await?;
    if uncertain > 0 {
        tell(&Milestone::Uncertain { sending: sending.clone(), count: uncertain });
    }
    // Before the first letter is out: it names the page where it can be read.
    if let Err(error) = edition::write(desk, edition, tell).await {
        tell(&Milestone::NoPage { edition: edition.id.clone(), why: format!("{error:#}") });
    }
    let date = desk.ledger.begun(&sending).await?.unwrap_or(desk.now());
    let post = Post::new(desk, edition, list, date).await?;
    let tally = Tally::default();
    let mut pass = Pass { desk, post: &post, sending: &sending, server: &server, connection: None, tally };
    let stopped = pass.deliver().await;
    pass.close().await;
    let Tally { sent: sent_now, settled: settled_now, uncertain: in_doubt, .. } = pass.tally;
    let balance = desk.ledger.balance(&sending).await?;
    if settled_now > 0 || balance.waiting() > 0 {
        tell(&Milestone::Sending { sending: sending.clone(), balance: balance.clone(), sent_now });
    }
    let stopped = match stopped {
        Ok(()) => None,
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Server(why)) => Some(why),
    };
    Ok(Delivered { sending, balance, settled_now, newly_uncertain: uncertain + in_doubt, stopped })
}
