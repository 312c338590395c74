use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

use super::open::quoted;
use super::response::{Message, Response, Status};
use super::wire::{Broken, KEPT, Wire};
use super::{ImapError, ImapServer};

/// A mailbox that is logged in to.
#[derive(Debug)]
pub struct Session {
    server: ImapServer,
    wire: Wire,
    /// Commands that were sent.
    sent: u32,
}

/// A folder that was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// As long as it stays the same, a UID means the same message (RFC 3501, section 2.3.1.1).
    pub validity: u32,
    /// The UID that the next message will get, where the server tells it.
    pub next: Option<u32>,
    /// Messages in it.
    pub count: u32,
}

/// The beginning of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    pub number: u32,
    pub uid: u32,
    /// The size of all of it in bytes, as the server counts.
    pub size: u64,
    pub head: Vec<u8>,
}

impl Session {
    pub(super) fn over(server: &ImapServer, wire: Wire) -> Self {
        Self { server: server.clone(), wire, sent: 0 }
    }

    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }

    /// Opens a folder, so that nothing in it can be changed unless `to_mark`.
    pub async fn open_folder(&mut self, name: &str, to_mark: bool) -> Result<Folder, ImapError> {
        let failed = |error| match error {
            ImapError::Refused { host, words } => ImapError::Folder { host, folder: name.to_owned(), words },
            other => other,
        };
        let quoted = quoted(&modified_utf7(name)).unwrap_or_default();
        let mut folder = Folder::default();
        let mut validity = None;
        let verb = if to_mark { "SELECT" } else { "EXAMINE" };
        self.command(&format!("{verb} {quoted}"), |response| {
            folder.count = response.number_of("EXISTS").unwrap_or(folder.count);
            folder.next = response.code_number("UIDNEXT").or(folder.next);
            validity = response.code_number("UIDVALIDITY").or(validity);
        })
        .await
        .map_err(failed)?;
        // RFC 3501, section 6.3.1: a server that tells none has no UIDs.
        let host = self.server.host.clone();
        let no_uids = || ImapError::Refused { host, words: "it keeps no UIDs, so nobody can tell what is new".to_owned() };
        folder.validity = validity.ok_or_else(no_uids)?;
        Ok(folder)
    }

    /// The number of the first message whose UID is higher; one more than there are messages where none is.
    pub async fn first_after(&mut self, folder: Folder, uid: u32) -> Result<u32, ImapError> {
        let end = folder.count.saturating_add(1);
        if folder.next.is_some_and(|next| next <= uid.saturating_add(1)) {
            return Ok(end);
        }
        // UIDs go up with the numbers (RFC 3501, section 2.3.1.1).
        let (mut low, mut high) = (1, end);
        while uid > 0 && low < high {
            let middle = low + (high - low) / 2;
            let known = self.uid_of(middle).await?;
            // One that has gone meanwhile may have been a new one.
            if known.is_some_and(|known| known <= uid) { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// The UID of a message; nothing where it has gone.
    pub async fn uid_of(&mut self, number: u32) -> Result<Option<u32>, ImapError> {
        Ok(self.messages(number, number, "UID").await?.into_iter().find_map(|message| message.uid))
    }

    /// The beginnings of messages, 64 KiB each at most, by their numbers; those that have gone meanwhile are not among them.
    ///
    /// A message stays unread.
    pub async fn fetch(&mut self, first: u32, last: u32) -> Result<Vec<Fetched>, ImapError> {
        let messages = self.messages(first, last, &format!("(UID RFC822.SIZE BODY.PEEK[]<0.{KEPT}>)")).await?;
        let whole = |message: Message| {
            let head = message.head?;
            Some(Fetched { number: message.number, uid: message.uid?, size: message.size.unwrap_or(head.len() as u64), head })
        };
        Ok(messages.into_iter().filter_map(whole).collect())
    }

    /// Marks messages as read, by their numbers.
    pub async fn mark_seen(&mut self, numbers: &[u32]) -> Result<(), ImapError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let set: Vec<String> = numbers.iter().map(u32::to_string).collect();
        self.command(&format!("STORE {} +FLAGS.SILENT (\\Seen)", set.join(",")), |_| {}).await
    }

    /// Takes leave of the server.
    pub async fn logout(mut self) {
        // Whatever it says: what was fetched stays fetched.
        drop(self.command("LOGOUT", |_| {}).await);
    }

    async fn messages(&mut self, first: u32, last: u32, what: &str) -> Result<Vec<Message>, ImapError> {
        let mut out: Vec<Message> = Vec::new();
        self.command(&format!("FETCH {first}:{last} {what}"), |response| {
            // A server may tell of others unasked, and of one in two parts.
            let Some(message) = response.message().filter(|message| (first..=last).contains(&message.number)) else { return };
            match out.iter_mut().find(|known| known.number == message.number) {
                Some(known) => {
                    known.uid = known.uid.or(message.uid);
                    known.size = known.size.or(message.size);
                    known.head = known.head.take().or(message.head);
                }
                None => out.push(message),
            }
        })
        .await?;
        out.sort_by_key(|message| message.number);
        Ok(out)
    }

    /// Sends a command and hands out what comes before the server's word on it.
    pub(super) async fn command(&mut self, command: &str, each: impl FnMut(Response)) -> Result<(), ImapError> {
        self.exchange(command, None, each).await
    }

    /// AUTHENTICATE (RFC 3501, section 6.2.2): the server asks for the credentials when it is ready for them.
    pub(super) async fn authenticate_plain(&mut self, credentials: &str) -> Result<(), ImapError> {
        self.exchange("AUTHENTICATE PLAIN", Some(credentials), |_| {}).await
    }

    async fn exchange(&mut self, command: &str, more: Option<&str>, mut each: impl FnMut(Response)) -> Result<(), ImapError> {
        self.sent += 1;
        let tag = format!("g{}", self.sent);
        let Self { server, wire, .. } = self;
        let host = || server.host.clone();
        let exchange = async {
            // What is said when the server asks; one that has nothing to say gives the command up.
            let mut more = [Some(more.unwrap_or("*")), more.and(Some("*"))].into_iter().flatten();
            wire.send(&format!("{tag} {command}")).await?;
            loop {
                let response = wire.response().await?;
                if let Some((status, words)) = response.status(&tag) {
                    return Ok(if status == Status::Ok { Ok(()) } else { Err(ImapError::Refused { host: host(), words }) });
                }
                if let Some((Status::Bye, words)) = response.status("*")
                    && command != "LOGOUT"
                {
                    return Ok(Err(ImapError::TurnedAway { host: host(), words }));
                }
                if response.is_request() {
                    let more = more.next().ok_or_else(|| Broken::Garbled("it asks for more than there is".to_owned()))?;
                    wire.send(more).await?;
                } else {
                    each(response);
                }
            }
        };
        server.within(server.limits.command, exchange).await?
    }

    pub(super) async fn response(&mut self) -> Result<Response, ImapError> {
        let Self { server, wire, .. } = self;
        server.within(server.limits.command, wire.response()).await
    }
}

/// A folder's name as IMAP writes it (RFC 3501, section 5.1.3).
pub(super) fn modified_utf7(name: &str) -> String {
    let Ok(alphabet) = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,") else {
        return name.to_owned();
    };
    let engine = GeneralPurpose::new(&alphabet, NO_PAD);
    let mut out = String::new();
    let mut run: Vec<u8> = Vec::new();
    for c in name.chars().map(Some).chain([None]) {
        if let Some(c) = c.filter(|c| !matches!(c, ' '..='~')) {
            run.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        if !run.is_empty() {
            out.push('&');
            out.push_str(&engine.encode(std::mem::take(&mut run)));
            out.push('-');
        }
        match c {
            Some('&') => out.push_str("&-"),
            Some(c) => out.push(c),
            None => {}
        }
    }
    out
}
