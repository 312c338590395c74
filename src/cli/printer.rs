use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Columns that every terminal has.
const COLUMNS: usize = 80;

/// Where the lines go: results to stdout, everything else to stderr.
#[derive(Debug)]
pub struct Printer {
    quiet: bool,
    /// Nobody reads stdout any more (`griot ... | head`): not an error, there is just no more to say.
    closed: bool,
    /// Why stdout did not take a line that somebody waits for.
    failed: Option<io::Error>,
    color: bool,
    width: Option<usize>,
}

impl Printer {
    pub fn new(quiet: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = io::stderr().is_terminal() && !plain;
        Self { quiet, closed: false, failed: None, color, width: io::stdout().is_terminal().then_some(COLUMNS) }
    }

    /// A line of what was asked for. Printed whatever the verbosity.
    pub fn data(&mut self, line: impl Display) {
        if self.closed {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
            self.closed = true;
            self.failed = Some(error).filter(|error| error.kind() != io::ErrorKind::BrokenPipe);
        }
    }

    /// In how many columns a person reads the results; none where they go to a file or another program.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// Why something that was printed did not arrive, as on a full disk.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    /// A line of what was done.
    pub fn done(&mut self, line: impl Display) {
        if !self.quiet {
            self.data(line);
        }
    }

    /// A line for a person, beside the results.
    #[expect(clippy::unused_self, reason = "who prints holds the printer, whichever way the line goes")]
    pub fn aside(&self, line: impl Display) {
        // With stderr gone there is nowhere left to complain.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// The word that begins an error, in red on a terminal (unless `NO_COLOR` is set, see no-color.org).
    pub fn error_word(&self) -> &'static str {
        if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" }
    }
}
