use super::lock;
use super::publish::exceptions;
use crate::app::{self, Desk, Imported, Source};
use crate::cli::Exit;
use crate::cli::arguments::Feed;
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::domain::WebUrl;

pub(in crate::cli) async fn feed(desk: &Desk, command: &Feed, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Feed::Build(allow) => {
            let _lock = lock(desk).await?;
            app::build(desk, exceptions(allow), &mut |milestone| printer.done(milestone)).await?;
        }
        Feed::Import(command) => {
            let _lock = lock(desk).await?;
            let source = Source::parse(&command.feed)?;
            let (options, allow) = (desk.load_options(), exceptions(&command.allow));
            let imported = app::import(desk, &source, &options, allow, &mut |milestone| printer.done(milestone)).await?;
            return Ok(report_import(&imported, printer));
        }
        Feed::Hosting(command) => printer.data(app::hosting(desk, command.server)?.trim_end()),
        Feed::Move(command) => {
            let _lock = lock(desk).await?;
            let from = app::move_feeds(desk, &command.to, &mut |milestone| printer.done(milestone)).await?;
            moved(from.as_ref(), &command.to, printer);
        }
    }
    Ok(Exit::Done)
}

fn report_import(imported: &Imported, printer: &mut Printer) -> Exit {
    let Imported { taken, known, documents, failed } = imported;
    for error in failed {
        report::print(printer, error);
    }
    let of = if *documents > 1 { format!(" of {documents} documents") } else { String::new() };
    let known = if *known > 0 { format!(", {known} were here already") } else { String::new() };
    let failed = if failed.is_empty() { String::new() } else { format!(", {} could not be", failed.len()) };
    printer.done(format_args!("imported  {taken} items{of}{known}{failed}"));
    if failed.is_empty() { Exit::Done } else { Exit::Failed }
}

fn moved(from: Option<&WebUrl>, to: &WebUrl, printer: &mut Printer) {
    let Some(from) = from else {
        printer.done(format_args!("nothing   to move: the feeds are at {to}"));
        return;
    };
    printer.done(format_args!("moved     the feeds from {from} to {to}"));
    printer.done(
        "next      serve feeds/ there, and redirect the old address for good: `griot feed hosting nginx`, `caddy` or `apache`",
    );
}
