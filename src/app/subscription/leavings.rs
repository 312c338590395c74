//! Leaving as fast as mail programs can ask for it.
//!
//! Each leaving is answered when it is on the disk. What comes in while the ledger writes is written together next: one
//! alone waits for nobody, and a flood of them shares its commits.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{Left, Readership};
use crate::app::Served;
use crate::domain::Way;

/// Leavings that may wait: more than come in the seconds that a slow disk takes.
const ROOM: usize = 4_000;
/// Leavings in one commit: readers who come later do not wait for all before them.
const TOGETHER: usize = 256;

/// Takes readers off their lists, many at once.
#[derive(Debug)]
pub struct Leavings {
    queue: mpsc::Sender<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    token: String,
    way: Way,
    answer: oneshot::Sender<Result<Left, NotLeft>>,
}

/// Why a reader could not be taken off the list. The reader, or the mail program, has to ask again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotLeft {
    #[error("too many readers leave at once")]
    Crowded,
    #[error("the ledger does not take it")]
    Failed,
}

impl Leavings {
    /// Writes from now on what is asked for, as long as somebody may ask. What goes wrong is told to `tell`, once for all
    /// whom it concerns.
    pub fn start(
        served: Arc<Served>,
        readership: Arc<Readership>,
        tell: impl Fn(&anyhow::Error) + Send + Sync + 'static,
    ) -> Self {
        let (queue, mut waiting) = mpsc::channel(ROOM);
        tokio::spawn(async move {
            let mut together = Vec::new();
            while waiting.recv_many(&mut together, TOGETHER).await > 0 {
                write(&served, &readership, std::mem::take(&mut together), &tell).await;
            }
        });
        Self { queue }
    }

    /// Takes the reader of a token off the list, and comes back once that is kept.
    pub async fn leave(&self, token: &str, way: Way) -> Result<Left, NotLeft> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { token: token.to_owned(), way, answer };
        self.queue.try_send(waiting).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NotLeft::Crowded,
            mpsc::error::TrySendError::Closed(_) => NotLeft::Failed,
        })?;
        answered.await.unwrap_or(Err(NotLeft::Failed))
    }
}

/// Writes leavings down together, and answers them.
async fn write(served: &Served, readership: &Readership, together: Vec<Waiting>, tell: &(impl Fn(&anyhow::Error) + Sync)) {
    let (tokens, answers): (Vec<_>, Vec<_>) =
        together.into_iter().map(|Waiting { token, way, answer }| ((token, way), answer)).unzip();
    let left = match readership.leave_all(&served.desk(), &tokens).await {
        Ok(left) => left.into_iter().map(Ok).collect(),
        Err(error) => {
            tell(&error.context(format!("failed to take {} off their lists", crate::domain::counted(tokens.len(), "reader"))));
            vec![Err(NotLeft::Failed); tokens.len()]
        }
    };
    for (answer, left) in answers.into_iter().zip(left) {
        // Whoever has hung up has left all the same.
        let _ = answer.send(left);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_room_is_told_and_who_hangs_up_holds_nobody_up() {
        let (queue, waiting) = mpsc::channel(1);
        let leavings = Leavings { queue };
        let first = tokio::time::timeout(Duration::from_millis(1), leavings.leave("a", Way::OneClick));
        assert!(first.await.is_err(), "it waits for what is written");
        assert_eq!(leavings.leave("b", Way::OneClick).await, Err(NotLeft::Crowded));
        drop(waiting);
        assert_eq!(leavings.leave("c", Way::OneClick).await, Err(NotLeft::Failed));
    }
}
