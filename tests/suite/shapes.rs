//! Pages that are written to keep a reader busy: one thing, again and again.

/// A page that begins as an article and goes on with one unit to its end.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The name of a file, whose ending tells the format.
    pub name: &'static str,
    /// Set once, behind the article.
    opening: &'static str,
    unit: &'static str,
}

impl Shape {
    /// The page, of about so many bytes.
    pub fn page(self, bytes: usize) -> Vec<u8> {
        let (start, end) = match self.name.rsplit('.').next() {
            Some("html") => (HTML, ""),
            Some("xml") => (RSS, "</channel></rss>"),
            Some("json") => (JSON, "{}]}"),
            _ => (TEXT, ""),
        };
        let mut page = format!("{start}{}", self.opening);
        let units = bytes.saturating_sub(page.len() + end.len()) / self.unit.len();
        page.push_str(&self.unit.repeat(units));
        page.push_str(end);
        page.into_bytes()
    }
}

const HTML: &str = "<!doctype html><title>A river rises</title><h1>A river rises</h1>\
    <p>The river rose in the night, and the people of the village had not slept since the water came.\
    <p>The harbour master said that the boats were made fast with a second rope, and that all were safe.";

const TEXT: &str = "A river rises\n\nBy Ada Keita\n4 March 2026\n\n\
    The river rose in the night, and the people of the village had not slept since the water came.\n\n\
    The harbour master said that the boats were made fast with a second rope, and that all were safe.\n\n";

const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>River Post</title><link>https://example.org/</link>\
    <item><title>A river rises</title><link>https://example.org/river</link><description>It rose again.</description></item>";

const JSON: &str = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"River Post\",\"items\":[\
    {\"id\":\"a\",\"url\":\"https://example.org/river\",\"title\":\"A river rises\",\"content_text\":\"It rose again.\"},";

const fn shape(name: &'static str, opening: &'static str, unit: &'static str) -> Shape {
    Shape { name, opening, unit }
}

