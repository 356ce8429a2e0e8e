package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/history"
)

// busyNight is a scan of a shop with many trackers: 30 cookies and 120 requests on each of its pages. On the second
// night one tracker is new.
func busyNight(night, pages int) *crawler.Scan {
	const root = "https://www.shop.test/"
	started := time.Date(2026, 11, 1+night, 2, 30, 0, 0, time.UTC)
	s := &crawler.Scan{
		Site: root, Started: started, Ended: started.Add(time.Minute),
		Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
	}
	year := 365.0
	for i := range pages {
		p := crawler.Page{URL: fmt.Sprintf("%sp/%d", root, i), Status: 200, Scenario: crawler.NoChoice}
		p.FinalURL = p.URL
		for c := range 30 {
			host := fmt.Sprintf("cdn%d.vendor%d.test", c%4, c)
			p.Cookies = append(p.Cookies, crawler.Cookie{
				Name: fmt.Sprintf("_vendor%d_uid", c), Domain: "." + host, Path: "/", Party: crawler.Third, SetVia: crawler.ViaScript,
				SetBy: "https://" + host + "/tag.js", StoredDays: &year, Traits: crawler.Traits{Length: 36, Identifier: true},
			})
		}
		for r := range 120 {
			p.Requests = append(p.Requests, crawler.Request{
				URL: fmt.Sprintf("https://cdn%d.vendor%d.test/static/%d.js", r%4, r%40, r), Method: "GET", Type: "script", Status: 200,
				Party: crawler.Third, Initiators: []string{p.URL, "https://tags.test/gtm.js"},
			})
		}
		if night > 0 {
			p.Cookies = append(p.Cookies, crawler.Cookie{Name: "_fbp", Domain: ".shop.test", Path: "/", Party: crawler.First, StoredDays: &year})
		}
		s.Pages = append(s.Pages, p)
	}
	s.Policies = []crawler.Document{{URL: root + "privacy", MIME: "text/plain", Bytes: []byte("Privacy policy. We use cookies of Google Analytics."), Fetched: started}}
	return s
}

// nightsOf keeps that many nights.
func nightsOf(tb testing.TB, nights, pages int) (store string) {
	tb.Helper()
	store = filepath.Join(tb.TempDir(), "scans.db")
	s, err := history.Open(tb.Context(), store)
	require.NoError(tb, err)
	for night := range nights {
		scan := busyNight(night, pages)
		r, err := s.Begin(tb.Context(), history.Header{Site: "shop.test", Started: scan.Started})
		require.NoError(tb, err)
		require.NoError(tb, r.End(tb.Context(), scan))
	}
	require.NoError(tb, s.Close())
	return store
}

func TestDiff(t *testing.T) {
	var stdout, stderr bytes.Buffer
	a := &app{stdout: &stdout, stderr: &stderr}
	require.Equal(t, exitFindings, a.run(t.Context(), []string{"diff", "shop.test", "--store", nightsOf(t, 2, 2), "--fail-on", "new"}))
	require.Empty(t, stderr.String())
	require.Contains(t, stdout.String(), "+ new     Meta Pixel  advertising, not in the policy: cookie _fbp")
	require.Equal(t, 1, strings.Count(stdout.String(), "\n+ ")+strings.Count(stdout.String(), "\n- "), "one change")
	require.Contains(t, stdout.String(), "only 1 earlier scan")
}

// BenchmarkDiff compares two nights of 50 pages, and the last two of a month of nights, the start of the program and
// its catalogue included.
func BenchmarkDiff(b *testing.B) {
	for _, nights := range []int{2, 31} {
		b.Run(fmt.Sprintf("%d nights", nights), func(b *testing.B) {
			store := nightsOf(b, nights, 50)
			for b.Loop() {
				var stdout, stderr bytes.Buffer
				a := &app{stdout: &stdout, stderr: &stderr}
				require.Equal(b, exitOK, a.run(b.Context(), []string{"diff", "shop.test", "--store", store}), stderr.String())
			}
		})
	}
}
