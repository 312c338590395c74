//! What people write by hand about a show or an episode, in the config or in a note: read key by key, every slip collected.

use std::collections::{BTreeMap, BTreeSet};

use super::{Line, WebUrl, visible};

/// A value as it was written, in whatever notation.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    Text(String),
    /// A number, or a date, as its digits.
    Number(String),
    Flag(bool),
    List(Vec<Written>),
    Table(BTreeMap<String, Written>),
}

/// A key that is missing or wrong, and what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The key with the tables it stands in: `persons[2].role`.
    pub key: String,
    pub what: String,
}

impl Slip {
    /// Takes out what is wrong: of `persons[2].role` the role, and where that is not even there, the person. Gives the slips
    /// of which something was there, of each person at most one: what is left is to be read again.
    pub fn take_out(slips: Vec<Self>, rows: &mut BTreeMap<String, Written>) -> Vec<Self> {
        let mut seen = BTreeSet::new();
        // From the last to the first, so that the numbers of those before stay true.
        let last_first = slips.into_iter().rev();
        let mut out: Vec<Self> = last_first
            .filter(|slip| {
                let of = slip.key.split_once(']').map_or(slip.key.as_str(), |(of, _)| of);
                seen.insert(of.to_owned()) && take_out(rows, &slip.key)
            })
            .collect();
        out.reverse();
        out
    }
}

fn take_out(rows: &mut BTreeMap<String, Written>, key: &str) -> bool {
    let end = key.find(['.', '[']).unwrap_or(key.len());
    let (name, rest) = key.split_at(end);
    let inner = match rows.get_mut(name) {
        None => return false,
        Some(Written::Table(table)) => rest.strip_prefix('.').is_some_and(|below| take_out(table, below)),
        Some(Written::List(list)) => of_list(list, rest),
        Some(_) => false,
    };
    inner || rows.remove(name).is_some()
}

/// Takes `[2].role` or `[2]` out of a list.
fn of_list(list: &mut Vec<Written>, key: &str) -> bool {
    let Some((number, rest)) = key.strip_prefix('[').and_then(|key| key.split_once(']')) else { return false };
    let Some(at) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) else { return false };
    let inner = match (list.get_mut(at), rest.strip_prefix('.')) {
        (None, _) => return false,
        (Some(Written::Table(table)), Some(below)) => take_out(table, below),
        _ => false,
    };
    if !inner {
        list.remove(at);
    }
    true
}

/// A table that is being read. What was not asked for by the end is a slip too.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// What stands before the keys: `persons[2].`.
    above: String,
    rows: &'a BTreeMap<String, Written>,
    asked: Vec<&'static str>,
    slips: &'a mut Vec<Slip>,
}

/// Text that apps show beside an episode is cut by many of them after so many characters.
const SHORT: usize = 128;

impl<'a> Sheet<'a> {
    pub fn new(above: impl Into<String>, rows: &'a BTreeMap<String, Written>, slips: &'a mut Vec<Slip>) -> Self {
        Self { above: above.into(), rows, asked: Vec::new(), slips }
    }

    pub fn slip(&mut self, key: &str, what: impl Into<String>) {
        self.slips.push(Slip { key: format!("{}{key}", self.above), what: what.into() });
    }

