use std::ffi::OsString;

use clap::Args;

const CHECK_EXAMPLES: &str = "\
Examples:
  griot feed check                        the feeds of the publication
  griot feed check feed.xml other.json    these files
  curl -s https://example.org/f | griot feed check -
                                          what another program gives
  griot feed check --podcast show.xml     as a podcast, whatever it says
  griot feed check --rules                what is looked at, and why";

/// Check feeds by all the rules there are for them
///
/// Holds RSS 2.0, Atom 1.0, JSON Feed 1.1 and podcasts to their specifications and to what readers, Apple Podcasts and apps
/// for Podcasting 2.0 ask for, and prints each place where something is wrong: file, line, column, how much it matters, the
/// rule, and what it is; with the first of each rule, why it matters and what to do.
///
/// Nothing is fetched but the feeds themselves. Of files that lie in the publication's own feeds/, such as episodes, length
/// and type are held to what the feed says of them. What is dated later than --now is called so.
///
/// With --json it prints an array with an object for each feed: `file`, `format`, `podcast`, `items`, `errors`, `warnings`,
/// `advice`, `findings` (each with `line`, `column`, `severity`, `rule`, `what`, `why`, `do`), and `more`: how many places were
/// left out of which rules. A feed that cannot be read has its `error`.
///
/// The exit code is 1 where there are errors, and 0 where there are only warnings and advice.
#[derive(Args, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub(in crate::cli) struct FeedCheck {
    /// A file, an http(s) URL, or - for standard input [default: all feeds in the publication's feeds/]
    #[arg(value_name = "FEED")]
    pub names: Vec<OsString>,

    /// Judge it as a podcast although nothing in it says so
    #[arg(long)]
    pub podcast: bool,

    /// Print the rules instead: id, how much it matters, what is looked at, why, and what to do
    #[arg(long, conflicts_with_all = ["names", "podcast"])]
    pub rules: bool,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
