use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};

use super::{Desk, Milestone, Tell, edition};
use crate::config::{ConfigError, LetterSettings, Password, SmtpSettings};
use crate::domain::{Address, Balance, DeliveryState, Edition, Href, Language, Newsletter, Outcome, Recipient, Subscriber};
use crate::mail::message;
use crate::mail::smtp::{Connection, Credentials, OpenError, Refusal, Security, Server, Stage, Timeouts};
use crate::store::{SendingId, files};

/// How a sending stands when a command is done with it.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub sending: SendingId,
    pub balance: Balance,
    /// Handed over by this very call.
    pub sent_now: u64,
    /// Why the rest has to wait, where the server or the connection put an end to it.
    pub stopped: Option<String>,
}

impl Delivered {
    /// Whether another run has something to do: mail that waits, or mail in doubt that a person has to judge.
    pub fn is_unfinished(&self) -> bool {
        self.balance.waiting() > 0 || self.balance.count(DeliveryState::Uncertain) > 0
    }
}

/// The server does not let griot in: nothing can be sent until a person mends it.
#[derive(Debug, thiserror::Error)]
#[error("failed to log in at the mail server `{host}`")]
pub struct LoginRefused {
    pub host: String,
    pub source: OpenError,
}

/// An audience that was frozen empty would stay so: a sending begins with somebody to send to.
#[derive(Debug, thiserror::Error)]
#[error("nobody confirmed is on the list `{list}`")]
pub struct NoReaders {
    pub list: String,
}

/// Recipients that are taken in hand at a time.
const BATCH: u32 = 50;
/// Messages after which a connection is closed and a new one made: servers limit them.
const PER_CONNECTION: u32 = 100;
/// Minutes to wait after the first, second ... refusal for now; the last one for all that follow.
const BACK_OFF: [i64; 4] = [5, 15, 30, 60];

/// Sends the edition, or the latest, to one address as a test. The ledger does not know of it.
pub async fn send_test(desk: &Desk, id: Option<&str>, to: Address) -> anyhow::Result<(Edition, String)> {
    let settings = edition::letter_settings(desk)?;
    let smtp = smtp_settings(desk)?;
    let edition = edition::find(desk, id).await?;
    let bytes = test_message(desk, settings, &edition, &to).await?;
    let server = server(desk, smtp)?;
    let mut connection = open(&server).await?;
    let outcome = match connection.begin(&settings.from.address, &to).await {
        Ok(()) => connection.hand_over(&bytes).await,
        Err(refusal) => anyhow::bail!("the test mail to {to} could not be begun: {refusal}"),
    };
    connection.quit().await;
    match outcome {
        Outcome::Sent { reply } => Ok((edition, reply)),
        Outcome::Deferred { reply } => anyhow::bail!("the server deferred the test mail to {to}: {reply}"),
        Outcome::Refused { reply } => anyhow::bail!("the server refused the test mail to {to}: {reply}"),
        Outcome::Uncertain { reason } => anyhow::bail!("whether the server took the test mail to {to} is not known: {reason}"),
    }
}

/// Writes the test mail into a folder instead of sending it.
pub async fn write_test(desk: &Desk, id: Option<&str>, to: &Address, folder: &Path) -> anyhow::Result<PathBuf> {
    let settings = edition::letter_settings(desk)?;
    let edition = edition::find(desk, id).await?;
    let file = folder.join(format!("{}-test.eml", edition.id));
    files::replace(&file, &test_message(desk, settings, &edition, to).await?)?;
    Ok(file)
}

/// Writes what would be sent to a list into a folder, one file a reader. The ledger does not change: nobody counts as mailed.
pub async fn rehearse(desk: &Desk, id: Option<&str>, list: Option<&str>, folder: &Path) -> anyhow::Result<usize> {
    let settings = edition::letter_settings(desk)?;
    let edition = edition::find(desk, id).await?;
    let list = list.unwrap_or(settings.list.as_str());
    let (letter, language) = edition::letter(desk, &edition).await?;
    let post = Post { desk, settings, letter, language, date: desk.now(), list };
    let mut count = 0;
    for subscriber in desk.ledger.subscribers(list).await? {
        let Subscriber::Confirmed(confirmed) = subscriber else { continue };
        let recipient = confirmed.recipient();
        let bytes = post.message(&edition, &recipient).await?;
        // A number and not the address: the folder may be looked at by others.
        count += 1;
        files::replace(&folder.join(format!("{}-{count:05}.eml", edition.id)), &bytes)?;
    }
    if count == 0 {
        return Err(NoReaders { list: list.to_owned() }.into());
    }
    Ok(count)
}

