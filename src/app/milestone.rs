use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::{Change, HeldDomain, Posted, Taken, Tally};
use crate::domain::{ArticleId, Balance, DeliveryState, Line, WebUrl, counted};
use crate::store::{SendingId, files::Written};

/// Something that has been done and that a desk wants to know: one line each.
#[derive(Clone, Debug)]
pub enum Milestone {
    TakenIn {
        id: ArticleId,
        title: Line,
        change: Change,
    },
    Wrote {
        file: PathBuf,
        written: Written,
    },
    /// Pages for browsers that were written, and stylesheets.
    Pages {
        first: PathBuf,
        more: usize,
    },
    /// Mails that single readers asked for.
    Posted(Posted),
    /// A hub was told of feeds that have changed.
    Announced {
        feeds: usize,
        hub: WebUrl,
    },
    /// A hub could not be told of feeds yet, and will be by a later run.
    NotAnnounced {
        feeds: usize,
        hub: WebUrl,
        why: String,
    },
    /// An episode of a show that is published here, seen for the first time.
    NewEpisode {
        show: Line,
        title: Line,
    },
    /// An episode that is to be an article, and whose note has no text.
    NoText {
        show: Line,
        title: Line,
    },
    /// A sound in the folder of a show that nobody has written a note for.
    NoNote {
        file: PathBuf,
    },
    /// A file in the place of a feed that cannot be read as one, and so cannot be guarded.
    NoFeed {
        file: PathBuf,
    },
    /// A file of the inbox that could not be taken in.
    Failed {
        file: PathBuf,
        why: PathBuf,
    },
    /// Older items of a feed that was read for the first time.
    PassedOver {
        source: String,
        count: usize,
    },
    /// A feed that was asked by hand, and has nothing that is not known.
    NothingNewAt {
        source: String,
    },
    /// An item whose page can still not be read.
    Waiting {
        source: String,
        title: String,
        why: String,
    },
    /// The feed of a show could not be read: the episode that is known stays.
    NoEpisode {
        show: Line,
        why: String,
    },
    /// A planned instant that came and found nothing to send.
    NothingNew {
        plan: Line,
    },
    /// A planned instant that came and found nobody to send to.
    NoReaders {
        plan: Line,
        list: Line,
    },
    /// The letter goes out, but its page in `feeds/editions/` could not be written.
    NoPage {
        edition: ArticleId,
        why: String,
    },
    /// A digest was composed by hand.
    Composed {
        id: ArticleId,
        subject: Line,
    },
    /// A picture that was to travel inside the messages and stays a link.
    NotAttached {
        edition: ArticleId,
        url: WebUrl,
        why: String,
    },
    /// A planned instant that came and found too few new articles for a letter.
    TooFew {
        plan: Line,
        count: usize,
        minimum: u32,
    },
    /// New articles that are not in a letter, and wait for the next one.
    LeftOut {
        /// None where it was composed by hand.
        plan: Option<Line>,
        list: Line,
        count: usize,
    },
    /// A key that others on this machine can read.
    OpenKey {
        file: PathBuf,
    },
    /// Reports that came back were taken.
    Bounces(Taken),
    /// Most readers of a domain bounced in one edition.
    HeldDomain(HeldDomain),
    /// What is in doubt after a crash.
    Uncertain {
        sending: SendingId,
        count: u64,
    },
    /// Another process is sending it.
    AtWork {
        sending: SendingId,
    },
    /// How far a sending is that takes long.
    Progress {
        sending: SendingId,
        tally: Tally,
        /// Readers who were to be tried when this process began.
        waiting: u64,
        elapsed: Duration,
    },
    Sending {
        sending: SendingId,
        balance: Balance,
        sent_now: u64,
    },
}

