//! What readers do about their subscriptions, and how: what a consent is proven by later.

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubscriptionState {
    /// Has not agreed yet.
    Pending,
    Confirmed,
    /// Was on the list. The row stays, so that no import brings the reader back.
    Left,
}

/// What a reader did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Asked to be put on the list.
    Asked,
    Confirmed,
    Left,
    /// Changed something that leaves the reader on the list, such as the language.
    Changed,
}

/// The way it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// The form by which readers subscribe.
    Form,
    /// A page of the reader's own, which a letter or a confirmation mail leads to.
    Page,
    /// The button of a mail program (RFC 8058).
    OneClick,
    /// A mail to the address in `List-Unsubscribe` (RFC 2369).
    Mail,
    /// `griot unsubscribe`, such as behind a page of the desk's own.
    Command,
    /// The desk did it for the reader.
    Desk,
    /// A complaint that a mailbox provider passed on (RFC 5965).
    Complaint,
}

impl SubscriptionState {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Confirmed, Self::Left];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Left => "left",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Deed {
    pub const ALL: [Self; 4] = [Self::Asked, Self::Confirmed, Self::Left, Self::Changed];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Left => "left",
            Self::Changed => "changed",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

impl Way {
    pub const ALL: [Self; 7] = [Self::Form, Self::Page, Self::OneClick, Self::Mail, Self::Command, Self::Desk, Self::Complaint];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Page => "page",
            Self::OneClick => "one-click",
            Self::Mail => "mail",
            Self::Command => "command",
            Self::Desk => "desk",
            Self::Complaint => "complaint",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_its_word() {
        assert!(SubscriptionState::ALL.into_iter().all(|one| SubscriptionState::parse(one.as_str()) == Some(one)));
        assert!(Deed::ALL.into_iter().all(|one| Deed::parse(one.as_str()) == Some(one)));
        assert!(Way::ALL.into_iter().all(|one| Way::parse(one.as_str()) == Some(one)));
    }
}
