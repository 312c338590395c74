use super::{Desk, edition, fence};
use crate::domain::{Balance, DeliveryState};
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
    pub confirmed: i64,
    pub pending: i64,
    pub standings: Vec<Standing>,
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
    let (mut confirmed, mut pending) = (0, 0);
    if let Some(letter) = &desk.settings.letter {
        confirmed = desk.ledger.confirmed(letter.list.as_str()).await?;
        pending = desk.ledger.pending(letter.list.as_str()).await?;
    }
    let standings = audit(desk, None).await?;
    Ok(Status { articles, confirmed, pending, standings, fenced_off: fence::breach(desk).await? })
}
