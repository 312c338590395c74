use serde_json::{Value, json};

use super::{line, standing};
use crate::app::{self, Delivery, Desk, Standing};
use crate::cli::Exit;
use crate::cli::arguments::Audit;
use crate::cli::printer::Printer;
use crate::domain::{DeliveryState, EditionId};

pub(in crate::cli) async fn audit(desk: &Desk, command: &Audit, printer: &mut Printer) -> anyhow::Result<Exit> {
    let standings = app::audit(desk, command.edition.as_deref()).await?;
    if command.json {
        objects(desk, command, &standings, printer).await?;
    } else if let Some(state) = command.who {
        for one in &standings {
            app::recipients(desk, &one.sending, Some(state), |recipient| {
                // The desk asked for its own readers: here the addresses are shown.
                let reply = recipient.reply.as_deref().unwrap_or_default();
                printer.data(format_args!("{}  {reply}", recipient.address.reveal()));
            })
            .await?;
        }
    } else if standings.is_empty() {
        match &command.edition {
            Some(edition) => printer.done(format_args!("edition {edition} has not been sent to any list")),
            None => printer.done("nothing has been sent yet"),
        }
    } else {
        for one in &standings {
            printer.data(line(sending(one), &one.balance));
        }
    }
    let even = standings.iter().all(|one| one.balance.is_even());
    if !even {
        printer.aside(format_args!("{}: the balance is off: some recipients are in no state", printer.error_word()));
    }
    Ok(if even { Exit::Done } else { Exit::Failed })
}

/// The array of all objects. A list may have any number of recipients: each is a line that goes out as soon as it is known.
async fn objects(desk: &Desk, command: &Audit, standings: &[Standing], printer: &mut Printer) -> anyhow::Result<()> {
    if command.edition.is_none() && command.who.is_none() {
        printer.data(Value::Array(standings.iter().map(|one| standing(sending(one), &one.balance)).collect()));
        return Ok(());
    }
    printer.data("[");
    for (at, one) in standings.iter().enumerate() {
        let object = standing(sending(one), &one.balance).to_string();
        printer.data(format_args!("{},\"recipients\":[", object.strip_suffix('}').unwrap_or(&object)));
        let mut held: Option<Value> = None;
        app::recipients(desk, &one.sending, command.who, |next| {
            if let Some(held) = held.replace(recipient(next)) {
                printer.data(format_args!("{held},"));
            }
        })
        .await?;
        if let Some(last) = held {
            printer.data(last);
        }
        printer.data(if at + 1 < standings.len() { "]}," } else { "]}" });
    }
    printer.data("]");
    Ok(())
}

fn recipient(recipient: &Delivery) -> Value {
    let mut object = json!({
        "address": recipient.address.reveal(),
        "state": recipient.state.as_str(),
        "reply": recipient.reply,
        "tries": recipient.tries,
        "changed": recipient.changed.to_string(),
    });
    if recipient.state == DeliveryState::Deferred {
        object["not_before"] = Value::from(recipient.not_before.to_string());
    }
    object
}

fn sending(one: &Standing) -> (&EditionId, &str) {
    (&one.sending.edition, &one.sending.list)
}
