package history

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/history/historytest"
)

// storeKinds are the databases that one suite holds to the same.
var storeKinds = []struct {
	name string
	dsn  func(t testing.TB) string // of a fresh, empty store
}{
	{"sqlite", sqlitePath},
	{"postgres", historytest.Postgres},
}

// eachStore runs a test on a store of every kind.
func eachStore(t *testing.T, test func(t *testing.T, s *Store)) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) { test(t, openStore(t, kind.dsn(t))) })
	}
}

func sqlitePath(t testing.TB) string { return t.TempDir() + "/a folder?/100%#/history.db" }

func openStore(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

var day = time.Date(2026, 3, 29, 1, 30, 0, 123456789, time.FixedZone("", 3600))

const shop = "https://www.shop.test/"

func header() Header {
	return Header{
		Site: shop, Started: day, Agent: crawler.Agent{Trackscan: "1"}, Options: "pages=50", Salt: []byte{0, 1, 255},
	}
}

// rich is a scan with something in every corner.
func rich() *crawler.Scan {
	zero, year := 0.0, 365.25
	page := crawler.Page{
		URL: shop, FinalURL: shop + "de/", Status: 200, Title: "Shop", Scenario: crawler.NoChoice, Seconds: 1.25,
		Cookies: []crawler.Cookie{
			{Name: "_ga", Domain: ".shop.test", StoredDays: &year, AskedDays: &zero, Initiators: []string{}},
			{Name: "s", Refused: "UserPreferences", Traits: crawler.Traits{Length: 3, Entropy: 1.58, Hash: "00ff"}},
		},
		Requests: []crawler.Request{
			{URL: "https://t.test/p.gif", Size: -1, Initiators: []string{shop, "https://t.test/t.js"}},
		},
		Links: []crawler.Link{{URL: shop + "a", Text: "<b>\u2028&", Rel: crawler.RelAnchor}},
	}
	other := page
	other.URL, other.Scenario, other.FoundOn, other.Depth = shop+"a", crawler.Accept, shop, 1
	policy := crawler.Document{URL: shop + "privacy", MIME: "application/pdf", Bytes: []byte("%PDF\x00\xff"), Fetched: day}
	return &crawler.Scan{
		Site: shop, Started: day, Ended: day.Add(time.Minute), Agent: crawler.Agent{Trackscan: "1", Timezone: "UTC"},
		Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
		Pages:     []crawler.Page{page, other},
		Policies:  []crawler.Document{policy, {URL: shop + "empty", Bytes: []byte{}}, {URL: shop + "nil"}},
		Failures: []crawler.Failure{
			{URL: shop + "b", Scenario: crawler.NoChoice, Stage: crawler.StageRender, Error: "timeout"},
		},
		Warnings: []string{"the site redirects"},
	}
}

// shot is a screenshot of some size; equal texts are equal pictures.
func shot(text string) crawler.Screenshot {
	return crawler.Screenshot{Moment: "banner", MIME: "image/webp", Bytes: []byte(strings.Repeat(text, 99) + "\x00\xff")}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	require.NoError(t, err)
	return string(b)
}

// keep stores a scan the way a run does: the pages as they come, the whole at the end.
func keep(t testing.TB, s *Store, scan *crawler.Scan) int64 {
	t.Helper()
	h := header()
	h.Site, h.Started = scan.Site, scan.Started
	r, err := s.Begin(t.Context(), h)
	require.NoError(t, err)
	for i := len(scan.Pages) - 1; i >= 0; i-- {
		require.NoError(t, r.Add(t.Context(), scan.Pages[i]))
	}
	require.NoError(t, r.End(t.Context(), scan))
	return r.ID()
}

func TestLoadReturnsWhatWasRecorded(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *crawler.Scan)
	}{
		{"something in every corner", func(*crawler.Scan) {}},
		{"nothing", func(s *crawler.Scan) { *s = crawler.Scan{Site: s.Site, Started: s.Started} }},
		{"empty lists", func(s *crawler.Scan) {
			s.Pages, s.Policies = []crawler.Page{}, []crawler.Document{}
			s.Failures, s.Scenarios = []crawler.Failure{}, []crawler.Answer{}
		}},
		{"one page twice", func(s *crawler.Scan) { s.Pages = append(s.Pages, s.Pages[0]) }},
		{"pages that were never added", func(s *crawler.Scan) { s.Pages[1].Title = "later" }},
		{"screenshots", func(s *crawler.Scan) { s.Pages[0].Screenshots = []crawler.Screenshot{shot("a"), shot("b"), shot("a")} }},
		{"an empty screenshot", func(s *crawler.Scan) { s.Pages[0].Screenshots = []crawler.Screenshot{{Moment: "banner"}} }},
		{"a picture like a digest", func(s *crawler.Scan) {
			s.Pages[0].Screenshots = []crawler.Screenshot{{Bytes: digest("a picture")}}
		}},
		{"NUL", func(s *crawler.Scan) { s.Pages[0].Cookies[0].Name = "a\x00b" }},
		{"NUL in a policy's address", func(s *crawler.Scan) { s.Policies[0].URL = "a\x00b" }},
		{"invalid UTF-8", func(s *crawler.Scan) { s.Pages[0].Cookies[0].Name = "\xff\xfe\xed\xa0\x80" }},
		{"a replacement character", func(s *crawler.Scan) { s.Pages[0].Cookies[0].Name = "\ufffd" }},
		{"the words for invalid UTF-8", func(s *crawler.Scan) { s.Pages[0].Cookies[0].Name = `\ufffd` }},
		{"invalid UTF-8 in a failure", func(s *crawler.Scan) { s.Failures[0].Error = "\xc3(" }},
		{"a megabyte of name", func(s *crawler.Scan) { s.Pages[0].Cookies[0].Name = strings.Repeat("n\xf0", 1<<19) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s *Store) {
				scan := rich()
				c.change(scan)
				id := keep(t, s, scan)
				got, err := s.Load(t.Context(), id)
				require.NoError(t, err)
				require.Equal(t, asJSON(t, scan), asJSON(t, got))
				if len(scan.Pages) > 0 {
					require.Equal(t, scan.Pages[0].Cookies, got.Pages[0].Cookies)
				}
			})
		})
	}
}

