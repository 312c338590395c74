use super::readers::list_name;
use super::{check_letters, lock};
use crate::app::{self, Desk, Wanted};
use crate::cli::Exit;
use crate::cli::arguments::{Compose, Letter};
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::domain::{Line, visible};

pub(in crate::cli) async fn letter(desk: &Desk, command: &Letter, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Letter::Compose(command) => compose(desk, command, printer).await?,
        Letter::Check(command) => return check_letters(Some(desk), command, printer).await,
        Letter::Preview(_) => {}
        Letter::Eject { folder } => {
            let named = app::eject(desk, folder.as_deref(), &mut |milestone| printer.done(milestone))?;
            let file = desk.settings.file.display();
            printer.done(format_args!("next      say `templates = \"{}\"` in the section [letter] of {file}", named.display()));
        }
    }
    Ok(Exit::Done)
}

async fn compose(desk: &Desk, command: &Compose, printer: &mut Printer) -> anyhow::Result<()> {
    let subject = command.subject.as_deref().map(|text| line("--subject", text)).transpose()?;
    let _lock = lock(desk).await?;
    let mut tell = |milestone: &app::Milestone| printer.done(milestone);
    match command.items {
        Some(items) => {
            let list = command.list.as_deref().map(|name| list_name(desk, Some(name))).transpose()?;
            let list = list.as_deref().map(|name| line("--list", name)).transpose()?;
            app::compose_digest(desk, &Wanted { items, list, subject }, &mut tell).await?;
        }
        None => app::compose(desk, command.edition.as_deref(), subject, &mut tell).await?,
    }
    Ok(())
}

fn line(flag: &str, text: &str) -> Result<Line, Usage> {
    Line::new(text).ok_or_else(|| Usage(format!("`{flag} {}` is empty", visible(text))))
}
