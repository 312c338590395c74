//! What a server's refusal means: for the reader, for the reader's domain, for the server, or for the desk.
//!
//! A reply is told by its code (RFC 5321, section 4.2), its enhanced code (RFC 3463) where it has one, and the stage that it
//! answers; its words decide only where large providers use one code for two things.

use jiff::SignedDuration;

use crate::domain::Reply;
use crate::mail::smtp::Stage;

/// What kind of refusal a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// The server wants to see a second try from an unknown sender.
    Greylisted,
    /// 421: the server closes the connection, whoever the message was for.
    Closing,
    /// Too much, too fast, or of doubtful repute: the domain wants less mail from here for now.
    Throttled,
    /// The reader's mailbox is full.
    MailboxFull,
    /// Later, for another reason.
    Later,
    /// There is no such reader: the address is not mailed again.
    NoSuchReader,
    /// Policy or content, for good: something is held against the desk, not against the reader.
    Policy,
    /// The letter is too big for the server.
    TooBig,
    /// The server does not take the desk for a sender.
    Sender,
    /// The server did not understand the command.
    NotUnderstood,
    /// No, for another reason.
    No,
}

impl Class {
    /// The kind of a reply to what was asked at a stage.
    pub fn of(stage: Stage, reply: &Reply) -> Self {
        if reply.code / 100 == 4 { later(reply) } else { never(stage, reply) }
    }

    /// How long a reader waits for the next try, after so many.
    pub fn wait(self, tries: u32) -> SignedDuration {
        let minutes: &[i64] = match self {
            Self::Throttled => &[15, 30, 60, 120, 240],
            Self::MailboxFull => &[60, 240, 720, 1440],
            _ => &[5, 15, 30, 60],
        };
        let at = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
        SignedDuration::from_mins(minutes.get(at).or(minutes.last()).copied().unwrap_or(60))
    }
}

fn later(reply: &Reply) -> Class {
    let says = |words: &[&str]| holds(reply, words);
    match (reply.code, reply.enhanced) {
        _ if says(&["greylist", "graylist", "grey list", "gray list"]) => Class::Greylisted,
        (421, _) => Class::Closing,
        (_, Some([4, 2, 2])) => Class::MailboxFull,
        (452, None) if says(&["quota", "mailbox full", "mailbox is full"]) => Class::MailboxFull,
        // 4.2.1 is how one large provider says that a reader gets too much at once.
        (_, Some([4, 7, _] | [4, 2, 1])) => Class::Throttled,
        _ if says(&["too many messages", "rate limit", "too fast", "throttl", "reputation"]) => Class::Throttled,
        _ => Class::Later,
    }
}

fn never(stage: Stage, reply: &Reply) -> Class {
    let says = |words: &[&str]| holds(reply, words);
    match (stage, reply.code, reply.enhanced) {
        // The size of what is to come stands in MAIL (RFC 1870).
        (_, _, Some([5, 3, 4])) | (Stage::Sender, 552, _) => Class::TooBig,
        (Stage::Sender, ..) | (_, _, Some([5, 1, 7 | 8])) => Class::Sender,
        (_, 500..=504 | 555, None | Some([5, 5, _])) => Class::NotUnderstood,
        (_, _, Some([5, 2, 2])) => Class::MailboxFull,
        (_, _, Some([5, 7, _])) => Class::Policy,
        (_, _, Some([5, 1, 1 | 2 | 3 | 6 | 10] | [5, 2, 1])) => Class::NoSuchReader,
        _ if says(&["spam", "block", "blacklist", "denylist", "policy", "reputation", "relay"]) => Class::Policy,
        (_, 552, None) => Class::MailboxFull,
        (Stage::Recipient, 550 | 551 | 553, None | Some([5, 1, _] | [5, 0, 0])) => Class::NoSuchReader,
        // The form of the letter: another try would bring the same.
        (_, _, Some([5, 6, _])) => Class::No,
        // What is refused at the message itself is its content, or where it comes from.
        (Stage::Message, 554, _) => Class::Policy,
        _ => Class::No,
    }
}

fn holds(reply: &Reply, words: &[&str]) -> bool {
    let lower = reply.text.to_ascii_lowercase();
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(stage: Stage, reply: &str, class: Class) {
        assert_eq!(Class::of(stage, &Reply::parse(reply).unwrap()), class, "{reply}");
    }

    #[test]
    fn what_can_be_tried_later() {
        let at = Stage::Recipient;
        case(at, "451 4.7.1 Greylisted, try again in 300 seconds", Class::Greylisted);
        case(at, "450 4.2.0 <a***@e***>: Recipient address rejected: Greylisting in effect", Class::Greylisted);
        case(at, "421 4.7.0 try again later", Class::Closing);
        case(at, "450 4.2.1 The user is receiving mail at too great a rate", Class::Throttled);
        case(at, "451 4.7.28 unusual rate of mail", Class::Throttled);
        case(at, "452 4.2.2 over quota", Class::MailboxFull);
        case(at, "452 4.5.3 too many recipients", Class::Later);
        case(at, "451 local error", Class::Later);
        case(Stage::Message, "452 4.3.1 no room", Class::Later);
    }

    #[test]
    fn what_is_for_good() {
        let at = Stage::Recipient;
        case(at, "550 5.1.1 no such user", Class::NoSuchReader);
        case(at, "550 user unknown", Class::NoSuchReader);
        case(at, "553 5.1.3 bad address syntax", Class::NoSuchReader);
        case(at, "550 5.2.1 mailbox disabled", Class::NoSuchReader);
        case(at, "552 5.2.2 mailbox full", Class::MailboxFull);
        case(at, "550 5.7.1 not allowed", Class::Policy);
        case(at, "550 Message blocked by our spam filter", Class::Policy);
        case(at, "554 5.7.1 relay access denied", Class::Policy);
        case(at, "554 something", Class::No);
        case(at, "501 5.5.4 what?", Class::NotUnderstood);
        case(at, "550 5.1.8 bad sender", Class::Sender);
        case(Stage::Sender, "550 5.7.1 sender not allowed", Class::Sender);
        case(Stage::Sender, "552 5.3.4 message too big", Class::TooBig);
        case(Stage::Message, "552 5.3.4 message too big", Class::TooBig);
        case(Stage::Message, "554 5.6.0 not like this", Class::No);
        case(Stage::Message, "554 transaction failed", Class::Policy);
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_not_believed() {
        case(Stage::Recipient, "550 4.7.1 no such user", Class::NoSuchReader);
        case(Stage::Recipient, "451 5.1.1 hm", Class::Later);
        case(Stage::Recipient, "451 4.7", Class::Later);
        case(Stage::Recipient, "250 what?", Class::No);
    }

    #[test]
    fn the_wait_grows() {
        let minutes = |class: Class| [1, 2, 3, 9].map(|tries| class.wait(tries).as_mins());
        assert_eq!(minutes(Class::Later), [5, 15, 30, 60]);
        assert_eq!(minutes(Class::Throttled), [15, 30, 60, 240]);
        assert_eq!(minutes(Class::MailboxFull), [60, 240, 720, 1440]);
    }
}
