use anyhow::Context;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::deliver::{Delivered, Frozen, Orders, deliver, freeze};
use super::edition::News;
use super::feeds::{self, Exceptions, FeedGuard, rebuild};
use super::shows::{publish_shows, untold};
use super::sources::{self, Harvest};
use super::{Desk, FencedOff, Lock, Milestone, NoReaders, Posted, Tell, bounces, edition, fence, inbox, subscription};
use crate::config::Plan;
use crate::domain::{EditionId, Line};
use crate::mail::smtp::OpenError;
use crate::store::{SendingId, StoreError};

/// What one cron tick came to.
#[derive(Debug, Default)]
pub struct Ran {
    pub delivered: Vec<Delivered>,
    /// Mails to single readers.
    pub posted: Posted,
    /// What went wrong without stopping the rest.
    pub failed: Vec<anyhow::Error>,
    /// What could not be done yet, and will be tried by the next run.
    pub waiting: Vec<anyhow::Error>,
}

/// A plan that griot never saw before does not make up for instants longer ago than cron's usual step.
const FIRST_GRACE: SignedDuration = SignedDuration::from_mins(10);
/// An instant that was missed (the machine was off) is made up for within this time, and left out after it.
const GRACE: SignedDuration = SignedDuration::from_hours(24);
/// The most articles whose letters are looked for.
const LOOKED_AT: u32 = 100;

/// One cron tick: takes the reports that came back, takes in what lies in the inbox and what is new at the sources, publishes, sends what is due, goes on with what waits.
///
/// The lock is let go of as soon as nothing but mail is left to do. With nothing to do, nothing is told, and no byte changes.
pub async fn run(desk: &Desk, lock: Lock, orders: &Orders, tell: Tell<'_>) -> anyhow::Result<Ran> {
    let mut ran = Ran::default();
    // First of all: nobody is to be mailed whose last letter came back.
    let drained = bounces::drain(desk, &mut ran.failed, tell).await;
    if ran.is_over(drained) {
        return Ok(ran);
    }
    let drained = bounces::drain_imap(desk, &mut ran.failed, tell).await;
    if ran.is_over(drained) {
        return Ok(ran);
    }
    let taken_in = inbox::empty(desk, tell, &mut ran.failed).await;
    if ran.is_over(taken_in) {
        return Ok(ran);
    }
    let taken_in = from_sources(desk, tell, &mut ran.failed).await;
    if ran.is_over(taken_in) {
        return Ok(ran);
    }
    // Before the articles: their promo tells the latest episode.
    let shows = from_shows(desk, tell, &mut ran.failed).await;
    if ran.is_over(shows) {
        return Ok(ran);
    }
    let published = publish_due(desk, Exceptions::default(), tell, &mut ran.failed).await;
    if ran.is_over(published) {
        return Ok(ran);
    }
    if let Err(error) = feeds::announce(desk, tell).await
        && ran.is_over(Err(error))
    {
        return Ok(ran);
    }
    if !may_send(desk, &mut ran.failed).await {
        return Ok(ran);
    }
    if !to_single_readers(desk, &mut ran, tell).await {
        return Ok(ran);
    }
    let mut frozen: Vec<Frozen> = Vec::new();
    for plan in &desk.settings.schedule {
        match due(desk, plan, tell).await {
            Ok(due) => frozen.extend(due),
            Err(error) => ran.failed.push(error.context(format!("failed to carry out the plan `{}`", plan.name))),
        }
    }
    let waiting = match desk.ledger.waiting_sendings(desk.now()).await {
        Ok(waiting) => waiting,
        Err(error) => {
            ran.failed.push(error.into());
            return Ok(ran);
        }
    };
    for sending in waiting {
        if frozen.iter().any(|frozen| frozen.sending == sending) {
            continue;
        }
        match edition::find(desk, Some(sending.edition.as_str())).await {
            Ok(edition) => frozen.push(Frozen { edition, sending }),
            Err(error) => ran.failed.push(error),
        }
    }
    drop(lock);
    for frozen in frozen {
        match deliver(desk, &frozen, orders, tell).await {
            Ok(delivered) => ran.delivered.extend(delivered),
            Err(error) => {
                let closed = is_about_server(&error);
                ran.failed.push(error);
                if closed {
                    break;
                }
            }
        }
    }
    Ok(ran)
}

