use std::io::{self, Read};

use anyhow::Context;
use serde_json::json;

use crate::app::{Desk, Left, Readership};
use crate::cli::Exit;
use crate::cli::arguments::Unsubscribe;
use crate::cli::printer::Printer;
use crate::cli::report;
use crate::domain::Way;

/// Bytes that are read for a token: more than it has.
const MOST: u64 = 1024;

/// Without the lock: the sender asks before each message.
pub(in crate::cli) async fn unsubscribe(desk: &Desk, command: &Unsubscribe, printer: &mut Printer) -> anyhow::Result<Exit> {
    let token = if command.token == "-" { from_stdin()? } else { command.token.clone() };
    let left = match leave(desk, token.trim()).await {
        Ok(left) => left,
        Err(error) => {
            report::print(printer, &error);
            // Whoever clicked is to be told that it did not work yet.
            return Ok(Exit::Again);
        }
    };
    let (word, subscription) = match &left {
        Left::Now(subscription) => ("now", Some(subscription)),
        Left::Before(subscription) => ("before", Some(subscription)),
        Left::Unknown => ("unknown", None),
    };
    let list = subscription.map(|subscription| subscription.list.as_str());
    if command.json {
        printer.data(json!({ "left": word, "list": list }));
    } else {
        match (&left, list) {
            (Left::Now(_), Some(list)) => printer.done(format_args!("left      `{list}`")),
            (Left::Before(_), Some(list)) => printer.done(format_args!("left      `{list}` before")),
            _ => {
                printer.aside(format_args!("{}: the token is none of this ledger's", printer.error_word()));
                printer.aside("\nhint: it is what stands behind `t=` in the link of a letter, 39 letters and digits");
            }
        }
    }
    Ok(if left == Left::Unknown { Exit::Failed } else { Exit::Done })
}

async fn leave(desk: &Desk, token: &str) -> anyhow::Result<Left> {
    Readership::of(desk).await?.leave(desk, token, Way::Command).await
}

fn from_stdin() -> anyhow::Result<String> {
    let mut token = Vec::new();
    io::stdin().take(MOST).read_to_end(&mut token).context("failed to read standard input")?;
    // What is not UTF-8 is no token, and is told as such.
    Ok(String::from_utf8_lossy(&token).into_owned())
}
