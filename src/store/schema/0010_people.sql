-- Readers who came together, from a file.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    file TEXT NOT NULL,
    begun BIGINT NOT NULL,
    -- The last receipt before it: later ones are what readers did since.
    receipt BIGINT NOT NULL,
    -- taking, taken, undoing, undone
    state TEXT NOT NULL,
    -- What became of the rows, by word, as a JSON object.
    counts TEXT
);
CREATE INDEX batch_unfinished ON batch (id) WHERE state IN ('taking', 'undoing');

-- The batch that a reader, or a suppression, came with.
ALTER TABLE subscriber ADD COLUMN batch BIGINT;
ALTER TABLE suppression ADD COLUMN batch BIGINT;

-- What a batch changed of readers who were there before it: how they stood, and what it made of them.
CREATE TABLE batch_change (
    batch BIGINT NOT NULL,
    subscriber BIGINT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    consent TEXT,
    asked BIGINT,
    new_state TEXT NOT NULL,
    PRIMARY KEY (batch, subscriber)
);
CREATE INDEX batch_change_by_reader ON batch_change (subscriber);

-- Who was erased: nothing but a keyed hash of the address, so that it is never mailed again.
CREATE TABLE erased (
    hash TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
