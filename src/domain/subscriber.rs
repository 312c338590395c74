use jiff::Timestamp;

use super::{Address, Line};

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

impl Confirmed {
    /// The reader as frozen for one edition.
    pub fn recipient(self) -> Recipient {
        Recipient { address: self.address, name: self.name }
    }
}

/// A confirmed subscriber as frozen for one edition. Only a recipient can be mailed an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    address: Address,
    name: Option<Line>,
}

impl Recipient {
    /// The reader of a test mail: somebody the desk names itself, on the command line.
    pub fn of_test(address: Address) -> Self {
        Self { address, name: None }
    }

    /// A recipient that the ledger froze: the row is the proof that consent was there.
    pub fn from_ledger(address: Address, name: Option<Line>) -> Self {
        Self { address, name }
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    pub fn name(&self) -> Option<&Line> {
        self.name.as_ref()
    }
}
