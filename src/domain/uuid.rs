use aws_lc_rs::digest;

/// The name of a thing as a UUID in lower case: version 5 (RFC 9562, section 5.5), by a name space.
pub fn uuid(namespace: u128, name: &str) -> String {
    // UUIDs of this version are made with SHA-1; nothing is kept secret by it.
    let mut hash = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    hash.update(&namespace.to_be_bytes());
    hash.update(name.as_bytes());
    let number = hash.finish().as_ref().iter().take(16).fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    // The version, and the variant of the RFC.
    let number = number & !(0xF << 76) & !(0b11 << 62) | 5 << 76 | 0b10 << 62;
    let hex = format!("{number:032x}");
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default()).join("-")
}
