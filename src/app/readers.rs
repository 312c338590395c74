//! Readers: put on a list one by one or from a file, and taken off again.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::Desk;
use crate::domain::{Address, Confirmed, Line, Pending, Subscriber};
pub use crate::store::{Added, Removed};

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub new: usize,
    /// Were pending, and are confirmed now.
    pub confirmed: usize,
    /// Were on the list already.
    pub known: usize,
    /// Have left the list, and are not brought back.
    pub left: usize,
    /// Are suppressed, and are never mailed.
    pub suppressed: usize,
    pub rejected: Vec<Rejected>,
}

/// A row that was not taken.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Line of the file, counted from 1.
    pub line: usize,
    pub why: String,
}

/// Puts one person on a list: confirmed with the consent named, else pending.
pub async fn add_reader(
    desk: &Desk,
    list: &str,
    address: Address,
    name: Option<Line>,
    consent: Option<Line>,
) -> anyhow::Result<Added> {
    let since = desk.now();
    let anew = consent.is_some();
    let subscriber = match consent {
        Some(consent) => Subscriber::Confirmed(Confirmed { address, name, since, consent }),
        None => Subscriber::Pending(Pending { address, name, since }),
    };
    Ok(desk.ledger.add_subscriber(list, &subscriber, anew).await?)
}

/// Everybody on a list who has not left, by address.
pub async fn readers(desk: &Desk, list: &str) -> anyhow::Result<Vec<Subscriber>> {
    Ok(desk.ledger.subscribers(list).await?)
}

pub async fn remove_reader(desk: &Desk, list: &str, address: &Address) -> anyhow::Result<Removed> {
    Ok(desk.ledger.remove_subscriber(list, address, desk.now()).await?)
}

/// Takes the readers of a CSV file: all rows that can be read, or none where the file as a whole cannot.
///
/// `consent` says how it is known that these readers agreed; without it they are pending, unless their row says otherwise.
pub async fn import_readers(desk: &Desk, list: &str, file: &Path, consent: Option<&Line>) -> anyhow::Result<Import> {
    let context = || format!("failed to import `{}`", file.display());
    let bytes = std::fs::read(file).with_context(context)?;
    let text = decode(&bytes).with_context(context)?;
    let (subscribers, rejected) = parse(desk, &text, consent).with_context(context)?;
    let mut import = Import { rejected, ..Import::default() };
    for added in desk.ledger.add_subscribers(list, &subscribers).await? {
        match added {
            Added::New => import.new += 1,
            Added::Confirmed => import.confirmed += 1,
            Added::Known => import.known += 1,
            Added::Left => import.left += 1,
            Added::Suppressed => import.suppressed += 1,
        }
    }
    Ok(import)
}

/// UTF-8 with or without a byte order mark, UTF-16 with one.
fn decode(bytes: &[u8]) -> anyhow::Result<String> {
    if let Some(what) = crate::read::kind_of_binary(bytes) {
        anyhow::bail!("it is {what}, not a table of text: save the table as CSV");
    }
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        anyhow::ensure!(!malformed, "it is not valid {}", encoding.name());
        return Ok(text.into_owned());
    }
    anyhow::ensure!(!bytes.contains(&0), "it is binary data (it holds NUL bytes), not a table of text: save the table as CSV");
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
            anyhow::bail!("line {line} is not UTF-8: save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`")
        }
    }
}

/// No text of a table: NUL bytes have been refused.
const END: &str = "\n\0end\n";

/// Which column holds what.
struct Columns {
    address: usize,
    name: Option<usize>,
    state: Option<usize>,
}

