use crate::domain::{Address, counted};
use std::fs::File;
use std::io;

use anyhow::Context;
use serde_json::{Value, json};

use crate::app::{self, Decision, Desk, KeptBounce, Milestone, Taken};
use crate::cli::Exit;
use crate::cli::arguments::{Bounces, Take};
use crate::cli::printer::Printer;
use crate::cli::report;

/// Without the lock: a report may come while letters are on their way, and the sender asks before each message.
pub(in crate::cli) async fn bounces(desk: &Desk, command: &Bounces, printer: &mut Printer) -> anyhow::Result<Exit> {
    match command {
        Bounces::Take(command) => return take(desk, command, printer).await,
        Bounces::List { held: true, json } => held(desk, *json, printer).await?,
        Bounces::List { held: false, json: true } => objects(desk, printer).await?,
        Bounces::List { held: false, json: false } => app::bounces(desk, |one| printer.data(line(one))).await?,
        Bounces::Replay => {
            let taken = app::replay_bounces(desk, &mut |milestone: &Milestone| printer.done(milestone)).await?;
            let same = taken.known;
            let changed = Taken { known: 0, ..taken };
            printer.done(format_args!("judged    {changed} otherwise than before; {same} as before"));
        }
        Bounces::Suppress { domain } => return decide(desk, domain, Decision::Suppress, printer).await,
        Bounces::Forgive { domain } => return decide(desk, domain, Decision::Forgive, printer).await,
    }
    Ok(Exit::Done)
}

async fn take(desk: &Desk, command: &Take, printer: &mut Printer) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    for file in &command.files {
        let mut tell = |milestone: &Milestone| printer.done(milestone);
        if file.as_os_str() == "-" {
            match app::take_bounce(desk, io::stdin().lock(), "standard input", &mut tell).await {
                Ok(taken) => say(&taken, printer),
                Err(error) => {
                    report::print(printer, &error);
                    // What a pipe hands in is gone once this ends well: the mail server is to keep it and try again.
                    exit = Exit::Again;
                }
            }
            continue;
        }
        let name = file.display().to_string();
        let open = File::open(file).with_context(|| format!("failed to open `{name}`"))?;
        let taken = app::take_bounce(desk, open, &name, &mut tell).await?;
        say(&taken, printer);
    }
    if let Some(mbox) = &command.mbox {
        let taken = app::take_mbox(desk, mbox, &mut |milestone: &Milestone| printer.done(milestone)).await?;
        say(&taken, printer);
    }
    if let Some(maildir) = &command.maildir {
        let mut failed = Vec::new();
        let taken = app::take_maildir(desk, maildir, &mut failed, &mut |milestone: &Milestone| printer.done(milestone)).await?;
        say(&taken, printer);
        for error in &failed {
            report::print(printer, error);
            exit = Exit::Failed;
        }
    }
    if command.imap {
        let mut failed = Vec::new();
        let taken = app::take_imap(desk, &mut failed, &mut |milestone: &Milestone| printer.done(milestone)).await;
        for error in &failed {
            report::print(printer, error);
            exit = Exit::Failed;
        }
        match taken {
            Ok(taken) => say(&taken, printer),
            Err(error) if app::is_for_now(&error) => {
                report::print(printer, &error);
                exit = Exit::Again;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(exit)
}

fn say(taken: &Taken, printer: &mut Printer) {
    printer.done(Milestone::Bounces(taken.clone()));
}

async fn held(desk: &Desk, as_json: bool, printer: &mut Printer) -> anyhow::Result<()> {
    let domains = app::held_domains(desk).await?;
    if as_json {
        let object = |one: &app::HeldDomain| json!({ "domain": one.domain, "edition": one.edition, "bounced": one.bounced });
        printer.data(Value::Array(domains.iter().map(object).collect()));
        return Ok(());
    }
    for one in &domains {
        printer.data(format_args!("held      {}  {} in edition {}", one.domain, counted(one.bounced, "reader"), one.edition));
    }
    Ok(())
}

async fn decide(desk: &Desk, domain: &str, decision: Decision, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Some(readers) = app::decide_domain(desk, domain, decision).await? else {
        printer.aside(format_args!("{}: no domain `{domain}` is held", printer.error_word()));
        printer.aside("\nhint: `griot bounces list --held` prints those that are");
        return Ok(Exit::Failed);
    };
    let readers = counted(readers, "reader");
    match decision {
        Decision::Suppress => printer.done(format_args!("suppress  {readers} at {domain}: mailed no more")),
        Decision::Forgive => printer.done(format_args!("forgiven  {readers} at {domain}: mailed on")),
    }
    Ok(Exit::Done)
}

fn line(one: &KeptBounce) -> String {
    // The desk asked for its own readers: here the addresses are shown.
    let reader = one.reader.as_ref().map_or_else(|| "-".to_owned(), Address::reveal);
    let edition = one.edition.as_deref().unwrap_or("-");
    let effect = one.effect.as_str().map(|effect| format!(" ({effect})")).unwrap_or_default();
    format!("{}  {}{effect}  {reader}  {edition}  {}", one.taken, one.class, one.words)
}

/// The array of all objects, each as soon as it is known.
async fn objects(desk: &Desk, printer: &mut Printer) -> anyhow::Result<()> {
    printer.data("[");
    let mut held: Option<Value> = None;
    app::bounces(desk, |one| {
        if let Some(held) = held.replace(object(one)) {
            printer.data(format_args!("{held},"));
        }
    })
    .await?;
    if let Some(last) = held {
        printer.data(last);
    }
    printer.data("]");
    Ok(())
}

fn object(one: &KeptBounce) -> Value {
    json!({
        "taken": one.taken.to_string(),
        "class": one.class.as_str(),
        "effect": one.effect.as_str(),
        "address": one.reader.as_ref().map(Address::reveal),
        "edition": one.edition,
        "list": one.list,
        "status": one.status,
        "words": one.words,
        "report": one.hash,
    })
}
