//! How a letter is looked at: on which screen, by day or by night, with pictures or without.

use url::form_urlencoded;

/// What stands behind the `?` of an address of the preview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    /// One screen at its true size; none: all of them, the wide ones smaller than they are.
    pub screen: Option<Screen>,
    pub mode: Mode,
    pub without_pictures: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Light,
    Dark,
}

/// A width on which letters are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    Phone,
    Tablet,
    Desktop,
}

impl Screen {
    pub(super) const ALL: [Self; 3] = [Self::Phone, Self::Tablet, Self::Desktop];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Desktop => "desktop",
        }
    }

    /// CSS pixels.
    pub(super) fn width(self) -> u32 {
        match self {
            Self::Phone => 360,
            Self::Tablet => 768,
            Self::Desktop => 1280,
        }
    }
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl View {
    /// Reads a query; what it does not know it passes over.
    pub(super) fn parse(query: &str) -> Self {
        let mut view = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match (key.as_ref(), value.as_ref()) {
                ("screen", name) => view.screen = Screen::ALL.into_iter().find(|screen| screen.name() == name),
                ("mode", "dark") => view.mode = Mode::Dark,
                ("pictures", "off") => view.without_pictures = true,
                _ => {}
            }
        }
        view
    }

    /// The query that is read as this view, with its `?`; empty for the usual one.
    pub(super) fn query(self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.screen.map(|screen| format!("screen={}", screen.name())));
        parts.extend((self.mode == Mode::Dark).then(|| "mode=dark".to_owned()));
        parts.extend(self.without_pictures.then(|| "pictures=off".to_owned()));
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_its_query() {
        for screen in [None].into_iter().chain(Screen::ALL.map(Some)) {
            for mode in [Mode::Light, Mode::Dark] {
                for without_pictures in [false, true] {
                    let view = View { screen, mode, without_pictures };
                    assert_eq!(View::parse(view.query().trim_start_matches('?')), view);
                }
            }
        }
        assert_eq!(View::default().query(), "");
        assert_eq!(View::parse("screen=cinema&mode=&pictures&&%ff=%"), View::default());
    }
}
