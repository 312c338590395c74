//! Reports that a program can read: `message/delivery-status` (RFC 3464), and what its codes mean (RFC 3463).

use super::{Leaves, Verdict, blocks, words};
use crate::domain::{Address, Bounce};
use crate::mail::opened::Field;

/// A verdict for each recipient that the report has fields for; nothing where it has none.
pub(super) fn read(leaves: &Leaves<'_>) -> Option<Vec<Verdict>> {
    let verdicts: Vec<Verdict> =
        leaves.statuses.iter().flat_map(|bytes| blocks(bytes)).filter_map(|fields| recipient(&fields, leaves)).collect();
    (!verdicts.is_empty()).then_some(verdicts)
}

/// The fields of one recipient (RFC 3464, section 2.3); nothing where these are those of the message.
fn recipient(fields: &[Field<'_>], leaves: &Leaves<'_>) -> Option<Verdict> {
    let value = |name: &str| fields.iter().find(|field| field.is(name)).map(Field::decoded);
    let (action, status) = (value("action"), value("status"));
    if action.is_none() && status.is_none() {
        return None;
    }
    // The address that the letter was sent to says more than the one where it ended up.
    let recipient =
        ["original-recipient", "final-recipient"].into_iter().find_map(|name| value(name).and_then(|text| typed(&text)));
    let diagnostic = value("diagnostic-code").map(|text| words::one_line(untyped(&text))).unwrap_or_default();
    let told = status.as_deref().and_then(words::enhanced);
    // `5.0.0` only says that it is for good; the server's own words may say more.
    let status = match told {
        Some([class, 0, 0]) => words::enhanced(&diagnostic).filter(|code| code.first() == Some(&class)).or(told),
        Some(_) => told,
        None => words::enhanced(&diagnostic),
    };
    let action = action.unwrap_or_default().to_ascii_lowercase();
    let bounce = match action.split_whitespace().next().unwrap_or_default() {
        "delayed" => Bounce::Delayed,
        "delivered" | "relayed" | "expanded" => Bounce::Delivered,
        _ => {
            // Some servers keep the reason to the text for people.
            let text = if diagnostic.is_empty() { leaves.texts.first().map_or("", String::as_str) } else { &diagnostic };
            class(status, words::reply_code(&diagnostic), text)
        }
    };
    Some(Verdict { bounce, recipient, status, words: diagnostic })
}

/// What a final failure means, by its enhanced code, else by its reply code, else by its words.
pub(super) fn class(status: Option<[u16; 3]>, code: Option<u16>, text: &str) -> Bounce {
    match status {
        Some([_, 2, 2]) => Bounce::Full,
        // Also: the sender is not taken, the letter is too big, or its form is not.
        Some([_, 7, _] | [5, 1, 7 | 8] | [5, 2, 3] | [5, 3, 4] | [5, 6, _]) => Bounce::Policy,
        // The last one is how Exchange Online says that there is no such domain.
        Some([5, 1, _] | [5, 2, 1] | [5, 4, 310]) => Bounce::Hard,
        // How Exchange Online answers for addresses that it does not know.
        Some([5, 4, 1]) if words::says_rejected(text) => Bounce::Hard,
        Some([2, ..]) => Bounce::Delivered,
        Some([4, ..]) => Bounce::Soft,
        Some([5, 0, 0]) | None => by_words(code, text),
        Some(_) => match by_words(None, text) {
            Bounce::Hard => Bounce::Soft,
            milder => milder,
        },
    }
}

/// A class where no code tells one: cautious, since three soft bounces do what a hard one does.
fn by_words(code: Option<u16>, text: &str) -> Bounce {
    let lower = text.to_lowercase();
    if words::says_policy(&lower) {
        Bounce::Policy
    } else if words::says_full(&lower) {
        Bounce::Full
    } else if code.is_none_or(|code| code >= 500) && words::says_gone(&lower) {
        Bounce::Hard
    } else if code == Some(552) {
        Bounce::Full
    } else {
        Bounce::Soft
    }
}

/// `rfc822; ada@one.example`, and what servers make of it.
fn typed(text: &str) -> Option<Address> {
    words::address(untyped(text))
}

fn untyped(text: &str) -> &str {
    text.split_once(';').map_or(text, |(_, value)| value).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, bounce: Bounce) {
        assert_eq!(class(words::enhanced(text), words::reply_code(text), text), bounce, "{text}");
    }

    #[test]
    fn codes_come_before_words() {
        case("550 5.1.1 <ada@one.example>: Recipient address rejected: User unknown", Bounce::Hard);
        case("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", Bounce::Hard);
        case("550 5.1.8 sender domain does not exist", Bounce::Policy);
        case("554 5.7.1 user unknown or blocked by spam filter", Bounce::Policy);
        case("552 5.2.2 The mailbox is full, no such user", Bounce::Full);
        case("550 5.4.1 Recipient address rejected: Access denied", Bounce::Hard);
        case("550 5.4.1 no answer from host", Bounce::Soft);
        case("550 5.5.0 user unknown", Bounce::Soft);
        case("452 4.2.2 over quota", Bounce::Full);
        case("451 4.4.1 no answer", Bounce::Soft);
        case("421 4.7.0 too many from you", Bounce::Policy);
        case("552 5.3.4 too big", Bounce::Policy);
    }

    #[test]
    fn without_a_code_words_decide() {
        case("550 No such user here", Bounce::Hard);
        case("550 Benutzer existiert nicht: unknown user", Bounce::Hard);
        case("550 Message rejected as spam: unknown user", Bounce::Policy);
        case("552 sorry", Bounce::Full);
        case("450 unknown user, try later", Bounce::Soft);
        case("550 something else", Bounce::Soft);
        case("", Bounce::Soft);
    }
}
