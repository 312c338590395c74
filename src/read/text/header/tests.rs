//! What stands around a title, in pages that are all made up.

use crate::domain::{Draft, Format, Line};
use crate::read::Page;
use crate::read::text::extract;

fn read(text: &str) -> Draft {
    extract(&Page { origin: "test".into(), url: None, format: Format::Text, text: text.into() })
}

fn names(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(Line::as_str).collect()
}

#[test]
fn the_title_is_told_from_what_stands_around_it() {
    let text = "The ferry of Gao has not sailed for a week, since nobody would pay for the fuel of the old ferry.\n\n\
                The captain of the ferry says that he will wait until the council of Gao has met again.\n";
    let title = |head: &str| {
        let draft = read(&format!("{head}\n{text}"));
        (draft.title.unwrap().to_string(), names(&draft.topics).join("|"))
    };
    let plain = "No ferry sails from Gao this week";
    let case = |head: &str, topics: &str| assert_eq!(title(head), (plain.to_owned(), topics.to_owned()), "{head}");
    case(&format!("Home News Gao {plain}\n{plain}\n3 March 2026\n"), "");
    case(&format!("Life on the river:\n{plain}\n3 March 2026\n"), "");
    case(
        &format!("The ferry of Gao is the oldest\nLife on the river –\n{plain}\nThe ferry of Gao is the oldest of all\n"),
        "Life on the river",
    );
    case(&format!("{plain}\n3 March 2026\nThe old ferry of Gao lies at its pier\nPhoto: Awa Sarr\n"), "");
    case(&format!("{plain}\nBy Awa Sarr\n\nRead more\nThe old ferry of Gao in ten pictures\n"), "");
    case(&format!("TROUBLED WATERS {plain}\nBy Awa Sarr\n"), "TROUBLED WATERS");
    case(&format!("\"We will wait\"{plain}\nBy Awa Sarr\n"), "\"We will wait\"");
    for path in ["You are here: Home » Rivers » “No fuel”", "HomeRivers“No fuel”"] {
        assert_eq!(title(&format!("{path}\n“No fuel”\n3 March 2026\nThe old ferry of Gao lies at its pier\n")).0, "“No fuel”");
    }
    assert_eq!(title("Gao: No ferry sails\nNiger\nGao No ferry sails\n3 March 2026\n").0, "Gao: No ferry sails");
}

#[test]
fn those_who_signed_are_found() {
    let text = "The ferry of Gao has not sailed for a week, since nobody would pay for its fuel.\n\n\
                The captain of the ferry says that he will wait until the council has met again.\n";
    let case = |head: &str, tail: &str, expected: &[&str]| {
        let draft = read(&format!("No ferry sails from Gao this week\n{head}\n\n{text}\n{tail}"));
        assert_eq!(names(&draft.authors), expected, "{head} {tail}");
    };
    case("By\nAwa SarrBusiness Reporter\nBen Okoro\n3 March 2026", "", &["Awa Sarr", "Ben Okoro"]);
    case("Chidi Eze\nPhoto: Ada Lum\nBy Awa Sarr\n3 March 2026", "", &["Awa Sarr"]);
    case("Awa Sarr | 4 hours ago", "", &["Awa Sarr"]);
    case("News | Published: 5 hours ago | Written by Awa Sarr", "", &["Awa Sarr"]);
    case("Awa Sarr 2 minutes read\n3 March 2026", "", &["Awa Sarr"]);
    case("3 March 2026", "dpa\n", &["dpa"]);
    case("3 March 2026", "Awa Sarr\n\nRelated topics\nBen Okoro\n", &["Awa Sarr"]);
    case("3 March 2026\nSource: dpa News", "", &["dpa"]);
    case("3 March 2026\nNews - AFP", "", &["AFP"]);
    case("松本花子\nRivers\n3 March 2026", "", &["松本花子"]);
    case("모두의 새 강변\n3 March 2026", "가오 김하나 기자 hana@example.org\n\nRelated topics\nOld boats\n", &["김하나"]);
    case("3 March 2026", "The mayor waits, too, he says. (Awa Sarr aus Gao, Ben Okoro, 3.3.2026)\n", &["Awa Sarr", "Ben Okoro"]);
    // Far below a byline stand those of boxes.
    case("By Awa Sarr\n3 March 2026\nA\nB\nC\nD\nE\nF\nBy Ben Okoro", "", &["Awa Sarr"]);
}

#[test]
fn the_day_is_found_where_the_header_lacks_it() {
    let text = "The ferry of Gao has not sailed for a week, since nobody would pay for its fuel.\n\n\
                The captain of the ferry says that he will wait until the council has met again.\n";
    let case = |above: &str, below: &str, tail: &str, expected: &str| {
        let draft = read(&format!("{above}No ferry sails from Gao this week\n{below}\n{text}\n{tail}"));
        assert_eq!(draft.published.map(|moment| moment.to_string()).unwrap_or_default(), expected, "{above} {below} {tail}");
        draft.notes.len()
    };
    assert_eq!(case("", "5 hours ago\n", "Related topics\nOld boats\n2 March 2026\nNew boats\n3 March 2026\n", "2026-03-03"), 1);
    // Pages that are of this year have no older news than of this year.
    assert_eq!(case("", "5 hours ago\n", "Related topics\nOld boats\n3 March 2025\n© 2026 River Press\n", ""), 1);
    assert_eq!(case("", "Awa Sarr 3 March, 17:46\n", "Related topics\nOld boats\n© 2019-2026 River Press\n", "2026-03-03"), 1);
    assert_eq!(case("", "Awa Sarr 3 March, 17:46\n", "", ""), 0);
    assert_eq!(case("", "5 months ago\n", "Related topics\nNew boats\n3 March 2026\n", ""), 1);
    assert_eq!(case("Tuesday, 3 March 2026\nNews\nSport\nRivers\nBoats\nFish\nTrade\nPeople\n", "", "", "2026-03-03"), 1);
    assert_eq!(case("", "", "3 March 2026 (changed 4 March 2026)\n", "2026-03-03"), 0);
    assert_eq!(
        case(
            "",
            "The old ferry at its pier in Gao in the spring of 2 May 2019 as seen from here\n",
            "Date 3 March 2026\n",
            "2026-03-03"
        ),
        0
    );
    assert_eq!(case("", "Published on 03/04/2026 - 13:55 GMT+1\n", "", "2026-04-03T13:55:00+01:00"), 0);
}
