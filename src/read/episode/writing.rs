//! A note as a desk would write it, of what a feed says.

use jiff::tz::TimeZone;

use super::{EpisodeError, keys, written};
use crate::domain::{Block, Sheet, Slip};
use crate::read::{Rows, markdown};

/// The keys without which there is no episode.
const NEEDED: [&str; 3] = ["title", "published", "guid"];

/// What stands for the name of the file in an error.
const FROM: &str = "of the feed";

/// A note that can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNote {
    pub text: String,
    /// What was left out, since a note cannot say it so.
    pub left_out: Vec<Slip>,
}

/// Writes a note: Markdown with TOML above it.
///
/// Values that the reader of notes would refuse are left out, and told.
///
/// # Errors
///
/// One of `title`, `published` and `guid` that cannot be read: the slips say why.
pub fn write(mut rows: Rows, body: &[Block], zone: &TimeZone) -> Result<NewNote, EpisodeError> {
    let mut left_out = Vec::new();
    loop {
        let mut slips = Vec::new();
        let mut sheet = Sheet::new("", &rows, &mut slips);
        let found = keys::read(&mut sheet, zone);
        sheet.finish();
        if found.is_some() && slips.is_empty() {
            break;
        }
        let of_needed = |slip: &Slip| NEEDED.contains(&slip.key.as_str());
        if slips.iter().any(of_needed) {
            return Err(EpisodeError::Slips { file: FROM.into(), slips });
        }
        // Each round takes something out.
        let taken_out = Slip::take_out(slips.clone(), &mut rows);
        if taken_out.is_empty() {
            return Err(EpisodeError::Slips { file: FROM.into(), slips });
        }
        left_out.extend(taken_out);
    }
    let text = format!("+++\n{}+++\n\n{}\n", written::to_toml(&rows), markdown::written(body));
    Ok(NewNote { text: text.trim_end().to_owned() + "\n", left_out })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Rich, Written};
    use crate::read::episode::note;

    fn text(text: &str) -> Written {
        Written::Text(text.to_owned())
    }

    fn rows(more: &[(&str, Written)]) -> Rows {
        let needed =
            [("title", text("A \"title\" = 'x'")), ("published", text("2026-03-04T07:00:00+01:00")), ("guid", text("a  b +++"))];
        needed.iter().chain(more).map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.md");
        let body = vec![Block::Paragraph(Rich::text("+++ or # not").unwrap())];
        let season = ("season", Written::Number("2".to_owned()));
        let new = write(rows(&[season]), &body, &TimeZone::UTC).unwrap();
        std::fs::write(&file, &new.text).unwrap();
        let read = note(&file, &TimeZone::UTC).unwrap();
        assert_eq!(read.details.guid.as_deref(), Some("a  b +++"));
        assert_eq!(read.details.title.as_str(), "A \"title\" = 'x'");
        assert_eq!((read.details.season, read.details.body), (Some(2), body));
        assert_eq!(read.details.published.to_string(), "2026-03-04T06:00:00Z");
        assert!(new.left_out.is_empty());
    }

    #[test]
    fn what_no_note_can_say_is_left_out_and_told() {
        let person = |name: &str| Written::Table(Rows::from([("name".to_owned(), text(name))]));
        let mut pictured = Rows::from([("name".to_owned(), text("Co"))]);
        pictured.insert("image".to_owned(), text("http://e.org/"));
        let all = vec![person("Ada"), person(&"x".repeat(500)), person("Ba"), Written::Table(pictured)];
        let persons = Written::List(all);
        let note = write(rows(&[("link", text("http://e.org/")), ("persons", persons)]), &[], &TimeZone::UTC).unwrap();
        let mut keys: Vec<&str> = note.left_out.iter().map(|slip| slip.key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["link", "persons[2].name", "persons[2].name", "persons[4].image"]);
        assert!(note.text.contains("Ada") && note.text.contains("Co") && note.text.contains("Ba") && !note.text.contains("link"));
        let wrong = write(rows(&[("guid", text("a\nb"))]), &[], &TimeZone::UTC);
        assert!(matches!(wrong, Err(EpisodeError::Slips { slips, .. }) if slips[0].key == "guid"));
    }
}
