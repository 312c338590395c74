use std::fmt;

/// A colour in sRGB, as `#9a3b1e`: the only notation that no mail client drops a style for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// The contrast that text needs against its ground (WCAG 2.2, success criterion 1.4.3).
    pub const READABLE: f64 = 4.5;
    /// The contrast that a button needs against its ground (WCAG 2.2, success criterion 1.4.11).
    pub const VISIBLE: f64 = 3.0;

    /// A warm clay: the accent where the desk names none.
    pub const CLAY: Self = Self::new(0x9a, 0x3b, 0x1e);
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);
    pub const BLACK: Self = Self::new(0, 0, 0);

    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rgb` or `#rrggbb`, with or without the `#`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().trim_start_matches('#');
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let long = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        let [_, red, green, blue] = u32::from_str_radix(&long, 16).ok()?.to_be_bytes();
        Some(Self::new(red, green, blue))
    }

    /// The colour itself, or the nearest shade of it that can be read on every one of these grounds.
    ///
    /// A desk's own colour may be too light for text on paper, or too dark for text at night. Where no shade can be read on
    /// all of the grounds, because one is light and another dark, it is black or white, whichever the first ground asks for.
    #[must_use]
    pub fn readable_on(self, grounds: &[Self]) -> Self {
        self.standing_out(grounds, Self::READABLE)
    }

    /// The colour itself, or the nearest shade of it that has this contrast with every one of these grounds.
    #[must_use]
    pub fn standing_out(self, grounds: &[Self], contrast: f64) -> Self {
        let first_is_light = grounds.first().is_none_or(|ground| ground.is_light());
        let (towards, away) = if first_is_light { (Self::BLACK, Self::WHITE) } else { (Self::WHITE, Self::BLACK) };
        (0..=20)
            .flat_map(|step| [self.mixed(towards, step), self.mixed(away, step)])
            .find(|shade| grounds.iter().all(|ground| shade.contrast(*ground) >= contrast))
            .unwrap_or(towards)
    }

    /// Whether dark text is easier to read on it than light text.
    pub fn is_light(self) -> bool {
        self.luminance() > 0.18
    }

    /// White or black, whichever is easier to read on the colour.
    #[must_use]
    pub fn ink_on_it(self) -> Self {
        if self.contrast(Self::WHITE) >= Self::READABLE { Self::WHITE } else { Self::BLACK }
    }

    /// `step` twentieths of the way to another colour.
    #[must_use]
    pub fn mixed(self, other: Self, step: u16) -> Self {
        let mix = |from: u8, to: u8| {
            let sum = u16::from(from) * (20 - step.min(20)) + u16::from(to) * step.min(20);
            u8::try_from(sum / 20).unwrap_or(to)
        };
        Self::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hex_and_nothing_else() {
        assert_eq!(Colour::parse("#9A3B1E"), Some(Colour::CLAY));
        assert_eq!(Colour::parse("fc0").unwrap().to_string(), "#ffcc00");
        for bad in ["", "#", "red", "#12345", "#1234567", "#ff0000;x:y", "rgb(0,0,0)", "#éééééé"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn text_in_any_accent_can_be_read() {
        let (paper, night) = (Colour::new(0xff, 0xfd, 0xf9), Colour::new(0x21, 0x1d, 0x19));
        for text in ["#ffff00", "#000000", "#ffffff", "#777777", "#00ff00", "#123456", "#9a3b1e"] {
            let accent = Colour::parse(text).unwrap();
            for ground in [paper, night] {
                assert!(accent.readable_on(&[ground]).contrast(ground) >= Colour::READABLE, "{text} on {ground}");
            }
            assert!(accent.ink_on_it().contrast(accent) >= Colour::READABLE, "{text}");
        }
        assert_eq!(Colour::CLAY.readable_on(&[paper]), Colour::CLAY);
        // Grey on a grey that is neither light nor dark: the shorter way out is taken.
        let middle = Colour::new(0x80, 0x80, 0x80);
        assert!(Colour::new(0xf0, 0xf0, 0xf0).readable_on(&[Colour::new(0x60, 0x60, 0x60)]).is_light());
        assert!(!Colour::new(0x30, 0x30, 0x30).readable_on(&[middle]).is_light());
    }
}
