//! How long griot takes and how much memory, as whole processes, on an archive of 10,000 articles of about 5 KB.
//!
//! `cargo bench` runs it and prints a table: wall time and peak memory, each as minimum, median and maximum.
//! Memory is what the system counted (GNU time, Debian's package `time`); without that program its column says so.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use griot::domain::{Archived, Article, ArticleId, Block, Language, Line, Moment, Rich};
use griot::store::Ledger;
use jiff::{SignedDuration, Timestamp};

const ARTICLES: u32 = 10_000;
const RUNS: usize = 11;
const NOW: &str = "2026-03-04T08:00:00Z";

fn main() {
    let temporary = tempfile::tempdir().unwrap();
    // A folder named on the command line is kept, to look at with a profiler.
    let kept = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = kept.as_deref().map_or(temporary.path(), Path::new);
    println!("archive of {ARTICLES} articles, {RUNS} runs each after one warm-up");
    println!("{:<44} {:>26} {:>26}", "", "wall ms (min med max)", "peak MB (min med max)");

    configure(folder, 50);
    fill(folder);
    griot(folder, &["feed", "build"]);
    measure("run, nothing to do", folder, |_| vec!["run".to_owned()]);
    measure("feed build, feeds of 50", folder, |_| vec!["feed".to_owned(), "build".to_owned()]);
    measure("publish one new page, feeds of 50", folder, |run| publish_page(folder, run));
    configure(folder, 0);
    measure("feed build, feeds of all 10,000", folder, |_| vec!["feed".to_owned(), "build".to_owned()]);
    measure("publish one new page, feeds of all", folder, |run| publish_page(folder, run + 100));
}

/// Lays a page down that is new to the archive, and names the command that publishes it.
fn publish_page(folder: &Path, run: usize) -> Vec<String> {
    let name = format!("page-{run}.txt");
    let text = format!("A page of its own, number {run}\n\n3 March 2026\n\n{}", paragraph(1_000_000 + run).repeat(3));
    fs::write(folder.join(&name), text).unwrap();
    vec!["publish".to_owned(), name]
}

fn measure(name: &str, folder: &Path, mut arguments: impl FnMut(usize) -> Vec<String>) {
    let (mut walls, mut peaks) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let arguments = arguments(run);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (wall, peak) = griot(folder, &arguments);
        if run > 0 {
            walls.push(wall);
            peaks.extend(peak);
        }
    }
    println!("{name:<44} {:>26} {:>26}", row(&mut walls), row(&mut peaks));
}

fn row(figures: &mut [f64]) -> String {
    figures.sort_by(f64::total_cmp);
    match &*figures {
        [] => "GNU time is not installed".to_owned(),
        [first, .., last] => format!("{first:.1} {:.1} {last:.1}", figures[figures.len() / 2]),
        [one] => format!("{one:.1}"),
    }
}

/// Runs griot as a process of its own: wall time in milliseconds, peak memory in megabytes.
fn griot(folder: &Path, arguments: &[&str]) -> (f64, Option<f64>) {
    let binary = env!("CARGO_BIN_EXE_griot");
    let time = Path::new("/usr/bin/time");
    let mut command = if time.exists() {
        let mut command = Command::new(time);
        command.args(["-f", "%M", "-o", "peak", binary]);
        command
    } else {
        Command::new(binary)
    };
    command.args(arguments).args(["-q", "--now", NOW]).current_dir(folder).stdin(Stdio::null());
    let start = Instant::now();
    let output = command.output().unwrap();
    let wall = start.elapsed().as_secs_f64() * 1000.0;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let peak = fs::read_to_string(folder.join("peak")).ok().and_then(|text| text.trim().parse::<f64>().ok());
    (wall, peak.map(|kilobytes| kilobytes / 1024.0))
}

fn configure(folder: &Path, items: u32) {
    fs::create_dir_all(folder.join("config")).unwrap();
    let config = format!(
        "[publication]\ntitle = \"The Desk\"\nhome = \"https://www.example.org/\"\nfeeds = \"https://www.example.org/feeds/\"\n\
         language = \"en\"\npostal_address = \"Rue 12, Bamako\"\n[feed]\nitems = {items}\n\
         [letter]\nfrom = \"letter@example.org\"\nunsubscribe = \"mailto:leave@example.org\"\n"
    );
    fs::write(folder.join("config/griot.toml"), config).unwrap();
}

fn fill(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = Ledger::open(&folder.join("config/griot.db")).await.unwrap();
        let newest: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
        for number in 0..ARTICLES {
            let published = newest - SignedDuration::from_hours(i64::from(number));
            let article = article(number, published);
            let id = format!("article-{number:05}");
            let archived = Archived {
                guid: format!("tag:www.example.org,2026-03-01:{id}"),
                id: ArticleId::parse(&id).unwrap(),
                published,
                updated: published,
                article,
                episode: None,
            };
            ledger.add_article(&archived, newest, None).await.unwrap();
        }
        ledger.close().await;
    });
}

fn article(number: u32, published: Timestamp) -> Article {
    let paragraphs = (0..16).map(|part| Block::Paragraph(Rich::text(&paragraph(number as usize * 16 + part)).unwrap()));
    Article {
        title: Line::new(&format!("What the river did on day {number}")).unwrap(),
        topics: vec![Line::new("Rivers").unwrap()],
        authors: vec![Line::new("Ada Keita").unwrap(), Line::new("Ba Traoré").unwrap()],
        editors: Vec::new(),
        published: Moment::Instant(published, jiff::tz::Offset::UTC),
        updated: None,
        url: None,
        language: Language::parse("en").unwrap(),
        summary: Line::new("The river rose, and the ferries waited at the quay for better days."),
        body: paragraphs.collect(),
        promo: None,
    }
}

/// About 300 bytes that no other paragraph has.
fn paragraph(number: usize) -> String {
    format!(
        "Observation {number} of the harbour master: the water stood higher than the day before, the boats were made fast with a \
         second rope, and the traders carried their goods to the upper square. Nobody could say how long it would last, since \
         reading number {number} had never been seen in a March.\n\n"
    )
}
