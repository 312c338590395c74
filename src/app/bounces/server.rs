//! Reports that lie in a mailbox on a server, fetched by IMAP.

use std::time::Duration;

use anyhow::Context;

use super::mailings::Mailing;
use super::{Desk, Taken, Tell};
use crate::app::edition::fingerprint;
use crate::app::secrets::{read_password, read_roots};
use crate::config::{self, ConfigError, ImapSettings};
use crate::mail::imap::{Fetched, Folder, ImapError, ImapLimits, ImapServer, Session};
use crate::mail::smtp::{Credentials, Security};

/// Messages that are fetched together: their beginnings are in memory at once.
const PAGE: u32 = 25;
/// How long one run reads a mailbox; the next one goes on.
const LONGEST: Duration = Duration::from_mins(10);

/// How far a folder has been read: all up to a UID, which means what it meant only as long as the validity stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    validity: u32,
    uid: u32,
}

/// Takes what is new in the mailbox on a server that the config names. Nothing there is deleted, and nothing is marked as
/// read unless the config says so.
///
/// A message that the server does not hand out is passed over, and its error goes to `failed`.
pub async fn take_imap(desk: &Desk, failed: &mut Vec<anyhow::Error>, tell: Tell<'_>) -> anyhow::Result<Taken> {
    let settings = desk.settings.bounces_imap.as_ref().ok_or_else(|| ConfigError::NoSection {
        file: desk.settings.file.clone(),
        section: "bounces.imap",
        needs: "name the mail server with `host`, and the login with `user` and `password_env`",
    })?;
    let mut taken = Taken::default();
    take(desk, settings, &mut taken, failed, tell).await?;
    Ok(taken)
}

/// Whether a mailbox cannot be read now, and may be later.
pub fn is_for_now(error: &anyhow::Error) -> bool {
    error.downcast_ref::<ImapError>().is_some_and(ImapError::is_transient)
}

pub(super) async fn take(
    desk: &Desk,
    settings: &ImapSettings,
    taken: &mut Taken,
    failed: &mut Vec<anyhow::Error>,
    tell: Tell<'_>,
) -> anyhow::Result<()> {
    let server = server(desk, settings)?;
    let late = ImapError::Timeout { host: server.host.clone(), port: server.port };
    let all = async {
        let mut session = Session::open(&server).await?;
        let mut reading = Reading { desk, settings, session: &mut session, taken, failed };
        reading.take(tell).await?;
        session.logout().await;
        anyhow::Ok(())
    };
    tokio::time::timeout(LONGEST, all)
        .await
        .unwrap_or_else(|_| Err(late.into()))
        .with_context(|| format!("failed to read the mailbox `{}` at `{}`", settings.folder, settings.host))
}

fn server(desk: &Desk, settings: &ImapSettings) -> Result<ImapServer, ConfigError> {
    Ok(ImapServer {
        host: settings.host.clone(),
        port: settings.port,
        security: match settings.security {
            config::Security::Tls => Security::Tls,
            config::Security::StartTls => Security::StartTls,
            config::Security::None => Security::Clear,
        },
        credentials: Credentials::new(settings.user.clone(), read_password(desk, &settings.password)?),
        roots: read_roots(settings.ca_file.as_deref())?,
        limits: ImapLimits::default(),
    })
}

struct Reading<'a> {
    desk: &'a Desk,
    settings: &'a ImapSettings,
    session: &'a mut Session,
    taken: &'a mut Taken,
    failed: &'a mut Vec<anyhow::Error>,
}

impl Reading<'_> {
    async fn take(&mut self, tell: Tell<'_>) -> anyhow::Result<()> {
        let ImapSettings { host, user, folder: name, seen, .. } = self.settings;
        let key = format!("imap.{}", fingerprint(&[host, user, name]));
        let folder = self.session.open_folder(name, *seen).await?;
        let mut mark = self.mark(&key, folder).await?;
        let mut first = self.session.first_after(folder, mark.uid).await?;
        while first <= folder.count {
            let last = first.saturating_add(PAGE - 1).min(folder.count);
            let (page, highest) = self.page(first, last).await?;
            let new: Vec<Fetched> = page.into_iter().filter(|message| message.uid > mark.uid).collect();
            let numbers: Vec<u32> = new.iter().map(|message| message.number).collect();
            mark.uid = new.iter().map(|message| message.uid).chain(highest).fold(mark.uid, u32::max);
            let mailings: Vec<Mailing> = new.iter().map(|message| Mailing::begun(&message.head, message.size)).collect();
            super::take(self.desk, &mailings, self.taken, tell).await?;
            // After the reports: whoever is stopped between the two takes them again, and finds them known.
            self.desk.ledger.keep(&key, &format!("{} {}", mark.validity, mark.uid)).await?;
            if *seen {
                self.mark_seen(&numbers).await?;
            }
            let Some(next) = last.checked_add(1) else { return Ok(()) };
            first = next;
        }
        Ok(())
    }

    /// How far the folder has been read; not at all where its UIDs mean other messages now.
    async fn mark(&self, key: &str, folder: Folder) -> anyhow::Result<Mark> {
        let kept = self.desk.ledger.kept(key).await?;
        let known = kept
            .as_deref()
            .and_then(|kept| kept.split_once(' '))
            .and_then(|(validity, uid)| Some(Mark { validity: validity.parse().ok()?, uid: uid.parse().ok()? }));
        let fresh = Mark { validity: folder.validity, uid: 0 };
        Ok(known.filter(|known| known.validity == folder.validity).unwrap_or(fresh))
    }

    /// Messages by their numbers; and the highest UID of those that the server does not hand out.
    async fn page(&mut self, first: u32, last: u32) -> anyhow::Result<(Vec<Fetched>, Option<u32>)> {
        match self.session.fetch(first, last).await {
            // One that is damaged on the server is not to keep the others back.
            Err(error @ ImapError::Refused { .. }) if !error.is_transient() => {}
            fetched => return Ok((fetched?, None)),
        }
        let (mut page, mut highest) = (Vec::new(), None);
        for number in first..=last {
            match self.session.fetch(number, number).await {
                Ok(one) => page.extend(one),
                Err(error @ ImapError::Refused { .. }) if !error.is_transient() => {
                    highest = highest.max(self.session.uid_of(number).await?);
                    let host = &self.settings.host;
                    let context = format!("failed to fetch message {number} of the mailbox at `{host}`; it is passed over");
                    self.failed.push(anyhow::Error::from(error).context(context));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok((page, highest))
    }

    async fn mark_seen(&mut self, numbers: &[u32]) -> anyhow::Result<()> {
        match self.session.mark_seen(numbers).await {
            Err(error @ ImapError::Refused { .. }) => {
                self.failed.push(anyhow::Error::from(error).context("failed to mark mail as read; the ledger has it"));
                Ok(())
            }
            done => Ok(done?),
        }
    }
}
