//! Reports for people: what mail servers write that have nothing for a program, known by their words.

use super::{Leaves, Verdict, status, words};
use crate::domain::{Address, Bounce};
use crate::mail::opened::Part;

/// Recipients that are taken from a text.
const MOST: usize = 5;

/// Who writes such reports: the part before the `@`.
const WRITERS: [&str; 8] =
    ["mailer-daemon", "mailerdaemon", "postmaster", "mail-daemon", "mailer", "mdaemon", "postoffice", "microsoftexchange"];

/// How a report begins that the letter waits, in lower case.
const WAITING: &[&str] = &[
    "this is a warning message only",
    "you do not need to resend your message",
    "no action is required on your part",
    "has not yet been delivered",
    "not been delivered yet",
    "delivery is delayed to these recipients",
    "delivery to the following recipient has been delayed",
    "delivery to the following recipients has been delayed",
    "delivery incomplete",
    "we'll keep trying",
    "will retry for",
    "will be retried",
    "will continue to try",
    "i'm not going to try",
    "had transient non-fatal errors",
    "noch nicht zugestellt",
    "verzögert",
    "n'a pas encore été remis",
    "todavía no se ha entregado",
];

/// How a report says that the letter was not delivered, in lower case: each from a server that is in wide use.
const FAILED: &[&str] = &[
    // qmail
    "this is the qmail-send program",
    "wasn't able to deliver your message",
    // Exim, and the providers that run it
    "a message that you sent could not be delivered",
    "a message that you have sent could not be delivered",
    "undeliverable to the following",
    // Postfix, Zimbra
    "your message could not be delivered to one or more recipients",
    "your message could not\nbe delivered to one or more recipients",
    // Exchange
    "delivery has failed to these recipients",
    "did not reach the following recipient",
    "did not reach some or all of the intended recipients",
    "couldn't be delivered",
    // Gmail
    "your message wasn't delivered to",
    "delivery to the following recipient failed permanently",
    // Amazon SES
    "an error occurred while trying to deliver the mail to the following recipients",
    // Yahoo
    "unable to deliver your message to the following address",
    // sendmail
    "had permanent fatal errors",
    "had permanent delivery errors",
    // Others
    "was undeliverable",
    "could not be delivered",
    "could not deliver your message",
    "was not delivered to",
    "delivery failed",
    "konnte nicht zugestellt werden",
    "nicht zugestellt werden konnte",
    "n'a pas pu être remis",
    "n'a pas pu être délivré",
    "échec de la remise",
    "no se pudo entregar",
    "no se ha podido entregar",
    "não pôde ser entregue",
    "non è stato possibile recapitare",
    "не удалось доставить",
    "не может быть доставлено",
    "не было доставлено",
];

/// From here on a report repeats the letter, in lower case.
const COPY: &[&str] = &[
    "below this line is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "original message headers",
    "----- original message",
    "-----original message",
    "the header of the original message",
    "----- message header follows",
    "message header follows",
    "original message follows",
    "unsent message below",
    "diagnostic information for administrators:",
];

/// A verdict for each recipient that is named; nothing where no mail server has written this.
pub(super) fn read(top: &Part<'_>, leaves: &Leaves<'_>) -> Option<Vec<Verdict>> {
    let failed: Vec<Address> = top.all("x-failed-recipients").flat_map(|field| listed(&field.unfolded())).take(MOST).collect();
    let has_no_sender = top.field("return-path").is_some_and(|field| field.unfolded() == "<>");
    if failed.is_empty() && !has_no_sender && !is_by_a_server(top) {
        return None;
    }
    let all = leaves.texts.join("\n");
    // Typographic quotes are as good as typewriter ones.
    let lower = all.to_lowercase().replace('\u{2019}', "'");
    let (lower, whole) = (before_copy(&lower), lower.as_str());
    if words::holds(lower, WAITING) {
        return Some(each(failed_or_named(failed, lower, top), Bounce::Delayed, None, first_line(lower)));
    }
    if failed.is_empty() && !words::holds(lower, FAILED) {
        return None;
    }
    // Exchange has its codes in the part for administrators.
    let told = if telling(lower).is_some() { lower } else { whole };
    let line = telling(told).unwrap_or_default();
    let code = words::enhanced(line);
    let bounce = status::class(code, words::reply_code(line), lower);
    let said = if line.is_empty() { first_line(lower) } else { line };
    Some(each(failed_or_named(failed, lower, top), bounce, code, said))
}

/// Whether a program of a mail server has written it, by its name or its type.
pub(super) fn is_by_a_server(top: &Part<'_>) -> bool {
    let from = top.field("from").map(|field| field.unfolded().to_ascii_lowercase()).unwrap_or_default();
    let local = words::address(&from).map(|address| address.reveal());
    let local = local.as_deref().and_then(|address| address.split_once('@')).map_or("", |(local, _)| local);
    let is_writer = |name: &str| WRITERS.iter().any(|writer| name.starts_with(writer));
    is_writer(local) || is_writer(from.trim_start_matches(['<', '"'])) || top.media_type() == "multipart/report"
}

/// The text above the copy of the letter.
fn before_copy(lower: &str) -> &str {
    let end = COPY.iter().filter_map(|words| lower.find(words)).min();
    // The copy may just begin with its header.
    let header = ["\nreceived: ", "\nreturn-path: "].iter().filter_map(|words| lower.find(words)).min();
    end.into_iter().chain(header).min().and_then(|end| lower.get(..end)).unwrap_or(lower)
}

/// The line that tells why: the first one with an enhanced code, else the first one with a reply code.
fn telling(text: &str) -> Option<&str> {
    let lines = || text.lines().map(str::trim);
    lines().find(|line| words::enhanced(line).is_some()).or_else(|| lines().find(|line| words::reply_code(line).is_some()))
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

fn each(recipients: Vec<Address>, bounce: Bounce, status: Option<[u16; 3]>, said: &str) -> Vec<Verdict> {
    let verdict = |recipient| Verdict { bounce, recipient, status, words: words::one_line(said) };
    if recipients.is_empty() {
        return vec![verdict(None)];
    }
    recipients.into_iter().map(|recipient| verdict(Some(recipient))).collect()
}

/// The recipients of the header, else those that lines of the text begin with, else the first address in it.
fn failed_or_named(failed: Vec<Address>, text: &str, top: &Part<'_>) -> Vec<Address> {
    if !failed.is_empty() {
        return failed;
    }
    let own: Vec<Address> =
        ["from", "to"].iter().flat_map(|name| top.all(name)).flat_map(|field| listed(&field.unfolded())).collect();
    let mut begun = Vec::new();
    for line in text.lines() {
        let first = line.split_whitespace().next().and_then(bare);
        if let Some(address) = first.filter(|address| !own.contains(address) && !begun.contains(address))
            && begun.len() < MOST
        {
            begun.push(address);
        }
    }
    if begun.is_empty() {
        begun.extend(text.split_whitespace().filter_map(bare).find(|address| !own.contains(address)));
    }
    begun
}

/// An address among other words, without the signs around it.
fn bare(word: &str) -> Option<Address> {
    let word = word.contains('@').then(|| word.trim_matches(|c: char| !c.is_alphanumeric()))?;
    words::address(word)
}

fn listed(value: &str) -> Vec<Address> {
    crate::mail::opened::pieces(value, ',').take(MOST).filter_map(words::address).collect()
}
