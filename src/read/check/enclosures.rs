//! The files that go with items: how they are named in the feed, and what they are where they lie at hand.

use roxmltree::Node;

use super::rules::syndication;
use super::{Check, OwnFile, is};
use crate::domain::{WebUrl, quoted};

/// Checks the enclosures of an item of RSS.
pub(super) fn check(check: &mut Check, item: Node, called: &dyn Fn() -> String) {
    let mut count = 0;
    for enclosure in item.children().filter(|node| is(*node, "", "enclosure")) {
        count += 1;
        let at = enclosure.range().start;
        if count == 2 {
            check.find(&syndication::ENCLOSURES, at, format!("{} has more than one enclosure", called()));
        }
        let length = enclosure.attribute("length").map(str::trim);
        // A programme that is live has no length yet.
        let is_live = item.tag_name().name() == "liveItem";
        if !is_live && length.is_some_and(|length| !length.is_empty() && length.bytes().all(|byte| byte == b'0')) {
            check.find(&syndication::LENGTH_ZERO, at, format!("the enclosure of {} has the length 0", called()));
        }
        if let Some(url) = enclosure.attribute("url").and_then(WebUrl::parse) {
            let length = length.and_then(|length| length.parse().ok());
            own_file(check, &url, length, enclosure.attribute("type"), at);
        }
    }
}

/// Holds what a feed says of a file to the file itself, where that lies at hand.
pub(super) fn own_file(check: &mut Check, url: &WebUrl, told: Option<u64>, kind: Option<&str>, at: usize) {
    match check.known.file.and_then(|find| find(url)) {
        None => {}
        Some(OwnFile::Missing) => {
            check.find(&syndication::FILE_MISSING, at, format!("there is no file for {}", quoted(url.as_str())));
        }
        Some(OwnFile::There { length, head }) => {
            if let Some(told) = told.filter(|told| *told != length && *told != 0) {
                let what = format!("the file of {} has {length} bytes, not {told}", quoted(url.as_str()));
                check.find(&syndication::LENGTH_WRONG, at, what);
            }
            let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
            if let (Some(kind), Some(right)) = (kind, types(&head))
                && !right.contains(&kind.as_str())
            {
                let is = right.first().copied().unwrap_or_default();
                let what = format!("the file of {} is {is}, not {}", quoted(url.as_str()), quoted(&kind));
                check.find(&syndication::TYPE_WRONG, at, what);
            }
        }
    }
}

/// What a file is by its first bytes, in all the names that are used for it; none where it is something else.
fn types(head: &[u8]) -> Option<&'static [&'static str]> {
    Some(match head {
        [b'I', b'D', b'3', ..] => &["audio/mpeg", "audio/mp3"],
        // The first frame of MPEG audio, layer III.
        [0xFF, second, ..] if second & 0xE6 == 0xE2 => &["audio/mpeg", "audio/mp3"],
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
            &["audio/mp4", "audio/x-m4a", "audio/m4a", "video/mp4", "video/x-m4v", "video/quicktime", "audio/aac"]
        }
        [b'O', b'g', b'g', b'S', ..] => &["audio/ogg", "audio/opus", "application/ogg", "video/ogg"],
        [b'f', b'L', b'a', b'C', ..] => &["audio/flac", "audio/x-flac"],
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => &["audio/wav", "audio/x-wav", "audio/vnd.wave"],
        [b'%', b'P', b'D', b'F', ..] => &["application/pdf"],
        [0xFF, 0xD8, 0xFF, ..] => &["image/jpeg"],
        [0x89, b'P', b'N', b'G', ..] => &["image/png"],
        _ => return None,
    })
}
