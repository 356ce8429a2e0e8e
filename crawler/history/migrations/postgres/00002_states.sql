-- +goose Up
-- The tables of migrations/sqlite, in the words of PostgreSQL; what the columns mean is said there.
CREATE TABLE states (
    site  BYTEA NOT NULL,
    name  TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (site, name)
);
