//! Which language a text is written in, by its small words, or by its script.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::{Block, Language};

/// Characters that are looked at; more do not change the answer.
const SAMPLE: usize = 20_000;
/// Fewest small words that tell a language.
const FEWEST: usize = 4;

/// The language of an article, where nothing else tells it.
pub(super) fn of(blocks: &[Block]) -> Option<Language> {
    let texts: Vec<String> = blocks.iter().map(Block::plain).collect();
    detect(texts.iter().map(String::as_str))
}

/// The language of a text; `None` where its words do not tell.
pub(super) fn detect<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Language> {
    let mut hits = [0_usize; WORDS.len()];
    let mut words = 0_usize;
    let mut scripts = [0_usize; SCRIPTS.len()];
    let mut letters = 0_usize;
    let mut left = SAMPLE;
    for text in texts {
        let mut word = String::new();
        for c in text.chars().chain([' ']).take(left) {
            if c.is_alphabetic() || c == '\'' || c == '’' {
                letters += 1;
                for (count, (_, range)) in scripts.iter_mut().zip(SCRIPTS) {
                    *count += usize::from(range.contains(&c));
                }
                // "l'eau" and "aujourd'hui" break at the apostrophe, as the lists below do.
                word.extend(c.to_lowercase());
                if c.is_alphabetic() {
                    continue;
                }
            }
            if !word.is_empty() {
                words += 1;
                for at in SPOKEN.get(word.as_str()).into_iter().flatten() {
                    hits.get_mut(*at).into_iter().for_each(|count| *count += 1);
                }
                word.clear();
            }
        }
        left = left.saturating_sub(text.len());
        if left == 0 {
            break;
        }
    }
    by_script(&scripts, letters).or_else(|| by_words(&hits, words)).and_then(Language::parse)
}

fn by_words(hits: &[usize; WORDS.len()], words: usize) -> Option<&'static str> {
    let mut ranked: Vec<(usize, &str)> = hits.iter().zip(WORDS).map(|(count, (tag, _))| (*count, tag)).collect();
    ranked.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let [(best, tag), (second, _), ..] = ranked.as_slice() else { return None };
    // Running text is a fifth to a half small words; a list of names has hardly any.
    let sure = *best >= FEWEST && best * 8 >= words && best * 10 >= second * 12;
    sure.then_some(tag)
}

fn by_script(scripts: &[usize; SCRIPTS.len()], letters: usize) -> Option<&'static str> {
    if letters < FEWEST * 2 {
        return None;
    }
    // Kana come before Han in the table: Japanese is written with both.
    let share = |at: usize| scripts.get(at).copied().unwrap_or(0) * 10 / letters;
    SCRIPTS.iter().enumerate().find(|(at, (tag, _))| share(*at) >= if *tag == "ja" { 1 } else { 5 }).map(|(_, (tag, _))| *tag)
}

/// Scripts that one language writes almost alone (Unicode blocks).
const SCRIPTS: [(&str, std::ops::RangeInclusive<char>); 9] = [
    ("ja", '\u{3040}'..='\u{30FF}'),
    ("zh", '\u{4E00}'..='\u{9FFF}'),
    ("ko", '\u{AC00}'..='\u{D7AF}'),
    ("el", '\u{370}'..='\u{3FF}'),
    ("he", '\u{590}'..='\u{5FF}'),
    ("hi", '\u{900}'..='\u{97F}'),
    ("bn", '\u{980}'..='\u{9FF}'),
    ("th", '\u{E00}'..='\u{E7F}'),
    ("am", '\u{1200}'..='\u{137F}'),
];

/// The places in [`WORDS`] of the languages that have a word.
static SPOKEN: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (_, list)) in WORDS.iter().enumerate() {
        for word in *list {
            let known = all.entry(word).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    all
});