fn parse(desk: &Desk, text: &str, consent: Option<&Line>) -> anyhow::Result<(Vec<Subscriber>, Vec<Rejected>)> {
    let since = desk.now();
    // A row of griot's own after the last one: where it does not come out alone, a quote has swallowed it, and more.
    let rows = text.as_bytes().chain(END.as_bytes());
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(text)).has_headers(false).flexible(true).from_reader(rows);
    let mut columns = None;
    let (mut subscribers, mut rejected) = (Vec::new(), Vec::new());
    let (mut byte, mut line) = (0, 1);
    for row in reader.records() {
        let row = row.context("the table cannot be read")?;
        // The reader's own count of lines is off by those it skips and by CRLF.
        let start = row.position().map_or(byte, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let start = text.get(start..).map_or(byte, |rest| text.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text.get(byte..start).map_or(0, |passed| passed.matches('\n').count());
        byte = start;
        if row.len() == 1 && row.get(0) == Some(END.trim_ascii()) {
            break;
        }
        anyhow::ensure!(
            !row.iter().any(|cell| cell.ends_with(END)),
            "line {line} opens a quote that is never closed: all that follows would be part of it"
        );
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(columns) = &columns else {
            let (found, is_header) = columns_of(&row)
                .with_context(|| format!("line {line} has no column of addresses: name one `email` in the first line"))?;
            if !is_header {
                take(&row, line, &found, consent, since, &mut subscribers, &mut rejected);
            }
            columns = Some(found);
            continue;
        };
        take(&row, line, columns, consent, since, &mut subscribers, &mut rejected);
    }
    anyhow::ensure!(columns.is_some(), "the file is empty");
    Ok((subscribers, rejected))
}

fn take(
    row: &csv::StringRecord,
    line: usize,
    columns: &Columns,
    consent: Option<&Line>,
    since: jiff::Timestamp,
    subscribers: &mut Vec<Subscriber>,
    rejected: &mut Vec<Rejected>,
) {
    let cell = |at: usize| row.get(at).map(str::trim).unwrap_or_default();
    let address = match Address::parse(cell(columns.address)) {
        Ok(address) => address,
        Err(error) => {
            rejected.push(Rejected { line, why: format!("no address: {error}") });
            return;
        }
    };
    let name = columns.name.and_then(|at| Line::new(cell(at)));
    let state = columns.state.map(|at| cell(at).to_lowercase());
    match (state.as_deref(), consent) {
        (None | Some("" | "confirmed" | "subscribed" | "active" | "enabled" | "true" | "yes" | "1"), Some(consent)) => {
            subscribers.push(Subscriber::Confirmed(Confirmed { address, name, since, consent: consent.clone() }));
        }
        (None | Some("" | "confirmed" | "subscribed" | "active" | "enabled" | "true" | "yes" | "1"), None)
        | (Some("pending" | "unconfirmed"), _) => {
            subscribers.push(Subscriber::Pending(Pending { address, name, since }));
        }
        // Unsubscribed, bounced, complained, or a word that griot does not know: nobody is mailed on a guess.
        (Some(state), _) => rejected.push(Rejected { line, why: format!("is marked `{state}` in the file") }),
    }
}

/// What separates the columns: whatever of `,`, `;` and tab the first line has most of, outside of quotes.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside: String = line.split('"').step_by(2).collect();
    let count = |wanted: char| outside.matches(wanted).count();
    // With equal counts the earlier one: `max_by_key` takes the last, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|byte| count(char::from(*byte))).unwrap_or(b',')
}

/// The columns, from a first line of names; or from a first line that is a row already, with an address in it.
fn columns_of(row: &csv::StringRecord) -> Option<(Columns, bool)> {
    let names: Vec<String> =
        row.iter().map(|cell| cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()).collect();
    // In the order of the names wanted: `email` wins over `adresse`, wherever they stand.
    let position = |wanted: &[&str]| wanted.iter().find_map(|wanted| names.iter().position(|name| name == wanted));
    let name = position(&["name", "fullname", "nom", "firstname", "vorname", "prenom", "prénom", "nome", "nombre"]);
    let state = position(&[
        "status",
        "state",
        "subscriptionstatus",
        "subscribedtoemails",
        "subscribed",
        "optin",
        "optinstatus",
        "emailmarketingconsent",
    ]);
    let address =
        position(&["email", "emailaddress", "emailadresse", "mail", "courriel", "correo", "subscriber", "address", "adresse"]);
    if let Some(address) = address {
        return Some((Columns { address, name, state }, true));
    }
    let address = row.iter().position(|cell| Address::parse(cell).is_ok())?;
    Some((Columns { address, name: None, state: None }, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_columns_are_found() {
        assert_eq!(delimiter("email,name"), b',');
        assert_eq!(delimiter("\n\"a,b,c\";email;name"), b';');
        assert_eq!(delimiter("email\tname"), b'\t');
        assert_eq!(delimiter("email"), b',');
        let columns = |line: &str| columns_of(&csv::StringRecord::from(line.split(',').collect::<Vec<_>>()));
        let (found, is_header) = columns("Full Name,E-Mail,Status").unwrap();
        assert!(is_header);
        assert_eq!((found.address, found.name, found.state), (1, Some(0), Some(2)));
        let (found, is_header) = columns("Ada,ada@example.org").unwrap();
        assert_eq!((found.address, is_header), (1, false));
        assert!(columns("a,b").is_none());
    }

    #[test]
    fn byte_order_marks_are_no_part_of_the_first_column() {
        assert_eq!(decode(b"\xEF\xBB\xBFemail\n").unwrap(), "email\n");
        assert_eq!(decode(b"\xFF\xFEe\0\n\0").unwrap(), "e\n");
        assert!(decode(b"email\n\xE9").unwrap_err().to_string().contains("line 2"));
    }
}
