use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::readers::{list_name, parse};
use super::{lock, plan};
use crate::app::{self, Delivered, Desk, Lock, Milestone, Orders, Settled};
use crate::cli::Exit;
use crate::cli::arguments::{Bounds, Run, Send};
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::domain::{DeliveryState, Edition};

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
    if command.plan.plan {
        let edition = app::edition(desk, edition, list.as_deref()).await?;
        plan::show(&app::plan(desk, edition, list.as_deref()).await?, command.plan.json, printer);
        return Ok(Exit::Done);
    }
    if let Some(log) = &command.doubt.settle_from {
        let edition = app::edition(desk, edition, list.as_deref()).await?;
        return settle(desk, &edition, list.as_deref(), log, printer).await;
    }
    let orders = orders(&command.bounds, true, printer)?;
    let held = lock(desk).await?;
    let edition = app::edition(desk, edition, list.as_deref()).await?;
    if command.doubt.resend_uncertain {
        let count = app::resend_uncertain(desk, &edition, list.as_deref()).await?;
        printer.done(format_args!("due       {count} of edition {} again that were uncertain", edition.id));
    }
    let mut tell = |milestone: &Milestone| tell(printer, milestone);
    let frozen = match &command.plan.apply {
        Some(hash) => app::apply(desk, edition, list.as_deref(), hash, &mut tell).await?,
        None => app::freeze(desk, &edition.id, list.as_deref(), &mut tell).await?,
    };
    // Who publishes or sends another edition need not wait for this one.
    drop(held);
    let delivered = app::deliver(desk, &frozen, &orders, &mut tell).await?;
    let Some(delivered) = delivered else { return Ok(Exit::Done) };
    if delivered.settled_now == 0 && !delivered.is_unfinished() {
        printer.done(format_args!("nothing   to send: edition {} has gone to `{}`", frozen.edition.id, frozen.sending.list));
    }
    Ok(conclude(&[delivered], printer))
}

/// What the log of the mail server says of what is in doubt.
async fn settle(desk: &Desk, edition: &Edition, list: Option<&str>, log: &Path, printer: &mut Printer) -> anyhow::Result<Exit> {
    let settled = if log.as_os_str() == "-" {
        app::settle_from(desk, edition, list, io::stdin().lock(), "standard input").await?
    } else {
        let file = log.display().to_string();
        let open = File::open(log).with_context(|| format!("failed to open `{file}`"))?;
        app::settle_from(desk, edition, list, BufReader::new(open), &file).await?
    };
    let Settled { sending, sent, refused, begun, unknown } = settled;
    printer.done(format_args!(
        "settled   {} of edition {} to `{}`: {sent} sent, {refused} refused",
        sent + refused,
        sending.edition,
        sending.list
    ));
    if begun + unknown > 0 {
        printer.done(format_args!(
            "uncertain {} still: {unknown} not in the log, {begun} begun and not taken, as far as the log goes",
            begun + unknown
        ));
    }
    Ok(Exit::Done)
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
    for error in &ran.waiting {
        printer.aside(format_args!("warning: {}", app::explain(error)));
    }
    if let Some(why) = &ran.posted.stopped {
        printer.aside(format_args!("warning: mails to single readers wait: {why}"));
    }
    let exit = conclude(&ran.delivered, printer);
    Ok(match (ran.failed.is_empty(), ran.waiting.is_empty() && ran.posted.later == 0) {
        (false, _) => Exit::Failed,
        (true, false) => Exit::Again,
        (true, true) => exit,
    })
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
