//! What text looks like: its colour, its ground and its size, by day, by night, and as Outlook shows it at night.
//!
//! Styles are taken from attributes, from the style sheets as far as their selectors are made of names and classes, and from
//! what an element stands in.

use super::css::{Declaration, Ink, Rule, ink, pixels, value};
use super::markup::{Kind, Markup, Node};
use super::rules;
use super::{Check, Styles};
use crate::domain::{Colour, quoted};

/// The smallest print that a phone shows readably, in pixels.
const SMALLEST: f64 = 13.0;
/// The ground that clients give a letter without one at night.
const NIGHT: Colour = Colour::new(0x12, 0x12, 0x12);
/// Rules for classes that are looked at for each element.
const MOST_MATCHED: usize = 400;

/// In which light a letter is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Light {
    Day,
    /// `@media (prefers-color-scheme:dark)`.
    Night,
    /// `[data-ogsc]` and `[data-ogsb]`, which Outlook sets where it has changed a colour.
    Outlook,
}

/// What an element looks like.
#[derive(Clone, Copy, Debug)]
struct Look {
    ink: Option<Colour>,
    ground: Option<Colour>,
    /// Whether the colour, and the ground, are those that a rule for this light gives.
    given: (bool, bool),
    /// In pixels.
    size: f64,
    hidden: bool,
    /// Whether the ground is a picture or a colour that cannot be told.
    unknown: bool,
}

/// A selector that can be matched here: for each step from the outside in, a name and classes.
struct Matched<'a> {
    steps: Vec<Step<'a>>,
    declarations: &'a [Declaration],
}

struct Step<'a> {
    name: &'a str,
    classes: Vec<&'a str>,
}

pub(super) fn check(check: &mut Check, markup: &Markup, styles: &Styles) {
    let day = matched(styles, Light::Day);
    judge(check, markup, Light::Day, &day, &[]);
    for light in [Light::Night, Light::Outlook] {
        let night = matched(styles, light);
        if !night.is_empty() {
            judge(check, markup, light, &day, &night);
        }
    }
}

fn judge(check: &mut Check, markup: &Markup, light: Light, day: &[Matched], night: &[Matched]) {
    let mut looks: Vec<Look> = Vec::with_capacity(markup.nodes.len());
    for (at, node) in markup.nodes.iter().enumerate() {
        let above = node.parent.and_then(|parent| looks.get(parent)).copied().unwrap_or(Look {
            ink: None,
            ground: None,
            given: (false, false),
            size: 16.0,
            hidden: false,
            unknown: false,
        });
        let look = match &node.kind {
            Kind::Text(text) => {
                text_is_seen(check, light, node, text, above);
                above
            }
            Kind::Element { .. } => look_of(markup, at, node, above, (day, night)),
        };
        looks.push(look);
    }
}

fn look_of(markup: &Markup, at: usize, node: &Node, above: Look, (day, night): (&[Matched], &[Matched])) -> Look {
    let mut look = above;
    look.hidden |= matches!(node.name(), "style" | "title" | "script" | "head" | "template" | "noscript");
    if node.name() == "a" && node.attribute("href").is_some() {
        look.ink = Colour::parse("#0000ee");
    }
    if let Some(colour) = node.attribute("bgcolor") {
        look.ground_is(ink(colour), false);
    }
    let sheet = |rules: &[Matched], important: bool, look: &mut Look, given: bool| {
        for rule in rules.iter().filter(|rule| rule.fits(markup, at, node)) {
            rule.declarations.iter().filter(|one| one.important == important).for_each(|one| look.take(one, given));
        }
    };
    sheet(day, false, &mut look, false);
    sheet(night, false, &mut look, true);
    let inline = super::css::declarations(node.attribute("style").unwrap_or_default(), node.line);
    for one in &inline {
        look.take(one, false);
    }
    sheet(day, true, &mut look, false);
    sheet(night, true, &mut look, true);
    for one in inline.iter().filter(|one| one.important) {
        look.take(one, false);
    }
    look
}

impl Look {
    fn take(&mut self, one: &Declaration, given: bool) {
        match one.name.as_str() {
            "color" => match ink(&one.value) {
                Ink::Is(colour) => (self.ink, self.given.0) = (Some(colour), given),
                Ink::Through | Ink::Unknown => {}
            },
            "background-color" => self.ground_is(ink(&one.value), given),
            "background" => {
                let colour = one.value.split_whitespace().map(ink).find(|ink| matches!(ink, Ink::Is(_)));
                self.ground_is(colour.unwrap_or_else(|| ink(&one.value)), given);
            }
            "font-size" => self.size = pixels(&one.value).unwrap_or(self.size),
            "display" if one.value.eq_ignore_ascii_case("none") => self.hidden = true,
            _ => {}
        }
    }

    fn ground_is(&mut self, ground: Ink, given: bool) {
        match ground {
            Ink::Is(colour) => (self.ground, self.given.1, self.unknown) = (Some(colour), given, false),
            Ink::Unknown => self.unknown = true,
            Ink::Through => {}
        }
    }
}

