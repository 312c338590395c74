mod bounces;
mod dkim;
mod feed;
mod letter;
mod preview;
mod serve;
mod subscribers;
mod unsubscribe;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use crate::app::PlanHash;
use crate::domain::{DeliveryState, Format};
pub(super) use bounces::{Bounces, Take};
pub(super) use dkim::Dkim;
pub(super) use feed::{FeedCheck, FeedDiff, FeedHosting, FeedImport, FeedMove};
pub(super) use letter::{Compose, Letter, LetterCheck, NamedLetter};
pub(super) use preview::LetterPreview;
pub(super) use serve::Serve;
pub(super) use subscribers::{Add, Export, ImportReaders, Subscribers};
pub(super) use unsubscribe::Unsubscribe;

/// Publishes an article and its podcast promo as feeds and as a newsletter, and mails it once to each reader.
///
/// Give griot a page (a file, a URL, or text pasted from a site, menus and all): it understands title, authors, date,
/// pictures with their credits, text and promo, keeps the article in its ledger, and writes feeds/feed.xml, atom.xml,
/// feed.json and the letter as HTML, plain text and mail.
#[derive(Debug, Parser)]
#[command(name = "griot", version, max_term_width = 100, after_help = EXAMPLES, after_long_help = LONG_EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,

    /// The config [default: config/griot.toml, looked for in this folder and upward]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub config: Option<PathBuf>,

    /// Take this as the time, such as 2026-03-04T07:00:00Z [default: `SOURCE_DATE_EPOCH`, else the clock]
    #[arg(long, global = true, value_name = "TIME", help_heading = "Everywhere")]
    pub now: Option<String>,

    /// Say nothing of what goes well
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub quiet: bool,

    /// Say more: what looked odd while reading
    #[arg(short, long, global = true, help_heading = "Everywhere")]
    pub verbose: bool,
}

macro_rules! examples {
    () => {
        "\
Examples:
  griot init                              start a publication in this folder
  griot read page.txt                     see what griot understands of a page
  griot publish page.txt                  feeds and letter of it
  griot send --test me@example.org        the letter as a test mail
  griot run                               what cron calls

"
    };
}

const EXAMPLES: &str = concat!(examples!(), "`griot help COMMAND` says more of each.");
const LONG_EXAMPLES: &str = concat!(
    examples!(),
    "\
Exit codes:
  0   done, or nothing to do
  1   failed; the message says what, where and what to do
  2   the arguments or the config are wrong
  75  some mail waits, or another griot is at work: run the same command again

`griot help COMMAND` says more of each."
);

const ADOPT_EXAMPLES: &str = "\
Examples:
  griot adopt                             after a backup was restored
  griot adopt --nothing-was-sent          after a move to a new machine";

const READ_EXAMPLES: &str = "\
Examples:
  griot read page.html                    a page that was saved from a browser
  griot read https://example.org/page     a page as the web gives it
  xclip -o | griot read -                 what was copied, menus and all
  griot read --url https://example.org/page page.html
                                          with the address that the saved page does not tell
  griot read --json *.html > pages.json   many at once, for programs
  griot read feed.xml                     the items of a feed, without their pages";

const PUBLISH_EXAMPLES: &str = "\
Examples:
  griot publish page.txt                  one page
  griot publish https://example.org/page  a page as the web gives it
  griot publish https://example.org/feed.xml
                                          what is new in a feed
  griot publish --items 30 feed.xml       its 30 newest items, of those that were passed over too
  griot publish                           what is new at the [[sources]] of the config";

const SEND_EXAMPLES: &str = "\
Examples:
  griot send --test me@example.org        the letter as a test mail
  griot send --plan                       who would get it, and the plan's hash
  griot send --apply HASH                 just that
  griot send                              to all who have not got it yet
  griot send --settle-from /var/log/mail.log
                                          what the mail server knows of what is in doubt
  zcat -f mail.log.1.gz mail.log | griot send --settle-from -
                                          the same from several logs, oldest first
  griot send --resend-uncertain           the rest again";

