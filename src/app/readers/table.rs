//! A table of text (CSV), row by row: whatever its encoding and its separators, a bounded piece of it in memory at a time.

use std::fs::File;
use std::io::Seek;
use std::path::Path;

use csv_core::ReadRecordResult;
use encoding_rs::Encoding;

use super::text::{CHUNK, Text, lines, written_in};

/// The rows of a file, in order.
pub(super) struct Table {
    text: Text,
    core: csv_core::Reader,
    /// Text that is read and not yet taken apart: from `at` on.
    waiting: Vec<u8>,
    at: usize,
    /// Whether [`END`] stands at the end of what waits.
    has_ended: bool,
    cells: Vec<u8>,
    ends: Vec<usize>,
    row: RowMarks,
    /// The line that comes next, counted from 1.
    line: u64,
    pub separator: char,
    /// How the file is written, and whether that is a guess.
    pub encoding: &'static Encoding,
    pub is_guessed: bool,
}

/// One row, as it lies in the buffers of its table.
pub(super) struct Row<'a> {
    /// Line of the file on which it begins, counted from 1.
    pub line: u64,
    /// As it is written, or its beginning where it is too long.
    pub raw: &'a str,
    pub flaw: Option<Flaw>,
    cells: &'a str,
    ends: &'a [usize],
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    TooLong,
    TooWide,
}

/// What is known of the row that is being read.
#[derive(Default)]
struct RowMarks {
    line: u64,
    raw: Vec<u8>,
    cells: usize,
    ends: usize,
    flaw: Option<Flaw>,
}

/// The longest row that is taken, in bytes: more than any person has to be known by.
const LONGEST: usize = 128 * 1024;
/// The most columns.
const WIDEST: usize = 512;

/// A row of griot's own after the last one: where it does not come out alone, a quote has swallowed it, and more.
/// No text of a table: NUL bytes have been refused.
const END: &[u8] = b"\n\0end\n";

impl Table {
    /// Opens a file; `encoding` is what somebody says that it is written in.
    pub fn open(file: &Path, encoding: Option<&'static Encoding>) -> anyhow::Result<Self> {
        let mut open = File::open(file)?;
        let kind = open.metadata()?.file_type();
        // It is read twice. What a folder is, the first reading says.
        anyhow::ensure!(kind.is_file() || kind.is_dir(), "it is no file: save the table as one first");
        let (found, is_guessed) = written_in(&mut open, encoding)?;
        open.rewind()?;
        let mut text = Text::of(open, found);
        let mut waiting = Vec::new();
        // The first line alone says what separates the columns.
        while waiting.len() < CHUNK && text.read_into(&mut waiting)? {}
        let beginning = String::from_utf8_lossy(&waiting);
        let separator = separator(&beginning);
        let core = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Ok(Self {
            text,
            core,
            waiting,
            at: 0,
            has_ended: false,
            cells: vec![0; 4096],
            ends: vec![0; 64],
            row: RowMarks::default(),
            line: 1,
            separator: char::from(separator),
            encoding: found,
            is_guessed,
        })
    }

    /// The next row; none after the last one.
    pub fn next_row(&mut self) -> anyhow::Result<Option<Row<'_>>> {
        self.row = RowMarks { line: self.line, raw: std::mem::take(&mut self.row.raw), ..RowMarks::default() };
        self.row.raw.clear();
        loop {
            if self.at == self.waiting.len() && !self.has_ended {
                self.fill()?;
            }
            let input = self.waiting.get(self.at..).unwrap_or_default();
            let cells = self.cells.get_mut(self.row.cells..).unwrap_or_default();
            let ends = self.ends.get_mut(self.row.ends..).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(input, cells, ends);
            self.pass(read);
            self.row.cells += written;
            self.row.ends += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.cells.len() < LONGEST => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputFull => {
                    // Read on to its end, and keep nothing more of it.
                    (self.row.flaw, self.row.cells, self.row.ends) = (Some(Flaw::TooLong), 0, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < WIDEST => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => {
                    (self.row.flaw, self.row.cells, self.row.ends) = (Some(Flaw::TooWide), 0, 0);
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let cells = self.cells.get(..self.row.cells).unwrap_or_default();
        if self.has_ended && self.at == self.waiting.len() {
            anyhow::ensure!(
                self.row.flaw.is_none() && self.row.ends == 1 && cells == END.trim_ascii(),
                "line {} opens a quote that is never closed: all that follows would be part of it",
                self.row.line
            );
            return Ok(None);
        }
        Ok(Some(Row {
            line: self.row.line,
            raw: text_of(&self.row.raw).trim_end_matches(['\r', '\n']),
            flaw: self.row.flaw,
            cells: text_of(cells),
            ends: self.ends.get(..self.row.ends).unwrap_or_default(),
        }))
    }

    /// More text, and [`END`] after the last of it.
    fn fill(&mut self) -> anyhow::Result<()> {
        self.waiting.clear();
        self.at = 0;
        while self.waiting.is_empty() {
            if !self.text.read_into(&mut self.waiting)? {
                self.waiting.extend_from_slice(END);
                self.has_ended = true;
            }
        }
        Ok(())
    }

    /// Text that was taken apart: part of the row, but for the ends of lines before it.
    fn pass(&mut self, read: usize) {
        let mut passed = self.waiting.get(self.at..self.at + read).unwrap_or_default();
        self.at += read;
        if self.row.raw.is_empty() {
            let blank = passed.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.line += lines(passed.get(..blank).unwrap_or_default());
            self.row.line = self.line;
            passed = passed.get(blank..).unwrap_or_default();
        }
        self.line += lines(passed);
        let room = LONGEST.saturating_sub(self.row.raw.len()).min(passed.len());
        self.row.raw.extend_from_slice(passed.get(..room).unwrap_or_default());
    }
}

impl<'a> Row<'a> {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell without the spaces around it; empty where the row has fewer.
    pub fn cell(&self, at: usize) -> &'a str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.cells.get(start..end).unwrap_or_default().trim()
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.len()).map(|at| self.cell(at))
    }
}

/// Cut between characters, and parted at ASCII only: it is as valid as the whole was.
fn text_of(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or_default(),
    }
}

