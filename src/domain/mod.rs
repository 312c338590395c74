//! The words of griot as types: what an article, a show, an edition, a reader and a delivery are.
//!
//! Everything here is plain data with its rules built in: no I/O, no async, no clock, no wire format.
//! A value that exists is valid; what may be missing is an `Option` before the gate ([`Draft`]) and a field after it ([`Article`]).

mod address;
mod article;
mod block;
mod bounce;
mod colour;
mod count;
mod delivery;
mod draft;
mod edition;
mod feed;
mod fold;
mod frequency;
mod html;
mod identity;
mod language;
mod letter;
mod line;
mod moment;
mod pattern;
pub mod podcast;
mod publication;
mod receipt;
mod reply;
mod rich;
mod rule;
mod show;
mod subscriber;
mod theme;
mod uuid;
mod web_url;
mod wording;
mod written;

pub use address::{Address, AddressError, Mailbox};
pub use article::{Archived, Article, ArticleId};
pub use block::{Block, Figure};
pub use bounce::Bounce;
pub use colour::Colour;
pub use count::counted;
pub use delivery::{Balance, DeliveryState, Exclusion, Outcome};
pub use draft::{Draft, Format, Missing, Note};
pub use edition::{Edition, EditionId, InlinePicture, Items, Newsletter, Variant};
pub use feed::{Scope, is_same_name};
pub use fold::{fold, is_xml_char};
pub use frequency::{Frequency, english, weekday};
pub use html::{SafeHtml, escape_into};
pub use language::Language;
pub use letter::{LetterBody, WithoutAlt};
pub use line::{Line, slug, visible};
pub use moment::Moment;
pub use pattern::{Pattern, PatternError, Placeholder};
pub use publication::{Publication, Syndication, article_page};
pub use receipt::{Deed, SubscriptionState, Way};
pub use reply::Reply;
pub use rich::{Href, Inline, Rich};
pub(crate) use rule::rules;
pub use rule::{Finding, Findings, LetterPart, Rule, Severity, quoted};
pub use show::{Episode, Promo, Show};
pub use subscriber::{Confirmed, Pending, Recipient, Subscriber, SubscriptionId};
pub use theme::{FontStack, Fonts, Logo, Palette, Theme, Unreadable};
pub use uuid::uuid;
pub use web_url::WebUrl;
pub use wording::Wording;
pub use written::{Sheet, Slip, Written, https};