const AUDIT_EXAMPLES: &str = "\
Examples:
  griot audit                             the balance of all that was sent
  griot audit --who uncertain             who is in doubt, with the server's words
  griot audit --json EDITION              an object for each list, with every recipient";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(Init),
    Read(Read),
    Publish(Publish),
    #[command(subcommand)]
    Feed(Feed),
    #[command(subcommand)]
    Letter(Letter),
    #[command(subcommand)]
    Dkim(Dkim),
    Send(Send),
    #[command(subcommand)]
    Subscribers(Subscribers),
    #[command(subcommand)]
    Bounces(Bounces),
    Run(Run),
    Serve(Serve),
    Unsubscribe(Unsubscribe),
    Status(Status),
    Audit(Audit),
    Adopt(Adopt),
}

/// Start a publication: config/griot.toml, inbox/ and feeds/
///
/// Nothing that is there already is written over. Then put your own words into config/griot.toml.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The folder of the publication
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
}

/// Where pages come from, and what is known of them.
#[derive(Args, Debug)]
pub(super) struct Sources {
    /// A file, an http(s) URL, or - for standard input: a page or a feed
    #[arg(value_name = "SOURCE")]
    pub names: Vec<OsString>,

    /// How it is written: text, html, markdown or feed [default: by its ending, type and content]
    #[arg(long, value_parser = format)]
    pub format: Option<Format>,

    /// The address of a page that was saved or pasted; what it links to is found from there
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

fn state(word: &str) -> Result<DeliveryState, String> {
    DeliveryState::parse(word).ok_or_else(|| {
        let words: Vec<&str> = DeliveryState::ALL.iter().map(|state| state.as_str()).collect();
        format!("it is one of: {}", words.join(", "))
    })
}

fn format(word: &str) -> Result<Format, String> {
    [Format::Text, Format::Html, Format::Markdown, Format::Feed]
        .into_iter()
        .find(|format| format.to_string() == word)
        .ok_or_else(|| "it is text, html, markdown or feed".to_owned())
}

/// Show what is understood of a page; writes nothing
///
/// Prints a card: title, authors, dates and lead, each picture with its caption and credit, the beginning of each
/// paragraph, the promo, and below it what is missing for an article and what looked odd. A dash stands where nothing was
/// found.
///
/// With --json it prints an object for programs, and an array for several sources or for the items of a feed: in order,
/// with an object that holds `error` and `hint` for a source that cannot be read. Such a source does not stop the others;
/// the exit code is 1 then.
#[derive(Args, Debug)]
#[command(mut_arg("names", |names| names.required(true)), after_help = READ_EXAMPLES)]
pub(super) struct Read {
    #[command(flatten)]
    pub sources: Sources,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Take pages in, rebuild the feeds, compose the letters; sends nothing
///
/// An article keeps the id it got at its first publication: the same page again changes nothing, an edited page keeps
/// its id and its readers see it as changed, not as new. A good feed is never replaced by a worse one: a run that
/// would lose items or give them new ids stops and leaves the last good files.
///
/// Of a feed (RSS, Atom, JSON Feed) the new items are taken, each with the id that it has there, and with the text of its
/// page where the feed has only a summary. Without SOURCE, those of [[sources]] in the config are asked, due or not.
///
/// A page that lacks a title, a date or text is refused, with all that it lacks; the other sources are taken all the same,
/// and the exit code is 1 then. `griot read` shows beforehand what a page comes to.
#[derive(Args, Debug)]
#[command(after_help = PUBLISH_EXAMPLES)]
pub(super) struct Publish {
    #[command(flatten)]
    pub sources: Sources,

    /// Take the N newest items of a feed, of those that were passed over too; 0 for all [default: what is new; of a feed
    /// that is read for the first time, 10]
    #[arg(long, value_name = "N")]
    pub items: Option<u32>,

    #[command(flatten)]
    pub allow: Allow,
}

/// Exceptions from the guards of the feeds.
#[derive(Args, Debug)]
pub(super) struct Allow {
    /// Let a feed lose items that it has now
    #[arg(long)]
    pub allow_fewer_items: bool,

