//! The server of a publication: it takes connections, keeps its limits, and ends in order.
//!
//! `axum::serve` has no limits of time or number, so that a handful of slow clients could keep all others out. Here each
//! connection is driven by hyper itself, and each step of it has an end.

mod answer;
mod client;
mod complaints;
mod connections;
mod front;
mod limits;
mod paced;
mod site;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::app::{Served, explain};
use crate::web::inside::Metrics;
pub(in crate::web) use client::Client;
pub(in crate::web) use complaints::Complaints;
use connections::{Connections, Place};
use front::{Front, House};
use limits::Limits;
use paced::Paced;

/// What is told to whoever runs the server: it has nobody else to tell.
pub type Tell = Arc<dyn Fn(String) + Send + Sync>;

/// A server that can be called on, and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

/// What is said where there is no room, once for a connection that is then closed.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";

/// How long that may take, and to how many it is said at once.
const LEAVE: Duration = Duration::from_secs(1);
const TOLD_AT_ONCE: usize = 32;

/// How long to wait where no connection can be taken, such as where no more files can be opened.
const BREATH: Duration = Duration::from_millis(100);

/// Connections at once for the operator.
const INSIDE: usize = 32;

/// How often what is counted goes to the ledger.
const COUNTS_EVERY: Duration = Duration::from_mins(1);

impl Server {
    /// Listens at an address.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::of(TcpListener::bind(address).await?)
    }

    /// Takes over a socket that somebody else listens with, such as systemd.
    pub fn take(listener: std::net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Self::of(TcpListener::from_std(listener)?)
    }

    fn of(listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is told to stop; then finishes what is under way. `inside`: where the operator sees the numbers.
    pub async fn run(self, inside: Option<Self>, served: Arc<Served>, tell: Tell, stop: impl Future<Output = ()>) {
        let limits = Limits { connections: served.settings().serve.connections, ..Limits::default() };
        let metrics = Arc::new(Metrics::default());
        let complaints = Arc::new(Complaints::new(Arc::clone(&tell)));
        let house = Arc::new(House::new(Arc::clone(&served), Arc::clone(&metrics), Arc::clone(&complaints)));
        let (told, stopped) = watch::channel(false);
        let stop = async {
            stop.await;
            // Those who are to be told are all below.
            let _ = told.send(true);
        };
        let numbers = async {
            let Some(inside) = inside else { return };
            let house = Arc::new(House::inside(Arc::clone(&served), metrics, complaints));
            let limits = Limits { connections: INSIDE, ..limits };
            attend(inside.listener, &house, limits, &tell, stopped.clone()).await;
        };
        let answers = attend(self.listener, &house, limits, &tell, stopped.clone());
        tokio::join!(stop, answers, numbers, keep_counts(&served, &tell, stopped.clone()));
        // What was answered at the very end.
        kept(&served, &tell).await;
    }
}

/// Adds what is counted to the ledger from time to time, until the server stops.
async fn keep_counts(served: &Served, tell: &Tell, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(COUNTS_EVERY) => kept(served, tell).await,
        }
    }
}

async fn kept(served: &Served, tell: &Tell) {
    if let Err(error) = served.keep_counts().await {
        tell(explain(&error));
    }
}

/// Takes connections until `stop`, and waits for those that are under way.
async fn attend(listener: TcpListener, house: &Arc<House>, limits: Limits, tell: &Tell, mut stopped: watch::Receiver<bool>) {
    let connections = Arc::new(Connections::new(limits.connections));
    let told = Arc::new(Semaphore::new(TOLD_AT_ONCE));
    let mut is_ill = false;
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                is_ill = false;
                let Some(place) = connections.enter() else {
                    house.metrics().turned_away();
                    // In a flood not everybody is told.
                    if let Ok(leave) = Arc::clone(&told).try_acquire_owned() {
                        tokio::spawn(async move {
                            let _ = tokio::time::timeout(LEAVE, turn_away(stream)).await;
                            drop(leave);
                        });
                    }
                    continue;
                };
                let house = Arc::clone(house);
                tokio::spawn(async move {
                    house.metrics().accepted();
                    converse(stream, peer, place, Arc::clone(&house), limits).await;
                    house.metrics().closed();
                });
            }
            Err(error) => {
                if !is_ill && !is_of_the_client(&error) {
                    tell(format!("no connection can be taken: {error}"));
                    is_ill = true;
                }
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    connections.end();
    // What is not done by then is cut off with the runtime.
    let _ = tokio::time::timeout(limits.stop, connections.all_gone()).await;
}

/// Says that there is no room. What the client says meanwhile is taken in: closing on it would take the answer back.
async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(FULL).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

/// Whether a connection was gone before it was taken, which is nobody's trouble here.
fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}

/// One connection, from its first byte to its last.
async fn converse(stream: TcpStream, peer: SocketAddr, place: Place, house: Arc<House>, limits: Limits) {
    // An answer goes out at once, not when the one before it was acknowledged. Without it, it is only slower.
    let _ = stream.set_nodelay(true);
    let line = place.line();
    let front = Front { house, line: Arc::clone(&line), peer: peer.ip(), limits };
    let io = TokioIo::new(Paced::new(stream, Arc::clone(&line), limits.stall));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(limits.head_bytes)
            .max_headers(limits.headers)
            .serve_connection(io, front)
    );
    // What goes wrong on a connection is the client's doing, or its line's: there is nobody to tell.
    tokio::select! {
        // First, so that a request that is there by now is answered.
        biased;
        _ = connection.as_mut() => return,
        () = line.told_to_end() => {}
    }
    if line.is_waiting() {
        return;
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}
