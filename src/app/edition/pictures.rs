//! Pictures that travel inside the messages of an edition: fetched once, when it is composed, and the same for every reader.

use aws_lc_rs::digest;
use tokio::task::JoinSet;

use super::{hexadecimal, letter_settings, sender_host};
use crate::app::{Desk, Milestone, Tell};
use crate::domain::{Edition, EditionId, InlinePicture, Newsletter, WebUrl};
use crate::read::{LoadOptions, Source, raw};
use crate::render::letter::{pictures, with_pictures};
use crate::store::{AttachedPicture, KeptPicture};

/// The most pictures that a message brings along, the bytes of the largest, and of all: who pays for each megabyte gets them
/// with the message, whether they look at them or not.
const MOST: usize = 12;
const LARGEST: usize = 300_000;
const LARGEST_TOGETHER: usize = 1_000_000;
/// How long a server has to send a picture.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Fetches the pictures that a letter shows, unless they are known from an earlier composing. What cannot be had stays linked.
pub(super) async fn fetch(desk: &Desk, edition: &Edition, letter: &Newsletter, tell: Tell<'_>) -> anyhow::Result<()> {
    let known = desk.ledger.edition_pictures(&edition.id).await?;
    let shown = pictures(&letter.html);
    if known.iter().map(|kept| kept.url.as_str()).eq(shown.iter().map(WebUrl::as_str)) {
        return Ok(());
    }
    let mut fetched = fetch_all(desk, shown.iter().filter(|url| !known.iter().any(|kept| kept.url == url.as_str()))).await;
    let (mut count, mut together) = (0, 0);
    let mut kept = Vec::new();
    for url in shown {
        let picture = match known.iter().find(|kept| kept.url == url.as_str()) {
            Some(KeptPicture { picture: None, .. }) => Err(None),
            Some(KeptPicture { picture: Some(picture), .. }) => Ok(picture.clone()),
            None => match fetched.iter().position(|(of, _)| *of == url) {
                Some(at) => fetched.swap_remove(at).1.map_err(Some),
                None => Err(Some("it was not fetched".to_owned())),
            },
        };
        let fits = |picture: AttachedPicture| {
            if count >= MOST {
                return Err(Some(format!("a message brings no more than {MOST} pictures along")));
            }
            if together + picture.bytes.len() > LARGEST_TOGETHER {
                return Err(Some(format!("the pictures of a message have no more than {LARGEST_TOGETHER} bytes together")));
            }
            Ok(picture)
        };
        let picture = match picture.and_then(fits) {
            Ok(picture) => {
                count += 1;
                together += picture.bytes.len();
                Some(picture)
            }
            Err(why) => {
                if let Some(why) = why {
                    tell(&Milestone::NotAttached { edition: edition.id.clone(), url: url.clone(), why });
                }
                None
            }
        };
        kept.push(KeptPicture { url: url.to_string(), picture });
    }
    Ok(desk.ledger.keep_pictures(&edition.id, &kept).await?)
}

/// Forgets which pictures of an edition could not be had, so that they are asked for again.
pub(super) async fn forget_missing(desk: &Desk, id: &EditionId) -> anyhow::Result<()> {
    let known = desk.ledger.edition_pictures(id).await?;
    let is_frozen = desk.ledger.edition(id).await?.is_none_or(|kept| kept.is_frozen);
    if !is_frozen && known.iter().any(|kept| kept.picture.is_none()) {
        let had: Vec<KeptPicture> = known.into_iter().filter(|kept| kept.picture.is_some()).collect();
        desk.ledger.keep_pictures(id, &had).await?;
    }
    Ok(())
}

/// The letter with the pictures that are kept of its edition, shown from inside the message (RFC 2392).
pub(super) async fn attach(desk: &Desk, id: &EditionId, letter: Newsletter) -> anyhow::Result<Newsletter> {
    let host = sender_host(letter_settings(desk)?);
    let mut attached = Vec::new();
    for KeptPicture { url, picture } in desk.ledger.edition_pictures(id).await? {
        if let Some(AttachedPicture { media_type, bytes, .. }) = picture {
            let number = attached.len() + 1;
            attached.push((url, InlinePicture { id: format!("picture-{number}.{id}@{host}"), media_type, bytes }));
        }
    }
    let html = with_pictures(&letter.html, |shown| {
        let (_, picture) = attached.iter().find(|(url, _)| url == shown.as_str())?;
        Some(format!("cid:{}", picture.id))
    });
    Ok(Newsletter { html, pictures: attached.into_iter().map(|(_, picture)| picture).collect(), ..letter })
}

/// Fetches pictures at the same time, as far as a message may bring them along.
async fn fetch_all(desk: &Desk, urls: impl Iterator<Item = &WebUrl>) -> Vec<(WebUrl, Result<AttachedPicture, String>)> {
    let options = LoadOptions { max_bytes: LARGEST, total_timeout: PATIENCE, ..desk.load_options() };
    let mut at_work = JoinSet::new();
    let mut out = Vec::new();
    for (at, url) in urls.cloned().enumerate() {
        if at >= MOST {
            out.push((url, Err(format!("a message brings no more than {MOST} pictures along"))));
            continue;
        }
        let options = options.clone();
        at_work.spawn(async move {
            let fetched = raw(&Source::Url(url.clone()), &options).await;
            (url, fetched.map_err(|error| error.to_string()).and_then(|raw| picture(raw.bytes)))
        });
    }
    // One that panicked is missing, which is said of it.
    while let Some(done) = at_work.join_next().await {
        out.extend(done);
    }
    out
}

/// A picture of a kind that mail programs show, by its first bytes.
fn picture(bytes: Vec<u8>) -> Result<AttachedPicture, String> {
    let media_type = match bytes.as_slice() {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => "image/png",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        _ => return Err("it is no JPEG, PNG or GIF".to_owned()),
    };
    let hash = hexadecimal(digest::digest(&digest::SHA256, &bytes).as_ref());
    Ok(AttachedPicture { hash, media_type, bytes: bytes.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        let kind = |bytes: &[u8]| picture(bytes.to_vec()).map(|picture| picture.media_type);
        assert_eq!(kind(b"\xFF\xD8\xFF\xE0"), Ok("image/jpeg"));
        assert_eq!(kind(b"\x89PNG\r\n\x1A\n"), Ok("image/png"));
        assert_eq!(kind(b"GIF89a"), Ok("image/gif"));
        for other in [b"" as &[u8], b"<svg>", b"RIFF....WEBP", b"\xFF\xD8"] {
            assert!(kind(other).is_err(), "{other:?}");
        }
    }
}
