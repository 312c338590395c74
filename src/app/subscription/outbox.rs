//! The mails that wait for single readers: sent by `griot serve` as they come, and by `griot run`, whichever is there first.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Readership, Subscription};
use crate::app::deliver::{Counter, Fate};
use crate::app::{Desk, Served, edition, fence};
use crate::config::ListSettings;
use crate::domain::{Language, Line, Newsletter, SubscriptionState, WebUrl, counted};
use crate::mail::{NoticeHead, notice_message};
use crate::render::letter::{Notice, NoticeKind, notice};
use crate::store::Waiting;

/// What became of the mails that waited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    pub sent: usize,
    /// Wait on.
    pub later: usize,
    /// The reader's server does not want them: they are given up.
    pub refused: usize,
    /// Why the rest waits, where no server could be reached.
    pub stopped: Option<String>,
}

impl fmt::Display for Posted {
    /// `posted    2 mails to single readers, 1 waits`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "posted    {} to single readers", counted(self.sent, "mail"))?;
        if self.later > 0 {
            write!(f, ", {} later", self.later)?;
        }
        if self.refused > 0 {
            write!(f, ", {} given up", self.refused)?;
        }
        Ok(())
    }
}

/// Mails that are taken in hand together.
const TOGETHER: u32 = 20;
/// How long one who has mails in hand may take: then another may send them.
const LEASE: SignedDuration = SignedDuration::from_mins(15);
/// After that nobody waits for such a mail any more.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(48);
/// How long to wait where no server can be reached.
const UNREACHABLE: SignedDuration = SignedDuration::from_mins(5);

/// How often a server looks for mails that wait, and how long it leaves the mail server alone after an error.
const LOOK: Duration = Duration::from_secs(2);
const MENDING: Duration = Duration::from_mins(5);

/// Sends mails as they come, without an end; tells what somebody has to mend, once.
pub async fn keep_posting(served: &Served, tell: impl Fn(String)) -> std::convert::Infallible {
    let mut told = String::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let why = match post_waiting(&served.desk()).await {
            Ok(Posted { stopped: None, .. }) => {
                told.clear();
                continue;
            }
            Ok(Posted { stopped: Some(why), .. }) => why,
            Err(error) => format!("{error:#}"),
        };
        if why != told {
            tell(format!("mails to single readers wait: {why}"));
            told = why;
        }
        tokio::time::sleep(MENDING).await;
    }
}

/// Sends the mails whose time has come.
///
/// Each is made anew from the subscription as it stands now, and is the same bytes at each try. A crash between a server's
/// yes and the ledger's may send one of them twice, under the same Message-ID; none is lost.
pub async fn post_waiting(desk: &Desk) -> anyhow::Result<Posted> {
    let mut posted = Posted::default();
    if !desk.ledger.has_outbox(desk.clock().now()).await? {
        return Ok(posted);
    }
    fence::check(desk).await?;
    let readership = Readership::of(desk).await?;
    let mut counter = Counter::new(desk)?;
    loop {
        let now = desk.clock().now();
        let until = now.checked_add(LEASE).unwrap_or(now);
        let waiting = desk.ledger.take_outbox(now, until, TOGETHER).await?;
        if waiting.is_empty() {
            break;
        }
        for mail in waiting {
            // The rest of those in hand is given back at once.
            if posted.stopped.is_some() {
                desk.ledger.outbox_later(mail.subscription.id, mail.tries, after(desk, UNREACHABLE)).await?;
                posted.later += 1;
                continue;
            }
            send(desk, &readership, &mut counter, &mail, &mut posted).await?;
        }
        if posted.stopped.is_some() {
            break;
        }
    }
    counter.close().await;
    Ok(posted)
}