    /// Keys that are read elsewhere.
    pub fn knows(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    pub fn has(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    pub fn get(&mut self, key: &'static str) -> Option<&'a Written> {
        self.asked.push(key);
        self.rows.get(key)
    }

    /// A value read by `parse`; `what` says what it is, with an example.
    pub fn value<T>(&mut self, key: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let written = self.get(key)?;
        self.parsed(key, written, what, parse)
    }

    /// The same for a value that has to be there.
    pub fn needed<T>(&mut self, key: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        if !self.has(key) {
            self.slip(key, format!("is missing: {what}"));
        }
        self.value(key, what, parse)
    }

    fn parsed<T>(&mut self, key: &str, written: &Written, what: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (Written::Text(text) | Written::Number(text)) = written else {
            self.slip(key, format!("is not {what}"));
            return None;
        };
        let value = parse(text);
        if value.is_none() {
            self.slip(key, format!("`{}` is not {what}", visible(text)));
        }
        value
    }

    /// A line that apps show; they cut what is longer than 128 characters.
    pub fn short(&mut self, key: &'static str, what: &str) -> Option<Line> {
        self.value(key, &format!("{what} of at most {SHORT} characters"), short)
    }

    pub fn needed_short(&mut self, key: &'static str, what: &str) -> Option<Line> {
        self.needed(key, &format!("{what} of at most {SHORT} characters"), short)
    }

    pub fn line(&mut self, key: &'static str) -> Option<Line> {
        self.value(key, "a line of text", Line::new)
    }

    /// An address, which has to be https: the podcast namespace asks for it, and apps refuse others.
    pub fn url(&mut self, key: &'static str) -> Option<WebUrl> {
        self.value(key, HTTPS, https)
    }

    pub fn needed_url(&mut self, key: &'static str) -> Option<WebUrl> {
        self.needed(key, HTTPS, https)
    }

    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        if let Written::Flag(flag) = self.get(key)? {
            return Some(*flag);
        }
        self.slip(key, "is `true` or `false`, without quotes");
        None
    }

    /// A text or a list of texts, each read by `parse`.
    pub fn list<T>(&mut self, key: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let one;
        let list = match self.get(key) {
            None => return Vec::new(),
            Some(Written::List(list)) => list.as_slice(),
            Some(written) => {
                one = [written.clone()];
                &one
            }
        };
        list.iter().filter_map(|written| self.parsed(key, written, what, &parse)).collect()
    }

    /// A table or a list of tables; a bare text stands for a table of which it is the value of `main`.
    pub fn tables<T>(&mut self, key: &'static str, main: &str, read: impl Fn(&mut Sheet) -> Option<T>) -> Vec<T> {
        let (list, is_list): (Vec<&Written>, bool) = match self.get(key) {
            None => return Vec::new(),
            Some(Written::List(list)) => (list.iter().collect(), true),
            Some(written) => (vec![written], false),
        };
        let mut out = Vec::new();
        for (at, written) in list.into_iter().enumerate() {
            let above = if is_list { format!("{}{key}[{}].", self.above, at + 1) } else { format!("{}{key}.", self.above) };
            let rows = match written {
                Written::Table(rows) => rows.clone(),
                other => BTreeMap::from([(main.to_owned(), other.clone())]),
            };
            let mut sheet = Sheet::new(above, &rows, self.slips);
            let before = sheet.slips.len();
            let value = read(&mut sheet);
            sheet.finish();
            // Half of what was meant is not what was meant.
            if self.slips.len() == before {
                out.extend(value);
            }
        }
        out
    }

    /// The first of [`Sheet::tables`]; a second one is a slip.
    pub fn table<T>(&mut self, key: &'static str, main: &str, read: impl Fn(&mut Sheet) -> Option<T>) -> Option<T> {
        let mut all = self.tables(key, main, read).into_iter();
        let first = all.next();
        if all.next().is_some() {
            self.slip(key, "can be given once only");
        }
        first
    }

    /// Complains about keys that nobody asked for.
    pub fn finish(mut self) {
        let unknown: Vec<&String> = self.rows.keys().filter(|key| !self.asked.contains(&key.as_str())).collect();
        for key in unknown {
            let nearest = self.asked.iter().map(|known| (strsim::damerau_levenshtein(key, known), *known)).min();
            let meant = nearest.filter(|(distance, known)| *distance <= 2.max(known.len() / 3));
            let what = meant.map_or("is no key that griot knows".to_owned(), |(_, known)| {
                format!("is no key that griot knows; did you mean `{known}`?")
            });
            self.slip(&visible(key), what);
        }
    }
}

const HTTPS: &str = "an address such as `https://example.org/page`";

/// An https address.
pub fn https(text: &str) -> Option<WebUrl> {
    WebUrl::parse(text).filter(|url| url.url().scheme() == "https")
}

fn short(text: &str) -> Option<Line> {
    Line::new(text).filter(|line| line.as_str().chars().count() <= SHORT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Written {
        Written::Text(text.to_owned())
    }

    #[test]
    fn what_is_wrong_is_taken_out_and_no_more() {
        let person = |keys: &[&str]| Written::Table(keys.iter().map(|key| ((*key).to_owned(), text("x"))).collect());
        let take = |key: &str| {
            let persons = Written::List(vec![person(&["name"]), person(&["name", "role"])]);
            let mut rows = BTreeMap::from([("persons".to_owned(), persons), ("link".to_owned(), text("x"))]);
            let slips = key.split(' ').map(|key| Slip { key: key.to_owned(), what: String::new() }).collect();
            (Slip::take_out(slips, &mut rows).len(), rows)
        };
        let persons = |all: Vec<Written>| Some(Written::List(all));
        assert_eq!(take("persons[2].role").1.remove("persons"), persons(vec![person(&["name"]), person(&["name"])]));
        assert_eq!(take("persons[2].url").1.remove("persons"), persons(vec![person(&["name"])]));
        assert_eq!(take("persons[1]").1.remove("persons"), persons(vec![person(&["name", "role"])]));
        assert_eq!(take("link").1.len(), 1);
        assert_eq!(take("persons").1.len(), 1);
        assert_eq!(take("title").0, 0);
        // The second slip may be of a person who is gone by now.
        let (count, mut rows) = take("persons[1].role persons[1].url persons[2].url");
        assert_eq!((count, rows.remove("persons")), (2, persons(vec![])));
    }

    #[test]
    fn every_slip_is_collected() {
        let person = Written::Table(BTreeMap::from([("nmae".to_owned(), text("Ada"))]));
        let rows = BTreeMap::from([
            ("title".to_owned(), text("  A  river ")),
            ("explicit".to_owned(), text("no")),
            ("link".to_owned(), text("http://example.org/")),
            ("persons".to_owned(), Written::List(vec![text("Ben"), person])),
        ]);
        let mut slips = Vec::new();
        let mut sheet = Sheet::new("", &rows, &mut slips);
        assert_eq!(sheet.line("title").unwrap().as_str(), "A river");
        assert_eq!((sheet.flag("explicit"), sheet.url("link")), (None, None));
        let names = sheet.tables("persons", "name", |sheet| sheet.needed_short("name", "a name"));
        assert_eq!(names, [Line::new("Ben").unwrap()]);
        assert_eq!(sheet.needed("season", "a number", |text| text.parse::<u32>().ok()), None);
        sheet.finish();
        let keys: Vec<&str> = slips.iter().map(|slip| slip.key.as_str()).collect();
        assert_eq!(keys, ["explicit", "link", "persons[2].name", "persons[2].nmae", "season"]);
        assert!(slips[3].what.ends_with("did you mean `name`?"));
    }
}
