use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LetterPreview;
use crate::app::LetterFile;
use crate::domain::Items;

const COMPOSE_EXAMPLES: &str = "\
Examples:
  griot letter compose                    the newest letter again
  griot letter compose --items since-last
                                          a digest of what is new to the readers
  griot letter compose --items 5 --list weekly --subject 'The week on the river'
  griot send EDITION                      mails it, by the id that was printed";

const EJECT: &str = "\
Write griot's own templates of the letter into a folder, to make them yours

The letter is made of two templates, `letter.html` and `letter.txt`.
Change them as you like, name the folder in the config, and letters are made of them from then on:

    [letter]
    templates = \"templates\"

What is there to be shown stands at the head of each. Files that are there already are never written over.";

/// The letters
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Letter {
    Compose(Compose),
    /// Write griot's own templates of the letter into a folder, to make them yours
    #[command(long_about = EJECT)]
    Eject {
        /// The folder [default: templates/ beside config/]
        folder: Option<PathBuf>,
    },
    Check(LetterCheck),
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

const CHECK_EXAMPLES: &str = "\
Examples:
  griot letter check                      the latest edition, as it would be mailed
  griot letter check 2026-03-04-a-river-rises
                                          another edition
  griot letter check letter.eml page.html files of anybody's
  griot letter check feeds/editions/*     what was written beside the feeds
  griot letter check && griot send        send only what has no error
  griot letter check --rules              what is looked at, and why";

/// Check a letter by what mail programs, screen readers and filters do to it
///
/// Looks at size, links, pictures, headings, tables, contrast by day and by night, styles that clients do not know, the text
/// part and whether it says what the HTML part says, headers, signature, and whatever could tell who reads. An edition is
/// composed as it would be mailed, for two readers who do not exist: what differs between them beyond address, id, way out and
/// signature is an error. Nothing is fetched or sent, and the ledger does not change.
///
/// Prints each place where something is wrong: file, part and line, how much it matters, the rule, and what it is; with the
/// first of each rule, why it matters and what to do. Lines are counted in the part as it reads when it is decoded; those of
/// `message` in the file itself.
///
/// With --json it prints an array with an object for each letter: `file`, `bytes`, `html_bytes`, `errors`, `warnings`,
/// `advice`, `findings` (each with `part`, `line`, `severity`, `rule`, `what`, `why`, `do`), and `more`: how many places were
/// left out of which rules. A letter that cannot be read has its `error`.
///
/// The exit code is 1 where there are errors, and 0 where there are only warnings and advice.
#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub(in crate::cli) struct LetterCheck {
    /// A message (.eml), a page (.html), a text (.txt), the folder of an edition, - for a message on standard input, or an
    /// edition's id [default: the latest edition]
    #[arg(value_name = "FILE|EDITION")]
    pub names: Vec<OsString>,

    /// Print the rules instead: id, how much it matters, what is looked at, why, and what to do
    #[arg(long, conflicts_with = "names")]
    pub rules: bool,

    /// Look at this rule only; can be given several times
    #[arg(long, value_name = "ID", conflicts_with = "rules")]
    pub rule: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl LetterCheck {
    /// The letters named: files, and the ids of editions. An id has neither dots nor slashes in it.
    pub fn letters(&self) -> Vec<NamedLetter> {
        let named = |name: &OsString| {
            let text = name.to_string_lossy();
            if text == "-" {
                return NamedLetter::File(LetterFile::StandardInput);
            }
            let path = PathBuf::from(name);
            let is_id = !text.contains(['.', '/', '\\']) && !path.exists();
            if is_id { NamedLetter::Edition(text.into_owned()) } else { NamedLetter::File(LetterFile::Path(path)) }
        };
        self.names.iter().map(named).collect()
    }

    /// Whether it is about a publication, or about files alone.
    pub fn needs_desk(&self) -> bool {
        let letters = self.letters();
        !self.rules && (letters.is_empty() || letters.iter().any(|letter| matches!(letter, NamedLetter::Edition(_))))
    }
}

/// A letter as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum NamedLetter {
    File(LetterFile),
    Edition(String),
}
