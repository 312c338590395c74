//! A plan as `griot send --plan` shows it.

use crate::domain::counted;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::states;
use crate::app::Plan;
use crate::cli::printer::Printer;

pub(super) fn show(plan: &Plan, as_json: bool, printer: &mut Printer) {
    if as_json {
        printer.data(object(plan));
        return;
    }
    let mut line = |name: &str, value: String| printer.data(format_args!("{name:<9} {value}"));
    line("edition", format!("{}  {}", plan.edition.id, plan.edition.subject));
    line("list", plan.list.clone());
    line("now", counted(plan.now, "reader"));
    if plan.later > 0 {
        line("later", counted(plan.later, "reader"));
    }
    let numbers = |all: Vec<String>| if all.is_empty() { "-".to_owned() } else { all.join(", ") };
    line("excluded", numbers(plan.excluded.iter().map(|(reason, count)| format!("{count} {reason}")).collect()));
    if let Some(balance) = &plan.balance {
        line("so far", numbers(balance.counts.iter().map(|(state, count)| format!("{count} {state}")).collect()));
    }
    line("bytes", format!("{} ({} each)", plan.bytes(), plan.message_bytes));
    line(
        "time",
        plan.time.map_or_else(|| "no limit is set for every server".to_owned(), |time| format!("at least {}", span(time))),
    );
    line("domains", numbers(plan.domains.iter().map(|(domain, count)| format!("{count} {domain}")).collect()));
    for (server, domain, until) in &plan.paused {
        let what = domain.as_deref().unwrap_or("everybody");
        line("paused", format!("{what} until {until:.0}, as `{server}` wanted"));
    }
    line("plan", plan.hash.to_string());
}

/// `2 d 3 h 5 min`.
fn span(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    let parts = [(minutes / (24 * 60), "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") }
}

fn object(plan: &Plan) -> Value {
    let excluded: serde_json::Map<String, Value> =
        plan.excluded.iter().map(|(reason, count)| (reason.as_str().to_owned(), Value::from(*count))).collect();
    let domains: Vec<Value> = plan.domains.iter().map(|(domain, count)| json!({ "domain": domain, "readers": count })).collect();
    let paused: Vec<Value> = plan
        .paused
        .iter()
        .map(|(server, domain, until)| json!({ "server": server, "domain": domain, "until": until.to_string() }))
        .collect();
    json!({
        "edition": plan.edition.id.as_str(),
        "subject": plan.edition.subject.as_str(),
        "list": plan.list,
        "now": plan.now,
        "later": plan.later,
        "excluded": excluded,
        "states": plan.balance.as_ref().map(states),
        "message_bytes": plan.message_bytes,
        "bytes": plan.bytes(),
        "seconds": plan.time.map(|time| time.as_secs()),
        "domains": domains,
        "paused": paused,
        "plan": plan.hash.to_string(),
    })
}
