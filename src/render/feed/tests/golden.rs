//! Small feeds, compared as a whole.

use std::path::Path;

use jiff::tz::TimeZone;

use super::{bare, foreign, full, head, publication, written};
use crate::render::feed::{FeedFormat, FeedItem, FeedWriter};

/// Compares with a file beside this one, or, with `GRIOT_UPDATE_GOLDEN` set, writes it: look at the difference then.
#[track_caller]
fn case(name: &str, feed: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/feed/tests/golden").join(name);
    if std::env::var_os("GRIOT_UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, feed).unwrap();
    }
    assert_eq!(std::str::from_utf8(feed).unwrap(), std::fs::read_to_string(path).unwrap(), "{name}");
}

#[test]
fn a_feed_with_everything() {
    for format in FeedFormat::ALL {
        case(format.file_name(), &written(format, &publication(), &[full(), bare("dry", "Dry"), foreign()]));
    }
}

#[test]
fn a_feed_without_items_and_with_nothing_that_may_be_missing_is_whole() {
    let mut publication = publication();
    publication.copyright = None;
    publication.image = None;
    publication.owner = None;
    publication.zone = TimeZone::UTC;
    for format in FeedFormat::ALL {
        case(&format!("empty-{}", format.file_name()), &written(format, &publication, &[]));
    }
}

#[test]
fn each_item_is_out_before_the_next_comes_in() {
    let publication = publication();
    for format in FeedFormat::ALL {
        let mut out = Vec::new();
        let head = head(&publication, None);
        let mut feed = FeedWriter::new(format, head, Tap(&mut out)).unwrap();
        for number in 0..50 {
            let article = bare(&format!("a-{number}"), &format!("Article number {number}"));
            feed.item(&FeedItem::new(&article, head.publication)).unwrap();
        }
        drop(feed);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("Article number 49"), "{format}");
        // Without its end it is no feed.
        assert!(format.proof(text.as_bytes()).is_err(), "{format}");
    }
}

/// A writer that is looked into while the feed is still open.
struct Tap<'a>(&'a mut Vec<u8>);

impl std::io::Write for Tap<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_error_of_the_writer_is_passed_on() {
    /// Takes so many bytes and no more.
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (publication, article) = (publication(), full());
    for format in FeedFormat::ALL {
        let whole = written(format, &publication, std::slice::from_ref(&article)).len();
        for room in [0, 100, whole / 2, whole - 1] {
            let head = head(&publication, Some(article.updated));
            let run = FeedWriter::new(format, head, Full(room)).and_then(|mut feed| {
                feed.item(&FeedItem::new(&article, head.publication))?;
                feed.finish()
            });
            assert_eq!(run.err().map(|error| error.kind()), Some(std::io::ErrorKind::WriteZero), "{format} {room}");
        }
    }
}
