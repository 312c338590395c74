use jiff::Timestamp;

use super::*;
use crate::app::World;
use crate::domain::SubscriptionState;
use crate::store::Details;

/// A desk with a ledger in memory, at an instant.
async fn desk(now: &str) -> Desk {
    let file = std::path::Path::new("config/griot.toml");
    let settings = crate::config::check(file, CONFIG).unwrap();
    let world = World { now: now.parse().unwrap(), since: None, chance: || Ok([7; 32]), variable: |_| None };
    Desk { settings: settings.into(), ledger: crate::store::Ledger::memory().await.unwrap(), world }
}

const CONFIG: &str = r#"
[publication]
title = "The Delta Post"
description = "News from the river"
home = "https://delta.example/"
feeds = "https://delta.example/feeds/"
language = "en"
timezone = "UTC"
owner = "The Delta Post <desk@delta.example>"
postal_address = "The Delta Post, Quay 4"
[letter]
from = "letter@delta.example"
unsubscribe = "https://delta.example/leave"
"#;

const MORNING: &str = "2026-03-04T08:00:00Z";

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

async fn asks(desk: &Desk, reader: &str) -> Asked {
    ask(desk, &["readers"], &address(reader), Language::parse("fr").as_ref(), "The letter of the Post").await.unwrap()
}

/// How many mails wait; those that are due go into nobody's hand.
async fn waiting(desk: &Desk) -> usize {
    desk.ledger.take_outbox(desk.now(), desk.now(), 9).await.unwrap().len()
}

async fn row(desk: &Desk, reader: &str) -> Subscription {
    desk.ledger.subscription_of("readers", reader).await.unwrap().unwrap()
}

fn later(desk: &mut Desk, minutes: i64) -> Timestamp {
    desk.world.now += SignedDuration::from_mins(minutes);
    desk.world.now
}

#[tokio::test]
async fn who_asks_and_confirms_is_a_reader_until_the_reader_leaves() {
    let mut desk = desk(MORNING).await;
    let readership = Readership::of(&desk).await.unwrap();
    assert_eq!(asks(&desk, "Ada@reader.example").await, Asked::Noted);
    let pending = row(&desk, "ada@reader.example").await;
    assert_eq!((pending.state, pending.language.as_ref().map(Language::as_str)), (SubscriptionState::Pending, Some("fr")));
    assert_eq!(waiting(&desk).await, 1);

    let token = readership.confirming_token_of(&pending);
    assert_eq!(readership.look(&desk, &token).await.unwrap(), None, "it is not for leaving");
    later(&mut desk, 5);
    let confirm = async |desk: &Desk, token: &str| readership.confirm(desk, token).await.unwrap().map(|(_, came)| came);
    assert_eq!(confirm(&desk, &token).await, Some(Confirming::Confirmed));
    assert_eq!(confirm(&desk, &token).await, Some(Confirming::Known));
    assert_eq!(waiting(&desk).await, 0);
    assert_eq!(row(&desk, "ada@reader.example").await.state, SubscriptionState::Confirmed);

    let leave = readership.token_of(&pending);
    assert!(matches!(readership.leave(&desk, &leave, Way::OneClick).await.unwrap(), Left::Now(_)));
    assert!(matches!(readership.leave(&desk, &leave, Way::Page).await.unwrap(), Left::Before(_)));
    assert_eq!(confirm(&desk, &token).await, Some(Confirming::Expired), "an old confirmation brings nobody back");
    assert_eq!(readership.leave(&desk, "a".repeat(39).as_str(), Way::Page).await.unwrap(), Left::Unknown);
    assert_eq!(readership.leave(&desk, "", Way::Page).await.unwrap(), Left::Unknown);
}

#[tokio::test]
async fn asking_again_un_confirms_nobody_and_brings_nobody_back_by_itself() {
    let mut desk = desk(MORNING).await;
    let readership = Readership::of(&desk).await.unwrap();
    asks(&desk, "ada@reader.example").await;
    let ada = row(&desk, "ada@reader.example").await;
    readership.confirm(&desk, &readership.confirming_token_of(&ada)).await.unwrap();
    later(&mut desk, 60);
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
    let again = row(&desk, "ada@reader.example").await;
    assert_eq!((again.state, again.asked), (SubscriptionState::Confirmed, None));

    readership.leave(&desk, &readership.token_of(&ada), Way::Page).await.unwrap();
    later(&mut desk, 60);
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
    assert_eq!(row(&desk, "ada@reader.example").await.state, SubscriptionState::Left, "not before it is confirmed");
    // Not by the mail either, if the reader leaves a second time.
    readership.leave(&desk, &readership.token_of(&ada), Way::Page).await.unwrap();
    let came = readership.confirm(&desk, &readership.confirming_token_of(&ada)).await.unwrap().unwrap().1;
    assert_eq!(came, Confirming::Expired);
    later(&mut desk, 24 * 60);
    asks(&desk, "ada@reader.example").await;
    let came = readership.confirm(&desk, &readership.confirming_token_of(&ada)).await.unwrap().unwrap().1;
    assert_eq!(came, Confirming::Confirmed);
}

#[tokio::test]
async fn a_confirmation_can_come_too_late_and_is_forgotten_then() {
    let mut desk = desk(MORNING).await;
    let readership = Readership::of(&desk).await.unwrap();
    asks(&desk, "ada@reader.example").await;
    let token = readership.confirming_token_of(&row(&desk, "ada@reader.example").await);
    later(&mut desk, 14 * 24 * 60 + 1);
    assert_eq!(readership.confirm(&desk, &token).await.unwrap().unwrap().1, Confirming::Expired);
    assert_eq!(desk.ledger.forget_unconfirmed(desk.now()).await.unwrap(), 1);
    assert_eq!(readership.confirm(&desk, &token).await.unwrap(), None, "as one who never was");
    assert_eq!(waiting(&desk).await, 0);
}

