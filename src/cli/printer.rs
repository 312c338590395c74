use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// Columns that every terminal has.
const COLUMNS: usize = 80;

/// Where the lines go: results to stdout, everything else to stderr.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
#[derive(Debug)]
pub struct Printer {
    quiet: bool,
    /// Nobody reads stdout any more (`griot ... | head`): not an error, there is just no more to say.
    closed: bool,
    /// Why stdout did not take a line that somebody waits for.
    failed: Option<io::Error>,
    color: bool,
    width: Option<usize>,
    /// Whether stderr is a terminal, where a line of progress is drawn over the last one.
    draws: bool,
    drawn: Cell<bool>,
}

impl Printer {
    pub fn new(quiet: bool) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let draws = io::stderr().is_terminal();
        let width = io::stdout().is_terminal().then_some(COLUMNS);
        Self { quiet, closed: false, failed: None, color: draws && !plain, width, draws, drawn: Cell::new(false) }
    }

    /// A line of what was asked for. Printed whatever the verbosity.
    pub fn data(&mut self, line: impl Display) {
        if self.closed {
            return;
        }
        self.undraw();
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
    pub fn aside(&self, line: impl Display) {
        self.undraw();
        // With stderr gone there is nowhere left to complain.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// How often a line of progress is worth its place: on a terminal, where it is drawn over the last one, and in a log.
    pub fn progress_step(&self) -> Duration {
        Duration::from_secs(if self.draws { 1 } else { 60 })
    }

    /// How far something is that takes long.
    pub fn progress(&self, line: impl Display) {
        if self.quiet {
            return;
        }
        if !self.draws {
            self.aside(line);
            return;
        }
        let line: String = line.to_string().chars().take(COLUMNS - 1).collect();
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "\r\u{1b}[2K{line}").and_then(|()| stderr.flush());
        self.drawn.set(true);
    }

    /// Takes the line of progress away, so that another can stand there.
    fn undraw(&self) {
        if self.drawn.replace(false) {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[2K");
        }
    }

    /// The word that begins an error, in red on a terminal (unless `NO_COLOR` is set, see no-color.org).
    pub fn error_word(&self) -> &'static str {
        if self.color { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" }
    }
}
