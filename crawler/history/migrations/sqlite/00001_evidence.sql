-- +goose Up
CREATE TABLE sites (
    id   INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE, -- SHA-256 of site: names from outside may be too long for an index
    site BLOB NOT NULL         -- a blob, as every text from outside: it may hold NUL and invalid UTF-8
);

CREATE TABLE scans (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again after a scan was pruned: people write it down
    site    INTEGER NOT NULL REFERENCES sites (id),
    started INTEGER NOT NULL, -- microseconds since 1970, for order and retention; the exact time is in head
    ended   INTEGER,          -- the same; null while the scan is not finished
    whole   INTEGER NOT NULL, -- 1 when nothing that was to be seen was missed
    head    BLOB NOT NULL     -- the scan without its pages and policies, JSON
);
CREATE INDEX scans_site ON scans (site, started, id);

-- A blob is a piece of evidence, kept once, compressed with zstd. One with a base is compressed with the base's
-- content as dictionary, so that it holds only what differs. A base is always whole, so no chains arise.
CREATE TABLE blobs (
    id     INTEGER PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE, -- SHA-256 of the content
    family BLOB,                 -- of a whole blob: hash of site, kind, scenario and URL, the same page on other nights
    kin    BLOB,                 -- of a whole blob: hash of site and kind, other pages of the site
    base   INTEGER REFERENCES blobs (id),
    body   BLOB NOT NULL
);
CREATE INDEX blobs_family ON blobs (family, id) WHERE base IS NULL;
CREATE INDEX blobs_kin ON blobs (kin, id) WHERE base IS NULL;
CREATE INDEX blobs_base ON blobs (base) WHERE base IS NOT NULL;

CREATE TABLE records (
    scan INTEGER NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    kind INTEGER NOT NULL, -- 1 page, 2 policy, 3 failure
    seq  INTEGER NOT NULL, -- position in the scan
    note BLOB NOT NULL,    -- what is no blob: JSON of a failure, of a policy's address, of a page's links (compressed)
    blob INTEGER REFERENCES blobs (id),
    PRIMARY KEY (scan, kind, seq)
) WITHOUT ROWID;
CREATE INDEX records_blob ON records (blob);
