//! What the columns of an export hold, by the names in its first line.

use std::fmt;

use super::table::Row;
use crate::domain::{Address, Line};

/// The tool that a file comes from, as its columns show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exporter {
    Griot,
    Listmonk,
    Mailchimp,
    Ghost,
    Buttondown,
    Substack,
    Mailtrain,
    PhpList,
    /// Any table with a column of addresses.
    Plain,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Address,
    /// A name: the whole of it, or what the other two lack.
    Name,
    FirstName,
    LastName,
    Language,
    /// A word for how the subscription stands.
    State,
    /// Whether it was confirmed.
    IsConfirmed,
    /// Whether, or since when, the reader is gone.
    IsGone,
    /// The same for a mailbox that bounces.
    Bounces,
    /// The same for a reader who complained.
    Complained,
    /// When the reader agreed: confirmed (0), asked (1), was first there (2).
    Agreed(u8),
    /// Of griot's own: since when, how it is known that the reader agreed, why the address is suppressed.
    Since,
    Consent,
    Suppressed,
    /// A JSON object of attributes.
    Attributes,
    Attribute(Line),
    /// Not kept: addresses of connections, places worked out from them, passwords, what was learnt by tracking.
    Dropped,
}

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Columns {
    pub exporter: Exporter,
    pub all: Vec<Column>,
    /// The names of those that are not kept.
    pub dropped: Vec<String>,
    /// What a row is whose columns say nothing of it, as the name of its file does.
    pub file_says: Option<&'static str>,
    /// Whether the first line is one of names.
    pub has_header: bool,
}

/// The header of griot's own exports.
pub(super) const OWN: [&str; 8] = ["email", "name", "language", "status", "since", "consent", "suppressed", "attributes"];

/// Names in the order in which they are preferred, in lower case and without spaces and signs.
const ADDRESS: &[&str] = &[
    "email",
    "emailaddress",
    "emailadresse",
    "mail",
    "mailadresse",
    "courriel",
    "adressemail",
    "adresseemail",
    "adresseélectronique",
    "correo",
    "correoelectrónico",
    "correoelectronico",
    "indirizzoemail",
    "endereçodeemail",
    "emails",
    "subscriber",
    "address",
    "adresse",
];
const NAME: &[&str] =
    &["fullname", "name", "displayname", "nomcomplet", "nombrecompleto", "nomecompleto", "nom", "nome", "nombre"];
const FIRST_NAME: &[&str] = &["firstname", "fname", "givenname", "vorname", "prenom", "prénom"];
const LAST_NAME: &[&str] =
    &["lastname", "lname", "surname", "familyname", "nachname", "nomdefamille", "apellidos", "apellido", "cognome", "sobrenome"];
const LANGUAGE: &[&str] = &["language", "lang", "locale", "preferredlanguage", "sprache", "langue", "idioma", "lingua", "língua"];
const STATE: &[&str] = &[
    "status",
    "subscriptionstatus",
    "subscribedtoemails",
    "subscribed",
    "optin",
    "optinstatus",
    "emailmarketingconsent",
    "subscribertype",
    "statut",
    "estado",
    "stato",
];
const IS_CONFIRMED: &[&str] = &[
    "confirmed",
    "isconfirmed",
    "istheemailofthissubscriberconfirmed",
    "istheemailofthisuserconfirmed",
    "bestätigt",
    "confirmé",
];
const IS_GONE: &[&str] = &[
    "unsubscribed",
    "unsubscribedat",
    "unsubtime",
    "unsubscribetime",
    "unsubscribedate",
    "unsubscriptiondate",
    "optout",
    "optedout",
    "optouttime",
    "emaildisabled",
    "disabled",
    "isthisaccountdisabled",
    "blacklisted",
    "isthissubscriberblacklisted",
    "isthisuserblacklisted",
    "blocklisted",
    "blocked",
    "deletedat",
    "abgemeldet",
    "désabonné",
    "désinscrit",
];
const BOUNCES: &[&str] = &["cleantime", "cleanedat", "bounced", "bouncedat"];
const COMPLAINED: &[&str] = &["complained", "complainedat", "markedasspam"];
const AGREED: [&[&str]; 3] = [
    &["confirmtime", "confirmedat", "confirmationdate", "confirmdate"],
    &["optintime", "optinat", "optindate", "subscribedat", "subscriptiondate", "subscribedate", "signupdate", "startdate"],
    &["createdat", "creationdate", "created", "entered", "dateadded"],
];
const ATTRIBUTES: &[&str] = &["attributes", "attribs", "metadata", "customfields"];
const DROPPED: &[&str] = &[
    "ip",
    "ipaddress",
    "optinip",
    "confirmip",
    "signupip",
    "ipsignup",
    "ipopt",
    "registrationip",
    "unsubip",
    "latitude",
    "longitude",
    "gmtoff",
    "dstoff",
    "memberrating",
    "password",
    "passwordchanged",
    "linkclicks",
    "lastclickedat",
    "openrate",
    "clickrate",
];
/// Beginnings of names of the same kind.
const TRACKED: &[&str] = &[
    "emailopen",
    "emailsopen",
    "emaillastopen",
    "uniqueemailsseen",
    "uniquepostsseen",
    "postviews",
    "emailreceives",
    "emaildrops",
];

