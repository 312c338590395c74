//! How long the feeds take, as whole processes, beside other programs that write feeds.
//!
//! `cargo bench --bench feeds` measures griot; `benches/rivals.sh` installs the others into a folder, and
//! `GRIOT_RIVALS=FOLDER cargo bench --bench feeds` measures them in the same run on the same articles.
//! Sizes can be named: `cargo bench --bench feeds -- 10000`.
//! Every figure is that of a process from its start to its end. Memory is what the system counted (GNU time).

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use griot::domain::{Archived, Article, ArticleId, Block, Language, Line, Moment, Rich};
use griot::store::Ledger;
use jiff::{SignedDuration, Timestamp};
use sqlx::{AssertSqlSafe, Connection, Executor};

const RUNS: usize = 7;
const NOW: &str = "2026-03-04T08:00:00Z";
/// Articles that are written one by one; the others are copies of their rows with ids and days of their own.
const WRITTEN: usize = 1_000;

fn main() {
    let temporary = tempfile::tempdir().unwrap();
    println!("{RUNS} runs each after one warm-up: wall ms (min med max), peak MB (max)");
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    rivals(temporary.path());
    for articles in if named.is_empty() { vec![10_000, 100_000] } else { named } {
        let folder = temporary.path().join(articles.to_string());
        fs::create_dir_all(folder.join("config")).unwrap();
        fill(&folder, articles);
        griot_on(&folder, articles);
    }
}

fn griot_on(folder: &Path, articles: usize) {
    let build: &[&str] = &["feed", "build"];
    configure(folder, "items = 0");
    let anew = |_| {
        let _ = fs::remove_dir_all(folder.join("feeds"));
    };
    measure(&format!("{articles}: build, one feed of all, anew"), folder, anew, &griot(build));
    measure(&format!("{articles}: build, one feed of all, unchanged"), folder, |_| {}, &griot(build));
    let page = |run| new_page(folder, run);
    measure(&format!("{articles}: publish one, one feed of all"), folder, page, &griot(&["publish", "page.txt"]));
    configure(folder, "items = 50\nsections = \"all\"\nauthors = \"all\"");
    measure(&format!("{articles}: build, feed and archive, anew"), folder, anew, &griot(build));
    measure(&format!("{articles}: build, feed and archive, unchanged"), folder, |_| {}, &griot(build));
    let page = |run| new_page(folder, run + 100);
    measure(&format!("{articles}: publish one, feed and archive"), folder, page, &griot(&["publish", "page.txt"]));
}

/// The programs that `rivals.sh` has installed, each on 10,000 articles.
fn rivals(folder: &Path) {
    let Some(tools) = std::env::var_os("GRIOT_RIVALS") else {
        println!("rivals: left out; see benches/rivals.sh");
        return;
    };
    let tools = Path::new(&tools);
    let folder = folder.join("rivals");
    fs::create_dir_all(folder.join("hugo/content/posts")).unwrap();
    let mut list = Vec::new();
    for number in 0..10_000 {
        let article = article(number);
        let (title, date, html) = (article.title.to_string(), published(number).to_string(), html(number));
        fs::write(
            folder.join(format!("hugo/content/posts/{number}.md")),
            format!("---\ntitle: \"{title}\"\ndate: {date}\n---\n{html}"),
        )
        .unwrap();
        list.push(serde_json::json!({
            "id": format!("tag:www.example.org,2026-03-01:article-{number}"), "title": title, "date": date, "html": html,
            "link": format!("https://www.example.org/{number}"), "authors": ["Ada Keita", "Ba Traoré"],
        }));
    }
    fs::write(folder.join("articles.json"), serde_json::to_string(&list).unwrap()).unwrap();
    let hugo = "baseURL = 'https://www.example.org/'\ntitle = 'The Desk'\ndisableKinds = ['taxonomy', 'term', 'section', \
                'sitemap']\n[outputs]\nhome = ['RSS']\n[services.rss]\nlimit = -1\n";
    fs::write(folder.join("hugo/hugo.toml"), hugo).unwrap();
    fs::write(folder.join("hugo/config.toml"), hugo).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let feedgen = vec![text(tools.join("python/bin/python")), text(here.join("rivals/feedgen_feeds.py"))];
    let feed = vec!["node".to_owned(), text(here.join("rivals/npm_feeds.cjs")), text(tools.join("node/node_modules/feed"))];
    // Its package was only unpacked.
    let libraries = format!("LD_LIBRARY_PATH={}", text(tools.join("hugo/usr/lib/x86_64-linux-gnu")));
    let hugo = vec![
        "env".to_owned(),
        libraries,
        text(tools.join("hugo/usr/bin/hugo")),
        "--source".to_owned(),
        "hugo".to_owned(),
        "--quiet".to_owned(),
    ];
    for (name, program, command) in [
        ("10000: python feedgen, RSS and Atom", tools.join("python/bin/python"), feedgen),
        ("10000: npm feed, RSS, Atom and JSON", tools.join("node/node_modules/feed"), feed),
        ("10000: Hugo, RSS with summaries", tools.join("hugo/usr/bin/hugo"), hugo),
    ] {
        if program.exists() {
            measure(name, &folder, |_| {}, &command);
        } else {
            println!("{name:<46} not installed");
        }
    }
}

