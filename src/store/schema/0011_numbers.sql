-- What is counted without reading the rows themselves, of which a report alone can have 64 KiB.
CREATE INDEX bounce_by_edition ON bounce (edition, list, domain, recipient, class) WHERE edition IS NOT NULL;

CREATE INDEX subscriber_by_state ON subscriber (list, state, since);

-- How many recipients of a sending ended in each state: of those that are over, which do not change any more.
CREATE TABLE tally (
    edition TEXT NOT NULL,
    list TEXT NOT NULL,
    state TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (edition, list, state)
);