/// The commonest small words of each language; those that neighbours share decide nothing and do no harm.
const WORDS: [(&str, &[&str]); 25] = [
    (
        "en",
        &[
            "the", "of", "and", "to", "in", "is", "that", "was", "for", "it", "with", "as", "his", "on", "be", "at", "by", "had",
            "not", "are", "but", "from", "have", "they", "which", "were", "their", "has", "who", "this", "an",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "de", "des", "du", "et", "un", "une", "est", "que", "qui", "dans", "pour", "pas", "sur", "au",
            "aux", "avec", "ce", "il", "elle", "sont", "par", "plus", "se", "d'", "l'", "d’", "l’", "qu’", "à", "été", "ont",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "in", "den", "von", "zu", "mit", "ist", "im", "nicht", "ein", "eine", "auf", "für",
            "des", "sich", "dem", "als", "auch", "es", "an", "hat", "werden", "aus", "er", "sie", "bei", "wird", "wie", "einen",
            "war",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "de", "del", "que", "y", "en", "un", "una", "es", "se", "no", "por", "con", "para", "su",
            "al", "lo", "como", "más", "ha", "pero", "sus", "este", "entre", "cuando", "muy", "sobre", "fue",
        ],
    ),
    (
        "pt",
        &[
            "o", "a", "os", "as", "de", "do", "da", "dos", "das", "que", "e", "em", "um", "uma", "é", "não", "para", "com",
            "por", "no", "na", "se", "mais", "ao", "à", "foi", "como", "são", "pela", "pelo", "seu", "sua", "ou",
        ],
    ),
    (
        "it",
        &[
            "il", "lo", "la", "gli", "le", "di", "del", "della", "dei", "che", "e", "è", "un", "una", "in", "per", "non", "con",
            "si", "da", "al", "alla", "sono", "nel", "nella", "ha", "come", "più", "anche", "dal", "dell'", "dell’", "l’", "i",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "van", "en", "in", "is", "dat", "op", "te", "voor", "met", "zijn", "niet", "aan", "er", "om",
            "ook", "als", "door", "bij", "maar", "naar", "hij", "wordt", "uit", "nog", "werd", "over", "heeft", "worden",
        ],
    ),
    (
        "sv",
        &[
            "och", "att", "det", "i", "en", "som", "på", "är", "av", "för", "med", "den", "till", "inte", "om", "ett", "har",
            "de", "var", "han", "från", "men", "sig", "vid", "så", "efter", "kan", "jag",
        ],
    ),
    (
        "da",
        &[
            "og", "at", "det", "i", "en", "som", "på", "er", "af", "for", "med", "den", "til", "ikke", "om", "et", "har", "de",
            "var", "han", "fra", "men", "sig", "ved", "så", "efter", "kan", "jeg", "blev", "der",
        ],
    ),
    (
        "no",
        &[
            "og", "å", "det", "i", "en", "som", "på", "er", "av", "for", "med", "den", "til", "ikke", "om", "et", "har", "de",
            "var", "han", "fra", "men", "seg", "ved", "så", "etter", "kan", "jeg", "ble", "sier",
        ],
    ),
    (
        "pl",
        &[
            "i", "w", "z", "na", "do", "się", "nie", "że", "to", "jest", "o", "od", "po", "za", "przez", "jak", "dla", "ale",
            "co", "oraz", "który", "ma", "są", "był", "także", "już", "we", "jego",
        ],
    ),
    (
        "tr",
        &[
            "ve", "bir", "bu", "da", "de", "için", "ile", "olarak", "daha", "çok", "gibi", "olan", "sonra", "kadar", "en", "ise",
            "ne", "olduğu", "var", "o", "ancak", "her", "dedi", "göre", "yer",
        ],
    ),
    (
        "id",
        &[
            "yang", "dan", "di", "dengan", "untuk", "dari", "ini", "itu", "pada", "dalam", "tidak", "ke", "juga", "akan", "oleh",
            "telah", "sebagai", "bisa", "adalah", "karena", "tersebut", "atau", "saat", "kata",
        ],
    ),
    (
        "ro",
        &[
            "și", "de", "în", "la", "a", "cu", "pe", "din", "că", "este", "nu", "să", "pentru", "o", "un", "care", "mai", "au",
            "sunt", "fost", "se", "ce", "după",
        ],
    ),
    (
        "sw",
        &[
            "ya", "wa", "na", "kwa", "ni", "katika", "za", "la", "kuwa", "hiyo", "hii", "cha", "huo", "yake", "wake", "baada",
            "pia", "kama", "lakini", "ambao", "huyo", "vya", "mwa", "watu", "nchi", "wao", "zaidi", "hilo",
        ],
    ),
    (
        "ha",
        &[
            "da", "a", "ya", "na", "ta", "ba", "shi", "cewa", "wannan", "don", "ne", "ce", "su", "ga", "ta", "wani", "sun",
            "cikin", "kuma", "ba", "daga", "an", "yi", "kan", "wasu", "amma", "yadda", "mai", "zai", "tare",
        ],
    ),
    (
        "so",
        &[
            "oo", "ka", "ku", "iyo", "waa", "ay", "in", "uu", "ee", "la", "ah", "soo", "si", "aan", "waxaa", "wax", "kale",
            "loo", "lagu", "sida", "isaga", "ayaa", "waxay", "kaas", "laga", "uga", "kala", "ayuu",
        ],
    ),
    (
        "yo",
        &[
            "ti", "ni", "ó", "tí", "ní", "àwọn", "awọn", "fún", "pé", "sí", "náà", "wọn", "jẹ", "ṣe", "àti", "ati", "kan",
            "gbogbo", "yìí", "bá", "wa",
        ],
    ),
    (
        "zu",
        &[
            "ukuthi",
            "kanye",
            "futhi",
            "uma",
            "ngoba",
            "kodwa",
            "lo",
            "le",
            "abantu",
            "ngesikhathi",
            "kusho",
            "kule",
            "nge",
            "yakhe",
            "wakhe",
            "uthi",
            "ukuba",
            "khona",
            "kuleli",
        ],
    ),
    (
        "af",
        &[
            "die", "van", "en", "in", "het", "is", "wat", "vir", "nie", "met", "op", "om", "te", "dat", "hy", "sy", "aan", "was",
            "sal", "ook", "by", "uit", "maar", "oor", "ons", "hulle", "deur",
        ],
    ),
    (
        "ar",
        &[
            "في", "من", "على", "إلى", "أن", "عن", "التي", "الذي", "هذا", "هذه", "مع", "ما", "لا", "كان", "بعد", "قد", "بين",
            "كما", "وقد", "أو", "ذلك", "حيث", "خلال", "كانت",
        ],
    ),
    (
        "fa",
        &[
            "در", "به", "از", "که", "این", "را", "با", "است", "برای", "آن", "یک", "خود", "تا", "کرد", "بر", "هم", "نیز", "شده",
            "های", "می",
        ],
    ),
    (
        "ur",
        &[
            "کے", "کی", "میں", "ہے", "اور", "سے", "کو", "کا", "نے", "پر", "ہیں", "کہ", "یہ", "اس", "بھی", "تھا", "نہیں", "ہو",
            "ایک", "لیے", "تھے", "گیا", "کر", "وہ", "جو",
        ],
    ),
    (
        "ru",
        &[
            "и",
            "в",
            "не",
            "на",
            "с",
            "что",
            "он",
            "как",
            "по",
            "это",
            "из",
            "но",
            "к",
            "у",
            "за",
            "от",
            "так",
            "о",
            "для",
            "же",
            "его",
            "был",
            "было",
            "которые",
            "сказал",
        ],
    ),
    (
        "uk",
        &[
            "і",
            "в",
            "у",
            "не",
            "на",
            "з",
            "що",
            "та",
            "до",
            "як",
            "за",
            "це",
            "від",
            "для",
            "про",
            "його",
            "але",
            "є",
            "був",
            "які",
            "також",
            "було",
            "він",
            "або",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Option<&str>) {
        assert_eq!(detect([text].into_iter()).as_ref().map(Language::as_str), expected, "{text}");
    }

    #[test]
    fn small_words_tell_the_language() {
        case("The river rose in the night and the people of the village were not asleep.", Some("en"));
        case("Le fleuve est monté dans la nuit et les gens du village n'ont pas dormi.", Some("fr"));
        case("Der Fluss ist in der Nacht gestiegen, und die Leute im Dorf schliefen nicht.", Some("de"));
        case("El río subió en la noche y la gente del pueblo no se durmió.", Some("es"));
        case("O rio subiu durante a noite e as pessoas da aldeia não dormiram com o barulho.", Some("pt"));
        case("Il fiume è salito nella notte e la gente del paese non ha dormito per il rumore.", Some("it"));
        case("De rivier steeg in de nacht en de mensen van het dorp hebben niet geslapen.", Some("nl"));
        case("Mto ulijaa usiku na watu wa kijiji hicho hawakulala kwa sababu ya kelele katika bonde la mto.", Some("sw"));
        case("Kogin ya cika da dare kuma mutanen kauyen ba su yi barci ba don wannan dalili.", Some("ha"));
        case("ارتفع النهر في الليل ولم ينم أهل القرية من الضجيج الذي كان على الضفة إلى أن جاء الصباح", Some("ar"));
        case("رودخانه در شب بالا آمد و مردم روستا که در آن خانه‌ها بودند تا صبح نخوابیدند.", Some("fa"));
        case("دریا رات کو چڑھ گیا اور گاؤں کے لوگ اس شور کی وجہ سے نہیں سوئے۔", Some("ur"));
        case("הנהר עלה בלילה, ואנשי הכפר לא ישנו עד הבוקר.", Some("he"));
        case("川は夜に増水し、村の人々は眠れなかった。", Some("ja"));
        case("강물이 밤에 불어났고 마을 사람들은 잠을 이루지 못했다.", Some("ko"));
    }

    #[test]
    fn too_few_words_tell_nothing() {
        case("", None);
        case("Bamako Dakar Accra", None);
        case("the", None);
        case("1 2 3 !", None);
    }
}
