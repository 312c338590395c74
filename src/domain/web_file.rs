use super::podcast::SoundFormat;

/// What a file of the folder `feeds/` is to those who fetch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebFile {
    Rss,
    Atom,
    JsonFeed,
    Opml,
    Sitemap,
    Chapters,
    WebVtt,
    SubRip,
    Html,
    Css,
    Text,
    Message,
    Jpeg,
    Png,
    WebP,
    Gif,
    Avif,
    Svg,
    Pdf,
    Sound(SoundFormat),
    /// Nothing that griot has made.
    Other,
}

/// Feeds are asked for again after a quarter of an hour; what may be shown while that is done may be an hour old (RFC 5861).
const SOON: &str = "max-age=900, stale-while-revalidate=3600";
/// A picture gets another name where it is another picture, as podcast apps want it, but nobody is made to.
const DAILY: &str = "max-age=86400";
/// Sound is never changed under its name.
const NEVER: &str = "max-age=31536000, immutable";

impl WebFile {
    /// Told by the path below the folder.
    pub fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let Some((stem, ending)) = name.rsplit_once('.') else { return Self::Other };
        match ending {
            "xml" if is_atom(path, stem) => Self::Atom,
            "xml" if stem.ends_with("sitemap") => Self::Sitemap,
            "xml" => Self::Rss,
            "json" if stem == "chapters" || stem.ends_with(".chapters") => Self::Chapters,
            "json" => Self::JsonFeed,
            "opml" => Self::Opml,
            "vtt" => Self::WebVtt,
            "srt" => Self::SubRip,
            "html" => Self::Html,
            "css" => Self::Css,
            "txt" => Self::Text,
            "eml" => Self::Message,
            "jpg" | "jpeg" => Self::Jpeg,
            "png" => Self::Png,
            "webp" => Self::WebP,
            "gif" => Self::Gif,
            "avif" => Self::Avif,
            "svg" => Self::Svg,
            "pdf" => Self::Pdf,
            _ => SoundFormat::ALL.into_iter().find(|format| format.endings().contains(&ending)).map_or(Self::Other, Self::Sound),
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::JsonFeed => "application/feed+json",
            Self::Opml => "text/x-opml",
            Self::Sitemap => "application/xml",
            Self::Chapters => "application/json+chapters",
            Self::WebVtt => "text/vtt",
            Self::SubRip => "application/x-subrip",
            Self::Html => "text/html",
            Self::Css => "text/css",
            Self::Text => "text/plain",
            Self::Message => "message/rfc822",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Sound(format) => format.media_type(),
            Self::Other => "application/octet-stream",
        }
    }

    /// The media type as the header `Content-Type` has it: all text of griot is UTF-8.
    pub fn content_type(self) -> String {
        let with_charset = self.is_text() && self != Self::Message;
        if with_charset { format!("{}; charset=utf-8", self.media_type()) } else { self.media_type().to_owned() }
    }

    /// Whether it gets smaller when it is compressed.
    pub fn is_text(self) -> bool {
        match self {
            Self::Rss
            | Self::Atom
            | Self::JsonFeed
            | Self::Opml
            | Self::Sitemap
            | Self::Chapters
            | Self::WebVtt
            | Self::SubRip
            | Self::Html
            | Self::Css
            | Self::Text
            | Self::Message
            | Self::Svg => true,
            Self::Jpeg | Self::Png | Self::WebP | Self::Gif | Self::Avif | Self::Pdf | Self::Sound(_) | Self::Other => false,
        }
    }

    /// Whether feed readers and podcast apps fetch it again and again.
    pub fn is_feed(self) -> bool {
        matches!(self, Self::Rss | Self::Atom | Self::JsonFeed)
    }

    /// How long others may keep it: the header `Cache-Control`.
    pub fn cache(self) -> &'static str {
        match self {
            Self::Sound(_) => NEVER,
            Self::Jpeg | Self::Png | Self::WebP | Self::Gif | Self::Avif | Self::Svg | Self::Pdf => DAILY,
            _ => SOON,
        }
    }
}

/// `atom.xml`, `NAME.atom.xml`, and the documents of its archive.
fn is_atom(path: &str, stem: &str) -> bool {
    let is_document = stem.strip_prefix("atom-").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let is_part = stem.rsplit_once('.').is_some_and(|(_, format)| format == "atom");
    stem == "atom" || is_part || (is_document && path.starts_with("archive/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_path() {
        for (path, media_type) in [
            ("feed.xml", "application/rss+xml; charset=utf-8"),
            ("sections/politics.xml", "application/rss+xml; charset=utf-8"),
            ("atom.xml", "application/atom+xml; charset=utf-8"),
            ("sections/politics.atom.xml", "application/atom+xml; charset=utf-8"),
            ("archive/atom-12.xml", "application/atom+xml; charset=utf-8"),
            ("sections/atom-12.xml", "application/rss+xml; charset=utf-8"),
            ("news-sitemap.xml", "application/xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("radio/one.chapters.json", "application/json+chapters; charset=utf-8"),
            ("feeds.opml", "text/x-opml; charset=utf-8"),
            ("radio/one.vtt", "text/vtt; charset=utf-8"),
            ("index.html", "text/html; charset=utf-8"),
            ("editions/x/letter.eml", "message/rfc822"),
            ("radio/ONE.MP3", "audio/mpeg"),
            ("radio/one.m4a", "audio/x-m4a"),
            ("radio/one.opus", "audio/ogg"),
            ("radio/cover.jpg", "image/jpeg"),
            ("a.b/file", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(WebFile::of(path).content_type(), media_type, "{path}");
        }
    }
}
