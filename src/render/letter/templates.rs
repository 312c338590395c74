//! A desk's own templates: the same files as griot's, with the same data, run at run time.
//!
//! They are data, not code: what they may do is limited in steps, in memory and in output, and they see nothing but the
//! letter and each other.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use crate::domain::Newsletter;

/// griot's own templates, by the names under which a folder has them: what a desk's own begin with.
pub const OWN_TEMPLATES: [(&str, &str); 2] =
    [(HTML, include_str!("../../../templates/letter.html")), (TEXT, include_str!("../../../templates/letter.txt"))];

pub(super) const HTML: &str = "letter.html";
pub(super) const TEXT: &str = "letter.txt";

/// Steps that a letter may take; one step for each 64 bytes, too. The longest letter takes a fraction of it.
const FUEL: u64 = 1_000_000;

/// Bytes of output at which a template is stopped: ten times what a letter may have.
const OUTPUT: usize = 1_000_000;

/// The templates of a folder, checked.
#[derive(Clone)]
pub struct Templates {
    environment: Environment<'static>,
}

/// What is wrong with a desk's own template.
#[derive(Debug, thiserror::Error)]
#[error("the template `{file}`{} {what}", line.map(|line| format!(", line {line}:")).unwrap_or_default())]
pub struct TemplateError {
    pub file: String,
    pub line: Option<usize>,
    pub what: String,
}

impl TemplateError {
    fn of(error: &Error, file: &str) -> Self {
        // The innermost error is in the file that is to be mended, the outer ones in those that include it.
        let mut innermost = error;
        while let Some(source) = std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>()) {
            innermost = source;
        }
        let what = match innermost.detail() {
            Some(detail) => format!("{}: {detail}", innermost.kind()),
            None => innermost.kind().to_string(),
        };
        Self { file: innermost.name().unwrap_or(file).to_owned(), line: innermost.line(), what }
    }

    /// Of a template that was stopped.
    pub(super) fn endless(file: &str) -> Self {
        let what = format!("does not come to an end, or makes more than {OUTPUT} bytes of a letter");
        Self { file: file.to_owned(), line: None, what }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "`griot letter eject FOLDER` writes griot's own templates, which say in their head what there is to be shown"
    }
}

impl Templates {
    /// The templates of these names, which end in `.html` or `.txt`: `letter.html`, `letter.txt`, and what these include.
    pub fn new(sources: BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        // Errors name the field that they are about.
        environment.set_debug(true);
        environment.set_formatter(formatted);
        environment.set_auto_escape_callback(|name| match name.rsplit_once('.') {
            Some((_, "html")) => AutoEscape::Html,
            _ => AutoEscape::None,
        });
        if !sources.contains_key(HTML) && !sources.contains_key(TEXT) {
            let what = format!("is not there, and neither is `{TEXT}`");
            return Err(TemplateError { file: HTML.to_owned(), line: None, what });
        }
        for (name, source) in sources {
            environment.add_template_owned(name.clone(), source).map_err(|error| TemplateError::of(&error, &name))?;
        }
        Ok(Self { environment })
    }

    pub(super) fn has_html(&self) -> bool {
        self.environment.get_template(HTML).is_ok()
    }

    pub(super) fn has_text(&self) -> bool {
        self.environment.get_template(TEXT).is_ok()
    }

    /// The HTML part; none where it is longer than any letter.
    pub(super) fn html(&self, letter: &impl Serialize, sender: &str) -> Result<Option<String>, TemplateError> {
        self.part(HTML, letter, &[(&escaped(sender), "sender")])
    }

    /// The text part; none where it is longer than any letter.
    pub(super) fn text(&self, letter: &impl Serialize, sender: &str) -> Result<Option<String>, TemplateError> {
        self.part(TEXT, letter, &[(sender, "footer")])
    }

    fn part(&self, name: &str, letter: &impl Serialize, needed: &[(&str, &str)]) -> Result<Option<String>, TemplateError> {
        let of = |error: &Error| TemplateError::of(error, name);
        let template = self.environment.get_template(name).map_err(|error| of(&error))?;
        let mut out = Limited(Vec::new());
        match template.render_captured_to(Value::from(Serde(letter)), &mut out) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::OutOfFuel || out.is_full() => return Ok(None),
            Err(error) => return Err(of(&error)),
        }
        let part = String::from_utf8_lossy(&out.0).into_owned();
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lacks = |what: &str, field: &str| TemplateError {
            file: name.to_owned(),
            line: None,
            what: format!("does not show {what}, `{{{{ {field} }}}}`, which every letter has to"),
        };
        if !part.contains(Newsletter::UNSUBSCRIBE) {
            return Err(lacks("where the reader leaves", if name == TEXT { "footer" } else { "unsubscribe" }));
        }
        for (text, field) in needed {
            if !folded(&part).contains(&folded(text)) {
                return Err(lacks("who sends the letter, and from where", field));
            }
        }
        Ok(Some(part))
    }
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.environment.templates().map(|(name, _)| name)).finish()
    }
}

/// Output up to a limit.
struct Limited(Vec<u8>);

impl Limited {
    fn is_full(&self) -> bool {
        self.0.len() >= OUTPUT
    }
}

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.get(..OUTPUT - self.0.len()).unwrap_or(bytes);
        self.0.extend_from_slice(taken);
        if taken.is_empty() && !bytes.is_empty() { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(taken.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes a value as the compiled templates do: the same characters escaped, in the same way.
fn formatted(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let is_markup = value.is_safe() || matches!(state.auto_escape(), AutoEscape::None);
    match value.as_str() {
        Some(text) if is_markup => out.write_str(text)?,
        Some(text) => out.write_str(&escaped(text))?,
        None if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) => out.write_str(&value.to_string())?,
        None => return Err(Error::new(ErrorKind::InvalidOperation, format!("a {} cannot be shown", value.kind()))),
    }
    Ok(())
}

/// Text in HTML, escaped as askama does it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("&#34;"),
            '&' => out.push_str("&#38;"),
            '\'' => out.push_str("&#39;"),
            '<' => out.push_str("&#60;"),
            '>' => out.push_str("&#62;"),
            c => out.push(c),
        }
    }
    out
}