func TestUnfinishedScanKeepsWhatWasAdded(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		scan := rich()
		_, err := s.Unfinished(t.Context(), shop)
		require.ErrorIs(t, err, ErrUnknown)
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		for range 2 { // what is there already is kept once
			require.NoError(t, r.Add(t.Context(), scan.Pages[1]))
			require.NoError(t, r.Add(t.Context(), scan.Pages[0]))
			require.NoError(t, r.AddPolicy(t.Context(), scan.Policies[0]))
			require.NoError(t, r.AddFailure(t.Context(), scan.Failures[0]))
		}
		entry, err := s.Unfinished(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, 2, entry.Pages)
		require.Equal(t, asJSON(t, header()), asJSON(t, entry.Header))
		got, err := s.Load(t.Context(), entry.ID)
		require.NoError(t, err)
		require.Equal(t, asJSON(t, []crawler.Page{scan.Pages[1], scan.Pages[0]}), asJSON(t, got.Pages))
		require.Equal(t, asJSON(t, scan.Policies[:1]), asJSON(t, got.Policies))
		require.Equal(t, scan.Failures, got.Failures)
		_, err = s.Last(t.Context(), shop)
		require.ErrorIs(t, err, ErrUnknown)
	})
}

func TestResumeGoesOnUntilTheScanEnds(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		scan := rich()
		first, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		require.NoError(t, first.Add(t.Context(), scan.Pages[1]))
		require.NoError(t, first.Pause(t.Context(), &crawler.Scan{Site: shop, Started: day, Pages: scan.Pages[1:]}))

		entry, err := s.Unfinished(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, header().Salt, entry.Salt)
		second, err := s.Resume(t.Context(), entry.ID)
		require.NoError(t, err)
		require.NoError(t, second.Add(t.Context(), scan.Pages[1]))
		require.NoError(t, second.Add(t.Context(), scan.Pages[0]))
		require.NoError(t, second.End(t.Context(), scan))

		last, err := s.Last(t.Context(), shop)
		require.NoError(t, err)
		require.Equal(t, entry.ID, last.ID)
		require.Empty(t, last.Salt)
		require.True(t, scan.Ended.Equal(last.Ended))
		got, err := s.Load(t.Context(), last.ID)
		require.NoError(t, err)
		require.Equal(t, asJSON(t, scan), asJSON(t, got))
		_, err = s.Resume(t.Context(), last.ID)
		require.ErrorContains(t, err, "has ended")
		_, err = s.Resume(t.Context(), 999)
		require.ErrorIs(t, err, ErrUnknown)
	})
}

func TestOneSiteOneLock(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		first, err := s.Lock(t.Context(), shop)
		require.NoError(t, err)
		_, err = s.Lock(t.Context(), shop)
		require.ErrorIs(t, err, ErrScanning)
		other, err := s.Lock(t.Context(), "https://blog.test/")
		require.NoError(t, err)
		require.NoError(t, other.Release())
		require.NoError(t, first.Release())
		again, err := s.Lock(t.Context(), shop)
		require.NoError(t, err)
		require.NoError(t, again.Release())
	})
}

