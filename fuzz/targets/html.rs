//! Any bytes, read as HTML.
#![no_main]

use griot::domain::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| griot_fuzz::read(bytes, Format::Html));
