use super::lock;
use super::publish::exceptions;
use crate::app::{self, Desk};
use crate::cli::Exit;
use crate::cli::arguments::Feed;
use crate::cli::printer::Printer;
use crate::domain::WebUrl;

pub(in crate::cli) async fn feed(desk: &Desk, command: &Feed, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Feed::Build(allow) => {
            let _lock = lock(desk).await?;
            app::build(desk, exceptions(allow), &mut |milestone| printer.done(milestone)).await?;
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
