-- What a hub (WebSub) has been told of a feed, and what it is still to be told.
CREATE TABLE announcement (
    hub TEXT NOT NULL,
    -- The public address of the feed.
    topic TEXT NOT NULL,
    -- The state of the feed's file that the hub is to know of, and whether it does (1).
    state TEXT NOT NULL,
    told BIGINT NOT NULL,
    -- Since when the feed is in this state, how often the hub was asked in vain, and when it is asked again.
    since BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    PRIMARY KEY (hub, topic)
);
