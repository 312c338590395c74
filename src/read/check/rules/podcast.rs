//! What Apple Podcasts requires, and the Podcast Standards Project (PSP-1) with it.

crate::domain::rules! {
    NO_RSS = Error "podcast-no-rss", "the podcast is not RSS 2.0",
        "Apple and most apps take no other format", "write the podcast as RSS 2.0";
    HEAD = Error "podcast-head", "the show lacks an element that Apple or PSP-1 require",
        "Apple Podcasts and Spotify do not list the show", "add it";
    HEAD_ADVISED = Advice "podcast-head-advised", "the show lacks an element that Apple or PSP-1 recommend",
        "apps and hosts have to do without it", "add it";
    ITEM = Error "podcast-episode", "an episode lacks an element that Apple or PSP-1 require",
        "apps do not show the episode, or show it again as new", "add it";
    ITEM_ADVISED = Advice "podcast-episode-advised", "an episode lacks an element that Apple or PSP-1 recommend",
        "apps show less of it, or in the wrong order", "add it";
    CATEGORY = Error "podcast-category", "Apple has no such category",
        "the show is listed in none: names are compared letter by letter, `&` included",
        "take one of podcasters.apple.com/support/1691-apple-podcasts-categories";
    CATEGORY_NEW = Advice "podcast-category-first", "there are more than one category",
        "Apple looks at the first only", "put the one that matters first";
    ART = Error "podcast-art", "the artwork is neither a JPEG nor a PNG file by its name",
        "Apple does not list the show", "give a square JPEG or PNG of 1400 to 3000 pixels, named .jpg or .png";
    ART_FILE = Error "podcast-art-file", "the file of the artwork is missing, no JPEG or PNG, not square, or not of 1400 to 3000 pixels",
        "Apple does not list the show, or shows it without its picture", "put a square JPEG or PNG of 1400 to 3000 pixels there";
    LONG = Error "podcast-long", "a text is longer than Apple takes",
        "Apple cuts it off or refuses the feed", "4000 bytes for descriptions, 255 characters for everything else";
    SPACE = Advice "podcast-space", "there is white space around a value",
        "Apple refuses some values for it", "take it away";
    SERIAL = Error "podcast-serial", "an episode of a serial show has no number",
        "apps cannot put a serial in order", "add `<itunes:episode>`";
    NUMBER_REPEATED = Warning "podcast-number-repeated", "two episodes have the same number in the same season",
        "apps show them in any order, or one of them", "number them apart";
    DURATION = Advice "podcast-duration", "the duration is not in whole seconds",
        "Apple recommends seconds; apps read other forms differently", "write `1801`, not `30:01`";
    ENCLOSURE_NAME = Error "podcast-enclosure-name", "the name of the file has no ending that Apple takes",
        "Apple shows no such episode", "name it .mp3, .m4a, .mp4, .m4v, .mov or .pdf";
    ENCLOSURE_TYPE = Error "podcast-enclosure-type", "the type is not the one that belongs to the name of the file",
        "Apple and other apps refuse the file or fail to play it", "write the type that belongs to it, such as audio/mpeg for .mp3";
    ENCLOSURE_ASCII = Warning "podcast-enclosure-ascii", "the address of a file has characters beyond ASCII, or spaces",
        "some apps ask the server for another address than others", "name files with letters a to z, digits and hyphens";
    ENCLOSURE_REPEATED = Error "podcast-enclosure-repeated", "two episodes have the same file",
        "Apple ignores the second", "give each episode its own file";
    HTTPS = Warning "podcast-https", "an address is not https",
        "Apple's apps and browsers refuse to load it", "serve it by https";
    COPYRIGHT = Advice "podcast-copyright", "the copyright says so itself",
        "apps put `©` before it", "write year and name only";
    LEGACY = Advice "podcast-legacy", "Apple no longer reads this element",
        "it only makes the feed larger; a few old apps still look at it", "leave it out: `description` says it";
}
