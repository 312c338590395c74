//! Who writes, to whom, and who gets the answers.

use super::{Check, rules};
use crate::domain::{Address, quoted};
use crate::mail::opened::{Field, pieces};

/// Beginnings of addresses that say that nobody reads the answers.
const NOBODY: [&str; 6] = ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "nepasrepondre"];

pub(super) fn check(check: &mut Check) {
    let from = check.needed("From");
    let sender = from.and_then(|from| single(check, from));
    if let (Some(field), Some((name, address))) = (from, &sender) {
        if name.is_empty() {
            check.find(&rules::address::NAME, field.line, "`From` has an address and no name");
        }
        let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        if NOBODY.iter().any(|nobody| local.starts_with(nobody)) {
            check.find(&rules::address::NOBODY, field.line, format!("answers go to {}", quoted(address)));
        }
    }
    let to = check.needed("To");
    if let Some(to) = to {
        let value = to.unfolded();
        if value.to_ascii_lowercase().contains("undisclosed") || value.trim_end().ends_with(":;") {
            check.find(&rules::address::TO, to.line, format!("`To` is {}", quoted(&value)));
        } else {
            single(check, to);
        }
    }
    if let Some(copies) = check.message.field("cc") {
        check.find(&rules::address::TO, copies.line, "`Cc` shows a reader to another");
    }
    let own = |text: &str| sender.as_ref().is_some_and(|(_, address)| address.eq_ignore_ascii_case(text));
    if let Some(field) = check.message.field("reply-to")
        && let Some((_, address)) = single(check, field)
        && own(&address)
    {
        check.find(&rules::address::REPLY_TO, field.line, "`Reply-To` is the address of `From`");
    }
    if let Some(field) = check.message.field("sender")
        && let Some((_, address)) = single(check, field)
        && own(&address)
    {
        check.find(&rules::header::LEFT_OUT, field.line, "`Sender` is the address of `From`");
    }
}

/// The name and the address of a field that names one mailbox; else it is told.
fn single(check: &mut Check, field: &Field) -> Option<(String, String)> {
    let value = field.unfolded();
    let all: Vec<&str> = pieces(&value, ',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let [one] = all.as_slice() else {
        check.find(&rules::address::MANY, field.line, format!("`{}` names {} mailboxes", field.name(), all.len()));
        return None;
    };
    let (name, address) = match one.rsplit_once('<') {
        Some((name, rest)) => (name.trim(), rest.strip_suffix('>').unwrap_or("")),
        None => ("", *one),
    };
    let is_address = Address::parse(address).is_ok() && address.trim() == address;
    // A name with signs in it stands in quotes (RFC 5322, section 3.2.4).
    let in_quotes = name.len() > 1 && name.starts_with('"') && name.ends_with('"');
    let is_plain = in_quotes || !name.contains(['"', ',', ';', ':', '@', '(', ')', '<', '>', '[', ']', '\\']);
    if !is_address || !is_plain {
        check.find(&rules::address::FORM, field.line, format!("`{}` is {}", field.name(), quoted(&value)));
        return None;
    }
    Some((name.to_owned(), address.to_owned()))
}
