use jiff::SignedDuration;

use super::*;
use crate::domain::{Address, ArticleId, Confirmed, Edition, Language, Line, Newsletter, Reply, Subscriber, Variant};
use crate::store::{Details, FrozenLetter, KeptEdition};

const AT: Timestamp = Timestamp::UNIX_EPOCH;
const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// A sending to three readers.
async fn sending() -> (Ledger, SendingId) {
    let ledger = Ledger::memory().await.unwrap();
    let line = |text: &str| Line::new(text).unwrap();
    for name in ["ada", "ba", "cy"] {
        let address = Address::parse(&format!("{name}@one.example")).unwrap();
        let reader = Subscriber::Confirmed(Confirmed { address, name: None, since: AT, consent: line("asked") });
        ledger.add_reader("readers", &reader, &Details::default(), false).await.unwrap();
    }
    let edition = Edition {
        id: ArticleId::parse("2026-03-04-a-river").unwrap(),
        subject: line("A river"),
        preheader: None,
        articles: Vec::new(),
    };
    let letter = Newsletter { subject: line("A river"), html: String::new(), text: String::new(), pictures: Vec::new() };
    let id = SendingId { edition: edition.id.clone(), list: "readers".to_owned() };
    let kept = KeptEdition {
        edition,
        language: Language::parse("en").unwrap(),
        own_subject: None,
        plan: None,
        list: None,
        number: 1,
        composed: AT,
        is_frozen: false,
    };
    let letters = [FrozenLetter { variant: Variant::Full, letter: &letter, attached: false }];
    ledger.freeze(&id, &kept, &letters, AT).await.unwrap();
    (ledger, id)
}

fn hand(sending: &SendingId, sender: &str) -> Hand {
    Hand { sending: sending.clone(), sender: sender.to_owned() }
}

fn in_flight(claim: &Claim) -> Entry {
    Entry::InFlight { recipient: claim.recipient.address().key() }
}

#[tokio::test]
async fn a_reader_is_in_one_hand_at_a_time() {
    let (ledger, id) = sending().await;
    let (one, two) = (hand(&id, "one"), hand(&id, "two"));
    let first = ledger.claim(&one, "", AT, AT + LEASE, 2).await.unwrap();
    let second = ledger.claim(&two, "", AT, AT + LEASE, 9).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    // What is in another's hand cannot be taken further.
    assert_eq!(ledger.pen().await.unwrap().record(&two, &[in_flight(&first[0])], AT).await.unwrap(), [Cleared::Taken]);
    assert_eq!(ledger.pen().await.unwrap().record(&one, &[in_flight(&first[0])], AT).await.unwrap(), [Cleared::Go]);
}

#[tokio::test]
async fn who_holds_a_claim_for_too_long_loses_it_and_what_is_in_flight_stays() {
    let (ledger, id) = sending().await;
    let (slow, other) = (hand(&id, "slow"), hand(&id, "other"));
    let claims = ledger.claim(&slow, "", AT, AT + LEASE, 2).await.unwrap();
    ledger.pen().await.unwrap().record(&slow, &[in_flight(&claims[0])], AT).await.unwrap();
    assert_eq!(ledger.reclaim(&id, AT + LEASE).await.unwrap(), 0, "the lease has not ended");
    let late = AT + LEASE + SignedDuration::from_secs(1);
    assert_eq!(ledger.reclaim(&id, late).await.unwrap(), 1);
    let taken = ledger.claim(&other, "", late, late + LEASE, 9).await.unwrap();
    assert_eq!(taken.len(), 2, "the one that nobody had, and the one that was held for too long");
    assert!(taken.iter().all(|claim| claim.tries == 1), "a claim that was not begun with is no try");
    assert_eq!(ledger.pen().await.unwrap().record(&slow, &[in_flight(&claims[1])], late).await.unwrap(), [Cleared::Taken]);
}

#[tokio::test]
async fn who_seemed_dead_and_was_not_knows_better_what_became_of_a_letter() {
    let (ledger, id) = sending().await;
    let one = hand(&id, "one");
    let claims = ledger.claim(&one, "", AT, AT + LEASE, 1).await.unwrap();
    ledger.pen().await.unwrap().record(&one, &[in_flight(&claims[0])], AT).await.unwrap();
    assert_eq!(ledger.in_hand(&id).await.unwrap(), ["one"]);
    assert_eq!(ledger.recover(&id, "one", AT).await.unwrap(), 1);
    assert!(ledger.in_hand(&id).await.unwrap().is_empty());
    assert_eq!(ledger.balance(&id).await.unwrap().count(DeliveryState::Uncertain), 1);
    let outcome = Outcome::Sent { reply: Reply::new(250, "2.0.0 ok") };
    let settled = Entry::Settled { recipient: claims[0].recipient.address().key(), outcome, next: AT };
    ledger.pen().await.unwrap().record(&one, &[settled], AT).await.unwrap();
    let balance = ledger.balance(&id).await.unwrap();
    assert_eq!((balance.count(DeliveryState::Sent), balance.count(DeliveryState::Uncertain)), (1, 0));
    assert!(balance.is_even());
}

#[tokio::test]
async fn who_is_done_is_looked_for_no_more() {
    let (ledger, id) = sending().await;
    let (one, two) = (hand(&id, "one"), hand(&id, "two"));
    ledger.claim(&one, "", AT, AT + LEASE, 1).await.unwrap();
    ledger.claim(&two, "", AT, AT + LEASE, 1).await.unwrap();
    assert_eq!(ledger.in_hand(&id).await.unwrap(), ["one", "two"]);
    ledger.let_go(&one).await.unwrap();
    assert_eq!(ledger.in_hand(&id).await.unwrap(), ["two"]);
    assert_eq!(ledger.waiting_sendings(AT).await.unwrap(), [id], "somebody is at it");
}

#[tokio::test]
async fn what_is_written_down_together_is_told_apart() {
    let (ledger, id) = sending().await;
    let one = hand(&id, "one");
    let claims = ledger.claim(&one, "", AT, AT + LEASE, 3).await.unwrap();
    ledger.pen().await.unwrap().record(&one, &[in_flight(&claims[0])], AT).await.unwrap();
    ledger.remove_subscriber("readers", claims[1].recipient.address(), AT).await.unwrap();
    let outcome = Outcome::Sent { reply: Reply::new(250, "2.0.0 ok") };
    let settled = Entry::Settled { recipient: claims[0].recipient.address().key(), outcome, next: AT };
    let entries = [settled, in_flight(&claims[1]), in_flight(&claims[2])];
    let cleared = ledger.pen().await.unwrap().record(&one, &entries, AT).await.unwrap();
    assert_eq!(cleared, [Cleared::Excluded(Exclusion::Left), Cleared::Go]);
    let balance = ledger.balance(&id).await.unwrap();
    let counts = [DeliveryState::Sent, DeliveryState::Excluded, DeliveryState::InFlight].map(|state| balance.count(state));
    assert_eq!(counts, [1, 1, 1]);
    // The same reader twice in one commit: in the order in which it came.
    let withdrawn = Entry::Withdrawn { recipient: claims[2].recipient.address().key() };
    assert_eq!(ledger.pen().await.unwrap().record(&one, &[withdrawn, in_flight(&claims[2])], AT).await.unwrap(), [Cleared::Go]);
}
