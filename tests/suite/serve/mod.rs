//! What `griot serve` gives to whom, by plain bytes over real TCP.

mod ends;
mod files;
mod limits;
mod paths;
mod server;

use crate::harness::{Desk, RIVER};

/// A publication with its feeds, at a time after its files were written.
fn desk(more: &str) -> Desk {
    let mut desk = Desk::with_config(more);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.at("2099-03-04T08:00:00Z");
    desk
}
