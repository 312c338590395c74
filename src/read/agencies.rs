//! Agencies and houses that stand where a person's name could.

use super::words;

/// Whether a name is one that signs articles.
pub(super) fn signs(name: &str) -> bool {
    [NEWS, HOUSES].iter().any(|list| list.iter().any(|agency| name.eq_ignore_ascii_case(agency)))
}

/// Whether a text is the name of one that sells pictures.
pub(super) fn sells_pictures(text: &str) -> bool {
    [NEWS, PICTURES].iter().any(|list| list.contains(&text))
}

/// Whether a text names one that sells pictures, as a word of its own.
pub(super) fn stands_in(text: &str) -> bool {
    words::tails(text).any(|tail| {
        let first = tail.as_bytes().first();
        let mut named = NEWS.iter().chain(PICTURES).filter(|agency| agency.as_bytes().first() == first);
        named.any(|agency| tail.strip_prefix(agency).is_some_and(|after| !after.starts_with(char::is_alphanumeric)))
    })
}

/// The news agency with whose name a text begins, as it is written there.
pub(super) fn leading(text: &str) -> Option<&str> {
    let heads = NEWS
        .iter()
        .filter_map(|agency| text.split_at_checked(agency.len()).filter(|(head, _)| head.eq_ignore_ascii_case(agency)));
    heads.filter(|(_, tail)| !tail.starts_with(char::is_alphanumeric)).map(|(head, _)| head).max_by_key(|head| head.len())
}

/// Whether a text begins with the name of one that sells pictures.
pub(super) fn begins(text: &str) -> bool {
    [NEWS, PICTURES].iter().flat_map(|list| list.iter()).any(|agency| {
        let (head, tail) = text.split_at_checked(agency.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(agency) && !tail.starts_with(char::is_alphanumeric)
    })
}

/// News agencies: they sign articles and pictures.
#[rustfmt::skip]
const NEWS: &[&str] = &[
    "AFP", "AP", "Associated Press", "The Associated Press", "Agence France-Presse", "dpa", "DPA", "Deutsche Presse-Agentur",
    "Reuters", "REUTERS", "epd", "KNA", "SID", "sda", "Keystone-SDA", "APA", "ANSA", "EFE", "Europa Press", "Belga", "ANP",
    "NTB", "Ritzau", "PAP", "Lusa", "LUSA", "Xinhua", "Anadolu", "Anadolu Ajansı", "PA Media", "UPI", "Bloomberg",
    "AAP", "AGI", "Antara", "ANTARA", "Agerpres", "BTA", "Bernama", "CTK", "ČTK", "HINA", "Interfax", "LETA", "MTI", "PTI", "TASR",
    "TASS", "Ukrinform", "УНИАН", "Укринформ", "Укрінформ", "РИА Новости", "ТАСС", "Интерфакс", "ΑΠΕ-ΜΠΕ", "연합뉴스", "뉴시스",
    "뉴스1", "新华社", "新華社", "中新社", "中央社", "法新社", "路透社", "共同", "共同通信", "時事", "ロイター",
];

/// Those that sell pictures alone.
#[rustfmt::skip]
const PICTURES: &[&str] = &[
    "AP Photo", "Getty Images", "GETTY IMAGES", "Getty", "picture alliance", "picture-alliance", "EPA", "EPA-EFE", "IMAGO", "Imago", "imago",
    "imago images", "Shutterstock", "iStock", "Keystone", "KEYSTONE", "PA Wire", "PA Images", "Alamy", "NurPhoto", "SIPA",
    "ZUMA", "Lehtikuva", "Unsplash", "Abaca", "Action Images", "Adobe Stock", "stock.adobe.com", "Belgaimage", "BELGAIMAGE",
    "Depositphotos", "Dreamstime", "EUROKINISSI", "Eurokinissi", "Gallo Images", "Hans Lucas", "Hollandse Hoogte", "Inquam Photos",
    "LaPresse", "Magnum Photos", "MAXPPP", "Pexels", "Pixabay", "Profimedia", "Scanpix", "SOPA Images", "USA TODAY Sports",
    "Wikimedia Commons", "WENN",
];

/// Those that only sign, or whose letters are a word in captions.
#[rustfmt::skip]
const HOUSES: &[&str] = &[
    "Agencies", "Editorial", "TT", "RFI", "BBC", "VOA", "NAN", "GNA", "APS", "Euronews",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_whole_words() {
        assert!(signs("afp") && signs("The Associated Press") && !signs("Getty Images") && !signs(""));
        assert_eq!((leading("AFP, Dakar"), leading("dpa-Bericht"), leading("Apart")), (Some("AFP"), Some("dpa"), None));
        assert!(sells_pictures("AFP") && sells_pictures("Getty Images") && !sells_pictures("BBC"));
        assert!(begins("Picture Alliance") && begins("afp/Awa Sarr") && !begins("Apples") && !begins(""));
        assert!(stands_in("Awa Sarr/AFP via Getty Images") && stands_in("(EPA)") && !stands_in("APPLES") && !stands_in(""));
    }
}
