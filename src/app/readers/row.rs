//! One row of an export: who it is, how the subscription stands there, what the desk keeps of the reader.

use serde_json::{Map, Value};

use super::columns::{Column, Columns, Exporter};
use super::formula;
use super::table::{Flaw, Row};
use crate::domain::{Address, Language, Line, SubscriptionState, visible};
use crate::store::Incoming;

/// The most that is kept of the attributes of a reader, in bytes.
const MOST_ATTRIBUTES: usize = 16 * 1024;

/// How a subscription stands in the other tool: the stricter, the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Reader,
    Pending,
    Left,
    Bounced,
    Complained,
}

/// The reader of a row, or why there is none. Without a `consent` readers are pending, unless their row has one of griot's own.
pub(super) fn understand(row: &Row<'_>, columns: &Columns, consent: Option<&Line>) -> Result<Incoming, String> {
    match row.flaw {
        Some(Flaw::TooLong) => return Err("is too long to be the row of a reader".to_owned()),
        Some(Flaw::TooWide) => return Err("has more columns than griot reads".to_owned()),
        None => {}
    }
    let known = columns.all.len();
    if (known..row.len()).any(|at| !row.cell(at).is_empty()) {
        return Err(format!("has {} cells where the first line has {known}", row.len()));
    }
    let mut found = Found { standing: columns.file_says.and_then(standing).unwrap_or(Standing::Reader), ..Found::default() };
    for (at, column) in columns.all.iter().enumerate() {
        let cell = row.cell(at);
        let own = if columns.exporter == Exporter::Griot { formula::read(cell) } else { cell };
        if !own.is_empty() {
            found.take(column, own, columns.exporter)?;
        }
    }
    found.incoming(row.line, consent)
}

struct Found<'a> {
    address: &'a str,
    name: Option<&'a str>,
    first: Option<&'a str>,
    last: Option<&'a str>,
    language: Option<Language>,
    standing: Standing,
    /// The most telling time of the reader's agreement, with its rank.
    agreed: Option<(u8, &'a str)>,
    since: Option<jiff::Timestamp>,
    consent: Option<Line>,
    suppressed: Option<Line>,
    attributes: Map<String, Value>,
}

impl Default for Found<'_> {
    fn default() -> Self {
        Self {
            address: "",
            name: None,
            first: None,
            last: None,
            language: None,
            standing: Standing::Reader,
            agreed: None,
            since: None,
            consent: None,
            suppressed: None,
            attributes: Map::new(),
        }
    }
}

impl<'a> Found<'a> {
    fn take(&mut self, column: &Column, cell: &'a str, exporter: Exporter) -> Result<(), String> {
        let at_least = |standing: Standing, is_so: bool| if is_so { standing } else { Standing::Reader };
        match column {
            Column::Address => self.address = cell,
            Column::Name => self.name = Some(cell),
            Column::FirstName => self.first = Some(cell),
            Column::LastName => self.last = Some(cell),
            Column::Language => match Language::parse(cell) {
                Some(language) => self.language = Some(language),
                None => drop(self.attributes.insert("language".to_owned(), Value::from(cell))),
            },
            Column::State => {
                let word = cell.to_lowercase();
                let numbered = (exporter == Exporter::Mailtrain).then(|| numbered(&word)).flatten();
                let standing = numbered.or_else(|| standing(&word)).ok_or_else(|| {
                    format!(
                        "is marked `{}` in the file, which may mean anything",
                        Line::new(&visible(&word)).map_or(word, |line| line.shortened(40).to_string())
                    )
                })?;
                self.standing = self.standing.max(standing);
            }
            Column::IsConfirmed => self.standing = self.standing.max(at_least(Standing::Pending, !is_true(cell))),
            Column::IsGone => self.standing = self.standing.max(at_least(Standing::Left, is_true(cell))),
            Column::Bounces => self.standing = self.standing.max(at_least(Standing::Bounced, is_true(cell))),
            Column::Complained => self.standing = self.standing.max(at_least(Standing::Complained, is_true(cell))),
            Column::Agreed(rank) => {
                if self.agreed.is_none_or(|(other, _)| *rank < other) {
                    self.agreed = Some((*rank, cell));
                }
            }
            Column::Since => self.since = cell.parse().ok(),
            Column::Consent => self.consent = Line::new(cell),
            Column::Suppressed => self.suppressed = Line::new(cell),
            Column::Attributes => match serde_json::from_str(cell) {
                Ok(Value::Object(members)) => self.attributes.extend(members),
                _ => drop(self.attributes.insert("attributes".to_owned(), Value::from(cell))),
            },
            Column::Attribute(name) => drop(self.attributes.insert(name.to_string(), Value::from(cell))),
            Column::Dropped => {}
        }
        Ok(())
    }

