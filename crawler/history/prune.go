package history

import (
	"context"
	"database/sql"
	"slices"
	"time"
)

// Keep says which scans of each site stay. Scans that have ended and scans that have not are counted apart, and the
// newest of both always stays. The zero Keep keeps everything.
type Keep struct {
	Age      time.Duration // scans that are older go; 0 for any age
	Scans    int           // the newest that stay whatever their age
	Every    time.Duration // of scans that are older, one a week stays; 0 for all of them
	Pictures int           // the newest whose screenshots stay; 0 for all
}

// sweepStep is how many blob numbers are looked at in one transaction, so that scans that are running wait for
// milliseconds.
const sweepStep = 2000

// kept is what pruning needs to know of a scan.
type kept struct {
	id, site int64
	started  time.Time
	ended    bool
}

// Prune removes what k does not keep at the time now, and the evidence that no other scan shares. It returns the number
// of scans removed, also with an error.
func (s *Store) Prune(ctx context.Context, now time.Time, k Keep) (removed int, err error) {
	list, err := s.allKept(ctx)
	if err != nil {
		return 0, s.wrap("prune", err)
	}
	old, blind := k.choose(list, now)
	for _, id := range old {
		if err := s.erase(ctx, "DELETE FROM scans WHERE id = $1", id); err != nil {
			return removed, s.wrap("prune", err)
		}
		removed++
	}
	for _, id := range blind {
		if err := s.erase(ctx, "DELETE FROM records WHERE scan = $1 AND kind = $2", id, pictureRecord); err != nil {
			return removed, s.wrap("prune", err)
		}
	}
	if err = s.sweep(ctx); err == nil {
		err = s.backend.tidy(ctx, s.db)
	}
	return removed, s.wrap("prune", err)
}

// allKept lists every scan, the newest first.
func (s *Store) allKept(ctx context.Context) ([]kept, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT s.id, s.site, s.started, s.ended IS NOT NULL FROM scans s"+newestFirst)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []kept
	for rows.Next() {
		var one kept
		var started int64
		if err := rows.Scan(&one.id, &one.site, &started, &one.ended); err != nil {
			return nil, err
		}
		one.started = time.UnixMicro(started)
		list = append(list, one)
	}
	return list, rows.Err()
}

// choose tells which scans go, and of which others the pictures. The list has the newest first.
func (k Keep) choose(list []kept, now time.Time) (old, blind []int64) {
	type series struct {
		site  int64
		ended bool
	}
	place := map[series]int{}
	weeks := map[series]int64{} // the week of the latest one that stays
	for _, one := range list {
		of := series{one.site, one.ended}
		week := one.started.Unix() / int64(7*24*time.Hour/time.Second)
		age := now.Sub(one.started)
		thin := k.Every > 0 && age > k.Every && weeks[of] == week
		place[of]++
		switch n := place[of]; {
		case n > max(k.Scans, 1) && (k.Age > 0 && age > k.Age || thin):
			old = append(old, one.id)
			continue
		case k.Pictures > 0 && n > k.Pictures:
			blind = append(blind, one.id)
		}
		weeks[of] = week
	}
	slices.Sort(old)
	return old, blind
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
