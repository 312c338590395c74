//! Complaints: a reader has called the letter spam, and the provider tells (RFC 5965).

use super::{Leaves, Verdict, blocks, words};
use crate::domain::Bounce;
use crate::mail::opened::Field;

/// A verdict where it is a report of feedback. What is no complaint, such as `not-spam` or a failed signature, is unknown.
pub(super) fn read(leaves: &Leaves<'_>) -> Option<Vec<Verdict>> {
    let blocks: Vec<_> = leaves.feedback.iter().flat_map(|bytes| blocks(bytes)).collect();
    let fields: Vec<&Field<'_>> = blocks.iter().flatten().collect();
    let value = |name: &str| fields.iter().find(|field| field.is(name)).map(|field| field.decoded());
    let kind = words::one_line(&value("feedback-type")?);
    let bounce = match kind.to_ascii_lowercase().as_str() {
        "abuse" | "fraud" | "virus" | "other" | "opt-out" | "opt-out-list" => Bounce::Complaint,
        _ => Bounce::Unknown,
    };
    let recipient =
        ["original-rcpt-to", "removal-recipient"].into_iter().find_map(|name| value(name).as_deref().and_then(words::address));
    Some(vec![Verdict { bounce, recipient, status: None, words: kind }])
}