/// Where milestones are told as they happen.
pub type Tell<'a> = &'a mut dyn FnMut(&Milestone);

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TakenIn { id, title, change } => {
                let change = match change {
                    Change::New => "new",
                    Change::Edited => "edited",
                    Change::Unchanged => "unchanged",
                };
                write!(f, "{change:<9} {id}  {title}")
            }
            Self::Wrote { file, written } => {
                let written = match written {
                    Written::New => "wrote",
                    Written::Changed => "changed",
                    Written::Unchanged => "unchanged",
                };
                write!(f, "{written:<9} {}", file.display())
            }
            Self::Pages { first, more: 0 } => write!(f, "pages     {}", first.display()),
            Self::Pages { first, more } => write!(f, "pages     {} and {more} more", first.display()),
            Self::Posted(posted) => write!(f, "{posted}"),
            Self::Announced { feeds, hub } => write!(f, "announced {} to {hub}", counted(*feeds, "feed")),
            Self::NotAnnounced { feeds, hub, why } => {
                write!(f, "waiting   to announce {} to {hub}: {why}", counted(*feeds, "feed"))
            }
            Self::NewEpisode { show, title } => write!(f, "new       episode of {show}: {title}"),
            Self::NoText { show, title } => {
                write!(f, "no text   in the note of `{title}` of {show}: the episode is out, and no article")
            }
            Self::NoNote { file } => write!(f, "waiting   {}: there is no note beside it", file.display()),
            Self::NoFeed { file } => write!(f, "replaced  {}: what was there is no feed", file.display()),
            Self::Failed { file, why } => write!(f, "failed    {} (see {})", file.display(), why.display()),
            Self::PassedOver { source, count } => {
                write!(f, "passed    {count} older items of {source}; `griot publish --items N` takes more of them")
            }
            Self::NothingNewAt { source } => write!(f, "nothing   new at {source}"),
            Self::Waiting { source, title, why } => write!(f, "waiting   `{title}` of {source}: {why}"),
            Self::NoEpisode { show, why } => write!(f, "no news   of the show `{show}`, its last known episode stays: {why}"),
            Self::NothingNew { plan } => write!(f, "nothing   to send for the plan `{plan}`: no new article"),
            Self::NoPage { edition, why } => write!(f, "no page   of edition {edition}: {why}"),
            Self::NoReaders { plan, list } => {
                write!(f, "nothing   sent for the plan `{plan}`: nobody confirmed is on the list `{list}`")
            }
            Self::Composed { id, subject } => write!(f, "composed  {id}  {subject}"),
            Self::NotAttached { edition, url, why } => write!(f, "linked    {url} in edition {edition}: {why}"),
            Self::TooFew { plan, count, minimum } => {
                let articles = counted(*count, "new article");
                write!(f, "waiting   {articles} for the plan `{plan}`, which makes a letter of {minimum}")
            }
            Self::LeftOut { plan: Some(plan), count, .. } => {
                write!(f, "waiting   {count} older new articles for the next letter of the plan `{plan}`")
            }
            Self::LeftOut { plan: None, list, count } => {
                write!(f, "waiting   {count} older new articles for the next letter to `{list}`")
            }
            Self::OpenKey { file } => {
                write!(f, "warning   others can read {}: `chmod 600` it, for who has it can sign as you", file.display())
            }
            Self::Bounces(taken) => write!(f, "took      {taken}"),
            Self::HeldDomain(HeldDomain { edition, domain, bounced }) => {
                write!(
                    f,
                    "held      {} at {domain} bounced in edition {edition}: `griot bounces suppress {domain}` or `forgive {domain}`",
                    counted(*bounced, "reader")
                )
            }
            Self::Uncertain { sending, count } => {
                write!(
                    f,
                    "uncertain {count} of edition {} to `{}`: griot was stopped while handing them over",
                    sending.edition, sending.list
                )
            }
            Self::AtWork { sending } => {
                write!(f, "waiting   another griot is sending edition {} to `{}`", sending.edition, sending.list)
            }
            Self::Progress { sending, tally, waiting, elapsed } => {
                let rate = u128::from(tally.settled) * 1000 / elapsed.as_millis().max(1);
                let left = u128::from(waiting.saturating_sub(tally.settled)) / rate.max(1);
                write!(
                    f,
                    "sending   {} of {waiting}: {} sent, {} deferred, {} refused, {rate} a second, {}:{:02} left  {}",
                    tally.settled,
                    tally.sent,
                    tally.deferred,
                    tally.refused,
                    left / 60,
                    left % 60,
                    sending.edition
                )
            }
            Self::Sending { sending, balance, sent_now } => sent(f, sending, balance, *sent_now),
        }
    }
}

/// How a sending stands, now that a command is done with it.
fn sent(f: &mut fmt::Formatter<'_>, sending: &SendingId, balance: &Balance, now: u64) -> fmt::Result {
    write!(f, "sent      {now} of edition {} to `{}`", sending.edition, sending.list)?;
    let others: Vec<String> = balance
        .counts
        .iter()
        .filter(|(state, count)| *count > 0 && *state != DeliveryState::Sent)
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if others.is_empty() { Ok(()) } else { write!(f, " ({} in all, {})", balance.audience, others.join(", ")) }
}
