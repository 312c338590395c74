use std::io;

use super::inbox::Linked;
use super::readers::ForeignTombstones;
use super::{
    BadKey, Busy, Clash, FeedGuard, FencedOff, ImportError, NoEdition, NoLog, NoMailbox, NoReaders, NoReadersPage, NotBegun,
    NotEdited, NothingNew, PlanChanged, ShowError, UnknownBatch, UnknownEdition,
};
use crate::config::ConfigError;
use crate::mail::imap::ImapError;
use crate::mail::smtp::OpenError;
use crate::read::sound::SoundError;
use crate::read::{ArtworkError, EpisodeError, ReadError};
use crate::render::letter::{LetterError, TemplateError};
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
        if let Some(hint) = of_an_episode(cause) {
            return Some(hint);
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return error.hint();
        }
        if let Some(error) = cause.downcast_ref::<OpenError>() {
            return Some(error.hint().to_owned());
        }
        if let Some(error) = cause.downcast_ref::<ImapError>() {
            return Some(error.hint().to_owned());
        }
        if let Some(guard) = cause.downcast_ref::<FeedGuard>() {
            return Some(guard.hint());
        }
        if let Some(clash) = cause.downcast_ref::<Clash>() {
            return Some(clash.hint());
        }
        if cause.downcast_ref::<NoReaders>().is_some() {
            return Some(
                "add readers with `griot subscribers import` or `add`, and say with `--confirmed` how they agreed".to_owned(),
            );
        }
        if cause.is::<NothingNew>() {
            return Some("publish one, or name an edition that there is: `griot letter compose EDITION`".to_owned());
        }
        if let Some(error) = cause.downcast_ref::<LetterError>() {
            return error.hint().map(str::to_owned);
        }
        if let Some(error) = cause.downcast_ref::<TemplateError>() {
            return Some(error.hint().to_owned());
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return of_the_system(error).map(str::to_owned);
        }
        if let Some(changed) = cause.downcast_ref::<PlanChanged>() {
            return Some(changed.hint());
        }
        if let Some(not_edited) = cause.downcast_ref::<NotEdited>() {
            return Some(not_edited.hint());
        }
        if let Some(key) = cause.downcast_ref::<BadKey>() {
            return Some(key.hint());
        }
        let hint = if cause.is::<Busy>() {
            "wait until it is done, and run the same command again"
        } else if cause.is::<FencedOff>() {
            "`griot adopt` makes it the one that sends: read `griot help adopt` first"
        } else if cause.is::<NoEdition>() {
            "publish an article first: `griot publish PAGE`"
        } else if cause.is::<UnknownEdition>() {
            "`griot publish` and `griot audit` print the ids of editions; without one the latest is meant"
        } else if cause.is::<NotBegun>() {
            "`griot audit` prints what was sent to which list; name the edition, and the list with `--list`"
        } else if cause.is::<NoLog>() {
            "name the log that Postfix writes, such as /var/log/mail.log; of a compressed one: `zcat FILE | griot send --settle-from -`"
        } else if cause.is::<NoMailbox>() {
            "`griot bounces take FILE` takes a single report, `--maildir` a folder of them"
        } else if cause.is::<NoReadersPage>() {
            "say in the config where readers find their pages: `url` in [serve]"
        } else if cause.is::<UnknownBatch>() {
            "`griot subscribers batches` prints the numbers of imports"
        } else if cause.is::<ForeignTombstones>() {
            "each ledger has a file of its own: put back the one of this ledger, or move it away"
        } else if cause.is::<Linked>() {
            "lay the file itself into the inbox, not a link to it"
        } else {
            return None;
        };
        Some(hint.to_owned())
    })
}

/// What to do about a file of a show.
fn of_an_episode(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<ShowError>() {
        return error.hint();
    }
    if let Some(error) = cause.downcast_ref::<ImportError>() {
        return error.hint();
    }
    if let Some(error) = cause.downcast_ref::<SoundError>() {
        return error.hint();
    }
    if let Some(error) = cause.downcast_ref::<ArtworkError>() {
        return error.hint();
    }
    cause.downcast_ref::<EpisodeError>()?.hint()
}

/// What to do about an error of the system that nobody above knows more of.
fn of_the_system(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied => "give this user the right to it, or call griot as the user whose it is",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is mounted read-only: mount it writable, or choose another place",
        io::ErrorKind::AddrInUse => "another program listens there: name another port, such as `--port 8080`, or 0 for any",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full: make room and run the same command again",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a file stands where a folder should be: move it away",
        io::ErrorKind::IsADirectory => "a folder stands where a file should be",
        _ => return None,
    })
}