fn text_is_seen(check: &mut Check, light: Light, node: &Node, text: &str, look: Look) {
    // A single sign between two links divides them, and is not read.
    let is_read = text.chars().any(char::is_alphanumeric);
    if look.hidden || !is_read {
        return;
    }
    if light == Light::Day && look.size < SMALLEST {
        let rule = if look.size < 2.0 { &rules::look::TINY } else { &rules::look::SMALL };
        check.html(rule, node.line, format!("{} is {} px high", quoted(text), look.size));
    }
    let (paper, ink) = if light == Light::Day { (Colour::WHITE, Colour::BLACK) } else { (NIGHT, Colour::WHITE) };
    let is_judged = match light {
        Light::Day | Light::Night => look.ink.is_some() || look.ground.is_some(),
        // What it was not told, Outlook makes up by itself, and nobody knows what.
        Light::Outlook => look.given == (true, true),
    };
    if !is_judged || look.unknown {
        return;
    }
    let (ink, ground) = (look.ink.unwrap_or(ink), look.ground.unwrap_or(paper));
    let contrast = ink.contrast(ground);
    if contrast < 4.5 {
        let (rule, when) = match light {
            Light::Day => (&rules::look::CONTRAST, ""),
            Light::Night => (&rules::look::CONTRAST_NIGHT, " at night"),
            Light::Outlook => (&rules::look::CONTRAST_OUTLOOK, " in Outlook at night"),
        };
        let tenths = (contrast * 10.0).floor() / 10.0;
        check.html(rule, node.line, format!("{} is {ink} on {ground}{when}: {tenths}:1", quoted(text)));
    }
}

/// The rules of the style sheets that hold in a light and that can be matched.
fn matched(styles: &Styles, light: Light) -> Vec<Matched<'_>> {
    let mut out = Vec::new();
    for rule in styles.sheets.iter().flat_map(|(_, sheet)| &sheet.rules) {
        if !holds(rule, light) {
            continue;
        }
        for selector in rule.selector.split(',').map(str::trim) {
            let selector = match (light, selector.split_once(']')) {
                (Light::Outlook, Some((head, rest))) if is_outlook(head) => rest,
                (Light::Outlook, _) => continue,
                _ => selector,
            };
            if let Some(steps) = steps(selector)
                && out.len() < MOST_MATCHED
            {
                out.push(Matched { steps, declarations: &rule.declarations });
            }
        }
    }
    out
}

fn is_outlook(head: &str) -> bool {
    matches!(head.trim(), "[data-ogsc" | "[data-ogsb" | "[data-ogac" | "[data-ogab")
}

fn holds(rule: &Rule, light: Light) -> bool {
    let at_night = |above: &String| above.replace(' ', "").to_ascii_lowercase().contains("prefers-color-scheme:dark");
    match light {
        Light::Day | Light::Outlook => rule.within.is_empty(),
        Light::Night => !rule.within.is_empty() && rule.within.iter().all(at_night),
    }
}

/// `td.a .b`, or nothing where it has other signs in it.
fn steps(selector: &str) -> Option<Vec<Step<'_>>> {
    let selector = selector.trim();
    if selector.is_empty() || selector.contains(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' '))) {
        return None;
    }
    let step = |text| {
        let mut parts = str::split(text, '.');
        Step { name: parts.next().unwrap_or_default(), classes: parts.collect() }
    };
    Some(selector.split_whitespace().map(step).collect())
}

impl Matched<'_> {
    fn fits(&self, markup: &Markup, at: usize, node: &Node) -> bool {
        let Some((last, outer)) = self.steps.split_last() else { return false };
        if !last.fits(node) {
            return false;
        }
        let mut above = markup.above(at);
        outer.iter().rev().all(|step| above.by_ref().any(|(_, node)| step.fits(node)))
    }
}

impl Step<'_> {
    fn fits(&self, node: &Node) -> bool {
        let classes = node.attribute("class").unwrap_or_default();
        (self.name.is_empty() || self.name.eq_ignore_ascii_case(node.name()))
            && self.classes.iter().all(|class| classes.split_whitespace().any(|has| has == *class))
    }
}

/// Buttons that a thumb misses: links that are set as a box with a ground of their own.
pub(super) fn buttons(check: &mut Check, markup: &Markup) {
    for (at, node) in markup.named("a") {
        let own = super::css::declarations(node.attribute("style").unwrap_or_default(), node.line);
        let is_box = value(&own, "display").is_some_and(|display| matches!(display, "inline-block" | "block"));
        let cell = markup.above(at).next().map(|(_, node)| node);
        let ground =
            value(&own, "background-color").or(value(&own, "background")).or(cell.and_then(|cell| cell.attribute("bgcolor")));
        let is_button = is_box && ground.is_some_and(|ground| matches!(ink(ground), Ink::Is(_)));
        let Some(line) = value(&own, "line-height").and_then(pixels).filter(|_| is_button) else { continue };
        let height = line + super::css::vertical_padding(&own);
        if height < 44.0 {
            check.html(
                &rules::look::BUTTON,
                node.line,
                format!("the button {} is {height} px high", quoted(&markup.text_of(at))),
            );
        }
    }
}
