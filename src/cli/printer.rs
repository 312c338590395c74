use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Where the lines go: results to stdout, everything else to stderr.
#[derive(Debug)]
pub struct Printer {
    quiet: bool,
    /// Nobody reads stdout any more (`griot ... | head`): not an error, there is just no more to say.
    closed: bool,
    color: bool,
}

impl Printer {
    pub fn new(quiet: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { quiet, closed: false, color: io::stderr().is_terminal() && !plain }
    }

    /// A line of what was asked for. Printed whatever the verbosity.
    pub fn data(&mut self, line: impl Display) {
        if !self.closed {
            self.closed = writeln!(io::stdout().lock(), "{line}").is_err();
        }
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
