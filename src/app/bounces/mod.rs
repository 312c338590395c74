//! The reports that come back, and the mails of readers who leave: taken from a mailbox or a pipe, kept, and followed.
//!
//! A report counts where it names a letter of this ledger: by a Message-ID, which nobody else can make up, or by the address
//! of return that names the reader. One that names only an address is kept and changes nothing.
//! A reader leaves by a mail with a token, whoever it says it is from; one without is kept, and changes nothing.

mod letters;
mod mailings;
mod server;

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::deliver::named_by;
use super::readers::Marks;
use super::{Desk, Milestone, Tell};
use crate::domain::{Address, Bounce, counted};
use crate::mail::bounce::{Report, judge};
use crate::store::{self, Judged};
pub use crate::store::{BounceEffect, Decision, HeldDomain, KeptBounce};
use letters::Letters;
pub use mailings::NoMailbox;
use mailings::{Mailbox, Mailing};
pub use server::{is_for_now, take_imap};

/// Reports that are written down together.
const TOGETHER: usize = 100;
const PAGE: u32 = 200;

/// What came of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Of those that were new, or are judged otherwise now: how many of each kind.
    pub classes: BTreeMap<Bounce, u64>,
    /// Reports that were taken before, or that are judged as before.
    pub known: u64,
    /// Readers who are suppressed now and were not before.
    pub suppressed: u64,
    /// Readers who have left a list by mail, and were still on it.
    pub left: u64,
}

impl Taken {
    fn add(&mut self, taking: store::Taking, tell: Tell<'_>) {
        for class in taking.classes {
            *self.classes.entry(class).or_default() += 1;
        }
        self.known += taking.known;
        self.suppressed += taking.suppressed;
        self.left += taking.left;
        for held in taking.held {
            tell(&Milestone::HeldDomain(held));
        }
    }

    fn count(&self) -> u64 {
        self.classes.values().sum()
    }
}

/// `3 reports: 2 hard, 1 unknown; 2 readers suppressed; 1 taken before`.
impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let classes: Vec<String> = self.classes.iter().map(|(class, count)| format!("{count} {class}")).collect();
        write!(f, "{}", counted(self.count(), "report"))?;
        if !classes.is_empty() {
            write!(f, ": {}", classes.join(", "))?;
        }
        if self.suppressed > 0 {
            write!(f, "; {} suppressed", counted(self.suppressed, "reader"))?;
        }
        if self.left > 0 {
            write!(f, "; {} left", counted(self.left, "reader"))?;
        }
        if self.known > 0 { write!(f, "; {} known before", self.known) } else { Ok(()) }
    }
}

/// Takes one report.
pub async fn take_bounce(desk: &Desk, report: impl Read, name: &str, tell: Tell<'_>) -> anyhow::Result<Taken> {
    let mut taken = Taken::default();
    let mailing = Mailing::read(report).with_context(|| format!("failed to read `{name}`"))?;
    take(desk, &[mailing], &mut taken, tell).await?;
    Ok(taken)
}

/// Takes the reports of an mbox file, and leaves the file as it is.
pub async fn take_mbox(desk: &Desk, file: &Path, tell: Tell<'_>) -> anyhow::Result<Taken> {
    let context = || format!("failed to read `{}`", file.display());
    let mut mailbox = Mailbox::new(BufReader::new(File::open(file).with_context(context)?));
    let mut taken = Taken::default();
    loop {
        let mut mailings = Vec::with_capacity(TOGETHER);
        while mailings.len() < TOGETHER
            && let Some(mailing) = mailbox.next().with_context(context)?
        {
            mailings.push(mailing);
        }
        if mailings.is_empty() {
            return Ok(taken);
        }
        take(desk, &mailings, &mut taken, tell).await?;
    }
}

