//! The fields by which a mailbox knows a list, and by which readers leave it (RFCs 2369, 2919, 8058).

use url::Url;

use super::{Check, is_host, rules};
use crate::domain::{Address, quoted};
use crate::mail::opened::{Field, pieces};

pub(super) fn check(check: &mut Check) {
    list_id(check);
    unsubscribe(check);
    for name in ["list-archive", "list-help", "list-owner", "list-post", "list-subscribe"] {
        let Some(field) = check.message.field(name) else { continue };
        if name == "list-post" && field.unfolded().eq_ignore_ascii_case("no") {
            continue;
        }
        targets(check, field);
    }
    feedback_id(check);
}

/// `Kora Letter <letter.example.org>`.
fn list_id(check: &mut Check) {
    let Some(field) = check.message.field("list-id") else {
        check.find(&rules::list::NO_ID, 1, "there is no `List-Id`");
        return;
    };
    let value = field.unfolded();
    let id = value.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let label = |text: &str| text.replace('_', "-");
    if !id.is_some_and(|id| is_host(&label(id)) && id.len() <= 255) {
        check.find(&rules::list::ID, field.line, format!("`List-Id` is {}", quoted(&value)));
    }
}

fn unsubscribe(check: &mut Check) {
    let post = check.message.field("list-unsubscribe-post");
    let Some(field) = check.message.field("list-unsubscribe") else {
        check.find(&rules::list::NO_WAY_OUT, 1, "there is no `List-Unsubscribe`");
        if let Some(post) = post {
            check.find(&rules::list::ONE_CLICK, post.line, "`List-Unsubscribe-Post` without `List-Unsubscribe`");
        }
        return;
    };
    let found = targets(check, field);
    let secure = found.iter().filter(|target| target.starts_with("https://")).count();
    if let Some(target) = found.iter().find(|target| target.starts_with("http://")) {
        check.find(&rules::list::WAY_OUT, field.line, format!("{} is not encrypted", quoted(target)));
    }
    if secure > 1 {
        check.find(&rules::list::WAY_OUT, field.line, format!("it names {secure} pages, and one is asked for"));
    }
    match post {
        None => check.find(&rules::list::NO_ONE_CLICK, field.line, "one click does not unsubscribe"),
        Some(post) if post.unfolded() != "List-Unsubscribe=One-Click" => {
            check.find(&rules::list::ONE_CLICK, post.line, format!("`List-Unsubscribe-Post` is {}", quoted(&post.unfolded())));
        }
        Some(post) if secure == 0 => {
            check.find(&rules::list::ONE_CLICK, post.line, "`List-Unsubscribe` has no https address for the click");
        }
        Some(_) => {}
    }
}

/// The addresses in angle brackets; what else stands there is told.
fn targets(check: &mut Check, field: &Field) -> Vec<String> {
    let value = field.unfolded();
    let mut out = Vec::new();
    for piece in pieces(&value, ',').map(str::trim) {
        let inner = piece.strip_prefix('<').and_then(|rest| rest.split_once('>')).map(|(inner, _)| inner.trim());
        let is_right = inner.is_some_and(|inner| match inner.split_once(':') {
            Some(("mailto", rest)) => Address::parse(rest.split('?').next().unwrap_or_default()).is_ok(),
            Some(("http" | "https", _)) => Url::parse(inner).is_ok() && !inner.contains(char::is_whitespace),
            _ => false,
        });
        match inner.filter(|_| is_right) {
            Some(inner) => out.push(inner.to_owned()),
            None => check.find(&rules::list::WAY_OUT, field.line, format!("`{}` has {}", field.name(), quoted(piece))),
        }
    }
    out
}

/// `edition:stream:sender`, which Gmail counts complaints by: four parts at most, and nothing of a reader.
fn feedback_id(check: &mut Check) {
    let Some(field) = check.message.field("feedback-id") else { return };
    let value = field.unfolded();
    let parts: Vec<&str> = value.split(':').collect();
    let sender = parts.last().copied().unwrap_or_default();
    if parts.len() > 4 || !(5..=15).contains(&sender.len()) || value.contains('@') {
        check.find(&rules::list::FEEDBACK, field.line, format!("`Feedback-ID` is {}", quoted(&value)));
    }
}
