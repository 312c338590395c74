use std::cell::RefCell;

use html5ever::tokenizer::TokenSinkResult;

use super::*;

/// Writes the tokens down again as markup.
#[derive(Default)]
struct Written(RefCell<String>);

impl TokenSink for Written {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let written = match token {
            Token::CharacterTokens(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
            Token::TagToken(Tag { kind: TagKind::EndTag, name, .. }) => format!("</{name}>"),
            Token::TagToken(Tag { name, attrs, .. }) => {
                let value = |value: &str| value.replace('"', "&#34;");
                let attrs = attrs.iter().map(|attr| format!(" {}=\"{}\"", attr.name.local, value(&attr.value)));
                let attrs: Vec<String> = attrs.collect();
                format!("<{name}{}>", attrs.concat())
            }
            _ => String::new(),
        };
        self.0.borrow_mut().push_str(&written);
        TokenSinkResult::Continue
    }
}

fn tame(markup: &str) -> String {
    let written = Written::default();
    feed(markup, &written);
    written.0.into_inner()
}

#[track_caller]
fn case(markup: &str, tamed: &str) {
    assert_eq!(tame(markup), tamed);
}

#[test]
fn the_same_page_in_one_form() {
    case(
        "<P Class=a id='b \"c\"' title>1 < 2 &amp; 3<br/></P>",
        "<p class=\"a\" id=\"b &#34;c&#34;\" title=\"\">1 &lt; 2 &amp; 3<br></p>",
    );
    case("a<!-- <p> -->b<!-->c<!--->d<!doctype x><?php ?>e</ >f", "abcdef");
    case("<a href=/x?a=1>t</a>", "<a href=\"/x?a=1\">t</a>");
    case("<title>a <b> c</title >", "<title>a &lt;b> c</title>");
    case("<svg><path id=1 /></svg><div/>x", "<svg><path id=\"1\"></path></svg><div>x");
    case("</p></div>x</br>y<p", "x<br>y<p>");
}

#[test]
fn what_nobody_asks_for_goes() {
    case("<p style=x CLASS=a onclick='b' =id=c data-x=y>x", "<p class=\"a\">x");
    case("<p>\n  a\t b\n</p>\n\n", "<p> a b </p> ");
    case("<pre>\n  a\n</pre> \n", "<pre>\n  a\n</pre> ");
}

#[test]
fn scripts_go_and_data_stays() {
    case("<script>if (a<b) '</p>'</script ><STYLE>p{}</style>x", "x");
    case("<script type='application/ld+json'>{\"a\":\"<b>\"}</script>", {
        "<script type=\"application/ld+json\">{\"a\":\"&lt;b>\"}</script>"
    });
    case("<script>never closed <p>", "");
    case("<iframe src=x><p>old browser</iframe>", "<iframe src=\"x\"></iframe>");
}

fn count(text: &str, needle: &str) -> usize {
    text.matches(needle).count()
}

#[test]
fn tags_beyond_the_limits_go_and_their_text_stays() {
    let tamed = tame(&"<div>x".repeat(5000));
    assert_eq!((count(&tamed, "<div>"), count(&tamed, "x")), (MAX_OPEN, 5000));
    let tamed = tame(&"<b id=1><object></b></object>".repeat(5000));
    assert!(count(&tamed, "<b ") <= MAX_FORMATTING && count(&tamed, "<object>") <= 5000);
    assert_eq!(tame(&format!("<p {}lang=en>x", "id=1 ID=2 ".repeat(5000))), "<p id=\"1\" lang=\"en\">x");
    let tamed = tame(&format!("{}{}", "<b>".repeat(32), "<p>x".repeat(1_000_000)));
    assert!(count(&tamed, "<p>") < BUDGET / (32 + ELEMENT));
    assert_eq!(count(&tamed, "x"), 1_000_000);
}

#[test]
fn signs_beyond_the_budget_go() {
    let tamed = tame(&"< ".repeat(BUDGET));
    assert_eq!((count(&tamed, "&lt;"), count(&tamed, " ")), (BUDGET / SIGN, BUDGET));
    let text = "x&amp;".repeat(BUDGET / SIGN);
    assert_eq!(count(&tame(&text), "&"), BUDGET / SIGN);
    assert_eq!(count(&tame(&format!("{text}<br>{text}")), "&"), BUDGET / SIGN);
}

#[test]
fn paragraphs_and_items_that_are_never_closed_do_not_count() {
    let tamed = tame(&format!("<ul>{}</ul><table>{}</table>", "<li>x<p>y".repeat(5000), "<tr><td>x".repeat(5000)));
    assert_eq!((count(&tamed, "<li>"), count(&tamed, "<p>"), count(&tamed, "<td>")), (5000, 5000, 5000));
}

#[test]
fn a_value_without_end_goes() {
    let long = "x".repeat(MAX_VALUE);
    case(&format!("<p title={long}>"), &format!("<p title=\"{long}\">"));
    case(&format!("<p title={long}x lang=en>"), "<p lang=\"en\">");
}
