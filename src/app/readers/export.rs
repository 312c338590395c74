//! The readers of a list as a file: as a table that an import reads back without loss, or as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::columns::OWN;
use super::{Desk, ListedReader, formula, readers};
use crate::domain::{Language, Line};

/// How readers are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A table: RFC 4180, in UTF-8, with a first line of names. What a spreadsheet would take for a formula has an apostrophe
    /// before it, which an import takes off again.
    Csv,
    /// An array with an object for each reader.
    Json,
}

/// Writes the readers of a list, and with `gone` those who have left: by address, a page in memory at a time. Gives how many.
pub async fn export_readers(
    desk: &Desk,
    list: &str,
    gone: bool,
    format: ExportFormat,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    let (mut count, mut failed) = (0_u64, Ok(()));
    if format == ExportFormat::Csv {
        let mut head = Vec::new();
        write_row(&mut head, OWN);
        out.write_all(&head)?;
    }
    readers(desk, list, gone, |reader| {
        if failed.is_ok() {
            failed = match format {
                ExportFormat::Csv => table_row(out, reader),
                ExportFormat::Json => write!(out, "{} {}", if count == 0 { "[\n" } else { ",\n" }, object(reader)),
            };
            count += 1;
        }
    })
    .await?;
    failed?;
    if format == ExportFormat::Json {
        out.write_all(if count == 0 { b"[]\n" } else { b"\n]\n" })?;
    }
    out.flush()?;
    Ok(count)
}

fn table_row(out: &mut dyn Write, reader: &ListedReader) -> io::Result<()> {
    let text = |line: &Option<Line>| line.as_ref().map_or_else(String::new, Line::to_string);
    let mut row = Vec::new();
    write_row(
        &mut row,
        [
            reader.address.reveal().as_str(),
            &text(&reader.name),
            reader.language.as_ref().map_or("", Language::as_str),
            reader.state.as_str(),
            &reader.since.to_string(),
            &text(&reader.consent),
            &text(&reader.suppressed),
            reader.attributes.as_deref().unwrap_or_default(),
        ],
    );
    out.write_all(&row)
}

/// A reader as JSON has it.
fn object(reader: &ListedReader) -> Value {
    json!({
        "address": reader.address.reveal(),
        "name": reader.name.as_ref().map(Line::as_str),
        "language": reader.language.as_ref().map(Language::as_str),
        "state": reader.state.as_str(),
        "since": reader.since.to_string(),
        "consent": reader.consent.as_ref().map(Line::as_str),
        "suppressed": reader.suppressed.as_ref().map(Line::as_str),
        "attributes": reader.attributes.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()),
    })
}

/// A row of a table (RFC 4180, section 2), safe to be opened in a spreadsheet.
pub(super) fn write_row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let cell = formula::write(cell);
        if cell.contains([',', ';', '\t', '"', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}
