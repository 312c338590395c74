//! Checking letters: a file of anybody's, or an edition as it would be mailed.

mod file;
mod twins;

use anyhow::Context;

use super::{Desk, deliver, edition};
use crate::domain::{Finding, Findings, Rule, Severity};
use crate::mail::{self, opened::Part};
use crate::read::letter::{self, Letter, Reader};

pub use file::{LetterFile, check_letter_file};

/// What came of the check of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterChecked {
    /// Bytes of the whole: of the message, or of the parts where there is none.
    pub bytes: usize,
    /// Bytes of the HTML part as it is mailed, which is what Gmail clips by.
    pub html_bytes: Option<usize>,
    /// In the order of the letter: message, HTML, text.
    pub findings: Vec<Finding>,
    /// Rules that are broken at more places than are listed, and at how many more.
    pub more: Vec<(&'static Rule, usize)>,
}

impl LetterChecked {
    /// At how many places rules of a severity are broken.
    pub fn count(&self, severity: Severity) -> usize {
        let listed = self.findings.iter().filter(|finding| finding.rule.severity == severity).count();
        let more = self.more.iter().filter(|(rule, _)| rule.severity == severity).map(|(_, count)| count);
        listed + more.sum::<usize>()
    }

    /// Leaves out what is not about these rules; with none named, nothing.
    pub fn keep(&mut self, ids: &[String]) {
        let is_kept = |rule: &Rule| ids.is_empty() || ids.iter().any(|id| id == rule.id);
        self.findings.retain(|finding| is_kept(finding.rule));
        self.more.retain(|(rule, _)| is_kept(rule));
    }
}

/// Every rule that letters are held to, family by family.
pub fn letter_rules() -> impl Iterator<Item = &'static Rule> {
    letter::rules().chain(mail::check::rules()).chain([&twins::DIFFERS])
}

/// Checks an edition, or the latest, as it would be mailed: for two readers who do not exist, and who are to get the same.
pub async fn check_edition(desk: &Desk, id: Option<&str>) -> anyhow::Result<LetterChecked> {
    let edition = edition::for_list(desk, id, None).await?;
    let specimens = deliver::specimens(desk, &edition).await?;
    let (_, message) = specimens.first().context("there is no letter to check")?;
    let mut findings = Findings::default();
    let html_bytes = message_into(message, &mut findings);
    if let [(_, one), (_, other)] = specimens.as_slice() {
        twins::compare(one, other, &mut findings);
    }
    Ok(finished(findings, message.len(), html_bytes))
}

/// Checks a message.
pub fn check_letter(message: &[u8]) -> LetterChecked {
    let mut findings = Findings::default();
    let html_bytes = message_into(message, &mut findings);
    finished(findings, message.len(), html_bytes)
}

fn finished(findings: Findings, bytes: usize, html_bytes: Option<usize>) -> LetterChecked {
    let (findings, more) = findings.finish();
    LetterChecked { bytes, html_bytes, findings, more }
}

/// Checks a message, and says how many bytes its HTML part has in it.
fn message_into(message: &[u8], findings: &mut Findings) -> Option<usize> {
    let opened = Part::open(message);
    mail::check::check(message, &opened, findings);
    let (html, text) = (opened.first("text/html"), opened.first("text/plain"));
    let (html_text, text_text) = (html.map(|part| part.text().0), text.map(|part| part.text().0));
    let subject = opened.value("subject");
    let reader = reader(&opened);
    let attached: Vec<String> = opened.parts().iter().filter_map(|part| part.value("content-id")).map(|id| bare(&id)).collect();
    let ways_out = ways_out(&opened);
    let encoded = html.map(|part| part.raw.len());
    let parts = Letter {
        html: html_text.as_deref(),
        text: text_text.as_deref(),
        is_whole: true,
        subject: subject.as_deref(),
        reader: reader.as_ref(),
        ways_out: &ways_out,
        attached: Some(&attached),
        encoded,
    };
    letter::check(&parts, findings);
    encoded
}

/// Whom a message is addressed to; nobody where that is the desk itself, as in the copy beside the feeds.
fn reader(message: &Part) -> Option<Reader> {
    let to = message.value("to")?;
    let (name, address) = match to.rsplit_once('<') {
        Some((name, rest)) => (Some(name.trim().trim_matches('"').to_owned()), rest.trim_end_matches('>').trim().to_owned()),
        None => (None, to.trim().to_owned()),
    };
    let from = message.value("from").unwrap_or_default().to_lowercase();
    let is_own = address.is_empty() || from.contains(&address.to_lowercase());
    (!is_own && address.contains('@')).then(|| Reader { name: name.filter(|name| !name.is_empty()), address })
}

/// The addresses in `List-Unsubscribe` (RFC 2369, section 3.2).
fn ways_out(message: &Part) -> Vec<String> {
    let field = message.value("list-unsubscribe").unwrap_or_default();
    field.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(url, _)| url.trim().to_owned()).collect()
}

fn bare(id: &str) -> String {
    id.trim().trim_matches(['<', '>']).to_owned()
}
