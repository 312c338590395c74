use jiff::Timestamp;

use crate::domain::EditionId;

/// There is nothing that could be sent.
#[derive(Debug, thiserror::Error)]
#[error("there is no edition yet: nothing has been published")]
pub struct NoEdition;

/// An article with a time to come: nobody is to see it before.
#[derive(Debug, thiserror::Error)]
#[error("the article of edition `{id}` is not to be seen before {published}")]
pub struct NotDue {
    pub id: EditionId,
    pub published: Timestamp,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no edition `{id}`")]
pub struct UnknownEdition {
    pub id: String,
}

/// A digest of nothing.
#[derive(Debug, thiserror::Error)]
#[error("no article is new to the list `{list}`")]
pub struct NothingNew {
    pub list: String,
}

/// What has gone out cannot be called otherwise.
#[derive(Debug, thiserror::Error)]
#[error("edition `{id}` has been sent: its letter does not change any more")]
pub struct Sent {
    pub id: EditionId,
}