fn griot(arguments: &[&str]) -> Vec<String> {
    let program = std::iter::once(env!("CARGO_BIN_EXE_griot"));
    program.chain(arguments.iter().copied()).chain(["-q", "--now", NOW]).map(str::to_owned).collect()
}

fn measure(name: &str, folder: &Path, before: impl Fn(usize), command: &[String]) {
    let (mut walls, mut peaks) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        before(run);
        let (wall, peak) = process(folder, command);
        if run > 0 {
            walls.push(wall);
            peaks.extend(peak);
        }
    }
    walls.sort_by(f64::total_cmp);
    let peak = peaks.into_iter().reduce(f64::max).map_or("?".to_owned(), |peak| format!("{peak:.0}"));
    println!("{name:<46} {:>9.0} {:>7.0} {:>7.0} {peak:>8}", walls[0], walls[RUNS / 2], walls[RUNS - 1]);
}

/// Runs a process: wall time in milliseconds, peak memory in megabytes.
fn process(folder: &Path, command: &[String]) -> (f64, Option<f64>) {
    let time = Path::new("/usr/bin/time");
    let mut process = if time.exists() {
        let mut process = Command::new(time);
        process.args(["-f", "%M", "-o", "peak"]).args(command);
        process
    } else {
        let mut process = Command::new(&command[0]);
        process.args(&command[1..]);
        process
    };
    process.current_dir(folder).stdin(Stdio::null());
    let start = Instant::now();
    let output = process.output().unwrap();
    let wall = start.elapsed().as_secs_f64() * 1000.0;
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let peak = fs::read_to_string(folder.join("peak")).ok().and_then(|text| text.trim().parse::<f64>().ok());
    (wall, peak.map(|kilobytes| kilobytes / 1024.0))
}

/// Lays a page down that is new to the archive.
fn new_page(folder: &Path, run: usize) {
    let text = format!("A page of its own, number {run}\n\n3 March 2026\n\n{}", paragraph(1_000_000 + run).repeat(3));
    fs::write(folder.join("page.txt"), text).unwrap();
}

fn configure(folder: &Path, feed: &str) {
    let config = format!(
        "[publication]\ntitle = \"The Desk\"\nhome = \"https://www.example.org/\"\nfeeds = \"https://www.example.org/feeds/\"\n\
         language = \"en\"\n[feed]\n{feed}\n"
    );
    fs::write(folder.join("config/griot.toml"), config).unwrap();
}

fn fill(folder: &Path, articles: usize) {
    let file = folder.join("config/griot.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = Ledger::open(&file).await.unwrap();
        for number in 0..WRITTEN {
            let id = format!("article-{number:06}");
            let archived = Archived {
                guid: format!("tag:www.example.org,2026-03-01:{id}"),
                id: ArticleId::parse(&id).unwrap(),
                published: published(number),
                updated: published(number),
                article: article(number),
                episode: None,
            };
            ledger.add_article(&archived, published(0), None).await.unwrap();
        }
        ledger.close().await;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let copies = articles / WRITTEN - 1;
        let mut sql = format!("WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies}) ");
        // An hour apart, so that each thousand lies before the one that it is a copy of.
        write!(
            sql,
            "INSERT INTO article (id, guid, published, updated, taken_in, content, revision)
             SELECT id || '-' || n, guid || '-' || n, published - n * 3600000 * {WRITTEN}, updated - n * 3600000 * {WRITTEN},
             taken_in, content, revision FROM article, copy"
        )
        .unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
        let names = format!(
            "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies})
             INSERT INTO article_name (kind, name, published, article)
             SELECT kind, name, published - n * 3600000 * {WRITTEN}, article || '-' || n FROM article_name, copy"
        );
        connection.execute(AssertSqlSafe(names)).await.unwrap();
        connection.close().await.unwrap();
    });
}

fn published(number: usize) -> Timestamp {
    let newest: Timestamp = "2026-03-01T08:00:00Z".parse().unwrap();
    newest - SignedDuration::from_hours(i64::try_from(number).unwrap())
}

fn article(number: usize) -> Article {
    let paragraphs = (0..16).map(|part| Block::Paragraph(Rich::text(&paragraph(number * 16 + part)).unwrap()));
    Article {
        title: Line::new(&format!("What the river did on day {number}")).unwrap(),
        topics: vec![Line::new(["Rivers", "Markets", "Schools", "Roads"][number % 4]).unwrap()],
        authors: vec![Line::new("Ada Keita").unwrap(), Line::new("Ba Traoré").unwrap()],
        editors: Vec::new(),
        published: Moment::Instant(published(number), jiff::tz::Offset::UTC),
        updated: None,
        url: None,
        language: Language::parse("en").unwrap(),
        summary: Line::new("The river rose, and the ferries waited at the quay for better days."),
        body: paragraphs.collect(),
        promo: None,
    }
}

fn html(number: usize) -> String {
    (0..16).fold(String::new(), |mut html, part| {
        writeln!(html, "<p>{}</p>", paragraph(number * 16 + part).trim()).unwrap();
        html
    })
}

/// About 300 bytes that no other paragraph has.
fn paragraph(number: usize) -> String {
    format!(
        "Observation {number} of the harbour master: the water stood higher than the day before, the boats were made fast with a \
         second rope, and the traders carried their goods to the upper square. Nobody could say how long it would last, since \
         reading number {number} had never been seen in a March.\n\n"
    )
}
