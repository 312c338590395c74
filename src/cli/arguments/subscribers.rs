use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::app::ExportFormat;
use crate::domain::{Language, Line};

const IMPORT_EXAMPLES: &str = "\
Examples:
  griot subscribers import members.csv    what would become of each row; changes nothing
  griot subscribers import members.csv --confirmed \"signed up at example.org, double opt-in\" --apply
                                          takes them; whoever left there, comes in as having left
  griot subscribers undo 3                takes the third import back";

const EXPORT_EXAMPLES: &str = "\
Examples:
  griot subscribers export > readers.csv  those who are on the list, for a spreadsheet or for another tool
  griot subscribers export --all > all.csv
                                          with those who have left: what an import into another ledger needs";

const ERASE_EXAMPLES: &str = "\
What is left where:
  griot.db        nothing but a keyed hash, by which the address stays away
  griot.erased    the same hash: keep this file with your backups, so that one that is restored erases the person again
  elsewhere       tables that you imported or exported, backups, and the log of your mail server are yours to see to";

/// Who reads
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Subscribers {
    Add(Add),
    Import(ImportReaders),
    /// Take an import back
    ///
    /// Readers who came with it are gone again, and readers whom it changed stand as they did. Who has confirmed, left or
    /// changed something since, stays as it is; who has got a letter since stays as pending, so that the links in that letter
    /// go on working. The rows of a file that were on the list before are none of its own.
    Undo {
        /// The number of the import, as `griot subscribers batches` prints it
        batch: i64,
    },
    /// Ask pending readers, whom you have put on a list, to confirm
    ///
    /// Each gets one mail with a link, which `griot run` or `griot serve` sends; who does not answer within 14 days is forgotten.
    /// At most 500 in an hour are asked, so that the form goes on working: the exit code is 75 while more wait, and the same
    /// command goes on an hour later. Needs serve.url in the config, where the link leads to.
    Invite {
        /// The list [default: letter.list of the config]
        #[arg(long)]
        list: Option<String>,
    },
    /// Show what was imported, with the numbers by which it is taken back
    Batches {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    Export(Export),
    /// Show who is on a list
    List {
        /// The list [default: letter.list of the config]
        #[arg(long)]
        list: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show all that is known of one person
    ///
    /// The lists with how the person stands on each and why, what the desk keeps, what the person did and was told, the letters,
    /// the reports that came back: what anybody may ask for whose data it is (GDPR, article 15).
    Show {
        address: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take somebody off a list; no import brings the person back
    Remove {
        address: String,
        /// The list [default: letter.list of the config]
        #[arg(long)]
        list: Option<String>,
    },
    /// Forget all that is known of one person, for good
    ///
    /// Nothing is left but a keyed hash, which keeps the address from being put on a list or mailed ever again, also after a
    /// backup was restored. The letters that the person got are counted on, under an address that nobody has. What was erased
    /// cannot be brought back.
    #[command(after_help = ERASE_EXAMPLES)]
    Erase {
        address: String,
    },
}

/// Put somebody on a list: pending, or confirmed where you can say how the person agreed
#[derive(Args, Debug)]
pub(in crate::cli) struct Add {
    pub address: String,
    #[arg(long)]
    pub name: Option<String>,
    /// What the person wants to be spoken to in, such as fr
    #[arg(long, value_parser = language)]
    pub language: Option<Language>,
    /// Something else that you keep of the person, such as town=Mopti; can be given several times
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = attribute)]
    pub attributes: Vec<(Line, String)>,
    /// How it is known that this person agreed, such as "signed up at the fair, 4 March"
    #[arg(long, value_name = "HOW")]
    pub confirmed: Option<String>,
    /// The list [default: letter.list of the config]
    #[arg(long)]
    pub list: Option<String>,
}

/// Put the readers of a CSV file on a list
///
/// First it says what would become of each row, and changes nothing; with --apply it does that, and the number that it prints
/// takes it back (`griot subscribers undo`). All rows that can be taken are, or none: an import that is cut off is undone by the
/// next command.
///
/// It knows the exports of listmonk, Mailchimp (subscribed, unsubscribed, cleaned and nonsubscribed), Ghost, Buttondown,
/// Substack, Mailtrain, phpList and its own by their columns, and reads any other table with a column of addresses. Commas,
/// semicolons and tabs are told apart; UTF-8, UTF-16 and Windows-1252, too. Names are put together from first and last ones,
/// a column of languages is understood, and all other columns are kept as attributes; but not the addresses of connections,
/// places, passwords and what was learnt by tracking.
///
/// Readers come in as pending, unless --confirmed says how it is known that they agreed; the time at which the file says they
/// did is added to that. Who is marked as unsubscribed comes in as having left, and whose mail bounced or who complained as
/// suppressed: neither is ever mailed, nor brought back by a later import. A row that is marked with a word that griot does not
/// know is not taken.
///
/// Rows that cannot be taken are written to a file of their own, with line, reason and text; the exit code is 1 then.
#[derive(Args, Debug)]
#[command(after_help = IMPORT_EXAMPLES)]
pub(in crate::cli) struct ImportReaders {
    pub file: PathBuf,
    /// Do it, instead of saying what would be done
    #[arg(long)]
    pub apply: bool,
    /// How it is known that these readers agreed, such as "exported from our old list, double opt-in"
    #[arg(long, value_name = "HOW")]
    pub confirmed: Option<String>,
    /// The list [default: letter.list of the config]
    #[arg(long)]
    pub list: Option<String>,
    /// What the file is written in, such as windows-1251 [default: what it shows]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Where the rows go that cannot be taken [default: FILE.rejected.csv beside the file]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// Write the readers of a list to standard output
///
/// As CSV, with the columns email, name, language, status, since, consent, suppressed and attributes: `griot subscribers import`
/// reads all of it back. A cell that a spreadsheet would take for a formula has an apostrophe before it, which the import takes
/// off again.
#[derive(Args, Debug)]
#[command(after_help = EXPORT_EXAMPLES)]
pub(in crate::cli) struct Export {
    /// The list [default: letter.list of the config]
    #[arg(long)]
    pub list: Option<String>,
    /// csv or json
    #[arg(long, default_value = "csv", value_parser = export_format)]
    pub format: ExportFormat,
    /// Those who have left, too
    #[arg(long)]
    pub all: bool,
}

fn export_format(word: &str) -> Result<ExportFormat, String> {
    match word {
        "csv" => Ok(ExportFormat::Csv),
        "json" => Ok(ExportFormat::Json),
        _ => Err("it is csv or json".to_owned()),
    }
}

fn language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "write it as fr, or as pt-BR".to_owned())
}

fn attribute(text: &str) -> Result<(Line, String), String> {
    let pair = text.split_once('=').and_then(|(name, value)| Some((Line::new(name)?, value.to_owned())));
    pair.ok_or_else(|| "write it as town=Mopti".to_owned())
}
