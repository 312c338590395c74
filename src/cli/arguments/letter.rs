use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LetterPreview;
use crate::domain::Items;

const COMPOSE_EXAMPLES: &str = "\
Examples:
  griot letter compose                    the newest letter again
  griot letter compose --items since-last
                                          a digest of what is new to the readers
  griot letter compose --items 5 --list weekly --subject 'The week on the river'
  griot send EDITION                      mails it, by the id that was printed";

/// The letters
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Letter {
    Compose(Compose),
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
    Preview(LetterPreview),
}

/// Compose a letter, or a digest of several articles, into feeds/editions/
///
/// With --items a new edition: of the articles that no letter has carried to the list yet, the newest first. Its id is
/// printed, and `griot send EDITION` mails it to that list. Asked for the same articles again, it is the same edition.
///
/// Without it the letter of an edition that there is, from its articles as they are now; what has been sent stays as it was.
#[derive(Args, Debug)]
#[command(after_help = COMPOSE_EXAMPLES)]
pub(in crate::cli) struct Compose {
    /// The edition's id, as `griot publish` prints it [default: the latest]
    pub edition: Option<String>,

    /// Compose a new edition: of `since-last` (all that is new), or of at most N articles
    #[arg(long, value_name = "N|since-last", value_parser = items, conflicts_with = "edition")]
    pub items: Option<Items>,

    /// The list that it is for [default: letter.list of the config]
    #[arg(long, requires = "items")]
    pub list: Option<String>,

    /// What the letter is called [default: by letter.subject of the config, else by the title of its first article]
    #[arg(long)]
    pub subject: Option<String>,
}

fn items(text: &str) -> Result<Items, String> {
    Items::parse(text).ok_or_else(|| "it is `since-last`, `one`, or a number from 1 on".to_owned())
}
