//! The use cases: what griot does when a command, a cron tick or a request asks for it.
//!
//! Nothing here prints or parses arguments: a use case tells its [`Milestone`]s and returns a report or an error.

mod bounces;
mod clock;
mod deliver;
mod desk;
mod dkim;
mod edition;
mod feeds;
mod fence;
mod fetches;
mod hint;
mod inbox;
mod intake;
mod letter_check;
mod lock;
mod milestone;
mod numbers;
mod presence;
mod preview;
mod readers;
mod reports;
mod schedule;
mod secrets;
mod served;
mod shows;
mod sources;
mod start;
mod subscription;
mod token;

/// Where one edition to one recipient stands.
pub use crate::store::Delivery;
pub use bounces::{
    BounceEffect, Decision, HeldDomain, KeptBounce, NoMailbox, Taken, bounces, decide_domain, held_domains, is_for_now,
    replay_bounces, take_bounce, take_imap, take_maildir, take_mbox,
};
pub use clock::Clock;
pub use deliver::{
    Delivered, Frozen, NoLog, NoReaders, NotBegun, Orders, Plan, PlanChanged, PlanHash, Settled, Tally, apply, deliver, freeze,
    plan, rehearse, resend_uncertain, send_test, settle_from, write_test,
};
pub use desk::{Desk, World};
pub use dkim::{KeyKind, NewKey, new_key, records};
pub use edition::{
    BadKey, NoEdition, NothingNew, Sent, UnknownEdition, Wanted, compose, compose_digest, eject, for_list as edition,
};
pub use feeds::{
    Clash, Exceptions, FeedGuard, Judging, NotEdited, Rebuilt, build, check_own, check_source, diff_rebuilt, diff_sources,
    hosting, move_feeds,
};
pub use fence::{Adopted, FencedOff, Meanwhile, adopt};
pub use hint::{explain, hint};
pub use intake::{Change, Refused, TakenIn, publish, take_in};
pub use letter_check::{LetterChecked, LetterFile, check_edition, check_letter, check_letter_file, letter_rules};
pub use lock::{Busy, Lock};
pub use milestone::{Milestone, Tell};
pub use numbers::{numbers_page, write_numbers};
pub use preview::{Look, Preview, Previewed};
pub use readers::{
    About, Added, Batch, Erased, ExportFormat, Exporter, Fate, Fates, Import, ImportFile, Imports, ListedReader, Person,
    Rejected, Removed, Undone, UnknownBatch, add_reader, batches, erase_reader, export_readers, import_readers, person, readers,
    remove_reader, undo_import,
};
pub use reports::{Standing, Status, audit, recipients, status};
pub use schedule::{Ran, run};
pub use served::{Ailment, Served};
pub use shows::{ImportError, Published, ShowError, TakenOver, Takeover, publish_shows, take_over};
pub use sources::{Imported, import};
pub use start::init;
pub use subscription::{
    Answerable, Asked, Confirming, Invited, Leavings, Left, NoReadersPage, NotLeft, Posted, Readership, Stamps, Subscription,
    ask, invite, keep_posting, post_waiting,
};

/// Web servers that feeds can be hosted by.
pub use crate::render::WebServer;

/// What came of the check of a feed, and the rules that it is held to.
pub use crate::domain::{Rule, Severity};
pub use crate::read::check::{Checked, Finding, rules as feed_rules};
/// What was understood of sources, without taking anything in.
pub use crate::read::{Difference, Enclosure, Item, LoadOptions, Named, Page, Source, extract, feed, load};
