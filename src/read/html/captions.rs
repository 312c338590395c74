//! What the elements below a picture say: caption and credit, told apart by their markup.
//!
//! Publishing systems mark the credit in one of four ways, looked for in this order: an element whose class, id or
//! `itemprop` names it (`credit`, `copyrightHolder`); a line of its own that reads like a credit; a short name in an
//! element of its own at the end (`<small>`, `<cite>`, `<span>`); or only by its words, which [`picture`] knows.

use dom_query::NodeRef;

use super::dom;
use crate::domain::{Figure, Line, fold};
use crate::read::picture;
use crate::read::words::ends_sentence;

/// What names the credit of a picture in classes, ids and item properties.
const CREDITS: [&str; 17] = [
    "credit",
    "copyright",
    "photographer",
    "attribution",
    "source",
    "agency",
    "distributor",
    "fotograf",
    "author",
    "autor",
    "byline",
    "rights",
    "quelle",
    "fuente",
    "fonte",
    "courtesy",
    "nachweis",
];

/// Characters of the longest credit.
const LONGEST: usize = 150;
/// Words of a name that stands in an element of its own.
const NAME: usize = 6;
/// Words of the longest text that is taken for a credit because its element is called so.
const CALLED: usize = 12;

/// Adds to a figure what a caption says, unless the figure knows already.
pub(super) fn describe(figure: &mut Figure, caption: &NodeRef) {
    let mut pieces = Pieces::default();
    pieces.gather(caption, false);
    let named = pieces.found.iter().any(|piece| piece.credit);
    // Where the element around all of it is called a credit, it is one, unless it holds an element that is called so too.
    let whole = !named && credit_of(caption).is_some_and(|text| text.split(' ').count() <= CALLED);
    let (said, by) = if whole {
        (None, picture::credit(&dom::text(caption)))
    } else if named {
        pieces.by_name()
    } else {
        pieces.by_place().unwrap_or_else(|| picture::describe(&pieces.text(|_| true)))
    };
    figure.caption = figure.caption.take().or(said);
    figure.credit = figure.credit.take().or(by);
}

/// The credit in an element that stands by a picture but not in its caption.
pub(super) fn beside(node: &NodeRef) -> Option<Line> {
    let own = ["footer", "small", "cite"].iter().any(|name| node.has_name(name));
    let text = if own { short(node) } else { credit_of(node) }?;
    picture::credit(&text)
}

/// The text of an element that is called a credit.
fn credit_of(node: &NodeRef) -> Option<String> {
    if node.is_element() && dom::is_called(node, &CREDITS) { short(node) } else { None }
}

/// The text of an element, if it is as short as credits are; long ones are not read to their end.
fn short(node: &NodeRef) -> Option<String> {
    let mut text = String::new();
    for run in node.descendants_it().filter(NodeRef::is_text) {
        text.push_str(&run.text());
        if text.len() > LONGEST * 8 {
            return None;
        }
    }
    let text = fold(&text);
    (2..=LONGEST).contains(&text.chars().count()).then_some(text)
}

/// A run of text that one element holds.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    /// The element is called a credit.
    credit: bool,
    /// It begins a line.
    line: bool,
    /// Its element sets it off by itself, also where no sentence ends before it.
    apart: bool,
}

#[derive(Debug, Default)]
struct Pieces {
    found: Vec<Piece>,
    /// What comes next is another piece.
    cut: bool,
    /// What comes next begins a line.
    line: bool,
    /// What comes next is in `<small>`, `<cite>` or `<footer>`.
    apart: bool,
}

impl Pieces {
    fn gather(&mut self, node: &NodeRef, credit: bool) {
        for child in node.children_it(false) {
            if child.is_text() {
                self.text_run(&child.text(), credit);
            } else if child.is_element() {
                self.element(&child, credit);
            }
        }
    }

    fn element(&mut self, node: &NodeRef, credit: bool) {
        let name = dom::name(node);
        // Labels for those who hear the page ("image caption"), as Bootstrap, WordPress and others call them.
        if dom::is_called(node, &["visually-hidden", "visuallyhidden", "sr-only", "screen-reader"]) {
            return;
        }
        match &*name {
            "script" | "style" | "svg" | "button" | "noscript" | "template" | "img" | "picture" | "video" | "iframe" => return,
            "a" | "b" | "strong" | "sub" | "sup" | "wbr" | "font" if credit || credit_of(node).is_none() => {
                self.gather(node, credit);
                return;
            }
            _ => {}
        }
        let inline = matches!(
            &*name,
            "a" | "b" | "strong" | "span" | "em" | "i" | "small" | "cite" | "time" | "u" | "font" | "sub" | "sup" | "wbr"
        );
        let apart = matches!(&*name, "small" | "cite" | "footer");
        self.cut = true;
        self.line |= !inline;
        self.apart |= apart;
        self.gather(node, credit || credit_of(node).is_some());
        self.cut = true;
        self.line |= !inline;
        self.apart = false;
    }

    fn text_run(&mut self, text: &str, credit: bool) {
        match self.found.last_mut() {
            Some(last) if !self.cut && last.credit == credit => last.text.push_str(text),
            _ if text.trim().is_empty() => {
                // White space between two pieces parts them as it parts words.
                if let Some(last) = self.found.last_mut() {
                    last.text.push(' ');
                }
            }
            _ => {
                self.found.push(Piece { text: text.to_owned(), credit, line: self.line, apart: self.apart });
                (self.cut, self.line) = (false, false);
            }
        }
    }

