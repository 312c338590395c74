use super::{Desk, edition, fence};
use crate::domain::{Address, Balance, DeliveryState, Subscriber};
use crate::store::{Breach, SendingId};

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
    pub confirmed: usize,
    pub pending: usize,
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

/// The recipients of these sendings in one state, with what was last said of each.
pub async fn recipients(
    desk: &Desk,
    standings: &[Standing],
    state: DeliveryState,
) -> anyhow::Result<Vec<(Address, Option<String>)>> {
    let mut out = Vec::new();
    for standing in standings {
        out.extend(desk.ledger.recipients(&standing.sending, state).await?);
    }
    Ok(out)
}

pub async fn status(desk: &Desk) -> anyhow::Result<Status> {
    let articles = desk.ledger.due_articles(desk.now()).await?;
    let (mut confirmed, mut pending) = (0, 0);
    if let Some(letter) = &desk.settings.letter {
        for subscriber in desk.ledger.subscribers(letter.list.as_str()).await? {
            match subscriber {
                Subscriber::Confirmed(_) => confirmed += 1,
                Subscriber::Pending(_) => pending += 1,
            }
        }
    }
    let standings = audit(desk, None).await?;
    Ok(Status { articles, confirmed, pending, standings, fenced_off: fence::breach(desk).await? })
}