/// Takes the new reports of a Maildir. Each moves from `new/` to `cur/` once the ledger has it, and never before.
///
/// A file that cannot be read stays, and its error goes to `failed`.
pub async fn take_maildir(desk: &Desk, maildir: &Path, failed: &mut Vec<anyhow::Error>, tell: Tell<'_>) -> anyhow::Result<Taken> {
    let files = new_mail(maildir)?;
    let mut taken = Taken::default();
    for files in files.chunks(TOGETHER) {
        let (mut mailings, mut read) = (Vec::new(), Vec::new());
        for file in files {
            let mailing = File::open(file).and_then(Mailing::read);
            match mailing.with_context(|| format!("failed to read `{}`", file.display())) {
                Ok(mailing) => {
                    mailings.push(mailing);
                    read.push(file);
                }
                Err(error) => failed.push(error),
            }
        }
        take(desk, &mailings, &mut taken, tell).await?;
        for file in read {
            if let Err(error) = set_aside(maildir, file) {
                failed.push(error);
            }
        }
    }
    Ok(taken)
}

/// Takes the reports of the Maildir that the config names.
pub(super) async fn drain(desk: &Desk, failed: &mut Vec<anyhow::Error>, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(maildir) = &desk.settings.bounces else { return Ok(()) };
    let taken = take_maildir(desk, maildir, failed, tell).await?;
    say(taken, tell);
    Ok(())
}

/// Takes the reports of the mailbox on a server that the config names. What was taken before it failed is told, too.
pub(super) async fn drain_imap(desk: &Desk, failed: &mut Vec<anyhow::Error>, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(settings) = &desk.settings.bounces_imap else { return Ok(()) };
    let mut taken = Taken::default();
    let drained = server::take(desk, settings, &mut taken, failed, tell).await;
    say(taken, tell);
    drained
}

fn say(taken: Taken, tell: Tell<'_>) {
    if taken != Taken::default() {
        tell(&Milestone::Bounces(taken));
    }
}