    fn incoming(self, line: u64, consent: Option<&Line>) -> Result<Incoming, String> {
        let address = Address::parse(self.address).map_err(|error| format!("no address: {error}"))?;
        let name = self.whole_name();
        let attributes = (!self.attributes.is_empty()).then(|| Value::Object(self.attributes).to_string());
        if attributes.as_ref().is_some_and(|text| text.len() > MOST_ATTRIBUTES) {
            return Err(format!("has more than {} KiB of attributes", MOST_ATTRIBUTES / 1024));
        }
        let (own, told) = (self.consent, consent.map(|words| with_time(words, self.agreed)));
        let (state, consent) = match self.standing {
            Standing::Reader => match own.or(told) {
                Some(consent) => (SubscriptionState::Confirmed, Some(consent)),
                None => (SubscriptionState::Pending, None),
            },
            Standing::Pending => (SubscriptionState::Pending, own),
            // Words of the desk are for those who come in as readers.
            Standing::Left | Standing::Bounced | Standing::Complained => (SubscriptionState::Left, own),
        };
        let suppressed = self.suppressed.or_else(|| match self.standing {
            Standing::Bounced => Line::new("bounced, as an import says"),
            Standing::Complained => Line::new("complained, as an import says"),
            _ => None,
        });
        let (language, since) = (self.language, self.since);
        Ok(Incoming { line, address, name, language, attributes, state, since, consent, suppressed, erased: None })
    }

    /// The name, out of as many columns as the file has for it.
    fn whole_name(&self) -> Option<Line> {
        let mut parts: Vec<&str> = Vec::new();
        for part in [self.first, self.name, self.last].into_iter().flatten() {
            // A column `name` beside one of first names holds either the whole name or the last one.
            if self.name.is_some_and(|name| name.contains(part)) && self.name != Some(part) {
                continue;
            }
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        Some(Line::new(&parts.join(" "))?.shortened(200))
    }
}

/// How it is known that a reader agreed, with the time that the file has. Not with the address of a connection, which nobody can
/// check later, and which says where somebody was.
fn with_time(words: &Line, agreed: Option<(u8, &str)>) -> Line {
    let Some((rank, time)) = agreed.filter(|(_, time)| time.bytes().any(|byte| byte.is_ascii_digit())) else {
        return words.clone();
    };
    let what = match rank {
        0 => "confirmed there",
        1 => "asked there",
        _ => "there since",
    };
    let time = Line::new(time).map(|time| time.shortened(40).to_string()).unwrap_or_default();
    Line::new(&format!("{words}; {what} {time}")).unwrap_or_else(|| words.clone())
}

fn is_true(cell: &str) -> bool {
    !matches!(cell.to_lowercase().as_str(), "" | "0" | "false" | "no" | "n" | "f" | "nein" | "non" | "não" | "null" | "none")
}

/// What a word in lower case says; nothing where it may mean anything. Nobody is mailed on a guess.
fn standing(word: &str) -> Option<Standing> {
    Some(match word {
        "" | "confirmed" | "subscribed" | "active" | "enabled" | "true" | "yes" | "y" | "1" | "regular" | "premium"
        | "gifted" | "trialed" | "free" | "paid" | "comped" | "optin" | "opted-in" | "opted in" | "bestätigt" | "abonniert"
        | "aktiv" | "ja" | "confirmé" | "abonné" | "inscrit" | "actif" | "oui" | "confirmado" | "suscrito" | "activo" | "sí"
        | "si" | "sim" | "confermato" | "iscritto" | "attivo" => Standing::Reader,
        "pending" | "unconfirmed" | "unactivated" | "nonsubscribed" | "non-subscribed" | "not confirmed" | "unbestätigt"
        | "ausstehend" | "en attente" | "pendiente" | "pendente" => Standing::Pending,
        "unsubscribed" | "left" | "gone" | "removed" | "disabled" | "blocked" | "blocklisted" | "blacklisted" | "archived"
        | "deleted" | "false" | "no" | "n" | "0" | "optout" | "opted-out" | "opted out" | "abgemeldet" | "nein" | "désabonné"
        | "désinscrit" | "non" | "cancelado" | "dado de baja" | "disiscritto" | "cancellato" => Standing::Left,
        "bounced" | "cleaned" | "undeliverable" | "invalid" | "hard bounce" | "hard-bounced" => Standing::Bounced,
        "complained" | "complaint" | "spam" | "spammy" | "abuse" => Standing::Complained,
        _ => return None,
    })
}

/// The states of Mailtrain, which it writes as numbers.
fn numbered(word: &str) -> Option<Standing> {
    Some(match word {
        "1" => Standing::Reader,
        "2" => Standing::Left,
        "3" => Standing::Bounced,
        "4" => Standing::Complained,
        _ => return None,
    })
}
