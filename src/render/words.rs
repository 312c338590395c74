//! The words that griot itself adds, in feeds and letters, by language.

use jiff::civil::Date;

use crate::domain::Language;

/// What a feed or a letter says besides what it carries.
#[derive(Debug)]
pub(super) struct Words {
    /// The language that these are in.
    pub(super) language: &'static str,
    /// What ends a label: French has a no-break space before it.
    pub(super) colon: &'static str,
    pub(super) by: &'static str,
    pub(super) edited_by: &'static str,
    pub(super) photo: &'static str,
    pub(super) listen: &'static str,
    /// Before the name of a show.
    pub(super) listen_to: &'static str,
    /// Before the title of an episode.
    pub(super) latest_episode: &'static str,
    pub(super) podcast: &'static str,
    pub(super) also_on: &'static str,
    pub(super) also_in: &'static str,
    pub(super) more_at: &'static str,
    pub(super) read_on: &'static str,
    pub(super) cut: &'static str,
    pub(super) reason: &'static str,
    pub(super) contact: &'static str,
    pub(super) archive: &'static str,
    /// Of an episode.
    pub(super) chapters: &'static str,
    pub(super) transcript: &'static str,
    /// Of the same letter without pictures.
    pub(super) light: &'static str,
    pub(super) unsubscribe: &'static str,
    months: [&'static str; 12],
    day: DayForm,
}

/// How a day is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayForm {
    /// `4 March 2026`
    Plain,
    /// `4 mars 2026`, but `1er mars 2026`
    French,
    /// `4 marzo 2026`, but `1º marzo 2026`
    Italian,
    /// `4. März 2026`
    Dotted,
    /// `4 de marzo de 2026`
    De,
}

impl Words {
    /// The words of the first of these languages that griot knows, or English.
    pub(super) fn of(languages: &[&Language]) -> &'static Self {
        languages.iter().find_map(|language| Self::known(language)).unwrap_or(&ENGLISH)
    }

    fn known(language: &Language) -> Option<&'static Self> {
        Some(match language.primary() {
            "en" => &ENGLISH,
            "fr" => &FRENCH,
            "de" => &GERMAN,
            "es" => &SPANISH,
            "pt" => &PORTUGUESE,
            "sw" => &SWAHILI,
            "ar" => &ARABIC,
            "it" => &ITALIAN,
            "nl" => &DUTCH,
            _ => return None,
        })
    }
}

/// The month in the words of the language, or in English.
pub(super) fn month(date: Date, language: &Language) -> &'static str {
    let at = usize::try_from(date.month() - 1).unwrap_or_default();
    Words::of(&[language]).months.get(at).copied().unwrap_or_default()
}

/// The day in words, or as `2026-03-04` where griot does not know the language.
pub(super) fn day(date: Date, language: &Language) -> String {
    let month = |words: &'static Words| Some((words, *words.months.get(usize::try_from(date.month() - 1).ok()?)?));
    let Some((words, month)) = Words::known(language).and_then(month) else {
        return date.to_string();
    };
    let (day, year) = (date.day(), date.year());
    match words.day {
        DayForm::French if day == 1 => format!("1er {month} {year}"),
        DayForm::Italian if day == 1 => format!("1º {month} {year}"),
        DayForm::Plain | DayForm::French | DayForm::Italian => format!("{day} {month} {year}"),
        DayForm::Dotted => format!("{day}. {month} {year}"),
        DayForm::De => format!("{day} de {month} de {year}"),
    }
}

const ENGLISH: Words = Words {
    language: "en",
    colon: ":",
    by: "By",
    edited_by: "Edited by",
    photo: "Photo:",
    listen: "Listen",
    listen_to: "Listen to",
    latest_episode: "Latest episode",
    podcast: "Podcast",
    also_on: "Also on",
    also_in: "Also in this letter",
    more_at: "More at",
    read_on: "Read on",
    cut: "The article goes on where a letter has to end.",
    reason: "You get this letter because you asked for it.",
    contact: "Write to us",
    archive: "Read in the browser",
    chapters: "Chapters",
    transcript: "Transcript",
    light: "Light version",
    unsubscribe: "Unsubscribe",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    day: DayForm::Plain,
};

