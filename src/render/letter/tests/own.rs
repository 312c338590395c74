//! A desk's own templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

fn templates(files: &[(&str, &str)]) -> Result<Templates, TemplateError> {
    Templates::new(files.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect::<BTreeMap<_, _>>())
}

/// The letter that these templates make of the usual article.
fn made(files: &[(&str, &str)]) -> Result<Newsletter, LetterError> {
    let about = LetterStyle { templates: Some(Arc::new(templates(files)?)), ..LetterStyle::default() };
    newsletter(&edition(vec![article(), further("Onions by night")]), &publication(), &about)
}

#[track_caller]
fn refused(files: &[(&str, &str)], why: &str) {
    assert_eq!(made(files).unwrap_err().to_string(), why);
}

#[test]
fn the_files_that_are_ejected_make_the_same_letters() {
    let own = Some(Arc::new(templates(&OWN_TEMPLATES).unwrap()));
    let bad = "</title><script>'\"&{{ subject }}";
    let mut odd = article();
    (odd.title, odd.topics, odd.summary) = (line(bad), vec![line(bad)], Some(line(bad)));
    odd.body.extend([
        paragraph(bad),
        Block::Preformatted(bad.to_owned()),
        Block::Table { header: false, rows: vec![vec![bad.to_owned()]] },
    ]);
    let mut arabic = article();
    arabic.language = Language::parse("ar").unwrap();
    let mut bare = article();
    (bare.url, bare.summary, bare.promo) = (None, None, None);
    let long = Article { body: vec![paragraph(&"The water rose. ".repeat(30)); 1_000], ..article() };
    let editions = [
        vec![article(), further("Onions by night")],
        vec![odd.clone(), odd],
        vec![arabic.clone(), article()],
        vec![article(), arabic],
        vec![bare],
        std::iter::once(long).chain((0..400).map(|at| further(&format!("Number {at}")))).collect(),
    ];
    let styles = [
        LetterStyle { archive: Some(url("https://delta.example/a?b=1&c='2'")), ..LetterStyle::default() },
        LetterStyle { low_data: true, light_version: Some(url("https://delta.example/l")), ..LetterStyle::default() },
        LetterStyle { body: LetterBody::Summary, ..LetterStyle::default() },
    ];
    for articles in editions {
        let edition = edition(articles);
        for style in &styles {
            let compiled = newsletter(&edition, &publication(), style).unwrap();
            let style = LetterStyle { templates: own.clone(), ..style.clone() };
            let run = newsletter(&edition, &publication(), &style).unwrap();
            assert_eq!(compiled.html, run.html);
            assert_eq!(compiled.text, run.text);
        }
    }
}

#[test]
fn a_desk_may_bring_one_of_the_two_and_pieces_of_it() {
    let html = "{% include 'foot.html' %}<p>{{ subject }}</p>{{ lead.title|upper }}";
    let foot = "<a href=\"{{ unsubscribe }}\">{{ words.unsubscribe }}</a> {{ sender }}";
    let letter = made(&[("letter.html", html), ("foot.html", foot)]).unwrap();
    assert_eq!(
        letter.html,
        "<a href=\"https://unsubscribe.invalid/\">Unsubscribe</a> The Delta Post, 3 Quay Street, Mopti\
         <p>The ferrymen who count the water</p>THE FERRYMEN WHO COUNT THE WATER"
    );
    assert!(letter.text.contains("The pole stands"));
    let text = "{% for piece in footer %}{{ piece }}\n{% endfor %}";
    assert!(made(&[("letter.txt", text)]).unwrap().html.contains("The pole stands"));
}

#[test]
fn what_is_wrong_with_a_template_is_named_with_its_line() {
    const FOOT: &str = "{{ unsubscribe }} {{ sender }}";
    refused(&[("other.html", "x")], "the template `letter.html` is not there, and neither is `letter.txt`");
    refused(
        &[("letter.html", "a\nb {{ x")],
        "the template `letter.html`, line 2: syntax error: unexpected end of input, expected end of variable block",
    );
    refused(
        &[("letter.html", "a\n\n{{ lead.headline }}")],
        "the template `letter.html`, line 3: undefined value: `lead.headline` is undefined",
    );
    refused(
        &[("letter.html", "{{ sender }}")],
        "the template `letter.html` does not show where the reader leaves, `{{ unsubscribe }}`, which every letter has to",
    );
    refused(
        &[("letter.html", "{{ unsubscribe }}")],
        "the template `letter.html` does not show who sends the letter, and from where, `{{ sender }}`, which every letter has to",
    );
    refused(
        &[("letter.txt", "{{ footer[0] }}")],
        "the template `letter.txt` does not show where the reader leaves, `{{ footer }}`, which every letter has to",
    );
    refused(
        &[("letter.html", &format!("{FOOT}{{% include '../../etc/passwd' %}}"))],
        "the template `letter.html`, line 1: template not found: tried to include non-existing template '../../etc/passwd'",
    );
    refused(
        &[("letter.html", &format!("{FOOT}{{% include 'part.html' %}}")), ("part.html", "\n\n{{ nothing }}")],
        "the template `part.html`, line 3: undefined value: `nothing` is undefined",
    );
    refused(
        &[("letter.html", &format!("{FOOT}{{{{ lead }}}}"))],
        "the template `letter.html`, line 1: invalid operation: a map cannot be shown",
    );
}

#[test]
fn a_template_that_does_not_end_is_ended() {
    let begun = std::time::Instant::now();
    for endless in [
        "{% for a in range(10000) %}{% for b in range(10000) %}{{ sender }}{{ unsubscribe }}{% endfor %}{% endfor %}",
        "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}",
        "{{ sender * 100000000 }}",
        "{% include 'letter.html' %}",
    ] {
        let error = made(&[("letter.html", endless)]).unwrap_err().to_string();
        let stopped = error.contains("does not come to an end, or makes more than 1000000 bytes of a letter");
        assert!(stopped || endless.starts_with("{{") || endless.contains("include"), "{endless}: {error}");
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
