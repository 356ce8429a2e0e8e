-- +goose Up
-- The tables of migrations/sqlite, in the words of PostgreSQL; what the columns mean is said there.
CREATE TABLE sites (
    id   BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash BYTEA NOT NULL UNIQUE,
    site BYTEA NOT NULL
);

CREATE TABLE scans (
    id      BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    site    BIGINT NOT NULL REFERENCES sites (id),
    started BIGINT NOT NULL,
    ended   BIGINT,
    whole   BIGINT NOT NULL,
    head    BYTEA NOT NULL
);
CREATE INDEX scans_site ON scans (site, started, id);

CREATE TABLE blobs (
    id     BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash   BYTEA NOT NULL UNIQUE,
    family BYTEA,
    kin    BYTEA,
    base   BIGINT REFERENCES blobs (id),
    body   BYTEA NOT NULL
);
-- A body is compressed already.
ALTER TABLE blobs ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX blobs_family ON blobs (family, id) WHERE base IS NULL;
CREATE INDEX blobs_kin ON blobs (kin, id) WHERE base IS NULL;
CREATE INDEX blobs_base ON blobs (base) WHERE base IS NOT NULL;

CREATE TABLE records (
    scan BIGINT NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    kind BIGINT NOT NULL,
    seq  BIGINT NOT NULL,
    note BYTEA NOT NULL,
    blob BIGINT REFERENCES blobs (id),
    PRIMARY KEY (scan, kind, seq)
);
CREATE INDEX records_blob ON records (blob);
