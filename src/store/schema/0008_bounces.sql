-- Every report that came back, once each. What it does to its reader is worked out from all reports of that reader.
CREATE TABLE bounce (
    -- SHA-256 of the whole report.
    hash TEXT PRIMARY KEY,
    taken BIGINT NOT NULL,
    -- hard, soft, full, policy, delayed, delivered, auto-reply, challenge, complaint, unknown
    class TEXT NOT NULL,
    -- The enhanced status code, and what the report says in words.
    status TEXT,
    words TEXT NOT NULL,
    -- The letter and its reader; none where the report is not about a letter of this ledger.
    edition TEXT,
    list TEXT,
    recipient TEXT,
    domain TEXT,
    -- The beginning of the report, as it came.
    raw BLOB NOT NULL
);
CREATE INDEX bounce_by_recipient ON bounce (recipient) WHERE recipient IS NOT NULL;
CREATE INDEX bounce_by_domain ON bounce (domain, edition) WHERE class = 'hard';
CREATE INDEX bounce_by_time ON bounce (taken, hash);

-- A domain most of whose readers bounced in one edition: that is rarely the readers' fault.
CREATE TABLE bounced_domain (
    edition TEXT NOT NULL,
    domain TEXT NOT NULL,
    -- held (for the desk to decide), suppressed (the readers are gone), forgiven (they are mailed on)
    state TEXT NOT NULL,
    PRIMARY KEY (edition, domain)
);

-- The report that a suppression comes from; none where it comes from elsewhere.
ALTER TABLE suppression ADD COLUMN bounce TEXT;
