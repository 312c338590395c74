use serde_json::{Value, json};

use crate::app::{self, Added, Desk, Import, Removed};
use crate::cli::Exit;
use crate::cli::arguments::Subscribers;
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::domain::{Address, Line, Subscriber, slug, visible};

/// Without the lock: a reader can leave while a letter is on its way to others, and the sender asks before each message.
pub(in crate::cli) async fn subscribers(desk: &Desk, command: &Subscribers, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Subscribers::Add { address, name, confirmed, list } => {
            let (address, list) = (parse(address)?, list_name(desk, list.as_deref())?);
            let consent = confirmed.as_deref().map(consent).transpose()?;
            let state = if consent.is_some() { "confirmed" } else { "pending" };
            let name = name.as_deref().and_then(Line::new);
            let added = app::add_reader(desk, &list, address.clone(), name, consent).await?;
            Ok(say_added(printer, added, &address, &list, state))
        }
        Subscribers::Import { file, confirmed, list } => {
            let list = list_name(desk, list.as_deref())?;
            let consent = confirmed.as_deref().map(consent).transpose()?;
            let import = app::import_readers(desk, &list, file, consent.as_ref()).await?;
            Ok(say_imported(printer, &import, &file.display().to_string(), &list, consent.is_some()))
        }
        Subscribers::List { list, json } => {
            let list = list_name(desk, list.as_deref())?;
            let all = app::readers(desk, &list).await?;
            if *json {
                printer.data(Value::Array(all.iter().map(object).collect()));
            } else {
                for one in &all {
                    printer.data(row(one));
                }
            }
            Ok(Exit::Done)
        }
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
    }
}

fn say_added(printer: &mut Printer, added: Added, address: &Address, list: &str, state: &str) -> Exit {
    match added {
        Added::New => printer.done(format_args!("added     {address} to `{list}`, {state}")),
        Added::Confirmed => printer.done(format_args!("confirmed {address} on `{list}`")),
        Added::Known => printer.done(format_args!("unchanged {address} is on `{list}` already")),
        Added::Left => {
            printer.aside(format_args!("{}: {address} has left `{list}`", printer.error_word()));
            printer.aside("\nhint: if the person has agreed anew, say how with `--confirmed`");
            return Exit::Failed;
        }
        Added::Suppressed => {
            printer.aside(format_args!("{}: {address} is suppressed and is never mailed", printer.error_word()));
            return Exit::Failed;
        }
    }
    Exit::Done
}

fn say_imported(printer: &mut Printer, import: &Import, file: &str, list: &str, confirmed: bool) -> Exit {
    let state = if confirmed { "confirmed" } else { "pending" };
    printer.done(format_args!("imported  {} new on `{list}`, {state}", import.new));
    for (count, what) in [
        (import.confirmed, "were pending and are confirmed now"),
        (import.known, "were on the list already"),
        (import.left, "have left the list and are not brought back"),
        (import.suppressed, "are suppressed and are never mailed"),
    ] {
        if count > 0 {
            printer.done(format_args!("          {count} {what}"));
        }
    }
    for rejected in &import.rejected {
        printer.aside(format_args!("{}: {file}: line {}: {}", printer.error_word(), rejected.line, rejected.why));
    }
    if import.rejected.is_empty() { Exit::Done } else { Exit::Failed }
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
fn row(subscriber: &Subscriber) -> String {
    match subscriber {
        Subscriber::Pending(one) => format!("pending   {}", one.address.reveal()),
        Subscriber::Confirmed(one) => format!("confirmed {}  ({})", one.address.reveal(), one.consent),
    }
}

fn object(subscriber: &Subscriber) -> Value {
    match subscriber {
        Subscriber::Pending(one) => {
            json!({ "address": one.address.reveal(), "name": one.name.as_ref().map(Line::as_str), "state": "pending", "since": one.since.to_string() })
        }
        Subscriber::Confirmed(one) => {
            json!({ "address": one.address.reveal(), "name": one.name.as_ref().map(Line::as_str), "state": "confirmed", "since": one.since.to_string(), "consent": one.consent.as_str() })
        }
    }
}
