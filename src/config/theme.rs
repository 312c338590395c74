//! How a letter looks: `[letter.theme]`, every colour of text checked against what it stands on, by day and by night.

use serde::Deserialize;

use super::settings::Check;
use crate::domain::{Colour, FontStack, Fonts, Logo, Palette, Theme, WebUrl};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeOptions {
    pub page: Option<String>,
    pub sheet: Option<String>,
    pub tint: Option<String>,
    pub ink: Option<String>,
    pub soft: Option<String>,
    pub link: Option<String>,
    pub rule: Option<String>,
    pub button: Option<String>,
    pub night: Option<PaletteOptions>,
    pub fonts: Option<FontOptions>,
    pub width: Option<u16>,
    pub text_size: Option<u8>,
    pub logo: Option<LogoOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaletteOptions {
    pub page: Option<String>,
    pub sheet: Option<String>,
    pub tint: Option<String>,
    pub ink: Option<String>,
    pub soft: Option<String>,
    pub link: Option<String>,
    pub rule: Option<String>,
    pub button: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FontOptions {
    pub headline: Option<Vec<String>>,
    pub body: Option<Vec<String>>,
    pub small: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoOptions {
    pub url: Option<String>,
    pub width: Option<u16>,
    pub height: Option<u16>,
}

/// The colours that a desk has named, and nothing else.
#[derive(Clone, Copy, Default)]
struct Named {
    page: Option<Colour>,
    sheet: Option<Colour>,
    tint: Option<Colour>,
    ink: Option<Colour>,
    soft: Option<Colour>,
    link: Option<Colour>,
    rule: Option<Colour>,
    button: Option<Colour>,
}

/// Pixels that a column may be wide: narrower is a phone's affair, wider ones are cut off by mail programs.
const WIDTHS: std::ops::RangeInclusive<u16> = 480..=720;
/// Pixels of running text that can be read without glasses, and still leave a line its words on a phone.
const TEXT_SIZES: std::ops::RangeInclusive<u16> = 16..=20;
const HIGHEST_LOGO: u16 = 200;

impl Check {
    /// The theme, around the accent where that is set.
    pub(super) fn theme(&mut self, options: Option<&ThemeOptions>, accent: Option<Colour>) -> Theme {
        let accent = accent.unwrap_or(Colour::CLAY);
        let (nothing, none) = (ThemeOptions::default(), PaletteOptions::default());
        let options = options.unwrap_or(&nothing);
        let night = options.night.as_ref().unwrap_or(&none);
        let day = Named {
            page: self.colour("page", options.page.as_ref()),
            sheet: self.colour("sheet", options.sheet.as_ref()),
            tint: self.colour("tint", options.tint.as_ref()),
            ink: self.colour("ink", options.ink.as_ref()),
            soft: self.colour("soft", options.soft.as_ref()),
            link: self.colour("link", options.link.as_ref()),
            rule: self.colour("rule", options.rule.as_ref()),
            button: self.colour("button", options.button.as_ref()),
        };
        let night = Named {
            page: self.colour("night.page", night.page.as_ref()),
            sheet: self.colour("night.sheet", night.sheet.as_ref()),
            tint: self.colour("night.tint", night.tint.as_ref()),
            ink: self.colour("night.ink", night.ink.as_ref()),
            soft: self.colour("night.soft", night.soft.as_ref()),
            link: self.colour("night.link", night.link.as_ref()),
            rule: self.colour("night.rule", night.rule.as_ref()),
            button: self.colour("night.button", night.button.as_ref()),
        };
        let by_day = day.over(Palette::DAY, accent);
        let by_night = night.over(dusk(by_day, &day, &night), day.button.unwrap_or(accent));
        self.readable("", by_day);
        self.readable("night.", by_night);
        let width = self.within("letter.theme.width", options.width, WIDTHS).unwrap_or(Theme::default().width);
        let size = self.within("letter.theme.text_size", options.text_size.map(u16::from), TEXT_SIZES);
        Theme {
            day: by_day,
            night: by_night,
            fonts: self.fonts(options.fonts.as_ref()),
            width,
            text_size: size.and_then(|size| u8::try_from(size).ok()).unwrap_or(Theme::default().text_size),
            logo: options.logo.as_ref().and_then(|logo| self.logo(logo, width)),
        }
    }

    fn colour(&mut self, key: &str, value: Option<&String>) -> Option<Colour> {
        self.optional(&format!("letter.theme.{key}"), value, "a colour such as `#a03c1e`", Colour::parse)
    }

    /// Names every text that cannot be read, with its ground, how far it is off, and what would do.
    fn readable(&mut self, table: &str, palette: Palette) {
        for found in palette.unreadable() {
            let way_out = found.nearest.map_or_else(
                || "no shade of it can be read on all of its grounds".to_owned(),
                |shade| format!("`{shade}` would do"),
            );
            let key = |name: &str| format!("letter.theme.{table}{name}");
            let what = format!(
                "has a contrast of {:.1} with `{}`, and text needs {}: {way_out}",
                // Rounded down, so that what fails does not read as if it passed.
                (found.contrast * 10.0).floor() / 10.0,
                key(found.ground),
                Colour::READABLE
            );
            self.problem(&key(found.text), what);
        }
    }

    fn within(&mut self, key: &str, value: Option<u16>, range: std::ops::RangeInclusive<u16>) -> Option<u16> {
        let value = value?;
        if !range.contains(&value) {
            self.problem(key, format!("`{value}` is not a number of pixels from {} to {}", range.start(), range.end()));
        }
        Some(value)
    }

    fn fonts(&mut self, options: Option<&FontOptions>) -> Fonts {
        let mut fonts = Fonts::default();
        let Some(options) = options else { return fonts };
        let mut set = |key: &str, names: Option<&Vec<String>>, family: &str, stack: &mut FontStack| {
            let Some(names) = names else { return };
            match FontStack::new(names, family) {
                Some(named) => *stack = named,
                None => self.problem(
                    &format!("letter.theme.fonts.{key}"),
                    "is not a list of one to eight names of fonts, of letters, digits, spaces and hyphens, such as `[\"Charter\", \"Georgia\"]`",
                ),
            }
        };
        set("headline", options.headline.as_ref(), "serif", &mut fonts.headline);
        set("body", options.body.as_ref(), "serif", &mut fonts.body);
        set("small", options.small.as_ref(), "sans-serif", &mut fonts.small);
        fonts
    }

    fn logo(&mut self, options: &LogoOptions, width: u16) -> Option<Logo> {
        let https = |text: &str| WebUrl::parse(text).filter(|url| url.url().scheme() == "https");
        let what = "an address such as `https://example.org/logo.png`";
        let url = self.needed("letter.theme.logo.url", options.url.as_ref(), what, https);
        let mut pixels = |key: &str, value: Option<u16>, most: u16| {
            let key = format!("letter.theme.logo.{key}");
            if value.is_none() {
                self.problem(&key, "is missing: the pixels at which the logo is shown");
            }
            self.within(&key, value, 1..=most)
        };
        let size = (pixels("width", options.width, width.saturating_sub(80)), pixels("height", options.height, HIGHEST_LOGO));
        Some(Logo { url: url?, width: size.0?, height: size.1? })
    }
}

impl Named {
    /// These colours, and for the others those of a palette with an accent.
    fn over(self, palette: Palette, accent: Colour) -> Palette {
        let grounds = Palette {
            page: self.page.unwrap_or(palette.page),
            sheet: self.sheet.unwrap_or(palette.sheet),
            tint: self.tint.unwrap_or(palette.tint),
            ink: self.ink.unwrap_or(palette.ink),
            soft: self.soft.unwrap_or(palette.soft),
            rule: self.rule.unwrap_or(palette.rule),
            ..palette
        }
        .with_accent(accent);
        Palette { link: self.link.unwrap_or(grounds.link), button: self.button.unwrap_or(grounds.button), ..grounds }
    }
}

/// The night that goes with a day: its grounds dark and of the same hue, its texts light enough to be read on them.
///
/// A day that is dark already is its own night.
fn dusk(day: Palette, named: &Named, night: &Named) -> Palette {
    if !day.sheet.is_light() {
        return day;
    }
    let darker = |named: Option<Colour>, twentieths: u16, usual: Colour| {
        named.map_or(usual, |colour| colour.mixed(Colour::BLACK, twentieths))
    };
    let usual = Palette::NIGHT;
    let page = night.page.unwrap_or(darker(named.page, 18, usual.page));
    let sheet = night.sheet.unwrap_or(darker(named.sheet, 17, usual.sheet));
    let tint = night.tint.unwrap_or(darker(named.tint, 16, usual.tint));
    Palette {
        page,
        sheet,
        tint,
        ink: usual.ink.readable_on(&[sheet, tint]),
        soft: usual.soft.readable_on(&[sheet, tint, page]),
        ..usual
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    #[track_caller]
    fn theme(more: &str) -> Result<Theme, Vec<String>> {
        let file = Path::new("config/griot.toml");
        let text = format!(
            "[publication]\ntitle = 'x'\nhome = 'https://e.example/'\nfeeds = 'https://e.example/'\nlanguage = 'en'\n\
             postal_address = 'x'\n[letter]\nfrom = 'a@e.example'\nunsubscribe = 'mailto:a@e.example'\n{more}"
        );
        match Settings::from_options(file, Options::parse(file, &text).unwrap()) {
            Ok(settings) => Ok(settings.letter.unwrap().theme),
            Err(ConfigError::Problems { problems, .. }) => Err(problems.iter().map(ToString::to_string).collect()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn nothing_said_is_the_usual_look() {
        assert_eq!(theme(""), Ok(Theme::default()));
    }

    #[test]
    fn a_night_is_made_of_every_day() {
        for grounds in ["#ffffff", "#e8f0ff", "#fff3d0", "#101418", "#d0ffd0"] {
            let ink = if Colour::parse(grounds).unwrap().is_light() { "#202020" } else { "#f0f0f0" };
            for accent in ["#0044cc", "#ffe000", "#000000", "#ffffff"] {
                let text = format!(
                    "accent = '{accent}'\n[letter.theme]\npage = '{grounds}'\nsheet = '{grounds}'\ntint = '{grounds}'\nink = '{ink}'\nsoft = '{ink}'"
                );
                let theme = theme(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
                assert!(!theme.night.sheet.is_light(), "{text}");
                assert_eq!((theme.day.unreadable(), theme.night.unreadable()), (vec![], vec![]), "{text}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_both_keys() {
        assert_eq!(
            theme("[letter.theme]\nsoft = '#a09080'").unwrap_err()[0],
            "`letter.theme.soft`: has a contrast of 3.0 with `letter.theme.sheet`, and text needs 4.5: `#706459` would do"
        );
        assert_eq!(
            theme("[letter.theme.night]\nink = '#333333'").unwrap_err()[0],
            "`letter.theme.night.ink`: has a contrast of 1.3 with `letter.theme.night.sheet`, and text needs 4.5: `#8e8e8e` would do"
        );
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        #[track_caller]
        fn case(more: &str, problem: &str) {
            let problems = theme(&format!("[letter.theme]\n{more}")).unwrap_err();
            assert_eq!(problems, [problem]);
        }
        case("width = 900", "`letter.theme.width`: `900` is not a number of pixels from 480 to 720");
        case("text_size = 12", "`letter.theme.text_size`: `12` is not a number of pixels from 16 to 20");
        case("ink = 'black'", "`letter.theme.ink`: `black` is not a colour such as `#a03c1e`");
        case(
            "fonts = { body = ['x;color:red'] }",
            "`letter.theme.fonts.body`: is not a list of one to eight names of fonts, of letters, digits, spaces and hyphens, such as `[\"Charter\", \"Georgia\"]`",
        );
        case(
            "logo = { url = 'http://e.example/l.png', width = 9, height = 9 }",
            "`letter.theme.logo.url`: `http://e.example/l.png` is not an address such as `https://example.org/logo.png`",
        );
        case(
            "logo = { url = 'https://e.example/l.png', width = 9 }",
            "`letter.theme.logo.height`: is missing: the pixels at which the logo is shown",
        );
    }
}
