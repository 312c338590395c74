use std::fmt;

/// What a mail says that came back for a letter: a bounce, or something that only looks like one.
///
/// From the hardest on a letter to the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bounce {
    /// There is no such mailbox.
    Hard,
    /// Not delivered, for a reason that may pass.
    Soft,
    /// The mailbox is full.
    Full,
    /// Something is held against the letter or the desk, not against the address.
    Policy,
    /// Not delivered yet; the server tries on.
    Delayed,
    /// It was delivered.
    Delivered,
    /// A notice of absence, a receipt, any other answer of a program on the reader's side.
    AutoReply,
    /// A program asks the sender to prove that it is a person.
    Challenge,
    /// The reader told the provider that the letter is spam.
    Complaint,
    /// A reader asks to leave by mail, and proves to be the one.
    Leaving,
    /// No report, or one that cannot be understood, or one that is not about a letter of this ledger.
    Unknown,
}

impl Bounce {
    pub const ALL: [Self; 11] = [
        Self::Hard,
        Self::Soft,
        Self::Full,
        Self::Policy,
        Self::Delayed,
        Self::Delivered,
        Self::AutoReply,
        Self::Challenge,
        Self::Complaint,
        Self::Leaving,
        Self::Unknown,
    ];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Full => "full",
            Self::Policy => "policy",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::AutoReply => "auto-reply",
            Self::Challenge => "challenge",
            Self::Complaint => "complaint",
            Self::Leaving => "leaving",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bounce| bounce.as_str() == word)
    }
}

impl fmt::Display for Bounce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
