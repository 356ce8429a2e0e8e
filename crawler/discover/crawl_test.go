package discover_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/crawlertest"
	"trackscan/crawler/discover"
)

// serve answers each path with a page of HTML; a path that is missing is 404.
func serve(t *testing.T, pages map[string]string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	return server
}

func TestCrawlOverHTTP(t *testing.T) {
	server := serve(t, map[string]string{
		"/robots.txt":  "User-agent: *\nDisallow: /private\nSitemap: /map.xml\n",
		"/map.xml":     "<urlset><url><loc>/not-absolute</loc></url></urlset>",
		"/sitemap.xml": "<urlset></urlset>",
		"/":            `<title>Home</title><a href="/b">B</a> <a href="/private/x">P</a> <a href="a">A</a> <a href="/privacy">Privacy policy</a>`,
		"/a":           `<title>A</title>text`,
		"/b":           `<title>B</title><a href="/c?utm_source=x">C</a>`,
		"/c":           `<title>C</title>text`,
		"/privacy":     `<title>Privacy</title>We use cookies.`,
	})
	scan, err := crawler.Crawl(t.Context(), crawler.Options{Site: server.URL, Depth: 5}, discover.New(discover.Options{}), crawlertest.Fake{})
	require.NoError(t, err)
	var titles []string
	for _, p := range scan.Pages {
		titles = append(titles, p.Title)
	}
	require.Equal(t, []string{"Home", "B", "A", "Privacy", "C", "Home"}, titles)
	require.Len(t, scan.Policies, 1)
	require.Equal(t, []string{"robots.txt forbids 1 of the addresses that were found; they were not visited"}, scan.Warnings)
	require.True(t, scan.Whole())
}

// The pages and their order are the same however fast anybody answers and however many ask at once.
func TestCrawlDoesNotDependOnTiming(t *testing.T) {
	address := handle(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(3 * time.Millisecond))
		w.Header().Set("Content-Type", "text/html")
		var n int
		_, _ = fmt.Sscanf(r.URL.Path, "/product/%d", &n)
		fmt.Fprintf(w, "<title>%d</title><p>text</p>", n)
		for i := range 12 {
			fmt.Fprintf(w, "<a href='/product/%d'>x</a><a href='/about/%c'>y</a>", (n*31+i*7)%97, 'a'+(n+i)%20)
		}
	})
	crawl := func(parallelism, tabs int) []string {
		opts := crawler.Options{Site: address, Pages: 25, Depth: 5, Tabs: tabs}
		scan, err := crawler.Crawl(t.Context(), opts, newDiscoverer(t, discover.Options{Parallelism: parallelism}), crawlertest.Fake{})
		require.NoError(t, err)
		var urls []string
		for _, p := range scan.Pages {
			urls = append(urls, p.URL+" from "+p.FoundOn)
		}
		return urls
	}
	want := crawl(1, 1)
	require.Len(t, want, 26, "25 pages and a journey")
	require.Equal(t, want, crawl(4, 2))
	require.Equal(t, want, crawl(32, 8))
}
