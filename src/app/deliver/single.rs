//! Messages to single readers, which no edition's ledger keeps: over one connection, one after the other.

use jiff::SignedDuration;

use super::judge::Class;
use super::limits::{Meter, in_words};
use super::outlet::{self, Line, OpenFailed, Outlet};
use crate::app::Desk;
use crate::domain::{Address, Outcome};
use crate::mail::smtp::{Envelope, Refusal, Stage};
use crate::store::Granted;

/// What became of a message to a single reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) enum Fate {
    /// The server took it, or may have.
    Sent,
    /// The server wants to see it again after so long.
    Later { wait: SignedDuration, why: String },
    /// The server does not want it.
    Refused { why: String },
    /// No server can be reached, or none may have more for now, or the connection is gone: nothing is known of any message.
    Unreachable { why: String },
}

/// The connection that they leave by, opened with the first of them.
pub(in crate::app) struct Counter<'a> {
    desk: &'a Desk,
    outlets: Vec<Outlet>,
    /// With its place among the outlets.
    line: Option<(usize, Line)>,
}

impl<'a> Counter<'a> {
    pub fn new(desk: &'a Desk) -> anyhow::Result<Self> {
        Ok(Self { desk, outlets: outlet::all(desk)?, line: None })
    }

    /// Hands a message over; `tries` counts those before. An error is one that a person has to mend.
    pub async fn hand_over(
        &mut self,
        from: &Address,
        to: &Address,
        id: &str,
        message: &[u8],
        tries: u32,
    ) -> anyhow::Result<Fate> {
        let (at, mut line) = match self.line.take().filter(|(_, line)| line.is_usable()) {
            Some(open) => open,
            None => match self.open().await? {
                Ok(open) => open,
                Err(why) => return Ok(Fate::Unreachable { why }),
            },
        };
        if let Some(why) = self.closed(at).await? {
            self.line = Some((at, line));
            return Ok(Fate::Unreachable { why });
        }
        let envelope = Envelope { from: Some(from), to, id, size: message.len() };
        let handed = line.send(&envelope, message).await;
        self.line = Some((at, line));
        let wait = |class: Class| class.wait(tries.saturating_add(1));
        Ok(match handed {
            // Nobody is harmed by a second mail, and somebody may be waiting for the first; but twice is not better than once.
            Ok(Outcome::Sent { .. } | Outcome::Uncertain { .. }) => Fate::Sent,
            Ok(Outcome::Deferred { reply }) => {
                Fate::Later { wait: wait(Class::of(Stage::Message, &reply)), why: reply.to_string() }
            }
            Err(Refusal::Deferred { stage, reply }) => {
                Fate::Later { wait: wait(Class::of(stage, &reply)), why: reply.to_string() }
            }
            Err(Refusal::Refused { stage: Stage::Sender, reply }) => {
                anyhow::bail!("the mail server does not take the desk for a sender: {reply}")
            }
            Ok(Outcome::Refused { reply }) | Err(Refusal::Refused { reply, .. }) => Fate::Refused { why: reply.to_string() },
            Err(lost @ Refusal::Lost { .. }) => Fate::Unreachable { why: lost.to_string() },
        })
    }

    /// Counts a message to a server; says which limit is in the way, if one is.
    async fn closed(&self, at: usize) -> anyhow::Result<Option<String>> {
        let Some(outlet) = self.outlets.get(at).filter(|outlet| outlet.limits.are_set()) else { return Ok(None) };
        let (quotas, _) = Meter::new(outlet.limits).quotas();
        let granted = self.desk.ledger.take_quota(&outlet.name, &quotas, 1, self.desk.clock().now()).await?;
        Ok(match granted {
            Granted::Messages(_) => None,
            Granted::Nothing { until, quota } => Some(format!("the limit of {} is reached until {until:.0}", in_words(quota))),
        })
    }

    /// The first server that lets griot in; why not, where none does for now.
    async fn open(&self) -> anyhow::Result<Result<(usize, Line), String>> {
        let mut why = String::from("there is no mail server");
        for (at, outlet) in self.outlets.iter().enumerate() {
            match outlet.open().await {
                Ok(line) => return Ok(Ok((at, line))),
                Err(OpenFailed::Later(reason)) => why = reason,
                Err(OpenFailed::Mend(error)) => return Err(error),
            }
        }
        Ok(Err(why))
    }

    pub async fn close(self) {
        if let Some((_, line)) = self.line {
            line.quit().await;
        }
    }
}
