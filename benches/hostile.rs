//! How long griot takes, and how much memory, over pages of 10 MB that are written to keep a reader busy.
//!
//! `cargo bench --bench hostile` reads each shape of the suite in a process of its own and prints the slowest first;
//! a name behind `--` picks the shapes that hold it. What is beyond two seconds or 512 MB is marked.
//! Both are what the system counted (GNU time, Debian's package `time`).

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

#[path = "../tests/suite/shapes.rs"]
mod shapes;

/// A little below the largest page that is taken.
const BYTES: usize = 10 * 1024 * 1024 - 1024;
const MOST_SECONDS: f64 = 2.0;
const MOST_MEGABYTES: f64 = 512.0;

fn main() {
    let picked = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let folder = tempfile::tempdir().unwrap();
    let mut rows: Vec<(f64, f64, &str)> = Vec::new();
    for shape in shapes::SHAPES.iter().filter(|shape| shape.name.contains(&picked)) {
        fs::write(folder.path().join(shape.name), shape.page(BYTES)).unwrap();
        let (seconds, megabytes) = read(folder.path(), shape.name);
        rows.push((seconds, megabytes, shape.name));
        fs::remove_file(folder.path().join(shape.name)).unwrap();
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{:<28} {:>8} {:>8}", "10 MB of", "CPU s", "peak MB");
    for (seconds, megabytes, name) in rows {
        let mark = if seconds > MOST_SECONDS || megabytes > MOST_MEGABYTES { " !" } else { "" };
        println!("{name:<28} {seconds:>8.2} {megabytes:>8.0}{mark}");
    }
}

/// Seconds of CPU and megabytes at the peak; a process that does not end well stops the measurement.
fn read(folder: &Path, name: &str) -> (f64, f64) {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M", "-o", "spent", env!("CARGO_BIN_EXE_griot"), "read", "--json", name]);
    let status = command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{name}: {status}");
    let spent = fs::read_to_string(folder.join("spent")).unwrap();
    let figures: Vec<f64> = spent.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    (figures[0] + figures[1], figures[2] / 1024.0)
}
