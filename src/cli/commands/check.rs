use crate::domain::counted;
use std::collections::BTreeSet;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{self, Checked, Finding, Judging, LoadOptions, Rule, Severity, Source};
use crate::cli::Exit;
use crate::cli::arguments::FeedCheck;
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::config::Settings;

pub(in crate::cli) async fn check(
    command: &FeedCheck,
    settings: Option<&Settings>,
    options: LoadOptions,
    now: Timestamp,
    printer: &mut Printer,
) -> anyhow::Result<Exit> {
    if command.rules {
        return rules(app::feed_rules(), command.json, printer);
    }
    let judging = Judging { now, podcast: command.podcast };
    let mut results: Vec<(String, anyhow::Result<Checked>)> = Vec::new();
    if command.names.is_empty() {
        let settings = settings.ok_or_else(|| {
            Usage(
                "there is no publication here: name a feed, such as `griot feed check feed.xml`, or a config by --config"
                    .to_owned(),
            )
        })?;
        for (file, checked) in app::check_own(settings, &options, judging).await? {
            results.push((file.display().to_string(), Ok(checked)));
        }
        if results.is_empty() {
            printer.aside(format_args!("note: there are no feeds in `{}` yet", settings.feeds.display()));
        }
    }
    for name in &command.names {
        let source = Source::parse(name);
        let shown = source.as_ref().map_or_else(|_| name.to_string_lossy().into_owned(), Source::to_string);
        let checked = match source {
            Ok(source) => app::check_source(&source, settings, &options, judging).await,
            Err(error) => Err(error.into()),
        };
        results.push((shown, checked));
    }
    let mut explained = BTreeSet::new();
    let mut objects = Vec::new();
    let mut exit = Exit::Done;
    for (file, result) in &results {
        match result {
            Ok(checked) => {
                if checked.count(Severity::Error) > 0 {
                    exit = Exit::Failed;
                }
                if command.json {
                    objects.push(object(file, checked));
                } else {
                    text(file, checked, &mut explained, printer);
                }
            }
            Err(error) => {
                exit = Exit::Failed;
                objects.push(json!({ "file": file, "error": error.to_string(), "hint": app::hint(error) }));
                report::print(printer, error);
            }
        }
    }
    if command.json {
        printer.data(serde_json::to_string_pretty(&objects).context("failed to print JSON")?);
    }
    Ok(exit)
}

/// One feed for people: a line of what it is, a line a finding, and with the first of each rule why it matters.
fn text(file: &str, checked: &Checked, explained: &mut BTreeSet<&'static str>, printer: &mut Printer) {
    let kind = checked.kind.map_or_else(|| "no feed that can be read".to_owned(), |kind| kind.to_string());
    let podcast = if checked.podcast { " of a podcast" } else { "" };
    let items = u64::try_from(checked.items).unwrap_or(u64::MAX);
    printer.data(format_args!(
        "{file}: {kind}{podcast}, {}: {}",
        counted(items, "item"),
        verdict(|severity| checked.count(severity))
    ));
    for Finding { rule, line, column, what } in &checked.findings {
        printer.data(format_args!("{file}:{line}:{column}: {} {}: {what}", rule.severity, rule.id));
        if explained.insert(rule.id) {
            printer.data(format_args!("    why: {}", rule.why));
            printer.data(format_args!("    do:  {}", rule.mend));
        }
    }
    for (rule, count) in &checked.more {
        printer.data(format_args!("{file}: {} {}: at {count} more places", rule.severity, rule.id));
    }
}

/// `1 error, 2 warnings`.
pub(super) fn verdict(count: impl Fn(Severity) -> usize) -> String {
    let counts: Vec<String> = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .filter_map(|(severity, word)| match u64::try_from(count(severity)) {
            Ok(0) | Err(_) => None,
            Ok(count) => Some(counted(count, word)),
        })
        .chain(Some(count(Severity::Advice)).filter(|count| *count > 0).map(|count| format!("{count} advice")))
        .collect();
    if counts.is_empty() { "nothing wrong".to_owned() } else { counts.join(", ") }
}

fn object(file: &str, checked: &Checked) -> Value {
    json!({
        "file": file,
        "format": checked.kind.map(|kind| kind.to_string()),
        "podcast": checked.podcast,
        "items": checked.items,
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "advice": checked.count(Severity::Advice),
        "findings": checked.findings.iter().map(|finding| json!({
            "line": finding.line,
            "column": finding.column,
            "severity": finding.rule.severity.to_string(),
            "rule": finding.rule.id,
            "what": finding.what,
            "why": finding.rule.why,
            "do": finding.rule.mend,
        })).collect::<Vec<_>>(),
        "more": checked.more.iter().map(|(rule, count)| json!({ "rule": rule.id, "places": count })).collect::<Vec<_>>(),
    })
}

pub(super) fn rules(all: impl Iterator<Item = &'static Rule>, as_json: bool, printer: &mut Printer) -> anyhow::Result<Exit> {
    if as_json {
        let all: Vec<Value> = all
            .map(|Rule { id, severity, what, why, mend }| {
                json!({ "rule": id, "severity": severity.to_string(), "what": what, "why": why, "do": mend })
            })
            .collect();
        printer.data(serde_json::to_string_pretty(&all).context("failed to print JSON")?);
        return Ok(Exit::Done);
    }
    for Rule { id, severity, what, why, mend } in all {
        printer.data(format_args!("{severity:<8}{id}: {what}\n        why: {why}\n        do:  {mend}"));
    }
    Ok(Exit::Done)
}
