package history

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// BenchmarkYear keeps a year of nights as nightly does: one site of ten pages in three scenarios, each with what a shop
// with many trackers leaves (night_test.go), and a picture of 80 kB of each scenario that is another one every night.
// Pruned as the example of trackscan init has it: one scan a week of what is older than 90 nights, pictures of the newest
// 30. It tells what 20 sites of 50 pages take at that rate, pruned and not, and loads a night from the end of the year.
// It takes three minutes on an idle machine: run it with -benchtime 1x. 1378 MB pruned, 4889 MB with everything.
func BenchmarkYear(b *testing.B) {
	for name, k := range map[string]Keep{
		"as the example has it": {Age: 400 * 24 * time.Hour, Every: 90 * 24 * time.Hour, Scans: 30, Pictures: 30},
		"all":                   {},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				benchYear(b, k)
			}
		})
	}
}

func benchYear(b *testing.B, k Keep) {
	const nights, pages = 365, 10
	path := sqlitePath(b)
	s := openStore(b, path)
	id := year(b, s, nights, pages, k)
	b.ReportMetric(b.Elapsed().Seconds()*1e3/nights/pages/3, "ms/page")
	whole, pictures := size(b, s, path), pictureBytes(b, s)
	// Pictures are three a scan, whatever the number of pages.
	b.ReportMetric((float64(whole-pictures)*20*50/pages+float64(pictures)*20)/1e6, "MB/year-of-20-sites")
	b.ReportMetric(float64(pictures)*20/1e6, "MB/pictures")
	began := time.Now()
	_, err := s.Load(b.Context(), id)
	require.NoError(b, err)
	b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/load")
}

// year keeps and prunes a year of nights and returns the last one.
func year(b *testing.B, s *Store, nights, pages int, k Keep) (id int64) {
	w := newWeb(1)
	for night := range nights {
		scan := w.night(0, night, pages)
		for _, scenario := range []crawler.Scenario{crawler.Accept, crawler.Reject} {
			for _, page := range w.night(0, night, pages).Pages {
				page.Scenario = scenario
				scan.Pages = append(scan.Pages, page)
			}
		}
		for i := range 3 {
			picture := make([]byte, 80_000)
			for k := range picture {
				picture[k] = byte(w.rnd.Uint32())
			}
			scan.Pages[i*pages].Screenshots = []crawler.Screenshot{{Moment: "banner", MIME: "image/webp", Bytes: picture}}
		}
		id = keep(b, s, scan)
		if night%7 == 0 && k != (Keep{}) {
			_, err := s.Prune(b.Context(), day.AddDate(0, 0, night), k)
			require.NoError(b, err)
		}
	}
	return id
}

func pictureBytes(b *testing.B, s *Store) (n int64) {
	require.NoError(b, s.db.QueryRowContext(b.Context(), `SELECT COALESCE(SUM(LENGTH(body)), 0) FROM blobs WHERE id IN
		(SELECT blob FROM records WHERE kind = $1)`, pictureRecord).Scan(&n))
	return n
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