const FRENCH: Words = Words {
    language: "fr",
    colon: "\u{a0}:",
    by: "Par",
    edited_by: "Édité par",
    photo: "Photo\u{a0}:",
    listen: "Écouter",
    listen_to: "Écouter",
    latest_episode: "Dernier épisode",
    podcast: "Podcast",
    also_on: "Aussi sur",
    also_in: "Également dans cette lettre",
    more_at: "D’autres articles sur",
    read_on: "Lire la suite",
    cut: "L’article continue là où une lettre doit finir.",
    reason: "Vous recevez cette lettre parce que vous l’avez demandée.",
    contact: "Nous écrire",
    archive: "Lire dans le navigateur",
    chapters: "Chapitres",
    transcript: "Transcription",
    light: "Version légère",
    unsubscribe: "Se désabonner",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    day: DayForm::French,
};

const GERMAN: Words = Words {
    language: "de",
    colon: ":",
    by: "Von",
    edited_by: "Redaktion:",
    photo: "Foto:",
    listen: "Anhören",
    listen_to: "Jetzt hören:",
    latest_episode: "Neueste Folge",
    podcast: "Podcast",
    also_on: "Auch bei",
    also_in: "Außerdem in diesem Brief",
    more_at: "Mehr auf",
    read_on: "Weiterlesen",
    cut: "Der Artikel geht weiter, wo ein Brief enden muss.",
    reason: "Sie bekommen diesen Brief, weil Sie ihn bestellt haben.",
    contact: "Schreiben Sie uns",
    archive: "Im Browser lesen",
    chapters: "Kapitel",
    transcript: "Transkript",
    light: "Leichte Fassung ohne Bilder",
    unsubscribe: "Abbestellen",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    day: DayForm::Dotted,
};

const SPANISH: Words = Words {
    language: "es",
    colon: ":",
    by: "Por",
    edited_by: "Editado por",
    photo: "Foto:",
    listen: "Escuchar",
    listen_to: "Escuchar",
    latest_episode: "Último episodio",
    podcast: "Podcast",
    also_on: "También en",
    also_in: "También en esta carta",
    more_at: "Más en",
    read_on: "Seguir leyendo",
    cut: "El artículo sigue donde una carta tiene que acabar.",
    reason: "Recibe esta carta porque la ha pedido.",
    contact: "Escríbanos",
    archive: "Leer en el navegador",
    chapters: "Capítulos",
    transcript: "Transcripción",
    light: "Versión ligera",
    unsubscribe: "Darse de baja",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    day: DayForm::De,
};

const PORTUGUESE: Words = Words {
    language: "pt",
    colon: ":",
    by: "Por",
    edited_by: "Edição:",
    photo: "Foto:",
    listen: "Ouvir",
    listen_to: "Ouvir",
    latest_episode: "Último episódio",
    podcast: "Podcast",
    also_on: "Também em",
    also_in: "Também nesta carta",
    more_at: "Mais em",
    read_on: "Continuar a ler",
    cut: "O artigo continua onde uma carta tem de acabar.",
    reason: "Recebe esta carta porque a pediu.",
    contact: "Escreva-nos",
    archive: "Ler no navegador",
    chapters: "Capítulos",
    transcript: "Transcrição",
    light: "Versão leve",
    unsubscribe: "Cancelar a subscrição",
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    day: DayForm::De,
};

const SWAHILI: Words = Words {
    language: "sw",
    colon: ":",
    by: "Na",
    edited_by: "Mhariri:",
    photo: "Picha:",
    listen: "Sikiliza",
    listen_to: "Sikiliza",
    latest_episode: "Kipindi kipya",
    podcast: "Podikasti",
    also_on: "Pia kwenye",
    also_in: "Pia katika barua hii",
    more_at: "Zaidi kwenye",
    read_on: "Endelea kusoma",
    cut: "Makala inaendelea pale barua inapopaswa kuishia.",
    reason: "Unapokea barua hii kwa sababu uliiomba.",
    contact: "Tuandikie",
    archive: "Soma kwenye kivinjari",
    chapters: "Sura",
    transcript: "Nakala ya maandishi",
    light: "Toleo jepesi",
    unsubscribe: "Jiondoe",
    months: [
        "Januari", "Februari", "Machi", "Aprili", "Mei", "Juni", "Julai", "Agosti", "Septemba", "Oktoba", "Novemba", "Desemba",
    ],
    day: DayForm::Plain,
};

