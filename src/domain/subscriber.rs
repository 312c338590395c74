use jiff::Timestamp;

use super::{Address, Line};

/// What a subscription, one reader on one list, is looked up by in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubscriptionId(pub i64);

/// Somebody on a list. Whether the person has agreed is a matter of type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscriber {
    Pending(Pending),
    Confirmed(Confirmed),
}

/// Has been put on a list, and has not agreed yet: cannot be mailed an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub address: Address,
    pub name: Option<Line>,
    pub since: Timestamp,
}

/// Has agreed to be mailed; `consent` says how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub address: Address,
    pub name: Option<Line>,
    pub since: Timestamp,
    pub consent: Line,
}

/// A confirmed subscriber as frozen for one edition. Only a recipient can be mailed an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    address: Address,
    name: Option<Line>,
    subscription: Option<SubscriptionId>,
}

impl Recipient {
    /// The reader of a test mail: somebody the desk names itself, on the command line.
    pub fn of_test(address: Address) -> Self {
        Self { address, name: None, subscription: None }
    }

    /// A recipient that the ledger froze: the row is the proof that consent was there.
    pub fn from_ledger(address: Address, name: Option<Line>, subscription: Option<SubscriptionId>) -> Self {
        Self { address, name, subscription }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub fn name(&self) -> Option<&Line> {
        self.name.as_ref()
    }

    /// What the reader's tokens are made of; none of somebody who is on no list.
    pub fn subscription(&self) -> Option<SubscriptionId> {
        self.subscription
    }
}
