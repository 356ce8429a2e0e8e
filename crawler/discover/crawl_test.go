package discover_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

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
	require.Equal(t, []string{"Home", "B", "A", "Privacy", "C"}, titles)
	require.Len(t, scan.Policies, 1)
	require.Equal(t, []string{"robots.txt forbids 1 of the addresses that were found; they were not visited"}, scan.Warnings)
	require.True(t, scan.Whole())
}
