//! The witnesses: what griot makes is handed to the programs that readers have, and they say what they got.
//!
//! `cargo test` runs them with all else. A program that this machine lacks is no failure there, but is said in a line of
//! its own; with `GRIOT_WITNESSES=required`, as in `.ci/run`, it is one. A name given as an argument chooses witnesses.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(clippy::print_stdout, reason = "this file stands where the test harness stands")]

/// Chromium: the letter and the pages on the screen of a telephone.
mod browser;
/// busybox httpd: the page by which readers leave, where no griot runs.
mod cgi;
/// A name server for those who look up keys.
mod dns;
/// axe-core in Chromium and html-validate: the pages of readers, each as it is answered.
mod doors;
/// Dovecot: the mailbox that reports come back to.
mod dovecot;
/// xmllint, feedparser, newsboat, feedsmith, rss-parser and feed-rs: the feeds.
mod feeds;
/// The publication on disk, the clock and the binary, as in the suite.
#[path = "../suite/harness.rs"]
#[allow(dead_code, reason = "the suite needs more of it")]
mod harness;
/// dkimpy, `SpamAssassin` and rspamd: whether a letter is signed, and what a mail server thinks of it.
mod judges;
/// axe-core in Chromium and html-validate: whole letters, on screens of three widths, by day and by night.
mod letters;
/// Chromium and Postfix: a reader's whole life, from the form to the last click.
mod life;
/// Python's mail library: what a message is made of.
mod message;
/// axe-core in Chromium and html-validate: a desk's page of numbers.
mod numbers;
/// The publication that all witnesses look at.
mod pages;
/// podcastparser, podcast-partytime and ffprobe: podcast feeds, and the sounds that they name.
mod podcast;
/// Postfix: a mail server as it runs everywhere.
mod postfix;
/// Chromium: the preview of a letter while its page is being written.
mod preview;
/// Programs of this machine, and what to say where one is missing.
mod programs;
/// smtp-sink: many readers, and a server with faults.
mod sink;
/// A publication that is served, as in the suite.
#[path = "../suite/readers_web/site.rs"]
#[allow(dead_code, reason = "the suite needs more of it")]
mod site;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use programs::Missing;

/// Looks at what griot makes. It panics where it disagrees, and says what is missing where it cannot look.
type Witness = fn() -> Result<(), Missing>;

/// Who can be asked, by name.
const WITNESSES: &[(&str, Witness)] = &[
    ("xmllint", feeds::xmllint),
    ("feedparser", feeds::feedparser),
    ("newsboat", feeds::newsboat),
    ("xmllint-all", feeds::xmllint_golden),
    ("feedsmith", feeds::feedsmith),
    ("rss-parser", feeds::rss_parser),
    ("feed-rs", feeds::feed_rs),
    ("podcastparser", podcast::podcastparser),
    ("podcast-partytime", podcast::partytime),
    ("ffprobe", podcast::ffprobe),
    ("python-email", message::python_email),
    ("python-email-pictures", judges::python_email_with_pictures),
    ("dkimpy", judges::dkimpy),
    ("spamassassin", judges::spamassassin),
    ("rspamd", judges::rspamd),
    ("postfix", postfix::each_reader_gets_one),
    ("postfix-signed", postfix::a_signature_still_holds),
    ("postfix-log", postfix::its_log_settles_a_doubt),
    ("chromium-postfix", life::from_the_form_to_the_last_click),
    ("busybox-httpd", cgi::a_reader_leaves_by_a_script),
    ("dovecot", dovecot::reports_are_fetched),
    ("smtp-sink", sink::two_hundred_readers),
    ("smtp-sink-soft", sink::refused_for_now),
    ("smtp-sink-hard", sink::refused_for_good),
    ("smtp-sink-lost", sink::cut_off),
    ("chromium", browser::on_a_telephone),
    ("chromium-pages", browser::pages_on_a_telephone),
    ("axe-core", letters::on_screens),
    ("axe-core-numbers", numbers::on_screens),
    ("html-validate", letters::markup),
    ("axe-core-readers", doors::on_screens),
    ("html-validate-readers", doors::markup),
    ("chromium-preview", preview::in_a_browser),
];

fn main() -> ExitCode {
    let asked = Asked::of(std::env::args().skip(1));
    let chosen = WITNESSES.iter().filter(|(name, _)| asked.wants(name));
    if asked.list {
        chosen.for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    let required = std::env::var("GRIOT_WITNESSES").is_ok_and(|word| word == "required");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, witness) in chosen {
        match catch_unwind(AssertUnwindSafe(witness)) {
            Ok(Ok(())) => {
                passed += 1;
                println!("witness {name} ... ok");
            }
            Ok(Err(missing)) if required => {
                failed += 1;
                println!("witness {name} ... FAILED: {missing}, and GRIOT_WITNESSES=required");
            }
            Ok(Err(missing)) => {
                skipped += 1;
                println!("witness {name} ... SKIPPED: {missing}");
            }
            // The panic has said on stderr what was wrong.
            Err(_) => {
                failed += 1;
                println!("witness {name} ... FAILED");
            }
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The arguments, as far as a witness can follow them: `cargo test` hands the same ones to every test program.
#[derive(Default)]
struct Asked {
    names: Vec<String>,
    without: Vec<String>,
    exact: bool,
    list: bool,
    /// Only tests marked as ignored were asked for; no witness is.
    ignored: bool,
}

impl Asked {
    fn of(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => asked.exact = true,
                "--list" => asked.list = true,
                "--ignored" => asked.ignored = true,
                "--skip" => asked.without.extend(arguments.next()),
                // They are followed by a value that is no name.
                "--test-threads" | "--format" | "--color" | "--logfile" | "--shuffle-seed" | "-Z" => {
                    arguments.next();
                }
                flag if flag.starts_with('-') => {}
                name => asked.names.push(name.to_owned()),
            }
        }
        asked
    }

    fn wants(&self, witness: &str) -> bool {
        let meant = |name: &String| if self.exact { witness == name } else { witness.contains(name.as_str()) };
        !self.ignored && (self.names.is_empty() || self.names.iter().any(meant)) && !self.without.iter().any(meant)
    }
}
