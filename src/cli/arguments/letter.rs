use std::path::PathBuf;

use clap::Subcommand;

/// The letters
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Letter {
    /// Compose the letter of an edition again, into feeds/editions/
    Compose {
        /// The edition's id, as `griot publish` prints it [default: the latest]
        edition: Option<String>,
    },
    /// Write griot's own templates of the letter into a folder, to make them yours
    ///
    /// The letter is made of two templates, `letter.html` and `letter.txt`.
    /// Change them as you like, name the folder in the config, and letters are made of them from then on:
    ///
    ///     [letter]
    ///     templates = "templates"
    ///
    /// What is there to be shown stands at the head of each. Files that are there already are never written over.
    #[command(verbatim_doc_comment)]
    Eject {
        /// The folder [default: templates/ beside config/]
        folder: Option<PathBuf>,
    },
}
