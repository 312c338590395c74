//! The page of numbers: charts as SVG with the same numbers in tables below them. No script, nothing fetched, the same bytes
//! for the same numbers.

use askama::Template;

use crate::domain::{Application, DeliveryState, EditionNumbers, ListNumbers, Numbers, Publication, counted};

/// Editions that the chart shows: the latest. The table has all.
const SHOWN: usize = 20;
/// The chart in units of its own, and what stands around the bars.
const WIDTH: u64 = 720;
const HEIGHT: u64 = 200;
const FOOT: u64 = 20;

#[derive(Template)]
#[template(path = "numbers/page.html")]
struct Page<'a> {
    title: String,
    lists: Vec<List<'a>>,
    editions: Vec<Edition<'a>>,
    sent: Chart,
    applications: &'a [Application],
}

struct List<'a> {
    numbers: &'a ListNumbers,
    chart: Chart,
}

struct Edition<'a> {
    numbers: &'a EditionNumbers,
    sent: u64,
    deferred: u64,
    refused: u64,
    uncertain: u64,
    /// Where most letters came back from, in words.
    domains: String,
}

/// Bars above a line and below it.
struct Chart {
    /// What tells the parts of several charts of a page apart.
    id: String,
    title: String,
    description: String,
    width: u64,
    height: u64,
    /// Where the line is.
    zero: u64,
    bars: Vec<Bar>,
    /// What stands below the first and the last bar.
    first: String,
    last: String,
}

struct Bar {
    label: String,
    x: u64,
    width: u64,
    up: u64,
    up_y: u64,
    up_height: u64,
    down: u64,
    down_height: u64,
}

impl Chart {
    /// Labels with what goes up and what goes down.
    fn of(id: String, title: String, description: String, columns: &[(String, u64, u64)]) -> Self {
        let most = |of: fn(&(String, u64, u64)) -> u64| columns.iter().map(of).max().unwrap_or(0);
        let (up, down) = (most(|column| column.1), most(|column| column.2));
        let room = HEIGHT - FOOT;
        let whole = u128::from(up) + u128::from(down);
        // What is there can be seen, however little it is beside the rest.
        let scaled = |value: u64| {
            let height = (u128::from(value) * u128::from(room)).checked_div(whole).unwrap_or(0);
            u64::try_from(height).unwrap_or(room).max(u64::from(value > 0)).min(room)
        };
        let zero = if whole == 0 { room } else { scaled(up) };
        let slot = WIDTH / (columns.len() as u64).max(1);
        let bar = |(at, (label, up, down)): (usize, &(String, u64, u64))| Bar {
            label: label.clone(),
            x: at as u64 * slot + slot / 8,
            width: (slot - slot / 4).max(1),
            up: *up,
            up_y: zero.saturating_sub(scaled(*up)),
            up_height: scaled(*up),
            down: *down,
            down_height: scaled(*down),
        };
        let end = |column: Option<&(String, u64, u64)>| column.map(|column| column.0.clone()).unwrap_or_default();
        Self {
            id,
            title,
            description,
            width: WIDTH,
            height: HEIGHT,
            zero,
            bars: columns.iter().enumerate().map(bar).collect(),
            first: end(columns.first()),
            last: end(columns.last().filter(|_| columns.len() > 1)),
        }
    }
}

/// The page of numbers of a publication.
pub fn numbers_page(publication: &Publication, numbers: &Numbers) -> Result<String, askama::Error> {
    let lists = numbers.lists.iter().enumerate().map(|(at, list)| List { chart: of_list(at, list), numbers: list });
    let page = Page {
        title: publication.title.to_string(),
        lists: lists.collect(),
        editions: numbers.editions.iter().map(edition).collect(),
        sent: of_editions(&numbers.editions),
        applications: &numbers.applications,
    };
    page.render()
}

fn of_list(at: usize, list: &ListNumbers) -> Chart {
    let columns: Vec<(String, u64, u64)> =
        list.weeks.iter().map(|week| (week.begins.to_string(), week.since.confirmed, week.since.left)).collect();
    let sum = |of: fn(&(String, u64, u64)) -> u64| columns.iter().map(of).sum::<u64>();
    let description = format!(
        "In {}: {} confirmed, above the line; {} left, below it.",
        counted(columns.len() as u64, "week"),
        counted(sum(|column| column.1), "reader"),
        counted(sum(|column| column.2), "reader"),
    );
    Chart::of(format!("list-{at}"), format!("Readers of {} by week", list.name), description, &columns)
}

