//! Two readers' messages of one letter, held against each other: what tells one from the other is a mark on the reader.

use crate::domain::{Findings, LetterPart, Rule, Severity, quoted};
use crate::mail::opened::Part;

use super::{bare, ways_out};

/// The rule that two readers get the same.
pub(super) static DIFFERS: Rule = Rule {
    id: "reader-differs",
    severity: Severity::Error,
    what: "two readers get different letters",
    why: "what differs can mark the reader, which griot promises not to do",
    mend: "nothing but the address, the message's id, the way out and the signature may depend on the reader",
};

/// Notes each line in which the messages differ beyond address, id, way out and signature.
pub(super) fn compare(one: &[u8], other: &[u8], findings: &mut Findings) {
    let (one, other) = (Part::open(one), Part::open(other));
    let (marks, other_marks) = (Marks::of(&one), Marks::of(&other));
    headers(&one, &other, &marks, &other_marks, findings);
    let (parts, other_parts) = (one.parts(), other.parts());
    if parts.len() != other_parts.len() {
        let what = format!("one message has {} parts, the other {}", parts.len(), other_parts.len());
        findings.add(LetterPart::Message, 1, &DIFFERS, what);
        return;
    }
    for (at, (part, other)) in parts.iter().zip(&other_parts).enumerate() {
        if at > 0 {
            headers(part, other, &marks, &other_marks, findings);
        }
        if !part.children.is_empty() {
            continue;
        }
        let place = match part.media_type().as_str() {
            "text/html" => LetterPart::Html,
            "text/plain" => LetterPart::Text,
            _ => LetterPart::Message,
        };
        let (text, other) = (marks.taken_from(&part.text().0), other_marks.taken_from(&other.text().0));
        lines(&text, &other, |line, what| findings.add(place, line, &DIFFERS, what));
    }
}

/// What a reader's message may have of its own.
struct Marks {
    /// Each with what stands in its place while comparing.
    marks: Vec<(String, &'static str)>,
}

impl Marks {
    fn of(message: &Part) -> Self {
        let mut marks = Vec::new();
        for way in ways_out(message) {
            marks.push((way.replace('&', "&amp;"), "(way out)"));
            marks.push((way, "(way out)"));
        }
        if let Some(id) = message.value("message-id") {
            marks.push((bare(&id), "(id)"));
        }
        // Longer ones first: one may hold another.
        marks.sort_by_key(|(mark, _)| std::cmp::Reverse(mark.len()));
        marks.retain(|(mark, _)| !mark.is_empty());
        Self { marks }
    }

