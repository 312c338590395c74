use super::lock;
use super::readers::{list_name, parse};
use crate::app::{self, Delivered, Desk, Lock};
use crate::cli::Exit;
use crate::cli::arguments::Send;
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
    let _lock = lock(desk).await?;
    let edition = app::edition(desk, edition, command.list.as_deref()).await?;
    let delivered = app::send(desk, &edition, list.as_deref(), &mut |milestone| printer.done(milestone)).await?;
    if delivered.settled_now == 0 && !delivered.is_unfinished() {
        printer.done(format_args!("nothing   to send: edition {} has gone to `{}`", edition.id, delivered.sending.list));
    }
    Ok(conclude(&[delivered], printer))
}

pub(in crate::cli) async fn cron(desk: &Desk, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Some(_lock) = Lock::take(&desk.settings.lock)? else {
        printer.done("another griot is at work on this publication; the next run will do");
        return Ok(Exit::Done);
    };
    let ran = app::run(desk, &mut |milestone| printer.done(milestone)).await?;
    for error in &ran.failed {
        report::print(printer, error);
    }
    let exit = conclude(&ran.delivered, printer);
    Ok(if ran.failed.is_empty() { exit } else { Exit::Failed })
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