    /// Let published items appear under new ids, as unread to every reader
    #[arg(long)]
    pub allow_new_ids: bool,
}

/// The feeds
#[derive(Debug, Subcommand)]
pub(super) enum Feed {
    /// Rebuild feeds/ from the ledger and the folders of episodes
    ///
    /// The publication's own feed as RSS, Atom and JSON Feed; those of the sections and authors that [feed] asks for; the
    /// documents of the archive; the podcasts; the list of all feeds. All are read back and held against what is public
    /// before the first is replaced, and files whose bytes are equal are not touched.
    ///
    /// Then a page for each feed, feeds/index.html first, with the address to subscribe to and the latest articles; with
    /// `pages = true` in [site] also a page for each article and the list of the letters.
    Build(Allow),
    Check(FeedCheck),
    Diff(FeedDiff),
    Import(FeedImport),
    Hosting(FeedHosting),
    Move(FeedMove),
}

/// Mail an edition to a list, or to one address as a test
///
/// The audience is frozen when the sending begins: one row in the ledger for each confirmed reader. Every further call
/// goes on with those who wait and mails nobody twice; a message that may or may not have been accepted, after a crash
/// or a lost connection, stands as uncertain and is not sent again unasked. `griot audit` proves the balance.
///
/// With --plan it says beforehand who would get it, who not and why, how many bytes and how much time that is, and a hash of
/// letter and audience; --apply with that hash sends just this, and refuses where either has changed since. An applied plan
/// that was interrupted goes on with the same command.
///
/// What is uncertain has two ways out. --settle-from reads the log of a Postfix that took the mail: a letter that it has
/// taken is sent, one that it could not deliver is refused, and one that the log does not know stays uncertain.
/// --resend-uncertain then sends the rest again.
///
/// The server stands in [smtp] of the config; its password comes from a variable of the environment or from a file. Several
/// connections are at work at once, and a second `griot send` takes other readers. SIGTERM and Ctrl-C end it in order: what
/// was begun is finished. Exit code 75: some mail waits, or is newly in doubt; the same command goes on later.
#[derive(Args, Debug)]
#[command(after_help = SEND_EXAMPLES)]
pub(super) struct Send {
    /// The edition's id, as `griot publish` prints it [default: that of the newest article by its date]
    pub edition: Option<String>,

    /// Send it to this address only, marked as a test; the ledger does not know of it
    #[arg(long, value_name = "ADDRESS", conflicts_with = "list")]
    pub test: Option<String>,

    /// The list to mail [default: letter.list of the config]
    #[arg(long)]
    pub list: Option<String>,

    /// Write the mail into this folder instead of sending it; nobody counts as mailed
    #[arg(long, value_name = "DIR")]
    pub to_folder: Option<PathBuf>,

    #[command(flatten)]
    pub plan: Planning,

    #[command(flatten)]
    pub doubt: Doubt,

    #[command(flatten)]
    pub bounds: Bounds,
}

/// Looking before sending.
#[derive(Args, Debug)]
#[command(next_help_heading = "Looking first")]
pub(super) struct Planning {
    /// Show who would get it and what it would cost; sends nothing and changes nothing
    #[arg(long, conflicts_with_all = ["test", "to_folder"])]
    pub plan: bool,

    /// Send just what the plan of this hash says; nothing where letter or audience have changed since
    #[arg(long, value_name = "HASH", value_parser = plan_hash, conflicts_with_all = ["test", "to_folder", "plan"])]
    pub apply: Option<PlanHash>,

    /// Print the plan as JSON
    #[arg(long, requires = "plan")]
    pub json: bool,
}

/// The ways out of doubt.
#[derive(Args, Debug)]
#[command(next_help_heading = "When something is in doubt")]
pub(super) struct Doubt {
    /// Send what is uncertain again, with the same Message-ID and bytes: some readers may get it twice
    #[arg(long, conflicts_with_all = ["test", "to_folder", "plan", "apply"])]
    pub resend_uncertain: bool,

