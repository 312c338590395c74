//! What a desk wants to know of its readers, and can know without watching any of them.

use std::ops::AddAssign;

use jiff::civil::Date;

use super::{Balance, EditionId, SubscriptionState};

/// How a publication is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    pub lists: Vec<ListNumbers>,
    /// Each edition to each list, the oldest first.
    pub editions: Vec<EditionNumbers>,
    /// Who fetches the feeds, the most eager first.
    pub applications: Vec<Application>,
}

/// The readers of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListNumbers {
    pub name: String,
    pub all: Counted,
    /// The last weeks, the oldest first.
    pub weeks: Vec<Week>,
}

/// Readers by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub confirmed: u64,
    pub pending: u64,
    pub left: u64,
}

impl Counted {
    /// Adds readers who are in a state.
    pub fn add(&mut self, state: SubscriptionState, readers: u64) {
        match state {
            SubscriptionState::Confirmed => self.confirmed += readers,
            SubscriptionState::Pending => self.pending += readers,
            SubscriptionState::Left => self.left += readers,
        }
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.confirmed += other.confirmed;
        self.pending += other.pending;
        self.left += other.left;
    }
}

/// Those who stand so since a week: who has left since is counted where they left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its Monday, in UTC.
    pub begins: Date,
    pub since: Counted,
}

/// One edition to one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionNumbers {
    pub edition: EditionId,
    pub list: String,
    pub balance: Balance,
    /// Readers who left the list after it, as the last letter that they had got.
    pub left: u64,
    pub returns: Returns,
}

/// What came back for an edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    /// Readers whose letter was not delivered, for whatever reason.
    pub bounced: u64,
    /// The domains with the most of them, the largest first.
    pub domains: Vec<(String, u64)>,
    /// Readers who called the letter spam.
    pub complained: u64,
}

impl Returns {
    /// Those at all other domains.
    pub fn elsewhere(&self) -> u64 {
        self.bounced.saturating_sub(self.domains.iter().map(|(_, count)| count).sum())
    }

    /// `3 big.example, 1 one.example, 2 elsewhere`.
    pub fn in_words(&self) -> String {
        let named = self.domains.iter().map(|(domain, count)| format!("{count} {domain}"));
        let elsewhere = Some(self.elsewhere()).filter(|count| *count > 0).map(|count| format!("{count} elsewhere"));
        named.chain(elsewhere).collect::<Vec<_>>().join(", ")
    }
}

/// A program that fetches feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub name: String,
    /// Fetches in the last 7 days, and in the last 28.
    pub week: u64,
    pub month: u64,
    /// Readers for whom it says it fetches, of all feeds, at the most in the last 28 days; 0 where it does not say.
    pub subscribers: u64,
}
