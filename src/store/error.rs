use std::fmt::Display;
use std::path::PathBuf;

/// Why the ledger could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("failed to open the ledger `{}`", file.display())]
    Open { file: PathBuf, source: sqlx::Error },
    #[error("failed to open the ledger `{}` for writing", file.display())]
    NotWritable { file: PathBuf, source: std::io::Error },
    #[error("the ledger failed")]
    Sql(#[from] sqlx::Error),
    /// A row that griot did not write so.
    #[error("the ledger is damaged: {what} `{value}` makes no sense")]
    Damaged { what: &'static str, value: String },
    #[error("failed to write `{}`", file.display())]
    Write { file: PathBuf, source: std::io::Error },
    #[error("`{}` is there already", file.display())]
    Exists { file: PathBuf },
    #[error("failed to read `{}`", file.display())]
    Read { file: PathBuf, source: std::io::Error },
}

const NOT_WRITABLE: &str =
    "this user must be able to write the ledger, the files `-wal` and `-shm` where they lie beside it, and the folder";

impl StoreError {
    pub(super) fn damaged(what: &'static str, value: impl Display) -> Self {
        let mut value = value.to_string();
        value.truncate(value.char_indices().nth(80).map_or(value.len(), |(at, _)| at));
        Self::Damaged { what, value }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let message = match self {
            Self::Open { source, .. } | Self::Sql(source) => source.to_string(),
            Self::Write { source, file } => {
                let folder = file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
                return match source.kind() {
                    std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Some(
                        "the disk is full: make room and run the same command again; the last good files are untouched"
                            .to_owned(),
                    ),
                    std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                        Some(format!("this user must be able to write in `{folder}`; the last good files are untouched"))
                    }
                    std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => Some(format!(
                        "a file stands where the folder `{folder}` should be: move it away and run the same command again"
                    )),
                    std::io::ErrorKind::IsADirectory => {
                        Some("a folder stands where the file should be: move it away and run the same command again".to_owned())
                    }
                    _ => None,
                };
            }
            Self::NotWritable { source, .. } => {
                let hint = match source.kind() {
                    std::io::ErrorKind::IsADirectory => "a folder stands where the ledger should be: move it away",
                    _ => NOT_WRITABLE,
                };
                return Some(hint.to_owned());
            }
            // The system's own error says more.
            Self::Read { .. } => return None,
            Self::Exists { .. } => return Some("nothing is written over: choose another name".to_owned()),
            Self::Damaged { .. } => {
                return Some("stop here, keep a copy of the ledger, and restore the last backup".to_owned());
            }
        };
        let hint = if message.contains("unable to open") {
            NOT_WRITABLE
        // 4874: no room even for the file by which connections share the log (SQLITE_IOERR_SHMSIZE).
        } else if message.contains("disk is full") || message.contains("(code: 4874)") {
            "the disk that the ledger lies on is full: make room and run the same command again; nothing half-done was kept"
        } else if message.contains("disk I/O error") {
            "the disk that the ledger lies on is full or failing: see to it and run the same command again"
        } else if message.contains("already exists") {
            "the file is the database of another program: move it away"
        } else if message.contains("readonly") {
            NOT_WRITABLE
        } else if message.contains("locked") {
            "another griot is at work on this ledger: wait for it, and run the same command again"
        } else if message.contains("not a database") || message.contains("malformed") {
            "the file is not a ledger of griot, or it is damaged: keep a copy, and restore the last backup"
        } else if message.contains("previously applied but") {
            "the ledger was written by a newer griot: use that one"
        } else {
            return None;
        };
        Some(hint.to_owned())
    }
}
