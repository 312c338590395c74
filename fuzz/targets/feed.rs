//! Any bytes, read as a feed, with the texts of its items.
#![no_main]

use griot::domain::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| griot_fuzz::read(bytes, Format::Feed));
