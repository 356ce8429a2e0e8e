-- +goose Up
-- From here on a record of kind 4 is a picture, and pages hold the digests of their screenshots.

-- What programs remember between two runs and is no evidence.
CREATE TABLE states (
    site  BLOB NOT NULL, -- as in sites; empty for the whole store
    name  TEXT NOT NULL, -- ours
    value BLOB NOT NULL,
    PRIMARY KEY (site, name)
) WITHOUT ROWID;
