//! The words: links and where they lead, what they tell of the reader, the text part, and whether both parts say the same.

pub mod link {
    crate::domain::rules! {
        RELATIVE = Error "link-relative", "a link has no host",
            "a letter has no address that it could be relative to: it leads nowhere", "write the whole address, `https://...`";
        HTTP = Warning "link-http", "a link is not encrypted",
            "browsers warn, and the network sees what is read", "https";
        SCHEME = Error "link-scheme", "a link is neither https nor mailto",
            "clients take it away", "link to a page";
        SCRIPT = Error "link-script", "a link runs something, or holds a page",
            "clients take it away, and filters the whole letter", "link to a page";
        HASH = Error "link-hash", "a link leads to a place in the letter",
            "Gmail on the iPhone and others do nothing then, or open an empty page", "do without, or link to the page on the web";
        HOST = Error "link-host", "a link names a machine by number, or one in one's own network",
            "filters take it for an attack, and readers cannot reach it", "the public name of the host";
        USER = Error "link-user", "a link has a user before its host",
            "it looks like one site and leads to another: filters and browsers refuse it", "take it away";
        SHORTENER = Error "link-shortener", "a link is hidden behind a shortener",
            "spammers share the host: filters refuse the letter", "the page's own address";
        BROKEN = Error "link-broken", "an address was spoilt on its way",
            "it leads nowhere, or elsewhere", "write it whole: `%` with two digits, no spaces, `&amp;` once";
        UNFILLED = Error "link-unfilled", "an address waits to be filled in",
            "what should have taken the place of a mark has not", "fill it in, or take the link away";
        PHISHING = Error "link-phishing", "a link shows another host than it leads to",
            "that is what phishing looks like, to filters and to readers", "show words, or the address itself";
        EMPTY = Error "link-empty", "a link says nothing",
            "a screen reader reads out its address, and there is nothing to tap", "give it words, or its picture an `alt`";
        VAGUE = Warning "link-vague", "a link does not say where it leads",
            "in the list of links that a screen reader makes, it says nothing", "name what is there";
        COLOUR = Warning "link-colour", "a link leaves its colour to the client",
            "it is blue in some, which may not be seen on the ground", "`color` in its `style`";
        MAILTO = Error "link-mailto", "a link to write a mail is broken",
            "the mail program opens with nobody to write to", "`mailto:desk@example.org`, and `?subject=...`";
        WAY_OUT = Error "link-way-out", "a part does not show the way out",
            "the law asks for it, and who does not find it marks the letter as spam", "link to the page that unsubscribes, in both parts";
    }
}

pub mod privacy {
    crate::domain::rules! {
        ADDRESS = Error "privacy-address", "an address holds the reader's mail address",
            "every server and log on the way learns who reads", "take it away; a way out needs a token alone";
        DIGEST = Error "privacy-digest", "an address holds a digest of the reader's mail address",
            "whoever knows the address knows the digest: it names the reader as well", "take it away";
        NAME = Error "privacy-name", "an address holds the reader's name",
            "every server and log on the way learns who reads", "take it away";
        PIXEL = Error "privacy-pixel", "a picture cannot be seen",
            "it is there to tell when and where the letter was opened", "take it away";
        REDIRECTOR = Error "privacy-redirector", "a link leads through a site that counts",
            "it tells who follows which link, and filters distrust it", "the page's own address";
        TRACKING = Error "privacy-tracking", "a parameter names the reader",
            "the site that it leads to learns who came", "take the parameter away";
        CAMPAIGN = Warning "privacy-campaign", "a link names the campaign",
            "it tells where the visitor came from; readers' browsers strip it more and more", "take the parameters away";
    }
}

pub mod text {
    crate::domain::rules! {
        MISSING = Error "text-missing", "there is no text part",
            "watches, screen readers and programs for text show nothing, and filters count it against the letter", "send both parts";
        SHORT = Warning "text-short", "the text part says less than half of the HTML part",
            "readers of it miss the letter, and filters take the two for different letters", "write all of it";
        WIDTH = Warning "text-width", "a line is wider than 76 columns",
            "programs break it anywhere, and quoted it is worse", "72 columns; an address may stand longer, alone on its line";
        ENTITY = Warning "text-entity", "something of HTML is left in the text",
            "readers see the entity and not the sign", "write the sign itself";
        MARKUP = Warning "text-markup", "a tag is left in the text",
            "readers see the tag", "take it out";
        INVISIBLE = Warning "text-invisible", "there is a sign that nobody sees",
            "filters take it for a trick, and searching does not find the word", "take it out";
        TURNED = Error "text-turned", "a sign turns the direction of what follows",
            "what is read is not what is written, which is a known trick of phishing", "take it out";
        CONTROL = Error "text-control", "there is a control character",
            "programs for terminals obey it", "take it out";
        ADDRESS_END = Warning "text-address-end", "punctuation follows an address",
            "programs take it for a part of it, and the link leads nowhere", "let it stand alone on its line";
    }
}

pub mod parity {
    crate::domain::rules! {
        LINK = Warning "parity-link", "a link is in one part only",
            "readers of the other cannot follow it, and filters count it", "put it into both";
        HEADING = Warning "parity-heading", "a heading is in the HTML part only",
            "readers of the text do not know where one thing ends", "write it in the text, underlined or in capitals";
        NUMBER = Warning "parity-number", "a number is in one part only",
            "the two parts say different things", "make both of the same article";
        NAME = Warning "parity-name", "a name, or a word like one, is in one part only",
            "the two parts say different things", "make both of the same article";
    }
}
