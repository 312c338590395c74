//! Agencies and houses that stand where a person's name could.

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
    NEWS.iter().chain(PICTURES).any(|agency| {
        text.match_indices(agency).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + agency.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

/// News agencies: they sign articles and pictures.
#[rustfmt::skip]
const NEWS: &[&str] = &[
    "AFP", "AP", "Associated Press", "The Associated Press", "Agence France-Presse", "dpa", "DPA", "Deutsche Presse-Agentur",
    "Reuters", "REUTERS", "epd", "KNA", "SID", "sda", "Keystone-SDA", "APA", "ANSA", "EFE", "Europa Press", "Belga", "ANP",
    "NTB", "Ritzau", "PAP", "Lusa", "LUSA", "Xinhua", "Anadolu", "Anadolu Ajansı", "PA Media", "UPI", "Bloomberg",
    "연합뉴스", "뉴시스", "뉴스1", "ロイター", "共同通信", "新华社",
];

/// Those that sell pictures alone.
#[rustfmt::skip]
const PICTURES: &[&str] = &[
    "AP Photo", "Getty Images", "Getty", "picture alliance", "picture-alliance", "EPA", "EPA-EFE", "IMAGO", "Imago", "imago",
    "imago images", "Shutterstock", "iStock", "Keystone", "KEYSTONE", "PA Wire", "PA Images", "Alamy", "NurPhoto", "SIPA",
    "ZUMA", "Lehtikuva", "Unsplash",
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
        assert!(sells_pictures("AFP") && sells_pictures("Getty Images") && !sells_pictures("BBC"));
        assert!(stands_in("Awa Sarr/AFP via Getty Images") && stands_in("(EPA)") && !stands_in("APPLES") && !stands_in(""));
    }
}
