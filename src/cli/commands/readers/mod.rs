//! `griot subscribers`: who reads.

mod import;
mod person;

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use crate::app::{self, About, Added, Desk, ListedReader, Removed};
use crate::cli::Exit;
use crate::cli::arguments::{Add, Export, Subscribers};
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::domain::{Address, Language, Line, SubscriptionState, counted, slug, visible};

/// Without the lock: a reader can leave while a letter is on its way to others, and the sender asks before each message.
pub(in crate::cli) async fn subscribers(desk: &Desk, command: &Subscribers, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Subscribers::Add(command) => add(desk, command, printer).await,
        Subscribers::Import(command) => import::import(desk, command, printer).await,
        Subscribers::Undo { batch } => import::undo(desk, *batch, printer).await,
        Subscribers::Batches { json } => import::batches(desk, *json, printer).await,
        Subscribers::Invite { list } => invite(desk, list.as_deref(), printer).await,
        Subscribers::Export(command) => export(desk, command).await,
        Subscribers::List { list: name, json } => list(desk, name.as_deref(), *json, printer).await,
        Subscribers::Show { address, json } => person::show(desk, &parse(address)?, *json, printer).await,
        Subscribers::Remove { address, list } => {
            let (address, list) = (parse(address)?, list_name(desk, list.as_deref())?);
            match app::remove_reader(desk, &list, &address).await? {
                Removed::Left => printer.done(format_args!("removed   {address} from `{list}`")),
                Removed::Gone => printer.done(format_args!("unchanged {address} has left `{list}` before")),
                Removed::Unknown => {
                    printer.aside(format_args!("{}: {address} is not on the list `{list}`", printer.error_word()));
                    return Ok(Exit::Failed);
                }
            }
            Ok(Exit::Done)
        }
        Subscribers::Erase { address } => person::erase(desk, &parse(address)?, printer).await,
    }
}

async fn add(desk: &Desk, command: &Add, printer: &mut Printer) -> anyhow::Result<Exit> {
    let (address, list) = (parse(&command.address)?, list_name(desk, command.list.as_deref())?);
    let consent = command.confirmed.as_deref().map(consent).transpose()?;
    let state = if consent.is_some() { "confirmed" } else { "pending" };
    let about = About {
        name: command.name.as_deref().and_then(Line::new),
        language: command.language.clone(),
        attributes: command.attributes.clone(),
    };
    let added = app::add_reader(desk, &list, address.clone(), about, consent).await?;
    match added {
        Added::New => printer.done(format_args!("added     {address} to `{list}`, {state}")),
        Added::Confirmed => printer.done(format_args!("confirmed {address} on `{list}`")),
        Added::Known => printer.done(format_args!("unchanged {address} is on `{list}` already")),
        Added::Left => {
            printer.aside(format_args!("{}: {address} has left `{list}`", printer.error_word()));
            printer.aside("\nhint: if the person has agreed anew, say how with `--confirmed`");
            return Ok(Exit::Failed);
        }
        Added::Suppressed => {
            printer.aside(format_args!("{}: {address} is suppressed and is never mailed", printer.error_word()));
            return Ok(Exit::Failed);
        }
        Added::Erased => {
            printer.aside(format_args!("{}: {address} was erased and is never mailed", printer.error_word()));
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}

async fn invite(desk: &Desk, list: Option<&str>, printer: &mut Printer) -> anyhow::Result<Exit> {
    let invited = app::invite(desk, &list_name(desk, list)?).await?;
    printer.done(format_args!("invited   {}, by mail", counted(invited.now, "reader")));
    if invited.later == 0 {
        return Ok(Exit::Done);
    }
    printer.done(format_args!("later     {}: call this again in an hour", counted(invited.later, "reader")));
    Ok(Exit::Again)
}

async fn list(desk: &Desk, name: Option<&str>, as_json: bool, printer: &mut Printer) -> anyhow::Result<Exit> {
    let name = list_name(desk, name)?;
    if !as_json {
        app::readers(desk, &name, false, |one| printer.data(row(one))).await?;
        return Ok(Exit::Done);
    }
    // Each is printed once the next one is known, which says whether a comma follows.
    let mut last: Option<Value> = None;
    printer.data("[");
    app::readers(desk, &name, false, |one| {
        if let Some(last) = last.replace(object(one)) {
            printer.data(format_args!("{last},"));
        }
    })
    .await?;
    if let Some(last) = last {
        printer.data(last);
    }
    printer.data("]");
    Ok(Exit::Done)
}

async fn export(desk: &Desk, command: &Export) -> anyhow::Result<Exit> {
    let list = list_name(desk, command.list.as_deref())?;
    let mut out = BufWriter::new(io::stdout().lock());
    match app::export_readers(desk, &list, command.all, command.format, &mut out).await {
        Err(error) => match error.downcast_ref::<io::Error>() {
            // Nobody reads on (`griot ... | head`): there is just no more to say.
            Some(broken) if broken.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
            Some(_) => Err(error.context("failed to write to standard output")),
            None => Err(error),
        },
        Ok(_) => Ok(Exit::Done),
    }
}

pub(super) fn parse(address: &str) -> anyhow::Result<Address> {
    Ok(Address::parse(address).map_err(|error| Usage(format!("`{}` is not an address: {error}", visible(address))))?)
}

fn consent(how: &str) -> anyhow::Result<Line> {
    Line::new(how).ok_or_else(|| Usage("`--confirmed` says how the person agreed: it cannot be empty".to_owned()).into())
}

pub(super) fn list_name(desk: &Desk, list: Option<&str>) -> anyhow::Result<String> {
    let default = desk.settings.letter.as_ref().map_or("readers", |letter| letter.list.as_str());
    let name = list.unwrap_or(default);
    if slug(name, 60) == name && !name.is_empty() {
        return Ok(name.to_owned());
    }
    Err(Usage(format!("`{}` is no name of a list: use lower-case letters, digits and hyphens", visible(name))).into())
}

/// The desk asked for its own list: here the addresses are shown.
fn row(one: &ListedReader) -> String {
    let address = one.address.reveal();
    match &one.consent {
        Some(consent) if one.state == SubscriptionState::Confirmed => format!("confirmed {address}  ({consent})"),
        _ => format!("{:<9} {address}", one.state.as_str()),
    }
}

fn object(one: &ListedReader) -> Value {
    json!({
        "address": one.address.reveal(),
        "name": one.name.as_ref().map(Line::as_str),
        "language": one.language.as_ref().map(Language::as_str),
        "state": one.state.as_str(),
        "since": one.since.to_string(),
        "consent": one.consent.as_ref().map(Line::as_str),
        "suppressed": one.suppressed.as_ref().map(Line::as_str),
        "attributes": attributes(one.attributes.as_deref()),
    })
}

fn attributes(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| json!({}))
}
