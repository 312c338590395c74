//! Where a browser builds another tree than the tags say: what may not stand in a table is put before it, a second link
//! within a link ends the first, a `<div>` ends a paragraph.

use dom_query::{Document, NodeRef};

use super::Markup;

/// Elements that browsers add.
const ADDED: [&str; 5] = ["html", "head", "body", "tbody", "colgroup"];

/// The line of the first element that a browser puts elsewhere, its name, and what it is put into.
///
/// For markup without slips: what is closed and not nested too deeply is built in linear time.
pub(in crate::read::letter) fn first_difference(html: &str, markup: &Markup) -> Option<(usize, String, String)> {
    let document = Document::from(html);
    let root = document.root();
    let mut built = root.descendants_it().filter(NodeRef::is_element).filter_map(|node| {
        let name = name(&node);
        (!ADDED.contains(&name.as_str())).then(|| (name, parent_of(&node)))
    });
    for (at, node) in markup.elements().filter(|(_, node)| !ADDED.contains(&node.name())) {
        let parent = markup.above(at).map(|(_, node)| node.name()).find(|name| !ADDED.contains(name)).unwrap_or_default();
        match built.next() {
            Some((name, into)) if name == node.name() && into == parent => {}
            Some((_, into)) => return Some((node.line, node.name().to_owned(), into)),
            None => return Some((node.line, node.name().to_owned(), String::new())),
        }
    }
    None
}

fn name(node: &NodeRef) -> String {
    node.qual_name_ref().map(|name| name.local.to_string()).unwrap_or_default()
}

fn parent_of(node: &NodeRef) -> String {
    let mut parent = node.parent();
    while let Some(above) = parent {
        let name = name(&above);
        if !ADDED.contains(&name.as_str()) {
            return name;
        }
        parent = above.parent();
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_put_some_things_elsewhere() {
        #[track_caller]
        fn case(html: &str, expected: Option<&str>) {
            let found = first_difference(html, &Markup::parse(html));
            assert_eq!(found.map(|(line, name, into)| format!("{line} {name} {into}")).as_deref(), expected, "{html}");
        }
        case(
            "<!doctype html><html><head><title>a</title></head><body><table><tr><td><p>a</p></td></tr></table></body></html>",
            None,
        );
        case("<p>a</p><table><tr><td>a</td></tr></table>", None);
        case("<table>\n<p>a</p><tr><td>a</td></tr></table>", Some("1 table "));
        case("<a>b<i>\n<a>c</a></i></a>", Some("2 a "));
        case("<p>a\n<div>b</div></p>", Some("2 div "));
    }
}
