//! The letter as a frame of the preview shows it: the very HTML part, but for what a frame cannot be told from outside.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::view::Mode;
use crate::app::Look;
use crate::domain::InlinePicture;

/// What stands in the place of the question whether a reader likes it dark: a browser asks its own user, not this page.
const YES: &str = "(min-width:0)";
const NO: &str = "(max-width:0)";

/// The HTML part by day or by night. Links open beside the preview, pictures of the message are shown out of it.
pub(super) fn shown(look: &Look, mode: Mode) -> String {
    let html = styles_in_mode(&look.html, mode);
    let html = look.pictures.iter().fold(html, |html, picture| html.replace(&format!("cid:{}", picture.id), &data(picture)));
    let about = format!("<base target=\"_blank\"><style>:root{{color-scheme:{} !important}}</style>", mode.name());
    match html.find("</head>") {
        Some(at) => [html.get(..at), Some(&about), html.get(at..)].into_iter().flatten().collect(),
        // At the end, since before its first line it would not be read as HTML of today any more.
        None => html + &about,
    }
}

/// Answers `prefers-color-scheme` in the style sheets, and nowhere else: a text may well speak of it.
fn styles_in_mode(html: &str, mode: Mode) -> String {
    let mut out = String::with_capacity(html.len() + 1_000);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<style") {
        let (sheet, left) = after.split_at(after.find("</style").unwrap_or(after.len()));
        let _ = write!(out, "{before}<style");
        answer(sheet, mode, &mut out);
        rest = left;
    }
    out + rest
}

/// Media features stand in brackets: `(prefers-color-scheme: dark)` (Media Queries 5, section 11.5).
fn answer(sheet: &str, mode: Mode, out: &mut String) {
    let mut rest = sheet;
    while let Some((at, asked)) = rest.match_indices('(').find_map(|(at, _)| Some((at, scheme(rest.get(at..)?)?))) {
        let (before, from) = rest.split_at(at);
        let end = from.find(')').map_or(from.len(), |end| end + 1);
        let _ = write!(out, "{before}{}", if asked == mode.name() { YES } else { NO });
        rest = from.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Which scheme a media feature asks for.
fn scheme(feature: &str) -> Option<&str> {
    let (name, rest) = feature.strip_prefix('(')?.split_once(':')?;
    let (value, _) = rest.split_once(')')?;
    name.trim().eq_ignore_ascii_case("prefers-color-scheme").then_some(value.trim())
}

/// The picture as an address that holds all of it (RFC 2397).
fn data(picture: &InlinePicture) -> String {
    format!("data:{};base64,{}", picture.media_type, STANDARD.encode(&picture.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_told_the_mode() {
        let html = "<style>@media screen and (prefers-color-scheme: dark){a{color:red}}@media (prefers-color-scheme:light){b{}}\
                    (</style><p>(prefers-color-scheme:dark)</p>";
        let told = |yes: &str, no: &str| {
            format!(
                "<style>@media screen and {yes}{{a{{color:red}}}}@media {no}{{b{{}}}}(</style><p>(prefers-color-scheme:dark)</p>"
            )
        };
        assert_eq!(styles_in_mode(html, Mode::Dark), told(YES, NO));
        assert_eq!(styles_in_mode(html, Mode::Light), told(NO, YES));
    }

    #[test]
    fn what_is_cut_off_stays_what_it_is() {
        for html in ["<style", "<style>(prefers-color-scheme:dark", "<style>(((", "", "</style>(prefers-color-scheme:dark)"] {
            assert_eq!(styles_in_mode(html, Mode::Dark), html);
        }
    }
}
