//! Logging in (RFC 4954). The caller has made sure that nobody else can listen.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

// Chance that shows in no output: a nonce is forgotten with the connection.
use aws_lc_rs::rand as chance;

use super::extensions::Extensions;
use super::reply::Said;
use super::scram::Scram;
use super::wire::{Wire, within};
use super::{Credentials, Login, OpenError, Server};

/// Logs in with the mechanism that the config names, or the best that the server offers.
pub(super) async fn log_in(
    server: &Server,
    wire: &mut Wire,
    extensions: &Extensions,
    credentials: &Credentials,
) -> Result<(), OpenError> {
    let offered = |login: &Login| extensions.logins.contains(login);
    let (login, wanted) = match server.login {
        Some(login) => (Some(login).filter(offered), login.as_str()),
        None => (Login::USUAL.into_iter().find(offered), "SCRAM-SHA-256, PLAIN or LOGIN"),
    };
    let login = login.ok_or_else(|| OpenError::NoLogin { host: server.name(), wanted })?;
    let mut exchange = Exchange { server, wire, credentials };
    let said = match login {
        Login::Plain => exchange.plain().await?,
        Login::LoginMech => exchange.login().await?,
        Login::XOauth2 => exchange.xoauth2().await?,
        Login::ScramSha256 => exchange.scram().await?,
    };
    if said.code == 235 { Ok(()) } else { Err(exchange.unexpected(&said)) }
}

struct Exchange<'a> {
    server: &'a Server,
    wire: &'a mut Wire,
    credentials: &'a Credentials,
}

impl Exchange<'_> {
    async fn plain(&mut self) -> Result<Said, OpenError> {
        let response = self.credentials.plain();
        let said = self.say(&format!("AUTH PLAIN {response}")).await?;
        // Some servers ask for what they have been given.
        if said.code == 334 { self.say(&response).await } else { Ok(said) }
    }

    async fn login(&mut self) -> Result<Said, OpenError> {
        self.challenged("AUTH LOGIN").await?;
        self.challenged(&STANDARD.encode(self.credentials.user())).await?;
        self.say(&STANDARD.encode(self.credentials.password())).await
    }

    async fn xoauth2(&mut self) -> Result<Said, OpenError> {
        let said = self.say(&format!("AUTH XOAUTH2 {}", self.credentials.xoauth2())).await?;
        // The challenge holds the reason, for programs; the refusal comes when it has been acknowledged.
        if said.code == 334 { self.say("").await } else { Ok(said) }
    }

    async fn scram(&mut self) -> Result<Said, OpenError> {
        let host = self.server.name();
        let unproven = |reason| OpenError::Unproven { host: host.clone(), reason };
        let mut nonce = [0; 18];
        chance::fill(&mut nonce).map_err(|_| unproven("this system gives no random bytes to ask it with"))?;
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let scram = Scram::new(self.credentials.user(), self.credentials.password(), &nonce);
        let challenge = self.challenged(&format!("AUTH SCRAM-SHA-256 {}", STANDARD.encode(scram.first()))).await?;
        let (answer, proof) = scram.answer(&challenge).map_err(unproven)?;
        let last = self.challenged(&STANDARD.encode(answer)).await?;
        if !proof.is_given(&last) {
            return Err(unproven("its signature is wrong"));
        }
        self.say("").await
    }

    /// Says a line that is answered by a challenge; gives that, decoded.
    async fn challenged(&mut self, line: &str) -> Result<String, OpenError> {
        let said = self.say(line).await?;
        if said.code != 334 {
            return Err(self.unexpected(&said));
        }
        let words = said.lines.first().map(|line| line.trim()).unwrap_or_default();
        // What cannot be read is no challenge that could be answered; LOGIN answers without reading.
        Ok(STANDARD.decode(words).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default())
    }

    /// Says a line; a refusal is an error.
    async fn say(&mut self, line: &str) -> Result<Said, OpenError> {
        let turn = async {
            self.wire.send(format!("{line}\r\n").as_bytes(), 1).await?;
            self.wire.reply().await
        };
        let said = within(self.server.limits.command, turn).await.map_err(|broken| self.server.failed(broken))?;
        if said.code >= 400 {
            let reply = said.reply_with(|words| self.credentials.masked(words));
            return Err(OpenError::Login { host: self.server.name(), reply });
        }
        Ok(said)
    }

    fn unexpected(&self, said: &Said) -> OpenError {
        let reply = said.reply_with(|words| self.credentials.masked(words));
        self.server.not_smtp(format!("unexpected reply to the login: {reply}"))
    }
}
