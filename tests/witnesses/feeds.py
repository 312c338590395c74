"""What feedparser, the library behind many feed readers, understands of feeds: `feeds.py FILE...` prints a JSON list."""

import html.parser
import json
import sys
import time

import feedparser


class Text(html.parser.HTMLParser):
    """The text of HTML, one passage for each block."""

    BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "figure", "figcaption", "td"}

    def __init__(self, markup):
        super().__init__()
        self.passages = [""]
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in self.BLOCKS:
            self.passages.append("")

    handle_endtag = lambda self, tag: self.handle_starttag(tag, [])

    def handle_data(self, data):
        self.passages[-1] += data

    def read(self):
        folded = (" ".join(passage.split()) for passage in self.passages)
        return [passage for passage in folded if passage]


def instant(parsed):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", parsed) if parsed else None


def entry(found):
    [content] = found.content
    return {
        "id": found.get("id"),
        "title": found.get("title"),
        "link": found.get("link"),
        "authors": [author.get("name") for author in found.get("authors", [])],
        "published": instant(found.get("published_parsed")),
        "tags": [tag.term for tag in found.get("tags", [])],
        "html": content.value,
        "text": Text(content.value).read(),
        "media": [medium.get("url") for medium in found.get("media_content", [])],
        "credits": [credit.get("content") for credit in found.get("media_credit", [])],
    }


def feed(path):
    with open(path, "rb") as file:
        found = feedparser.parse(file.read())
    return {
        "bozo": str(found.bozo_exception) if found.bozo else None,
        "version": found.version,
        "title": found.feed.get("title"),
        "link": found.feed.get("link"),
        "language": found.feed.get("language"),
        "self": [link.href for link in found.feed.get("links", []) if link.rel == "self"],
        "entries": [entry(found) for found in found.entries],
    }


json.dump([feed(path) for path in sys.argv[1:]], sys.stdout)