    /// Learn from the log of Postfix (- for standard input) what became of what is uncertain; sends nothing
    #[arg(long, value_name = "MAILLOG", conflicts_with_all = ["test", "to_folder", "plan", "apply", "resend_uncertain"])]
    pub settle_from: Option<PathBuf>,
}

fn plan_hash(text: &str) -> Result<PlanHash, String> {
    PlanHash::parse(text).ok_or_else(|| "it is what `griot send --plan` prints in its last line".to_owned())
}

/// One cron tick: take in what is new, publish, send what is due, go on with what waits
///
/// Reports of undelivered mail are taken from the Maildir and the mailbox of [bounces]; where the mailbox cannot be reached,
/// all else goes on, and the exit code is 75. What lies in the inbox is taken in, and what is new
/// at the [[sources]].
/// A file in the inbox that can be read moves to inbox/done; one that cannot, to inbox/failed, with the reason in a
/// .why file beside it. Each planned instant of [[schedule]] happens once, however often this is called; an instant
/// that was missed is made up for within a day. With nothing to do it is silent and changes no byte. While another
/// griot is at work it says so and ends with 0: the next tick will do. What is wrong with the files of a show is told
/// once, with exit code 1, then again when one of them has changed, and once a day; `griot publish` tells it each time.
#[derive(Args, Debug)]
pub(super) struct Run {
    #[command(flatten)]
    pub bounds: Bounds,
}

/// How far a sending goes at most; what waits then goes on with the next call.
#[derive(Args, Debug)]
#[command(next_help_heading = "How far")]
pub(super) struct Bounds {
    /// Try no more than so many readers
    #[arg(long, value_name = "N")]
    pub max_messages: Option<u64>,

    /// Stop after this time, such as 10m or 1h30m; what was begun is finished
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub max_runtime: Option<Duration>,

    /// Begin with no reader after this instant, such as 2026-03-04T09:00:00Z
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub not_after: Option<Timestamp>,
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration: jiff::SignedDuration = text.parse().map_err(|_| "write it as 90s, 10m or 1h30m".to_owned())?;
    Duration::try_from(duration).map_err(|_| "a time to run is not negative".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write it as 2026-03-04T09:00:00Z".to_owned())
}

/// Show how the publication stands
///
/// How many articles and readers there are; of each edition to each list how many got it, left after it, and whose letters came
/// back from where; and how often which program fetched the feeds. All of it is counted in the ledger: no letter and no page
/// tells griot who reads it.
///
/// With --json it prints an object: `articles`, `confirmed` and `pending` of the letter's list, `fenced_off`, `sendings` (as
/// `griot audit --json` has them, with `left`, `bounced`, `complained`), `lists` with their `weeks`, and `applications`.
#[derive(Args, Debug)]
pub(super) struct Status {
    /// Print JSON
    #[arg(long, conflicts_with = "page")]
    pub json: bool,

    /// Write the numbers as a page for a browser, with charts, into this file
    #[arg(long, value_name = "FILE.html")]
    pub page: Option<PathBuf>,
}

/// Prove that every reader of an edition is accounted for
///
/// Prints how many recipients are in each state. Exits with 1 if the balance is off: if there are more or fewer of them than
/// were frozen when the sending began.
///
/// With --json it prints an array with an object for each edition and list: `edition`, `list`, `audience`, `states` with
/// their counts, and `even`. Of an edition that is named, or of a state, each has its `recipients`, too: `address`, `state`,
/// `reply` (what was last said), `tries`, `changed`, and `not_before` where the next try has to wait.
#[derive(Args, Debug)]
#[command(after_help = AUDIT_EXAMPLES)]
pub(super) struct Audit {
    /// The edition's id [default: all that were sent]
    pub edition: Option<String>,

    /// Show who is in this state, such as uncertain, refused or deferred, with the server's words
    #[arg(long, value_name = "STATE", value_parser = state)]
    pub who: Option<DeliveryState>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Let a ledger send that is a copy, or was restored from a backup
///
/// A ledger that has sent is known by the file griot.fence beside it. Where the two do not fit, the ledger is a copy, or
/// older than what was sent; griot publishes by it and sends nothing, since whoever got mail by the other one would get it
/// again. First see to it that no griot sends by the other one any more. Then adopt the ledger.
///
/// Every letter that waits in it then stands as uncertain and is not sent again unasked: `griot audit --who uncertain`
/// lists them. Planned instants up to now count as done, and no plan sends what was published before. What only the other
/// ledger knows, nobody can know here: which editions it has begun, and who has left its lists. So take off again who has
/// left, and mail no edition by hand that may have gone out.
///
/// Where the ledger is no copy, nothing changes.
#[derive(Args, Debug)]
#[command(after_help = ADOPT_EXAMPLES)]
pub(super) struct Adopt {
    /// Nothing was sent since the copy was made, as on a move to a new machine: what waits and what is planned goes out
    #[arg(long)]
    pub nothing_was_sent: bool,
}
