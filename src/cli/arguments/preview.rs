use std::path::PathBuf;

use clap::Args;

use crate::app::{Previewed, Source};
use crate::domain::ArticleId;

const PREVIEW_EXAMPLES: &str = "\
Examples:
  griot letter preview                    the latest edition
  griot letter preview page.md            the letter of a page, while it is being written
  griot letter preview 2026-03-04-a-river-rises --port 8080
                                          an edition, at another port";

/// Show the letter in a browser of this machine, on every screen, by day and by night
///
/// Prints the address of a page that shows the letter on a phone, a tablet and a desktop (360, 768 and 1280 pixels), light and
/// dark, with pictures and without, its text part, the headers of the message, how much it takes of what Gmail shows, and what
/// `griot letter check` finds. The page shows the letter anew as soon as the config, the templates, the ledger or the page is
/// another, and says what is wrong where there is none to show.
///
/// A page (FILE) is read and composed as if it were published now; nothing is written and nothing is sent. What is made of
/// lower-case letters, digits and hyphens alone is the id of an edition: write ./page for a file that is called so.
///
/// Only this machine can see it: griot listens on the loopback interface and answers to no other name. The pictures of the
/// letter come from where its readers get them. Ctrl-C ends it, with exit code 0.
#[derive(Args, Debug)]
#[command(after_help = PREVIEW_EXAMPLES)]
pub(in crate::cli) struct LetterPreview {
    /// The edition's id, or a page to be published [default: the latest edition]
    #[arg(value_name = "EDITION|FILE")]
    shown: Option<PathBuf>,

    /// The port of this machine at which the page is shown; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 4700)]
    pub port: u16,
}

impl LetterPreview {
    /// What is to be shown; `None` where it is neither an edition nor a file.
    pub(in crate::cli) fn previewed(&self) -> Option<Previewed> {
        let Some(shown) = &self.shown else { return Some(Previewed::Latest) };
        let Ok(Source::File(file)) = Source::parse(shown) else { return None };
        let id = file.to_str().filter(|text| ArticleId::parse(text).is_some()).map(str::to_owned);
        Some(id.map_or_else(|| Previewed::File(file), Previewed::Edition))
    }
}
