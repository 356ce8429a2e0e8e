package browser_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// declaredFiles are the data files in which consent managers publish declarations, a script that is none, and a page
// that loads them all. The frame in it loads one that speaks for the frame.
var declaredFiles = map[string]struct{ kind, body string }{
	"/consent/4711/en.json": {
		"application/json",
		`{"Groups":[{"GroupName":"Performance","Cookies":[{"Name":"visits_kept","Length":"30","description":"Counts visits"}]}]}`,
	},
	"/cookie/cc.js": {
		"application/javascript",
		`Dialog.cookieTableMarketing = [['ads_kept', 'adnet.test', 'Shows ads', '1 year', 'HTTP', '1']];`,
	},
	"/consent/library.js": {"application/javascript", `document.cookie = "consent=1"; function cookie(name) { return name }`},
	"/api/cart.json":      {"application/json", `{"name":"cart","expiry":"1 day","cookie":"none"}`},
	"/cookie/frame.json":  {"application/json", `{"cookies":[{"name":"not_ours","expiry":"1 day"}]}`},
	"/embedded.html":      {"text/html", `<script>fetch("/cookie/frame.json")</script>`},
	"/policy.html": {
		"text/html",
		`<h1>Cookie policy</h1><iframe src=/embedded.html></iframe>
		<script src="/cookie/cc.js?v=7"></script><script src=/consent/library.js></script>
		<script>fetch("/consent/4711/en.json"); fetch("/api/cart.json"); fetch("/cookie/gone.json")</script>`,
	},
}

func declaredServer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := declaredFiles[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		_, _ = w.Write([]byte(f.body))
	}))
	t.Cleanup(server.Close)
	return server
}

// TestDeclared keeps the files that list cookies and that the page itself asked for, and nothing else.
func TestDeclared(t *testing.T) {
	server := declaredServer(t)
	page, err := testBrowser.Render(t.Context(), crawler.Visit{URL: server.URL + "/policy.html", Document: true})
	require.NoError(t, err)
	var got []string
	for _, d := range page.Declared {
		path, _, _ := strings.Cut(strings.TrimPrefix(d.URL, server.URL), "?")
		got = append(got, path)
		require.Equal(t, declaredFiles[path].body, string(d.Bytes))
		require.Equal(t, declaredFiles[path].kind, d.MIME)
		require.False(t, d.Fetched.IsZero())
	}
	require.ElementsMatch(t, []string{"/cookie/cc.js", "/consent/4711/en.json"}, got)
}

// TestDeclaredOnlyForPolicies keeps nothing for a visit that asks for no document.
func TestDeclaredOnlyForPolicies(t *testing.T) {
	server := declaredServer(t)
	page, err := testBrowser.Render(t.Context(), crawler.Visit{URL: server.URL + "/policy.html"})
	require.NoError(t, err)
	require.Empty(t, page.Declared)
}
