use std::ffi::{OsStr, OsString};

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
/// Nothing is fetched but the feeds themselves. Of files that lie in the publication's own feeds/, length and type are held to
/// what the feed says of them, and the pixels of artwork to what Apple asks for. What is dated later than --now is called so.
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

const DIFF_EXAMPLES: &str = "\
Examples:
  griot feed diff                         what `griot feed build` would change
  griot feed diff old.xml new.xml         two files, of the same format or not
  griot feed diff https://example.org/feed.xml feeds/feed.xml
                                          what is public, and what will be
  griot feed diff --exit-code -q && echo nothing new";

/// Show what readers will see: what is new, changed, gone, moved, or unread again
///
/// Compares two feeds item by item. An item is known by its id. One whose id is gone while its link or its title stands there
/// under another id *resurfaces*: it is unread again for everybody. Of a changed item it says which fields changed; feeds of
/// different formats may be compared, since the same words count as the same. Items without an id are passed over, and no more
/// than 10,000 items are read.
///
/// Without arguments it compares the feeds as they lie in feeds/ with those that `griot feed build` would write now, and says
/// where it would refuse to. Nothing is written.
///
/// With --json it prints an array with an object for each pair: `old` and `new` (the names), `added`, `resurfacing` (with
/// `old_id`), `changed` (with `fields`), `moved`, `gone`, `same` (how many are as they were), and of a rebuild `bytes`
/// (new, changed or unchanged) and `refused`.
///
/// The exit code is 0 whether or not there is a difference; with --exit-code it is 1 where there is one.
#[derive(Args, Debug)]
#[command(after_help = DIFF_EXAMPLES)]
pub(in crate::cli) struct FeedDiff {
    /// A file, an http(s) URL, or - for standard input
    #[arg(value_name = "OLD", requires = "new")]
    pub old: Option<OsString>,

    /// What takes its place
    #[arg(value_name = "NEW")]
    pub new: Option<OsString>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Exit with 1 where there is a difference
    #[arg(long)]
    pub exit_code: bool,
}

impl FeedDiff {
    /// The two feeds, where they are named.
    pub fn feeds(&self) -> Option<(&OsStr, &OsStr)> {
        self.old.as_deref().zip(self.new.as_deref())
    }
}
