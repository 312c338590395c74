//! The command line: arguments in, one use case, lines and an exit code out. The only room that prints.

mod arguments;
mod commands;
mod exit;
mod printer;
mod report;
mod systemd;
mod view;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::Parser;
use jiff::Timestamp;

use crate::app::{Desk, World};
use crate::config;
use crate::domain::visible;
use arguments::{Arguments, Command, Feed, Letter};
use printer::Printer;

pub use exit::Exit;

/// Runs one command, as called with these arguments, and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return report::usage(&error),
    };
    let mut printer = Printer::new(arguments.quiet);
    let result = clock(arguments.now.as_deref()).and_then(|now| {
        let world = World { now: now.0, since: now.1, chance, variable: |name| std::env::var(name).ok() };
        // One thread: the work is reading, rendering and one dialogue at a time.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(dispatch(&arguments, world, &mut printer))
    });
    match (result, printer.failure()) {
        (Err(error), _) => report::failure(&printer, &error),
        (Ok(_), Some(error)) => {
            report::failure(&printer, &anyhow::Error::from(error).context("failed to write to standard output"))
        }
        (Ok(exit), None) => exit,
    }
}

async fn dispatch(arguments: &Arguments, world: World, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Init(command) => return commands::init(command, printer),
        Command::Read(command) => return commands::read(command, &load_options(arguments)?, printer).await,
        Command::Feed(Feed::Check(command)) => {
            let options = load_options(arguments)?;
            return commands::check(command, settings(arguments)?.as_ref(), options, world.now, printer).await;
        }
        Command::Feed(Feed::Diff(command)) if command.feeds().is_some() => {
            return commands::diff(command, &load_options(arguments)?, printer).await;
        }
        Command::Letter(Letter::Preview(command)) => {
            return commands::preview(command, config_file(arguments)?, world, printer).await;
        }
        Command::Letter(Letter::Check(command)) if !command.needs_desk() => {
            return commands::check_letters(None, command, printer).await;
        }
        _ => {}
    }
    let desk = Desk::open(&config_file(arguments)?, world).await?;
    let result = at_the_desk(&desk, arguments, printer).await;
    // The ledger is one file again when griot is done, whether or not all went well.
    desk.ledger.close().await;
    result
}

/// The commands that work on a publication.
async fn at_the_desk(desk: &Desk, arguments: &Arguments, printer: &mut Printer) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Init(_) | Command::Read(_) | Command::Feed(Feed::Check(_)) => Ok(Exit::Done),
        Command::Publish(command) => commands::publish(desk, command, arguments.verbose, printer).await,
        Command::Feed(Feed::Diff(command)) => commands::diff_rebuilt(desk, command, printer).await,
        Command::Feed(Feed::Build(allow)) => commands::build(desk, allow, printer).await,
        Command::Feed(Feed::Import(command)) => commands::import(desk, command, printer).await,
        Command::Feed(Feed::Hosting(command)) => commands::hosting(desk, command, printer),
        Command::Feed(Feed::Move(command)) => commands::move_feeds(desk, command, printer).await,
        Command::Letter(command) => commands::letter(desk, command, printer).await,
        Command::Dkim(command) => commands::dkim(desk, command, printer).await,
        Command::Send(command) => commands::send(desk, command, printer).await,
        Command::Subscribers(command) => commands::subscribers(desk, command, printer).await,
        Command::Bounces(command) => commands::bounces(desk, command, printer).await,
        Command::Run(command) => commands::cron(desk, command, printer).await,
        Command::Serve(command) => Box::pin(commands::serve(desk, command, printer)).await,
        Command::Unsubscribe(command) => commands::unsubscribe(desk, command, printer).await,
        Command::Status(command) => commands::status(desk, command, printer).await,
        Command::Audit(command) => commands::audit(desk, command, printer).await,
        Command::Adopt(command) => commands::adopt(desk, command, printer).await,
    }
}

/// The config named, or the one of the publication that this folder belongs to.
fn config_file(arguments: &Arguments) -> anyhow::Result<PathBuf> {
    if let Some(file) = &arguments.config {
        return Ok(file.clone());
    }
    let here = std::env::current_dir()?;
    let found = config::find(&here)?;
    // Seen from the publication's own folder, paths read best without it.
    Ok(found.strip_prefix(&here).map(PathBuf::from).unwrap_or(found))
}

/// How `griot read` loads: it needs no publication, but keeps to the limits of one where there is one.
fn load_options(arguments: &Arguments) -> anyhow::Result<crate::app::LoadOptions> {
    let mut options = crate::app::LoadOptions::default();
    if let Some(settings) = settings(arguments)? {
        options.max_bytes = settings.max_bytes;
        options.allowed_hosts = settings.allow_hosts;
    }
    Ok(options)
}

/// The settings of the publication, for a command that needs none.
fn settings(arguments: &Arguments) -> anyhow::Result<Option<config::Settings>> {
    Ok(match &arguments.config {
        Some(file) => Some(config::load(file)?),
        // One that was not asked for and cannot be understood is no reason not to read.
        None => config_file(arguments).ok().and_then(|file| config::load(&file).ok()),
    })
}

/// The time of this run: `--now`, else `SOURCE_DATE_EPOCH`, which both stand still, else the clock and since when it is read.
fn clock(now: Option<&str>) -> anyhow::Result<(Timestamp, Option<Instant>)> {
    if let Some(text) = now {
        let moment = crate::domain::Moment::parse(text)
            .filter(|moment| !matches!(moment, crate::domain::Moment::Local(_)))
            .ok_or_else(|| exit::Usage(format!("`--now {}` is no time: write it as `2026-03-04T07:00:00Z`", visible(text))))?;
        return Ok((moment.in_zone(&jiff::tz::TimeZone::UTC).timestamp(), None));
    }
    if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds: Option<i64> = text.parse().ok();
        let now = seconds
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .ok_or_else(|| exit::Usage(format!("`SOURCE_DATE_EPOCH` is no number of seconds: `{text}`")))?;
        return Ok((now, None));
    }
    // The ledger keeps milliseconds: what is compared with it should have no finer parts.
    let now = Timestamp::now();
    Ok((Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now), Some(Instant::now())))
}

fn chance() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    // The system's own: those of the library for TLS cost each command some 50 ms of gathering first.
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(bytes)
}
