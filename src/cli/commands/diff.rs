use anyhow::Context;
use serde_json::{Value, json};

use super::lock;
use crate::app::{self, Desk, Difference, LoadOptions, Named, Rebuilt, Source};
use crate::cli::Exit;
use crate::cli::arguments::FeedDiff;
use crate::cli::exit::Usage;
use crate::cli::printer::Printer;
use crate::domain::visible;

pub(in crate::cli) async fn diff(command: &FeedDiff, options: &LoadOptions, printer: &mut Printer) -> anyhow::Result<Exit> {
    let Some((old, new)) = command.feeds() else {
        return Err(Usage("name the feed before and the feed after".to_owned()).into());
    };
    let (old, new) = (Source::parse(old)?, Source::parse(new)?);
    let difference = app::diff_sources(&old, &new, options).await?;
    if command.json {
        let object = object(&old.to_string(), &new.to_string(), &difference);
        printer.data(serde_json::to_string_pretty(&[object]).context("failed to print JSON")?);
    } else {
        text(&new.to_string(), &difference, printer);
    }
    Ok(exit(command, !difference.is_empty()))
}

/// What a rebuild would change.
pub(in crate::cli) async fn diff_rebuilt(desk: &Desk, command: &FeedDiff, printer: &mut Printer) -> anyhow::Result<Exit> {
    // Rendering is done beside the feeds: no other griot may do so at the same time.
    let _lock = lock(desk).await?;
    let all = app::diff_rebuilt(desk).await?;
    if command.json {
        let objects: Vec<Value> = all.iter().map(rebuilt).collect();
        printer.data(serde_json::to_string_pretty(&objects).context("failed to print JSON")?);
    } else {
        for one in &all {
            let file = one.file.display().to_string();
            if one.difference.is_empty() && one.changes() {
                printer.done(format_args!("{file}: only its head or the form of its texts"));
            } else {
                text(&file, &one.difference, printer);
            }
            if let Some(why) = &one.refused {
                printer.aside(format_args!("refused: {why}"));
            }
        }
    }
    Ok(exit(command, all.iter().any(Rebuilt::changes)))
}

fn exit(command: &FeedDiff, differs: bool) -> Exit {
    if command.exit_code && differs { Exit::Failed } else { Exit::Done }
}

/// A line of numbers, and a line for each item of which there is something to say.
fn text(name: &str, difference: &Difference, printer: &mut Printer) {
    let Difference { added, resurfacing, changed, moved, gone, same } = difference;
    let counts: Vec<String> = [
        (added.len(), "new"),
        (resurfacing.len(), "unread again"),
        (changed.len(), "changed"),
        (moved.len(), "moved"),
        (gone.len(), "gone"),
        (*same, "as before"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    printer.done(format_args!("{name}: {}", if counts.is_empty() { "no items".to_owned() } else { counts.join(", ") }));
    for item in added {
        printer.done(format_args!("new       {}", shown(item)));
    }
    for back in resurfacing {
        printer.done(format_args!("unread    {}, was {}: unread again for everybody", shown(&back.item), visible(&back.old_id)));
    }
    for one in changed {
        printer.done(format_args!("changed   {}: {}", shown(&one.item), one.fields.join(", ")));
    }
    for item in moved {
        printer.done(format_args!("moved     {}", shown(item)));
    }
    for item in gone {
        printer.done(format_args!("gone      {}", shown(item)));
    }
}

fn shown(item: &Named) -> String {
    let id = visible(&item.id);
    item.title.as_ref().map_or_else(|| id.clone(), |title| format!("{id}  {title}"))
}

fn named(item: &Named) -> Value {
    json!({ "id": item.id, "title": item.title.as_ref().map(ToString::to_string) })
}

fn object(old: &str, new: &str, difference: &Difference) -> Value {
    let Difference { added, resurfacing, changed, moved, gone, same } = difference;
    let with = |item: &Named, key: &str, value: Value| {
        let mut object = named(item);
        if let Some(members) = object.as_object_mut() {
            members.insert(key.to_owned(), value);
        }
        object
    };
    json!({
        "old": old,
        "new": new,
        "added": added.iter().map(named).collect::<Vec<_>>(),
        "resurfacing": resurfacing.iter().map(|back| with(&back.item, "old_id", json!(back.old_id))).collect::<Vec<_>>(),
        "changed": changed.iter().map(|one| with(&one.item, "fields", json!(one.fields))).collect::<Vec<_>>(),
        "moved": moved.iter().map(named).collect::<Vec<_>>(),
        "gone": gone.iter().map(named).collect::<Vec<_>>(),
        "same": same,
    })
}

fn rebuilt(one: &Rebuilt) -> Value {
    let file = one.file.display().to_string();
    let mut object = object(&file, &file, &one.difference);
    if let Some(members) = object.as_object_mut() {
        members.insert("bytes".to_owned(), json!(one.bytes()));
        members.insert("refused".to_owned(), json!(one.refused));
    }
    object
}
