//! How many sound files griot measures in a second: 1,000 MP3 files of 1 MB, of which every frame is counted.
//!
//! `cargo bench --bench sound` writes them into a temporary folder and measures each as a run does that sees it for the first
//! time, with and without the SHA-256 by which it is known again. The files are in the system's cache: what is measured is
//! griot, not the disk.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use griot::read::sound::{hash, measure};

const FILES: usize = 1_000;
const BYTES: usize = 1_000_000;
const TURNS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = (0..FILES)
        .map(|number| {
            let file = folder.path().join(format!("{number}.mp3"));
            fs::write(&file, mp3(number)).unwrap();
            file
        })
        .collect();
    println!("{FILES} MP3 files of 1 MB, {TURNS} turns");
    println!("{:<32} {:>30}", "", "files a second (min med max)");
    row("length", &files, |file| {
        black_box(measure(file).unwrap());
    });
    row("length and SHA-256", &files, |file| {
        black_box((measure(file).unwrap(), hash(file).unwrap()));
    });
}

/// A file of frames of 128 kbit/s with variable padding, and something in them that differs from file to file.
fn mp3(number: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BYTES);
    let mut at = 0_usize;
    while bytes.len() + 418 <= BYTES {
        let padding = at % 2;
        let mut frame = vec![0xFF, 0xFB, if padding == 1 { 0x92 } else { 0x90 }, 0x44];
        frame.resize(417 + padding, u8::try_from((number + at) % 251).unwrap());
        bytes.append(&mut frame);
        at += 1;
    }
    bytes
}

fn row(name: &str, files: &[PathBuf], one: impl Fn(&PathBuf)) {
    let mut rates: Vec<f64> = (0..TURNS)
        .map(|_| {
            let begun = Instant::now();
            files.iter().for_each(&one);
            let count: f64 = files.iter().map(|_| 1.0).sum();
            count / begun.elapsed().as_secs_f64()
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    println!("{name:<32} {:>9.0} {:>9.0} {:>9.0}", rates[0], rates[TURNS / 2], rates[TURNS - 1]);
}
