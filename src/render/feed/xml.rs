//! XML as feeds need it, over quick-xml: text cannot be written but escaped, and without forbidden characters.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};

use super::clean::clean;
use super::html::Html;

pub(in crate::render) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// HTML as XML carries it, made once for all formats that do.
#[derive(Debug)]
pub(in crate::render) struct EscapedHtml(String);

impl EscapedHtml {
    pub(in crate::render) fn of(html: &Html) -> Self {
        // Nothing forbidden can be in it: it is made of griot's own markup and of text that was cleaned.
        Self(escape(html.as_str(), "&amp;", "&lt;"))
    }
}

pub(in crate::render) struct Xml<W> {
    writer: Writer<W>,
}

impl<W: Write> Xml<W> {
    pub(in crate::render) fn new(out: W) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(out, b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        Ok(Self { writer })
    }

    /// A document that browsers show by a stylesheet. Not by a transformation: XSLT is leaving them.
    pub(in crate::render) fn styled(out: W, stylesheet: &str) -> io::Result<Self> {
        let mut xml = Self::new(out)?;
        let style = format!("xml-stylesheet type=\"text/css\" href=\"{stylesheet}\"");
        xml.writer.write_event(Event::PI(BytesPI::new(style)))?;
        Ok(xml)
    }

    pub(in crate::render) fn open(&mut self, name: &'static str, attributes: Attributes) -> io::Result<()> {
        self.writer.write_event(Event::Start(start(name, attributes)))
    }

    pub(in crate::render) fn close(&mut self, name: &'static str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    pub(in crate::render) fn empty(&mut self, name: &'static str, attributes: Attributes) -> io::Result<()> {
        self.writer.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element with a value for programs: an address, a date, an id.
    pub(in crate::render) fn value(&mut self, name: &'static str, attributes: Attributes, value: &str) -> io::Result<()> {
        self.escaped(name, attributes, &escape(&clean(value), "&amp;", "&lt;"))
    }

    /// An element with plain text for people.
    ///
    /// `&` and `<` are written by number: the same to XML, and what the RSS Advisory Board's profile advises,
    /// since readers that take a title for HTML have been seen to unescape `&amp;` and `&lt;` twice.
    pub(in crate::render) fn plain(&mut self, name: &'static str, attributes: Attributes, text: &str) -> io::Result<()> {
        self.escaped(name, attributes, &escape(&clean(text), "&#x26;", "&#x3C;"))
    }

    /// An element with HTML, escaped. CDATA would say the same, but has to be torn apart at every `]]>`.
    pub(in crate::render) fn html(&mut self, name: &'static str, attributes: Attributes, html: &EscapedHtml) -> io::Result<()> {
        self.escaped(name, attributes, &html.0)
    }

    pub(super) fn out(&mut self) -> &mut W {
        self.writer.get_mut()
    }

    /// Ends the file with a line break and gives the writer back.
    pub(in crate::render) fn finish(self) -> io::Result<W> {
        let mut out = self.writer.into_inner();
        out.write_all(b"\n")?;
        Ok(out)
    }

    fn escaped(&mut self, name: &'static str, attributes: Attributes, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.writer.write_event(Event::Text(BytesText::from_escaped(text)))?;
        self.close(name)
    }
}

fn start<'a>(name: &'a str, attributes: Attributes) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        // quick-xml escapes the value.
        start.push_attribute((*key, &*clean(value)));
    }
    start
}

fn escape(text: &str, ampersand: &str, less: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(match special.as_bytes().first() {
            Some(b'&') => ampersand,
            Some(b'<') => less,
            // XML asks for it only in `]]>`.
            _ => "&gt;",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