/// The shapes, by what they are after: the depth, the parser, the data of the page, the structure, the text, the lines,
/// markdown, feeds.
#[rustfmt::skip]
pub const SHAPES: &[Shape] = &[
    shape("nested-div.html", "", "<div>"), shape("nested-b.html", "", "<b>"), shape("nested-b-text.html", "", "<b>x"),
    shape("nested-blockquote.html", "", "<blockquote>x"), shape("nested-list.html", "", "<ul><li>x"),
    shape("nested-table.html", "", "<table><tr><td>x"), shape("nested-table-text.html", "", "<table>x"),
    shape("nested-span.html", "", "<span>x"), shape("nested-font.html", "", "<font>x"), shape("nested-a.html", "", "<a>x"),
    shape("nested-svg.html", "", "<svg>"), shape("nested-figure.html", "", "<figure>x"), shape("nested-ruby.html", "", "<ruby>x"),
    shape("misnested.html", "", "<b><p></b>x</p>"), shape("misnested-a.html", "", "<a><div></a>x</div>"),
    shape("less-than.html", "", "<"), shape("ampersand.html", "", "&"), shape("entities.html", "", "&#x110000;&#0;"),
    shape("attribute.html", "<p title=\"", "x"), shape("attribute-signs.html", "<p title=\"", "&"), shape("attributes.html", "<p ", "a=1 b "),
    shape("equals.html", "<p ", "="), shape("tag-name.html", "<", "x"), shape("scripts.html", "", "<script>"),
    shape("script-ends.html", "<script>", "</scrip"), shape("comments.html", "", "<!-- x -->"), shape("comment-open.html", "", "<!--"),
    shape("data-arrays.html", "<script type=application/ld+json>", "["),
    shape("data-objects.html", "<script type=application/ld+json>[", "{\"@id\":\"#a\",\"@type\":\"NewsArticle\",\"author\":{\"@id\":\"#b\"}},"),
    shape("data-scripts.html", "", "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"x\"}</script>"),
    shape("meta.html", "", "<meta property=og:title content=River>"), shape("headings.html", "", "<h1>The river rises here</h1>"),
    shape("times.html", "", "<time>4 March 2026</time>"), shape("authors.html", "", "<span class=author>Ada Keita</span>"),
    shape("links.html", "", "<a href=/x>x</a>"), shape("bylines.html", "", "<p class=byline>By Ada Keita</p>"),
    shape("figures.html", "", "<figure><img src=/a.jpg alt=x><figcaption>A boat. Photo: Ada Keita</figcaption></figure>"),
    shape("pictures.html", "", "<img srcset=\"a.jpg 1x, b.jpg 300w\">"), shape("paragraphs.html", "", "<p>x"), shape("cells.html", "<table>", "<td>"),
    shape("columns.html", "<table>", "<col>"), shape("breaks.html", "", "x<br>"), shape("one-paragraph.html", "<p>", "and the river rose, "),
    shape("letters.html", "<p>", "x"), shape("no-break-spaces.html", "<p>", "\u{A0}"), shape("latin-signs.html", "<p>", "\u{92}\u{AB} "),
    shape("cjk.html", "<p>", "川は夜に増水し、"),
    shape("figures-long.html", "", "<figure><img src=/a.jpg alt='A boat on the river'><figcaption>The boats that were made fast at the quay \
        before the water came, seen from the upper square on the morning after the night in which the river rose; the ferry, which \
        had lost both of its ropes, lies on the far bank, where the people of the village found it at first light, with its lamp \
        still burning. <span class=credit>Ada Keita/AFP</span></figcaption></figure>"),
    shape("figures-empty.html", "", "<figure>"), shape("items.html", "", "<li>The river rose"), shape("items-list.html", "<ul>", "<li>x"),
    shape("cells-rows.html", "<table>", "<tr><td>4 March<td>rain"), shape("entities-named.html", "<p>", "&eacute;&amp;"),
    shape("description.html", "<meta name=description content=\"", "the river rose and "),
    shape("boxes.html", "", "<div class=image><img src=/a.jpg><p>A boat. Photo: Ada Keita</p></div>"),
    shape("sections.html", "", "<h2>The river</h2><p>It rose again, and nobody had slept since the water came to the village.</p>"),
    shape("spaces.html", "<p>", " "), shape("lines.html", "<p>", "\n"), shape("pre.html", "<pre>", "x\n"), shape("end-tags.html", "", "</q>"),
    shape("addresses-lines.txt", "", "https://example.org/a\n"), shape("words.txt", "", "River\n"), shape("spaces.txt", "", " "),
    shape("bylines.txt", "", "By Ada Keita\n"), shape("letters.txt", "", "A\n"), shape("colons.txt", "", "a:\n"), shape("colons-line.txt", "", "a: "),
    shape("dates.txt", "", "4 March 2026\n"), shape("dates-line.txt", "", "4 March 2026 "), shape("captions.txt", "", "A boat. Image: Ada Keita/AFP\n"),
    shape("quotes.txt", "", "> x\n"), shape("tabs.txt", "", "a\tb\tc\n"), shape("sentences.txt", "", "It rose again.\n"),
    shape("addresses.txt", "", "https://example.org/?u=https://example.org/a "), shape("word.txt", "", "x"), shape("bidi.txt", "", "\u{202E}\u{2066}x "),
    shape("marks.txt", "", "Z\u{301}\u{302}\u{316}"), shape("cjk.txt", "", "川は夜に増水し、"), shape("doubled.txt", "", "the "),
    shape("quotes.md", "", ">"), shape("emphasis.md", "", "*a **b "), shape("brackets.md", "", "["), shape("links.md", "", "[a]("),
    shape("lists.md", "", "- "), shape("definitions.md", "", "[a]: https://example.org/a\n"), shape("fences.md", "", "`a``"), shape("table.md", "|a|b|\n|-|-|\n", "|c"),
    shape("items.xml", "", "<item><title>x</title><description>It rose &lt;b&gt;again&lt;/b&gt;.</description></item>"),
    shape("items.json", "", "{\"id\":\"a\",\"content_html\":\"<p>x\"},"),
];
