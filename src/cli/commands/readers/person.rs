use serde_json::{Value, json};

use super::attributes;
use crate::app::{self, Desk, Person};
use crate::cli::Exit;
use crate::cli::printer::Printer;
use crate::domain::{Address, Language, Line, SubscriptionState, counted, visible};

/// Shown in the clear: it is what the person is to be told.
pub(super) async fn show(desk: &Desk, address: &Address, as_json: bool, printer: &mut Printer) -> anyhow::Result<Exit> {
    let person = app::person(desk, address).await?;
    if as_json {
        printer.data(object(address, &person));
    } else if is_nobody(&person) {
        printer.done(format_args!("nothing   is known of {address}"));
    } else {
        lines(&person, printer);
    }
    Ok(Exit::Done)
}

fn is_nobody(person: &Person) -> bool {
    person.memberships.is_empty()
        && person.receipts.is_empty()
        && person.letters.is_empty()
        && person.bounces.is_empty()
        && person.suppressed.is_none()
        && person.erased.is_none()
}

fn lines(person: &Person, printer: &mut Printer) {
    if let Some(at) = person.erased {
        printer.data(format_args!("erased    {at}: a keyed hash of the address is all that is left"));
    }
    if let Some((why, since)) = &person.suppressed {
        printer.data(format_args!("never     mailed since {since}: {why}"));
    }
    for one in &person.memberships {
        printer.data(format_args!("{:<9} on `{}` since {}: {}", one.state.as_str(), one.list, one.since, one.address));
        if let Some(name) = &one.name {
            printer.data(format_args!("          name      {name}"));
        }
        if let Some(language) = &one.language {
            printer.data(format_args!("          language  {language}"));
        }
        if let Some(consent) = &one.consent
            && one.state == SubscriptionState::Confirmed
        {
            printer.data(format_args!("          agreed    {consent}"));
        }
        if let Some(asked) = one.asked {
            printer.data(format_args!("          asked     {asked}, to be confirmed by mail"));
        }
        if let Some((batch, file, begun)) = &one.batch {
            printer.data(format_args!("          came      with import {batch} of {begun}, from {}", visible(file)));
        }
        if let Value::Object(members) = attributes(one.attributes.as_deref()) {
            for (name, value) in members {
                let value = value.as_str().map_or_else(|| value.to_string(), visible);
                printer.data(format_args!("          {}: {value}", visible(&name)));
            }
        }
    }
    for one in &person.receipts {
        let wording = one.wording.as_deref().map(|text| format!(": {}", visible(text))).unwrap_or_default();
        let edition = one.edition.as_deref().map(|edition| format!(", after {edition}")).unwrap_or_default();
        printer.data(format_args!("{:<9} `{}` by {}, {}{edition}{wording}", one.deed, one.list, one.way, one.at));
    }
    for one in &person.letters {
        let reply = one.reply.as_deref().map(|reply| format!(": {}", visible(reply))).unwrap_or_default();
        printer.data(format_args!("letter    {} to `{}`, {} {}{reply}", one.edition, one.list, one.state.as_str(), one.changed));
    }
    for (taken, class, words) in &person.bounces {
        printer.data(format_args!("report    {taken}  {class}: {}", visible(words)));
    }
}

fn object(address: &Address, person: &Person) -> Value {
    let text = |line: &Option<Line>| line.as_ref().map(Line::as_str).map(str::to_owned);
    let lists: Vec<Value> = person
        .memberships
        .iter()
        .map(|one| {
            json!({
                "list": one.list,
                "address": one.address,
                "name": text(&one.name),
                "language": one.language.as_ref().map(Language::as_str),
                "state": one.state.as_str(),
                "since": one.since.to_string(),
                "consent": text(&one.consent),
                "asked": one.asked.map(|asked| asked.to_string()),
                "import": one.batch.as_ref().map(|(batch, file, begun)| {
                    json!({ "batch": batch, "file": file, "begun": begun.to_string() })
                }),
                "attributes": attributes(one.attributes.as_deref()),
            })
        })
        .collect();
    let receipts = person.receipts.iter().map(|one| {
        json!({ "at": one.at.to_string(), "list": one.list, "deed": one.deed, "way": one.way, "wording": one.wording, "edition": one.edition })
    });
    let letters = person.letters.iter().map(|one| {
        json!({ "edition": one.edition.as_str(), "list": one.list, "state": one.state.as_str(), "changed": one.changed.to_string(), "reply": one.reply })
    });
    let bounces =
        person.bounces.iter().map(|(taken, class, words)| json!({ "taken": taken.to_string(), "class": class, "words": words }));
    json!({
        "address": address.reveal(),
        "lists": lists,
        "receipts": receipts.collect::<Vec<_>>(),
        "letters": letters.collect::<Vec<_>>(),
        "bounces": bounces.collect::<Vec<_>>(),
        "suppressed": person.suppressed.as_ref().map(|(why, since)| json!({ "reason": why.as_str(), "since": since.to_string() })),
        "erased": person.erased.map(|at| at.to_string()),
    })
}

pub(super) async fn erase(desk: &Desk, address: &Address, printer: &mut Printer) -> anyhow::Result<Exit> {
    let erased = app::erase_reader(desk, address).await?;
    let counts = erased.counts;
    if erased.again && counts.subscriptions + counts.receipts + counts.letters + counts.bounces == 0 {
        printer.done(format_args!("unchanged {address} was erased before"));
    } else {
        printer.done(format_args!(
            "erased    {address}: {}, {}, {}, {}",
            counted(counts.subscriptions, "subscription"),
            counted(counts.receipts, "receipt"),
            counted(counts.letters, "letter"),
            counted(counts.bounces, "report")
        ));
    }
    if !erased.is_shredded {
        printer.done("next      another griot reads the ledger: the last bytes go with the next command after it has ended");
    }
    Ok(Exit::Done)
}
