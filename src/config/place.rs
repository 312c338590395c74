use toml::de::{DeTable, DeValue};

/// The line on which a key such as `letter.accent` or `shows[2].name` stands, counted from 1; none where it is not written.
pub(super) fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let (name, number) = match part.split_once('[') {
            Some((name, number)) => (name, number.trim_end_matches(']').parse().ok()?),
            None => (part, 1_usize),
        };
        let (written, value) = table.iter().find(|(written, _)| written.get_ref() == name)?;
        if parts.peek().is_none() {
            let before = text.get(..written.span().start)?;
            return Some(before.matches('\n').count() + 1);
        }
        let inner = match value.get_ref() {
            DeValue::Array(tables) => tables.get(number.checked_sub(1)?)?.get_ref(),
            inner => inner,
        };
        let DeValue::Table(inner) = inner else { return None };
        table = inner;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_where_they_are_written() {
        let text = "# desk\n[letter]\nfrom = 'a'\n\n[[shows]]\nname = 'x'\n[[shows]]\nfeed = 'y'\nplatforms = [{ name = 'p' },\n { url = 'q' }]\n";
        assert_eq!(line_of(text, "letter.from"), Some(3));
        assert_eq!(line_of(text, "letter.accent"), None);
        assert_eq!(line_of(text, "shows[1].name"), Some(6));
        assert_eq!(line_of(text, "shows[2].name"), None);
        assert_eq!(line_of(text, "shows[2].feed"), Some(8));
        assert_eq!(line_of(text, "shows[2].platforms[2].url"), Some(10));
        assert_eq!(line_of(text, "shows"), Some(5));
        assert_eq!(line_of("not toml", "shows"), None);
    }
}