/// Judges all reports that are kept anew, as after griot has learned new forms, and follows what has changed.
pub async fn replay_bounces(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<Taken> {
    let mut letters = Letters::of(desk).await?;
    let mut taken = Taken::default();
    let mut after = String::new();
    loop {
        let page = desk.ledger.raw_bounces(&after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(taken) };
        last.clone_into(&mut after);
        let judged = judged(&mut letters, page).await?;
        let taking = desk.ledger.rejudge_bounces(&judged, desk.now()).await?;
        taken.add(taking, tell);
    }
}

/// Hands out the reports that are kept, in the order in which they came: a page in memory at a time.
pub async fn bounces(desk: &Desk, mut each: impl FnMut(&KeptBounce)) -> anyhow::Result<()> {
    let mut last: Option<KeptBounce> = None;
    loop {
        let after = last.as_ref().map(|last| (last.taken, last.hash.as_str()));
        let page = desk.ledger.bounces(after, PAGE).await?;
        page.iter().for_each(&mut each);
        match page.into_iter().next_back() {
            Some(end) => last = Some(end),
            None => return Ok(()),
        }
    }
}

/// The domains that wait for a decision.
pub async fn held_domains(desk: &Desk) -> anyhow::Result<Vec<HeldDomain>> {
    Ok(desk.ledger.held_domains().await?)
}

/// Decides about the readers of a domain that is held; gives how many. None where it is not held.
pub async fn decide_domain(desk: &Desk, domain: &str, decision: Decision) -> anyhow::Result<Option<u64>> {
    Ok(desk.ledger.decide_domain(&domain.to_ascii_lowercase(), decision, desk.now()).await?)
}

async fn take(desk: &Desk, mailings: &[Mailing], taken: &mut Taken, tell: Tell<'_>) -> anyhow::Result<()> {
    if mailings.is_empty() {
        return Ok(());
    }
    let mut letters = Letters::of(desk).await?;
    let reports = mailings.iter().map(|mailing| (mailing.hash.clone(), mailing.head.clone())).collect();
    let mut judged = judged(&mut letters, reports).await?;
    forget_erased(desk, &mut judged).await?;
    taken.add(desk.ledger.take_bounces(&judged, desk.now()).await?, tell);
    Ok(())
}

/// Keeps nothing of reports that name somebody who was erased, but that they came.
async fn forget_erased(desk: &Desk, judged: &mut [Judged]) -> anyhow::Result<()> {
    let Some(marks) = Marks::of(desk).await? else { return Ok(()) };
    let erased: HashSet<String> = desk.ledger.erased().await?.into_iter().map(|(hash, _)| hash).collect();
    for report in judged {
        if addresses_in(&report.raw).iter().any(|address| erased.contains(&marks.hash(address))) {
            "about a reader who was erased".clone_into(&mut report.words);
            report.raw.clear();
        }
    }
    Ok(())
}

/// Whatever could be an address in a message, wherever it stands; also as an address of return names one.
fn addresses_in(raw: &[u8]) -> Vec<Address> {
    let text = String::from_utf8_lossy(raw);
    let words = text.split(|c: char| c.is_whitespace() || "<>()[],;:\"".contains(c)).filter(|word| word.contains('@'));
    words
        .flat_map(|word| {
            let named = word.split_once('+').and_then(|(_, rest)| Some(rest.rsplit_once('@')?.0)).and_then(named_by);
            [Address::parse(word.trim_matches(['.', '\''])).ok(), named]
        })
        .flatten()
        .collect()
}

/// What reports come to, each with its hash and its beginning.
async fn judged(letters: &mut Letters<'_>, reports: Vec<(String, Vec<u8>)>) -> anyhow::Result<Vec<Judged>> {
    let read: Vec<Report> = reports.iter().map(|(_, raw)| judge(raw)).collect();
    let found = letters.find(&read).await?;
    let mut out = Vec::with_capacity(reports.len());
    for (((hash, raw), report), letter) in reports.into_iter().zip(read).zip(found) {
        let judged = Judged { hash, class: Bounce::Unknown, status: None, words: String::new(), letter: None, leaver: None, raw };
        out.push(if let Some(leaver) = letters.leaver(&report).await? {
            // First of all: who leaves may write below the letter.
            Judged { class: Bounce::Leaving, words: first_words(&report), leaver: Some(leaver), ..judged }
        } else if let Some(letter) = letter {
            let verdict = report.of(&letter.reader);
            let status = verdict.status.map(|[class, subject, detail]| format!("{class}.{subject}.{detail}"));
            Judged { class: verdict.bounce, status, words: verdict.words, letter: Some(letter), ..judged }
        } else {
            // Kept for a person to look at, with what it claims.
            Judged { words: claim(&report), ..judged }
        });
    }
    Ok(out)
}

fn first_words(report: &Report) -> String {
    report.verdicts.first().map(|verdict| verdict.words.clone()).unwrap_or_default()
}

/// What a mail says that proves nothing.
fn claim(report: &Report) -> String {
    let words = first_words(report);
    match (&report.wish, report.verdicts.first().map(|verdict| verdict.bounce)) {
        (Some(wish), _) if wish.asks => {
            // Anybody can write any name there: the desk is to look at it.
            let from = wish.from.as_ref().map_or_else(|| "nobody".to_owned(), Address::reveal);
            format!("asks to leave without a token that is known, from {from}: {words}")
        }
        (_, Some(bounce)) if bounce != Bounce::Unknown => format!("says {bounce}, of no letter from here: {words}"),
        _ => words,
    }
}

/// The files of `new/`, by name, which in a Maildir begins with the time. Links are left alone, and so is what is hidden.
fn new_mail(maildir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let context = || format!("failed to look into the Maildir `{}`", maildir.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(maildir.join("new")).with_context(context)? {
        let entry = entry.with_context(context)?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && entry.file_type().with_context(context)?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Moves a file to `cur/` as one that was seen, as programs that read a Maildir do.
fn set_aside(maildir: &Path, file: &Path) -> anyhow::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    if !name.as_encoded_bytes().contains(&b':') {
        name.push(":2,S");
    }
    let folder = maildir.join("cur");
    let there = folder.join(name);
    fs::create_dir_all(&folder)
        .and_then(|()| fs::rename(file, &there))
        .with_context(|| format!("failed to move `{}` to `{}`; the ledger has it already", file.display(), there.display()))
}
