//! The manager of services that has started griot: what systemd wants to be told.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Tells it something, such as `READY=1` (`sd_notify`); nothing where no manager asks to be told.
pub(super) fn notify(variable: fn(&str) -> Option<String>, state: &str) -> io::Result<()> {
    let Some(socket) = variable("NOTIFY_SOCKET").filter(|socket| !socket.is_empty()) else { return Ok(()) };
    // An `@` stands for the NUL of a name that is in no folder.
    let address = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(&socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address)?;
    Ok(())
}
