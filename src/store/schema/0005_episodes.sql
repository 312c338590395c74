-- The shows that are published here, by the name of their folder in `feeds/`.
CREATE TABLE show (
    slug TEXT PRIMARY KEY,
    -- Minted once (podcast:guid).
    guid TEXT NOT NULL,
    -- The folder of its episodes, as the config writes it.
    folder TEXT NOT NULL
);

-- Their episodes. Each is known by its id, by the name of its note, and by its sound.
CREATE TABLE show_episode (
    show TEXT NOT NULL REFERENCES show (slug),
    guid TEXT NOT NULL,
    -- The name of its note, without the ending.
    note TEXT NOT NULL,
    -- SHA-256 of its sound.
    sound TEXT NOT NULL,
    PRIMARY KEY (show, guid)
);
CREATE UNIQUE INDEX show_episode_by_note ON show_episode (show, note);

-- The files that are public under their names: apps keep them by their address, so none is ever given to other bytes.
CREATE TABLE show_file (
    show TEXT NOT NULL REFERENCES show (slug),
    file TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (show, file)
);

-- What was measured of a file, as long as its size and time of change (nanoseconds since 1970) stay.
CREATE TABLE measured (
    path TEXT PRIMARY KEY,
    bytes BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    hash TEXT NOT NULL,
    -- The format of a sound; of artwork nothing.
    format TEXT,
    millis BIGINT NOT NULL
);
