//! Any bytes, read as markdown.
#![no_main]

use griot::domain::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| griot_fuzz::read(bytes, Format::Markdown));
