//! The look of the pages: that of the letters, by day and by night.

use std::fmt::Write as _;

use crate::domain::{Colour, Palette, Theme};

const RULES: &str = include_str!("../../../templates/readers/readers.css");

/// What is wrong is said in red, as far as that can be read.
const RED: Colour = Colour::new(0xb3, 0x26, 0x1e);

/// The stylesheet of all pages. It stands in each of them: one that is fetched on a slow line has to be whole.
///
/// Colours and names of fonts are plain, so that none of them ends the element.
pub(super) fn style(theme: &Theme) -> String {
    let mut out = String::with_capacity(RULES.len() + 1_000);
    let fonts = &theme.fonts;
    // Writing to a string cannot fail.
    let _ = writeln!(out, ":root{{color-scheme:light dark;{}--small:{}}}", colours(&theme.day), fonts.small);
    let _ = writeln!(out, "@media (prefers-color-scheme:dark){{:root{{{}}}}}", colours(&theme.night));
    let _ = writeln!(out, "body{{font-family:{}}}\nh1,header{{font-family:{}}}", fonts.body, fonts.headline);
    out.push_str(RULES.trim_end());
    out
}

fn colours(palette: &Palette) -> String {
    let wrong = RED.readable_on(&[palette.sheet]);
    let Palette { page, sheet, tint, ink, soft, link, rule, button } = palette;
    let button_ink = palette.button_ink();
    format!(
        "--page:{page};--sheet:{sheet};--tint:{tint};--ink:{ink};--soft:{soft};--link:{link};--rule:{rule};\
         --button:{button};--button-ink:{button_ink};--wrong:{wrong};"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_or_fetches_anything() {
        let style = style(&Theme::default());
        assert!(style.contains("--button:#9a3b1e") && !style.contains('<') && !style.contains("url("), "{style}");
    }
}
