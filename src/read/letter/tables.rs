//! Tables: those that lay a letter out, and those that hold data.

use std::collections::HashMap;

use super::markup::Markup;
use super::{Check, rules};
use crate::domain::quoted;

/// What a table is made of, without the tables in it.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    rows: usize,
    cells: usize,
    has_header: bool,
    has_tables: bool,
}

impl Shape {
    /// Whether it looks like data: rows of several cells, and no table in them.
    fn is_grid(self) -> bool {
        !self.has_tables && self.rows > 1 && self.cells > self.rows
    }
}

fn shapes(markup: &Markup) -> HashMap<usize, Shape> {
    let mut out: HashMap<usize, Shape> = HashMap::new();
    for (at, node) in markup.elements().filter(|(_, node)| matches!(node.name(), "tr" | "td" | "th" | "table")) {
        let Some((table, _)) = markup.above(at).find(|(_, above)| above.name() == "table") else { continue };
        let shape = out.entry(table).or_default();
        match node.name() {
            "tr" => shape.rows += 1,
            "table" => shape.has_tables = true,
            name => {
                shape.cells += 1;
                shape.has_header |= name == "th";
            }
        }
    }
    out
}

pub(super) fn check(check: &mut Check, markup: &Markup) {
    let shapes = shapes(markup);
    for (at, node) in markup.named("table") {
        let is_layout = node.attribute("role").is_some_and(|role| role.eq_ignore_ascii_case("presentation") || role == "none");
        let shape = shapes.get(&at).copied().unwrap_or_default();
        if is_layout && shape.has_header {
            check.html(&rules::document::TABLE, node.line, "the table has `role=\"presentation\"` and a `<th>`");
        } else if !is_layout && !shape.has_header && shape.is_grid() {
            check.html(&rules::document::TABLE_HEAD, node.line, "the table has no `<th>`");
        } else if !is_layout && !shape.has_header {
            check.html(&rules::document::TABLE, node.line, "the table has no `role=\"presentation\"`");
        }
        let zero = |name: &str| node.attribute(name).is_some_and(|value| value.trim() == "0");
        let missing: Vec<&str> = ["cellpadding", "cellspacing", "border"].into_iter().filter(|name| !zero(name)).collect();
        if !missing.is_empty() {
            check.html(&rules::document::TABLE_GAPS, node.line, format!("the table does not say {}", shown(&missing)));
        }
    }
    for (at, node) in markup.elements() {
        let parent = markup.above(at).next().map_or("", |(_, above)| above.name());
        let is_right = match node.name() {
            "tr" => matches!(parent, "table" | "tbody" | "thead" | "tfoot"),
            "td" | "th" => parent == "tr",
            "tbody" | "thead" | "tfoot" => parent == "table",
            _ => {
                !matches!(parent, "table" | "tr" | "tbody" | "thead" | "tfoot")
                    || matches!(node.name(), "caption" | "colgroup" | "col")
            }
        };
        if !is_right {
            check.html(&rules::document::BALANCE, node.line, format!("`<{}>` stands in `<{parent}>`", node.name()));
        }
    }
    for node in &markup.nodes {
        let Some(text) = node.text().filter(|text| !text.trim().is_empty()) else { continue };
        let parent = node.parent.and_then(|parent| markup.nodes.get(parent)).map_or("", |above| above.name());
        if matches!(parent, "table" | "tr" | "tbody" | "thead" | "tfoot") {
            let what = format!("the text {} stands between the cells", quoted(text));
            check.html(&rules::document::BALANCE, node.line, what);
        }
    }
}

fn shown(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}=\"0\"`")).collect::<Vec<_>>().join(", ")
}
