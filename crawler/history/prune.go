package history

import (
	"context"
	"database/sql"
	"time"
)

// sweepStep is how many blob numbers are looked at in one transaction, so that scans that are running wait for
// milliseconds.
const sweepStep = 2000

// Prune removes every scan that was started before the given time, but for the keep newest of each site (at least one)
// among those that have ended and among those that have not, and the evidence that no other scan shares. It returns
// the number of scans removed, also with an error.
func (s *Store) Prune(ctx context.Context, before time.Time, keep int) (removed int, err error) {
	old, err := s.numbers(ctx, `SELECT id FROM (
		SELECT id, started, ROW_NUMBER() OVER (PARTITION BY site, ended IS NULL ORDER BY started DESC, id DESC) AS place
		FROM scans) ranked WHERE started < $1 AND place > $2 ORDER BY id`, before.UnixMicro(), max(keep, 1))
	for _, id := range old {
		if err := s.erase(ctx, "DELETE FROM scans WHERE id = $1", id); err != nil {
			return removed, s.wrap("prune", err)
		}
		removed++
	}
	if err == nil {
		err = s.sweep(ctx)
	}
	if err == nil {
		err = s.backend.tidy(ctx, s.db)
	}
	return removed, s.wrap("prune", err)
}

// sweep removes the blobs that no record has: first differences, then whole ones, which may be the base of one.
func (s *Store) sweep(ctx context.Context) error {
	last, err := s.numbers(ctx, "SELECT COALESCE(MAX(id), 0) FROM blobs")
	if err != nil {
		return err
	}
	for _, more := range []string{
		"base IS NOT NULL",
		"base IS NULL AND NOT EXISTS (SELECT 1 FROM blobs d WHERE d.base = blobs.id)",
	} {
		query := `DELETE FROM blobs WHERE id > $1 AND id <= $2
			AND NOT EXISTS (SELECT 1 FROM records r WHERE r.blob = blobs.id) AND ` + more
		for from := int64(0); from < last[0]; from += sweepStep {
			if err := s.erase(ctx, query, from, from+sweepStep); err != nil {
				return err
			}
		}
	}
	return nil
}

// erase runs one statement while no one else writes.
func (s *Store) erase(ctx context.Context, query string, args ...any) error {
	return s.write(ctx, true, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// numbers reads a column of numbers.
func (s *Store) numbers(ctx context.Context, query string, args ...any) ([]int64, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}
