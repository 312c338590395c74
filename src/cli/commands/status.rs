use serde_json::{Map, Value, json};

use super::{line, standing};
use crate::app::{self, Desk, Milestone, Status};
use crate::cli::Exit;
use crate::cli::arguments;
use crate::cli::printer::Printer;
use crate::domain::{Application, Counted, EditionNumbers, ListNumbers, counted};

/// Weeks that a line about a list sums up.
const LATELY: usize = 4;
/// Programs that are named; the rest is in the page and in JSON.
const NAMED: usize = 5;

pub(in crate::cli) async fn status(desk: &Desk, command: &arguments::Status, printer: &mut Printer) -> anyhow::Result<Exit> {
    if let Some(file) = &command.page {
        let written = app::write_numbers(desk, file).await?;
        printer.done(Milestone::Wrote { file: file.clone(), written });
        return Ok(Exit::Done);
    }
    let status = app::status(desk).await?;
    if command.json {
        printer.data(object(&status));
    } else {
        lines(&status, printer);
    }
    Ok(Exit::Done)
}

fn lines(status: &Status, printer: &mut Printer) {
    printer.data(format_args!("articles  {}", status.articles));
    printer.data(format_args!("readers   {} confirmed, {} pending", status.confirmed, status.pending));
    if let Some(breach) = &status.fenced_off {
        printer.data(format_args!("fenced    off: this ledger sends nothing until `griot adopt`; {breach}"));
    }
    for list in &status.numbers.lists {
        let mut lately = Counted::default();
        list.weeks.iter().rev().take(LATELY).for_each(|week| lately += week.since);
        if lately != Counted::default() {
            let Counted { confirmed, pending, left } = lately;
            let name = &list.name;
            printer.data(format_args!("lately    `{name}`: {confirmed} confirmed, {pending} pending, {left} left in 4 weeks"));
        }
    }
    for one in &status.numbers.editions {
        printer.data(format_args!("{}{}", line((&one.edition, &one.list), &one.balance), after(one)));
    }
    for one in status.numbers.applications.iter().take(NAMED) {
        let times = counted(one.week, "time");
        let readers = if one.subscribers > 0 { format!(", for {}", counted(one.subscribers, "reader")) } else { String::new() };
        printer.data(format_args!("fetched   {times} in 7 days, {} in 28 by {}{readers}", one.month, one.name));
    }
}

/// What became of an edition after it had left.
fn after(one: &EditionNumbers) -> String {
    let returns = &one.returns;
    let came_back = Some(format!("; {} came back ({})", returns.bounced, returns.in_words())).filter(|_| returns.bounced > 0);
    let more = [(returns.complained, "complained"), (one.left, "left after it")];
    let more = more.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}"));
    came_back.into_iter().chain(more).collect()
}

fn object(status: &Status) -> Value {
    let numbers = &status.numbers;
    json!({
        "articles": status.articles,
        "confirmed": status.confirmed,
        "pending": status.pending,
        "fenced_off": status.fenced_off.as_ref().map(ToString::to_string),
        "sendings": numbers.editions.iter().map(edition).collect::<Vec<_>>(),
        "lists": numbers.lists.iter().map(list).collect::<Vec<_>>(),
        "applications": numbers.applications.iter().map(application).collect::<Vec<_>>(),
    })
}

fn edition(one: &EditionNumbers) -> Value {
    let domains: Map<String, Value> =
        one.returns.domains.iter().map(|(domain, count)| (domain.clone(), Value::from(*count))).collect();
    let mut value = standing((&one.edition, &one.list), &one.balance);
    value["left"] = one.left.into();
    value["complained"] = one.returns.complained.into();
    value["bounced"] = json!({ "readers": one.returns.bounced, "domains": domains, "elsewhere": one.returns.elsewhere() });
    value
}

fn list(one: &ListNumbers) -> Value {
    let mut value = readers(one.all);
    value["list"] = one.name.as_str().into();
    let weeks = one.weeks.iter().map(|week| {
        let mut value = readers(week.since);
        value["week"] = week.begins.to_string().into();
        value
    });
    value["weeks"] = weeks.collect();
    value
}

fn readers(counted: Counted) -> Value {
    json!({ "confirmed": counted.confirmed, "pending": counted.pending, "left": counted.left })
}

fn application(one: &Application) -> Value {
    // None where the program does not say for how many it fetches.
    let subscribers = Some(one.subscribers).filter(|subscribers| *subscribers > 0);
    json!({ "application": one.name, "days_7": one.week, "days_28": one.month, "subscribers": subscribers })
}
