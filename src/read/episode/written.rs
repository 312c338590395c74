//! TOML and YAML as values written by hand.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::domain::Written;

type Rows = BTreeMap<String, Written>;
/// A line, counted from 1, and what is wrong there.
type Broken = (usize, String);

pub(super) fn toml(text: &str) -> Result<Rows, Broken> {
    toml::from_str::<BTreeMap<String, Value>>(text).map(rows).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        (before.matches('\n').count() + 1, first_line(error.message()))
    })
}

pub(super) fn yaml(text: &str) -> Result<Rows, Broken> {
    if text.trim().is_empty() {
        return Ok(Rows::new());
    }
    serde_saphyr::from_str::<BTreeMap<String, Value>>(text).map(rows).map_err(|error| {
        let line = error.location().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
        (line, first_line(&error.to_string()))
    })
}

/// The keys as TOML, in their order by name, tables last.
pub fn to_toml(rows: &Rows) -> String {
    // Texts, numbers, flags, lists and tables under texts: TOML can write them all.
    toml::to_string(&table(rows)).unwrap_or_default()
}

fn table(rows: &Rows) -> toml::Table {
    rows.iter().map(|(key, value)| (key.clone(), of(value))).collect()
}

fn of(value: &Written) -> toml::Value {
    match value {
        Written::Text(text) => toml::Value::String(text.clone()),
        // What is more than a number that TOML has stays a text, which means the same.
        Written::Number(digits) => digits.parse().map_or_else(|_| toml::Value::String(digits.clone()), toml::Value::Integer),
        Written::Flag(flag) => toml::Value::Boolean(*flag),
        Written::List(list) => toml::Value::Array(list.iter().map(of).collect()),
        Written::Table(rows) => toml::Value::Table(table(rows)),
    }
}

fn rows(values: BTreeMap<String, Value>) -> Rows {
    // A key without a value is a key that was left out.
    values.into_iter().filter_map(|(key, value)| Some((key, value.0?))).collect()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// A value; none where YAML leaves it empty.
struct Value(Option<Written>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

fn number(value: &impl ToString) -> Value {
    Value(Some(Written::Number(value.to_string())))
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text, a number, `true` or `false`, a list or a table")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value(Some(Written::Flag(flag))))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(number(&value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(number(&value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(number(&value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value(Some(Written::Text(text.to_owned()))))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Value(value)) = seq.next_element()? {
            list.extend(value);
        }
        Ok(Value(Some(Written::List(list))))
    }

    /// The toml crate gives a date as a map of one private key.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut rows = Rows::new();
        while let Some(key) = map.next_key::<String>()? {
            let Value(value) = map.next_value()?;
            match value {
                Some(Written::Text(date)) if key.starts_with("$__toml") => return Ok(Value(Some(Written::Number(date)))),
                Some(value) => drop(rows.insert(key, value)),
                None => {}
            }
        }
        Ok(Value(Some(Written::Table(rows))))
    }
}
