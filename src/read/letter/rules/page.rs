//! The page: its tags, what it looks like, its pictures, its styles.

pub mod document {
    crate::domain::rules! {
        CLIPPED = Error "html-clipped", "the HTML part is larger than 100,000 bytes as it is mailed",
            "Gmail cuts a letter off near 102 KB, and the way out at its end with it",
            "shorten it: the beginning of the text with a link to the rest, fewer articles";
        LARGE = Warning "html-large", "the HTML part is larger than 80,000 bytes as it is mailed",
            "it is close to where Gmail cuts letters off, and dear to readers who pay for each megabyte",
            "shorten it while there is room";
        NO_HTML = Advice "html-missing", "there is no HTML part",
            "mail programs show the text by itself, without headings and pictures", "send both parts";
        DOCTYPE = Warning "html-doctype", "the page does not begin with `<!doctype html>`",
            "clients that show it as a page of its own fall back to the rules of the nineties", "begin it with `<!doctype html>`";
        LANG = Error "html-lang", "the page does not say its language",
            "screen readers read it in the voice of another language, and translators guess", "`<html lang=\"en\">`";
        DIR = Warning "html-dir", "the page does not say its direction",
            "text and punctuation stand on the wrong side where the client's own language runs the other way", "`<html dir=\"ltr\">` or `rtl`";
        WRAPPER = Warning "html-wrapper", "no element in the body says language and direction",
            "webmail takes `<html>` and `<body>` away, and what they said with them", "repeat `lang` and `dir` on an element around all";
        CHARSET = Warning "html-charset", "the page is not declared as UTF-8",
            "saved or forwarded, its letters turn into others", "`<meta charset=\"utf-8\">`";
        VIEWPORT = Warning "html-viewport", "the page does not fit itself to the width of the screen",
            "phones show it small, as they do pages for desks", "`<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">`";
        ZOOM = Warning "html-zoom", "the page forbids to zoom in",
            "who sees badly cannot read it", "take `maximum-scale` and `user-scalable` away";
        TITLE = Error "html-title", "the page has no title",
            "screen readers announce it, and browsers show it on the tab", "give it the subject as `<title>`";
        TITLE_DIFFERS = Warning "html-title-differs", "title and subject are two",
            "the letter is called one thing in the inbox and another in the browser", "give it the subject as `<title>`";
        PREHEADER = Advice "html-preheader", "nothing is given for the line beside the subject",
            "inboxes show the first words of the letter there, which are often a menu", "begin the body with a line that is `display:none`";
        PADDING = Warning "html-preheader-filled", "invisible signs fill up the line beside the subject",
            "screen readers read them out, and newer inboxes show what follows all the same", "write a sentence of 40 to 100 characters, and no more";
        HEADING_FIRST = Warning "html-h1", "there is not one `<h1>`",
            "who listens to a letter jumps from heading to heading, from the first on", "make the headline the one `<h1>`";
        HEADING_ORDER = Warning "html-heading-order", "a level of headings is left out",
            "who listens takes it that something is missing", "let an `<h3>` stand below an `<h2>` only";
        HEADING_EMPTY = Error "html-heading-empty", "a heading says nothing",
            "screen readers announce a heading and are silent then", "take it away, or write it";
        BALANCE = Error "html-balance", "tags do not fit together",
            "each client mends that in its own way: columns slide, and the rest of the letter stands in the wrong cell",
            "close every element where it ends, `</td>` before `</tr>`";
        BALANCE_WORD = Error "html-balance-word", "tags do not fit together as Word sees them",
            "classic Outlook takes what stands in `<!--[if mso]>` for markup, and lays the letter out wrongly",
            "count the tags in conditional comments, too: what one opens another has to close";
        CONDITION = Error "html-condition", "a conditional comment is not ended",
            "browsers leave everything behind it out, or Word does", "end it with `<![endif]-->`";
        REBUILT = Error "html-rebuilt", "a browser puts an element elsewhere",
            "what stands where it may not is moved: out of the table, out of the paragraph, out of the link",
            "put it where HTML allows it: no `<div>` in a `<p>`, no link in a link, no text between cells";
        SYNTAX = Warning "html-syntax", "a tag or a reference is not written as it should be",
            "parsers guess, and not all guess the same", "quote attributes, write each once, write `&amp;` for `&`";
        COMPLEX = Error "html-complex", "the page is nested too deeply, or too large to look at",
            "clients give up on it as well", "flatten it: a letter needs some ten tables within each other at most";
        TABLE = Warning "html-table", "a table of the layout does not say that it is one",
            "screen readers count its rows and columns aloud", "`role=\"presentation\"`, and no `<th>` in it";
        TABLE_HEAD = Advice "html-table-head", "a table of data has no headers",
            "who listens hears a cell and not what it is about", "`<th>` for the cells that name the others";
        TABLE_GAPS = Warning "html-table-gaps", "a table leaves its gaps to the client",
            "clients put a pixel or two between cells, and lines show in the ground", "`cellpadding=\"0\" cellspacing=\"0\" border=\"0\"`";
        ACTIVE = Error "html-active", "there is something that runs, plays or loads",
            "clients take it out, and filters take the letter for an attack", "link to it instead";
        FORM = Error "html-form", "there is a form",
            "most clients take it out or disable it, and filters take it for phishing", "link to a page with the form";
        OUTSIDE = Warning "html-outside", "something is loaded from outside, or links are relative to another address",
            "clients leave it out", "write styles into the letter, and whole addresses into links";
    }
}

