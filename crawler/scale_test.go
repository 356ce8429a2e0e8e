package crawler

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// bigSite has 10,000 pages with 60 links each, and makes each answer when it is asked.
type bigSite struct{}

func (bigSite) links(u string) []Link {
	var n int
	_, _ = fmt.Sscanf(u, fakeHome+"/p/%d", &n)
	links := make([]Link, 60)
	for i := range links {
		links[i] = Link{URL: fmt.Sprintf("%s/p/%d", fakeHome, (n*61+i*53)%10_000), Text: fmt.Sprint("Page ", n, i), Rel: RelAnchor}
	}
	return links
}

func (s bigSite) Discover(_ context.Context, urls []string) []Lead {
	leads := make([]Lead, len(urls))
	for i, u := range urls {
		leads[i] = Lead{URL: u, FinalURL: u, Status: 200, MIME: "text/html", Links: s.links(u)}
	}
	return leads
}

func (s bigSite) Render(_ context.Context, v Visit) (Page, error) {
	return Page{URL: v.URL, FinalURL: v.URL, Status: 200, MIME: "text/html", Links: s.links(v.URL)}, nil
}

// What a scan keeps in memory of a page is its evidence, not its links: after 500 pages there are hardly more bytes in
// use than after 100, and no more goroutines.
func TestCrawlMemoryIsFlat(t *testing.T) {
	type state struct {
		heap       uint64
		goroutines int
	}
	seen := 0
	at := map[int]state{}
	opts := testOptions()
	opts.Pages = 500
	opts.Observe = func(e Event) {
		if e.Page == nil {
			return
		}
		if seen++; seen == 100 || seen == 500 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			at[seen] = state{m.HeapAlloc, runtime.NumGoroutine()}
		}
	}
	scan, err := Crawl(t.Context(), opts, bigSite{}, bigSite{})
	require.NoError(t, err)
	require.Len(t, paths(scan), 500)
	t.Logf("after 100 pages %d kB, after 500 pages %d kB", at[100].heap>>10, at[500].heap>>10)
	require.Less(t, at[500].heap, at[100].heap+8<<20)
	require.LessOrEqual(t, at[500].goroutines, at[100].goroutines+DefaultTabs)
}
