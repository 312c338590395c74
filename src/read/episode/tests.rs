use super::*;
use crate::domain::podcast::{Chapters, EpisodeKind, Piece};

fn read(name: &str, text: &str) -> Result<EpisodeNote, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    note(&file, &zone).map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
}

#[test]
fn all_three_notations_say_the_same() {
    let toml = "title = 'A river'\npublished = 2026-03-04T07:00:00+01:00\nepisode = 12.5\nexplicit = false\nimage = 'a.png'\n\
        type = 'bonus'\nlicense = 'CC-BY-4.0'\nchapters = [{ start = '0:00', title = 'In' }, { start = 61, title = 'Out' }]\n\
        persons = ['Ada', { name = 'Ben', role = 'Guest' }]\n";
    let yaml = "title: A river\npublished: 2026-03-04T07:00:00+01:00\nepisode: 12.5\nexplicit: false\nimage: a.png\nseason:\n\
        type: bonus\nlicense: CC-BY-4.0\nchapters: [{start: '0:00', title: In}, {start: 61, title: Out}]\n\
        persons:\n- Ada\n- {name: Ben, role: Guest}\n";
    let with = |text: &str| format!("{text}description = 'Water *rises*.'\n");
    let first = read("a.toml", &with(toml)).unwrap();
    assert_eq!(first, read("a.md", &format!("+++\n{toml}+++\nWater *rises*.\n")).unwrap());
    assert_eq!(first, read("a.md", &format!("---\n{yaml}---\nWater *rises*.\n")).unwrap());
    let EpisodeNote { details, files } = first;
    assert_eq!((details.number.as_deref(), details.kind, details.is_explicit), (Some("12.5"), EpisodeKind::Bonus, Some(false)));
    assert_eq!(details.published.to_string(), "2026-03-04T06:00:00Z");
    assert_eq!(details.license.unwrap().name.as_str(), "cc-by-4.0");
    assert_eq!(details.persons[1].role.as_ref().unwrap().as_str(), "guest");
    assert_eq!(files.image, Some(Piece::File("a.png".to_owned())));
    assert!(matches!(files.chapters, Some(Chapters::List(list)) if list[1].start.as_secs() == 61));
}

#[test]
fn dates_are_read_in_the_zone_of_the_desk() {
    #[track_caller]
    fn case(written: &str, instant: &str) {
        let note = read("a.md", &format!("---\ntitle: A\npublished: {written}\n---\n")).unwrap();
        assert_eq!(note.details.published.to_string(), instant, "{written}");
    }
    case("2026-03-04", "2026-03-04T11:00:00Z");
    case("2026-03-04T07:00", "2026-03-04T06:00:00Z");
    case("2026-03-04 07:00:00", "2026-03-04T06:00:00Z");
    case("2026-03-04T07:00:00Z", "2026-03-04T07:00:00Z");
    case("Wed, 04 Mar 2026 07:00:00 +0000", "2026-03-04T07:00:00Z");
    // The clock goes from 2 to 3 there, and in autumn from 3 to 2.
    case("2026-03-29T02:30", "2026-03-29T01:30:00Z");
    case("2026-10-25T02:30", "2026-10-25T00:30:00Z");
    for bad in ["03/04/2026", "0001-01-01", "9999-01-01", "soon"] {
        let error = read("a.md", &format!("---\ntitle: A\npublished: {bad}\n---\n")).unwrap_err();
        assert!(error.contains("`published`: `"), "{error}");
    }
}

#[test]
fn all_that_is_wrong_is_named_at_once() {
    let error =
        read("a.toml", "titel = 'A'\nexplicit = 'no'\nimage = '../a.png'\nsoundbites = [{ start = '0:10', length = 5 }]\n")
            .unwrap_err();
    let keys: Vec<&str> = error.lines().skip(1).filter_map(|line| line.trim().split('`').nth(1)).collect();
    assert_eq!(keys, ["image", "title", "published", "explicit", "soundbites[1].length", "titel"]);
    assert!(error.starts_with("`a.toml` has 6 keys to mend"), "{error}");
    assert!(error.ends_with("did you mean `title`?"), "{error}");
    assert_eq!(
        read("a.md", "Only text").unwrap_err(),
        "`a.md` cannot be understood: line 1: it does not begin with front matter between `---` (YAML) or `+++` (TOML)"
    );
    assert!(read("a.md", "+++\ntitle = 'A'\nx = \n+++\n").unwrap_err().contains("line 3"));
}

#[test]
fn chapters_of_a_file_are_checked() {
    let good = br#"{"version": "1.2.0", "chapters": [{"startTime": 0.5, "title": "In", "url": "http://a.b/"}, {"startTime": 9, "toc": false}]}"#;
    let marks = chapters(good).unwrap();
    assert_eq!((marks[0].start.as_millis(), marks[0].url.is_none(), marks[1].is_hidden), (500, true, true));
    for bad in [
        "",
        "[]",
        r#"{"chapters": []}"#,
        r#"{"version": "2", "chapters": []}"#,
        r#"{"version": "1.2", "chapters": [{"startTime": -1}]}"#,
    ] {
        assert!(chapters(bad.as_bytes()).is_err(), "{bad}");
    }
}
