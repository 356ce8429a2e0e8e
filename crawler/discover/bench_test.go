package discover_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"trackscan/crawler/discover"
)

// BenchmarkDiscover reads a static site of 10,000 pages, each of 20 kB and with 40 links, on loopback. It reports pages
// a second and the heap that is in use once the leads are let go of, in bytes per page.
func BenchmarkDiscover(b *testing.B) {
	const pages, batch = 10_000, 250
	body := strings.Repeat("<p>Some words of a page that is made of words.</p>\n", 300)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>", r.URL.Path, "</title>")
		for i := range 40 {
			fmt.Fprintf(w, `<li><a href="%s/%d?x=1&amp;y=2">Link number %d</a>`, r.URL.Path, i, i)
		}
		fmt.Fprint(w, body)
	}))
	defer server.Close()
	for b.Loop() {
		d := discover.New(discover.Options{})
		before := heap()
		for start := 0; start < pages; start += batch {
			urls := make([]string, batch)
			for i := range urls {
				urls[i] = fmt.Sprintf("%s/page/%d", server.URL, start+i)
			}
			for _, lead := range d.Discover(b.Context(), urls) {
				if lead.Err != nil || len(lead.Links) < 40 {
					b.Fatalf("%s: %d links, %v", lead.URL, len(lead.Links), lead.Err)
				}
			}
		}
		b.ReportMetric(float64(heap()-before)/pages, "heap-B/page")
		d.Close()
	}
	b.ReportMetric(float64(pages*b.N)/b.Elapsed().Seconds(), "pages/s")
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