func TestListIsNewestFirst(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		list, err := s.List(t.Context(), "")
		require.NoError(t, err)
		require.Empty(t, list)
		w := newWeb(1)
		for _, night := range []int{1, 2, 0} { // the middle one last
			keep(t, s, w.night(0, night, 1))
		}
		broken := w.night(1, 0, 2)
		broken.Failures = []crawler.Failure{{Stage: crawler.StagePolicy}}
		other := keep(t, s, broken)

		list, err = s.List(t.Context(), "https://www.shop0.test/")
		require.NoError(t, err)
		require.Len(t, list, 3)
		for i, e := range list {
			require.True(t, e.Started.Equal(day.AddDate(0, 0, 2-i)), e.Started)
			require.True(t, e.Whole)
			require.Equal(t, 1, e.Pages)
		}
		all, err := s.List(t.Context(), "")
		require.NoError(t, err)
		require.Len(t, all, 4)
		last, err := s.Last(t.Context(), "https://www.shop1.test/")
		require.NoError(t, err)
		require.Equal(t, other, last.ID)
		require.False(t, last.Whole)
		require.Equal(t, 2, last.Pages)
	})
}

// A quiet night is kept as the difference to an earlier one, and reads back the same when that one is gone.
func TestNightsShareEvidenceAndPruneKeepsWhatIsShared(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		w := newWeb(1)
		var scans []*crawler.Scan
		var ids []int64
		for night := range 5 {
			scans = append(scans, w.night(0, night, 3))
			ids = append(ids, keep(t, s, scans[night]))
		}
		keep(t, s, w.night(1, 0, 1))
		whole, differences := count(t, s, "base IS NULL"), count(t, s, "base IS NOT NULL")
		require.Greater(t, differences, whole, "nights are not kept as differences")

		removed, err := s.Prune(t.Context(), day.AddDate(0, 0, 3), Keep{Age: time.Microsecond})
		require.NoError(t, err)
		require.Equal(t, 3, removed)
		require.Less(t, count(t, s, "base IS NOT NULL"), differences)
		for i := range 3 {
			_, err := s.Load(t.Context(), ids[i])
			require.ErrorIs(t, err, ErrUnknown)
		}
		for i := 3; i < 5; i++ {
			got, err := s.Load(t.Context(), ids[i])
			require.NoError(t, err)
			require.Equal(t, asJSON(t, scans[i]), asJSON(t, got))
		}
	})
}

func TestPruneKeepsTheNewestOfEachSite(t *testing.T) {
	for _, c := range []struct {
		name          string
		keep, removed int
	}{{"at least one", 0, 2}, {"two", 2, 1}, {"more than there are", 9, 0}} {
		t.Run(c.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s *Store) {
				w := newWeb(1)
				for night := range 3 {
					keep(t, s, w.night(0, night, 1))
				}
				keep(t, s, w.night(1, 0, 1))
				r, err := s.Begin(t.Context(), Header{Site: "https://www.shop1.test/", Started: day.AddDate(0, 0, 9)})
				require.NoError(t, err)

				removed, err := s.Prune(t.Context(), day.AddDate(1, 0, 0), Keep{Age: time.Microsecond, Scans: c.keep})
				require.NoError(t, err)
				require.Equal(t, c.removed, removed)
				left, err := s.List(t.Context(), "")
				require.NoError(t, err)
				require.Len(t, left, 5-c.removed)
				require.NoError(t, r.End(t.Context(), w.night(1, 9, 1)), "a scan that is running goes on")
				again, err := s.Prune(t.Context(), day, Keep{Age: time.Microsecond})
				require.NoError(t, err)
				require.Zero(t, again)
			})
		})
	}
}

// Evidence that Add kept and End left out goes with the next Prune, and nothing else does.
func TestPruneLeavesNothingBehind(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		w := newWeb(1)
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		for _, p := range w.night(0, 0, 3).Pages {
			require.NoError(t, r.Add(t.Context(), p))
		}
		require.NoError(t, r.End(t.Context(), rich()))
		_, err = s.Prune(t.Context(), day, Keep{Age: time.Microsecond})
		require.NoError(t, err)
		require.Equal(t, 4, count(t, s, "1 = 1"), "two pages, a policy and the two empty ones, which are one")
		got, err := s.Load(t.Context(), r.ID())
		require.NoError(t, err)
		require.Equal(t, asJSON(t, rich()), asJSON(t, got))
	})
}

