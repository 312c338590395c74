//! What readers do themselves: ask for a subscription, confirm it, look at it, leave.
//!
//! All but the asking is proven by a token (`app/token.rs`). Nothing here tells anybody whether an address is known.

mod leavings;
mod outbox;
mod stamps;

use std::collections::HashMap;

use anyhow::Context;
use jiff::SignedDuration;

use super::Desk;
use super::readers::Marks;
use super::token::{Holder, Mint, Purpose, Shown};
use crate::domain::{Address, Language, Line, SubscriptionId, SubscriptionState, Way};
pub use crate::store::{Asked, Confirming, Invited, Subscription};
use crate::store::{Asking, AskingLimits, Leaving};
pub use leavings::{Leavings, NotLeft};
pub use outbox::{NoReadersPage, Posted, keep_posting, post_waiting};
pub use stamps::Stamps;

/// How long a confirmation mail can be answered.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(14 * 24);

const LIMITS: AskingLimits = AskingLimits { pause: SignedDuration::from_mins(10), address_daily: 3, list_hourly: 1000 };

/// Knows the tokens of this ledger's readers.
#[derive(Debug)]
pub struct Readership {
    mint: Mint,
}

/// What came of leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// The reader was on the list until now.
    Now(Subscription),
    /// Had left before.
    Before(Subscription),
    /// The token is none of this ledger's, or its reader was erased.
    Unknown,
}

/// Where a confirmation stands before it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answerable {
    /// What is waited for: all that was asked for together.
    Waits(Vec<Subscription>),
    /// It was confirmed before.
    Confirmed(Subscription),
}

