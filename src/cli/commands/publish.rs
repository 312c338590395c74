use std::ffi::{OsStr, OsString};

use anyhow::Context;

use super::lock;
use crate::app::{self, Desk, Exceptions, Item, LoadOptions, Source};
use crate::cli::Exit;
use crate::cli::arguments::{Allow, Publish, Read, Sources};
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::cli::{report, view};
use crate::domain::{Draft, Format, Note, WebUrl, visible};

pub(in crate::cli) async fn read(command: &Read, options: &LoadOptions, printer: &mut Printer) -> anyhow::Result<Exit> {
    let sources = named(&command.sources, options)?;
    let several = sources.len() > 1;
    let (mut exit, mut is_array, mut is_first) = (Exit::Done, several, true);
    let mut objects = Vec::new();
    for (name, options) in &sources {
        let shown = name.to_string_lossy();
        match understand(name, options).await {
            Ok(understood) if command.json => {
                is_array |= matches!(understood, Understood::Feed(_));
                let of_source = |object: view::SourceView| if several { object.of(&shown) } else { object };
                objects.extend(understood.objects().into_iter().map(of_source));
            }
            // A card is printed when its source is read: the next one may take its time.
            Ok(understood) => {
                for draft in understood.drafts() {
                    if !std::mem::take(&mut is_first) {
                        printer.data("");
                    }
                    printer.data(view::card(&draft, several.then_some(&*shown), printer.width()));
                }
            }
            Err(error) => {
                exit = Exit::Failed;
                objects.push(view::SourceView::failed(&shown, &error));
                report::print(printer, &error);
            }
        }
    }
    if command.json {
        let text = match objects.as_slice() {
            [one] if !is_array => serde_json::to_string_pretty(one),
            all => serde_json::to_string_pretty(all),
        };
        printer.data(text.context("failed to print JSON")?);
    }
    Ok(exit)
}

/// What a source holds: one article, or the items of a feed.
enum Understood {
    Page(Box<Draft>),
    Feed(Vec<Item>),
}

impl Understood {
    fn objects(&self) -> Vec<view::SourceView> {
        match self {
            Self::Page(draft) => vec![view::SourceView::from(&**draft)],
            Self::Feed(items) => items.iter().map(view::SourceView::from).collect(),
        }
    }

    fn drafts(self) -> Vec<Draft> {
        match self {
            Self::Page(draft) => vec![*draft],
            Self::Feed(items) => items.iter().map(Item::draft).collect(),
        }
    }
}

async fn understand(name: &OsStr, options: &LoadOptions) -> anyhow::Result<Understood> {
    let page = app::load(&Source::parse(name)?, options).await?;
    Ok(match page.format {
        Format::Feed => Understood::Feed(app::feed(&page)?.items),
        _ => Understood::Page(Box::new(app::extract(&page))),
    })
}

pub(in crate::cli) async fn publish(
    desk: &Desk,
    command: &Publish,
    verbose: bool,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    if command.sources.names.is_empty() && desk.settings.sources.is_empty() && desk.settings.podcasts.is_empty() {
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
    failed.extend(shows(desk, &command.allow, &mut tell).await?);
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

/// Publishes the shows; what is wrong with some of them does not keep anything else from being published.
pub(super) async fn shows(desk: &Desk, allow: &Allow, tell: app::Tell<'_>) -> anyhow::Result<Vec<anyhow::Error>> {
    let app::Published { failed, without_note } = app::publish_shows(desk, exceptions(allow), tell).await?;
    for file in without_note {
        tell(&app::Milestone::NoNote { file });
    }
    Ok(failed)
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

pub(super) fn exceptions(allow: &Allow) -> Exceptions {
    Exceptions { fewer_items: allow.allow_fewer_items, new_ids: allow.allow_new_ids }
}

fn place(note: &Note) -> String {
    note.line.map_or_else(|| note.note.clone(), |line| format!("line {line}: {}", note.note))
}
