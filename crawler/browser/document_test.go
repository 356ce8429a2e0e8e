package browser_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// documents are policies in the forms in which sites publish them.
var documents = map[string]struct{ kind, body string }{
	"/policy.pdf":  {"application/pdf", "%PDF-1.4 a policy in a file"},
	"/policy.txt":  {"text/plain; charset=iso-8859-1", "We use cookies, tr\xe8s bien."},
	"/folded.html": {"text/html", "<details><summary>Cookies</summary><p>_ga: analytics</p></details>"},
	"/shadow.html": {"text/html", "<div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML='<p>_fbp: ads</p>'</script>"},
	"/frame.html":  {"text/html", "<iframe src=/inner.html></iframe>"},
	"/inner.html":  {"text/html", "<p>" + strings.Repeat("The list of cookies. ", 40) + "_pk_id</p>"},
	"/banner.html": {"text/html", "<p>_ga: analytics</p>" + asking + "<p>The end.</p>"},
	"/nested.html": {"text/html", "<p>_ga: analytics</p><div id=h></div><script>h.attachShadow({mode:'open'}).innerHTML=decodeURIComponent('" + url.PathEscape(asking) + "')</script><p>The end.</p>"},
	"/lists.html":  {"text/html", "<p>_ga: analytics</p>" + strings.Replace(asking, "<br>", "<p hidden>"+strings.Repeat("_fbp: ads. ", 300)+"</p>", 1) + "<p>The end.</p>"},
	"/later.html":  {"text/html", "<p id=t></p><script>setTimeout(() => t.textContent = 'uid_late: ads', 3000)</script>"},
}

// asking is a banner.
const asking = `<section role=dialog style="position:fixed;bottom:0"><p>If you agree, we use cookies for advertising.</p><br>` +
	`<button>Accept all</button> <button>Reject</button></section>`

// What a banner says is no declaration, unless it brings a list of its own.
func TestBannerIsNoPartOfDocument(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(documents[r.URL.Path].body))
	}))
	defer server.Close()
	for path, banner := range map[string]bool{"/banner.html": false, "/nested.html": false, "/lists.html": true} {
		p, err := testBrowser.Render(t.Context(), crawler.Visit{URL: server.URL + path, Scenario: crawler.NoChoice, Document: true})
		require.NoError(t, err)
		require.NotNil(t, p.Consent, "%s: the banner was not seen", path)
		text := string(p.Document.Bytes)
		require.Contains(t, text, "_ga: analytics")
		require.Equal(t, banner, strings.Contains(text, "for advertising") || strings.Contains(text, "_fbp"), path)
		require.Contains(t, text, "<p>The end.")
	}
}

func TestDocuments(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := documents[r.URL.Path]
		w.Header().Set("Content-Type", d.kind)
		_, _ = w.Write([]byte(d.body))
	}))
	defer server.Close()
	for path, want := range map[string]struct{ kind, holds string }{
		"/policy.pdf":  {"application/pdf", documents["/policy.pdf"].body},
		"/policy.txt":  {"text/plain", documents["/policy.txt"].body},
		"/folded.html": {"text/html", "<details open=\"\">"},
		"/shadow.html": {"text/html", "_fbp: ads"},
		"/frame.html":  {"text/html", "_pk_id"},
		"/later.html":  {"text/html", "uid_late: ads"},
	} {
		t.Run(path, func(t *testing.T) {
			p, err := testBrowser.Render(t.Context(), crawler.Visit{URL: server.URL + path, Document: true})
			require.NoError(t, err)
			require.NotNil(t, p.Document)
			require.Equal(t, want.kind, p.Document.MIME)
			require.Equal(t, server.URL+path, p.Document.URL)
			require.Contains(t, string(p.Document.Bytes), want.holds)
		})
	}
}
