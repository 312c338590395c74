use std::fmt;

use super::{Colour, WebUrl};

/// How a letter looks: colours by day and by night, fonts, widths, the logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub day: Palette,
    pub night: Palette,
    pub fonts: Fonts,
    /// Pixels that the column is wide at most.
    pub width: u16,
    /// Pixels of running text.
    pub text_size: u8,
    /// What stands in the masthead in the place of the publication's title.
    pub logo: Option<Logo>,
}

/// The colours of a letter at one time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Around the letter.
    pub page: Colour,
    /// What the letter stands on.
    pub sheet: Colour,
    /// What the promo stands on.
    pub tint: Colour,
    /// Running text.
    pub ink: Colour,
    /// What is said beside it: bylines, captions, the footer.
    pub soft: Colour,
    pub link: Colour,
    /// Fine lines.
    pub rule: Colour,
    /// The button, and the bars at the top and beside quotations.
    pub button: Colour,
}

/// The fonts of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fonts {
    pub headline: FontStack,
    pub body: FontStack,
    pub small: FontStack,
}

/// Names of fonts, the first that a device has is taken: `Georgia,'Times New Roman',serif`.
///
/// Nothing in it ends a style attribute, or the declaration that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontStack(String);

/// A picture with the size at which it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Over https: mail programs block or warn of anything else.
    pub url: WebUrl,
    pub width: u16,
    pub height: u16,
}

/// A text that cannot be read on one of the grounds that it stands on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unreadable {
    /// The key of the text's colour, and of the ground's: `soft`, `page`.
    pub text: &'static str,
    pub ground: &'static str,
    pub contrast: f64,
    /// The nearest shade of the text that can be read on all of its grounds, if there is one.
    pub nearest: Option<Colour>,
}

/// A colour of a palette with its key.
type Named = (&'static str, Colour);

impl Default for Theme {
    fn default() -> Self {
        Self { day: Palette::DAY, night: Palette::NIGHT, fonts: Fonts::default(), width: 600, text_size: 17, logo: None }
    }
}

impl Default for Fonts {
    fn default() -> Self {
        // Windows has Georgia, and takes Arial for Helvetica: nothing that Outlook would show as Times instead.
        let serif = FontStack("Georgia,serif".to_owned());
        Self { headline: serif.clone(), body: serif, small: FontStack("Helvetica,Arial,sans-serif".to_owned()) }
    }
}

impl Palette {
    pub const DAY: Self = Self {
        page: Colour::new(0xef, 0xe7, 0xda),
        sheet: Colour::new(0xff, 0xfd, 0xf9),
        tint: Colour::new(0xf8, 0xf1, 0xe5),
        ink: Colour::new(0x2a, 0x25, 0x20),
        soft: Colour::new(0x5f, 0x56, 0x4b),
        link: Colour::CLAY,
        rule: Colour::new(0xe2, 0xd7, 0xc6),
        button: Colour::CLAY,
    };
    pub const NIGHT: Self = Self {
        page: Colour::new(0x17, 0x14, 0x11),
        sheet: Colour::new(0x21, 0x1d, 0x19),
        tint: Colour::new(0x2c, 0x27, 0x21),
        ink: Colour::new(0xec, 0xe5, 0xda),
        soft: Colour::new(0xb8, 0xad, 0x9e),
        link: Colour::new(0xbd, 0x7f, 0x6c),
        rule: Colour::new(0x44, 0x3c, 0x33),
        button: Colour::new(0xae, 0x62, 0x4b),
    };

    /// The palette with links, button and bars in a desk's own colour: links as far as it can be read. By day a button is
    /// what the desk says, by night it is made to stand out from the dark.
    #[must_use]
    pub fn with_accent(self, accent: Colour) -> Self {
        let grounds = [self.sheet, self.tint];
        let button = if self.sheet.is_light() { accent } else { accent.standing_out(&grounds, Colour::VISIBLE) };
        Self { link: accent.readable_on(&grounds), button, ..self }
    }

    /// White or black on the button, whichever is easier to read.
    pub fn button_ink(&self) -> Colour {
        self.button.ink_on_it()
    }

    /// Every text colour with the grounds that it stands on.
    fn texts(&self) -> [(Named, Vec<Named>); 3] {
        let (page, sheet, tint) = (("page", self.page), ("sheet", self.sheet), ("tint", self.tint));
        [
            (("ink", self.ink), vec![sheet, tint]),
            (("soft", self.soft), vec![sheet, tint, page]),
            (("link", self.link), vec![sheet, tint]),
        ]
    }

    /// The texts that cannot be read on one of their grounds.
    pub fn unreadable(&self) -> Vec<Unreadable> {
        let mut out = Vec::new();
        for ((text, colour), grounds) in self.texts() {
            let all: Vec<Colour> = grounds.iter().map(|(_, ground)| *ground).collect();
            let nearest = colour.readable_on(&all);
            let nearest = all.iter().all(|ground| nearest.contrast(*ground) >= Colour::READABLE).then_some(nearest);
            for (ground, behind) in grounds {
                let contrast = colour.contrast(behind);
                if contrast < Colour::READABLE {
                    out.push(Unreadable { text, ground, contrast, nearest });
                }
            }
        }
        out
    }
}

impl FontStack {
    /// Families that every device knows.
    const GENERIC: [&str; 5] = ["serif", "sans-serif", "monospace", "cursive", "fantasy"];

    /// The names, with the family to fall back on; `None` where one is not a plain name, or there are none or too many.
    ///
    /// Plain are ASCII letters, digits, spaces and hyphens. A name is quoted, so that none of its words is taken for more.
    pub fn new(names: &[impl AsRef<str>], family: &str) -> Option<Self> {
        let plain = |name: &str| {
            let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'-');
            letters && name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= 40
        };
        let mut stack: Vec<String> = Vec::new();
        for name in names {
            let name = name.as_ref().trim();
            if !plain(name) {
                return None;
            }
            let lower = name.to_ascii_lowercase();
            let bare = name.bytes().all(|byte| byte.is_ascii_alphabetic());
            let is_generic = Self::GENERIC.contains(&lower.as_str());
            stack.push(if is_generic {
                lower
            } else if bare {
                name.to_owned()
            } else {
                format!("'{name}'")
            });
        }
        if stack.is_empty() || stack.len() > 8 {
            return None;
        }
        if !stack.last().is_some_and(|last| Self::GENERIC.contains(&last.as_str())) {
            stack.push(family.to_owned());
        }
        Some(Self(stack.join(",")))
    }
}

