use super::Exit;
use super::exit::Usage;
use super::printer::Printer;
use crate::app::{Busy, explain};
use crate::config::ConfigError;

/// Prints an error with its causes and the hint, and says how the command ended.
pub(super) fn failure(printer: &Printer, error: &anyhow::Error) -> Exit {
    print(printer, error);
    if error.downcast_ref::<ConfigError>().is_some() || error.downcast_ref::<Usage>().is_some() {
        Exit::Usage
    } else if error.downcast_ref::<Busy>().is_some() {
        Exit::Again
    } else {
        Exit::Failed
    }
}

pub(super) fn print(printer: &Printer, error: &anyhow::Error) {
    printer.aside(format_args!("{}: {}", printer.error_word(), explain(error)));
}

/// Help and version go to stdout; what clap refuses goes to stderr.
pub(super) fn usage(error: &clap::Error) -> Exit {
    // A closed pipe is no failure of the help.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Done }
}
