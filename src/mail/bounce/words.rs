//! The words of mail servers: codes, addresses, and what they say where no code does.

use crate::domain::{Address, Line, Reply};

/// The address in a piece of text: `<ada@one.example>`, `Ada <ada@one.example>`, or bare.
pub(super) fn address(text: &str) -> Option<Address> {
    let text = text.trim();
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.split_once('>').map_or(rest, |(inner, _)| inner));
    let inner = inner.trim().trim_start_matches("mailto:");
    // The longest that the envelope carries (RFC 5321, section 4.5.3.1.3), and no text that is longer is looked at.
    (inner.len() <= 320).then(|| Address::parse(inner).ok()).flatten()
}

/// The first `5.1.1` that stands by itself in a text: three numbers, the first 2, 4 or 5 (RFC 3463, section 2).
pub(super) fn enhanced(text: &str) -> Option<[u16; 3]> {
    let edge = |c: char| !(c.is_alphanumeric() || c == '.');
    text.split(edge).map(|word| word.trim_matches('.')).find_map(|word| {
        let mut numbers = word.split('.').map(|digits| {
            let fine = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            fine.then(|| digits.parse().ok()).flatten()
        });
        let code = [numbers.next()??, numbers.next()??, numbers.next()??];
        (numbers.next().is_none() && matches!(code, [2 | 4 | 5, ..])).then_some(code)
    })
}

/// The first reply code of a text (RFC 5321, section 4.2.1): `550`, also in `550-5.1.1` and `#550`.
pub(super) fn reply_code(text: &str) -> Option<u16> {
    let edge = |c: char| !(c.is_ascii_alphanumeric() || c == '.');
    text.split(edge).find_map(|word| {
        let code: u16 = (word.len() == 3).then(|| word.parse().ok()).flatten()?;
        (400..=599).contains(&code).then_some(code)
    })
}

/// A text on one line, as long as a reply in the ledger may be.
pub(super) fn one_line(text: &str) -> String {
    // A line is as long as it is; so no more is looked at than what can be kept of it.
    let head: String = text.chars().take(4 * Reply::LONGEST).collect();
    Line::new(&head).map(|line| line.shortened(Reply::LONGEST).to_string()).unwrap_or_default()
}

/// The text of a page, as far as it is needed to look for words: tags are line ends, and a few references are read.
pub(super) fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        match tag.split_once('>') {
            // An address in the place of a tag is one.
            Some((inner, after)) if inner.contains('@') && !inner.contains([' ', '=']) => {
                out.extend(["<", inner, ">"]);
                rest = after;
            }
            Some((_, after)) => {
                out.push('\n');
                rest = after;
            }
            None => rest = "",
        }
    }
    out.push_str(rest);
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
        .into_iter()
        .fold(out, |text, (reference, meant)| if text.contains(reference) { text.replace(reference, meant) } else { text })
}

/// Whether a text, in lower case, says that there is no such mailbox.
pub(super) fn says_gone(lower: &str) -> bool {
    holds(
        lower,
        &[
            "user unknown",
            "unknown user",
            "unknown or illegal alias",
            "unknown recipient",
            "unknown address",
            "unknown local",
            "no such user",
            "no such mailbox",
            "no such recipient",
            "no such address",
            "no mailbox here",
            "no mailbox by that name",
            "not a valid mailbox",
            "mailbox not found",
            "mailbox unavailable",
            "mailbox does not exist",
            "mailbox is disabled",
            "mailbox disabled",
            "mailbox unknown",
            "invalid mailbox",
            "invalid recipient",
            "recipient not found",
            "recipient unknown",
            "recipient address rejected",
            "user not found",
            "user doesn't exist",
            "user does not exist",
            "user doesn't have a",
            "account does not exist",
            "account that you tried to reach does not exist",
            "account has been disabled",
            "account is disabled",
            "account not available",
            "account is unavailable",
            "address not found",
            "address couldn't be found",
            "address does not exist",
            "address doesn't exist",
            "wasn't found at",
            "doesn't have a yahoo",
            "unrouteable address",
            "unroutable address",
            "host not found",
            "domain does not exist",
            "non-existent",
            "nonexistent",
            "does not like recipient",
            "empfänger unbekannt",
            "existiert nicht",
            "nicht gefunden",
            "adresse inconnue",
            "utilisateur inconnu",
            "n'existe pas",
            "introuvable",
            "no existe",
            "não existe",
            "не найден",
            "не существует",
        ],
    )
}

/// Whether a text, in lower case, says that the mailbox is full.
pub(super) fn says_full(lower: &str) -> bool {
    holds(
        lower,
        &[
            "mailbox full",
            "mailbox is full",
            "mailbox quota",
            "inbox is full",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded storage",
            "out of storage",
            "exceeds allowed message count",
            "not enough storage",
            "insufficient storage",
            "postfach ist voll",
            "postfach voll",
            "boîte pleine",
            "boîte aux lettres est pleine",
            "buzón lleno",
            "ящик переполнен",
        ],
    )
}

/// Whether a text, in lower case, holds something against the sender or the letter.
pub(super) fn says_policy(lower: &str) -> bool {
    holds(
        lower,
        &[
            "spam",
            "blocked",
            "blacklist",
            "blocklist",
            "block list",
            "denylist",
            "dnsbl",
            "rejected for policy",
            "policy reasons",
            "local policy",
            "policy violation",
            "reputation",
            "relay access denied",
            "relaying denied",
            "not permitted to relay",
            "unsolicited",
            "dmarc",
            "unauthenticated",
            "content rejected",
            "virus",
            "message size exceeds",
            "message too large",
        ],
    )
}

/// Whether a text says that it is the recipient who was rejected.
pub(super) fn says_rejected(text: &str) -> bool {
    text.to_lowercase().contains("recipient address rejected")
}

pub(super) fn holds(lower: &str, words: &[&str]) -> bool {
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_by_themselves() {
        assert_eq!(enhanced("smtp; 550-5.1.1 no"), Some([5, 1, 1]));
        assert_eq!(enhanced("(#5.1.1)"), Some([5, 1, 1]));
        assert_eq!(enhanced("said: 550 5.4.310 DNS"), Some([5, 4, 310]));
        for text in ["", "1.2.3", "192.0.2.1", "5.1", "5.1.1000", "5..1", "v5.1.1", "5.1.1.1", "3.0.0", "٥.1.1"] {
            assert_eq!(enhanced(text), None, "{text}");
        }
        assert_eq!(reply_code("host said: 550-5.1.1 x"), Some(550));
        assert_eq!(reply_code("port 25, 1550, 250 ok, 600"), None);
    }

    #[test]
    fn addresses_are_found_in_their_brackets() {
        let found = |text| address(text).map(|address| address.reveal());
        assert_eq!(found("Ada <ada@one.example>").as_deref(), Some("ada@one.example"));
        assert_eq!(found(" <mailto:ada@one.example> ").as_deref(), Some("ada@one.example"));
        assert_eq!(found("<ada@one.example").as_deref(), Some("ada@one.example"));
        assert_eq!(found("<>"), None);
        assert_eq!(without_tags("<p>to <b>x</b> &lt;a@b&gt; <c@d.example> <"), "\nto \nx\n <a@b> <c@d.example> ");
    }
}
