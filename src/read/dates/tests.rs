use super::*;

#[track_caller]
fn case(text: &str, expected: &str) {
    let language = Language::parse("de");
    let found = find(text, language.as_ref()).map(|moment| moment.to_string()).unwrap_or_default();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn days_are_read_in_the_forms_of_many_languages() {
    for text in [
        "17 November 2023",
        "November 17, 2023",
        "Nov. 17th, 2023",
        "Published on Fri, 17 Nov 2023",
        "17.11.2023",
        "17. 11. 2023",
        "17-11-2023",
        "17/11/2023",
        "11/17/2023",
        "11/17/23",
        "17.11.23 23:35",
        "17. 11. 2023, 14:59 Uhr Lesedauer: 4 Minuten",
        "2023-11-17",
        "2023/11/17",
        "17. November 2023, 10 Uhr",
        "vendredi 17 novembre 2023 à 10h02",
        "17 de noviembre de 2023",
        "17 de novembro de 2023",
        "17 novembre 2023",
        "17 ga Nuwamba, 2023",
        "17 Novemba 2023",
        "17 نوفمبر 2023",
        "١٧ نوفمبر ٢٠٢٣",
        "17 تشرين الثاني/نوفمبر 2023",
        "17 نوفمبر / تشرين الثاني 2023",
        "17 בנובמבר 2023",
        "۱۷ نوامبر ۲۰۲۳",
        "17 نومبر، 2023",
        "17 listopada 2023",
        "17 Kasım 2023",
        "17 ноября 2023",
        "2023年11月17日",
        "2023년 11월 17일",
        "2023.11.17",
    ] {
        case(text, "2023-11-17");
    }
    case("1er août 2024", "2024-08-01");
    case("3. März 2024", "2024-03-03");
    case("3 آذار/مارس 2024", "2024-03-03");
    case("3 مارس/ آذار 2024", "2024-03-03");
    case("1º de maio de 2024", "2024-05-01");
}

#[test]
fn a_day_may_lack_its_year() {
    for text in ["8 January, 17:46", "Jan. 8", "8. Januar", "le 8 janvier", "8 января, 17:46", "1月8日", "Thursday, January 8th"]
    {
        assert_eq!(find_in_year(text, 2026).map(|date| date.to_string()).as_deref(), Some("2026-01-08"), "{text}");
    }
    for text in ["", "8 boats", "January", "31 June", "17:46"] {
        assert_eq!(find_in_year(text, 2026), None, "{text}");
    }
}

#[test]
fn glued_dates_come_apart() {
    case("30.01.202430. Januar 2024", "2024-01-30");
    case("RIVERSNOV 17, 2023", "2023-11-17");
    case("KULTUR27.02.201627. Februar 20169 Bilder", "2016-02-27");
    case("March 7, 20247:55 AM UTCUpdated ago", "2024-03-07T07:55:00Z");
    case("By Awa SarrNovember 18, 2019 | 4:10pm", "2019-11-18");
    let twice = find_all("08:39, 06 Jan 2026Updated 08:41, 07 Jan 2026", None);
    assert_eq!(twice.iter().map(|dated| dated.moment.to_string()).collect::<Vec<_>>(), ["2026-01-06", "2026-01-07"]);
}

#[test]
fn a_time_counts_with_its_zone() {
    case("Nov 17, 2023 10:02 GMT", "2023-11-17T10:02:00Z");
    case("2023-11-17T10:02:33+01:00", "2023-11-17T10:02:33+01:00");
    case("2023-11-17T10:02:33.125Z", "2023-11-17T10:02:33Z");
    case("10:02 GMT, 17 November 2023", "2023-11-17T10:02:00Z");
    case("17 November 2023, 10:02 p.m. WAT", "2023-11-17T22:02:00+01:00");
    case("17 November 2023, 12:02 am GMT+2", "2023-11-17T00:02:00+02:00");
    case("Sat 24 Feb 2024 12.42 CET", "2024-02-24T12:42:00+01:00");
    case("17 November 2023 10:02", "2023-11-17");
    case("17 November 2023 GMT - 5 min read", "2023-11-17");
    case("17 November 2023 25:99 GMT", "2023-11-17");
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "",
        "November 2023",
        "17 November",
        "2 hours ago",
        "30 February 2023",
        "version 1.2.3",
        "may 5 be right",
        "12:30",
        "99/99/2023",
    ] {
        case(text, "");
    }
}

#[test]
fn the_language_decides_between_day_and_month() {
    let read = |tag: &str| find_all("03/04/2023", Language::parse(tag).as_ref()).remove(0);
    assert_eq!(read("en").moment.to_string(), "2023-03-04");
    assert_eq!(read("fr").moment.to_string(), "2023-04-03");
    assert!(read("fr").ambiguous);
    assert!(!find_all("13/04/2023", None).remove(0).ambiguous);
    assert_eq!(find("03.04.2023", Language::parse("en").as_ref()).unwrap().to_string(), "2023-04-03");
}

#[test]
fn relative_times_are_known_as_such() {
    for text in ["2 hours ago", "vor 3 Stundenvor 3 Stunden", "1 day ago", "il y a 2 heures", "hace 5 días", "3 hrs ago"] {
        assert!(is_relative(text), "{text}");
    }
    for text in ["17 November 2023", "a long time", "Chicago", "5 min read"] {
        assert!(!is_relative(text), "{text}");
    }
}

#[test]
fn the_span_covers_date_and_time() {
    let text = "By Awa Sarr, 17 November 2023 10:02 GMT, Dakar";
    let found = find_all(text, None).remove(0);
    assert_eq!(&text[found.span], "17 November 2023 10:02 GMT");
}