const ARABIC: Words = Words {
    language: "ar",
    colon: ":",
    by: "بقلم",
    edited_by: "تحرير:",
    photo: "الصورة:",
    listen: "استمع",
    listen_to: "استمع إلى",
    latest_episode: "أحدث حلقة",
    podcast: "بودكاست",
    also_on: "أيضًا على",
    also_in: "أيضًا في هذه الرسالة",
    more_at: "المزيد على",
    read_on: "تابع القراءة",
    cut: "تستمر المقالة حيث يجب أن تنتهي الرسالة.",
    reason: "تصلك هذه الرسالة لأنك طلبتها.",
    contact: "راسلنا",
    archive: "اقرأ في المتصفح",
    chapters: "الفصول",
    transcript: "النص المكتوب",
    light: "نسخة خفيفة",
    unsubscribe: "إلغاء الاشتراك",
    months: ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    day: DayForm::Plain,
};

const ITALIAN: Words = Words {
    language: "it",
    colon: ":",
    by: "Di",
    edited_by: "A cura di",
    photo: "Foto:",
    listen: "Ascolta",
    listen_to: "Ascolta",
    latest_episode: "Ultima puntata",
    podcast: "Podcast",
    also_on: "Anche su",
    also_in: "Anche in questa lettera",
    more_at: "Altro su",
    read_on: "Continua a leggere",
    cut: "L’articolo continua dove una lettera deve finire.",
    reason: "Riceve questa lettera perché l’ha richiesta.",
    contact: "Ci scriva",
    archive: "Leggi nel browser",
    chapters: "Capitoli",
    transcript: "Trascrizione",
    light: "Versione leggera",
    unsubscribe: "Annulla l’iscrizione",
    months: [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    day: DayForm::Italian,
};

const DUTCH: Words = Words {
    language: "nl",
    colon: ":",
    by: "Door",
    edited_by: "Redactie:",
    photo: "Foto:",
    listen: "Luisteren",
    listen_to: "Luister naar",
    latest_episode: "Nieuwste aflevering",
    podcast: "Podcast",
    also_on: "Ook op",
    also_in: "Ook in deze brief",
    more_at: "Meer op",
    read_on: "Lees verder",
    cut: "Het artikel gaat verder waar een brief moet eindigen.",
    reason: "U krijgt deze brief omdat u erom hebt gevraagd.",
    contact: "Schrijf ons",
    archive: "Lezen in de browser",
    chapters: "Hoofdstukken",
    transcript: "Transcript",
    light: "Lichte versie",
    unsubscribe: "Afmelden",
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    day: DayForm::Plain,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(language: &str, date: &str, words: &str) {
        assert_eq!(day(date.parse().unwrap(), &Language::parse(language).unwrap()), words);
    }

    #[test]
    fn days_in_words() {
        case("en-GB", "2026-03-04", "4 March 2026");
        case("fr", "2026-08-01", "1er août 2026");
        case("fr", "2026-08-02", "2 août 2026");
        case("de", "2026-03-04", "4. März 2026");
        case("es", "2026-12-31", "31 de diciembre de 2026");
        case("pt-BR", "2026-01-09", "9 de janeiro de 2026");
        case("it", "2026-05-01", "1º maggio 2026");
        case("it-CH", "2026-05-02", "2 maggio 2026");
        case("nl", "2026-03-04", "4 maart 2026");
        case("ha", "2026-03-04", "2026-03-04");
    }

    #[test]
    fn the_nearest_known_language_speaks() {
        let language = |tag| Language::parse(tag).unwrap();
        assert_eq!(Words::of(&[&language("ha"), &language("fr")]).listen, "Écouter");
        assert_eq!(Words::of(&[&language("ha")]).listen, "Listen");
    }
}