pub mod look {
    crate::domain::rules! {
        CONTRAST = Error "contrast", "text can hardly be read on its ground",
            "who sees badly, or reads in the sun, cannot read it (WCAG 2.2, 1.4.3)", "make it 4.5:1 at least: darker ink, or lighter ground";
        CONTRAST_NIGHT = Error "contrast-dark", "text can hardly be read at night",
            "the rules for dark mode change one of the two colours and not the other", "give text and ground a colour each in `@media (prefers-color-scheme:dark)`";
        CONTRAST_OUTLOOK = Error "contrast-outlook", "text can hardly be read in Outlook at night",
            "Outlook takes its own rules, `[data-ogsc]` for text and `[data-ogsb]` for grounds", "give both the same colours as for dark mode";
        SCHEME = Warning "dark-scheme", "the page does not say that it has a dark side",
            "Apple Mail turns its colours around by itself, or not at all", "both metas, `color-scheme` and `supported-color-schemes`, with `light dark`";
        SMALL = Warning "font-small", "text is smaller than 13 px",
            "phones show it too small to read, or enlarge it and break the line", "14 px for the small print, 16 px and more for the text";
        TINY = Warning "font-hidden", "text is set so small that it cannot be seen",
            "filters take it for a trick of spammers", "hide it by `display:none`, or take it away";
        BUTTON = Error "button-height", "a button is lower than 44 px",
            "thumbs miss it", "padding and line height of 44 px together";
    }
}

pub mod picture {
    crate::domain::rules! {
        ALT = Error "img-alt", "a picture does not say what it shows",
            "half of all clients show no pictures at first, and a screen reader reads out the name of the file",
            "say what it shows in `alt`, or `alt=\"\"` where it only decorates";
        ALT_NAME = Warning "img-alt-name", "a picture is described by the name of its file",
            "that says nothing to anybody", "say what it shows";
        WIDTH = Warning "img-width", "a picture has no width in pixels that fits",
            "Outlook takes the file's own size and breaks the column", "`width=\"600\"` as an attribute, beside the style";
        HTTP = Warning "img-http", "a picture comes unencrypted",
            "clients with a proxy of https leave it out, and the network sees who reads", "serve it by https";
        SOURCE = Error "img-src", "a picture comes from nowhere",
            "there is no address that mail could find it by", "a whole https address, or `cid:` of a part";
        DATA = Error "img-data", "a picture is written into the page",
            "Gmail does not show it, and filters count it against the letter", "link to it, or attach it and show it by `cid:`";
        FORMAT = Error "img-format", "a picture has a format that mail does not know",
            "Gmail shows no SVG, Outlook no WebP or AVIF", "JPEG, PNG or GIF";
        SRCSET = Warning "img-srcset", "a picture is to be chosen by the client",
            "only Apple Mail, Samsung and Thunderbird choose; the others may show none", "one file of twice the width, and `width`";
        GROUND = Warning "img-background", "a picture lies behind the text",
            "Word shows none, and text over it is hard to read", "a colour as ground; pictures in the flow";
    }
}

