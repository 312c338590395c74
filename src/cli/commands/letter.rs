use super::lock;
use crate::app::{self, Desk};
use crate::cli::Exit;
use crate::cli::arguments::Letter;
use crate::cli::printer::Printer;

pub(in crate::cli) async fn letter(desk: &Desk, command: &Letter, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Letter::Compose { edition } => {
            let _lock = lock(desk).await?;
            app::compose(desk, edition.as_deref(), &mut |milestone| printer.done(milestone)).await?;
        }
        Letter::Eject { folder } => {
            let named = app::eject(desk, folder.as_deref(), &mut |milestone| printer.done(milestone))?;
            let file = desk.settings.file.display();
            printer.done(format_args!("next      say `templates = \"{}\"` in the section [letter] of {file}", named.display()));
        }
    }
    Ok(Exit::Done)
}
