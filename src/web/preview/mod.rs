//! The preview in a browser of this machine: router, handlers, pages.
//!
//! It listens on the loopback interface alone and answers to the names of that interface alone: a page from elsewhere could
//! else reach it under a name of its own (DNS rebinding). It knows GET and HEAD, keeps nothing, and no script runs but its
//! own few lines: what was read stands in the page as text, and the letter in frames that may do nothing but be seen.

mod guard;
mod page;
mod router;
mod shown;
mod view;

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::Preview;

/// How long an answer that is under way may take once the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// A preview that can be called on, and does not answer yet.
#[derive(Debug)]
pub struct PreviewServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl PreviewServer {
    /// Takes a port of the loopback interface; any that is free for 0.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers until it is told to stop.
    pub async fn run(self, preview: Preview, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let (told, stopping) = oneshot::channel();
        let stop = async {
            stop.await;
            // Where nobody waits for it any more, all is done.
            let _ = told.send(());
        };
        let serving = axum::serve(self.listener, router::router(Arc::new(preview))).with_graceful_shutdown(stop);
        // Browsers keep a line open on which they may never ask anything; nobody waits for that.
        let given_up = async {
            match stopping.await {
                Ok(()) => tokio::time::sleep(PATIENCE).await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            served = serving.into_future() => served,
            () = given_up => Ok(()),
        }
    }
}
