use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::lock;
use super::readers::{list_name, parse};
use crate::app::{self, Delivered, Desk, Lock, Milestone, Orders};
use crate::cli::Exit;
use crate::cli::arguments::{Bounds, Run, Send};
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::domain::DeliveryState;

pub(in crate::cli) async fn send(desk: &Desk, command: &Send, printer: &mut Printer) -> anyhow::Result<Exit> {
    let edition = command.edition.as_deref();
    if let Some(address) = &command.test {
        let to = parse(address)?;
        if let Some(folder) = &command.to_folder {
            let file = app::write_test(desk, edition, &to, folder).await?;
            printer.done(format_args!("wrote     {}", file.display()));
        } else {
            let (edition, reply) = app::send_test(desk, edition, to.clone()).await?;
            printer.done(format_args!("sent      edition {} to {to} as a test ({reply})", edition.id));
        }
        return Ok(Exit::Done);
    }
    let list = command.list.as_deref().map(|name| list_name(desk, Some(name))).transpose()?;
    if let Some(folder) = &command.to_folder {
        let count = app::rehearse(desk, edition, list.as_deref(), folder).await?;
        printer.done(format_args!("wrote     {count} messages into {}; nobody counts as mailed", folder.display()));
        return Ok(Exit::Done);
    }
    let orders = orders(&command.bounds, true, printer)?;
    let held = lock(desk).await?;
    let edition = app::edition(desk, edition, command.list.as_deref()).await?;
    let frozen = app::freeze(desk, edition, list.as_deref(), &mut |milestone| tell(printer, milestone)).await?;
    // Who publishes or sends another edition need not wait for this one.
    drop(held);
    let delivered = app::deliver(desk, &frozen, &orders, &mut |milestone| tell(printer, milestone)).await?;
    let Some(delivered) = delivered else { return Ok(Exit::Done) };
    if delivered.settled_now == 0 && !delivered.is_unfinished() {
        printer.done(format_args!("nothing   to send: edition {} has gone to `{}`", frozen.edition.id, frozen.sending.list));
    }
    Ok(conclude(&[delivered], printer))
}

pub(in crate::cli) async fn cron(desk: &Desk, command: &Run, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Some(lock) = Lock::take(&desk.settings.lock)? else {
        printer.done("another griot is at work on this publication; the next run will do");
        return Ok(Exit::Done);
    };
    let orders = orders(&command.bounds, false, printer)?;
    let ran = app::run(desk, lock, &orders, &mut |milestone| tell(printer, milestone)).await?;
    for error in &ran.failed {
        report::print(printer, error);
    }
    let exit = conclude(&ran.delivered, printer);
    Ok(if ran.failed.is_empty() { exit } else { Exit::Failed })
}

fn tell(printer: &mut Printer, milestone: &Milestone) {
    if matches!(milestone, Milestone::Progress { .. }) { printer.progress(milestone) } else { printer.done(milestone) }
}

/// How a sending is to go. From here on SIGINT and SIGTERM end it in order; a second one ends the process.
fn orders(bounds: &Bounds, beside: bool, printer: &Printer) -> anyhow::Result<Orders> {
    let (stop, stopped) = watch::channel(false);
    let mut signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    tokio::spawn(async move {
        let [interrupt, terminate] = &mut signals;
        let mut next = async || tokio::select! { _ = interrupt.recv() => 130, _ = terminate.recv() => 143 };
        next().await;
        // Where nobody listens any more there is nothing to stop.
        let _ = stop.send(true);
        let code = next().await;
        #[expect(clippy::exit, reason = "asked for twice: what is in hand is found again as that of a dead sender")]
        std::process::exit(code)
    });
    Ok(Orders {
        max_messages: bounds.max_messages,
        max_runtime: bounds.max_runtime,
        not_after: bounds.not_after,
        stop: stopped,
        progress: printer.progress_step(),
        beside,
    })
}

/// Says what waits and what is in doubt, and how the command ends for it.
fn conclude(delivered: &[Delivered], printer: &mut Printer) -> Exit {
    let mut exit = Exit::Done;
    for one in delivered {
        if let Some(why) = &one.stopped {
            printer.aside(format_args!(
                "{}: the sending of edition {} stopped: {why}",
                printer.error_word(),
                one.sending.edition
            ));
            printer.aside("\nhint: run the same command again; sent mail is not repeated");
            exit = Exit::Again;
        }
        let uncertain = one.balance.count(DeliveryState::Uncertain);
        if uncertain > 0 {
            printer.aside(format_args!(
                "warning: {uncertain} of edition {} to `{}` may or may not have arrived; they are not sent again unasked",
                one.sending.edition, one.sending.list
            ));
        }
        if one.is_unfinished() {
            exit = Exit::Again;
        }
    }
    exit
}
