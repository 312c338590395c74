//! Captions of pictures that no word for a credit gives away.

use super::rows::Row;
use crate::read::picture::Credited;
use crate::read::{agencies, picture, words};

/// Words of the longest caption that is told from a paragraph by its credit alone.
const LONGEST: usize = 60;

/// The caption that a row is by itself, with its credit, which may be empty.
pub(super) fn of(row: &Row) -> Option<Credited<'_>> {
    if row.bullet.is_some() || row.words > LONGEST {
        return None;
    }
    let text = row.text.as_str();
    let (caption, credit) =
        in_brackets(row).or_else(|| japanese(row)).or_else(|| is_from_files(&row.key).then_some((text, "")))?;
    Some(Credited { caption, credit })
}

/// `The ferry at its pier. (Awa Sarr)`: a name in brackets behind the last stop, as papers of many countries print it.
fn in_brackets(row: &Row) -> Option<(&str, &str)> {
    let (caption, credit) = row.text.strip_suffix(')')?.rsplit_once('(')?;
    let (caption, credit) = (caption.trim_end(), credit.trim());
    // What an agency signs at its end is an article, and so is what somebody's initials stand behind.
    let initials = credit.len() <= 2 || credit.contains(|c: char| c.is_ascii_digit());
    let named = picture::is_like_name(credit, 4) && !credit.contains(',') && !agencies::signs(credit) && !initials;
    (named && row.words >= 5 && caption.ends_with('.')).then_some((caption, credit))
}

/// `海岸の船＝１３日、神戸で（山田花子撮影）`: Japanese papers set off place, day and source of a picture by this sign.
fn japanese(row: &Row) -> Option<(&str, &str)> {
    let text = row.text.as_str();
    let dense = text.chars().any(words::is_dense) && !text.contains('。') && !text.starts_with(['【', '◆', '■']);
    let (caption, credit) =
        text.rsplit_once('（').and_then(|(caption, rest)| Some((caption, taken(rest)?))).unwrap_or((text, ""));
    if !dense {
        return None;
    }
    let Some((front, back)) = caption.rsplit_once('＝') else { return (!credit.is_empty()).then_some((caption, credit)) };
    // A source stands alone behind the sign: no day, no place.
    let sold =
        credit.is_empty() && back.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ァ'..='ヶ' | 'ー'));
    Some(if sold { (front, back) } else { (caption, credit) })
}

/// The name of who took or gave a picture, from `山田花子撮影）`.
fn taken(rest: &str) -> Option<&str> {
    let inner = rest.strip_suffix('）')?;
    ["撮影", "提供"].iter().find_map(|word| inner.strip_suffix(word))
}

/// `FILE - The ferry at its pier`: agencies begin so what a picture of an earlier day shows.
fn is_from_files(key: &str) -> bool {
    ["file -", "file –", "file —", "file photo", "archivbild:", "archivfoto:"].iter().any(|start| key.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::text::rows;

    #[track_caller]
    fn case(text: &str, expected: Option<(&str, &str)>) {
        let row = rows::one(text).unwrap();
        assert_eq!(of(&row).map(|credited| (credited.caption, credited.credit)), expected, "{text}");
    }

    #[test]
    fn captions_are_told_by_what_stands_at_their_end() {
        let pier = "The old ferry lies at its pier.";
        case("The old ferry lies at its pier. (Awa Sarr)", Some((pier, "Awa Sarr")));
        case("The old ferry lies at its pier. (AFP)", None);
        case("The old ferry lies at its pier. (in spring)", None);
        case("The old ferry lies at its pier. (E-2)", None);
        case("The old ferry lies at its pier (Gao)", None);
        case("海岸の船＝１３日、神戸で（山田花子撮影）", Some(("海岸の船＝１３日、神戸で", "山田花子")));
        case("海岸の船（神戸で、３日）＝ロイター", Some(("海岸の船（神戸で、３日）", "ロイター")));
        case("海岸の船＝同国で2026年3月", Some(("海岸の船＝同国で2026年3月", "")));
        case("新しい船（神戸市提供）", Some(("新しい船", "神戸市")));
        case("船は海岸で待つ。空は青い＝神戸", None);
        case("FILE - The old ferry of Gao lies at its pier.", Some(("FILE - The old ferry of Gao lies at its pier.", "")));
        case("File your papers at the pier of Gao.", None);
    }
}
