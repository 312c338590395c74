//! Pictures that travel inside messages: the bytes that an edition got when it was composed are those that every reader gets.

use std::sync::Arc;

use sqlx::Row;

use super::{Ledger, StoreError};
use crate::domain::EditionId;

/// What the address of a picture gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPicture {
    pub url: String,
    /// None where it could not be had.
    pub picture: Option<AttachedPicture>,
}

/// A picture as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedPicture {
    /// SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
    pub media_type: &'static str,
    pub bytes: Arc<[u8]>,
}

/// The types of pictures that mail programs show.
const TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/gif"];

impl Ledger {
    /// The pictures of an edition, in the order in which they were kept.
    pub async fn edition_pictures(&self, edition: &EditionId) -> Result<Vec<KeptPicture>, StoreError> {
        let rows = sqlx::query(
            "SELECT e.url, p.hash, p.media_type, p.bytes FROM edition_picture e LEFT JOIN picture p ON p.hash = e.hash
             WHERE e.edition = $1 ORDER BY e.number",
        )
        .bind(edition.as_str())
        .fetch_all(self.pool())
        .await?;
        let mut out = Vec::new();
        for row in &rows {
            let hash: Option<String> = row.try_get("hash")?;
            let picture = match hash {
                None => None,
                Some(hash) => {
                    let kind: String = row.try_get("media_type")?;
                    let media_type = TYPES.into_iter().find(|known| *known == kind);
                    let media_type = media_type.ok_or_else(|| StoreError::damaged("the type of a picture", kind))?;
                    let bytes: Vec<u8> = row.try_get("bytes")?;
                    Some(AttachedPicture { hash, media_type, bytes: bytes.into() })
                }
            };
            out.push(KeptPicture { url: row.try_get("url")?, picture });
        }
        Ok(out)
    }

    /// Keeps the pictures of an edition, in the place of those that it had. The edition has to be kept before.
    pub async fn keep_pictures(&self, edition: &EditionId, pictures: &[KeptPicture]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM edition_picture WHERE edition = $1").bind(edition.as_str()).execute(&mut *transaction).await?;
        for (number, KeptPicture { url, picture }) in (1_i64..).zip(pictures) {
            if let Some(AttachedPicture { hash, media_type, bytes }) = picture {
                sqlx::query("INSERT INTO picture (hash, media_type, bytes) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING")
                    .bind(hash)
                    .bind(*media_type)
                    .bind(bytes.as_ref())
                    .execute(&mut *transaction)
                    .await?;
            }
            sqlx::query("INSERT INTO edition_picture (edition, number, url, hash) VALUES ($1, $2, $3, $4)")
                .bind(edition.as_str())
                .bind(number)
                .bind(url)
                .bind(picture.as_ref().map(|picture| picture.hash.as_str()))
                .execute(&mut *transaction)
                .await?;
        }
        // Bytes that no edition shows any more are not kept for ever.
        sqlx::query("DELETE FROM picture WHERE NOT EXISTS (SELECT 1 FROM edition_picture e WHERE e.hash = picture.hash)")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}
