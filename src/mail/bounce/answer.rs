//! What answers by itself and is no bounce: notices of absence, receipts, and programs that ask for proof.

use super::words::{holds, one_line};
use super::{Leaves, Verdict, notice, subject};
use crate::domain::Bounce;
use crate::mail::opened::Part;

/// How a program asks the sender to prove to be a person, in lower case.
const CHALLENGES: &[&str] = &[
    "boxtrapper",
    "challenge-response",
    "challenge/response",
    "spam arrest",
    "verify that you are a real person",
    "verify that you are human",
    "confirm that you are a human",
    "prove that you are a human",
    "awaiting your verification",
    "message is being held until you confirm",
    "requires verification of the sender",
    "vérifier que vous êtes une personne",
    "bestätigen sie, dass sie ein mensch",
];

/// How subjects of notices of absence begin, in lower case: the last cue, since people write such subjects, too.
const ABSENCES: &[&str] = &[
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto:",
    "autoresponder",
    "auto response",
    "out of office",
    "out of the office",
    "on vacation",
    "vacation reply",
    "vacation notice",
    "away from my mail",
    "réponse automatique",
    "reponse automatique",
    "absence du bureau",
    "absent du bureau",
    "message d'absence",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend",
    "abwesenheit",
    "respuesta automática",
    "fuera de la oficina",
    "fuera de oficina",
    "resposta automática",
    "fora do escritório",
    "ausência temporária",
    "risposta automatica",
    "fuori sede",
    "automatisch antwoord",
    "afwezigheid",
    "autosvar",
    "poissa:",
    "automatyczna odpowiedź",
    "автоответ",
    "otomatik yanıt",
    "رد تلقائي",
    "自动回复",
    "自動応答",
];

/// One verdict; nothing where it answers nothing by itself.
pub(super) fn read(top: &Part<'_>, leaves: &Leaves<'_>) -> Option<Vec<Verdict>> {
    let subject = subject(top);
    let verdict = |bounce| Some(vec![Verdict::of(bounce, subject.clone())]);
    if is_challenge(top, leaves) {
        return verdict(Bounce::Challenge);
    }
    // What a mail server has written and nobody understands is not to be passed over as somebody's holidays.
    let is_answer = !leaves.receipts.is_empty() || (!notice::is_by_a_server(top) && (says_so(top) || begins_so(&subject)));
    if is_answer { verdict(Bounce::AutoReply) } else { None }
}

fn is_challenge(top: &Part<'_>, leaves: &Leaves<'_>) -> bool {
    let has_header = ["x-boxtrapper", "x-tmda-confirm", "x-ask-auth"].iter().any(|name| top.field(name).is_some());
    // Only the beginning: below it the letter itself may be quoted, with any words.
    let begins = leaves.texts.first().map(|text| text.chars().take(2000).collect::<String>().to_lowercase());
    has_header || begins.is_some_and(|text| holds(&text, CHALLENGES)) || holds(&subject(top).to_lowercase(), CHALLENGES)
}

/// Whether its header says that a program has sent it (RFC 3834, section 5, and what came before it).
fn says_so(top: &Part<'_>) -> bool {
    submitted(top).is_some_and(|value| !value.is_empty() && value != "no") || says_so_otherwise(top)
}

/// Whether a program answers: not whether a program writes on its reader's behalf.
pub(super) fn is_reply(top: &Part<'_>) -> bool {
    let answers = submitted(top).is_some_and(|value| !["", "no", "auto-generated"].contains(&value.as_str()));
    answers || says_so_otherwise(top) || begins_so(&subject(top))
}

fn submitted(top: &Part<'_>) -> Option<String> {
    let value = top.field("auto-submitted")?.unfolded().to_ascii_lowercase();
    Some(value.split([';', ' ']).next().unwrap_or_default().to_owned())
}

fn says_so_otherwise(top: &Part<'_>) -> bool {
    let value = |name: &str| top.field(name).map(|field| field.unfolded().to_ascii_lowercase());
    let precedence = value("precedence").unwrap_or_default();
    let answers = top.field("in-reply-to").is_some() || top.field("references").is_some();
    precedence == "auto_reply"
        || (answers && ["bulk", "junk"].contains(&precedence.as_str()))
        || ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-vacation"]
            .iter()
            .any(|name| value(name).is_some_and(|value| value != "no"))
}

fn begins_so(subject: &str) -> bool {
    let lower = one_line(subject).to_lowercase().replace('\u{2019}', "'");
    let lower = ["re:", "aw:", "antw:", "sv:"]
        .iter()
        .fold(lower.as_str(), |text, prefix| text.strip_prefix(prefix).unwrap_or(text).trim_start());
    ABSENCES.iter().any(|words| lower.starts_with(words))
}
