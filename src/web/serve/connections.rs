//! The connections that are open, so many at most.
//!
//! Where there is no room, the one that has waited longest for a request makes place: whoever opens connections and asks
//! nothing keeps nobody out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All connections of a listener.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    open: Mutex<HashMap<u64, Arc<Line>>>,
    /// Counts what happens: connections that came, answers that ended.
    beat: AtomicU64,
    gone: Notify,
}

/// How one connection stands.
#[derive(Debug)]
pub(super) struct Line {
    /// Since which beat it has waited for a request; 0 while one is being answered.
    waiting: AtomicU64,
    /// Whether bytes of an answer wait for the client to take them.
    is_blocked: AtomicBool,
    end: Notify,
    connections: Arc<Connections>,
}

/// The place of one connection, free again once it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    line: Arc<Line>,
}

impl Connections {
    pub(super) fn new(most: usize) -> Self {
        Self { most, open: Mutex::default(), beat: AtomicU64::new(1), gone: Notify::new() }
    }

    /// A place for a new connection; `None` where all others are being answered.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut open = self.open();
        if open.len() >= self.most {
            let id = *open.iter().filter(|(_, line)| line.is_waiting()).min_by_key(|(_, line)| line.waiting())?.0;
            if let Some(line) = open.remove(&id) {
                line.end.notify_one();
            }
        }
        let id = self.next_beat();
        let line = Arc::new(Line {
            waiting: AtomicU64::new(id),
            is_blocked: AtomicBool::new(false),
            end: Notify::new(),
            connections: Arc::clone(self),
        });
        open.insert(id, Arc::clone(&line));
        Some(Place { id, line })
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.open().len()
    }

    /// Tells all of them to end once they have been answered.
    pub(super) fn end(&self) {
        for line in self.open().values() {
            line.end.notify_one();
        }
    }

    /// Waits until none is open.
    pub(super) async fn all_gone(&self) {
        loop {
            let gone = self.gone.notified();
            if self.count() == 0 {
                return;
            }
            gone.await;
        }
    }

    fn next_beat(&self) -> u64 {
        self.beat.fetch_add(1, Ordering::Relaxed)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Line>>> {
        // The map is whole between any two calls, whoever panicked.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// A request has come.
    pub(super) fn asked(&self) {
        self.waiting.store(0, Ordering::Relaxed);
    }

    /// All of the answer is on its way.
    pub(super) fn answered(&self) {
        self.waiting.store(self.connections.next_beat(), Ordering::Relaxed);
    }

    pub(super) fn set_blocked(&self, is_blocked: bool) {
        self.is_blocked.store(is_blocked, Ordering::Relaxed);
    }

    /// Whether nothing is lost when it is closed now.
    pub(super) fn is_waiting(&self) -> bool {
        self.waiting() != 0 && !self.is_blocked.load(Ordering::Relaxed)
    }

    /// Resolves once it has to end.
    pub(super) async fn told_to_end(&self) {
        self.end.notified().await;
    }

    fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Place {
    pub(super) fn line(&self) -> Arc<Line> {
        Arc::clone(&self.line)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let connections = &self.line.connections;
        connections.open().remove(&self.id);
        connections.gone.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_longest_makes_place() {
        let connections = Arc::new(Connections::new(2));
        let (first, second) = (connections.enter().unwrap(), connections.enter().unwrap());
        first.line.asked();
        first.line.answered();
        let third = connections.enter().unwrap();
        assert_eq!(connections.count(), 2);
        drop(second);
        assert_eq!(connections.count(), 2, "it had been counted out before");
        for busy in [&first, &third] {
            busy.line.asked();
        }
        assert!(connections.enter().is_none(), "nobody is cut off who is being answered");
        third.line.answered();
        third.line.set_blocked(true);
        assert!(connections.enter().is_none(), "nor who has not taken all of it");
        third.line.set_blocked(false);
        assert!(connections.enter().is_some());
    }
}
