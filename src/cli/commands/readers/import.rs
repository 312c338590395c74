use std::time::Instant;

use serde_json::{Value, json};

use super::{consent, list_name};
use crate::app::{self, Batch, Desk, Fate, Fates, Import, Imports};
use crate::cli::Exit;
use crate::cli::arguments::ImportReaders;
use crate::cli::printer::Printer;
use crate::domain::{Address, counted, visible};

pub(super) async fn import(desk: &Desk, command: &ImportReaders, printer: &mut Printer) -> anyhow::Result<Exit> {
    let list = list_name(desk, command.list.as_deref())?;
    let consent = command.confirmed.as_deref().map(consent).transpose()?;
    let imports = Imports {
        list: &list,
        file: &command.file,
        consent: consent.as_ref(),
        encoding: command.encoding.as_deref(),
        rejects: command.rejects.as_deref(),
        apply: command.apply,
    };
    let mut told = Instant::now();
    let import = {
        let printer = &*printer;
        let mut tell = |rows: u64| {
            if told.elapsed() >= printer.progress_step() {
                told = Instant::now();
                printer.progress(format_args!("reading   {}", counted(rows, "row")));
            }
        };
        app::import_readers(desk, &imports, &mut tell).await?
    };
    say(&import, command, &list, printer);
    Ok(if import.rejected == 0 { Exit::Done } else { Exit::Failed })
}

fn say(import: &Import, command: &ImportReaders, list: &str, printer: &mut Printer) {
    let file = command.file.display();
    let understood = &import.file;
    let separator = match understood.separator {
        ';' => "semicolons",
        '\t' => "tabs",
        _ => "commas",
    };
    let (exporter, encoding) = (understood.exporter, understood.encoding);
    printer.done(format_args!("read      {file}: {exporter}, {encoding}, {separator}"));
    if understood.is_guessed {
        printer.done(format_args!("          {encoding} is a guess: `--encoding` says otherwise"));
    }
    if !understood.dropped.is_empty() {
        let names: Vec<String> = understood.dropped.iter().map(|name| visible(name)).collect();
        printer.done(format_args!("left out  {}: nobody can check it, or nobody should keep it", names.join(", ")));
    }
    let mut word = if command.apply { "imported" } else { "would be" };
    for (fate, count) in &import.fates.counts {
        let examples = import.examples.iter().find(|(other, _)| other == fate).map(|(_, examples)| some_of(examples, *count));
        printer.done(format_args!("{word:<9} {}{}", line(*fate, *count, list), examples.unwrap_or_default()));
        word = "";
    }
    if import.fates.repeated > 0 {
        printer
            .done(format_args!("{word:<9} {} an address that the file has already", rows_that(import.fates.repeated, "repeat")));
        word = "";
    }
    if !word.is_empty() {
        printer.done(format_args!("{word:<9} nothing"));
    }
    for rejected in &import.first_rejected {
        printer.aside(format_args!("{}: {file}: line {}: {}", printer.error_word(), rejected.line, rejected.why));
    }
    let untold = import.rejected.saturating_sub(import.first_rejected.len() as u64);
    if untold > 0 {
        printer.aside(format_args!("{}: {file}: and {} more", printer.error_word(), rows_that(untold, "cannot be taken")));
    }
    if let Some(rejects) = &import.rejects {
        printer.done(format_args!("rejected  {}, with their lines, in {}", counted(import.rejected, "row"), rejects.display()));
    }
    match import.batch {
        Some(batch) => printer.done(format_args!("undo      griot subscribers undo {batch}")),
        None => printer.done("unchanged nothing is imported yet: `--apply` does it"),
    }
}

fn line(fate: Fate, count: u64, list: &str) -> String {
    match fate {
        Fate::NewConfirmed => format!("{count} new on `{list}`, confirmed"),
        Fate::NewPending => format!("{count} new on `{list}`, pending"),
        Fate::NewLeft => format!("{count} noted as having left `{list}`"),
        Fate::NewSuppressed => format!("{count} noted as suppressed"),
        Fate::NowConfirmed => format!("{count} confirmed now who were pending"),
        Fate::TakenOff => format!("{count} taken off `{list}`, since they have left there"),
        Fate::Known => format!("{count} on `{list}` already"),
        Fate::LeftBefore => format!("{count} not brought back: they have left `{list}`"),
        Fate::SuppressedBefore => format!("{count} not taken: they are suppressed"),
        Fate::Erased => format!("{count} not taken: they were erased"),
    }
}

/// `: a***@e***, b***@e*** and more`
fn some_of(examples: &[Address], count: u64) -> String {
    let shown: Vec<String> = examples.iter().map(Address::to_string).collect();
    let more = if count > shown.len() as u64 { " and more" } else { "" };
    format!(": {}{more}", shown.join(", "))
}

fn rows_that(count: u64, verb: &str) -> String {
    match (count, verb) {
        (1, "repeat") => "1 row repeats".to_owned(),
        _ => format!("{} {verb}", counted(count, "row")),
    }
}

pub(super) async fn undo(desk: &Desk, batch: i64, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Some(undone) = app::undo_import(desk, batch).await? else {
        printer.done(format_args!("unchanged import {batch} was undone before"));
        return Ok(Exit::Done);
    };
    let mut word = "undone";
    for (count, what) in [
        (undone.gone, "gone who came with it"),
        (undone.restored, "as they were before it"),
        (undone.unsuppressed, "no longer suppressed"),
        (undone.pending, "pending, since they have got a letter or asked for one since"),
        (undone.kept, "as they are, since they or you have changed something since"),
    ] {
        if count > 0 {
            printer.done(format_args!("{word:<9} {count} {what}"));
            word = "";
        }
    }
    if !word.is_empty() {
        printer.done(format_args!("{word:<9} import {batch}, which nobody came with"));
    }
    Ok(Exit::Done)
}

pub(super) async fn batches(desk: &Desk, as_json: bool, printer: &mut Printer) -> anyhow::Result<Exit> {
    let all = app::batches(desk).await?;
    if as_json {
        printer.data(Value::Array(all.iter().map(object).collect()));
        return Ok(Exit::Done);
    }
    for one in &all {
        let state = if one.is_undone { "undone" } else { "" };
        let new = one.fates.as_ref().map_or(0, new);
        let (file, list) = (visible(&one.file), &one.list);
        printer.data(format_args!("{:<9} {}  {state:<6}  {} from {file} to `{list}`", one.id, one.begun, counted(new, "reader")));
    }
    Ok(Exit::Done)
}

/// How many came with an import, as readers or as those who are not to be.
fn new(fates: &Fates) -> u64 {
    [Fate::NewConfirmed, Fate::NewPending, Fate::NewLeft, Fate::NewSuppressed].into_iter().map(|fate| fates.count(fate)).sum()
}

fn object(one: &Batch) -> Value {
    let counts = |fates: &Fates| -> Value {
        let counts = fates.counts.iter().map(|(fate, count)| (fate.as_str(), *count));
        counts.chain([("repeated", fates.repeated)]).map(|(word, count)| (word.replace(' ', "_"), Value::from(count))).collect()
    };
    json!({
        "batch": one.id,
        "begun": one.begun.to_string(),
        "list": one.list,
        "file": one.file,
        "undone": one.is_undone,
        "rows": one.fates.as_ref().map(counts),
    })
}
