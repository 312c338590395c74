use super::numbers::numbers;
use super::{Desk, edition, fence};
use crate::domain::{Balance, DeliveryState, Numbers};
use crate::store::{Breach, Delivery, SendingId};

/// Rows of the ledger in memory at a time.
pub(super) const PAGE: u32 = 1000;

/// One edition to one list, to the last reader.
#[derive(Clone, Debug)]
pub struct Standing {
    pub sending: SendingId,
    pub balance: Balance,
}

/// How a publication stands.
#[derive(Clone, Debug)]
pub struct Status {
    pub articles: i64,
    /// Of the list of the letter.
    pub confirmed: u64,
    pub pending: u64,
    pub numbers: Numbers,
    /// How it shows that the ledger is a copy and sends nothing, if it is one.
    pub fenced_off: Option<Breach>,
}

/// The balance of one edition to each of its lists, or of all editions that were sent.
pub async fn audit(desk: &Desk, id: Option<&str>) -> anyhow::Result<Vec<Standing>> {
    let mut standings = Vec::new();
    let wanted = match id {
        Some(_) => Some(edition::find(desk, id).await?.id),
        None => None,
    };
    for sending in desk.ledger.sendings().await? {
        if wanted.as_ref().is_some_and(|wanted| *wanted != sending.edition) {
            continue;
        }
        let balance = desk.ledger.balance(&sending).await?;
        standings.push(Standing { sending, balance });
    }
    Ok(standings)
}

/// Hands out the recipients of a sending, or those in one state, by address: a page in memory at a time.
pub async fn recipients(
    desk: &Desk,
    sending: &SendingId,
    state: Option<DeliveryState>,
    mut take: impl FnMut(&Delivery),
) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let page = desk.ledger.recipients(sending, state, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.address.key();
        page.iter().for_each(&mut take);
    }
}

pub async fn status(desk: &Desk) -> anyhow::Result<Status> {
    let articles = desk.ledger.due_articles(desk.now()).await?;
    let numbers = numbers(desk).await?;
    let list = desk.settings.letter.as_ref().map(|letter| letter.list.as_str());
    let readers = numbers.lists.iter().find(|one| Some(one.name.as_str()) == list).map(|list| list.all).unwrap_or_default();
    let (confirmed, pending) = (readers.confirmed, readers.pending);
    Ok(Status { articles, confirmed, pending, numbers, fenced_off: fence::breach(desk).await? })
}
