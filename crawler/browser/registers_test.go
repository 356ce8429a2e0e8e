package browser_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// What servers have the browser do for advertising is told by the headers of their answers, of redirects too.
func TestRegisters(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch r.URL.Path {
		case "/page":
			h.Set("Content-Type", "text/html")
			h.Set("Permissions-Policy", "browsing-topics=(), attribution-reporting=()")
			_, _ = w.Write([]byte(`<title>Page</title><h1>Page</h1><img src="/hop"><img src="/all"><img src="/none">
				<script>fetch('/asks', { headers: { 'Attribution-Reporting-Eligible': 'trigger' } }); fetch('/asks-not', { headers: { 'X-Kind': 'attribution-reporting-eligible' } })</script>`))
			return
		case "/hop":
			h.Set("Attribution-Reporting-Register-Source", "{}")
			http.Redirect(w, r, "/end", http.StatusFound)
			return
		case "/all":
			for _, name := range []string{"Ad-Auction-Signals", "Shared-Storage-Write", "Sec-Private-State-Token", "Attribution-Reporting-Register-OS-Trigger"} {
				h.Set(name, "x")
			}
			h.Set("Observe-Browsing-Topics", "?1")
		case "/none":
			h.Set("Observe-Browsing-Topics", "?0")
			h.Set("Attribution-Reporting-Info", "preferred-platform=web")
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	b := startBrowserWith(t, browser.Options{
		Site: "https://www.shop.test/", Resolves: crawler.Resolves{sentTo(t, "*", server.URL)}, Insecure: true,
	})
	p, err := b.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/page", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	got := map[string][]string{}
	for _, r := range p.Requests {
		got[r.URL] = r.Registers
	}
	require.Equal(t, []string{"attribution"}, got["https://www.shop.test/hop"])
	require.Equal(t, []string{"attribution", "auction", "private-token", "shared-storage", "topics"}, got["https://www.shop.test/all"])
	require.Equal(t, []string{"attribution"}, got["https://www.shop.test/asks"])
	for _, path := range []string{"page", "end", "none", "asks-not"} {
		require.Contains(t, got, "https://www.shop.test/"+path)
		require.Empty(t, got["https://www.shop.test/"+path], path)
	}
}
