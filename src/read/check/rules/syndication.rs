//! RSS 2.0, by its specification and the Best Practices Profile of the RSS Advisory Board.

crate::domain::rules! {
    VERSION = Error "rss-version", "`<rss>` says no version that there is",
        "readers guess how to read the feed", "write `<rss version=\"2.0\">`";
    CHANNEL = Error "rss-channel", "there is not exactly one channel",
        "readers find nothing, or only the first", "put everything into one `<channel>`";
    HEAD = Error "rss-head", "the channel lacks its title, link or description",
        "the feed has no name in lists, or no way to its site; strict readers refuse it", "fill in all three";
    TAG = Error "rss-tag-unknown", "RSS has no such element",
        "readers ignore it, whatever it was meant to say", "check the spelling; what is not RSS needs a namespace";
    PLACE = Error "rss-tag-misplaced", "the element is not for this place",
        "readers ignore it here", "move it to where it belongs";
    REPEATED = Error "rss-tag-repeated", "the element is there more than once",
        "some readers take the first, some the last", "keep one";
    ATTRIBUTE = Error "rss-attribute-missing", "a required attribute is missing",
        "readers skip the element: of an enclosure they then know nothing", "add it";
    UNKNOWN_ATTRIBUTE = Warning "rss-attribute-unknown", "RSS knows no such attribute",
        "readers ignore it, whatever it was meant to say", "check the spelling, or take it out";
    VALUE = Error "rss-value", "the value is none that this element can have",
        "readers ignore it, or stop there", "write it as the specification says";
    TEXT = Warning "rss-stray-text", "there is text between elements",
        "nobody sees it: mostly a tag was closed too early", "take it out, or put it into an element";
    ITEMS_LAST = Warning "rss-items-last", "elements of the channel stand below the items",
        "readers that stop at the first item never see them", "put the items last";
    IMAGE = Error "rss-image", "the image lacks its url, title or link",
        "readers show no image", "fill in all three: title and link are those of the channel";
    IMAGE_DIFFERS = Advice "rss-image-differs", "title or link of the image are not those of the channel",
        "readers that show both show two names for one feed", "repeat the channel's";
    AVOID = Advice "rss-avoid", "the element is better left out",
        "no reader does anything with it, or each another thing", "leave it out";
    BLANK_ITEM = Error "rss-item-blank", "an item has neither title nor description",
        "readers show an empty line or drop the item", "give it a title";
    GUID_MISSING = Warning "rss-guid-missing", "an item has no guid",
        "readers know it by its link or words: an edited title makes it unread again for everybody",
        "give it an id that never changes: `<guid isPermaLink=\"false\">`";
    GUID_BLANK = Error "rss-guid-blank", "a guid is blank",
        "all such items are one to a reader: only one is ever shown", "give it an id that never changes";
    GUID_REPEATED = Error "rss-guid-repeated", "two items have the same guid",
        "readers show only one of them", "give each its own";
    GUID_SPACE = Warning "rss-guid-space", "there is white space around a guid",
        "some readers count it in and some do not: one day it is another id", "write the guid without it";
    GUID_NO_LINK = Error "rss-guid-no-link", "a guid counts as a link and is none",
        "readers open it when somebody taps the item, and get nowhere", "write `isPermaLink=\"false\"`";
    NO_LINK = Advice "rss-link-missing", "an item leads nowhere",
        "who taps it gets nowhere", "add a link, or a guid that is one";
    CONTACT = Error "rss-contact", "that is no mail address",
        "RSS asks for an address here; strict readers show nothing of a bare name",
        "write `ada@example.org (Ada Keita)`, or the name alone into `dc:creator`";
    CONTACT_NAME = Advice "rss-contact-name", "a mail address has no name with it",
        "readers show the address as the author's name, and programs collect it for spam",
        "write `ada@example.org (Ada Keita)`, or the name alone into `dc:creator`";
    ENCLOSURES = Warning "rss-enclosures", "an item has more than one enclosure",
        "some apps play the first, some the last", "keep one; others go into `podcast:alternateEnclosure` or `media:content`";
    LENGTH_ZERO = Warning "rss-enclosure-length-zero", "the length of an enclosure is 0",
        "apps show `0 bytes` and cannot tell whether a download is whole", "write the size of the file in bytes";
    LENGTH_WRONG = Error "rss-enclosure-length-wrong", "the length of an enclosure is not that of its file",
        "apps cut the download off, or fetch it again and again", "write the size of the file in bytes";
    TYPE_WRONG = Error "rss-enclosure-type-wrong", "the type of an enclosure is not that of its file",
        "apps choose the wrong player and fail", "write the type that the file has";
    FILE_MISSING = Error "rss-enclosure-file-missing", "the file of an enclosure is not in the folder of the feeds",
        "nobody can download it", "put the file where its address says";
    ORDER = Warning "rss-description-first", "the description stands below content:encoded",
        "some readers take the last of the two for the text and show only the summary", "put the description first";
    SKIP_REPEATED = Error "rss-skip-repeated", "a day or an hour is there twice",
        "strict readers refuse the list", "keep one";
    NAMESPACE = Warning "rss-namespace", "the elements of RSS are in a namespace",
        "RSS has none: strict readers find no channel", "take `xmlns=\"...\"` away from the root";
}
