//! One writer for all connections: what they have to write down at the same time shares one commit.
//!
//! Entries are written in the order in which they came. A connection that begins with its next reader has handed in what
//! became of the last one, so that a crash leaves no more than one letter a connection in doubt.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::app::Clock;
use crate::store::{Cleared, Entry, Hand, Ledger, Pen, StoreError};

/// Entries of one commit.
const MOST: usize = 512;
/// Turns that the connections get before a commit, as long as they use them.
const TURNS: usize = 4;
/// How long the pen is kept in hand, for the next commit: to take it up costs a hand-over between threads, and the others
/// who need it have to wait.
const HELD: Duration = Duration::from_millis(10);

/// Hands in what is to be written down.
#[derive(Clone, Debug)]
pub(super) struct Scribe(mpsc::Sender<Order>);

#[derive(Debug)]
enum Order {
    Note(Vec<Entry>),
    Clear { recipient: String, answer: oneshot::Sender<Cleared> },
}

/// The ledger has failed: nothing more can be written down, so nothing more may be sent. [`write`] says why.
#[derive(Debug)]
pub(super) struct Closed;

/// A scribe, and where its orders come from: [`write`] carries them out.
pub(super) fn scribe() -> (Scribe, Tray) {
    let (orders, tray) = mpsc::channel(MOST);
    (Scribe(orders), Tray(tray))
}

/// Where the orders of a scribe lie.
#[derive(Debug)]
pub(super) struct Tray(mpsc::Receiver<Order>);

impl Scribe {
    /// Writes entries down soon, and all before what is handed in later.
    pub async fn note(&self, entries: Vec<Entry>) -> Result<(), Closed> {
        self.0.send(Order::Note(entries)).await.map_err(|_| Closed)
    }

    /// Records that a message is about to be handed over; returns once that is safe on disk.
    pub async fn clear(&self, recipient: String) -> Result<Cleared, Closed> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Order::Clear { recipient, answer }).await.map_err(|_| Closed)?;
        answered.await.map_err(|_| Closed)
    }
}

/// Writes down what is handed in, until nobody can hand anything in any more.
pub(super) async fn write(ledger: Ledger, hand: Hand, clock: Clock, mut tray: Tray) -> Result<(), StoreError> {
    let mut orders = Vec::with_capacity(MOST);
    while tray.0.recv_many(&mut orders, MOST).await > 0 {
        let mut pen = ledger.pen().await?;
        let until = Instant::now() + HELD;
        loop {
            gather(&mut tray.0, &mut orders).await;
            carry_out(&mut pen, &hand, clock, &mut orders).await?;
            let is_over = Instant::now() >= until;
            if is_over || !matches!(timeout_at(until, tray.0.recv_many(&mut orders, MOST)).await, Ok(1..)) {
                break;
            }
        }
    }
    Ok(())
}

/// Writes orders down in one commit, and answers them.
async fn carry_out(pen: &mut Pen, hand: &Hand, clock: Clock, orders: &mut Vec<Order>) -> Result<(), StoreError> {
    let mut entries = Vec::with_capacity(orders.len());
    let mut answers = Vec::new();
    for order in orders.drain(..) {
        match order {
            Order::Note(noted) => entries.extend(noted),
            Order::Clear { recipient, answer } => {
                entries.push(Entry::InFlight { recipient });
                answers.push(answer);
            }
        }
    }
    let cleared = pen.record(hand, &entries, clock.now()).await?;
    for (answer, cleared) in answers.into_iter().zip(cleared) {
        // Who asked may have been stopped in the meantime; what was cleared then stands as in flight, as after a crash.
        let _ = answer.send(cleared);
    }
    Ok(())
}

/// Lets the connections hand in what they have ready by now: the more share a commit, the fewer there are.
async fn gather(tray: &mut mpsc::Receiver<Order>, orders: &mut Vec<Order>) {
    for _ in 0..TURNS {
        let before = orders.len();
        tokio::task::yield_now().await;
        while orders.len() < MOST
            && let Ok(order) = tray.try_recv()
        {
            orders.push(order);
        }
        if orders.len() == before {
            break;
        }
    }
}