impl Columns {
    /// The columns of a first line of names, or of one that is a row already, with an address in it; none of any other.
    pub fn of(row: &Row<'_>, file: &str) -> Option<Self> {
        let names: Vec<String> = row.cells().map(plain).collect();
        if !names.iter().any(|name| ADDRESS.contains(&name.as_str())) {
            let address = row.cells().position(|cell| Address::parse(cell).is_ok())?;
            let column = |at| if at == address { Column::Address } else { attribute("", at) };
            let all = (0..row.len()).map(column).collect();
            return Some(Self { exporter: Exporter::Plain, all, dropped: Vec::new(), file_says: None, has_header: false });
        }
        let exporter = Exporter::of(&names);
        let mut all: Vec<Column> = names
            .iter()
            .zip(row.cells())
            .enumerate()
            .map(|(at, (name, cell))| meaning(name, exporter).unwrap_or_else(|| attribute(cell, at)))
            .collect();
        // Of several columns of addresses the most usual one counts, wherever it stands; the others are attributes.
        for (what, order) in [
            (Column::Address, ADDRESS),
            (Column::Name, NAME),
            (Column::FirstName, FIRST_NAME),
            (Column::LastName, LAST_NAME),
            (Column::Language, LANGUAGE),
        ] {
            let best = order.iter().find_map(|wanted| names.iter().position(|name| name == wanted));
            for (at, (column, cell)) in all.iter_mut().zip(row.cells()).enumerate() {
                if *column == what && best != Some(at) {
                    *column = attribute(cell, at);
                }
            }
        }
        // `state` is where people live, unless nothing else says how the subscription stands.
        if !all.contains(&Column::State)
            && let Some(at) = names.iter().position(|name| name == "state")
            && let Some(column) = all.get_mut(at)
        {
            *column = Column::State;
        }
        distinguish(&mut all);
        let is_dropped = |(column, cell): (&Column, &str)| (*column == Column::Dropped).then(|| cell.to_owned());
        let dropped = all.iter().zip(row.cells()).filter_map(|(column, cell)| is_dropped((column, cell))).collect();
        let file_says = (exporter == Exporter::Mailchimp).then(|| told_by_name(file)).flatten();
        Some(Self { exporter, all, dropped, file_says, has_header: true })
    }
}

/// The files of one export of Mailchimp have the same columns, and say by their names whom they hold.
fn told_by_name(file: &str) -> Option<&'static str> {
    let file = file.to_lowercase();
    ["nonsubscribed", "unsubscribed", "cleaned"].into_iter().find(|word| file.starts_with(word))
}

fn meaning(name: &str, exporter: Exporter) -> Option<Column> {
    if exporter == Exporter::Griot && OWN.contains(&name) {
        let own = [
            Column::Address,
            Column::Name,
            Column::Language,
            Column::State,
            Column::Since,
            Column::Consent,
            Column::Suppressed,
            Column::Attributes,
        ];
        return OWN.iter().position(|own| *own == name).and_then(|at| own.get(at).cloned());
    }
    let is_in = |names: &[&str]| names.contains(&name);
    Some(match name {
        _ if is_in(ADDRESS) => Column::Address,
        _ if is_in(NAME) => Column::Name,
        _ if is_in(FIRST_NAME) => Column::FirstName,
        _ if is_in(LAST_NAME) => Column::LastName,
        _ if is_in(LANGUAGE) => Column::Language,
        "type" if exporter == Exporter::Buttondown => Column::State,
        _ if is_in(STATE) => Column::State,
        _ if is_in(IS_CONFIRMED) => Column::IsConfirmed,
        _ if is_in(IS_GONE) => Column::IsGone,
        _ if is_in(BOUNCES) => Column::Bounces,
        _ if is_in(COMPLAINED) => Column::Complained,
        _ if is_in(ATTRIBUTES) => Column::Attributes,
        _ if is_in(DROPPED) || TRACKED.iter().any(|beginning| name.starts_with(beginning)) => Column::Dropped,
        _ => Column::Agreed(u8::try_from(AGREED.iter().position(|names| names.contains(&name))?).ok()?),
    })
}

fn attribute(title: &str, at: usize) -> Column {
    let name = Line::new(title).or_else(|| Line::new(&format!("column {}", at + 1)));
    name.map_or(Column::Dropped, |name| Column::Attribute(name.shortened(100)))
}

/// Gives columns of the same name different ones.
fn distinguish(all: &mut [Column]) {
    let mut seen = std::collections::HashSet::new();
    for (at, column) in all.iter_mut().enumerate() {
        if let Column::Attribute(name) = column
            && !seen.insert(name.clone())
        {
            *column = attribute(&format!("{name} (column {})", at + 1), at);
        }
    }
}

fn plain(cell: &str) -> String {
    cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(100).collect()
}

impl Exporter {
    fn of(names: &[String]) -> Self {
        let has = |wanted: &str| names.iter().any(|name| name == wanted);
        if OWN.iter().all(|own| has(own)) {
            Self::Griot
        } else if has("leid") || has("euid") || has("memberrating") {
            Self::Mailchimp
        } else if has("uuid") && (has("attributes") || has("attribs")) {
            Self::Listmonk
        } else if has("subscribedtoemails") {
            Self::Ghost
        } else if has("subscribertype") || (has("creationdate") && has("metadata")) || has("secondaryid") {
            Self::Buttondown
        } else if has("emaildisabled") || (has("subscriptiontype") && has("receivingemailsfor")) {
            Self::Substack
        } else if has("hashemail") || has("mergeemail") || (has("cid") && has("status")) {
            Self::Mailtrain
        } else if has("blacklisted") || has("isthissubscriberblacklisted") || has("isthisuserblacklisted") {
            Self::PhpList
        } else {
            Self::Plain
        }
    }
}

impl fmt::Display for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Griot => "an export of griot",
            Self::Listmonk => "an export of listmonk",
            Self::Mailchimp => "an export of Mailchimp",
            Self::Ghost => "an export of Ghost",
            Self::Buttondown => "an export of Buttondown",
            Self::Substack => "an export of Substack",
            Self::Mailtrain => "an export of Mailtrain",
            Self::PhpList => "an export of phpList",
            Self::Plain => "a table",
        })
    }
}
