use clap::Subcommand;

/// The letters
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Letter {
    /// Compose the letter of an edition again, into feeds/editions/
    Compose {
        /// The edition's id, as `griot publish` prints it [default: the latest]
        edition: Option<String>,
    },
}
