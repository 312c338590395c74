use jiff::civil::Weekday;

/// How often a show comes out, as far as words tell: `Every weekday`, `jeden Freitag`, `tous les jours`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequency {
    /// The days, from Monday on, each once; never empty.
    days: Vec<Weekday>,
}

/// The week, from Monday on.
const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Frequency {
    /// Every week on these days; `None` where there are none.
    pub fn on(days: &[Weekday]) -> Option<Self> {
        let days: Vec<Weekday> = WEEK.into_iter().filter(|day| days.contains(day)).collect();
        (!days.is_empty()).then_some(Self { days })
    }

    /// Reads the sentence of an invitation, in the languages of the letter: English, French, German, Spanish, Portuguese,
    /// Swahili, Arabic.
    ///
    /// Only what says that it comes again counts: `every Friday`, `Fridays`, not `last Friday` or `on Friday`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain(text);
        if has(&text, WEEKDAYS) {
            return Self::on(&WEEK[..5]);
        }
        if has(&text, DAILY) {
            return Self::on(&WEEK);
        }
        let days: Vec<Weekday> = WEEK
            .into_iter()
            .zip(NAMES)
            .filter(|(_, names)| names.iter().any(|name| recurs(&text, name)))
            .map(|(day, _)| day)
            .collect();
        Self::on(&days)
    }

    /// The days on which it comes out, from Monday on.
    pub fn days(&self) -> &[Weekday] {
        &self.days
    }

    /// The other days, for `skipDays` of RSS, from Monday on.
    pub fn skipped(&self) -> impl Iterator<Item = Weekday> {
        WEEK.into_iter().filter(|day| !self.days.contains(day))
    }

    /// As a recurrence rule (RFC 5545, section 3.3.10), in the form that the podcast namespace shows for `updateFrequency`.
    pub fn rrule(&self) -> String {
        match &*self.days {
            days if days.len() == WEEK.len() => "FREQ=DAILY".to_owned(),
            [day] => format!("FREQ=WEEKLY;BYDAY={}", code(*day)),
            days if *days == WEEK[..5] => "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR".to_owned(),
            days => format!("FREQ=WEEKLY;BYDAY={}", days.iter().map(|day| code(*day)).collect::<Vec<_>>().join(",")),
        }
    }
}

/// The English name of a day, as RSS wants it in `skipDays` whatever the language of the feed.
pub fn english(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Reads the English name of a day, whatever the case: `Monday` or `mon`.
pub fn weekday(text: &str) -> Option<Weekday> {
    let text = text.trim().to_ascii_lowercase();
    WEEK.into_iter().find(|day| {
        let name = english(*day).to_ascii_lowercase();
        name == text || name.get(..3) == Some(&text)
    })
}

fn code(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

const WEEKDAYS: &[&str] = &[
    "every weekday",
    "each weekday",
    "on weekdays",
    "every working day",
    "monday to friday",
    "monday through friday",
    "jeden werktag",
    "werktags",
    "an jedem werktag",
    "montag bis freitag",
    "montags bis freitags",
    "du lundi au vendredi",
    "chaque jour de la semaine",
    "chaque jour ouvrable",
    "tous les jours ouvrables",
    "de lunes a viernes",
    "cada dia laborable",
    "todos los dias laborables",
    "de segunda a sexta",
    "todos os dias uteis",
    "cada dia util",
    "jumatatu hadi ijumaa",
    "kila siku ya kazi",
    "من الاثنين إلى الجمعة",
    "كل يوم عمل",
];

const DAILY: &[&str] = &[
    "every day",
    "each day",
    "daily",
    "every morning",
    "every evening",
    "every night",
    "jeden tag",
    "taglich",
    "jeden morgen",
    "jeden abend",
    "tous les jours",
    "chaque jour",
    "quotidien",
    "quotidienne",
    "chaque matin",
    "chaque soir",
    "tous les matins",
    "tous les soirs",
    "todos los dias",
    "cada dia",
    "a diario",
    "diariamente",
    "todos os dias",
    "kila siku",
    "كل يوم",
    "يوميا",
];

/// The days from Monday on, in the languages of the letter.
const NAMES: [&[&str]; 7] = [
    &["monday", "montag", "lundi", "lunes", "segunda", "jumatatu", "الاثنين", "الإثنين", "اثنين"],
    &["tuesday", "dienstag", "mardi", "martes", "terca", "jumanne", "الثلاثاء", "ثلاثاء"],
    &["wednesday", "mittwoch", "mercredi", "miercoles", "quarta", "jumatano", "الأربعاء", "أربعاء"],
    &["thursday", "donnerstag", "jeudi", "jueves", "quinta", "alhamisi", "الخميس", "خميس"],
    &["friday", "freitag", "vendredi", "viernes", "sexta", "ijumaa", "الجمعة", "جمعة"],
    &["saturday", "samstag", "sonnabend", "samedi", "sabado", "jumamosi", "السبت", "سبت"],
    &["sunday", "sonntag", "dimanche", "domingo", "jumapili", "الأحد", "أحد"],
];

/// What stands before a day that comes again.
const EACH: &[&str] = &[
    "every",
    "each",
    "and",
    "on",
    "jeden",
    "am",
    "und",
    "chaque",
    "tous les",
    "toutes les",
    "le",
    "les",
    "et",
    "le",
    "cada",
    "todos los",
    "los",
    "y",
    "todas as",
    "toda",
    "todos os",
    "e",
    "kila",
    "na",
    "كل",
    "و",
];

/// Whether the text says that a day comes again: `every Friday`, `Fridays`, `freitags`, `every Monday and Friday`.
fn recurs(text: &str, day: &str) -> bool {
    let plural = has(text, &[&format!("{day}s")]) && !day.ends_with('s');
    let each = FIRST.iter().any(|each| follows(text, each, day));
    plural || each
}

/// What by itself says that it comes again; after it, days may be joined by commas and the words of [`EACH`].
const FIRST: &[&str] =
    &["every", "each", "jeden", "chaque", "tous les", "cada", "todos los", "todas as", "toda", "todo", "todos os", "kila", "كل"];

/// Whether `day` stands behind `each`, with nothing between them but other days and words that join them.
fn follows(text: &str, each: &str, day: &str) -> bool {
    let Some((_, rest)) = split(text, each) else { return false };
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        let bare = word.strip_prefix('و').filter(|bare| is_day(bare)).unwrap_or(word);
        let bare = if bare == day { bare } else { bare.strip_suffix('s').filter(|bare| is_day(bare)).unwrap_or(bare) };
        if bare == day {
            return true;
        }
        if !is_day(bare) && !EACH.contains(&word) {
            return false;
        }
    }
    false
}

fn is_day(word: &str) -> bool {
    NAMES.iter().any(|names| names.contains(&word))
}

/// The text around the first place where these words stand as whole words.
fn split<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    text.match_indices(words).find_map(|(at, found)| {
        let (before, rest) = text.split_at_checked(at)?;
        let rest = rest.strip_prefix(found)?;
        let whole = (before.is_empty() || before.ends_with(' ')) && (rest.is_empty() || rest.starts_with(' '));
        whole.then_some((before, rest))
    })
}

