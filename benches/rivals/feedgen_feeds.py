"""Writes RSS and Atom of `articles.json` with feedgen, for `benches/feeds.rs`."""

import json

from feedgen.feed import FeedGenerator

with open("articles.json", encoding="utf-8") as file:
    articles = json.load(file)

feed = FeedGenerator()
feed.id("https://www.example.org/feeds/atom.xml")
feed.title("The Desk")
feed.description("News from the river")
feed.link(href="https://www.example.org/", rel="alternate")
feed.language("en")
for article in articles:
    entry = feed.add_entry(order="append")
    entry.id(article["id"])
    entry.title(article["title"])
    entry.link(href=article["link"])
    entry.published(article["date"])
    entry.updated(article["date"])
    entry.author([{"name": name} for name in article["authors"]])
    entry.content(article["html"], type="html")
feed.rss_file("feedgen.xml")
feed.atom_file("feedgen.atom.xml")
