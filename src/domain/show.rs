use super::podcast::ShowGuid;
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
    /// The name of its feed for ever (`podcast:guid`), a UUID in lower case.
    pub guid: Option<ShowGuid>,
    /// Cover picture, square.
    pub image: Option<WebUrl>,
    /// Other places to follow the show: name and address.
    pub platforms: Vec<(Line, WebUrl)>,
}

/// The latest programme of a show, as its feed tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The show's own name.
    pub show: Line,
    pub title: Line,
    /// Its page, or else the sound itself.
    pub url: Option<WebUrl>,
    /// How long it is.
    pub seconds: Option<u32>,
}

impl Episode {
    /// How long it is, as `25 min` or `1 h 05 min`; none below a minute, which is no programme but a mistake.
    pub fn length(&self) -> Option<String> {
        let minutes = self.seconds?.saturating_add(30) / 60;
        match (minutes / 60, minutes % 60) {
            (0, 0) => None,
            (0, minutes) => Some(format!("{minutes} min")),
            (hours, minutes) => Some(format!("{hours} h {minutes:02} min")),
        }
    }
}

/// The invitation to a show, lifted out of a page or given in the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promo {
    pub show: Line,
    pub text: Line,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_whole_minutes() {
        let length =
            |seconds| Episode { show: Line::new("S").unwrap(), title: Line::new("T").unwrap(), url: None, seconds }.length();
        assert_eq!(length(Some(1501)).as_deref(), Some("25 min"));
        assert_eq!(length(Some(3900)).as_deref(), Some("1 h 05 min"));
        assert_eq!((length(Some(20)), length(None)), (None, None));
    }
}
