use super::lock;
use super::publish::{exceptions, shows};
use crate::app::{self, Desk, Imported, Source, TakenOver, Takeover};
use crate::cli::Exit;
use crate::cli::arguments::{Allow, FeedHosting, FeedImport, FeedMove};
use crate::cli::printer::Printer;
use crate::cli::report;

pub(in crate::cli) async fn build(desk: &Desk, allow: &Allow, printer: &mut Printer) -> anyhow::Result<Exit> {
    let _lock = lock(desk).await?;
    let failed = shows(desk, allow, &mut |milestone| printer.done(milestone)).await?;
    for error in &failed {
        report::print(printer, error);
    }
    app::build(desk, exceptions(allow), &mut |milestone| printer.done(milestone)).await?;
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
}

pub(in crate::cli) async fn import(desk: &Desk, command: &FeedImport, printer: &mut Printer) -> anyhow::Result<Exit> {
    let _lock = lock(desk).await?;
    let source = Source::parse(&command.feed)?;
    if let Some(show) = &command.show {
        let wanted = Takeover { show, notes_only: command.notes_only, max_bytes: command.max_bytes };
        return podcast(desk, &source, &wanted, printer).await;
    }
    let (options, allow) = (desk.load_options(), exceptions(&command.allow));
    let imported = app::import(desk, &source, &options, allow, &mut |milestone| printer.done(milestone)).await?;
    let Imported { taken, known, documents, failed } = &imported;
    for error in failed {
        report::print(printer, error);
    }
    let of = if *documents > 1 { format!(" of {documents} documents") } else { String::new() };
    let known = if *known > 0 { format!(", {known} were here already") } else { String::new() };
    let left = if failed.is_empty() { String::new() } else { format!(", {} could not be", failed.len()) };
    printer.done(format_args!("imported  {taken} items{of}{known}{left}"));
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
}

async fn podcast(desk: &Desk, source: &Source, wanted: &Takeover<'_>, printer: &mut Printer) -> anyhow::Result<Exit> {
    let done = app::take_over(desk, source, wanted, &mut |milestone| printer.done(milestone)).await?;
    let TakenOver { taken, known, documents, failed, left_out, block } = &done;
    for error in failed {
        report::print(printer, error);
    }
    for what in left_out {
        printer.done(format_args!("left out  {what}"));
    }
    let of = if *documents > 1 { format!(" of {documents} documents") } else { String::new() };
    let known = if *known > 0 { format!(", {known} were here already") } else { String::new() };
    let left = if failed.is_empty() { String::new() } else { format!(", {} could not be", failed.len()) };
    printer.done(format_args!("imported  {taken} episodes{of}{known}{left}"));
    printer.done("next      hold this against the show in the config, then run `griot publish`:\n");
    printer.data(block.trim_end());
    Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
}

pub(in crate::cli) fn hosting(desk: &Desk, command: &FeedHosting, printer: &mut Printer) -> anyhow::Result<Exit> {
    printer.data(app::hosting(desk, command.server)?.trim_end());
    Ok(Exit::Done)
}

pub(in crate::cli) async fn move_feeds(desk: &Desk, command: &FeedMove, printer: &mut Printer) -> anyhow::Result<Exit> {
    let _lock = lock(desk).await?;
    let to = &command.to;
    match app::move_feeds(desk, to, &mut |milestone| printer.done(milestone)).await? {
        None => printer.done(format_args!("nothing   to move: the feeds are at {to}")),
        Some(from) => {
            printer.done(format_args!("moved     the feeds from {from} to {to}"));
            printer.done(
                "next      serve feeds/ there, and redirect the old address for good: `griot feed hosting nginx`, `caddy` or `apache`",
            );
        }
    }
    Ok(Exit::Done)
}
