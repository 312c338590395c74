//! The keys of the desk, by which its letters are signed.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::app::Desk;
use crate::config::{ConfigError, DkimSettings};
use crate::domain::visible;
use crate::mail::dkim::{KeyError, Seal, Signer, SigningKey, VerifyError};

/// A file that the config names as a key, and that is none to sign with.
#[derive(Debug, thiserror::Error)]
#[error("letters cannot be signed with `{}`: {source}", file.display())]
pub struct BadKey {
    pub file: PathBuf,
    pub source: KeyError,
}

/// A message as it would go out has a signature that does not hold.
#[derive(Debug, thiserror::Error)]
#[error("nothing is sent: the signature of the letter does not hold")]
pub struct Unproven(#[from] pub VerifyError);

/// The keys of `[[dkim]]`, read; none where letters go out unsigned.
pub(in crate::app) fn seal(desk: &Desk) -> anyhow::Result<Option<Seal>> {
    let signers = desk.settings.dkim.iter().map(signer).collect::<anyhow::Result<Vec<Signer>>>()?;
    Ok((!signers.is_empty()).then(|| Seal::new(signers)))
}

/// One of the keys, read.
pub(in crate::app) fn signer(settings: &DkimSettings) -> anyhow::Result<Signer> {
    let file = &settings.key_file;
    let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Named {
        what: "the key that signs letters",
        file: file.clone(),
        source,
    })?;
    let key = SigningKey::from_pem(&text).map_err(|source| BadKey { file: file.clone(), source })?;
    Ok(Signer::new(&settings.domain, &settings.selector, key))
}

/// The key files that other users of this machine can read.
pub(in crate::app) fn open_keys(desk: &Desk) -> Vec<PathBuf> {
    let files = desk.settings.dkim.iter().map(|key| key.key_file.clone());
    files.filter(|file| is_open(file)).collect()
}

fn is_open(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|file| file.mode() & 0o044 != 0)
}

impl BadKey {
    pub fn hint(&self) -> String {
        let file = visible(&self.file.display().to_string());
        match self.source {
            KeyError::Encrypted => format!("`openssl pkey -in {file}` writes it without one"),
            _ => "`griot dkim new` makes a key and prints the record for the DNS".to_owned(),
        }
    }
}
