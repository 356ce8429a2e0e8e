package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/discover"
)

// soakFaults are the pages that misbehave in the soak, one in twenty.
var soakFaults = []string{
	`<script>for (;;) {}</script>`,
	`<script>for (;;) alert('again')</script>`,
	`<script>location.reload()</script>`,
	`<script>for (let i = 0; i < 100; i++) open('/p/1')</script>`,
	`<script>setInterval(() => { for (let i = 0; i < 1000; i++) console.log('x'.repeat(1000)) })</script>`,
	`<script>for (let i = 0; i < 500; i++) document.body.append(document.createElement('iframe'))</script>`,
	`<script>fetch('/hang'); new WebSocket('ws://' + location.host + '/hang'); new EventSource('/hang')</script>`,
	`<script>(async () => { for (;;) await 0 })()</script>`,
	`<img src="http://169.254.169.254/"><iframe src="http://10.0.0.1/"></iframe>`,
	`<script>window.close()</script>`,
}

// soakSite answers every page: /p/N links to its next ones; of each twenty one misbehaves, one is a server error and
// one breaks off.
func soakSite(pages int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { soakPage(w, 0, pages, "") })
	mux.HandleFunc("/privacy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<title>Privacy policy</title><h1>Privacy policy</h1><p>We use cookies for statistics.")
	})
	mux.HandleFunc("/p/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		switch n % 20 {
		case 7:
			soakPage(w, n, pages, soakFaults[n/20%len(soakFaults)])
		case 11:
			http.Error(w, "down", http.StatusInternalServerError)
		case 13:
			w.Header().Set("Content-Length", "100000")
			soakPage(w, n, pages, "")
		default:
			soakPage(w, n, pages, "")
		}
	})
	return mux
}

func soakPage(w http.ResponseWriter, n, pages int, more string) {
	w.Header().Set("Content-Type", "text/html")
	http.SetCookie(w, &http.Cookie{Name: "page", Value: fmt.Sprint("v", n), MaxAge: 3600})
	fmt.Fprintf(w, "<!doctype html><title>Page %d</title><body><a href=/privacy>Privacy policy</a>", n)
	for i := range 40 {
		fmt.Fprintf(w, "<a href=/p/%d>Page</a> ", 1+(n*40+i)%pages)
	}
	fmt.Fprint(w, strings.Repeat("<p>Words of a page that is made of words.", 100), `<script>document.cookie = 'script=1'</script>`, more)
}

// soakState is what a scan holds at some moment.
type soakState struct {
	heap       uint64
	goroutines int
	browserRSS int // kB, of all processes of the browser
}

// TestSoak scans as many pages as TRACKSCAN_SOAK says, at least 500 to mean something, with faults mixed in: heap and
// goroutines stay flat, the browser's memory is bounded, and nothing is left. Its figures are in the log (-v).
func TestSoak(t *testing.T) {
	pages, _ := strconv.Atoi(os.Getenv("TRACKSCAN_SOAK"))
	if pages == 0 {
		pages = 20 // that it works at all
	}
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	server := httptest.NewServer(soakSite(pages))
	defer server.CloseClientConnections()
	before := runtime.NumGoroutine()
	path, err := browser.Find("", "")
	require.NoError(t, err)
	chrome, err := browser.New(t.Context(), browser.Options{Path: path, PageTimeout: 10 * time.Second})
	require.NoError(t, err)
	finder := discover.New(discover.Options{})
	began, seen, most := time.Now(), 0, 0
	at := map[int]soakState{}
	options := crawler.Options{Site: server.URL, Pages: pages, Depth: -1, Observe: func(e crawler.Event) {
		if e.Page == nil {
			return
		}
		if seen++; seen%50 == 0 || seen == 1 {
			at[seen] = soakNow(folder)
			most = max(most, at[seen].browserRSS)
			t.Logf("%d pages, %.0f s: heap %d kB, %d goroutines, browser %d MB", seen, time.Since(began).Seconds(), at[seen].heap>>10, at[seen].goroutines, at[seen].browserRSS>>10)
		}
	}}
	scan, err := crawler.Crawl(t.Context(), options, finder, crawler.Retry(chrome, 2, retryPause))
	require.NoError(t, err)
	finder.Close()
	chrome.Close()
	server.CloseClientConnections()
	took := time.Since(began)
	t.Logf("%d pages, %d failures, %.0f s, %.2f s a page, browser at most %d MB", len(scan.Pages), len(scan.Failures), took.Seconds(), took.Seconds()/float64(len(scan.Pages)), most>>10)
	for _, f := range scan.Failures {
		t.Logf("failure: %s %s", strings.TrimPrefix(f.URL, server.URL), f.Error)
	}
	journeys := 0
	for _, p := range scan.Pages {
		journeys += min(len(p.Journey), 1)
	}
	require.Equal(t, pages, len(scan.Pages)-journeys+soakUnseen(scan), "each page is seen or a failure")
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Empty(t, left, "temporary folders")
	require.Zero(t, soakNow(folder).browserRSS, "processes")
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+4 }, 5*time.Second, 50*time.Millisecond, "goroutines")
	if pages >= 500 {
		require.Less(t, at[500].heap, at[100].heap+16<<20, "heap after 500 pages and after 100")
		require.LessOrEqual(t, at[500].goroutines, at[100].goroutines+100)
	}
}

// soakUnseen counts the pages of which there is no evidence.
func soakUnseen(scan *crawler.Scan) int {
	seen := map[string]bool{}
	for _, p := range scan.Pages {
		seen[p.URL] = true
	}
	n := 0
	for _, f := range scan.Failures {
		if u, err := url.Parse(f.URL); err == nil && !seen[f.URL] && strings.HasPrefix(u.Path, "/p/") {
			n++
		}
	}
	return n
}

// soakNow looks at this process, and at the browser whose files lie in a folder.
func soakNow(folder string) soakState {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := soakState{heap: m.HeapAlloc, goroutines: runtime.NumGoroutine()}
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), folder) {
			continue
		}
		status, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "status"))
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		var kB int
		_, _ = fmt.Sscan(rest, &kB)
		s.browserRSS += kB
	}
	return s
}
