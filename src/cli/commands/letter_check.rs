use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};

use super::check::{rules, verdict};
use crate::app::{self, Desk, LetterChecked, LetterFile, Severity};
use crate::cli::Exit;
use crate::cli::arguments::{LetterCheck, NamedLetter};
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::domain::{Finding, counted, visible};

pub(in crate::cli) async fn check_letters(
    desk: Option<&Desk>,
    command: &LetterCheck,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    if command.rules {
        return rules(app::letter_rules(), command.json, printer);
    }
    if let Some(unknown) = command.rule.iter().find(|id| !app::letter_rules().any(|rule| rule.id == id.as_str())) {
        let unknown = visible(unknown);
        return Err(Usage(format!("there is no rule `{unknown}`: `griot letter check --rules` prints all of them")).into());
    }
    let mut results = Vec::new();
    for letter in command.letters() {
        results.push(match letter {
            NamedLetter::File(file) => (shown(&file), app::check_letter_file(&file)),
            NamedLetter::Edition(id) => (id.clone(), edition(desk, Some(&id)).await),
        });
    }
    if results.is_empty() {
        results.push(("the latest edition".to_owned(), edition(desk, None).await));
    }
    let mut explained = BTreeSet::new();
    let mut objects = Vec::new();
    let mut exit = Exit::Done;
    for (name, result) in results {
        match result {
            Ok(mut checked) => {
                checked.keep(&command.rule);
                if checked.count(Severity::Error) > 0 {
                    exit = Exit::Failed;
                }
                if command.json {
                    objects.push(object(&name, &checked));
                } else {
                    text(&name, &checked, &mut explained, printer);
                }
            }
            Err(error) => {
                exit = Exit::Failed;
                objects.push(json!({ "file": name, "error": error.to_string(), "hint": app::hint(&error) }));
                report::print(printer, &error);
            }
        }
    }
    if command.json {
        printer.data(serde_json::to_string_pretty(&objects).context("failed to print JSON")?);
    }
    Ok(exit)
}

async fn edition(desk: Option<&Desk>, id: Option<&str>) -> anyhow::Result<LetterChecked> {
    let desk = desk.context("there is no publication whose edition could be checked")?;
    app::check_edition(desk, id).await
}

fn shown(file: &LetterFile) -> String {
    match file {
        LetterFile::StandardInput => "-".to_owned(),
        LetterFile::Path(path) => visible(&path.display().to_string()),
    }
}

/// One letter for people: a line of what it is, a line a finding, and with the first of each rule why it matters.
fn text(name: &str, checked: &LetterChecked, explained: &mut BTreeSet<&'static str>, printer: &mut Printer) {
    let bytes = u64::try_from(checked.bytes).unwrap_or(u64::MAX);
    printer.data(format_args!("{name}: {}: {}", counted(bytes, "byte"), verdict(|severity| checked.count(severity))));
    for Finding { part, line, rule, what } in &checked.findings {
        printer.data(format_args!("{name}:{part}:{line}: {} {}: {what}", rule.severity, rule.id));
        if explained.insert(rule.id) {
            printer.data(format_args!("    why: {}", rule.why));
            printer.data(format_args!("    do:  {}", rule.mend));
        }
    }
    for (rule, count) in &checked.more {
        printer.data(format_args!("{name}: {} {}: at {count} more places", rule.severity, rule.id));
    }
}

fn object(name: &str, checked: &LetterChecked) -> Value {
    json!({
        "file": name,
        "bytes": checked.bytes,
        "html_bytes": checked.html_bytes,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "advice": checked.count(Severity::Advice),
        "findings": checked.findings.iter().map(|finding| json!({
            "part": finding.part.to_string(),
            "line": finding.line,
            "severity": finding.rule.severity.to_string(),
            "rule": finding.rule.id,
            "what": finding.what,
            "why": finding.rule.why,
            "do": finding.rule.mend,
        })).collect::<Vec<_>>(),
        "more": checked.more.iter().map(|(rule, count)| json!({ "rule": rule.id, "places": count })).collect::<Vec<_>>(),
    })
}
