//! The theme as a template has it: texts and numbers.

use serde::Serialize;

use crate::domain::{Fonts, Logo, Palette, Theme};

/// Pixels on either side of a text, in its column.
const PADDING: u16 = 40;

#[derive(Serialize)]
pub(super) struct Look {
    pub(super) day: Colours,
    pub(super) night: Colours,
    pub(super) fonts: FontNames,
    /// Pixels of the column, and of a text in it.
    pub(super) width: u16,
    pub(super) inner: u16,
    pub(super) size: Sizes,
    /// The address of the logo; empty where the publication's title stands for itself.
    pub(super) logo: String,
    pub(super) logo_width: u16,
    pub(super) logo_height: u16,
}

#[derive(Serialize)]
pub(super) struct Colours {
    pub(super) page: String,
    pub(super) sheet: String,
    pub(super) tint: String,
    pub(super) ink: String,
    pub(super) soft: String,
    pub(super) link: String,
    pub(super) rule: String,
    pub(super) button: String,
    pub(super) button_ink: String,
}

/// Names of fonts as they stand in a style attribute. They are plain ([`crate::domain::FontStack`]), so a template may
/// print them as they are.
#[derive(Serialize)]
pub(super) struct FontNames {
    pub(super) headline: String,
    pub(super) body: String,
    pub(super) small: String,
}

/// Pixels of letters and of their lines.
#[derive(Serialize)]
pub(super) struct Sizes {
    pub(super) title: u16,
    pub(super) title_line: u16,
    pub(super) narrow_title: u16,
    pub(super) narrow_title_line: u16,
    pub(super) summary: u16,
    pub(super) summary_line: u16,
    pub(super) show: u16,
    pub(super) show_line: u16,
    pub(super) item: u16,
    pub(super) item_line: u16,
    pub(super) text: u16,
    pub(super) text_line: u16,
    pub(super) note: u16,
    pub(super) note_line: u16,
    pub(super) small: u16,
    pub(super) small_line: u16,
}

impl Look {
    /// The theme, with its logo where that is shown.
    pub(super) fn of(theme: &Theme, logo: Option<&Logo>) -> Self {
        let (logo, logo_width, logo_height) =
            logo.map_or((String::new(), 0, 0), |logo| (logo.url.to_string(), logo.width, logo.height));
        Self {
            day: Colours::of(&theme.day),
            night: Colours::of(&theme.night),
            fonts: FontNames::of(&theme.fonts),
            width: theme.width,
            inner: inner(theme),
            size: Sizes::of(theme.text_size),
            logo,
            logo_width,
            logo_height,
        }
    }
}

/// Pixels that a text has in the column.
pub(super) fn inner(theme: &Theme) -> u16 {
    theme.width.saturating_sub(2 * PADDING)
}

impl Colours {
    fn of(palette: &Palette) -> Self {
        Self {
            page: palette.page.to_string(),
            sheet: palette.sheet.to_string(),
            tint: palette.tint.to_string(),
            ink: palette.ink.to_string(),
            soft: palette.soft.to_string(),
            link: palette.link.to_string(),
            rule: palette.rule.to_string(),
            button: palette.button.to_string(),
            button_ink: palette.button_ink().to_string(),
        }
    }
}

impl FontNames {
    fn of(fonts: &Fonts) -> Self {
        Self { headline: fonts.headline.to_string(), body: fonts.body.to_string(), small: fonts.small.to_string() }
    }
}

impl Sizes {
    fn of(text: u8) -> Self {
        // Drawn for running text of 17 pixels; the small print stays as large as it must be.
        let scaled = |pixels: u16| (pixels * u16::from(text) + 8) / 17;
        Self {
            title: scaled(32),
            title_line: scaled(39),
            narrow_title: scaled(27),
            narrow_title_line: scaled(34),
            summary: scaled(20),
            summary_line: scaled(30),
            show: scaled(24),
            show_line: scaled(31),
            item: scaled(21),
            item_line: scaled(28),
            text: scaled(17),
            text_line: scaled(28),
            note: scaled(15),
            note_line: scaled(24),
            small: scaled(14).max(14),
            small_line: scaled(21),
        }
    }

    /// Pixels of a heading of this level, and of its line.
    pub(super) fn heading(text: u8, level: u8) -> (u16, u16) {
        let scaled = |pixels: u16| (pixels * u16::from(text) + 8) / 17;
        match level {
            0..=2 => (scaled(23), scaled(30)),
            3 => (scaled(19), scaled(27)),
            _ => (scaled(17), scaled(26)),
        }
    }
}
