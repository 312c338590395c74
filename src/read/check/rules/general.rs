//! What holds for every feed: its bytes, its dates, its texts, its HTML.

/// The bytes and the XML.
pub(in crate::read::check) mod xml {
    crate::domain::rules! {
        BOM = Warning "xml-bom", "the feed begins with a byte order mark",
            "some programs take it for text before the declaration and refuse the feed",
            "save the feed as UTF-8 without a byte order mark";
        BEFORE_DECLARATION = Error "xml-before-declaration", "something stands before the XML declaration",
            "no strict reader opens the feed",
            "take away what stands there: mostly a blank line that a script prints";
        NOT_DECODABLE = Error "xml-not-decodable", "the bytes are not in the encoding that is declared",
            "no strict reader opens the feed; others show broken letters",
            "write the feed as UTF-8 and declare that";
        ENCODING_UNKNOWN = Error "xml-encoding-unknown", "the encoding that is declared is not known",
            "no reader can open the feed", "write the feed as UTF-8 and declare that";
        ENCODING_MISMATCH = Error "xml-encoding-mismatch", "declaration and bytes, or declaration and server, name different encodings",
            "readers that trust the one show broken letters, those that trust the other do not",
            "write the feed as UTF-8 and say so everywhere";
        NOT_UTF8 = Advice "xml-not-utf-8", "the feed is not in UTF-8",
            "readers are sure to know UTF-8 and no other encoding; Apple asks for it", "write the feed as UTF-8";
        CHARACTER = Error "xml-character", "there is a character that XML forbids",
            "no strict reader opens the feed, whether it is written raw or as a number", "take it out where the text comes from";
        DOCTYPE = Warning "xml-doctype", "there is a document type declaration",
            "many readers refuse it, since it is what attacks with XML are made of", "take the `<!DOCTYPE ...>` away";
        ENTITIES = Error "xml-entities", "the document declares entities of its own",
            "safe readers refuse the whole feed", "write the characters themselves and take the `<!DOCTYPE ...>` away";
        MALFORMED = Error "xml-malformed", "it is not well-formed XML",
            "no strict reader shows anything of the feed; nothing behind this place is checked",
            "mend this place and check again; write feeds with a program for XML, not with text templates";
        AMPERSAND = Error "xml-ampersand", "there is a bare `&`",
            "no strict reader opens the feed", "write `&amp;`, in addresses too";
        ENTITY = Error "xml-entity", "an entity is used that XML does not know",
            "no strict reader opens the feed: only amp, lt, gt, quot and apos are known without HTML",
            "write the character itself";
        PREFIX = Error "xml-prefix", "a prefix has no namespace",
            "no strict reader opens the feed", "declare it in the root, such as `xmlns:dc=\"http://purl.org/dc/elements/1.1/\"`";
        TOO_COMPLEX = Error "xml-too-complex", "its elements nest too deep, or it has too many attributes or namespaces",
            "no feed needs that; readers give it up or break", "write it flat";
        NEAR_MISS = Error "xml-namespace", "a namespace is almost, but not quite, the one that is meant",
            "names of namespaces are compared letter by letter: readers ignore everything in it",
            "write it exactly as its specification does";
    }
}

/// The feed as a whole.
pub(in crate::read::check) mod feed {
    crate::domain::rules! {
        UNKNOWN = Error "feed-unknown", "it is no feed",
            "readers expect RSS, Atom or JSON Feed", "give the address of the feed itself";
        OUTDATED = Warning "feed-outdated", "the format was replaced long ago",
            "newer readers no longer test with it, and it lacks ids, dates or full texts", "write RSS 2.0 or Atom 1.0";
        LARGE = Advice "feed-large", "the feed has more than 1 MB",
            "it is fetched whole again and again, on paid mobile data too; some services stop at 1 MB",
            "carry fewer items, and older ones in archives (RFC 5005)";
        VERY_LARGE = Warning "feed-very-large", "the feed has more than 2 MB",
            "it is fetched whole again and again, on paid mobile data too; several readers stop there",
            "carry fewer items, and older ones in archives (RFC 5005)";
        TOO_LARGE = Error "feed-too-large", "the feed has more than 5 MB",
            "many readers and services refuse it", "carry fewer items, and older ones in archives (RFC 5005)";
        EMPTY = Advice "feed-empty", "there are no items",
            "nobody sees whether the feed works", "publish something";
        TYPE = Warning "feed-media-type", "the server gives the feed another media type than its own",
            "browsers and some podcast apps go by it and do not take it for a feed",
            "serve RSS as application/rss+xml, Atom as application/atom+xml, JSON Feed as application/feed+json";
        SELF_MISSING = Warning "feed-self-missing", "the feed does not say its own address",
            "readers that get the file by another way cannot tell where to ask for news",
            "add `<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"...\"/>`, in JSON `feed_url`";
        SELF_DIFFERS = Warning "feed-self-differs", "the feed names another address as its own than where it is",
            "readers store that address and ask there from then on", "name the public address, exactly";
        LANGUAGE_MISSING = Advice "feed-language-missing", "the feed does not say its language",
            "screen readers and translators guess; directories cannot sort it", "say it, such as `en` or `pt-BR`";
        LANGUAGE = Error "feed-language", "that is no language code",
            "screen readers, translators and directories ignore it; Apple refuses the podcast",
            "write a code such as `en`, `pt-BR` or `zh-Hant` (BCP 47)";
        HUB = Error "feed-hub", "a hub of WebSub has no web address, or the feed none of its own",
            "nobody can subscribe by it", "name the hub's whole address, and the feed's own by rel=\"self\"";
        PAGING = Error "feed-paging", "links of RFC 5005 contradict each other",
            "readers that walk to the archive lose items or walk in circles", "see RFC 5005, sections 2 to 4";
    }
}

