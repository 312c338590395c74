-- Who has a delivery in hand, and until when at the latest.
ALTER TABLE delivery ADD COLUMN sender TEXT;
ALTER TABLE delivery ADD COLUMN until BIGINT;
-- The domain of the address where it has many readers in the edition; else nothing.
ALTER TABLE delivery ADD COLUMN lane TEXT NOT NULL DEFAULT '';

DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (edition, list, lane, not_before, recipient) WHERE state IN ('due', 'deferred');
CREATE INDEX delivery_uncertain ON delivery (edition, list, recipient) WHERE state = 'uncertain';

-- The senders at work on a sending, or that were when they were killed: only of these a delivery can be claimed or in flight.
-- So no index of those is needed, which every message would have to be written to.
CREATE TABLE hand (
    edition TEXT NOT NULL,
    list TEXT NOT NULL,
    sender TEXT NOT NULL,
    PRIMARY KEY (edition, list, sender)
);
-- Until now senders had no names; nobody is at work while the ledger is taken further.
INSERT INTO hand (edition, list, sender) SELECT DISTINCT edition, list, '' FROM delivery WHERE state IN ('claimed', 'in flight');
UPDATE delivery SET sender = '' WHERE state IN ('claimed', 'in flight');

-- A domain that wants to be left alone for a while, by the mail server that it is reached through.
CREATE TABLE pause (
    server TEXT NOT NULL,
    lane TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (server, lane)
);

-- Messages handed to a server, by the minute since 1970 (UTC): what limits by minute, hour and day are counted from.
CREATE TABLE handed (
    server TEXT NOT NULL,
    minute BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (server, minute)
);
