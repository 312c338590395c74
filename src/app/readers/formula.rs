//! Cells that a spreadsheet would take for formulas: told apart by an apostrophe, which reading takes off again.

use std::borrow::Cow;

/// The cell as it is written into a table: with an apostrophe before what begins like a formula.
pub(super) fn write(cell: &str) -> Cow<'_, str> {
    if is_taken_for_one(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell that [`write`] wrote.
pub(super) fn read(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_taken_for_one(rest)).unwrap_or(cell)
}

/// Whether it begins like a formula, or like one that was told apart: so that an apostrophe of the cell's own is never lost.
fn is_taken_for_one(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+ada@example.org", "'+ada@example.org"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("'quoted'", "'quoted'"),
            ("'", "'"),
            ("", ""),
            ("a=1", "a=1"),
        ] {
            assert_eq!(write(cell), written);
            assert_eq!(read(written), cell);
        }
    }
}
