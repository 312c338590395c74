use std::process::ExitCode;

/// How a command ended, as a shell or cron sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    Failed = 1,
    /// The arguments or the config are wrong.
    Usage = 2,
    /// Some mail waits, or another griot is at work: run the same command again (`EX_TEMPFAIL` of sysexits.h).
    Again = 75,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Arguments that clap lets pass and that make no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);