/// What separates the columns: whatever of `,`, `;` and tab the first line has most of, outside of quotes.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let outside: String = line.split('"').step_by(2).collect();
    let count = |wanted: char| outside.matches(wanted).count();
    // With equal counts the earlier one: `max_by_key` takes the last, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(|byte| count(char::from(*byte))).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(content: &[u8]) -> (tempfile::NamedTempFile, anyhow::Result<Table>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let table = Table::open(file.path(), None);
        (file, table)
    }

    fn rows(content: &[u8]) -> Vec<(u64, Vec<String>, String)> {
        let (_file, table) = table(content);
        let mut table = table.unwrap();
        let mut out = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            out.push((row.line, row.cells().map(str::to_owned).collect(), row.raw.to_owned()));
        }
        out
    }

    fn own(line: u64, cells: &[&str], raw: &str) -> (u64, Vec<String>, String) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect(), raw.to_owned())
    }

    #[test]
    fn rows_have_their_lines_and_their_text() {
        let found = rows(b"\n a ;b\r\n\r\n\r\n\"c\"\"\";\"two\r\nlines\"\r\nd");
        assert_eq!(found[0], own(2, &["a", "b"], " a ;b"));
        assert_eq!(found[1], own(5, &["c\"", "two\r\nlines"], "\"c\"\"\";\"two\r\nlines\""));
        assert_eq!(found[2], own(7, &["d"], "d"));
        assert_eq!(rows(b""), []);
        assert_eq!(rows(b"\xFF\xFEa\0\xE9\0\n\0"), [own(1, &["aé"], "aé")], "UTF-16");
        assert_eq!(rows(b"\xEF\xBB\xBFa,b"), [own(1, &["a", "b"], "a,b")]);
        assert_eq!(rows(b"zo\xEB,\x80"), [own(1, &["zoë", "€"], "zoë,€")], "Windows-1252");
    }

    #[test]
    fn text_is_read_the_same_wherever_it_is_cut() {
        let wide = "é\"".repeat(40_000);
        let mut text = String::from("email,name\n");
        text.extend((0..3000).map(|at| format!("r{at}@x.example,\"Zoë «{at}»\nKeïta\"\n")));
        let found = rows(text.as_bytes());
        assert_eq!(found.len(), 3001);
        assert_eq!(found[3000], own(6000, &["r2999@x.example", "Zoë «2999»\nKeïta"], "r2999@x.example,\"Zoë «2999»\nKeïta\""));
        assert_eq!(rows(wide.as_bytes()).len(), 1);
    }

    #[test]
    fn what_is_too_large_costs_its_row_and_no_more() {
        let long = format!("a,b\nc,{}\nd,\"{}\"\ne,f\n", "x".repeat(3_000_000), "y\n".repeat(1_000_000));
        let (_file, table) = table(long.as_bytes());
        let mut table = table.unwrap();
        let mut flaws = Vec::new();
        while let Some(row) = table.next_row().unwrap() {
            flaws.push((row.line, row.flaw, row.cell(0).to_owned()));
            assert!(row.raw.len() <= LONGEST);
        }
        assert_eq!(flaws[0], (1, None, "a".to_owned()));
        assert_eq!((flaws[1].0, flaws[1].1), (2, Some(Flaw::TooLong)));
        assert_eq!((flaws[2].0, flaws[2].1), (3, Some(Flaw::TooLong)));
        assert_eq!(flaws[3], (1_000_004, None, "e".to_owned()));
        assert!(table.cells.len() <= LONGEST && table.waiting.capacity() < 1_000_000);
        let wide = format!("{}\na\n", ",".repeat(1_000_000));
        let (_file, table) = self::table(wide.as_bytes());
        let mut table = table.unwrap();
        assert_eq!(table.next_row().unwrap().unwrap().flaw, Some(Flaw::TooWide));
        assert_eq!(table.next_row().unwrap().unwrap().cell(0), "a");
        assert!(table.next_row().unwrap().is_none());
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_with_its_line() {
        for content in [&b"a\nb,\"c\nd\n"[..], b"a\nb,\"", b"a\nb,\"c"] {
            let (_file, table) = table(content);
            let mut table = table.unwrap();
            table.next_row().unwrap();
            let error = table.next_row().err().unwrap();
            assert_eq!(error.to_string(), "line 2 opens a quote that is never closed: all that follows would be part of it");
        }
        let huge = format!("a\n\"{}", "x\n".repeat(500_000));
        let (_file, table) = table(huge.as_bytes());
        let mut table = table.unwrap();
        table.next_row().unwrap();
        assert!(table.next_row().is_err());
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = |content: &[u8]| table(content).1.err().unwrap().to_string();
        assert!(refused(b"a\0b").contains("NUL bytes"));
        assert_eq!(
            refused(b"a\nb\x81"),
            "line 2 is not UTF-8: say with `--encoding` what the file is written in, such as windows-1251"
        );
        assert!(refused(b"\xFF\xFEa\0\x00\xD8").contains("is not UTF-16LE"));
    }

    #[test]
    fn separators_are_found() {
        assert_eq!(separator("email,name"), b',');
        assert_eq!(separator("\n\"a,b,c\";email;name"), b';');
        assert_eq!(separator("email\tname"), b'\t');
        assert_eq!(separator("email"), b',');
    }
}
