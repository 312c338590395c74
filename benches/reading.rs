//! How many pages griot reads in a second of CPU, every field, beside `dom_smoothie`'s full parse of the same pages.
//!
//! `cargo bench --bench reading -- FOLDER` reads every `.html` of the folder in one process. The two take turns, so that
//! what slows the machine slows both; the best turn of each counts, and the ratio of each pair of turns is told beside it.
//! CPU time is what Linux counted for the process with all its threads, in hundredths of a second.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use dom_smoothie::Readability;
use griot::domain::Format;
use griot::read::{Page, extract};

const TURNS: usize = 3;
/// Seconds of CPU that a turn takes at least: two hundred times what the clock can tell apart.
const SHORTEST: f64 = 2.0;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("reading: name a folder of html pages: cargo bench --bench reading -- FOLDER");
        return;
    };
    let pages = pages(Path::new(&folder));
    assert!(!pages.is_empty(), "{folder} holds no page that can be read");
    let turns: Vec<(f64, f64)> = (0..TURNS).map(|_| (rate(&pages, griot), rate(&pages, dom_smoothie))).collect();

    let bytes: usize = pages.iter().map(|page| page.text.len()).sum();
    println!("{} pages of {} KB on average, best of {TURNS} turns", pages.len(), bytes / pages.len() / 1000);
    println!("{:<14} {:>22}", "", "pages a second of CPU");
    println!("{:<14} {:>22.0}", "griot", turns.iter().map(|turn| turn.0).fold(0.0, f64::max));
    println!("{:<14} {:>22.0}", "dom_smoothie", turns.iter().map(|turn| turn.1).fold(0.0, f64::max));
    let ratios: Vec<String> = turns.iter().map(|(griot, other)| format!("{:.2}", griot / other)).collect();
    println!("{:<14} {:>22}", "ratio, by turn", ratios.join(" "));
}

fn griot(page: &Page) {
    black_box(extract(page));
}

fn dom_smoothie(page: &Page) {
    if let Ok(mut reader) = Readability::new(page.text.as_str(), None, None) {
        // Where it finds no article it has read the page all the same.
        drop(black_box(reader.parse()));
    }
}

/// Pages a second of CPU, over as many passes as make a turn.
fn rate(pages: &[Page], read: impl Fn(&Page)) -> f64 {
    let start = cpu();
    let mut passes = 0.0;
    loop {
        pages.iter().for_each(&read);
        passes += 1.0;
        let spent = cpu() - start;
        if spent >= SHORTEST {
            return pages.iter().map(|_| 1.0).sum::<f64>() * passes / spent;
        }
    }
}

/// CPU seconds of this process: fields 14 and 15 of proc(5) `stat`, counted behind the name, which may hold spaces.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
    fields.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn pages(folder: &Path) -> Vec<Page> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    paths.sort();
    let page = |path: &PathBuf| Page::decode(&fs::read(path).unwrap(), path.display().to_string(), Some(Format::Html), None).ok();
    paths.iter().filter_map(page).collect()
}
