use std::fmt;

use super::Reply;

/// Where one edition to one recipient stands. Every recipient is in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryState {
    /// To be sent.
    Due,
    /// A sender has it in hand; the message has not been handed over.
    Claimed,
    /// The message is being handed over: whether the server has it is not known until it says so.
    InFlight,
    /// The server took it.
    Sent,
    /// The server said "later": it will be tried again.
    Deferred,
    /// The server said no, for good.
    Refused,
    /// Not to be mailed after all; the row says why.
    Excluded,
    /// May or may not have been accepted (crash or lost reply after the final dot). Never resent unasked.
    Uncertain,
}

impl DeliveryState {
    pub const ALL: [Self; 8] =
        [Self::Due, Self::Claimed, Self::InFlight, Self::Sent, Self::Deferred, Self::Refused, Self::Excluded, Self::Uncertain];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Claimed => "claimed",
            Self::InFlight => "in flight",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Excluded => "excluded",
            Self::Uncertain => "uncertain",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why somebody on a list is not mailed an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// The address is on the suppression list.
    Suppressed,
    /// The reader left the list.
    Left,
    /// Nobody has confirmed that the reader agreed.
    Pending,
    /// The edition goes to the reader by another list.
    OtherList,
    /// The reader came after the audience was frozen.
    Late,
}

impl Exclusion {
    pub const ALL: [Self; 5] = [Self::Suppressed, Self::Left, Self::Pending, Self::OtherList, Self::Late];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::Left => "left the list",
            Self::Pending => "pending",
            Self::OtherList => "by another list",
            Self::Late => "came later",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|exclusion| exclusion.as_str() == word)
    }
}

impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an attempt to hand over one message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it; its reply, with the queue id if it names one.
    Sent { reply: Reply },
    /// Try later; nothing was accepted.
    Deferred { reply: Reply },
    /// Refused for good; nothing was accepted.
    Refused { reply: Reply },
    /// The connection was lost after the message and before the reply.
    Uncertain { reason: String },
}

impl Outcome {
    pub fn state(&self) -> DeliveryState {
        match self {
            Self::Sent { .. } => DeliveryState::Sent,
            Self::Deferred { .. } => DeliveryState::Deferred,
            Self::Refused { .. } => DeliveryState::Refused,
            Self::Uncertain { .. } => DeliveryState::Uncertain,
        }
    }

    /// The same outcome with its words changed.
    #[must_use]
    pub fn with_reply(self, change: impl FnOnce(&str) -> String) -> Self {
        let changed = |reply: Reply, text| Reply { text, ..reply };
        let text = change(self.reply());
        match self {
            Self::Sent { reply } => Self::Sent { reply: changed(reply, text) },
            Self::Deferred { reply } => Self::Deferred { reply: changed(reply, text) },
            Self::Refused { reply } => Self::Refused { reply: changed(reply, text) },
            Self::Uncertain { .. } => Self::Uncertain { reason: text },
        }
    }

    /// What the server said, or why it is not known.
    pub fn reply(&self) -> &str {
        match self {
            Self::Sent { reply } | Self::Deferred { reply } | Self::Refused { reply } => &reply.text,
            Self::Uncertain { reason } => reason,
        }
    }
}

/// How many recipients of an edition are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Recipients frozen when sending began.
    pub audience: u64,
    pub counts: Vec<(DeliveryState, u64)>,
}

impl Balance {
    pub fn count(&self, state: DeliveryState) -> u64 {
        self.counts.iter().filter(|(of, _)| *of == state).map(|(_, count)| count).sum()
    }

    /// Whether every frozen recipient is accounted for.
    pub fn is_even(&self) -> bool {
        self.counts.iter().map(|(_, count)| count).sum::<u64>() == self.audience
    }

    /// Whether each recipient is in a state that does not change any more.
    pub fn is_over(&self) -> bool {
        self.is_even() && self.waiting() == 0 && self.count(DeliveryState::Uncertain) == 0
    }

    /// Recipients that another run has to see to.
    pub fn waiting(&self) -> u64 {
        [DeliveryState::Due, DeliveryState::Claimed, DeliveryState::InFlight, DeliveryState::Deferred]
            .into_iter()
            .map(|state| self.count(state))
            .sum()
    }
}
