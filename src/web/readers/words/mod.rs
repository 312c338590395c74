//! What the pages of readers say, by language.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pt;
mod sw;

use crate::domain::Language;

/// The words of one language. Names, titles and addresses stand beside them, never in them.
#[derive(Debug)]
pub(super) struct Words {
    /// The language that these are in.
    pub(super) language: &'static str,
    /// What the language calls itself.
    pub(super) name: &'static str,

    /// On the form, as its heading and on its button.
    pub(super) subscribe: &'static str,
    pub(super) which: &'static str,
    pub(super) address: &'static str,
    /// What follows, so that the mail is waited for.
    pub(super) next_step: &'static str,
    /// Of a field that only programs see.
    pub(super) leave_empty: &'static str,
    /// Above a form that was filled in elsewhere, or too quickly.
    pub(super) press_again: &'static str,
    /// Above a form with something wrong in it.
    pub(super) mend: &'static str,
    pub(super) address_missing: &'static str,
    pub(super) address_wrong: &'static str,
    pub(super) address_letters: &'static str,
    pub(super) list_missing: &'static str,
    pub(super) nothing_here: &'static str,

    /// After the form: the same for every address.
    pub(super) look_into_mail: &'static str,
    pub(super) mail_comes: &'static str,
    pub(super) no_mail: &'static str,

    pub(super) confirm: &'static str,
    pub(super) confirm_text: &'static str,
    pub(super) confirm_button: &'static str,
    pub(super) not_you: &'static str,
    pub(super) subscribed: &'static str,
    pub(super) subscribed_text: &'static str,
    /// Of a link in a confirmation mail that is too old, or none.
    pub(super) gone: &'static str,
    pub(super) gone_text: &'static str,

    /// As a heading and on the button.
    pub(super) leave: &'static str,
    pub(super) leave_text: &'static str,
    pub(super) left: &'static str,
    pub(super) left_text: &'static str,
    /// The way from there to the reader's own page.
    pub(super) choices: &'static str,
    /// Of a link in a letter that is cut short, or none.
    pub(super) unknown: &'static str,
    pub(super) unknown_text: &'static str,

    pub(super) your_letters: &'static str,
    /// Why a list is not added at once.
    pub(super) add_by_mail: &'static str,
    pub(super) speak: &'static str,
    pub(super) save: &'static str,
    pub(super) leave_all: &'static str,
    pub(super) saved: &'static str,
    /// Before the lists that a mail has been sent for.
    pub(super) mail_sent: &'static str,
    /// Before the lists that none can be sent for.
    pub(super) not_now: &'static str,

    /// Too many ask at this time.
    pub(super) later: &'static str,
    pub(super) later_text: &'static str,
    /// Of a request that no form of griot's has made.
    pub(super) unreadable: &'static str,
    pub(super) unreadable_text: &'static str,
    pub(super) failed: &'static str,
    pub(super) failed_text: &'static str,

    /// At the foot of every page.
    pub(super) privacy: &'static str,
    pub(super) contact: &'static str,
    pub(super) by_feed: &'static str,
}

impl Words {
    /// Every language that the pages are in.
    pub(super) const ALL: [&'static Self; 9] =
        [&en::WORDS, &fr::WORDS, &de::WORDS, &pt::WORDS, &es::WORDS, &ar::WORDS, &it::WORDS, &nl::WORDS, &sw::WORDS];

    /// The words of a language, whatever its region: `pt` for `pt-BR`.
    pub(super) fn of(language: &Language) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|words| words.language == language.primary())
    }

    pub(super) fn english() -> &'static Self {
        &en::WORDS
    }

    /// What the browser would like best of these (RFC 9110, section 12.5.4).
    pub(super) fn accepted(header: &str) -> Option<&'static Self> {
        let mut best: Option<(u16, &'static Self)> = None;
        for item in header.split(',').take(MOST) {
            let (tag, quality) = item.split_once(';').map_or((item, None), |(tag, rest)| (tag, Some(rest)));
            let quality = quality.map_or(Some(1000), thousandths).filter(|quality| *quality > 0);
            let words = Language::parse(tag).as_ref().and_then(Self::of);
            if let (Some(quality), Some(words)) = (quality, words)
                && best.is_none_or(|(other, _)| quality > other)
            {
                best = Some((quality, words));
            }
        }
        best.map(|(_, words)| words)
    }

    pub(super) fn direction(&self) -> &'static str {
        Language::parse(self.language).map_or("ltr", |language| language.direction())
    }
}

/// Languages of a browser that are looked at.
const MOST: usize = 20;

/// `q=0.8` as 800.
fn thousandths(quality: &str) -> Option<u16> {
    let value = quality.trim().strip_prefix("q=")?.trim();
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole: u16 = whole.parse().ok()?;
    let value = whole.checked_mul(1000)?.checked_add(format!("{part:0<3}").parse().ok()?)?;
    (digits && value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_s_first_choice_speaks() {
        let language = |header: &str| Words::accepted(header).map(|words| words.language);
        assert_eq!(language("fr"), Some("fr"));
        assert_eq!(language("ha, pt-BR;q=0.9, en;q=0.8"), Some("pt"));
        assert_eq!(language("en;q=0.2,ar;q=0.9"), Some("ar"));
        assert_eq!(language("de;q=0, it"), Some("it"));
        assert_eq!(language("sw;q=1.0,nl"), Some("sw"), "the first of equals");
        for nothing in ["", "*", "ha", "de;q=0", "de;q=2", "de;q=x", "de;q=0.9999", ";;;,,,", "é;q=é"] {
            assert_eq!(language(nothing), None, "{nothing}");
        }
        assert_eq!(language(&"xx,".repeat(9999)), None);
    }

    #[test]
    fn each_language_speaks_for_itself() {
        for words in Words::ALL {
            let language = Language::parse(words.language).unwrap();
            assert_eq!(Words::of(&language).unwrap().name, words.name);
            // Nothing was forgotten or left in another language: the debug form has one line for each word.
            let said = format!("{words:#?}");
            assert!(!said.contains("\"\""), "{}", words.language);
            let same = format!("{:#?}", Words::english()).lines().filter(|line| said.lines().any(|other| other == *line)).count();
            assert!(words.language == "en" || same <= 3, "{}: {same} words are English", words.language);
        }
    }
}
