"""What podcastparser, the library of gPodder, understands of a podcast feed: `podcast.py FILE` prints JSON."""

import json
import sys

import podcastparser

with open(sys.argv[1], "rb") as file:
    found = podcastparser.parse("https://www.example.org/feeds/river-talk/podcast.xml", file)

json.dump(
    {
        "title": found.get("title"),
        "link": found.get("link"),
        "cover": found.get("cover_url"),
        "type": found.get("type"),
        "episodes": [
            {
                "guid": episode["guid"],
                "title": episode["title"],
                "published": episode["published"],
                "seconds": episode["total_time"],
                "enclosures": [[one["url"], one["file_size"], one["mime_type"]] for one in episode["enclosures"]],
            }
            for episode in found["episodes"]
        ],
    },
    sys.stdout,
)
