use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The time of every case that does not set its own.
pub const NOW: &str = "2026-03-04T08:00:00Z";

/// A publication in a folder of its own, and the binary to run there.
pub struct Desk {
    folder: TempDir,
    now: String,
    variables: Vec<(String, String)>,
}

/// What a command did, as a shell sees it.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    /// A publication that makes feeds and letters and cannot mail.
    pub fn new() -> Self {
        Self::with_config("")
    }

    /// The same with more sections at the end of its config.
    pub fn with_config(more: &str) -> Self {
        let desk = Self { folder: TempDir::new().unwrap(), now: NOW.to_owned(), variables: Vec::new() };
        desk.write("config/griot.toml", format!("{CONFIG}\n{more}"));
        desk
    }

    /// Mail goes to a server on this machine.
    pub fn with_smtp(port: u16, more: &str) -> Self {
        Self::with_config(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\n{more}"))
    }

    /// A folder without a publication.
    pub fn bare() -> Self {
        Self { folder: TempDir::new().unwrap(), now: NOW.to_owned(), variables: Vec::new() }
    }

    pub fn at(&mut self, now: &str) -> &mut Self {
        now.clone_into(&mut self.now);
        self
    }

    pub fn variable(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn exists(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// Every file below a folder with its bytes and its time of change, to compare before and after.
    pub fn snapshot(&self, name: &str) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
        let mut out = Vec::new();
        collect(&self.path(name), &mut out);
        out.sort();
        out
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
        command.current_dir(self.folder.path()).args(arguments).env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
        if !arguments.contains(&"--now") {
            command.args(["--now", &self.now]);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command and kills it once something is so; it must not have ended by itself.
    pub fn killed_once(&self, arguments: &[&str], mut is_so: impl FnMut() -> bool) {
        let mut child = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !is_so() {
            assert!(child.try_wait().unwrap().is_none(), "griot ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn griot(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).stdin(Stdio::null()))
    }

    /// Runs a command that has to succeed, and gives what it printed.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.griot(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:#?}");
        assert_eq!(ran.stderr, "", "{arguments:?}");
        ran.stdout
    }

    /// Runs SQL on the ledger, as somebody might who should not.
    pub fn tamper(&self, sql: &'static str) {
        use sqlx::{Connection, Executor};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path("config/griot.db"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        });
    }

    /// The first column of what SQL finds in the ledger.
    pub fn rows(&self, sql: &'static str) -> Vec<String> {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.path("config/griot.db"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
            let rows = sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            rows
        })
    }

    pub fn griot_with_input(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child =
            self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Ran::from(child.wait_with_output().unwrap())
    }
}

impl Ran {
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().unwrap())
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn collect(folder: &Path, out: &mut Vec<(PathBuf, Vec<u8>, std::time::SystemTime)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, out);
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            out.push((path.clone(), fs::read(&path).unwrap(), changed));
        }
    }
}

/// The page that the repository carries, in the shape of a page pasted from a site.
pub const SAMPLE: &str = include_str!("../../config/sample-page.txt");

/// A short article, written by hand.
pub const RIVER: &str = "\
A river rises

By Ada Keita
4 March 2026

The Niger has risen by two metres in a night, and the ferries have stopped.

The harbour master says that he has not seen the water so high in twenty years of service.

The market has moved to the upper square, where the traders have put up their stalls since dawn.
";

const CONFIG: &str = r#"
[publication]
title = "The Desk"
description = "News from the river"
home = "https://www.example.org/"
feeds = "https://www.example.org/feeds/"
language = "en"
timezone = "Africa/Bamako"
owner = "The Desk <desk@example.org>"
postal_address = "The Desk, Rue 12, Bamako"

[letter]
from = "The Desk <letter@example.org>"
unsubscribe = "mailto:leave@example.org"

[[shows]]
name = "AfricaLink"
pitch = "News, politics and culture from across the continent."
listen = "https://www.example.org/africalink"
"#;
