package history

import (
	"context"
	"database/sql"
	"errors"
)

// State returns what SetState kept last under a name, of a site or, with an empty site, of the whole store. It is nil
// when there is none.
func (s *Store) State(ctx context.Context, site, name string) (value []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT value FROM states WHERE site = $1 AND name = $2", []byte(site), name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return value, s.wrap("read "+name+" in", err)
}

// SetState keeps a few bytes that are no evidence and outlive the process: when a site was scanned last, which mail is
// still to be sent. They are on disk when it returns nil.
func (s *Store) SetState(ctx context.Context, site, name string, value []byte) error {
	return s.wrap("keep "+name+" in", s.write(ctx, false, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO states (site, name, value) VALUES ($1, $2, $3)
			ON CONFLICT (site, name) DO UPDATE SET value = excluded.value`, []byte(site), name, value)
		return err
	}))
}
