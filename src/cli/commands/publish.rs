use std::ffi::OsString;

use anyhow::Context;

use super::lock;
use crate::app::{self, Desk, Exceptions, LoadOptions, Source};
use crate::cli::Exit;
use crate::cli::arguments::{Allow, Feed, Letter, Publish, Read, Sources};
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::cli::{report, view};
use crate::domain::{Format, Note, WebUrl, visible};

pub(in crate::cli) async fn read(command: &Read, options: &LoadOptions, printer: &mut Printer) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let (mut objects, mut cards) = (Vec::new(), Vec::new());
    let mut many = command.sources.names.len() > 1;
    for (name, options) in named(&command.sources, options)? {
        let result = async {
            let page = app::load(&Source::parse(&name)?, &options).await?;
            if page.format == Format::Feed {
                let feed = app::feed(&page)?;
                many = true;
                if command.json {
                    objects.extend(feed.items.iter().map(view::SourceView::from));
                } else {
                    cards.extend(feed.items.iter().map(app::Item::draft));
                }
            } else {
                let draft = app::extract(&page);
                objects.push(view::SourceView::from(&draft));
                cards.push(draft);
            }
            anyhow::Ok(())
        };
        match result.await {
            Ok(()) => {}
            Err(error) => {
                exit = Exit::Failed;
                objects.push(view::SourceView::failed(&name.to_string_lossy(), &error));
                report::print(printer, &error);
            }
        }
    }
    for (at, draft) in cards.iter().enumerate().filter(|_| !command.json) {
        if at > 0 {
            printer.data("");
        }
        printer.data(view::card(draft));
    }
    if command.json {
        let text = match objects.as_slice() {
            [one] if !many => serde_json::to_string_pretty(one),
            all => serde_json::to_string_pretty(all),
        };
        printer.data(text.context("failed to print JSON")?);
    }
    Ok(exit)
}

pub(in crate::cli) async fn publish(
    desk: &Desk,
    command: &Publish,
    verbose: bool,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    if command.sources.names.is_empty() && desk.settings.sources.is_empty() {
        let nothing =
            "there is nothing to publish: name a page, such as `griot publish page.txt`, or list `[[sources]]` in the config";
        return Err(Usage(nothing.to_owned()).into());
    }
    let _lock = lock(desk).await?;
    let (mut sources, mut failed) = (Vec::new(), Vec::new());
    for (name, options) in named(&command.sources, &desk.load_options())? {
        match Source::parse(&name) {
            Ok(source) => sources.push((source, options)),
            Err(error) => failed.push(error.into()),
        }
    }
    let sources = (!command.sources.names.is_empty()).then_some(sources.as_slice());
    let mut tell = |milestone: &app::Milestone| printer.done(milestone);
    let (taken, not_taken) = app::publish(desk, sources, command.items, exceptions(&command.allow), &mut tell).await?;
    failed.extend(not_taken);
    for one in taken.iter().filter(|_| verbose) {
        for note in &one.notes {
            printer.aside(format_args!("note: {}: {}", one.archived.id, place(note)));
        }
    }
    for error in &failed {
        report::print(printer, error);
    }
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
}

pub(in crate::cli) async fn feed(desk: &Desk, command: &Feed, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Feed::Build(allow) = command;
    let _lock = lock(desk).await?;
    app::rebuild(desk, exceptions(allow), &mut |milestone| printer.done(milestone)).await?;
    Ok(Exit::Done)
}

pub(in crate::cli) async fn letter(desk: &Desk, command: &Letter, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Letter::Compose { edition } = command;
    let _lock = lock(desk).await?;
    app::compose(desk, edition.as_deref(), &mut |milestone| printer.done(milestone)).await?;
    Ok(Exit::Done)
}

/// Each source with what is known of it.
fn named(sources: &Sources, options: &LoadOptions) -> anyhow::Result<Vec<(OsString, LoadOptions)>> {
    let url = match &sources.url {
        None => None,
        Some(_) if sources.names.len() > 1 => {
            return Err(Usage("`--url` is the address of one page: give it one source".to_owned()).into());
        }
        Some(text) => {
            Some(WebUrl::parse(text).ok_or_else(|| Usage(format!("`--url {}` is not an http(s) address", visible(text))))?)
        }
    };
    let options = LoadOptions { format: sources.format, url, ..options.clone() };
    Ok(sources.names.iter().map(|name| (name.clone(), options.clone())).collect())
}

fn exceptions(allow: &Allow) -> Exceptions {
    Exceptions { fewer_items: allow.allow_fewer_items, new_ids: allow.allow_new_ids }
}

fn place(note: &Note) -> String {
    note.line.map_or_else(|| note.note.clone(), |line| format!("line {line}: {}", note.note))
}