/// Sends an edition to a list: freezes the audience at the first call, goes on with what waits at every further one.
///
/// The caller holds the lock: there is one sender.
pub async fn send(desk: &Desk, edition: &Edition, list: Option<&str>, tell: Tell<'_>) -> anyhow::Result<Delivered> {
    let settings = edition::letter_settings(desk)?;
    let smtp = smtp_settings(desk)?;
    let list = list.unwrap_or(settings.list.as_str());
    let sending = SendingId { edition: edition.id.clone(), list: list.to_owned() };
    // The password is read before anything is frozen: a run that cannot log in should leave no trace.
    let server = server(desk, smtp)?;
    let (letter, language) = edition::letter(desk, edition).await?;
    if desk.ledger.begun(&sending).await?.is_none() && desk.ledger.confirmed(list).await? == 0 {
        return Err(NoReaders { list: list.to_owned() }.into());
    }
    desk.ledger.freeze(&sending, edition, &language, &letter, desk.now()).await?;
    let uncertain = desk.ledger.recover(&sending, desk.now()).await?;
    if uncertain > 0 {
        tell(&Milestone::Uncertain { sending: sending.clone(), count: uncertain });
    }
    let date = desk.ledger.begun(&sending).await?.unwrap_or(desk.now());
    let post = Post { desk, settings, letter, language, date, list };
    let mut run = Run { post: &post, edition, sending: &sending, server: &server, connection: None, handed: 0, sent: 0 };
    let stopped = run.deliver().await;
    let sent_now = run.sent;
    run.close().await;
    let balance = desk.ledger.balance(&sending).await?;
    if sent_now > 0 || balance.waiting() > 0 {
        tell(&Milestone::Sending { sending: sending.clone(), balance: balance.clone(), sent_now });
    }
    let stopped = match stopped {
        Ok(()) => None,
        Err(Stop::Failed(error)) => return Err(error),
        Err(Stop::Server(why)) => Some(why),
    };
    Ok(Delivered { sending, balance, sent_now, stopped })
}

/// A letter on its way to a list.
struct Post<'a> {
    desk: &'a Desk,
    settings: &'a LetterSettings,
    letter: Newsletter,
    language: Language,
    date: Timestamp,
    list: &'a str,
}

impl Post<'_> {
    /// The message for one reader. The same reader gets the same bytes, however often it is tried.
    async fn message(&self, edition: &Edition, recipient: &Recipient) -> anyhow::Result<Vec<u8>> {
        let key = recipient.address().key();
        let id = sign(&self.desk.secret("message-id").await?, &[edition.id.as_str(), &key]);
        let token = sign(&self.desk.secret("unsubscribe").await?, &[self.list, &key]);
        let unsubscribe = way_out(&self.settings.unsubscribe, &token);
        let message_id = format!("{}.{id}@{}", edition.id, edition::sender_host(self.settings));
        let head = edition::message_head(self.desk, self.settings, &self.language, self.date, &message_id, &unsubscribe);
        Ok(message(&self.letter, recipient, &head)?)
    }
}

/// One pass over the recipients of a sending who are to be tried by now.
struct Run<'a> {
    post: &'a Post<'a>,
    edition: &'a Edition,
    sending: &'a SendingId,
    server: &'a Server,
    connection: Option<Connection>,
    /// Messages handed over on this connection.
    handed: u32,
    sent: u64,
}

enum Stop {
    /// The server, or the way to it: what waits can be tried later.
    Server(String),
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Run<'_> {
    async fn deliver(&mut self) -> Result<(), Stop> {
        let ledger = &self.post.desk.ledger;
        loop {
            let claims = ledger.claim(self.sending, self.post.desk.now(), BATCH).await?;
            if claims.is_empty() {
                return Ok(());
            }
            for (at, claim) in claims.iter().enumerate() {
                if let Err(stop) = self.one(&claim.recipient, claim.tries).await {
                    // What was not begun is given back, so that the next run finds it due.
                    for rest in claims.iter().skip(at) {
                        ledger.unclaim(self.sending, &rest.recipient, self.post.desk.now()).await?;
                    }
                    return Err(stop);
                }
            }
        }
    }

    async fn one(&mut self, recipient: &Recipient, tries: u32) -> Result<(), Stop> {
        let desk = self.post.desk;
        let bytes = self.post.message(self.edition, recipient).await?;
        let mut connection = self.connection().await?;
        let outcome = match connection.begin(&self.post.settings.from.address, recipient.address()).await {
            Ok(()) => match desk.ledger.in_flight(self.sending, recipient, desk.now()).await? {
                None => connection.hand_over(&bytes).await,
                // The reader left a moment ago. The server waits for a message that will not come: only closing ends that.
                Some(_) => return Ok(()),
            },
            Err(Refusal::Deferred { stage: Stage::Recipient | Stage::Message, reply }) => Outcome::Deferred { reply },
            Err(Refusal::Refused { stage: Stage::Recipient, reply }) => Outcome::Refused { reply },
            // The server turned away the sender or the connection, not this reader: nobody on the list is to blame for it.
            Err(refusal) => return Err(Stop::Server(refusal.to_string())),
        };
        let minutes = BACK_OFF.get(usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX)).or(BACK_OFF.last());
        let next = desk.now() + SignedDuration::from_mins(minutes.copied().unwrap_or(60));
        desk.ledger.settle(self.sending, recipient, &outcome, desk.now(), next).await?;
        if let Outcome::Sent { .. } = outcome {
            self.sent += 1;
        }
        self.handed += 1;
        if connection.is_usable() && self.handed < PER_CONNECTION {
            self.connection = Some(connection);
        } else {
            connection.quit().await;
        }
        Ok(())
    }

    async fn connection(&mut self) -> Result<Connection, Stop> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        self.handed = 0;
        match Connection::open(self.server).await {
            Ok(connection) => Ok(connection),
            Err(error) if !error.is_transient() => Err(Stop::Failed(login_error(self.server, error))),
            Err(error) => Err(Stop::Server(error.to_string())),
        }
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }
}

