package history

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkYear keeps a year of nights of ten pages, tells what 20 sites of 50 pages take at that rate, and loads a
// night from the end of the year. It takes half a minute: run it with -benchtime 1x.
func BenchmarkYear(b *testing.B) {
	const nights, pages = 365, 10
	const scale = 20 * 50 / pages
	for b.Loop() {
		path := sqlitePath(b)
		s := openStore(b, path)
		w := newWeb(1)
		var id int64
		for night := range nights {
			id = keep(b, s, w.night(0, night, pages))
		}
		b.ReportMetric(float64(size(b, s, path))*scale/1e6, "MB/year-of-20-sites")
		b.ReportMetric(b.Elapsed().Seconds()*1e3/nights/pages, "ms/page")

		began := time.Now()
		_, err := s.Load(b.Context(), id)
		require.NoError(b, err)
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/load")

		began = time.Now()
		removed, err := s.Prune(b.Context(), day.AddDate(0, 6, 0), Keep{Age: time.Microsecond})
		require.NoError(b, err)
		require.Positive(b, removed)
		b.ReportMetric(time.Since(began).Seconds(), "s/prune-half")
		b.ReportMetric(float64(size(b, s, path))*scale/1e6, "MB/pruned")
	}
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
	for _, kind := range storeKinds {
		b.Run(kind.name, func(b *testing.B) {
			s := openStore(b, kind.dsn(b))
			w := newWeb(1)
			keep(b, s, w.night(0, 0, 50))
			id := keep(b, s, w.night(0, 1, 50))
			for b.Loop() {
				_, err := s.Load(b.Context(), id)
				require.NoError(b, err)
			}
		})
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
