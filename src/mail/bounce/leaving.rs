//! Mails of readers who want to leave: `unsubscribe TOKEN`, as mail programs write it for `List-Unsubscribe` (RFC 2369).
//!
//! Only where the reader, or the program on the reader's behalf, writes is looked for a token: a letter that is quoted or
//! returned has one in it, too, and whoever quotes it does not want to leave.

use super::letter::CAME_TO;
use super::words::{self, one_line};
use super::{Leaves, Verdict, answer, notice, subject};
use crate::domain::{Address, Bounce};
use crate::mail::LEAVE;
use crate::mail::opened::{Part, pieces};

/// Tokens that are tried, and lines of the text that are read for them.
const MOST: usize = 5;
const LINES: usize = 10;

/// A mail that is neither a report nor an answer of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Words that could be tokens, from the subject, the address that it came to, and the first lines.
    pub tokens: Vec<String>,
    /// Whether it asks to leave in so many words.
    pub asks: bool,
    /// Who says to have written it: nothing to act on.
    pub from: Option<Address>,
}

/// How people ask to leave, in lower case.
const ASKING: &[&str] = &[
    "unsubscribe",
    "remove me",
    "take me off",
    "abmelden",
    "abbestellen",
    "désabonne",
    "desabonne",
    "désinscri",
    "desinscri",
    "darme de baja",
    "cancelar la suscripción",
    "cancelar inscrição",
    "cancelar subscrição",
    "descadastrar",
    "disiscri",
    "uitschrijven",
    "afmelden",
    "avregistrera",
    "wypisz",
    "отписать",
    "üyelikten çık",
    "إلغاء الاشتراك",
];

pub(super) fn read(top: &Part<'_>, leaves: &Leaves<'_>, verdicts: &[Verdict]) -> Option<Wish> {
    let is_report = !(leaves.statuses.is_empty() && leaves.feedback.is_empty() && leaves.receipts.is_empty())
        || verdicts.iter().any(|verdict| !matches!(verdict.bounce, Bounce::Unknown | Bounce::AutoReply));
    let has_no_sender = top.field("return-path").is_some_and(|field| field.unfolded() == "<>");
    if is_report || has_no_sender || notice::is_by_a_server(top) || answer::is_reply(top) {
        return None;
    }
    let mut wish = Wish { from: top.value("from").as_deref().and_then(words::address), ..Wish::default() };
    let subject = subject(top);
    wish.look_at(&subject);
    for field in CAME_TO.iter().flat_map(|name| top.all(name)) {
        for address in pieces(&field.unfolded(), ',').filter_map(words::address) {
            let address = address.reveal();
            let tag = address.rsplit_once('@').and_then(|(local, _)| local.rsplit_once('+'));
            wish.try_token(tag.map(|(_, tag)| tag).unwrap_or_default());
        }
    }
    let text = leaves.texts.first().map(String::as_str).unwrap_or_default();
    let is_own = |line: &&str| !line.starts_with(['>', '|']) && !line.starts_with("--");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take_while(is_own).take(LINES) {
        wish.look_at(&one_line(line));
    }
    Some(wish)
}

impl Wish {
    fn look_at(&mut self, line: &str) {
        // A whole word: what is part of a link stands in a letter.
        for word in line.split_whitespace() {
            self.try_token(word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
        }
        self.asks |= words::holds(&line.to_lowercase(), ASKING);
    }

    fn try_token(&mut self, word: &str) {
        let is_one = word.len() == LEAVE && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_one && self.tokens.len() < MOST && !self.tokens.iter().any(|known| known == word) {
            self.tokens.push(word.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mail::bounce::judge;

    const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz234567abcdefg";

    /// The tokens of a mail, or `-` where it is a report or an answer; and whether it asks to leave.
    #[track_caller]
    fn case(mail: &str, tokens: &str, asks: bool) {
        let mail = mail.replace("TOKEN", TOKEN);
        let wish = judge(mail.as_bytes()).wish;
        let found = wish.as_ref().map_or("-".to_owned(), |wish| wish.tokens.join(" ").replace(TOKEN, "TOKEN"));
        assert_eq!((found.as_str(), wish.is_some_and(|wish| wish.asks)), (tokens, asks), "{mail}");
    }

    #[test]
    fn where_a_reader_writes_a_token_counts() {
        case("From: ada@x.example\nSubject: unsubscribe TOKEN\n\n", "TOKEN", true);
        case("Subject: =?utf-8?q?unsubscribe_TOKEN?=\n\n", "TOKEN", true);
        case("Subject: unsubscribe\n TOKEN\n\n", "TOKEN", true);
        case("Subject: Re: hello\nTo: Desk <unsub+TOKEN@desk.example>\n\n", "TOKEN", false);
        case("Delivered-To: leave+TOKEN@desk.example\nSubject:\n\n", "TOKEN", false);
        case("Subject: bye\n\nPlease take me off, my token is (TOKEN).\n", "TOKEN", true);
        case("Subject: bye\nContent-Type: text/html\n\n<p>TOKEN<p>x", "TOKEN", false);
        case("Auto-Submitted: auto-generated\nSubject: unsubscribe TOKEN\n\nThis message was generated\n", "TOKEN", true);
        case("Subject: Abmelden bitte\n\n", "", true);
        case("Subject: hello\n\nIs anybody there?\n", "", false);
    }

    #[test]
    fn a_letter_that_is_quoted_or_returned_does_not() {
        let quoted = "Subject: Re: A river rises\n\nNice!\n\n> Leave: https://desk.example/leave?t=TOKEN\n> TOKEN\n";
        case(quoted, "", false);
        case("Subject: Fwd: A river\n\nLeave: https://desk.example/leave?t=TOKEN\n", "", false);
        case("Subject: Fwd: A river\n\nmailto:leave@desk.example?subject=unsubscribe%20TOKEN\n", "", true);
        let below = format!("Subject: x\n\n{}TOKEN\n", "line\n".repeat(10));
        case(&below, "", false);
        case("Subject: x\n\nBye\n-- \nTOKEN\n", "", false);
    }

    #[test]
    fn what_a_program_answers_is_no_wish() {
        case("From: MAILER-DAEMON@mx.example\nSubject: unsubscribe TOKEN\n\n", "-", false);
        case("Return-Path: <>\nSubject: unsubscribe TOKEN\n\n", "-", false);
        case("Auto-Submitted: auto-replied\nSubject: unsubscribe TOKEN\n\n", "-", false);
        case("X-Autoreply: yes\nSubject: unsubscribe TOKEN\n\n", "-", false);
        case("Subject: Out of office: unsubscribe TOKEN\n\n", "-", false);
        let report = "Content-Type: multipart/report; boundary=b\nSubject: unsubscribe TOKEN\n\n--b\n\n--b--\n";
        case(report, "-", false);
        let complaint = "Subject: unsubscribe TOKEN\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
            Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n\n--b--\n";
        case(complaint, "-", false);
    }

    #[test]
    fn a_token_has_its_length_and_its_letters() {
        case("Subject: unsubscribe TOKENa\n\n", "", true);
        case("Subject: unsubscribe abcdefghijklmnopqrstuvwxyz234567abcdef\u{e9}\n\n", "", true);
        let many = (0..100).map(|at| format!("{at:039}")).collect::<Vec<_>>().join(" ");
        let found = judge(format!("Subject: {many}\n\n").as_bytes()).wish.unwrap().tokens;
        assert_eq!(found.len(), 5);
    }
}