fn of_editions(editions: &[EditionNumbers]) -> Chart {
    let latest = editions.get(editions.len().saturating_sub(SHOWN)..).unwrap_or_default();
    let columns: Vec<(String, u64, u64)> = latest
        .iter()
        .map(|one| (one.edition.to_string(), one.balance.count(DeliveryState::Sent), one.left + one.returns.bounced))
        .collect();
    let description = format!(
        "The last {}: letters sent, above the line; readers who left after it and letters that came back, below it.",
        counted(columns.len() as u64, "edition")
    );
    Chart::of("editions".to_owned(), "Letters by edition".to_owned(), description, &columns)
}

fn edition(numbers: &EditionNumbers) -> Edition<'_> {
    let count = |state| numbers.balance.count(state);
    Edition {
        sent: count(DeliveryState::Sent),
        deferred: count(DeliveryState::Deferred),
        refused: count(DeliveryState::Refused),
        uncertain: count(DeliveryState::Uncertain),
        domains: numbers.returns.in_words(),
        numbers,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::{Balance, Counted, EditionId, Language, Line, Returns, Syndication, WebUrl, Week};

    fn publication() -> Publication {
        Publication {
            title: Line::new("The <Desk> & Co").unwrap(),
            description: Line::new("News").unwrap(),
            home: WebUrl::parse("https://example.org/").unwrap(),
            feeds: WebUrl::parse("https://example.org/feeds/").unwrap(),
            former_feeds: Vec::new(),
            language: Language::parse("en").unwrap(),
            zone: TimeZone::UTC,
            copyright: None,
            image: None,
            owner: None,
            postal_address: None,
            shows: Vec::new(),
            pages: false,
            syndication: Syndication::default(),
        }
    }

    fn numbers(counts: &[(u64, u64)]) -> Numbers {
        let week = |(at, (up, down)): (usize, &(u64, u64))| Week {
            begins: date(2026, 1, 5).checked_add(jiff::Span::new().weeks(i64::try_from(at).unwrap())).unwrap(),
            since: Counted { confirmed: *up, pending: 0, left: *down },
        };
        let edition = |(at, (sent, left)): (usize, &(u64, u64))| EditionNumbers {
            edition: EditionId::parse(&format!("edition-{at}")).unwrap(),
            list: "readers".to_owned(),
            balance: Balance { audience: *sent, counts: vec![(DeliveryState::Sent, *sent)] },
            left: *left,
            returns: Returns { bounced: 3, domains: vec![("<b>.example".to_owned(), 2)], complained: 1 },
        };
        Numbers {
            lists: vec![ListNumbers {
                name: "readers".to_owned(),
                all: Counted { confirmed: 7, pending: 2, left: 1 },
                weeks: counts.iter().enumerate().map(week).collect(),
            }],
            editions: counts.iter().enumerate().map(edition).collect(),
            applications: vec![Application { name: "<script>".to_owned(), week: 5, month: 9, subscribers: 12 }],
        }
    }

    #[test]
    fn a_page_says_what_it_shows_twice() {
        let page = numbers_page(&publication(), &numbers(&[(5, 0), (0, 2), (1, 1)])).unwrap();
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("http:"), "{page}");
        let main = &page[page.find("<main>").unwrap()..page.find("</body>").unwrap()];
        let document = roxmltree::Document::parse(main).unwrap();
        let all = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
        let charts: Vec<_> = document.descendants().filter(|node| node.attribute("role") == Some("img")).collect();
        assert_eq!(charts.len(), 2);
        for chart in charts {
            let names: Vec<&str> = chart.attribute("aria-labelledby").unwrap().split(' ').collect();
            assert_eq!(names.len(), 2);
            for name in names {
                let named = document.descendants().find(|node| node.attribute("id") == Some(name)).unwrap();
                assert!(named.text().is_some_and(|text| text.len() > 10), "{name}");
            }
        }
        assert_eq!(all("table").count(), 3);
        assert!(all("th").all(|cell| cell.attribute("scope").is_some()));
    }

    #[test]
    fn bars_stay_in_their_chart() {
        let extremes: Vec<(u64, u64)> = vec![(u64::MAX, u64::MAX), (1, u64::MAX), (0, 0), (u64::MAX, 1)];
        for counts in [&[][..], &[(0, 0)], &[(1, 0)], &[(0, 1)], &[(1_000_000, 1), (1, 1)], &extremes, &[(3, 1); 300]] {
            let columns: Vec<(String, u64, u64)> = counts.iter().map(|(up, down)| (String::new(), *up, *down)).collect();
            let chart = Chart::of("x".to_owned(), String::new(), String::new(), &columns);
            for bar in &chart.bars {
                assert!(bar.x + bar.width <= WIDTH && bar.up_y + bar.up_height == chart.zero, "{counts:?}");
                assert!(chart.zero + bar.down_height <= HEIGHT - FOOT, "{counts:?}");
                assert_eq!((bar.up > 0, bar.down > 0), (bar.up_height > 0, bar.down_height > 0), "{counts:?}");
            }
        }
    }
}