    fn taken_from(&self, text: &str) -> String {
        self.marks.iter().fold(text.to_owned(), |text, (mark, name)| text.replace(mark, name))
    }
}

/// Headers of their own: whom it goes to, and what is made of all of it.
const OWN: [&str; 2] = ["to", "dkim-signature"];

fn headers(one: &Part, other: &Part, marks: &Marks, other_marks: &Marks, findings: &mut Findings) {
    let kept = |part: &Part, marks: &Marks| -> Vec<(usize, String)> {
        let boundary = part.parameter("content-type", "boundary").unwrap_or_default();
        let fields = part.fields.iter().filter(|field| !OWN.iter().any(|own| field.is(own)));
        let shown = |text: String| if boundary.is_empty() { text } else { text.replace(&boundary, "(boundary)") };
        fields.map(|field| (field.line, shown(marks.taken_from(&format!("{}: {}", field.name(), field.unfolded()))))).collect()
    };
    let (fields, others) = (kept(one, marks), kept(other, other_marks));
    for (at, (line, field)) in fields.iter().enumerate() {
        match others.get(at) {
            Some((_, same)) if same == field => {}
            Some((_, differs)) => {
                let what = format!("one reader has {}, the other {}", quoted(field), quoted(differs));
                findings.add(LetterPart::Message, *line, &DIFFERS, what);
            }
            None => findings.add(LetterPart::Message, *line, &DIFFERS, format!("one reader alone has {}", quoted(field))),
        }
    }
    for (line, field) in others.iter().skip(fields.len()) {
        findings.add(LetterPart::Message, *line, &DIFFERS, format!("one reader alone has {}", quoted(field)));
    }
}

fn lines(one: &str, other: &str, mut told: impl FnMut(usize, String)) {
    let mut others = other.lines();
    let mut count = 0;
    for (at, line) in one.lines().enumerate() {
        count = at + 1;
        match others.next() {
            Some(same) if same == line => {}
            Some(differs) => told(at + 1, format!("one reader has {}, the other {}", quoted(line), quoted(differs))),
            None => told(at + 1, format!("one reader alone has {}", quoted(line))),
        }
    }
    for (at, line) in others.enumerate() {
        told(count + at + 1, format!("one reader alone has {}", quoted(line)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of a reader as griot makes it, with their own address, token and boundary.
    fn message(name: &str, token: &str) -> String {
        format!(
            "DKIM-Signature: v=1; b={token}\r\nFrom: Kora <letter@example.org>\r\nTo: {name} <{name}@reader.example>\r\n\
             Message-ID: <river.{token}@example.org>\r\nSubject: The river\r\n\
             List-Unsubscribe: <https://example.org/leave?l=a&t={token}>\r\n\
             Content-Type: multipart/alternative; boundary=\"=_{token}\"\r\n\r\n\
             --=_{token}\r\nContent-Type: text/plain\r\n\r\nThe Niger rose.\r\nhttps://example.org/leave?l=a&t={token}\r\n\
             --=_{token}\r\nContent-Type: text/html\r\n\r\n<p>The Niger rose.</p>\r\n\
             <a href=\"https://example.org/leave?l=a&amp;t={token}\">x</a>\r\n--=_{token}--\r\n"
        )
    }

    #[track_caller]
    fn case(change: impl Fn(String) -> String, expected: &[&str]) {
        let (one, other) = (message("ada", "0123"), change(message("awa", "4567")));
        let mut findings = Findings::default();
        compare(one.as_bytes(), other.as_bytes(), &mut findings);
        let told: Vec<_> =
            findings.finish().0.iter().map(|found| format!("{}:{} {}", found.part, found.line, found.what)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn readers_may_differ_in_address_id_way_out_and_signature_alone() {
        case(|message| message, &[]);
        case(
            |message| message.replace("<p>The Niger rose.", "<p>Dear Awa, the Niger rose."),
            &["html:1 one reader has `<p>The Niger rose.</p>`, the other `<p>Dear Awa, the Niger rose.</p>`"],
        );
        case(
            |message| message.replace("Subject: The river", "Subject: The river, Awa"),
            &["message:5 one reader has `Subject: The river`, the other `Subject: The river, Awa`"],
        );
        case(
            |message| {
                message
                    .replace("rose.\r\n--", "rose.\r\nPS: awa\r\n--")
                    .replace("The Niger rose.\r\nhttps", "The Niger rose.\r\nAwa\r\nhttps")
            },
            &["text:2 one reader has `(way out)`, the other `Awa`", "text:3 one reader alone has `(way out)`"],
        );
        case(
            |message| message.replace("Subject: The river\r\n", "Subject: The river\r\nX-Reader: 7\r\n"),
            &[
                "message:6 one reader has `List-Unsubscribe: <(way out)>`, the other `X-Reader: 7`",
                "message:7 one reader has `Content-Type: multipart/alternative; boundary=\"(boundary)\"`, the other `List-Unsubscribe: <(way out)>`",
                "message:8 one reader alone has `Content-Type: multipart/alternative; boundary=\"(boundary)\"`",
            ],
        );
        case(
            |message| message.replace("--=_4567\r\nContent-Type: text/html", "Content-Type: text/html"),
            &["message:1 one message has 3 parts, the other 2"],
        );
    }
}
