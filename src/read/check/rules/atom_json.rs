//! Atom 1.0 (RFC 4287) and JSON Feed 1.1.

pub(in crate::read::check) mod atom {
    crate::domain::rules! {
        LACKS = Error "atom-lacks", "feed or entry lack their id, title or updated",
            "RFC 4287 requires all three: strict readers refuse the feed, others mint ids of their own", "fill in all three";
        TAG = Error "atom-tag-unknown", "Atom has no such element",
            "readers ignore it, whatever it was meant to say", "check the spelling; what is not Atom needs a namespace of its own";
        PLACE = Error "atom-tag-misplaced", "the element is not for this place",
            "readers ignore it here", "move it to where it belongs";
        REPEATED = Error "atom-tag-repeated", "the element is there more than once",
            "some readers take the first, some the last", "keep one";
        ATTRIBUTE = Error "atom-attribute-missing", "a required attribute is missing",
            "readers skip the element", "add it";
        UNKNOWN_ATTRIBUTE = Warning "atom-attribute-unknown", "Atom knows no such attribute",
            "readers ignore it, whatever it was meant to say", "check the spelling, or take it out";
        VALUE = Error "atom-value", "the value is none that this element can have",
            "readers ignore it, or stop there", "write it as RFC 4287 says";
        STRAY_TEXT = Warning "atom-stray-text", "there is text between elements",
            "nobody sees it: mostly a tag was closed too early", "take it out, or put it into an element";
        ID = Error "atom-id", "an id is no absolute address",
            "ids are compared with those of all other feeds: a bare word is not unique in the world",
            "write `tag:example.org,2026:...`, `urn:uuid:...` or the address of the page";
        ID_REPEATED = Error "atom-id-repeated", "two entries have the same id",
            "readers show only one of them", "give each its own";
        AUTHOR = Error "atom-author", "an entry has no author, and neither has the feed",
            "RFC 4287 requires one; readers show nobody", "give the feed or the entry an `<author><name>...`";
        LINK = Error "atom-link", "an entry has neither content nor a link to its page",
            "there is nothing to read", "add content, or a link with rel=\"alternate\"";
        LINK_REPEATED = Error "atom-link-repeated", "two links say they are the same page in the same type and language",
            "readers open one of them, each another", "keep one";
        LINK_RELATIVE = Warning "atom-link-relative", "a link is not whole",
            "readers that ignore xml:base lead nowhere", "write the whole address";
        SUMMARY = Error "atom-summary", "an entry whose content is elsewhere, or no text, has no summary",
            "there is nothing to read in a list", "add a `<summary>`";
        CONTENT = Error "atom-content", "content says where it is and is there, too",
            "readers show the one or the other", "leave the element empty, or take `src` away";
        TYPE = Error "atom-text-type", "the type does not fit the text",
            "readers show the markup as text, or nothing", "type=\"html\" is escaped, type=\"xhtml\" has one `<div>` of XHTML, text has no elements";
        UPDATED = Advice "atom-updated", "the feed says it is older than its newest entry",
            "readers that go by it think nothing is new", "write the newest `updated` of the entries";
    }
}

pub(in crate::read::check) mod json {
    crate::domain::rules! {
        MALFORMED = Error "json-malformed", "it is not well-formed JSON",
            "no reader shows anything of the feed; nothing behind this place is checked",
            "mend this place and check again; write feeds with a program for JSON, not with text templates";
        VERSION = Error "json-version", "the version is none that there is",
            "readers know a JSON Feed by it", "write `\"version\": \"https://jsonfeed.org/version/1.1\"`";
        LACKS = Error "json-lacks", "a required key is missing",
            "readers refuse the feed, or drop the item", "add it";
        TYPE = Error "json-type", "a value is not of the type that its key has",
            "readers in typed languages refuse the whole feed", "write it as the specification says";
        VALUE = Error "json-value", "a value is none that its key can have",
            "readers ignore it", "write it as the specification says";
        UNKNOWN = Warning "json-unknown", "JSON Feed has no such key",
            "readers ignore it, whatever it was meant to say", "check the spelling; names of your own begin with `_`";
        REPEATED = Error "json-key-repeated", "a key is there twice in one object",
            "some readers take the first, some the last", "keep one";
        ID_REPEATED = Error "json-id-repeated", "two items have the same id",
            "readers show only one of them", "give each its own";
        ID_NUMBER = Warning "json-id-number", "an id is a number",
            "readers make text of it, and large numbers come out differently", "write it as text, in quotes";
        CONTENT = Error "json-content", "an item has neither content_html nor content_text",
            "there is nothing to read; strict readers refuse the feed", "give at least one of them";
        OUTDATED = Advice "json-outdated", "a key was replaced in version 1.1",
            "newer readers look for the new one", "write `authors` with a list in the place of `author`";
        HEAD = Advice "json-head", "the feed does not say where its home page is",
            "readers cannot lead to the site", "add `home_page_url`";
        LOOP = Error "json-next-loop", "the next page is the feed itself",
            "readers that follow it never end", "name the next page, or leave `next_url` out";
        CHARACTER = Error "json-character", "a text has a character that no page can show",
            "readers hand it on to HTML and XML, which refuse it", "take it out where the text comes from";
    }
}