pub mod css {
    crate::domain::rules! {
        PLACE = Error "css-place", "a style sheet stands outside of the head",
            "Gmail takes it away", "put it into the head; what matters into `style` attributes";
        LONG = Error "css-long", "a style sheet is longer than 16 KB",
            "Gmail drops it", "write less, or two sheets";
        COMMENT = Warning "css-comment", "there is a comment in the styles",
            "Yahoo has been seen to drop the rule behind one", "take it out";
        SYNTAX = Error "css-syntax", "styles cannot be read to their end",
            "clients drop the rule, or all that follow", "close every brace, write `name:value;`";
        IMPORT = Error "css-import", "a style sheet is fetched",
            "hardly any client fetches it, and who does tells the server", "write the styles into the letter";
        AT_RULE = Warning "css-at-rule", "an at-rule that mail does not know",
            "Gmail and Outlook drop the whole sheet for what they do not know", "`@media` alone, and nothing in it but rules";
        NESTED = Error "css-nested", "a rule stands within a rule",
            "no client of today but Apple Mail knows that, and others drop the sheet", "write it out, each rule by itself";
        ATTRIBUTE = Warning "css-attribute-selector", "a selector asks for attributes in a sheet for all",
            "Gmail knows `[class~=]` alone and drops the sheet for others", "put it into a sheet of its own, as those for Outlook";
        IMPORTANT = Error "css-important", "`!important` is not written with a space before it, in small letters",
            "Outlook and Yahoo drop the declaration", "` !important`";
        IMPORTANT_INLINE = Error "css-important-inline", "a `style` attribute says `!important`",
            "no rule for dark mode or for phones can change it any more", "take it away; say it in the rules that are to win";
        URL = Error "css-url", "a style names a file",
            "Gmail removes the whole attribute or sheet that holds a `url()`", "a picture in the flow, a colour as ground";
        COLOUR = Error "css-colour", "a colour is written in a way that some clients do not know",
            "Gmail drops the whole attribute for it, Outlook the colour", "hexadecimal: `#2a2520`";
        COLOUR_NAME = Warning "css-colour-unknown", "a colour cannot be read here",
            "what a program cannot read some client cannot, and contrast is not checked", "hexadecimal: `#2a2520`";
        FUNCTION = Error "css-function", "a value has to be computed",
            "Gmail and Outlook drop the declaration, Gmail often the whole attribute", "write the value itself";
        PROPERTY = Error "css-property", "a property that clients ignore lays the letter out",
            "Outlook or Gmail show it as if it were not there", "tables and padding; left and right by name";
        NEGATIVE = Error "css-negative-margin", "a margin is negative",
            "Gmail and Outlook drop it, and things overlap elsewhere", "less padding in the place of it";
        UNIT = Warning "css-unit", "a length is relative",
            "Outlook and Yahoo know no `rem`, and each client has a size of its own for `em`", "pixels";
        BACKGROUND = Warning "css-background", "a ground is given by the short form",
            "Word and some webmail read `background-color` alone", "`background-color`";
        WIDE = Warning "css-wide", "something is wider than a letter's column",
            "phones scroll sideways", "`max-width:600px` and `width:100%`";
    }
}
