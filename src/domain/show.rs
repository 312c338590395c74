use super::{Line, WebUrl};

/// A podcast that the publication promotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub name: Line,
    /// One or two sentences that invite to listen; used where the page brings none of its own.
    pub pitch: Option<Line>,
    /// Where "Listen" leads.
    pub listen: Option<WebUrl>,
    pub feed: Option<WebUrl>,
    /// Cover picture, square.
    pub image: Option<WebUrl>,
    /// Other places to follow the show: name and address.
    pub platforms: Vec<(Line, WebUrl)>,
}

/// The invitation to a show, lifted out of a page or given in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promo {
    pub show: Line,
    pub text: Line,
}
