//! Keys to sign letters with: made once, and shown as the DNS has to show them.

use std::path::PathBuf;

use anyhow::Context;

use super::Desk;
use super::edition::{letter_settings, signer};
use crate::config::ConfigError;
use crate::mail::dkim::{PublicKey, Signer, SigningKey};
use crate::store::files;

/// RSA or Ed25519.
pub use crate::mail::dkim::Algorithm as KeyKind;

/// A key that was made.
#[derive(Debug)]
pub struct NewKey {
    pub file: PathBuf,
    /// The same below the folder of the publication, as the config names it.
    pub key_file: String,
    pub domain: String,
    pub selector: String,
    /// The line for the zone of the domain.
    pub record: String,
}

/// Makes a key for the domain of the sender, in a file of its own that only this user can read. Never writes over one.
pub fn new_key(desk: &Desk, selector: &str, kind: KeyKind) -> anyhow::Result<NewKey> {
    let domain = letter_settings(desk)?.from.address.domain().to_owned();
    let chance = (desk.world.chance)().context("failed to get random bytes from the system")?;
    let key = match kind {
        KeyKind::Rsa => SigningKey::new_rsa(),
        KeyKind::Ed25519 => SigningKey::ed25519(&chance),
    };
    let key = key.context("failed to make a key")?;
    let key_file = format!("config/dkim-{selector}.pem");
    let file = desk.settings.home.join(&key_file);
    files::create_secret(&file, key.reveal()?.as_bytes())?;
    let record = record(&domain, selector, &key.public()?);
    Ok(NewKey { file, key_file, domain, selector: selector.to_owned(), record })
}

/// The records of all keys of the config, as lines of a zone file.
pub fn records(desk: &Desk) -> anyhow::Result<Vec<String>> {
    if desk.settings.dkim.is_empty() {
        return Err(ConfigError::NoSection {
            file: desk.settings.file.clone(),
            section: "dkim",
            needs: "letters go out unsigned; `griot dkim new` makes a key",
        }
        .into());
    }
    let signers = desk.settings.dkim.iter().map(signer).collect::<anyhow::Result<Vec<Signer>>>()?;
    signers
        .iter()
        .map(|signer| {
            let published = signer.published()?;
            Ok(record(&published.domain, &published.selector, &published.key))
        })
        .collect()
}

fn record(domain: &str, selector: &str, key: &PublicKey) -> String {
    key.zone_line(&format!("{selector}._domainkey.{domain}"))
}