/// Sends the mails that single readers asked for, and forgets who never answered one. Says whether the mail server lets griot in.
async fn to_single_readers(desk: &Desk, ran: &mut Ran, tell: Tell<'_>) -> bool {
    let before = desk.now().checked_sub(subscription::PATIENCE).unwrap_or(Timestamp::MIN);
    if let Err(error) = desk.ledger.forget_unconfirmed(before).await {
        ran.failed.push(error.into());
        return false;
    }
    match subscription::post_waiting(desk).await {
        Ok(posted) => {
            if posted != Posted::default() {
                tell(&Milestone::Posted(posted.clone()));
            }
            ran.posted = posted;
            true
        }
        Err(error) => {
            let closed = is_about_server(&error);
            ran.failed.push(error.context("failed to send the mails that single readers wait for"));
            !closed
        }
    }
}

/// Whether the mail server does not let griot in. It is not asked a second time in one run: a login that is refused again and
/// again locks the account.
fn is_about_server(error: &anyhow::Error) -> bool {
    error.chain().any(<dyn std::error::Error>::is::<OpenError>)
}

impl Ran {
    /// Whether a step that failed ends the run.
    ///
    /// It does where the ledger fails, or does not know what is published: who mails by such a ledger mails twice.
    /// A full disk or a locked folder is told at the end, and keeps no letter from going out.
    fn is_over(&mut self, step: anyhow::Result<()>) -> bool {
        let Err(error) = step else { return false };
        if bounces::is_for_now(&error) {
            self.waiting.push(error);
            return false;
        }
        let over = error.chain().any(|cause| {
            let of_the_ledger =
                cause.downcast_ref::<StoreError>().is_some_and(|error| !matches!(error, StoreError::Write { .. }));
            of_the_ledger || cause.is::<FeedGuard>()
        });
        self.failed.push(error);
        over
    }
}

/// Takes in what is new at the sources, with the letter of each article that came.
async fn from_sources(desk: &Desk, tell: Tell<'_>, failed: &mut Vec<anyhow::Error>) -> anyhow::Result<()> {
    let mut harvest = Harvest::default();
    let asked = sources::tick(desk, tell, &mut harvest).await;
    failed.append(&mut harvest.failed);
    asked?;
    edition::write_each(desk, harvest.taken.iter().map(|taken| &taken.archived.id), tell, failed).await
}

/// Publishes the shows. What is wrong with their files is told, unless it has been.
async fn from_shows(desk: &Desk, tell: Tell<'_>, failed: &mut Vec<anyhow::Error>) -> anyhow::Result<()> {
    let published = publish_shows(desk, Exceptions::default(), tell).await?;
    failed.extend(untold(desk, published.failed).await?);
    Ok(())
}

/// Rebuilds the feeds and their pages where something came due, was edited or was configured since they were last built.
pub(super) async fn publish_due(
    desk: &Desk,
    exceptions: Exceptions,
    tell: Tell<'_>,
    failed: &mut Vec<anyhow::Error>,
) -> anyhow::Result<()> {
    if feeds::are_current(desk).await? {
        return Ok(());
    }
    rebuild(desk, exceptions, tell).await?;
    // What came due has no letter yet, and a `publish` that was stopped may have left none.
    let recent = desk.ledger.articles(desk.now(), None, LOOKED_AT).await?;
    let without = recent.iter().map(|archived| &archived.id).filter(|id| !edition::has_files(desk, id));
    edition::write_each(desk, without, tell, failed).await?;
    feeds::rebuild_pages(desk, tell).await
}

/// Whether the fence lets mail out. That it does not is said where there would be mail: a copy that only publishes is fine.
async fn may_send(desk: &Desk, failed: &mut Vec<anyhow::Error>) -> bool {
    let Err(error) = fence::check(desk).await else { return true };
    let is_idle = desk.settings.schedule.is_empty()
        && desk.ledger.waiting_sendings(desk.now()).await.is_ok_and(|waiting| waiting.is_empty());
    if !is_idle || !error.is::<FencedOff>() {
        failed.push(error);
    }
    false
}

/// Counts what was planned up to now as done. Gives the latest instant of each plan for which it was not.
pub(super) async fn pass_over(desk: &Desk) -> anyhow::Result<Vec<(Line, Timestamp)>> {
    let now = desk.now();
    let mut passed = Vec::new();
    for plan in &desk.settings.schedule {
        let name = plan.name.as_str();
        let last = desk.ledger.last_run(name, now).await?;
        let latest = latest_instant(plan, &now.to_zoned(desk.settings.publication.zone.clone()))?.map(|at| at.timestamp());
        let at = match (last, latest) {
            (Some(last), latest) if latest.is_none_or(|at| at <= last.planned) => {
                if last.is_finished {
                    continue;
                }
                last.planned
            }
            (_, Some(at)) => at,
            (_, None) => continue,
        };
        desk.ledger.begin_run(name, at, None, now).await?;
        desk.ledger.finish_run(name, at, now).await?;
        passed.push((plan.name.clone(), at));
    }
    Ok(passed)
}