impl fmt::Display for FontStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_griot_can_be_read() {
        assert_eq!((Palette::DAY.unreadable(), Palette::NIGHT.unreadable()), (vec![], vec![]));
        assert_eq!(Palette::DAY.with_accent(Colour::CLAY), Palette::DAY);
        assert_eq!(Palette::NIGHT.with_accent(Colour::CLAY), Palette::NIGHT);
        for accent in ["#ffe000", "#000000", "#ffffff", "#777777"] {
            let accent = Colour::parse(accent).unwrap();
            for palette in [Palette::DAY, Palette::NIGHT] {
                let palette = palette.with_accent(accent);
                assert_eq!(palette.unreadable(), vec![], "{accent}");
                assert!(palette.button_ink().contrast(palette.button) >= Colour::READABLE);
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_a_way_out() {
        let pale = Palette { soft: Colour::parse("#b0a898").unwrap(), ..Palette::DAY };
        let found = pale.unreadable();
        assert_eq!(
            found.iter().map(|one| (one.text, one.ground)).collect::<Vec<_>>(),
            [("soft", "sheet"), ("soft", "tint"), ("soft", "page")]
        );
        let mended = Palette { soft: found[0].nearest.unwrap(), ..pale };
        assert_eq!(mended.unreadable(), vec![]);
        let torn = Palette { page: Colour::BLACK, ..Palette::DAY };
        assert_eq!(torn.unreadable()[0].nearest, None);
    }

    #[test]
    fn fonts_are_plain_names() {
        let stack = |names: &[&str]| FontStack::new(names, "serif").map(|stack| stack.to_string());
        assert_eq!(stack(&["Charter", "Times New Roman"]).as_deref(), Some("Charter,'Times New Roman',serif"));
        assert_eq!(stack(&["Inter", "Sans-Serif"]).as_deref(), Some("Inter,sans-serif"));
        for bad in ["", "a;color:red", "x'y", "url(x)", "a\"b", "Ünder", "3x", "-x", "a,b"] {
            assert_eq!(stack(&[bad]), None, "{bad}");
        }
        assert_eq!(stack(&[]), None);
    }
}
