//! One function a command: arguments to a use case, its report to lines.

mod audit;
mod bounces;
mod check;
mod deliver;
mod diff;
mod dkim;
mod feed;
mod letter;
mod letter_check;
mod plan;
mod preview;
mod publish;
mod readers;
mod serve;
mod status;
mod unsubscribe;

use serde_json::{Value, json};

use super::Exit;
use super::arguments::{Adopt, Init};
use super::printer::Printer;
use crate::app::{self, Desk, Lock, Meanwhile};
use crate::domain::{Balance, EditionId, counted};

pub(super) use audit::audit;
pub(super) use bounces::bounces;
pub(super) use check::check;
pub(super) use deliver::{cron, send};
pub(super) use diff::{diff, diff_rebuilt};
pub(super) use dkim::dkim;
pub(super) use feed::{build, hosting, import, move_feeds};
pub(super) use letter::letter;
pub(super) use letter_check::check_letters;
pub(super) use preview::preview;
pub(super) use publish::{publish, read};
pub(super) use readers::subscribers;
pub(super) use serve::serve;
pub(super) use status::status;
pub(super) use unsubscribe::unsubscribe;

pub(super) fn init(command: &Init, printer: &mut Printer) -> anyhow::Result<Exit> {
    let made = app::init(&command.folder)?;
    for path in &made {
        printer.done(format_args!("made      {}", path.display()));
    }
    if let Some(config) = made.first() {
        printer.done(format_args!("next      put your own words into {}, then `griot publish PAGE`", config.display()));
    }
    Ok(Exit::Done)
}

pub(super) async fn adopt(desk: &Desk, command: &Adopt, printer: &mut Printer) -> anyhow::Result<Exit> {
    let _lock = lock(desk).await?;
    let meanwhile = if command.nothing_was_sent { Meanwhile::NothingWasSent } else { Meanwhile::MayHaveBeenSent };
    let Some(adopted) = app::adopt(desk, meanwhile).await? else {
        printer.done("nothing   to adopt: this ledger is no copy, and sends as it is");
        return Ok(Exit::Done);
    };
    printer.done(format_args!("adopted   {}: from here on it sends", adopted.ledger.display()));
    for (sending, count) in &adopted.doubted {
        let (edition, list) = (&sending.edition, &sending.list);
        printer.done(format_args!("uncertain {count} of edition {edition} to `{list}`: another griot may have sent these"));
    }
    for (plan, at) in &adopted.passed_over {
        printer.done(format_args!("passed    over {at} of the plan `{plan}`: another griot may have seen to it"));
    }
    if meanwhile == Meanwhile::MayHaveBeenSent {
        printer.done("passed    over what was published before now: no plan sends it, `griot send EDITION` does");
        printer.done("unknown   which editions another griot has begun since, and which readers have left it since");
    }
    Ok(Exit::Done)
}

fn line(sending: (&EditionId, &str), balance: &Balance) -> String {
    let (edition, list) = sending;
    let states: Vec<String> = balance.counts.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let even = if balance.is_even() { "even" } else { "OFF" };
    let states = if states.is_empty() { String::new() } else { format!(": {}", states.join(", ")) };
    format!("{even:<9} {edition} to `{list}`, {}{states}", counted(balance.audience, "recipient"))
}

fn standing((edition, list): (&EditionId, &str), balance: &Balance) -> Value {
    json!({
        "edition": edition.as_str(),
        "list": list,
        "audience": balance.audience,
        "states": states(balance),
        "even": balance.is_even(),
    })
}

fn states(balance: &Balance) -> Value {
    balance.counts.iter().map(|(state, count)| (state.as_str().to_owned(), Value::from(*count))).collect()
}

/// The lock of a publication, for a command that may wait for another one to end.
async fn lock(desk: &Desk) -> anyhow::Result<Lock> {
    Lock::wait(&desk.settings.lock).await
}
