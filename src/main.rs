//! griot, the command. Everything is in the library; see its crate documentation for the map.

use std::process::ExitCode;

fn main() -> ExitCode {
    griot::cli::run(std::env::args_os()).into()
}