/// Sees to the latest planned instant of a plan, if nobody has yet.
async fn due(desk: &Desk, plan: &Plan, tell: Tell<'_>) -> anyhow::Result<Option<Frozen>> {
    let (now, name) = (desk.now(), plan.name.as_str());
    let last = desk.ledger.last_run(name, now).await?;
    if let Some(last) = last.as_ref().filter(|last| !last.is_finished) {
        // A run was stopped before it was done. What it froze goes on by itself; what it did not is carried out now.
        if now.duration_since(last.planned) <= GRACE && !has_begun(desk, plan, last.edition.as_ref()).await? {
            return carry_out(desk, plan, last.planned, tell).await;
        }
        desk.ledger.finish_run(name, last.planned, now).await?;
    }
    let Some(planned) = latest_instant(plan, &now.to_zoned(desk.settings.publication.zone.clone()))? else { return Ok(None) };
    let at = planned.timestamp();
    match last {
        Some(last) if last.planned >= at || now.duration_since(at) > GRACE => Ok(None),
        // The plan is new: what lies behind it is not made up for, and from now on it is known.
        None if now.duration_since(at) > FIRST_GRACE => {
            desk.ledger.begin_run(name, at, None, now).await?;
            desk.ledger.finish_run(name, at, now).await?;
            Ok(None)
        }
        _ => carry_out(desk, plan, at, tell).await,
    }
}

/// Whether the audience of a run's edition has been frozen.
async fn has_begun(desk: &Desk, plan: &Plan, edition: Option<&EditionId>) -> anyhow::Result<bool> {
    let Some(edition) = edition else { return Ok(false) };
    let sending = SendingId { edition: edition.clone(), list: plan.list.to_string() };
    Ok(desk.ledger.begun(&sending).await?.is_some())
}

/// Sends the new articles of a planned instant. The instant is taken up before the first deed, so that it happens once.
async fn carry_out(desk: &Desk, plan: &Plan, at: Timestamp, tell: Tell<'_>) -> anyhow::Result<Option<Frozen>> {
    let name = plan.name.as_str();
    let Some(edition) = compose(desk, plan, at, tell).await? else {
        desk.ledger.begin_run(name, at, None, desk.now()).await?;
        desk.ledger.finish_run(name, at, desk.now()).await?;
        return Ok(None);
    };
    desk.ledger.begin_run(name, at, Some(&edition), desk.now()).await?;
    let frozen = match freeze(desk, &edition, Some(plan.list.as_str()), tell).await {
        Ok(frozen) => Some(frozen),
        // A list that nobody is on yet is no reason to complain at every tick.
        Err(error) if error.downcast_ref::<NoReaders>().is_some() => {
            tell(&Milestone::NoReaders { plan: plan.name.clone(), list: plan.list.clone() });
            None
        }
        Err(error) => return Err(error),
    };
    desk.ledger.finish_run(name, at, desk.now()).await?;
    Ok(frozen)
}

/// The edition of what is new to the plan's list, if that is enough for a letter.
async fn compose(desk: &Desk, plan: &Plan, at: Timestamp, tell: Tell<'_>) -> anyhow::Result<Option<EditionId>> {
    let News { articles, left, is_first } =
        edition::news(desk, plan.list.as_str(), plan.items, &plan.topics, plan.language.as_ref()).await?;
    let count = articles.len();
    // A list's first letter shows that it works.
    let is_enough = is_first || u32::try_from(count + left).is_ok_and(|new| new >= plan.minimum);
    if count == 0 {
        tell(&Milestone::NothingNew { plan: plan.name.clone() });
    } else if !is_enough {
        tell(&Milestone::TooFew { plan: plan.name.clone(), count: count + left, minimum: plan.minimum });
    }
    if count == 0 || !is_enough {
        return Ok(None);
    }
    if left > 0 {
        tell(&Milestone::LeftOut { plan: Some(plan.name.clone()), list: plan.list.clone(), count: left });
    }
    edition::planned(desk, plan, at, articles).await
}

/// The latest instant of a plan that is not after `now`, in the publication's time zone.
fn latest_instant(plan: &Plan, now: &Zoned) -> anyhow::Result<Option<Zoned>> {
    match plan.cron.find_previous_occurrence(now, true) {
        Ok(planned) => Ok(Some(planned)),
        Err(croner::errors::CronError::TimeSearchLimitExceeded) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to find the instants of the plan `{}`", plan.name)),
    }
}
