//! What speaks for and against a passage, and how much.
//!
//! The weights are the log-odds that a logistic regression gave the signs over the 42,000 passages of 208 news and blog pages
//! of some 150 sites whose true text is known, each passage weighted by the root of its words, and rounded to one digit.
//! Of a hundred and seventy signs that were tried those are here that help on sites left out of the fit.

/// What speaks for or against a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It has five words or more.
    Words5,
    /// Twelve words or more.
    Words12,
    /// Eighteen words or more.
    Words18,
    /// Twenty-eight words or more.
    Words28,
    /// Eighty words or more.
    Words80,
    /// It ends as a sentence does.
    EndsSentence,
    /// Three words of ten are linked.
    Linked30,
    /// Its element is a `p`.
    Paragraph,
    /// Its element is a `div`, which says nothing: a paragraph would be a `p`.
    Division,
    /// Its element is an `h1`.
    Title,
    /// Its element is an `h2`.
    Heading2,
    /// Its element is an `h3`.
    Heading3,
    /// Its element is an `h2` to `h4`, and a fifth of the text stands beside it.
    Subheading,
    /// It stands in a `figure`.
    InFigure,
    /// It stands in an `article`.
    InArticle,
    /// It stands in a `section`.
    InSection,
    /// The element is named as a byline, a date or a tag.
    NearByline,
    /// The element is named as part of the frame.
    NearFrame,
    /// The element is named as hidden.
    NearHidden,
    /// The element is named as a picture.
    NearPicture,
    /// The element is named as body text.
    NearBody,
    /// It stands in a part of the frame.
    FarFrame,
    /// It stands in a box.
    Box,
    /// It stands in something named as a lead.
    FarLead,
    /// It stands in an item.
    FarItem,
    /// It stands in something named an article.
    FarArticle,
    /// The innermost named part is an item.
    FirstItem,
    /// The innermost named part is an article.
    FirstArticle,
    /// A fifth of all text stands in the element around.
    Parent20,
    /// The share of all text in the third element around.
    Third,
    /// A fifth of all text stands in the third element around.
    Third20,
    /// The share of all text in the fourth element around.
    Fourth,
    /// The share of all text in elements that are made the same way.
    Shape,
    /// Two fifths of all text stand in elements made the same way.
    Shape40,
    /// It stands before the title.
    BeforeTitle,
    /// The description of the page is its beginning.
    Described,
    /// The share of all text that stands before it.
    Before,
    /// No text stands before it.
    First,
    /// All text but a twentieth stands before it.
    Last5,
    /// All text stands before it.
    Last,
    /// Its words are of the frame: a button, an offer.
    Frame,
    /// Its words point to another page.
    Pointer,
    /// It reads as running text.
    Prose,
    /// It is short and says nothing of itself.
    Label,
    /// The share of linked words in the passage before.
    LinkedAbove,
    /// The share of linked words in the passage behind.
    LinkedBelow,
    /// The same of the second before and behind together.
    LinkedBeyond,
    /// How many of the two before and the two behind have fewer than five words.
    ShortAround,
    /// The words of the passage behind, of fifty at most.
    WordsBelow,
    /// The second behind is running text.
    ProseBeyond,
    /// The second behind stands in the same element.
    SameBeyond,
}

/// The log-odds of a passage of which nothing is known.
pub(super) const BASE: f32 = -3.3;

impl Sign {
    /// The log-odds that the sign adds, times its value.
    #[expect(clippy::match_same_arms, reason = "each line is the measured weight of one sign")]
    pub const fn weight(self) -> f32 {
        match self {
            Self::Words5 => 0.4,
            Self::Words12 => 0.5,
            Self::Words18 => 0.4,
            Self::Words28 => 0.3,
            Self::Words80 => 0.7,
            Self::EndsSentence => 0.5,
            Self::Linked30 => -1.1,
            Self::Paragraph => 0.4,
            Self::Division => -0.8,
            Self::Title => -2.3,
            Self::Heading2 => 0.8,
            Self::Heading3 => 1.2,
            Self::Subheading => 1.0,
            Self::InFigure => -1.5,
            Self::InArticle => 0.1,
            Self::InSection => 0.7,
            Self::NearByline => -2.3,
            Self::NearFrame => -0.7,
            Self::NearHidden => -1.0,
            Self::NearPicture => -1.5,
            Self::NearBody => 0.5,
            Self::FarFrame => -2.2,
            Self::Box => -1.5,
            Self::FarLead => -1.2,
            Self::FarItem => -0.3,
            Self::FarArticle => 0.6,
            Self::FirstItem => -0.4,
            Self::FirstArticle => 0.7,
            Self::Parent20 => 0.4,
            Self::Third => 0.6,
            Self::Third20 => 0.3,
            Self::Fourth => 0.6,
            Self::Shape => 2.0,
            Self::Shape40 => 0.8,
            Self::BeforeTitle => -1.1,
            Self::Described => 1.6,
            Self::Before => -1.0,
            Self::First => -1.0,
            Self::Last5 => -0.7,
            Self::Last => -1.1,
            Self::Frame => -2.1,
            Self::Pointer => -2.0,
            Self::Prose => 0.4,
            Self::Label => 0.8,
            Self::LinkedAbove => -0.5,
            Self::LinkedBelow => -0.4,
            Self::LinkedBeyond => -0.2,
            Self::ShortAround => -0.2,
            Self::WordsBelow => 0.4,
            Self::ProseBeyond => 0.2,
            Self::SameBeyond => 0.1,
        }
    }
}