fn has(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| split(text, phrase).is_some())
}

/// Lower case, without the marks of Latin letters and of Arabic, words apart by single spaces.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ã' | 'ä' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => out.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{652}' => {}
            c if c.is_alphanumeric() || c == '-' => out.push(c),
            _ if out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    // Portuguese has a long and a short name for most days: `sexta-feira`, `sexta`.
    out.trim().replace("s-feiras", "").replace("-feira", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, rrule: Option<&str>) {
        assert_eq!(Frequency::parse(text).map(|frequency| frequency.rrule()).as_deref(), rrule, "{text}");
    }

    #[test]
    fn every_weekday_in_the_languages_of_the_letter() {
        let weekdays = Some("FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR");
        case("While you're here: Every weekday, we host AfricaLink, a podcast packed with news.", weekdays);
        case("Our show, Monday to Friday at six", weekdays);
        case("Jeden Werktag hören Sie AfricaLink.", weekdays);
        case("Du lundi au vendredi, écoutez AfricaLink.", weekdays);
        case("De lunes a viernes, escuche AfricaLink", weekdays);
        case("De segunda a sexta-feira", weekdays);
        case("De segunda a sexta, ouça AfricaLink", weekdays);
        case("Sikiliza kila siku ya kazi", weekdays);
        case("استمعوا إلينا كل يوم عمل", weekdays);
    }

    #[test]
    fn days_that_come_again() {
        case("A new episode every day", Some("FREQ=DAILY"));
        case("Täglich neu", Some("FREQ=DAILY"));
        case("Tous les jours, un épisode", Some("FREQ=DAILY"));
        case("كل يوم", Some("FREQ=DAILY"));
        case("Every Friday we talk", Some("FREQ=WEEKLY;BYDAY=FR"));
        case("New episodes on Tuesdays.", Some("FREQ=WEEKLY;BYDAY=TU"));
        case("Every Monday, Wednesday and Friday", Some("FREQ=WEEKLY;BYDAY=MO,WE,FR"));
        case("Jeden Montag und Donnerstag", Some("FREQ=WEEKLY;BYDAY=MO,TH"));
        case("Immer sonntags", Some("FREQ=WEEKLY;BYDAY=SU"));
        case("Chaque samedi et dimanche", Some("FREQ=WEEKLY;BYDAY=SA,SU"));
        case("Tous les vendredis", Some("FREQ=WEEKLY;BYDAY=FR"));
        case("Cada miércoles", Some("FREQ=WEEKLY;BYDAY=WE"));
        case("Todas as quintas-feiras", Some("FREQ=WEEKLY;BYDAY=TH"));
        case("Toda quinta-feira", Some("FREQ=WEEKLY;BYDAY=TH"));
        case("Kila Jumatano", Some("FREQ=WEEKLY;BYDAY=WE"));
        case("كل خميس وجمعة", Some("FREQ=WEEKLY;BYDAY=TH,FR"));
    }

    #[test]
    fn what_happens_once_is_no_frequency() {
        case("On Friday we hosted a debate", None);
        case("Every listener remembers last Friday", None);
        case("A podcast for each and every one", None);
        case("A podcast packed with news", None);
        case("The daily-bread bakery", None);
        case("", None);
    }

    #[test]
    fn the_other_days_are_skipped() {
        let frequency = Frequency::parse("every weekday").unwrap();
        assert_eq!(frequency.skipped().map(english).collect::<Vec<_>>(), ["Saturday", "Sunday"]);
        assert_eq!(Frequency::on(&[Weekday::Sunday, Weekday::Monday]).unwrap().days(), [Weekday::Monday, Weekday::Sunday]);
        assert_eq!(Frequency::on(&[]), None);
        assert_eq!(
            (weekday("sunday"), weekday("Tue"), weekday("dimanche")),
            (Some(Weekday::Sunday), Some(Weekday::Tuesday), None)
        );
    }
}
