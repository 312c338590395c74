-- What is known of an address that is asked again and again: a source, or the feed of a show.
CREATE TABLE source (
    -- Its address; that of the feed of a show after the word `show`.
    origin TEXT PRIMARY KEY,
    -- As the server gave them with its last answer, to ask with (RFC 9110, section 13); none where all is to be sent again.
    etag TEXT,
    last_modified TEXT,
    -- It is not asked again before this.
    not_before BIGINT NOT NULL
);

-- The items of a feed, each by its id there.
CREATE TABLE source_item (
    source TEXT NOT NULL,
    item TEXT NOT NULL,
    -- The name of what it said, to see when it says something else.
    said TEXT NOT NULL,
    -- passed (older than what was wanted at first), taken, waiting (its page could not be read), refused (it is no article)
    state TEXT NOT NULL,
    -- The article that it is.
    article TEXT REFERENCES article (id),
    -- 1 where the article came by this item, which may edit it; 0 where it was here before.
    brought BIGINT NOT NULL,
    -- Since when it is in this state.
    since BIGINT NOT NULL,
    PRIMARY KEY (source, item)
);

-- The latest episode of a show, by the address of its feed.
CREATE TABLE episode (
    feed TEXT PRIMARY KEY,
    content TEXT NOT NULL
);

-- The episode that was the latest one when an article was taken in: its letter and its feed item keep it.
ALTER TABLE article ADD COLUMN episode TEXT;
