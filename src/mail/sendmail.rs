//! Mail handed to a program of this host that takes it as sendmail does, in place of a server.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use crate::domain::{Address, Outcome, Reply};

/// Which program takes the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sendmail {
    /// Such as `/usr/sbin/sendmail`; started directly, without a shell.
    pub program: PathBuf,
    /// How long it may take for one message.
    pub limit: Duration,
}

/// The program could not be started: nothing was handed to it.
#[derive(Debug, thiserror::Error)]
#[error("failed to start `{program}`")]
pub struct StartError {
    pub program: PathBuf,
    pub source: std::io::Error,
}

/// How much of what the program says is kept, in bytes: the end of it.
const WORDS: usize = 16 * 1024;
/// How long a program that has ended is listened to.
const LAST_WORDS: Duration = Duration::from_millis(200);

impl Sendmail {
    /// Hands one message to the program and waits for its exit.
    ///
    /// From the call on, until the outcome is known, the program may have the message: record that before calling.
    /// Where the call is dropped, the program is killed.
    pub async fn hand_over(&self, from: Option<&Address>, to: &Address, message: &[u8]) -> Result<Outcome, StartError> {
        let sender = from.map_or_else(|| "<>".to_owned(), Address::reveal);
        let started = Command::new(&self.program)
            // -i: a line with one dot does not end the message.
            .args(["-i", "-f", &sender, "--", &to.reveal()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = started.map_err(|source| StartError { program: self.program.clone(), source })?;
        let mut progress = Progress::default();
        let ended = tokio::time::timeout(self.limit, run(&mut child, message, &mut progress)).await;
        let Progress { is_written, words } = progress;
        let doubt = |why: String| {
            if is_written {
                return Outcome::Uncertain { reason: why };
            }
            Outcome::Deferred { reply: Reply::new(451, &format!("4.3.0 {why} before it had the whole message")) }
        };
        Ok(match ended {
            Err(_) => doubt(format!("the program did not end within {} s", self.limit.as_secs_f32())),
            Ok(Err(error)) => doubt(format!("the program was lost sight of: {error}")),
            Ok(Ok(status)) => match (status.code(), status.signal()) {
                (Some(0), _) if is_written => Outcome::Sent { reply: Reply::new(250, "2.0.0 taken by the program") },
                // It may have taken a part for the whole.
                (Some(0), _) => {
                    Outcome::Uncertain { reason: "the program reports success and did not read the whole message".to_owned() }
                }
                (Some(code), _) => refused(code, &last_line(&words)),
                (None, signal) => doubt(format!("the program was killed by signal {}", signal.unwrap_or_default())),
            },
        })
    }
}

/// What is known of the program at any instant.
#[derive(Debug, Default)]
struct Progress {
    is_written: bool,
    words: Vec<u8>,
}

async fn run(child: &mut Child, message: &[u8], progress: &mut Progress) -> std::io::Result<ExitStatus> {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let Progress { is_written, words } = progress;
    let write = async {
        if let Some(mut stdin) = stdin {
            // A program that refuses at once does not read on: its exit says why.
            let written = stdin.write_all(&unix_lines(message)).await;
            *is_written = written.is_ok();
        }
    };
    let listen = async {
        let Some(mut stderr) = stderr else { return };
        let mut chunk = [0; 4096];
        while let Ok(count @ 1..) = stderr.read(&mut chunk).await {
            words.extend_from_slice(chunk.get(..count).unwrap_or_default());
            words.drain(..words.len().saturating_sub(WORDS));
        }
    };
    let ended = async { tokio::join!(write, child.wait()).1 };
    tokio::pin!(ended, listen);
    let status = tokio::select! {
        status = &mut ended => status,
        () = &mut listen => return ended.await,
    };
    // What it said last may still be in the pipe; a process that it left behind may keep the pipe open for ever.
    drop(tokio::time::timeout(LAST_WORDS, listen).await);
    status
}

/// The message with the line ends of files, which such programs expect.
fn unix_lines(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                out.extend_from_slice(line);
                out.push(b'\n');
            }
            None => out.extend_from_slice(line),
        }
    }
    out
}

