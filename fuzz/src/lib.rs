//! What the targets share: any bytes, read as a page of one format, give a clear error or sound drafts.

use griot::domain::Format;
use griot::read::Page;

/// What is held of every draft, by the suite too.
#[path = "../../tests/suite/sound.rs"]
mod sound;

/// Stops the fuzzer where a page of these bytes breaks a promise.
pub fn read(bytes: &[u8], format: Format) {
    if let Ok(page) = Page::decode(bytes, "page".to_owned(), Some(format), None) {
        sound::check(&page);
    }
}