// A picture that is the same on two pages and in two nights is kept once, outside of the pages, and goes after its scans.
func TestPicturesAreKeptOnceAndGoEarlier(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		w := newWeb(1)
		var ids []int64
		for night := range 4 {
			scan := w.night(0, night, 2)
			scan.Policies = nil
			scan.Pages[0].Screenshots = []crawler.Screenshot{shot("same")}
			scan.Pages[1].Screenshots = []crawler.Screenshot{shot("same"), shot(fmt.Sprint(night))}
			ids = append(ids, keep(t, s, scan))
		}
		require.Equal(t, 4*2+1+4, count(t, s, "1 = 1"), "pages and pictures")

		removed, err := s.Prune(t.Context(), day, Keep{Pictures: 2})
		require.NoError(t, err)
		require.Zero(t, removed)
		require.Equal(t, 4*2+1+2, count(t, s, "1 = 1"))
		for i, id := range ids {
			got, err := s.Load(t.Context(), id)
			require.NoError(t, err)
			var want []crawler.Screenshot
			if i >= 2 {
				want = []crawler.Screenshot{shot("same"), shot(fmt.Sprint(i))}
			}
			require.Equal(t, want, got.Pages[1].Screenshots)
		}
	})
}

// A page that is resumed has its pictures, and has them once.
func TestPicturesOfAScanThatIsResumed(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		scan := rich()
		scan.Pages[0].Screenshots = []crawler.Screenshot{shot("a")}
		first, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		require.NoError(t, first.Add(t.Context(), scan.Pages[0]))
		got, err := s.Load(t.Context(), first.ID())
		require.NoError(t, err)
		require.Equal(t, scan.Pages[0].Screenshots, got.Pages[0].Screenshots)
		second, err := s.Resume(t.Context(), first.ID())
		require.NoError(t, err)
		require.NoError(t, second.End(t.Context(), scan))
		got, err = s.Load(t.Context(), first.ID())
		require.NoError(t, err)
		require.Equal(t, asJSON(t, scan), asJSON(t, got))
	})
}

func TestState(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		get := func(site, name string) string {
			value, err := s.State(t.Context(), site, name)
			require.NoError(t, err)
			return string(value)
		}
		require.Empty(t, get(shop, "mail"))
		require.NoError(t, s.SetState(t.Context(), shop, "mail", []byte("due")))
		require.NoError(t, s.SetState(t.Context(), "", "mail", []byte("all")))
		require.NoError(t, s.SetState(t.Context(), "a\x00\xff", "mail", []byte("odd")))
		require.NoError(t, s.SetState(t.Context(), shop, "mail", []byte("sent\x00")))
		require.Equal(t, "sent\x00", get(shop, "mail"))
		require.Equal(t, "all", get("", "mail"))
		require.Equal(t, "odd", get("a\x00\xff", "mail"))
		require.Empty(t, get(shop, "other"))
		list, err := s.List(t.Context(), "")
		require.NoError(t, err)
		require.Empty(t, list, "a state is no scan")
	})
}

func count(t *testing.T, s *Store, condition string) (n int) {
	t.Helper()
	require.NoError(t, s.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM blobs WHERE "+condition).Scan(&n))
	return n
}

// The loop that makes a scan lets go of links once it has followed them: its pages are no new evidence for that.
func TestLinksAreKeptUntilTheScanEnds(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		scan := rich()
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		require.NoError(t, r.Add(t.Context(), scan.Pages[0]))
		got, err := s.Load(t.Context(), r.ID())
		require.NoError(t, err)
		require.Equal(t, scan.Pages[0].Links, got.Pages[0].Links)

		scan.Pages, scan.Policies = scan.Pages[:1], nil
		scan.Pages[0].Links = nil
		require.NoError(t, r.End(t.Context(), scan))
		require.Equal(t, 1, count(t, s, "1 = 1"), "the page is kept once")
		got, err = s.Load(t.Context(), r.ID())
		require.NoError(t, err)
		require.Equal(t, asJSON(t, scan), asJSON(t, got))
	})
}

func TestPauseKeepsLinks(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		scan := rich()
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		require.NoError(t, r.Add(t.Context(), scan.Pages[0]))
		without := *scan
		without.Pages = []crawler.Page{scan.Pages[0]}
		without.Pages[0].Links = nil
		require.NoError(t, r.Pause(t.Context(), &without))
		got, err := s.Load(t.Context(), r.ID())
		require.NoError(t, err)
		require.Len(t, got.Pages, 1)
		require.Equal(t, scan.Pages[0].Links, got.Pages[0].Links)
	})
}