    /// The text of some pieces; what the layout sets apart is parted by a space.
    fn text(&self, which: impl Fn(&Piece) -> bool) -> String {
        let mut text = String::new();
        for piece in self.found.iter().filter(|piece| which(piece)) {
            let glued = text.ends_with(|c: char| c.is_lowercase() || matches!(c, '.' | '!' | '?' | ')' | ':'))
                && piece.text.starts_with(char::is_uppercase);
            if piece.line || piece.credit || glued {
                text.push(' ');
            }
            text.push_str(&piece.text);
        }
        fold(&text)
    }

    /// Caption and credit where elements are called a credit. A sign between two of them belongs to the credit:
    /// `<span>Photo by A</span> / <span>B</span>`.
    fn by_name(mut self) -> (Option<Line>, Option<Line>) {
        let is_sign = |text: &str| !text.contains(char::is_alphanumeric) && text.contains(['/', ',', '|', '©']);
        let signs: Vec<usize> = (1..self.found.len())
            .filter(|at| {
                let credit = |at: usize| self.found.get(at).is_some_and(|piece| piece.credit);
                credit(at - 1) && credit(at + 1) && self.found.get(*at).is_some_and(|piece| is_sign(&piece.text))
            })
            .collect();
        for at in signs {
            if let Some(piece) = self.found.get_mut(at) {
                piece.credit = true;
            }
        }
        // Some pages print the credit once for wide and once for narrow screens.
        let mut said: Vec<String> = Vec::new();
        self.found.retain(|piece| {
            let key = fold(&piece.text);
            let twice = piece.credit && key.contains(char::is_alphabetic) && said.contains(&key);
            said.push(key);
            !twice
        });
        let credit = picture::credit(&self.text(|piece| piece.credit));
        let text = self.text(|piece| !piece.credit);
        let caption = picture::split(&text).map_or(text.as_str(), |split| split.caption);
        (picture::caption(caption), credit)
    }

    /// Caption and credit where the first or the last piece is a credit, as its words or its place say.
    fn by_place(&self) -> Option<(Option<Line>, Option<Line>)> {
        let (first, last) = (self.found.first()?, self.found.last()?);
        if self.found.len() < 2 {
            return None;
        }
        let others = |piece: &Piece| self.text(|other| !std::ptr::eq(other, piece));
        let parted = |piece: &Piece| {
            let caption = picture::caption(&others(piece));
            move |credit: Line| (caption, Some(credit))
        };
        let read = |piece: &Piece| match picture::describe(&fold(&piece.text)) {
            (None, Some(credit)) => Some(credit),
            _ => None,
        };
        if let Some(credit) = read(last) {
            return Some(parted(last)(credit));
        }
        let second_line = self.found.get(1).is_some_and(|second| second.line);
        if let Some(credit) = read(first).filter(|_| second_line) {
            return Some(parted(first)(credit));
        }
        let before = others(last);
        let set_off = last.apart || ends_sentence(&before);
        let name = fold(&last.text);
        if set_off && !before.is_empty() && picture::is_like_name(&name, NAME) {
            return picture::credit(&name).map(parted(last));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[track_caller]
    fn case(markup: &str, caption: &str, credit: &str) {
        let document = Document::from(format!("<figcaption>{markup}</figcaption>").as_str());
        let mut figure = Figure::default();
        describe(&mut figure, &dom::all(&document, "figcaption").remove(0));
        let plain = |line: Option<Line>| line.map(|line| line.to_string()).unwrap_or_default();
        assert_eq!((plain(figure.caption).as_str(), plain(figure.credit).as_str()), (caption, credit), "{markup}");
    }

    #[test]
    fn credits_are_told_by_the_name_of_their_element() {
        case("A dam at night <span class=credit>Ada Lum</span>", "A dam at night", "Ada Lum");
        case("<div class=copyright>Ada Lum/AFP</div><div class=caption>A dam</div>", "A dam", "Ada Lum/AFP");
        case(
            "<span>A dam.</span> <span class=credit>Photo by Ada Lum</span> /<span class=distributor>AFP</span>",
            "A dam.",
            "Ada Lum / AFP",
        );
        case("A dam - <b class=copyright>Copyright </b><b class=credit>Ada Lum</b>", "A dam", "Ada Lum");
        case("A dam <i class=credit>Ada Lum</i> <i class=credit>Ada Lum</i>", "A dam", "Ada Lum");
    }

    #[test]
    fn credits_are_told_by_their_place() {
        case("A dam at night <small>(Foto: Ada Lum)</small>", "A dam at night", "Ada Lum");
        case("<p>A dam at night</p><p>Foto: Ada Lum</p>", "A dam at night", "Ada Lum");
        case("<div>Bild: Ada Lum</div> A dam at night", "A dam at night", "Ada Lum");
        case("A dam at night <cite>Ada Lum/River Press</cite>", "A dam at night", "Ada Lum/River Press");
        case("<span>The dam holds.</span><span>Ada Lum</span>", "The dam holds.", "Ada Lum");
        case("Sunset seen from the <i>Grand Duchess</i>", "Sunset seen from the Grand Duchess", "");
        case("<button>Share</button>A dam", "A dam", "");
        case("", "", "");
    }
}
