use super::lock;
use crate::app::{self, Desk, KeyKind};
use crate::cli::Exit;
use crate::cli::arguments::Dkim;
use crate::cli::printer::Printer;

pub(in crate::cli) async fn dkim(desk: &Desk, command: &Dkim, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Dkim::New { selector, ed25519 } => {
            let _lock = lock(desk).await?;
            let made = app::new_key(desk, selector, if *ed25519 { KeyKind::Ed25519 } else { KeyKind::Rsa })?;
            printer.done(format_args!("made      {}", made.file.display()));
            printer.data(format_args!("\nThe record for the DNS of {}:\n\n{}", made.domain, made.record));
            printer.data(format_args!(
                "\nThe lines for {}, once the DNS shows it:\n\n[[dkim]]\nselector = \"{}\"\nkey_file = \"{}\"",
                desk.settings.file.display(),
                made.selector,
                made.key_file
            ));
        }
        Dkim::Record => app::records(desk)?.iter().for_each(|record| printer.data(record)),
    }
    Ok(Exit::Done)
}