async fn send(
    desk: &Desk,
    readership: &Readership,
    counter: &mut Counter<'_>,
    mail: &Waiting,
    posted: &mut Posted,
) -> anyhow::Result<()> {
    let (subscription, ledger) = (&mail.subscription, &desk.ledger);
    let settings = edition::letter_settings(desk)?;
    let (message, id) = message(desk, readership, mail, &titles(desk, subscription).await?)?;
    let from = desk.settings.delivery.bounces.as_ref().unwrap_or(&settings.from.address);
    match counter.hand_over(from, &subscription.address, &id, &message, mail.tries).await? {
        Fate::Sent => {
            ledger.outbox_done(subscription.id).await?;
            posted.sent += 1;
        }
        Fate::Refused { .. } => {
            ledger.outbox_done(subscription.id).await?;
            posted.refused += 1;
        }
        Fate::Later { wait, .. } => {
            let next = after(desk, wait);
            if next.duration_since(mail.asked) > GIVE_UP {
                ledger.outbox_done(subscription.id).await?;
                posted.refused += 1;
            } else {
                ledger.outbox_later(subscription.id, mail.tries.saturating_add(1), next).await?;
                posted.later += 1;
            }
        }
        Fate::Unreachable { why } => {
            ledger.outbox_later(subscription.id, mail.tries, after(desk, UNREACHABLE)).await?;
            posted.later += 1;
            posted.stopped = Some(why);
        }
    }
    Ok(())
}

fn after(desk: &Desk, span: SignedDuration) -> Timestamp {
    let now = desk.clock().now();
    now.checked_add(span).unwrap_or(now)
}

/// The mail to a reader, and what it is known by.
fn message(desk: &Desk, readership: &Readership, mail: &Waiting, titles: &Line) -> anyhow::Result<(Vec<u8>, String)> {
    let subscription = &mail.subscription;
    let settings = edition::letter_settings(desk)?;
    let language = spoken(desk, subscription);
    let (kind, page, token) = if subscription.state == SubscriptionState::Confirmed {
        (NoticeKind::Known, "preferences", readership.token_of(subscription))
    } else {
        (NoticeKind::Confirm, "confirm", readership.confirming_token_of(subscription))
    };
    let link = page_of(desk, page, &token)?;
    // The letter's own look, but for what belongs to an edition.
    let style = crate::render::letter::LetterStyle { theme: settings.theme.clone(), ..Default::default() };
    let letter: Newsletter = notice(&Notice { kind, list: titles, language, link: &link }, &desk.settings.publication, &style)?;
    let id = edition::fingerprint(&["notice", &token, &mail.asked.to_string()]);
    let head = NoticeHead {
        from: settings.from.clone(),
        reply_to: settings.reply_to.clone().filter(|reply_to| reply_to.address != settings.from.address),
        message_id: format!("notice.{id}@{}", edition::sender_host(settings)),
        date: mail.asked,
        language: language.clone(),
    };
    let message = notice_message(&letter, &subscription.address, &head)?;
    let message = match edition::seal(desk)? {
        Some(seal) => seal.sign(&message, None, mail.asked)?,
        None => message,
    };
    Ok((message, id))
}

/// What the reader is spoken to in.
fn spoken<'a>(desk: &'a Desk, subscription: &'a Subscription) -> &'a Language {
    let of_list = || list(desk, subscription).map(|list| &list.language);
    subscription.language.as_ref().or_else(of_list).unwrap_or(&desk.settings.publication.language)
}

/// What the lists are called that the mail is for: all that were asked for together.
async fn titles(desk: &Desk, subscription: &Subscription) -> anyhow::Result<Line> {
    let together = desk.ledger.asked_together(subscription.id).await?;
    let publication = &desk.settings.publication.title;
    let title = |one| list(desk, one).map_or(publication, |list| &list.title).as_str();
    let mut titles: Vec<&str> = together.iter().map(title).collect();
    titles.dedup();
    Ok(Line::new(&titles.join(", ")).unwrap_or_else(|| publication.clone()))
}

fn list<'a>(desk: &'a Desk, subscription: &Subscription) -> Option<&'a ListSettings> {
    desk.settings.lists.iter().find(|list| list.name.as_str() == subscription.list)
}

/// There is no page that such a mail could lead to.
#[derive(Debug, thiserror::Error)]
#[error("a reader is to be written to, and has no page to go to")]
pub struct NoReadersPage;

/// A page of the readers', with a token.
pub(super) fn page_of(desk: &Desk, page: &str, token: &str) -> anyhow::Result<WebUrl> {
    let base = desk.settings.serve.url.as_ref().ok_or(NoReadersPage)?;
    Ok(base.join(&format!("{page}?t={token}")).ok_or(NoReadersPage)?)
}
