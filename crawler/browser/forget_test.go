package browser_test

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

const forgetful = `<!doctype html><title>Forget</title><h1>Forget</h1><script>
const keep = (name, value) => { document.cookie = name + '=' + value + '; max-age=86400; path=/'; };
const ever = localStorage.ever ||= crypto.randomUUID();
keep('ever', ever);
if (!document.cookie.includes('plain=')) keep('plain', crypto.randomUUID());
if (location.pathname === '/two') keep('once', crypto.randomUUID());
</script><script src="/later.js"></script>`

const later = "Promise.resolve().then(() => { new Image().src = '/later.gif?' + document.cookie.includes('once='); });"

// A visitor who deletes the cookies, and nothing else, sees which of them come back. What was deleted stays evidence.
func TestForget(t *testing.T) {
	pages := map[string]string{"www.shop.test/": forgetful, "www.shop.test/two": forgetful, "www.shop.test/later.js": later}
	const home = "https://www.shop.test/"
	visit := crawler.Visit{URL: home, Scenario: crawler.NoChoice, Journey: []string{home + "two", home}, Forgets: true}
	respawned := func(s *scene) map[string]bool {
		page, err := s.Render(t.Context(), visit)
		require.NoError(t, err)
		for _, r := range page.Requests {
			if r.Type == "image" {
				require.Equal(t, home+"later.js", r.Initiators[len(r.Initiators)-1], "who asks for images is known on the last page too")
			}
		}
		out := map[string]bool{}
		for _, c := range page.Cookies {
			require.False(t, c.Transient, c.Name)
			out[c.Name] = c.Respawned
		}
		return out
	}
	t.Run("what comes back", func(t *testing.T) {
		require.Equal(t, map[string]bool{"ever": true, "plain": false, "once": false}, respawned(newScene(t, pages)))
	})
	t.Run("not when the user gave cookies", func(t *testing.T) {
		scope, err := crawler.NewScope(home, nil)
		require.NoError(t, err)
		s := newScene(t, pages, func(o *browser.Options) {
			o.Credentials = crawler.Credentials{Scope: scope, Cookies: []crawler.GivenCookie{{Name: "given", Value: "1"}}}
		})
		require.Equal(t, map[string]bool{"ever": false, "plain": false, "once": false}, respawned(s))
	})
}

// The cache of the browser is no cookie: what a server labels with a number comes back with it, and so does a script that
// has one in its text. Browsers keep nothing that came over a connection they do not trust, so this one is plain.
func TestForgetLeavesTheCache(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fresh := "n" + rand.Text()
		switch r.URL.Path {
		case "/label.js":
			label := cmp.Or(r.Header.Get("If-None-Match"), fmt.Sprintf("%q", fresh))
			w.Header().Set("ETag", label)
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Set-Cookie", "labelled="+label[1:len(label)-1]+"; Max-Age=86400")
			http.ServeContent(w, r, "label.js", time.Time{}, strings.NewReader("0"))
		case "/text.js":
			w.Header().Set("Cache-Control", "max-age=86400")
			fmt.Fprintf(w, "document.cookie = 'written=%s; max-age=86400'", fresh)
		default:
			w.Header().Set("Set-Cookie", "plain="+fresh+"; Max-Age=86400")
			fmt.Fprint(w, `<!doctype html><title>Cache</title><h1>Cache</h1><script src="/label.js"></script><script src="/text.js"></script>`)
		}
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	resolve, err := crawler.ParseResolve("www.shop.test:80:" + u.Host)
	require.NoError(t, err)
	b, err := browser.New(t.Context(), browser.Options{Path: testPath, Resolves: crawler.Resolves{resolve}, Salt: []byte("salt")})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	const home = "http://www.shop.test/"
	page, err := b.Render(t.Context(), crawler.Visit{URL: home, Scenario: crawler.NoChoice, Journey: []string{home}, Forgets: true})
	require.NoError(t, err)
	back := map[string]bool{}
	for _, c := range page.Cookies {
		back[c.Name] = c.Respawned
		labels := slices.ContainsFunc(page.Requests, func(r crawler.Request) bool { return slices.Contains(r.Labels, c.Traits.Hash) })
		require.Equal(t, c.Name == "labelled", labels, c.Name)
	}
	require.Equal(t, map[string]bool{"labelled": true, "written": true, "plain": false}, back)
}
