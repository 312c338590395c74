use std::ffi::{OsStr, OsString};

use clap::Args;

use super::Allow;
use crate::app::WebServer;
use crate::domain::WebUrl;

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
/// Without arguments it compares the feeds as they lie in feeds/, podcasts among them, with those that `griot feed build` would write now, and says
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

const IMPORT_EXAMPLES: &str = "\
Examples:
  griot feed import https://www.example.org/rss.xml
                                          before the first `griot publish`
  griot feed import old-feed.xml          a copy that was saved
  griot feed import https://www.example.org/podcast.xml --show \"River Talk\"
                                          a podcast, into the show's folder";

/// Take over your own feed from another tool, so that its readers do not notice
///
/// Every item becomes an article with the id, the dates and the text that it has there, as far back as the feed leads (RFC
/// 5005, `next_url`); an item without an id keeps the one that readers give it, its address. None of them is mailed as news.
/// Then the feeds are rebuilt; put them where the old feed was, or redirect it.
///
/// A feed whose items are taken in as they come, from somebody else, is a source: `griot publish FEED`, [[sources]].
///
/// With --show the feed is a podcast. The sound of every episode is fetched into the folder of that show, and a note with all
/// that the feed says of it is written beside it: the same id, the same date, and the transcript, the chapters and the picture,
/// which are fetched, too. Then what the feed says of the show is printed as a [[shows]] entry for the config, which is left as
/// it is; nothing is published before you have pasted it. An episode that has its note already, by its id, is passed over, and
/// one that cannot be fetched does not stop the others: run the same command again.
#[derive(Args, Debug)]
#[command(after_help = IMPORT_EXAMPLES)]
pub(in crate::cli) struct FeedImport {
    /// The feed: a file or an http(s) URL
    #[arg(value_name = "FEED")]
    pub feed: OsString,

    /// Take it over as a podcast: the name of a show in the config that has `episodes`
    #[arg(long, value_name = "NAME")]
    pub show: Option<String>,

    /// Fetch no sounds: they lie in the folder of the show, under the names that they have in their addresses
    #[arg(long, requires = "show")]
    pub notes_only: bool,

    /// The largest sound that is fetched, in bytes
    #[arg(long, value_name = "BYTES", requires = "show", default_value_t = 1 << 30)]
    pub max_bytes: u64,

    #[command(flatten)]
    pub allow: Allow,
}

const HOSTING_EXAMPLES: &str = "\
Examples:
  griot feed hosting nginx > /etc/nginx/snippets/griot.conf
                                          to be included in the server block of the site";

/// Print what a web server has to be told to serve feeds/ well
///
/// Types, how long readers may keep what they have, compression, who may read it from other sites, and for feeds that have
/// moved the redirects from their former addresses.
/// It goes to standard output; look it through before you take it.
#[derive(Args, Debug)]
#[command(after_help = HOSTING_EXAMPLES)]
pub(in crate::cli) struct FeedHosting {
    /// nginx, caddy or apache
    #[arg(value_parser = web_server)]
    pub server: WebServer,
}

fn web_server(word: &str) -> Result<WebServer, String> {
    WebServer::ALL.into_iter().find(|server| server.as_str() == word).ok_or_else(|| "it is nginx, caddy or apache".to_owned())
}

const MOVE_EXAMPLES: &str = "\
Examples:
  griot feed move https://news.example.org/feeds/
  griot feed hosting nginx                the redirects from the old address";

/// Move the feeds to another address without a reader's list turning unread
///
/// Writes the new address into the config, keeps the old one there as `publication.former_feeds`, and rebuilds the feeds with
/// the same ids: what was read stays read. Podcast feeds then carry the new address for apps, too.
///
/// What is left to do: serve feeds/ at the new address, and let the old one redirect there for good;
/// `griot feed hosting SERVER` prints both. Where the old host cannot redirect, put the files there, too, for some weeks:
/// podcast apps move by what is in them.
#[derive(Args, Debug)]
#[command(after_help = MOVE_EXAMPLES)]
pub(in crate::cli) struct FeedMove {
    /// The new address of the folder feeds/
    #[arg(value_name = "NEW_URL", value_parser = folder_url)]
    pub to: WebUrl,
}

fn folder_url(text: &str) -> Result<WebUrl, String> {
    let address = WebUrl::parse(&format!("{}/", text.trim_end_matches('/')));
    address.ok_or_else(|| "it is an http(s) address such as `https://example.org/feeds/`".to_owned())
}
