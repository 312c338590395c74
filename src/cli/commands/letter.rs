use super::{check_letters, lock};
use crate::app::{self, Desk};
use crate::cli::Exit;
use crate::cli::arguments::Letter;
use crate::cli::printer::Printer;

pub(in crate::cli) async fn letter(desk: &Desk, command: &Letter, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Letter::Compose { edition } => {
            let _lock = lock(desk).await?;
            app::compose(desk, edition.as_deref(), &mut |milestone| printer.done(milestone)).await?;
            Ok(Exit::Done)
        }
        Letter::Check(command) => check_letters(Some(desk), command, printer).await,
    }
}
