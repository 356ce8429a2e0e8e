package history

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkSize keeps some nights of a few sites of 50 pages each and tells what a year of 20 sites takes at that
// rate, and how long it takes to load a night back.
func BenchmarkSize(b *testing.B) {
	const sites, nights, pages = 2, 20, 50
	path := sqlitePath(b)
	s := openStore(b, path)
	w := newWeb(1)
	var first int64
	var id int64
	for b.Loop() {
		for night := range nights {
			for site := range sites {
				id = keep(b, s, w.night(site, night, pages))
			}
			if night == 0 {
				first = size(b, s, path)
			}
		}
	}
	rest := float64(size(b, s, path)-first) / sites / (nights - 1)
	b.ReportMetric(float64(first)/sites/1e3, "KB/first-night")
	b.ReportMetric(rest/1e3, "KB/night")
	b.ReportMetric((float64(first)/sites+rest*364)*20/1e6, "MB/year")
	_ = id
}

func size(b *testing.B, s *Store, path string) int64 {
	_, err := s.db.ExecContext(b.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	require.NoError(b, err)
	info, err := os.Stat(path)
	require.NoError(b, err)
	return info.Size()
}

// BenchmarkLoad loads a night of 50 pages that is kept as the difference to an earlier one.
func BenchmarkLoad(b *testing.B) {
	s := openStore(b, sqlitePath(b))
	w := newWeb(1)
	keep(b, s, w.night(0, 0, 50))
	id := keep(b, s, w.night(0, 1, 50))
	for b.Loop() {
		_, err := s.Load(b.Context(), id)
		require.NoError(b, err)
	}
}

// BenchmarkAdd keeps pages one by one, each on disk when Add returns.
func BenchmarkAdd(b *testing.B) {
	s := openStore(b, sqlitePath(b))
	w := newWeb(1)
	keep(b, s, w.night(0, 0, 50))
	r, err := s.Begin(b.Context(), header())
	require.NoError(b, err)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		page := w.page("https://www.shop0.test/", 0, 1, i%50)
		b.StartTimer()
		require.NoError(b, r.Add(b.Context(), page))
	}
}
