-- A subscription has an id: what its tokens are looked up by.

CREATE TABLE subscription (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    name TEXT,
    -- What the reader wants to be spoken to in (BCP 47).
    language TEXT,
    -- What else the desk keeps of the reader, as a JSON object.
    attributes TEXT,
    -- pending, confirmed, left
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- How it is known that a confirmed reader agreed.
    consent TEXT,
    -- Since when an answer to a confirmation mail is waited for; none where none is.
    asked BIGINT,
    UNIQUE (list, recipient)
);
INSERT INTO subscription (list, recipient, address, name, state, since, consent)
SELECT list, recipient, address, name, state, since, consent FROM subscriber ORDER BY list, recipient;
DROP TABLE subscriber;
ALTER TABLE subscription RENAME TO subscriber;
CREATE INDEX subscriber_asked ON subscriber (asked) WHERE asked IS NOT NULL;

-- The subscription that a letter goes out by, for the tokens in it.
ALTER TABLE delivery ADD COLUMN subscriber BIGINT;
UPDATE delivery SET subscriber = (SELECT id FROM subscriber s WHERE s.list = delivery.list AND s.recipient = delivery.recipient)
WHERE state NOT IN ('sent', 'refused', 'excluded');

-- What readers were told when they agreed, by its SHA-256.
CREATE TABLE wording (
    hash TEXT PRIMARY KEY,
    text TEXT NOT NULL
);

-- What readers did about their subscriptions, in the order in which they did it.
CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    list TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- asked, confirmed, left, changed
    deed TEXT NOT NULL,
    -- form, page, one-click, mail, command, desk, complaint
    way TEXT NOT NULL,
    wording TEXT REFERENCES wording (hash),
    -- The token that it was done with.
    token TEXT,
    -- Of leaving: the last letter that the reader had got.
    edition TEXT
);
CREATE INDEX receipt_by_reader ON receipt (recipient, id);
CREATE INDEX receipt_by_edition ON receipt (edition) WHERE edition IS NOT NULL;
CREATE INDEX receipt_of_asking ON receipt (list, at) WHERE deed = 'asked';

-- Mails to single readers that wait to be sent: at most one for a subscription.
CREATE TABLE outbox (
    subscriber BIGINT PRIMARY KEY,
    -- When it was asked for, how often it was tried, and when it is tried next.
    asked BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    not_before BIGINT NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (not_before);

-- How often a feed was fetched, by the application that did: nothing of a person.
CREATE TABLE fetched (
    -- The day in UTC, such as 2026-03-04.
    day TEXT NOT NULL,
    -- Its file below `feeds/`.
    feed TEXT NOT NULL,
    application TEXT NOT NULL,
    fetches BIGINT NOT NULL,
    -- The most readers for whom the application said it fetched on that day; 0 where it does not say.
    subscribers BIGINT NOT NULL,
    PRIMARY KEY (day, feed, application)
);
