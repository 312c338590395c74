//! The rules for a message. `griot letter check --rules` prints them with those for its parts.

use crate::domain::Rule;

/// Every rule, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families: [&[&'static Rule]; 5] = [header::ALL, address::ALL, list::ALL, structure::ALL, signature::ALL];
    families.into_iter().flatten().copied()
}

pub mod header {
    crate::domain::rules! {
        MISSING = Error "header-missing", "a header that every message needs is missing",
            "servers refuse the message, or make one up, which breaks the signature", "write it, once";
        REPEATED = Error "header-repeated", "a header stands there twice",
            "Gmail refuses the message; others show the one and check the other", "write it once";
        SYNTAX = Error "header-syntax", "a line of the headers is none",
            "what follows is taken for the text of the mail", "`Name: value`, and what goes on begins with a space";
        EIGHT_BIT = Error "header-8bit", "a header has bytes beyond ASCII",
            "servers refuse it, or make question marks of it", "encoded words: `=?utf-8?Q?Zo=C3=AB?=`";
        CONTROL = Error "header-control", "a header has a control character in it",
            "it is how headers are forged: servers refuse it, or cut it there", "take it out where the value comes from";
        TURNED = Error "header-turned", "a header has a sign that turns the reading direction",
            "a subject or a name reads as something else than it is, which is a known trick of phishing", "take it out";
        LONG = Warning "header-line", "a header line is longer than it may be",
            "servers fold it anew, which breaks signatures that are not relaxed", "76 characters with encoded words, 78 without; fold at a space";
        ENCODED_WORD = Error "header-encoded-word", "an encoded word is broken",
            "readers see `=?utf-8?Q?...`, or half a letter", "at most 75 characters each, whole characters, never in quotes";
        DATE = Error "header-date", "the date is none",
            "programs sort the mail to the end or the beginning of the list", "`Wed, 04 Mar 2026 07:00:00 +0000`";
        DATE_FORM = Warning "header-date-form", "the date is in an old form",
            "filters count a zone by name, or a missing day, against the letter", "`Wed, 04 Mar 2026 07:00:00 +0000`";
        MESSAGE_ID = Error "header-message-id", "the id of the message is none",
            "filters count it, and the same mail cannot be known again", "`<edition.token@example.org>`, with the domain of the sender";
        SUBJECT = Error "header-subject", "the subject is empty, or pretends to be an answer",
            "filters and readers take it for a trick", "say what is in it";
        SUBJECT_LONG = Warning "header-subject-long", "the subject has more than 150 characters",
            "phones show 40 of them", "shorten it";
        MIME_VERSION = Error "header-mime-version", "the version of MIME is not 1.0",
            "some programs show the source then", "`MIME-Version: 1.0`";
        HIDDEN = Error "header-bcc", "the message names hidden recipients",
            "whoever reads the source sees them", "leave `Bcc` out: the envelope says who gets it";
        LEFT_OUT = Warning "header-needless", "a header that a letter does without",
            "filters count it against the letter", "leave it out";
    }
}

pub mod address {
    crate::domain::rules! {
        MANY = Error "address-many", "a field names more than one mailbox, or none",
            "DMARC fails for two senders; two readers in `To` see each other", "one mailbox: one message for each reader";
        FORM = Error "address-form", "an address is not written as it should be",
            "servers refuse the message", "`\"The Desk\" <desk@example.org>`, signs in the name in quotes";
        NAME = Warning "address-name", "the sender has no name",
            "the list of mails shows a bare address, and readers do not know who it is", "`The Desk <desk@example.org>`";
        NOBODY = Warning "address-no-reply", "nobody reads the answers",
            "readers who cannot write back mark the letter as spam; answers are what large mailboxes like best", "an address that somebody reads";
        TO = Error "address-to", "it is not addressed to its reader, or to others as well",
            "filters count `undisclosed-recipients` against the letter, and a list in `To` or `Cc` gives readers away", "the reader alone in `To`";
        REPLY_TO = Advice "address-reply-to", "answers go where they go anyway",
            "it is a header for nothing", "leave `Reply-To` out";
    }
}

pub mod list {
    crate::domain::rules! {
        NO_ID = Warning "list-id-missing", "the list has no name",
            "programs cannot sort the letter, and vacation notices answer it", "`List-Id: The Desk <letter.example.org>`";
        ID = Error "list-id", "the name of the list is none",
            "programs take it for another list each time, or for none", "`List-Id: The Desk <letter.example.org>`, without `@`, the same for ever";
        NO_WAY_OUT = Error "list-unsubscribe-missing", "programs are not told how to leave",
            "Gmail and Yahoo ask for it in mail to many, and show no button without it", "`List-Unsubscribe: <https://...>, <mailto:...>`";
        WAY_OUT = Error "list-unsubscribe", "an address of the list is not in its form",
            "programs do not find it", "addresses in angle brackets, with commas between them; one of https";
        NO_ONE_CLICK = Advice "list-one-click-missing", "leaving takes more than a click",
            "Gmail and Yahoo ask for one click (RFC 8058) of who sends more than 5,000 letters a day",
            "an https address that answers POST, as `griot serve` does with `serve.url`, and `List-Unsubscribe-Post: List-Unsubscribe=One-Click`";
        ONE_CLICK = Error "list-one-click", "one click is promised and cannot be kept",
            "the button in Gmail does nothing, and the reader marks the letter as spam",
            "`List-Unsubscribe-Post: List-Unsubscribe=One-Click`, and an https address in `List-Unsubscribe`";
        FEEDBACK = Warning "list-feedback-id", "`Feedback-ID` is not in its form",
            "Gmail does not count complaints by it", "`edition:stream:sender`, the last of 5 to 15 characters, nothing of a reader";
    }
}