fn last_line(words: &[u8]) -> String {
    let words = String::from_utf8_lossy(words);
    words.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// What an exit code other than 0 means (`sysexits.h`), as a reply.
fn refused(code: i32, why: &str) -> Outcome {
    let (code, words) = match code {
        65 => (554, "5.6.0 the program finds the message malformed"),
        67 => (550, "5.1.1 no such recipient"),
        68 => (550, "5.1.2 no such host"),
        77 => (550, "5.7.1 the program may not take it"),
        64 | 66 | 69 | 70 | 72 | 73 | 76 | 78 => (554, "5.3.5 the program cannot take it"),
        // 71 and 74: the system failed it; 75: try again. Any other code says nothing about the message.
        _ => (451, "4.3.0 the program cannot take it now"),
    };
    let reply = Reply::new(code, &if why.is_empty() { words.to_owned() } else { format!("{words}: {why}") });
    if code >= 500 { Outcome::Refused { reply } } else { Outcome::Deferred { reply } }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::DeliveryState;

    const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.\r\nrises\r\n";

    /// The outcome of a message that is handed to this script, and what the script wrote to `$1`.. and to its folder.
    async fn taken(script: &str, message: &[u8]) -> (Outcome, String) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("sendmail");
        fs::write(&program, format!("#!/bin/sh\ncd {}\n{script}\n", folder.path().display())).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let (from, to) = (Address::parse("desk@delta.example").unwrap(), Address::parse("ada@reader.example").unwrap());
        let sendmail = Sendmail { program, limit: Duration::from_millis(1500) };
        // A child of a parallel test may hold the script open for writing for an instant (ETXTBSY).
        let outcome = loop {
            match sendmail.hand_over(Some(&from), &to, message).await {
                Err(error) if error.source.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
                outcome => break outcome.unwrap(),
            }
        };
        (outcome, fs::read_to_string(folder.path().join("out")).unwrap_or_default())
    }

    async fn outcome(script: &str) -> Outcome {
        taken(script, MESSAGE).await.0
    }

    #[tokio::test]
    async fn a_message_is_taken_as_a_file() {
        let (outcome, out) = taken("printf '%s ' \"$@\" > out; cat >> out", MESSAGE).await;
        assert_eq!(outcome.state(), DeliveryState::Sent, "{outcome:?}");
        assert_eq!(out, "-i -f desk@delta.example -- ada@reader.example Subject: x\n\n.\nrises\n");
        assert_eq!(unix_lines(b"a\r\r\nb\n\r\nc\r"), b"a\r\nb\n\nc\r");
    }

    #[tokio::test]
    async fn an_exit_code_is_a_reply() {
        let refused = outcome("cat > out; echo noise >&2; echo '550 no such user' >&2; echo >&2; exit 67").await;
        assert_eq!(refused, Outcome::Refused { reply: Reply::new(550, "5.1.1 no such recipient: 550 no such user") });
        for (code, state, enhanced) in [
            (68, DeliveryState::Refused, [5, 1, 2]),
            (64, DeliveryState::Refused, [5, 3, 5]),
            (78, DeliveryState::Refused, [5, 3, 5]),
            (77, DeliveryState::Refused, [5, 7, 1]),
            (75, DeliveryState::Deferred, [4, 3, 0]),
            (71, DeliveryState::Deferred, [4, 3, 0]),
            (1, DeliveryState::Deferred, [4, 3, 0]),
        ] {
            let outcome = outcome(&format!("cat > out; exit {code}")).await;
            assert_eq!(outcome.state(), state, "{code}");
            let (Outcome::Refused { reply } | Outcome::Deferred { reply }) = outcome else { panic!("{outcome:?}") };
            assert_eq!(reply.enhanced, Some(enhanced), "{code}");
        }
    }

    #[tokio::test]
    async fn what_was_read_whole_and_not_answered_is_uncertain() {
        assert_eq!(outcome("cat > out; kill -9 $$").await.state(), DeliveryState::Uncertain);
        assert_eq!(outcome("cat > out; exec sleep 10").await.state(), DeliveryState::Uncertain);
        // More than a pipe takes: what was not read was not accepted.
        let long = b"0123456789\r\n".repeat(100_000);
        for (script, state) in [
            ("kill -9 $$", DeliveryState::Deferred),
            ("exec sleep 10", DeliveryState::Deferred),
            ("exit 67", DeliveryState::Refused),
            ("exit 0", DeliveryState::Uncertain),
        ] {
            assert_eq!(taken(script, &long).await.0.state(), state, "{script}");
        }
        // A process that it leaves behind does not hold the next message up.
        let (left, _) = taken("sleep 10 & cat > out; echo busy >&2; exit 75", MESSAGE).await;
        assert_eq!(left.reply(), "451 4.3.0 the program cannot take it now: busy");
        // What it says is read, however much.
        let (outcome, _) = taken("yes complaint | head -c 1000000 >&2; cat > out; exit 75", &long).await;
        assert_eq!(outcome.reply(), "451 4.3.0 the program cannot take it now: complaint");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named() {
        let sendmail = Sendmail { program: "/no/such/sendmail".into(), limit: Duration::from_secs(1) };
        let to = Address::parse("ada@reader.example").unwrap();
        let error = sendmail.hand_over(None, &to, MESSAGE).await.unwrap_err();
        assert_eq!(error.to_string(), "failed to start `/no/such/sendmail`");
    }
}
