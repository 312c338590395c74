use super::{Busy, FeedGuard, NoReaders};
use crate::config::ConfigError;
use crate::mail::smtp::OpenError;
use crate::read::ReadError;
use crate::store::StoreError;

/// An error with its causes and the hint, as a terminal and a `.why` file show it.
pub fn explain(error: &anyhow::Error) -> String {
    let mut above = error.to_string();
    let mut lines = vec![above.clone()];
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // Some errors repeat their source in their own words.
        if !above.ends_with(&cause) {
            lines.push(format!("  caused by: {cause}"));
        }
        above = cause;
    }
    if let Some(hint) = hint(error) {
        lines.push(format!("\nhint: {hint}"));
    }
    lines.join("\n")
}

/// What a person can do about an error, from whichever of its causes knows.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<ConfigError>() {
            return error.hint();
        }
        if let Some(error) = cause.downcast_ref::<ReadError>() {
            return error.hint();
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return error.hint();
        }
        if let Some(error) = cause.downcast_ref::<OpenError>() {
            return Some(error.hint().to_owned());
        }
        if let Some(guard) = cause.downcast_ref::<FeedGuard>() {
            return Some(guard.hint());
        }
        if cause.downcast_ref::<NoReaders>().is_some() {
            return Some(
                "add readers with `griot subscribers import` or `add`, and say with `--confirmed` how they agreed".to_owned(),
            );
        }
        if cause.downcast_ref::<Busy>().is_some() {
            return Some("wait until it is done, and run the same command again".to_owned());
        }
        None
    })
}
