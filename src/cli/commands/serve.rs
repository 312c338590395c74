use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use listenfd::ListenFd;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::app::{self, Desk, Served};
use crate::cli::Exit;
use crate::cli::arguments::Serve;
use crate::cli::printer::Printer;
use crate::cli::systemd;
use crate::web::Server;

/// Serves the publication until somebody has it stopped.
pub(in crate::cli) async fn serve(desk: &Desk, command: &Serve, printer: &mut Printer) -> anyhow::Result<Exit> {
    let settings = &desk.settings.serve;
    let mut handed = ListenFd::from_env();
    let server = open(&mut handed, 0, command.listen.unwrap_or(settings.listen)).await?;
    let inside = match settings.inside {
        Some(inside) => Some(open(&mut handed, 1, inside).await?),
        None => None,
    };
    let mut signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
    let stop = async move {
        let [interrupt, terminate] = &mut signals;
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    };
    let path = desk.settings.publication.feeds.url().path();
    printer.done(format_args!("serving   http://{}{path} (Ctrl-C ends it)", server.address()));
    if let Some(inside) = &inside {
        printer.done(format_args!("inside    http://{}/metrics", inside.address()));
    }
    systemd::notify(desk.world.variable, "READY=1").context("failed to tell systemd that griot is ready")?;
    let (tell, mut told) = mpsc::unbounded_channel();
    // Where nobody prints any more there is nobody to tell.
    let tell: Arc<dyn Fn(String) + Send + Sync> = Arc::new(move |line| drop(tell.send(line)));
    let served = Arc::new(Served::new(desk));
    let mut posting = std::pin::pin!(app::keep_posting(&served, |line| tell(line)));
    let mut serving = std::pin::pin!(server.run(inside, Arc::clone(&served), Arc::clone(&tell), stop));
    loop {
        tokio::select! {
            () = &mut serving => break,
            never = &mut posting => match never {},
            Some(line) = told.recv() => say(&line, printer),
        }
    }
    // What went wrong at the very end.
    while let Ok(line) = told.try_recv() {
        say(&line, printer);
    }
    Ok(Exit::Done)
}

fn say(line: &str, printer: &Printer) {
    printer.aside(format_args!("{}: {line}", printer.error_word()));
}

/// The socket of this number that systemd has handed over; else one of our own.
async fn open(handed: &mut ListenFd, number: usize, address: SocketAddr) -> anyhow::Result<Server> {
    if let Some(socket) = handed.take_tcp_listener(number).with_context(|| format!("failed to take over socket {number}"))? {
        return Server::take(socket).with_context(|| format!("failed to take over socket {number}"));
    }
    Server::bind(address).await.with_context(|| format!("failed to listen at {address}"))
}
