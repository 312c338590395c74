//! A day in the words of a language, for the subjects of letters.

use jiff::civil::{Date, Weekday};

use super::words;
use crate::domain::Language;

/// A day of the calendar, whole and in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayInWords {
    /// `4 March 2026`; `2026-03-04` where griot does not know the language.
    pub date: String,
    /// `March`; English where griot does not know the language.
    pub month: &'static str,
    /// `Wednesday`, likewise.
    pub weekday: &'static str,
}

impl DayInWords {
    pub fn new(date: Date, language: &Language) -> Self {
        Self { date: words::day(date, language), month: words::month(date, language), weekday: weekday(date.weekday(), language) }
    }
}

fn weekday(day: Weekday, language: &Language) -> &'static str {
    let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = match language.primary() {
        "fr" => ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        "de" => ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        "es" => ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        "pt" => ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
        "sw" => ["Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"],
        "ar" => ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
        "it" => ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
        "nl" => ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
        _ => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    };
    match day {
        Weekday::Monday => monday,
        Weekday::Tuesday => tuesday,
        Weekday::Wednesday => wednesday,
        Weekday::Thursday => thursday,
        Weekday::Friday => friday,
        Weekday::Saturday => saturday,
        Weekday::Sunday => sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(language: &str, date: &str, month: &str, weekday: &str) {
        let day = DayInWords::new("2026-03-04".parse().unwrap(), &Language::parse(language).unwrap());
        assert_eq!((day.date.as_str(), day.month, day.weekday), (date, month, weekday));
    }

    #[test]
    fn days_have_names() {
        case("en", "4 March 2026", "March", "Wednesday");
        case("pt-BR", "4 de março de 2026", "março", "quarta-feira");
        case("sw", "4 Machi 2026", "Machi", "Jumatano");
        case("ha", "2026-03-04", "March", "Wednesday");
    }
}
