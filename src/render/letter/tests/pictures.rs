//! Pictures: at which size, from where, and that somebody says what they show.

use super::*;
use crate::domain::{Colour, Logo, Palette, Theme};

fn figure(size: Option<(u32, u32)>, alt: Option<&str>) -> Block {
    Block::Figure(Figure {
        src: Some(url("https://delta.example/p.jpg")),
        alt: alt.map(line),
        caption: None,
        credit: Some(line("B. Traoré")),
        size,
    })
}

fn with(block: Block, about: &LetterStyle) -> Result<Newsletter, LetterError> {
    let mut article = article();
    article.body = vec![paragraph("Before."), block, paragraph("After.")];
    newsletter(&edition(vec![article]), &publication(), about)
}

#[test]
fn a_picture_is_as_wide_as_it_can_be() {
    #[track_caller]
    fn case(size: Option<(u32, u32)>, expected: &str, bleeds: bool) {
        let html = with(figure(size, Some("A pole")), &LetterStyle::default()).unwrap().html;
        assert!(html.contains(&format!("src=\"https://delta.example/p.jpg\" {expected} alt=\"A pole\"")), "{html}");
        assert_eq!(html.contains("<td class=\"wide\""), bleeds, "{size:?}");
    }
    case(Some((1200, 800)), "width=\"600\" height=\"400\"", true);
    case(Some((600, 401)), "width=\"600\" height=\"401\"", true);
    case(Some((599, 400)), "width=\"520\" height=\"347\"", false);
    case(Some((300, 400)), "width=\"300\" height=\"400\"", false);
    case(Some((100_000, 1)), "width=\"600\" height=\"1\"", true);
    case(Some((0, 9)), "width=\"520\"", false);
    case(None, "width=\"520\"", false);
}

#[test]
fn somebody_has_to_say_what_a_picture_shows() {
    let mute = || figure(Some((1200, 800)), None);
    let refused = with(mute(), &LetterStyle::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "nothing says what the picture `https://delta.example/p.jpg` in `The ferrymen who count the water` shows"
    );
    assert!(refused.hint().unwrap().contains("letter.pictures_without_alt"));

    let decorative = LetterStyle { without_alt: WithoutAlt::Decorative, ..LetterStyle::default() };
    let letter = with(mute(), &decorative).unwrap();
    assert!(letter.html.contains("height=\"400\" alt=\"\"") && letter.html.contains("Photo: B. Traoré"));

    let left_out = LetterStyle { without_alt: WithoutAlt::LeftOut, ..LetterStyle::default() };
    let letter = with(mute(), &left_out).unwrap();
    assert!(!letter.html.contains("p.jpg") && letter.html.contains("Photo: B. Traoré"));
    assert!(letter.text.contains("  Photo: B. Traoré\n"));

    // Where pictures are not shown there is nothing to be said of them, nor where a caption says it.
    let plain = LetterStyle { without_pictures: true, ..LetterStyle::default() };
    assert!(!with(mute(), &plain).unwrap().html.contains("<img"));
    let captioned =
        Figure { src: Some(url("https://delta.example/p.jpg")), caption: Some(line("The pole.")), ..Figure::default() };
    assert!(with(Block::Figure(captioned), &LetterStyle::default()).unwrap().html.contains("alt=\"The pole.\""));
}

#[test]
fn no_picture_and_forty_pictures_are_letters() {
    let mut article = article();
    article.body = vec![paragraph("No picture.")];
    assert!(!letter(vec![article.clone()]).html.contains("class=\"wide\""));
    article.body = (0..40).map(|_| figure(Some((1200, 800)), Some("A pole"))).collect();
    let letter = letter(vec![article]);
    assert_eq!(letter.html.matches("width=\"600\" height=\"400\"").count(), 40);
    assert_eq!(letter.text.matches("[A pole]").count(), 40);
}

#[test]
fn a_logo_stands_for_the_title() {
    let logo = Some(Logo { url: url("https://delta.example/logo.png"), width: 200, height: 40 });
    let about = LetterStyle { theme: Theme { logo, ..Theme::default() }, ..LetterStyle::default() };
    let shown = "<img src=\"https://delta.example/logo.png\" width=\"200\" height=\"40\" alt=\"The Delta Post\"";
    assert!(newsletter(&edition(vec![article()]), &publication(), &about).unwrap().html.contains(shown));
    let plain = LetterStyle { without_pictures: true, ..about };
    let plain = newsletter(&edition(vec![article()]), &publication(), &plain).unwrap().html;
    assert!(!plain.contains("<img") && plain.contains("<bdi>The Delta Post</bdi></a>"));
}

#[test]
fn a_letter_for_paid_data_has_no_picture_and_the_smallest_style_sheet() {
    let about = LetterStyle { low_data: true, ..LetterStyle::default() };
    let low = newsletter(&edition(vec![article()]), &publication(), &about).unwrap();
    let full = letter(vec![article()]);
    assert!(!low.html.contains("<img") && low.html.contains("The pole at first light. (Photo: B. Traoré)"));
    assert!(low.html.contains("prefers-color-scheme:dark") && !low.html.contains("data-ogsc"));
    assert!(low.html.len() + 1_000 < full.html.len());
    assert!(low.text.contains("The pole at first light.") && !low.text.contains("[A striped pole"));
}

#[test]
fn pictures_can_be_left_out_and_their_captions_stay() {
    let yellow = Colour::parse("#ffe000").unwrap();
    let theme = Theme { day: Palette::DAY.with_accent(yellow), ..Theme::default() };
    let about = LetterStyle { without_pictures: true, theme, ..LetterStyle::default() };
    let plain = newsletter(&edition(vec![article()]), &publication(), &about).unwrap();
    assert!(!plain.html.contains("<img") && plain.html.contains("The pole at first light. (Photo: B. Traoré)"));
    // Yellow is kept for the button, with dark ink on it, and darkened where it is ink on paper.
    assert!(plain.html.contains("bgcolor=\"#ffe000\"") && plain.html.contains(";color:#000000;"));
    assert!(!plain.html.contains("text-decoration:underline;color:#ffe000") && !plain.html.contains("style=\"color:#ffe000"));
}