/// Dates of any format.
pub(in crate::read::check) mod date {
    crate::domain::rules! {
        INVALID = Error "date-invalid", "that is no date of the format",
            "some readers take now for it and show the item as new with every fetch, others have none",
            "RSS: `Wed, 04 Mar 2026 08:00:00 +0000`; Atom and JSON Feed: `2026-03-04T08:00:00Z`";
        SHORT_YEAR = Warning "date-short-year", "the year has two digits",
            "readers disagree about the century", "write four digits";
        ZONE_NAME = Warning "date-zone-name", "the zone has a name instead of a number",
            "readers disagree about what it stands for, and some ignore it", "write it as a number, such as `-0500`";
        ZONE_UNKNOWN = Error "date-zone-unknown", "RFC 822 does not know the zone",
            "readers are hours off, or have no date at all", "write it as a number, such as `+0100`";
        WEEKDAY = Error "date-weekday", "the weekday is not that of the day",
            "strict readers refuse the date; one of the two is wrong", "leave the weekday out, or compute it";
        FUTURE = Warning "date-future", "the date is still to come",
            "some readers hold the item back, others keep it on top for good", "publish it when it is due";
        IMPLAUSIBLE = Warning "date-implausible", "the date cannot be true",
            "the item sinks to the end of every list, mostly unseen", "look where the date comes from: is it empty there?";
        MISSING = Warning "date-missing", "an item has no date",
            "readers put the time of their own fetch in its place, each another", "give each item the date of its publication";
    }
}

/// Plain texts: titles, names.
pub(in crate::read::check) mod text {
    crate::domain::rules! {
        MARKUP = Warning "text-markup", "there is HTML in a plain text",
            "readers show the tags, or drop what stands between `<` and `>`", "write plain text; a `<` that is meant as `&#x3C;`";
        ESCAPED_TWICE = Warning "text-escaped-twice", "a text is escaped twice",
            "readers show `&amp;` or `&#8217;` in the middle of words", "escape once, where the feed is written";
        MOJIBAKE = Warning "text-mojibake", "letters came out broken",
            "every reader shows them broken: text in one encoding was read in another", "mend it where the text comes from";
        INVISIBLE = Advice "text-invisible", "there are invisible characters that have no place in a title",
            "lists sort and search wrongly; direction marks that are not closed turn the lines behind them around",
            "take them out";
        BLANK = Warning "text-blank", "an element that should say something is blank",
            "readers show an empty line, or stop at it", "fill it, or leave the element out";
    }
}

/// HTML in the texts of items.
pub(in crate::read::check) mod html {
    crate::domain::rules! {
        SCRIPT = Warning "html-script", "the text carries a script",
            "good readers take it out, bad ones run it: it is a hole for everybody who reads there", "take it out";
        HANDLER = Warning "html-handler", "the text carries an event handler (`onclick` and the like)",
            "good readers take it out, bad ones run it", "take the attribute out";
        SCRIPT_URL = Warning "html-script-url", "an address in the text is a script (`javascript:`, `vbscript:`)",
            "good readers take it out, bad ones run it", "link to a page";
        EMBED = Warning "html-embed", "the text carries a frame, an object, a form or a style sheet",
            "most readers take it out, and a gap stays: videos vanish without a trace", "put a link or a picture with a link there";
        STYLE = Advice "html-style", "the text carries style attributes",
            "most readers take them out; where not, they break dark mode and can cover the page", "say it by elements";
        RELATIVE = Warning "html-relative", "an address in the text is not whole",
            "most readers cannot tell what it is relative to: links lead nowhere, pictures are missing",
            "write the whole address, with https://";
        ALT = Advice "html-alt", "a picture has no alternative text",
            "who cannot see it, or whose data is short, learns nothing of it", "add `alt=\"...\"`; an empty one for decoration";
        DATA = Advice "html-data-url", "a picture is written into the text itself (`data:`)",
            "it is fetched again with every item, and many readers show none of it", "put it on the server and link to it";
        LAZY = Warning "html-lazy", "a picture is left to a script (`data-src` without `src`)",
            "readers run no scripts and show nothing, or a grey box", "write the address into `src`";
    }
}