pub mod structure {
    crate::domain::rules! {
        LINE_END = Error "message-line-end", "a line does not end with CR and LF",
            "servers refuse it, since it is how mail is smuggled; signatures break", "CR and LF at each line's end, and nowhere else";
        LONG_LINE = Error "message-long-line", "a line has more than 998 bytes",
            "servers cut it, and signatures break", "quoted-printable";
        NUL = Error "message-nul", "there is a NUL byte", "servers refuse it", "take it out";
        EIGHT_BIT = Error "message-8bit", "there are bytes beyond ASCII",
            "a server on the way that takes seven bits encodes it anew, and the signature breaks", "quoted-printable, and encoded words in headers";
        LARGE = Warning "message-large", "the message is larger than 1 MB",
            "readers pay for it, and each of them gets it", "smaller pictures, or links to them";
        TOO_LARGE = Error "message-too-large", "the message is larger than 10 MB",
            "many mailboxes refuse it", "smaller pictures, or links to them";
        LARGE_PICTURE = Warning "message-large-picture", "a picture inside has more than 200 KB",
            "readers pay for it", "1200 pixels wide as JPEG is enough";
        BROKEN = Error "message-broken", "parts do not fit together",
            "programs show the source, or half of the letter", "write it with a library for mail; look whether something was cut off";
        BROKEN_ENCODING = Error "message-encoding-broken", "an encoded line is broken",
            "readers see signs that nobody wrote; servers mend it and break the signature", "lines of 76 characters, no space at their end, `=` as `=3D`";
        ORDER = Error "message-order", "the HTML part stands before the text part",
            "the last part that a program knows is the one it shows: everybody would see the text", "text first, HTML last";
        ALTERNATIVE = Error "message-alternative", "text and HTML are not alternatives",
            "programs show both, one below the other", "`multipart/alternative`";
        ATTACHMENT = Warning "message-attachment", "something is attached",
            "filters look twice at letters to many with attachments, and readers pay for them", "link to it";
        CHARSET = Warning "message-charset", "a part is not in UTF-8",
            "some programs show other letters", "`charset=utf-8`";
        GARBLED = Error "message-garbled", "bytes of a part mean nothing",
            "readers see boxes and question marks", "encode it in the character set that it names";
        ENCODING = Warning "message-encoding", "a part is not in quoted-printable",
            "filters distrust base64 text, and what is not encoded at all is changed on the way", "`Content-Transfer-Encoding: quoted-printable`";
    }
}

pub mod signature {
    crate::domain::rules! {
        NONE = Advice "dkim-missing", "the message is not signed",
            "large mailboxes refuse mail to many without DKIM, unless the server that it goes through signs it", "see that one of the two signs";
        FORM = Error "dkim-form", "the signature is not in its form",
            "it counts as none", "write it with a library; look whether a server has folded it within a tag";
        ALGORITHM = Error "dkim-algorithm", "the signature is of a kind that is not accepted",
            "SHA-1 has counted as none since 2018 (RFC 8301)", "`rsa-sha256` with 2048 bits, or `ed25519-sha256`";
        CANONICAL = Warning "dkim-canonical", "the signature breaks at the smallest change",
            "servers on the way fold headers and take spaces away", "`c=relaxed/relaxed`";
        LENGTH = Error "dkim-length", "the signature covers the beginning of the body alone",
            "anybody can add to the letter, and it is still signed", "leave `l=` out";
        DOMAIN = Error "dkim-domain", "the signature is not in the sender's name",
            "DMARC does not count it", "`d=` is the domain of `From`, or one above it";
        COVERS = Error "dkim-covers", "the signature leaves something open",
            "it can be changed on the way; one click to leave counts only where the signature covers it (RFC 8058)", "name it in `h=`";
        CHANGING = Error "dkim-changing", "the signature covers what servers change",
            "it is broken when it arrives", "take it out of `h=`";
        OPEN = Warning "dkim-open", "a second header can be added below the signature",
            "programs may show the added one, and the signature is still right", "name it in `h=` once more than it is there";
        BODY = Error "dkim-body", "the body is not the one that was signed",
            "the signature is worth nothing", "sign last; look what has changed the message since";
        WRONG = Error "dkim-wrong", "the signature is not that of the key",
            "receivers find it forged, and under DMARC they may refuse the letter", "look whether the key file is the one whose record the DNS shows, and what has changed the head since";
    }
}