async fn test_message(desk: &Desk, settings: &LetterSettings, edition: &Edition, to: &Address) -> anyhow::Result<Vec<u8>> {
    let (letter, language) = edition::letter(desk, edition).await?;
    let date = desk.now();
    // Each test is a message of its own: mail programs would fold two of the same id into one.
    let id = edition::fingerprint(&["test", edition.id.as_str(), &to.key(), &date.to_string()]);
    let message_id = format!("test.{id}@{}", edition::sender_host(settings));
    let mut head = edition::message_head(desk, settings, &language, date, &message_id, &settings.unsubscribe);
    head.test = true;
    Ok(message(&letter, &Recipient::of_test(to.clone()), &head)?)
}

async fn open(server: &Server) -> anyhow::Result<Connection> {
    Connection::open(server).await.map_err(|error| login_error(server, error))
}

fn login_error(server: &Server, error: OpenError) -> anyhow::Error {
    if matches!(error, OpenError::Login { .. }) {
        LoginRefused { host: server.host.clone(), source: error }.into()
    } else {
        anyhow::Error::from(error).context(format!("failed to reach the mail server `{}:{}`", server.host, server.port))
    }
}

fn smtp_settings(desk: &Desk) -> anyhow::Result<&SmtpSettings> {
    let no_section = || ConfigError::NoSection {
        file: desk.settings.file.clone(),
        section: "smtp",
        needs: "name the mail server with `host`, or write the mail with `--to-folder`",
    };
    Ok(desk.settings.smtp.as_ref().ok_or_else(no_section)?)
}

fn server(desk: &Desk, smtp: &SmtpSettings) -> anyhow::Result<Server> {
    let credentials = match (&smtp.user, &smtp.password) {
        (Some(user), Some(password)) => Some(Credentials::new(user.clone(), read_password(desk, password)?)),
        _ => None,
    };
    let roots = match &smtp.ca_file {
        Some(file) => Some(std::fs::read(file).map_err(named("the certificates", file))?),
        None => None,
    };
    Ok(Server {
        host: smtp.host.clone(),
        port: smtp.port,
        clear_allowed: false,
        limits: Timeouts::default(),
        security: match smtp.security {
            crate::config::Security::Tls => Security::Tls,
            crate::config::Security::StartTls => Security::StartTls,
            crate::config::Security::None => Security::Clear,
        },
        credentials,
        hello: smtp.hello.clone(),
        roots,
    })
}

fn read_password(desk: &Desk, password: &Password) -> Result<String, ConfigError> {
    match password {
        Password::Env(name) => (desk.world.variable)(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| ConfigError::NoPassword { variable: name.clone() }),
        Password::File(file) => {
            let text = std::fs::read_to_string(file).map_err(named("the mail server's password", file))?;
            let password = text.trim_end_matches(['\n', '\r']);
            if password.is_empty() {
                return Err(ConfigError::EmptyPassword { file: file.clone() });
            }
            Ok(password.to_owned())
        }
    }
}

/// The error for a file that the config names and that cannot be read.
fn named(what: &'static str, file: &Path) -> impl FnOnce(std::io::Error) -> ConfigError {
    move |source| ConfigError::Named { what, file: file.to_path_buf(), source }
}

/// Where one reader leaves: the page or the mailbox, with the reader's token.
fn way_out(base: &Href, token: &str) -> Href {
    match base {
        Href::Web(page) => {
            let mut url = page.url().clone();
            url.query_pairs_mut().append_pair("t", token);
            Href::parse(url.as_str()).unwrap_or_else(|| base.clone())
        }
        Href::Mail(address) => {
            let separator = if address.contains('?') { '&' } else { '?' };
            Href::Mail(format!("{address}{separator}subject=unsubscribe%20{token}"))
        }
    }
}

/// A name that only this ledger can give: the first 16 bytes of HMAC-SHA-256 (RFC 2104), in hexadecimal.
fn sign(secret: &str, parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    edition::hexadecimal(context.sign().as_ref().get(..16).unwrap_or_default())
}
