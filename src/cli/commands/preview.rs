use std::path::PathBuf;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{Preview, World};
use crate::cli::Exit;
use crate::cli::arguments::LetterPreview;
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::web::PreviewServer;

/// Shows a letter until the desk has seen enough. It opens the publication by itself, each time that something has changed.
pub(in crate::cli) async fn preview(
    command: &LetterPreview,
    config: PathBuf,
    world: World,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    let previewed = command.previewed().ok_or_else(|| {
        Usage("a preview is of a file or an edition: save the page, or publish it and name its edition".to_owned())
    })?;
    let preview = Preview::new(config, world, previewed);
    // What is wrong from the start is said at once, where it was asked for.
    preview.look().await?;
    let mut signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    let port = command.port;
    let server = PreviewServer::bind(port).await.with_context(|| format!("failed to listen at port {port} of this machine"))?;
    printer.data(format_args!("preview   {} (Ctrl-C ends it)", server.url()));
    let stop = async move {
        let [interrupt, terminate] = &mut signals;
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    };
    server.run(preview, stop).await.context("failed to show the preview")?;
    Ok(Exit::Done)
}
