//! The suite: griot as a desk uses it, from outside, with whole outputs. How to add a case: `README.md` beside this file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

/// The publication on disk, the clock and the binary that every case works with.
mod harness;
/// Servers over real TCP.
mod servers;

/// What breaks feeds elsewhere, handed in from outside.
mod bad_input;
/// Reports of undelivered mail: who is believed, what follows, what the desk decides.
mod bounces;
/// Checking feeds by their rules, and comparing them.
mod check;
/// Arguments, help and exit codes.
mod cli;
/// The config file: what is refused, and how it is said.
mod config;
/// Mail: the test mail, the list, the ledger, what the server may do to it.
mod deliver;
mod distribution;
/// Editions: digests, what they are called, light letters, pictures inside, the feed of the letters.
mod editions;
/// Every bad input gets a clear error, and nothing half-written.
mod encodings;
mod errors;
/// What a mail server, a disk or a kill may do to a sending: nobody twice, nobody missing.
mod faults;
/// Sections, authors, the archive, the lists, and what feeds tell readers.
mod feeds;
/// A ledger that is a copy, or was restored from a backup, mails nobody twice.
mod fence;
/// A small publication with all of its feeds, byte for byte.
mod golden;
/// Whole letters, byte for byte.
mod golden_letters;
/// What stands above a letter, whatever a desk and its pages put into it.
mod heads;
/// Any input gives a draft or a clear error: nasty pages out of pieces, and the hostile shapes in full size.
mod hostile;
/// Rooms, imports, words: rules that a reviewer should not have to remember.
mod house;
/// Readers who leave without `griot serve`: by mail, and by a command behind a web page.
mod leaving;
/// Checking letters: own ones are good, any file is told of.
mod letter_check;
/// The letter's look: themes, words, templates, pictures that nobody has described.
mod look;
/// Reports that lie on a server: what is new, once, whatever the server does.
mod mailbox;
/// Episodes as articles: what they say, whose they are, what becomes of them.
mod notes;
mod notices;
/// What a desk can know of its readers: counted right, in lines, JSON and a page.
mod numbers;
/// What the desk asks before and after a sending: the plan, the audit, the ways out of doubt.
mod operator;
/// Pages for browsers: what the feeds say, escaped, and never before them.
mod pages;
/// A podcast that is taken over from another tool.
mod podcast_import;
/// The preview, by plain HTTP: what it answers, to whom, and that it keeps its hands off.
mod preview;
/// Publishing: ids, feeds, letters, and that a second run changes nothing.
mod publish;
/// What is understood of pages.
mod read;
/// Lists, consent, import.
mod readers;
/// The pages of readers, by plain HTTP: subscribe, confirm, leave, choose; who is kept from what.
mod readers_web;
/// The commands of README.md and `docs/`, run as they stand there.
mod readme;
/// The cron tick: inbox, plans, lock, silence.
mod schedule;
/// How a sending goes: limits, lanes, several servers and senders, an end in order.
mod sending;
/// The server: files, paths, limits, its end.
mod serve;
/// Pages written to keep a reader busy.
mod shapes;
/// Shows that are published: feeds, ids, sounds, what is wrong with them.
mod shows;
/// Keys, and the letters that are signed with them.
mod signing;
/// What every draft keeps, whatever the page.
mod sound;
/// Feeds and pages as sources: new items, ids, pages, what fails, what is not asked twice; the episodes of shows.
mod sources;
