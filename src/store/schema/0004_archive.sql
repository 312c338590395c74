-- The document of the archive that an article has moved into (RFC 5005), counted from 1; none while the feed itself has it.
ALTER TABLE article ADD COLUMN document BIGINT;
CREATE INDEX article_by_document ON article (document, published, id);

-- Grows with every change of an article.
ALTER TABLE article ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

-- The topics and authors of articles, each as it is written there.
CREATE TABLE article_name (
    -- topic, author
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    published BIGINT NOT NULL,
    article TEXT NOT NULL REFERENCES article (id),
    PRIMARY KEY (kind, name, published, article)
);
CREATE INDEX article_name_by_article ON article_name (article);

-- Of articles that were here before. A ledger that begins elsewhere has none.
INSERT INTO article_name (kind, name, published, article)
SELECT DISTINCT 'topic', topics.value, article.published, article.id FROM article, json_each(article.content, '$.topics') AS topics;
INSERT INTO article_name (kind, name, published, article)
SELECT DISTINCT 'author', authors.value, article.published, article.id FROM article, json_each(article.content, '$.authors') AS authors;

-- Documents that are written and then left alone: what each was last made of. One that has to be made again has no row.
CREATE TABLE made (
    document TEXT PRIMARY KEY,
    state TEXT NOT NULL
);
