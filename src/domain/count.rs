use std::fmt::Display;

/// `1 reader`, `2 readers`: a count with the English word for what is counted.
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, what: &str) -> String {
    if count == N::from(1) { format!("1 {what}") } else { format!("{count} {what}s") }
}
