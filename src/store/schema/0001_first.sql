-- Instants are milliseconds since 1970 (UTC). Addresses are keyed by their lower-case form, `recipient`.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE article (
    id TEXT PRIMARY KEY,
    guid TEXT NOT NULL UNIQUE,
    published BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    taken_in BIGINT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX article_by_day ON article (published, id);

-- What an article is known again by: its address, its day and title, the beginnings of its paragraphs.
CREATE TABLE article_mark (
    mark TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES article (id),
    PRIMARY KEY (mark, article)
);
CREATE INDEX article_mark_by_article ON article_mark (article);

CREATE TABLE subscriber (
    list TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT,
    -- pending, confirmed, left
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- How it is known that a confirmed reader agreed.
    consent TEXT,
    PRIMARY KEY (list, recipient)
);

-- Addresses that are never mailed, whatever list they are put on.
CREATE TABLE suppression (
    recipient TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since BIGINT NOT NULL
);

-- An edition as it was when it was first sent: what is edited later does not change a letter that is on its way.
CREATE TABLE edition (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    language TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    composed BIGINT NOT NULL
);

CREATE TABLE edition_article (
    edition TEXT NOT NULL REFERENCES edition (id),
    article TEXT NOT NULL REFERENCES article (id),
    PRIMARY KEY (edition, article)
);
CREATE INDEX edition_article_by_article ON edition_article (article);

-- What a list has had, or was never meant to have: an article is new to a list as long as it has no row here.
-- Without an edition: it was there before the list's first letter.
CREATE TABLE list_article (
    list TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES article (id),
    edition TEXT REFERENCES edition (id),
    PRIMARY KEY (list, article)
);

-- One edition to one list. The audience is frozen with the row.
CREATE TABLE sending (
    edition TEXT NOT NULL REFERENCES edition (id),
    list TEXT NOT NULL,
    begun BIGINT NOT NULL,
    audience BIGINT NOT NULL,
    PRIMARY KEY (edition, list)
);

-- One row a recipient and edition, whatever the lists: nobody gets an edition twice.
CREATE TABLE delivery (
    edition TEXT NOT NULL,
    recipient TEXT NOT NULL,
    list TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT,
    -- due, claimed, in flight, sent, deferred, refused, excluded, uncertain
    state TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL,
    reply TEXT,
    PRIMARY KEY (edition, recipient),
    FOREIGN KEY (edition, list) REFERENCES sending (edition, list)
);
CREATE INDEX delivery_waiting ON delivery (edition, list, not_before, recipient) WHERE state IN ('due', 'deferred');

-- One row a plan and planned instant: what makes each instant happen once.
CREATE TABLE run (
    plan TEXT NOT NULL,
    planned BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    -- The edition that it sends; none where nothing was new.
    edition TEXT,
    finished BIGINT,
    PRIMARY KEY (plan, planned)
);
