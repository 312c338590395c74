//! Comments that Word takes for conditions: what classic Outlook sees in the place of a browser.

/// The version of Word that is asked for, that of Outlook 2016 and later.
const WORD: f64 = 16.0;

/// The letter as Word sees it, with each line where it was; and the lines of conditions that are not ended.
///
/// What stands behind `<!--[if mso]>` is there, what stands behind `<!--[if !mso]><!-->` is not.
pub(in crate::read::letter) fn word_view(html: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(html.len());
    let mut open_ended = Vec::new();
    let mut rest = html;
    while let Some((before, condition, after)) = next(rest) {
        out.push_str(before);
        let Some((inner, next)) = split_at_end(after) else {
            open_ended.push(out.matches('\n').count() + 1);
            rest = after;
            continue;
        };
        if holds(condition) {
            out.push_str(inner);
        } else {
            out.extend(inner.chars().filter(|c| *c == '\n'));
        }
        rest = next;
    }
    out.push_str(rest);
    (out, open_ended)
}

/// What stands before the next condition, the condition, and what stands behind its mark.
fn next(html: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + html.get(from..)?.find("<!")?;
        let (before, rest) = html.split_at_checked(at)?;
        let inner = rest.strip_prefix("<!--[if").or_else(|| rest.strip_prefix("<![if"));
        if let Some(inner) = inner
            && let Some((condition, after)) = inner.split_once("]>")
            && !condition.contains(['<', '\n'])
        {
            let after = ["<!-->", "-->"].iter().find_map(|mark| after.strip_prefix(mark)).unwrap_or(after);
            return Some((before, condition, after));
        }
        from = at + 2;
    }
}

/// What a condition is about, and what follows behind its end.
fn split_at_end(after: &str) -> Option<(&str, &str)> {
    let (inner, next) = after.split_once("<![endif]")?;
    let inner = inner.strip_suffix("<!--").unwrap_or(inner);
    let next = next.strip_prefix("-->").or_else(|| next.strip_prefix('>'))?;
    Some((inner, next))
}

/// Whether a condition holds in Word: `mso`, `!mso`, `gte mso 9`, `(mso 16)|(IE)`.
fn holds(condition: &str) -> bool {
    condition.split('|').any(|any| any.split('&').all(|one| holds_alone(one.trim().trim_matches(['(', ')']))))
}

fn holds_alone(condition: &str) -> bool {
    let condition = condition.trim();
    if let Some(not) = condition.strip_prefix('!') {
        return !holds_alone(not.trim_matches(['(', ')', ' ']));
    }
    let words: Vec<&str> = condition.split_whitespace().collect();
    let version = |text: &str| text.parse::<f64>().ok();
    match words.as_slice() {
        ["mso" | "true"] => true,
        ["mso", number] => version(number).is_some_and(|number| (number - WORD).abs() < 0.5),
        ["gt", "mso", number] => version(number).is_some_and(|number| WORD > number),
        ["gte", "mso", number] => version(number).is_some_and(|number| WORD >= number),
        ["lt", "mso", number] => version(number).is_some_and(|number| WORD < number),
        ["lte", "mso", number] => version(number).is_some_and(|number| WORD <= number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_sees_what_is_meant_for_it() {
        #[track_caller]
        fn case(html: &str, expected: &str) {
            assert_eq!(word_view(html), (expected.to_owned(), vec![]), "{html}");
        }
        case("a<!--[if mso]><td><![endif]-->b", "a<td>b");
        case("a<!--[if !mso]><!--><td>\n<!--<![endif]-->b", "a\nb");
        case("<!--[if mso | IE]>a<![endif]--><!--[if (gte mso 9)|(IE)]>b<![endif]-->", "ab");
        case("<!--[if lt mso 12]>a<![endif]--><!--[if IE]>b<![endif]--><!--[if mso 16]>c<![endif]-->", "c");
        case("<![if !mso]>a<![endif]><![if mso]>b<![endif]>", "b");
        case("<!--[if !mso]>-->a<!--<![endif]--><!-- b --><!-- [if -->", "<!-- b --><!-- [if -->");
        assert_eq!(word_view("a\n<!--[if mso]><td>"), ("a\n<td>".to_owned(), vec![2]));
    }
}
