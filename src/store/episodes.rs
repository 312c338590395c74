use sqlx::Row;

use super::{Ledger, StoreError};
use crate::domain::podcast::{ShowGuid, SoundFormat};

/// A show that is published here, as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownShow {
    /// Its folder in `feeds/`.
    pub slug: String,
    pub guid: ShowGuid,
    /// The folder of its episodes, as the config writes it.
    pub folder: String,
}

/// An episode that has its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEpisode {
    pub guid: String,
    /// The name of its note, without the ending.
    pub note: String,
    /// The name of its sound's bytes.
    pub sound: String,
}

/// What was measured of a file, and when the file was last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    pub bytes: u64,
    /// Nanoseconds since 1970.
    pub changed: i64,
    pub hash: String,
    /// None of artwork.
    pub format: Option<SoundFormat>,
    pub millis: u64,
}

impl Ledger {
    /// The shows that have been published here.
    pub async fn shows(&self) -> Result<Vec<KnownShow>, StoreError> {
        let rows = sqlx::query("SELECT slug, guid, folder FROM show ORDER BY slug").fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let guid: String = row.try_get("guid")?;
                let guid = ShowGuid::parse(&guid).ok_or_else(|| StoreError::damaged("the id of a show", &guid))?;
                Ok(KnownShow { slug: row.try_get("slug")?, guid, folder: row.try_get("folder")? })
            })
            .collect()
    }

    /// The episodes of a show that have their ids.
    pub async fn show_episodes(&self, show: &str) -> Result<Vec<KnownEpisode>, StoreError> {
        let rows = sqlx::query("SELECT guid, note, sound FROM show_episode WHERE show = $1 ORDER BY note")
            .bind(show)
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| Ok(KnownEpisode { guid: row.try_get("guid")?, note: row.try_get("note")?, sound: row.try_get("sound")? }))
            .collect()
    }

    /// The files of a show that are public: their names, and the names of their bytes.
    pub async fn show_files(&self, show: &str) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query("SELECT file, hash FROM show_file WHERE show = $1").bind(show).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get("file")?, row.try_get("hash")?))).collect()
    }

    /// Keeps a show, its episodes and its public files, all or nothing: what is minted is on the disk before anybody sees it.
    pub async fn keep_show(
        &self,
        show: &KnownShow,
        episodes: &[KnownEpisode],
        files: &[(String, String)],
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO show (slug, guid, folder) VALUES ($1, $2, $3)
             ON CONFLICT (slug) DO UPDATE SET guid = excluded.guid, folder = excluded.folder",
        )
        .bind(&show.slug)
        .bind(show.guid.as_str())
        .bind(&show.folder)
        .execute(&mut *transaction)
        .await?;
        // Two notes may have changed names with each other.
        for episode in episodes {
            sqlx::query("DELETE FROM show_episode WHERE show = $1 AND (guid = $2 OR note = $3)")
                .bind(&show.slug)
                .bind(&episode.guid)
                .bind(&episode.note)
                .execute(&mut *transaction)
                .await?;
        }
        for episode in episodes {
            sqlx::query("INSERT INTO show_episode (show, guid, note, sound) VALUES ($1, $2, $3, $4)")
                .bind(&show.slug)
                .bind(&episode.guid)
                .bind(&episode.note)
                .bind(&episode.sound)
                .execute(&mut *transaction)
                .await?;
        }
        for (file, hash) in files {
            sqlx::query("INSERT INTO show_file (show, file, hash) VALUES ($1, $2, $3) ON CONFLICT (show, file) DO NOTHING")
                .bind(&show.slug)
                .bind(file)
                .bind(hash)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// What was measured of a file.
    pub async fn measured(&self, path: &str) -> Result<Option<KnownFile>, StoreError> {
        let row = sqlx::query("SELECT bytes, changed, hash, format, millis FROM measured WHERE path = $1")
            .bind(path)
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let number = |name: &str| {
            let number: i64 = row.try_get(name)?;
            u64::try_from(number).map_err(|_| StoreError::damaged("a length", number))
        };
        let format: Option<String> = row.try_get("format")?;
        let format = format
            .map(|name| SoundFormat::parse(&name).ok_or_else(|| StoreError::damaged("the format of a sound", &name)))
            .transpose()?;
        Ok(Some(KnownFile {
            bytes: number("bytes")?,
            changed: row.try_get("changed")?,
            hash: row.try_get("hash")?,
            format,
            millis: number("millis")?,
        }))
    }

    pub async fn keep_measured(&self, path: &str, known: &KnownFile) -> Result<(), StoreError> {
        let number = |value: u64| i64::try_from(value).map_err(|_| StoreError::damaged("a length", value));
        sqlx::query(
            "INSERT INTO measured (path, bytes, changed, hash, format, millis) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, changed = excluded.changed, hash = excluded.hash,
                 format = excluded.format, millis = excluded.millis",
        )
        .bind(path)
        .bind(number(known.bytes)?)
        .bind(known.changed)
        .bind(&known.hash)
        .bind(known.format.map(|format| format.to_string()))
        .bind(number(known.millis)?)
        .execute(self.pool())
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_comes_back() {
        let ledger = Ledger::memory().await.unwrap();
        let guid = ShowGuid::parse("917393e3-1b1e-5cef-ace4-edaa54e1f810").unwrap();
        let show = KnownShow { slug: "river".into(), guid, folder: "episodes".into() };
        let episode = |guid: &str, note: &str| KnownEpisode { guid: guid.into(), note: note.into(), sound: "0".into() };
        let files = [("a.mp3".to_owned(), "0".to_owned())];
        ledger.keep_show(&show, &[episode("1", "a"), episode("2", "b")], &files).await.unwrap();
        ledger.keep_show(&show, &[episode("1", "b"), episode("2", "a")], &[("a.mp3".into(), "1".into())]).await.unwrap();
        assert_eq!(ledger.shows().await.unwrap(), [show]);
        assert_eq!(ledger.show_episodes("river").await.unwrap(), [episode("2", "a"), episode("1", "b")]);
        assert_eq!(ledger.show_files("river").await.unwrap(), files, "a name is never given to other bytes");
        let known = KnownFile { bytes: 7, changed: -5, hash: "h".into(), format: Some(SoundFormat::Vorbis), millis: 9 };
        ledger.keep_measured("x", &known).await.unwrap();
        assert_eq!(ledger.measured("x").await.unwrap(), Some(known));
        assert_eq!(ledger.measured("y").await.unwrap(), None);
    }
}
