package history

import (
	"context"
	"database/sql"
	"time"
)

// Prune removes every scan that was started before the given time, but for the keep newest scans of each site (at
// least one), and the evidence that no other scan shares. It returns the number of scans removed.
func (s *Store) Prune(ctx context.Context, before time.Time, keep int) (removed int64, err error) {
	err = s.write(ctx, true, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM scans WHERE started < $1 AND id NOT IN (SELECT id FROM
			(SELECT id, ROW_NUMBER() OVER (PARTITION BY site ORDER BY started DESC, id DESC) AS place FROM scans) ranked
			WHERE place <= $2)`, before.UnixMicro(), max(keep, 1))
		if err != nil {
			return err
		}
		if removed, err = result.RowsAffected(); err != nil {
			return err
		}
		return removeUnused(ctx, tx)
	})
	if err == nil {
		err = s.backend.tidy(ctx, s.db)
	}
	return removed, s.wrap("prune", err)
}

// removeUnused removes the blobs that nothing needs: first differences, then whole ones, which may be a base.
func removeUnused(ctx context.Context, tx *sql.Tx) error {
	const unused = `DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.blob = blobs.id)`
	if _, err := tx.ExecContext(ctx, unused+" AND base IS NOT NULL"); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, unused+` AND base IS NULL
		AND NOT EXISTS (SELECT 1 FROM blobs d WHERE d.base = blobs.id)`)
	return err
}
