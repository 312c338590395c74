-- An edition is known from its composing on; its letters are frozen when it is first sent.

CREATE TABLE newsletter (
    edition TEXT NOT NULL REFERENCES edition (id),
    -- full, light
    variant TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    -- 1 where the pictures of the edition travel inside its messages.
    attached BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (edition, variant)
);
INSERT INTO newsletter (edition, variant, html, text) SELECT id, 'full', html, text FROM edition;
ALTER TABLE edition DROP COLUMN html;
ALTER TABLE edition DROP COLUMN text;

ALTER TABLE edition ADD COLUMN preheader TEXT;
-- What was given by hand in the place of the config's pattern.
ALTER TABLE edition ADD COLUMN own_subject TEXT;
-- The plan that composed it; none where that was done by hand, or with its article.
ALTER TABLE edition ADD COLUMN plan TEXT;
-- The list that a digest was composed for.
ALTER TABLE edition ADD COLUMN list TEXT;
-- Its place among the letters to its list, counted from 1; 0 of those from before there were numbers.
ALTER TABLE edition ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
-- Its id in the feed of the editions, minted when it first stands there.
ALTER TABLE edition ADD COLUMN guid TEXT;
CREATE UNIQUE INDEX edition_by_guid ON edition (guid);
CREATE INDEX edition_by_day ON edition (composed, id);

-- The lead has the first place.
ALTER TABLE edition_article ADD COLUMN position BIGINT NOT NULL DEFAULT 0;

-- Pictures that travel inside messages, each by its SHA-256.
CREATE TABLE picture (
    hash TEXT PRIMARY KEY,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL
);

-- What the addresses of an edition's pictures gave when it was composed.
CREATE TABLE edition_picture (
    edition TEXT NOT NULL REFERENCES edition (id),
    -- Counted from 1, in the order of the letter.
    number BIGINT NOT NULL,
    url TEXT NOT NULL,
    -- None where it could not be had: such a picture stays linked.
    hash TEXT REFERENCES picture (hash),
    PRIMARY KEY (edition, number)
);
CREATE UNIQUE INDEX edition_picture_by_url ON edition_picture (edition, url);
CREATE INDEX edition_picture_by_hash ON edition_picture (hash);