#[tokio::test]
async fn nobody_s_mailbox_is_filled_by_others() {
    let mut desk = desk(MORNING).await;
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
    assert_eq!(asks(&desk, "ADA@reader.example").await, Asked::Passed, "at once again");
    for _ in 0..2 {
        later(&mut desk, 11);
        assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
    }
    later(&mut desk, 11);
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Passed, "for a day");
    later(&mut desk, 24 * 60);
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
}

#[tokio::test]
async fn several_lists_are_one_mail_and_one_answer() {
    let mut desk = desk(MORNING).await;
    let readership = Readership::of(&desk).await.unwrap();
    let ada = address("ada@reader.example");
    desk.ledger.add_reader("hausa", &confirmed("ada@reader.example"), &Details::default(), true).await.unwrap();
    // One that waits since another day stays as it is.
    ask(&desk, &["monthly"], &ada, None, "x").await.unwrap();
    later(&mut desk, 24 * 60);
    assert_eq!(ask(&desk, &["hausa", "readers", "weekly"], &ada, None, "x").await.unwrap(), Asked::Noted);
    let waiting = desk.ledger.take_outbox(desk.now(), desk.now(), 9).await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.subscription.list.as_str()).collect::<Vec<_>>(), ["monthly", "readers"]);
    let together = desk.ledger.asked_together(waiting[1].subscription.id).await.unwrap();
    assert_eq!(together.iter().map(|one| one.list.as_str()).collect::<Vec<_>>(), ["readers", "weekly"]);
    let token = readership.confirming_token_of(&waiting[1].subscription);
    assert_eq!(readership.confirm(&desk, &token).await.unwrap().unwrap().1, Confirming::Confirmed);
    assert_eq!(readership.confirm(&desk, &token).await.unwrap().unwrap().1, Confirming::Known);
    let (_, all) = readership.all_of(&desk, &readership.token_of(&waiting[0].subscription)).await.unwrap().unwrap();
    let pending = all.iter().filter(|one| one.state != SubscriptionState::Confirmed);
    assert_eq!(pending.map(|one| one.list.as_str()).collect::<Vec<_>>(), ["monthly"]);
}

#[tokio::test]
async fn one_reader_s_page_shows_all_lists_and_leaves_them_together() {
    let desk = desk(MORNING).await;
    let readership = Readership::of(&desk).await.unwrap();
    for list in ["readers", "hausa", "weekly"] {
        let ada = address("ada@reader.example");
        ask(&desk, &[list], &ada, None, "x").await.unwrap();
        desk.ledger.add_reader(list, &confirmed("ada@reader.example"), &Details::default(), true).await.unwrap();
    }
    desk.ledger.add_reader("other", &confirmed("ben@reader.example"), &Details::default(), true).await.unwrap();
    let ada = row(&desk, "ada@reader.example").await;
    let token = readership.token_of(&ada);
    let (id, all) = readership.all_of(&desk, &token).await.unwrap().unwrap();
    assert_eq!(id, ada.id);
    assert_eq!(all.iter().map(|one| one.list.as_str()).collect::<Vec<_>>(), ["hausa", "readers", "weekly"]);
    assert_eq!(readership.leave_beside(&desk, &token, &["hausa", "weekly", "other"]).await.unwrap(), 2);
    assert!(readership.speak(&desk, &token, &Language::parse("ha").unwrap()).await.unwrap());
    assert_eq!(row(&desk, "ada@reader.example").await.language.unwrap().as_str(), "ha");
    let ben = desk.ledger.subscription_of("other", "ben@reader.example").await.unwrap().unwrap();
    assert_eq!(ben.state, SubscriptionState::Confirmed);
}

fn confirmed(reader: &str) -> crate::domain::Subscriber {
    crate::domain::Subscriber::Confirmed(crate::domain::Confirmed {
        address: address(reader),
        name: None,
        since: Timestamp::UNIX_EPOCH,
        consent: Line::new("asked at the desk").unwrap(),
    })
}

#[tokio::test]
async fn nobody_who_was_erased_is_written_to_for_the_asking() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = desk(MORNING).await;
    let mut settings = crate::config::check(std::path::Path::new("config/griot.toml"), CONFIG).unwrap();
    settings.erased = folder.path().join("griot.erased");
    desk.settings = settings.into();
    assert_eq!(asks(&desk, "ada@reader.example").await, Asked::Noted);
    let readership = Readership::of(&desk).await.unwrap();
    let token = readership.confirming_token_of(&row(&desk, "ada@reader.example").await);
    let erased = crate::app::erase_reader(&desk, &address("ada@reader.example")).await.unwrap();
    assert_eq!((erased.counts.subscriptions, erased.counts.receipts), (1, 1));
    later(&mut desk, 60 * 24 * 30);
    assert_eq!(asks(&desk, "Ada@Reader.example").await, Asked::Passed);
    assert!(!desk.ledger.has_outbox(desk.now()).await.unwrap());
    assert!(readership.confirm(&desk, &token).await.unwrap().is_none(), "its tokens mean nothing");
    assert_eq!(asks(&desk, "ben@reader.example").await, Asked::Noted, "everybody else is heard");
}