impl Readership {
    pub async fn of(desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self { mint: Mint::of(desk).await? })
    }

    /// The subscription that a token is for, as it stands now.
    pub async fn look(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<Subscription>> {
        self.proven(desk, token, Purpose::Leave).await
    }

    /// The subscription that a confirmation mail was for, as it stands now.
    pub async fn look_to_confirm(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<Subscription>> {
        self.proven(desk, token, Purpose::Confirm).await
    }

    /// What a confirmation mail can still be answered for; nothing where it came too late, or the token is none of this
    /// ledger's.
    pub async fn answerable(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<Answerable>> {
        let Some(found) = self.look_to_confirm(desk, token).await? else { return Ok(None) };
        if found.state == SubscriptionState::Confirmed {
            return Ok(Some(Answerable::Confirmed(found)));
        }
        let now = desk.clock().now();
        let in_time = found.asked.is_some_and(|asked| now.duration_since(asked) <= PATIENCE);
        Ok(if in_time { Some(Answerable::Waits(desk.ledger.asked_together(found.id).await?)) } else { None })
    }

    /// The subscription by which a letter went out that came back, as its address of return proves.
    pub(super) async fn returned(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<Subscription>> {
        self.proven(desk, token, Purpose::Bounce).await
    }

    /// Takes the reader of a token off the list.
    pub async fn leave(&self, desk: &Desk, token: &str, way: Way) -> anyhow::Result<Left> {
        let left = self.leave_all(desk, &[(token.to_owned(), way)]).await?;
        left.into_iter().next().context("one leaving came to nothing")
    }

    /// The same for many at once, which are written down together: all of them are, or none is.
    pub async fn leave_all(&self, desk: &Desk, tokens: &[(String, Way)]) -> anyhow::Result<Vec<Left>> {
        let shown: Vec<Option<Shown>> = tokens.iter().map(|(token, _)| Shown::parse(token)).collect();
        let ids: Vec<SubscriptionId> = shown.iter().flatten().map(|shown| self.mint.names(shown)).collect();
        let found = desk.ledger.subscriptions(&ids).await?;
        let found: HashMap<SubscriptionId, Subscription> = found.into_iter().map(|found| (found.id, found)).collect();
        let proven = |shown: &Option<Shown>| {
            let shown = shown.as_ref()?;
            let found = found.get(&self.mint.names(shown))?;
            self.proves(shown, Purpose::Leave, found).then(|| found.clone())
        };
        let known: Vec<Option<Subscription>> = shown.iter().map(proven).collect();
        let leaving = |(found, (token, way)): (&Option<Subscription>, &(String, Way))| {
            Some(Leaving { id: found.as_ref()?.id, way: *way, token: Some(token.trim().to_owned()) })
        };
        let leaving: Vec<Leaving> = known.iter().zip(tokens).filter_map(leaving).collect();
        let mut left = desk.ledger.leave(&leaving, desk.clock().now()).await?.into_iter();
        let become_of = |found| match found {
            None => Left::Unknown,
            Some(found) if left.next() == Some(true) => Left::Now(found),
            Some(found) => Left::Before(found),
        };
        Ok(known.into_iter().map(become_of).collect())
    }

    /// Confirms the subscription that a confirmation mail was for; nothing where the token is none of this ledger's.
    pub async fn confirm(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<(Subscription, Confirming)>> {
        let Some(found) = self.look_to_confirm(desk, token).await? else { return Ok(None) };
        let now = desk.clock().now();
        let day = found.asked.unwrap_or(now).to_zoned(desk.settings.publication.zone.clone()).date();
        let consent = Line::new(&format!("asked for on {day} by the form, and confirmed by mail")).context("a consent")?;
        let came = desk.ledger.confirm(found.id, token.trim(), &consent, PATIENCE, now).await?;
        Ok(Some((found, came)))
    }

    /// The subscriptions of the reader of a token, on whatever list; the one that the token is for among them.
    pub async fn all_of(&self, desk: &Desk, token: &str) -> anyhow::Result<Option<(SubscriptionId, Vec<Subscription>)>> {
        let Some(found) = self.look(desk, token).await? else { return Ok(None) };
        Ok(Some((found.id, desk.ledger.subscriptions_beside(found.id).await?)))
    }

    /// Takes the reader of a token off other lists of the same address, too; gives off how many.
    pub async fn leave_beside(&self, desk: &Desk, token: &str, lists: &[&str]) -> anyhow::Result<usize> {
        let Some((_, all)) = self.all_of(desk, token).await? else { return Ok(0) };
        let leaving = |one: &Subscription| Leaving { id: one.id, way: Way::Page, token: Some(token.trim().to_owned()) };
        let leaving: Vec<Leaving> = all.iter().filter(|one| lists.contains(&one.list.as_str())).map(leaving).collect();
        let left = desk.ledger.leave(&leaving, desk.clock().now()).await?;
        Ok(left.into_iter().filter(|left| *left).count())
    }

    /// Speaks to the reader of a token in this language from now on, on all lists; says whether there is such a reader.
    pub async fn speak(&self, desk: &Desk, token: &str, language: &Language) -> anyhow::Result<bool> {
        let Some((_, all)) = self.all_of(desk, token).await? else { return Ok(false) };
        for one in all {
            desk.ledger.speak(one.id, language, token.trim(), desk.clock().now()).await?;
        }
        Ok(true)
    }

    /// What the page of a reader is opened with: only griot can make it, and it is the same for years.
    pub fn token_of(&self, subscription: &Subscription) -> String {
        self.made(Purpose::Leave, subscription)
    }

    /// What a confirmation mail is answered with.
    pub fn confirming_token_of(&self, subscription: &Subscription) -> String {
        self.made(Purpose::Confirm, subscription)
    }

    fn made(&self, purpose: Purpose, subscription: &Subscription) -> String {
        let reader = subscription.address.key();
        let token = self.mint.token(purpose, &Holder { id: subscription.id, list: &subscription.list, reader: &reader });
        String::from_utf8_lossy(&token).into_owned()
    }

    async fn proven(&self, desk: &Desk, token: &str, purpose: Purpose) -> anyhow::Result<Option<Subscription>> {
        let Some(shown) = Shown::parse(token) else { return Ok(None) };
        let found = desk.ledger.subscription(self.mint.names(&shown)).await?;
        Ok(found.filter(|found| self.proves(&shown, purpose, found)))
    }

    fn proves(&self, shown: &Shown, purpose: Purpose, found: &Subscription) -> bool {
        let holder = Holder { id: found.id, list: &found.list, reader: &found.address.key() };
        self.mint.proves(shown, purpose, &holder)
    }
}

/// Notes that somebody asks by the form to be put on some lists; one mail, to be answered for all of them, waits in the
/// ledger from then on.
///
/// `wording` is what the form said, kept with the receipt.
pub async fn ask(
    desk: &Desk,
    lists: &[&str],
    address: &Address,
    language: Option<&Language>,
    wording: &str,
) -> anyhow::Result<Asked> {
    let hash = super::readers::hash(wording);
    let erased = Marks::of(desk).await?.map(|marks| marks.hash(address));
    let asking = Asking { lists, address, language, wording: (&hash, wording), erased: erased.as_deref() };
    Ok(desk.ledger.ask(&asking, &LIMITS, desk.clock().now()).await?)
}

/// Asks pending readers of a list, whom the desk has put there, to confirm: each once, by the mail that the form leads to, too.
///
/// Half of those who can be asked in an hour are left to the form.
pub async fn invite(desk: &Desk, list: &str) -> anyhow::Result<Invited> {
    if desk.settings.serve.url.is_none() {
        return Err(NoReadersPage.into());
    }
    Ok(desk.ledger.invite(list, LIMITS.list_hourly / 2, desk.clock().now()).await?)
}

#[cfg(test)]
mod tests;
