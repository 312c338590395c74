//! Who signed, in the forms of newspapers that are no plain byline: `dpa/ab`, `Source: AFP`, `홍길동 기자`, `(A, B, 3.5.2024)`.

use super::{agencies, byline, dates};
use crate::domain::Line;

/// The agency that a short line names as its source: `Quelle: dpa Sport`, or with the initials of who edited it: `dpa/ab`.
pub(super) fn agency(text: &str) -> Option<Line> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let labelled = text.split_once(':').filter(|(label, _)| SOURCES.contains(&label.trim().to_lowercase().as_str()));
    if let Some((_, rest)) = labelled {
        let rest = rest.trim();
        let named = agencies::leading(rest)?;
        let few = rest.get(named.len()..).unwrap_or_default().split_whitespace().count() <= 2;
        return Line::new(named).filter(|_| few);
    }
    let initials = |part: &str| part.chars().count() <= 5 && part.chars().all(char::is_alphabetic);
    let parts = || text.split('/').map(str::trim);
    let edited = parts().nth(1).is_some() && parts().all(|part| agencies::signs(part) || initials(part));
    parts().find(|part| edited && agencies::signs(part)).and_then(Line::new)
}

/// Words for "source" in front of an agency.
const SOURCES: [&str; 10] = ["quelle", "source", "fuente", "fonte", "kaynak", "bron", "kilde", "källa", "źródło", "источник"];

/// The name beside which a short line says that it is a reporter's, as papers of Korea (`홍길동 기자 hong@…`) and of Taiwan
/// and China (`記者陳大文／台北報導`) do.
pub(super) fn reporter(text: &str) -> Option<Line> {
    const LONGEST: usize = 120;
    if text.len() > LONGEST {
        return None;
    }
    korean(text).or_else(|| chinese(text)).and_then(Line::new)
}

fn korean(text: &str) -> Option<&str> {
    /// Syllables of all but a few Korean names.
    const SYLLABLES: usize = 3;
    let is_name = |word: &&str| word.chars().count() == SYLLABLES && word.chars().all(|c| matches!(c, '가'..='힣'));
    let mut before = "";
    text.split_whitespace().find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let name = if word == "기자" { Some(before) } else { word.strip_suffix("기자") };
        before = word;
        name.filter(is_name)
    })
}

fn chinese(text: &str) -> Option<&str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '〔' | '〕' | '【' | '】' | '(' | ')' | '（' | '）'));
    let rest = ["記者", "记者"].iter().find_map(|mark| text.strip_prefix(mark))?.trim_start_matches([' ', ':', '：', '\u{3000}']);
    let end = rest.find(|c: char| !is_han(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(end)?;
    let ended = after.is_empty() || after.starts_with(['／', '/', '、', '|', '｜', ' ', '\u{3000}']);
    ((2..=4).contains(&name.chars().count()) && ended).then_some(name)
}

/// Whether a line can be nothing but a name in Chinese letters, where a name may be: `松本花子`.
pub(super) fn is_han_name(text: &str) -> bool {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    (3..=5).contains(&letters.clone().count()) && letters.clone().all(is_han) && !HAN.iter().any(|word| text.contains(word))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '々')
}

/// What stands in labels of pages in Chinese letters and in no name.
#[rustfmt::skip]
const HAN: &[&str] = &[
    "記事", "会員", "會員", "限定", "有料", "無料", "免費", "速報", "独自", "社説", "特集", "連載", "解説", "新聞", "新闻", "通信", "国際", "國際", "政治", "経済",
    "經濟", "社会", "社會", "文化", "地域", "科学", "科學", "教育", "生活", "写真", "動画", "影音", "編集", "編輯", "委員", "登録", "登入", "一覧", "関連", "相關", "最新", "分享",
    "保存", "印刷", "共有", "広告", "廣告", "日本", "台灣", "中国", "全文", "時間", "綜合", "報導", "即時", "財經", "娛樂", "体育", "體育",
];

/// The names in brackets behind the last sentence of an article, with the day: `... says the captain. (A, B, 3.5.2024)`.
pub(super) fn behind_sentence(text: &str) -> Vec<Line> {
    const LONGEST: usize = 200;
    let inner =
        text.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once('(')).filter(|(_, inner)| inner.len() <= LONGEST);
    let Some((before, inner)) = inner else { return Vec::new() };
    let dated = dates::find_all(inner, None).into_iter().next_back().filter(|dated| dated.span.end == inner.len());
    match dated.and_then(|dated| inner.get(..dated.span.start)) {
        Some(names) if before.contains(' ') => byline::names(names.trim_end_matches([' ', ','])),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(found: Option<Line>, expected: &str, text: &str) {
        assert_eq!(found.map(|line| line.to_string()).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn agencies_are_named_as_sources() {
        for (text, expected) in [
            ("Quelle: dpa Sport", "dpa"),
            ("Source: The Associated Press", "The Associated Press"),
            ("dpa/ab", "dpa"),
            ("ks/Reuters", "Reuters"),
            ("Source: Bank of Gao", ""),
            ("Source: AFP was told so by two fishers", ""),
            ("Awa Sarr/AFP", ""),
            ("Rivers/Lakes", ""),
            ("AFP", ""),
            ("", ""),
        ] {
            case(agency(text), expected, text);
        }
    }

    #[test]
    fn reporters_are_named_as_such() {
        for (text, expected) in [
            ("가오 김하나 기자 hana@example.org", "김하나"),
            ("김하나기자", "김하나"),
            ("사진 기자", ""),
            ("記者陳大文／高雄報導", "陳大文"),
            ("〔記者陳大文／高雄報導〕", "陳大文"),
            ("記者会見を開いた", ""),
            ("Awa Sarr", ""),
        ] {
            case(reporter(text), expected, text);
        }
        assert!(is_han_name("松本花子") && is_han_name("松本 花子"));
        assert!(!is_han_name("会員限定") && !is_han_name("川") && !is_han_name("松本はな") && !is_han_name("Awa"));
    }

    #[test]
    fn names_stand_behind_the_last_sentence() {
        let names = |text: &str| behind_sentence(text).iter().map(Line::to_string).collect::<Vec<_>>().join("|");
        assert_eq!(names("The ferry waits. (Awa Sarr aus Gao, Ben Okoro, 3.5.2024)"), "Awa Sarr|Ben Okoro");
        for text in
            ["The ferry waits (in Gao).", "The ferry waits. (Gao, 2024)", "(Awa Sarr, 3.5.2024)", "It waits. (3.5.2024)", ""]
        {
            assert_eq!(names(text), "", "{text}");
        }
    }
}
