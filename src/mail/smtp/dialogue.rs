use std::time::Duration;

use super::envelope::Commands;
use super::extensions::{Extension, Extensions};
use super::reply::Said;
use super::wire::{Broken, within};
use super::{Awaited, Connection, Envelope, Handed, Refusal, Stage, Timeouts, framing};
use crate::domain::{Outcome, Reply};

/// How long a server that hung up is listened to: it may have said why.
const LAST_WORDS: Duration = Duration::from_secs(2);

const DATA: &str = "DATA\r\n";

impl Connection {
    /// Whether envelope and message leave in one flight: [`Connection::give_at_once`] then costs one round trip.
    pub fn is_one_flight(&self) -> bool {
        self.extensions.has(Extension::Pipelining) && self.extensions.has(Extension::Chunking)
    }

    /// Whether the server can be asked for the next message together with one: [`Connection::hand_over`] then costs the only
    /// round trip of a message.
    pub fn asks_ahead(&self) -> bool {
        self.extensions.has(Extension::Pipelining)
    }

    /// Whether another message can be begun.
    pub fn is_usable(&self) -> bool {
        self.wire.is_in_step() && self.awaited.is_none()
    }

    /// Whether the server was asked for the next message together with the last: [`Connection::begun`] hears what it says.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some() && self.wire.is_open()
    }

    /// Does without all that the server says it can (RFC 5321, section 4.2.4): what it did not understand may have been one
    /// of these. Each command waits for its answer from here on.
    pub fn without_extensions(&mut self) {
        self.extensions = Extensions::default();
    }

    /// Asks the server to take a message, up to the point where it waits for it.
    ///
    /// After a plain refusal the connection can be used for the next reader.
    pub async fn begin(&mut self, envelope: &Envelope<'_>) -> Result<(), Refusal> {
        let commands = self.commands(envelope)?;
        let begun = if self.extensions.has(Extension::Pipelining) {
            self.ask_at_once(&commands).await
        } else {
            self.ask_in_turn(&commands).await
        };
        if begun.is_ok() {
            self.awaited = Some(Awaited::Message { eight_bit: commands.eight_bit });
        }
        begun
    }

    /// What the server says to the message that [`Connection::hand_over`] asked it for, as [`Connection::begin`] gives it.
    pub async fn begun(&mut self) -> Result<(), Refusal> {
        let asked = self.asked.take().filter(|_| self.wire.is_open());
        let Some(asked) = asked else {
            return Err(Refusal::Lost { stage: Stage::Sender, reason: "no connection".to_owned() });
        };
        let begun = self.message_awaited(0).await;
        if begun.is_ok() {
            self.awaited = Some(asked);
        }
        begun
    }

    /// Gives the server the message but for its end, without which it cannot take it. [`Connection::hand_over`] ends it.
    ///
    /// Where that cannot be done, the outcome says why.
    pub async fn give(&mut self, message: &[u8]) -> Result<(), Outcome> {
        let Some(Awaited::Message { eight_bit }) = self.awaited.take() else { return Err(not_awaited()) };
        let Some(dotted) = framing::dotted(message, eight_bit) else {
            self.wire.end();
            return Err(unfit());
        };
        match within(self.limits.end_of_data, self.wire.send(&dotted, 0)).await {
            Ok(()) => {
                self.awaited = Some(Awaited::End);
                Ok(())
            }
            Err(broken) => Err(self.broken_off(&broken).await),
        }
    }

    /// Hands over the message that the server was given: ends it, and waits for the server's word on it.
    ///
    /// From the call on, until the outcome is known, the server may have the message: record that before calling.
    ///
    /// The server is asked for the `next` one in the same flight, which RFC 2920, section 3.1, allows, if it takes commands in
    /// flights at all and has not said that it would refuse it ([`Connection::is_asked`]).
    pub async fn hand_over(&mut self, next: Option<&Envelope<'_>>) -> Outcome {
        let Some(Awaited::End) = self.awaited.take() else { return not_awaited() };
        let next = next.filter(|_| self.asks_ahead()).and_then(|next| next.commands(&self.extensions).ok());
        let (mut flight, mut replies) = (framing::END.to_owned(), 1);
        if let Some(next) = &next {
            flight.extend([&next.mail, &next.rcpt, DATA]);
            replies += 3;
        }
        let limit = self.limits.end_of_data;
        let mut is_gone = false;
        let answer = within(limit, async {
            self.wire.send(flight.as_bytes(), replies).await?;
            is_gone = true;
            self.wire.reply().await
        });
        let answer = answer.await;
        // The end may be out where what follows it is not.
        is_gone |= next.is_some() && self.wire.sent() >= framing::END.len();
        self.asked = next.map(|commands| Awaited::Message { eight_bit: commands.eight_bit });
        match answer {
            Ok(said) => self.verdict(&said),
            Err(broken) if is_gone => self.in_doubt(&broken),
            Err(broken) => self.broken_off(&broken).await,
        }
    }

    /// Gives the server envelope and message in one flight, MAIL, RCPT, and the message as one chunk (RFC 3030), but for the
    /// end of it. [`Connection::hand_over_at_once`] ends it. Where the server cannot do that, the same in turns.
    ///
    /// Where that cannot be done, the error says what became of it.
    pub async fn give_at_once(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Result<(), Handed> {
        if !self.is_one_flight() {
            self.begin(envelope).await.map_err(Err)?;
            return self.give(message).await.map_err(Ok);
        }
        let commands = self.commands(envelope).map_err(Err)?;
        let Some(chunk) = framing::whole(message, commands.eight_bit) else { return Err(Ok(unfit())) };
        let (reset, resets) = self.reset();
        let last = format!("BDAT {} LAST\r\n", chunk.len());
        let most = chunk.strip_suffix(framing::END_OF_LINE).unwrap_or_default();
        let flight = [reset.as_bytes(), commands.mail.as_bytes(), commands.rcpt.as_bytes(), last.as_bytes(), most].concat();
        match within(self.limits.end_of_data, self.wire.send(&flight, resets + 3)).await {
            Ok(()) => {
                self.awaited = Some(Awaited::EndOfChunk { resets });
                Ok(())
            }
            Err(broken) if broken.is_unsent() => Err(Err(self.lost(Stage::Sender, &broken))),
            Err(broken) => Err(self.chunk_broken_off(resets, &broken).await),
        }
    }

    /// Hands over the message that the server was given with its envelope: ends it, and waits for the server's word on both.
    ///
    /// From the call on, until it returns, the server may have the message: record that before calling.
    pub async fn hand_over_at_once(&mut self) -> Handed {
        let Some(Awaited::EndOfChunk { resets }) = self.awaited else { return Ok(self.hand_over(None).await) };
        self.awaited = None;
        if let Err(broken) = within(self.limits.end_of_data, self.wire.send_rest(framing::END_OF_LINE)).await {
            return self.chunk_broken_off(resets, &broken).await;
        }
        match self.envelope_taken(resets, Duration::MAX).await {
            Ok(()) => match within(self.limits.end_of_data, self.wire.reply()).await {
                Ok(said) => {
                    // What follows a refused chunk has to be RSET (RFC 3030, section 2).
                    self.is_stale = said.code >= 400;
                    Ok(self.verdict(&said))
                }
                Err(broken) => Ok(self.in_doubt(&broken)),
            },
            Err(Refusal::Lost { reason, .. }) => Ok(Outcome::Uncertain { reason }),
            Err(refusal) => {
                if self.wire.is_open() {
                    // The chunk was for nobody; the server swallows it and says so.
                    self.is_stale = true;
                    if within(self.limits.command, self.wire.reply()).await.is_err() {
                        self.wire.end();
                    }
                }
                Err(refusal)
            }
        }
    }

    /// What became of a chunk whose end was never given away.
    async fn chunk_broken_off(&mut self, resets: usize, broken: &Broken) -> Handed {
        match self.envelope_taken(resets, LAST_WORDS).await {
            Ok(()) => self.last_words(broken).await.ok_or_else(|| self.lost(Stage::Message, broken)),
            Err(Refusal::Lost { .. }) => Err(self.lost(Stage::Message, broken)),
            Err(refusal) => Err(refusal),
        }
    }

    /// Takes leave of the server. Whatever it says, what it accepted stays accepted.
    pub async fn quit(mut self) {
        if self.is_usable() {
            let limit = self.limits.command.min(Duration::from_secs(5));
            // The connection is closed either way.
            drop(self.turn("QUIT\r\n", limit).await);
        }
    }

    /// The commands for an envelope, if the connection can take any.
    fn commands(&mut self, envelope: &Envelope<'_>) -> Result<Commands, Refusal> {
        // A message that was begun and never handed over would be the next command's answer.
        if self.awaited.take().is_some() {
            self.wire.end();
        }
        if !self.wire.is_in_step() {
            return Err(Refusal::Lost { stage: Stage::Sender, reason: "no connection".to_owned() });
        }
        envelope.commands(&self.extensions)
    }

    /// What has to go before the next envelope, and how many replies it has.
    fn reset(&mut self) -> (&'static str, usize) {
        if std::mem::take(&mut self.is_stale) { ("RSET\r\n", 1) } else { ("", 0) }
    }

    /// MAIL, RCPT and DATA in one flight (RFC 2920).
    async fn ask_at_once(&mut self, commands: &Commands) -> Result<(), Refusal> {
        let (reset, replies) = self.reset();
        let flight = [reset, &commands.mail, &commands.rcpt, DATA].concat();
        let sent = within(self.limits.command, self.wire.send(flight.as_bytes(), replies + 3)).await;
        sent.map_err(|broken| self.lost(Stage::Sender, &broken))?;
        self.message_awaited(replies).await
    }

    /// The answers to RSET, where it was sent, MAIL, RCPT and DATA, which left in one flight.
    async fn message_awaited(&mut self, resets: usize) -> Result<(), Refusal> {
        let asked = self.envelope_taken(resets, Duration::MAX).await;
        if !self.wire.is_open() {
            return asked;
        }
        let waits = self.answer(Stage::Message, &[354], self.limits.data).await;
        match (asked, waits) {
            (Err(refusal), Ok(())) => {
                // It waits for a message all the same, which is for nobody: an empty one brings it back in step
                // (RFC 2920, section 3.1).
                let limit = self.limits.end_of_data.min(self.limits.command);
                if self.turn(".\r\n", limit).await.is_err() {
                    self.wire.end();
                }
                Err(refusal)
            }
            (asked, waits) => {
                let begun = asked.and(waits);
                self.is_stale = begun.is_err();
                begun
            }
        }
    }

    /// RSET where it has to be, MAIL, RCPT and DATA, each when the one before is answered.
    async fn ask_in_turn(&mut self, commands: &Commands) -> Result<(), Refusal> {
        let Timeouts { command, data, .. } = self.limits;
        let (reset, replies) = self.reset();
        if replies > 0 {
            let sent = within(command, self.wire.send(reset.as_bytes(), replies)).await;
            sent.map_err(|broken| self.lost(Stage::Sender, &broken))?;
            self.reset_taken(command).await?;
        }
        let steps = [
            (commands.mail.as_str(), Stage::Sender, &[250][..], command),
            (&commands.rcpt, Stage::Recipient, &[250, 251], command),
            (DATA, Stage::Message, &[354], data),
        ];
        for (command, stage, wanted, limit) in steps {
            let sent = within(limit, self.wire.send(command.as_bytes(), 1)).await;
            sent.map_err(|broken| self.lost(stage, &broken))?;
            if let Err(refusal) = self.answer(stage, wanted, limit).await {
                self.is_stale = true;
                return Err(refusal);
            }
        }
        Ok(())
    }

    /// The answers to RSET, where it was sent, MAIL and RCPT; the first refusal counts.
    async fn envelope_taken(&mut self, resets: usize, patience: Duration) -> Result<(), Refusal> {
        let limit = self.limits.command.min(patience);
        if resets > 0 {
            self.reset_taken(limit).await?;
        }
        let sender = self.answer(Stage::Sender, &[250], limit).await;
        if !self.wire.is_open() {
            return sender;
        }
        sender.and(self.answer(Stage::Recipient, &[250, 251], limit).await)
    }

    /// The answer to RSET. A refusal of it says nothing about the sender: the server is out of sorts.
    async fn reset_taken(&mut self, limit: Duration) -> Result<(), Refusal> {
        match self.answer(Stage::Sender, &[250], limit).await {
            Err(Refusal::Refused { stage, reply } | Refusal::Deferred { stage, reply }) if !reply.is_closing() => {
                self.wire.end();
                Err(Refusal::Lost { stage, reason: format!("unexpected reply: {reply}") })
            }
            taken => taken,
        }
    }

    /// The answer to one command.
    async fn answer(&mut self, stage: Stage, wanted: &[u16], limit: Duration) -> Result<(), Refusal> {
        let said = within(limit, self.wire.reply()).await.map_err(|broken| self.lost(stage, &broken))?;
        match said.code {
            code if wanted.contains(&code) => Ok(()),
            400..=499 => Err(Refusal::Deferred { stage, reply: said.reply() }),
            500..=599 => Err(Refusal::Refused { stage, reply: said.reply() }),
            _ => {
                self.wire.end();
                Err(Refusal::Lost { stage, reason: format!("unexpected reply: {}", said.reply()) })
            }
        }
    }

    async fn turn(&mut self, command: &str, limit: Duration) -> Result<Said, Broken> {
        within(limit, async {
            self.wire.send(command.as_bytes(), 1).await?;
            self.wire.reply().await
        })
        .await
    }

    /// What the server's word on a message means.
    fn verdict(&mut self, said: &Said) -> Outcome {
        let reply = said.reply();
        match reply.code {
            250 => Outcome::Sent { reply },
            400..=499 => Outcome::Deferred { reply },
            500..=599 => Outcome::Refused { reply },
            _ => {
                self.wire.end();
                Outcome::Uncertain { reason: format!("unexpected reply: {reply}") }
            }
        }
    }

    /// The outcome where the end of the message was never given away.
    async fn broken_off(&mut self, broken: &Broken) -> Outcome {
        let last = self.last_words(broken).await;
        last.unwrap_or_else(|| Outcome::Deferred { reply: not_handed_over(&broken.to_string()) })
    }

    /// What a server says to a message that it cannot have whole; nothing where it says nothing.
    async fn last_words(&mut self, broken: &Broken) -> Option<Outcome> {
        let last = within(LAST_WORDS.min(self.limits.end_of_data), self.wire.reply()).await;
        self.wire.end();
        match last {
            Ok(said) if said.code >= 400 => Some(self.verdict(&said)),
            Ok(said) if !broken.is_unsent() => {
                Some(Outcome::Uncertain { reason: format!("{broken}; yet it replied: {}", said.reply()) })
            }
            _ => None,
        }
    }

    fn in_doubt(&mut self, broken: &Broken) -> Outcome {
        self.wire.end();
        Outcome::Uncertain { reason: broken.to_string() }
    }

    fn lost(&mut self, stage: Stage, broken: &Broken) -> Refusal {
        self.wire.end();
        Refusal::Lost { stage, reason: broken.to_string() }
    }
}

/// The connection failed before the last byte of the message was given away: 4.4.2, bad connection (RFC 3463, section 3.5).
fn not_handed_over(why: &str) -> Reply {
    Reply::new(451, &format!("4.4.2 not handed over: {why}"))
}

fn not_awaited() -> Outcome {
    Outcome::Deferred { reply: not_handed_over("no server waits for the message") }
}

/// 5.6.0: other or undefined media error (RFC 3463, section 3.7).
fn unfit() -> Outcome {
    Outcome::Refused { reply: Reply::new(554, "5.6.0 not sent: the message is not lines of 7-bit characters") }
}
