package browser_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// scene is a web of the test's own, whose server sees every header, and a browser for which every https host leads
// there.
type scene struct {
	*browser.Browser
	mu   sync.Mutex
	hits []*http.Request
}

// sceneOptions change the options of a scene's browser.
type sceneOptions func(*browser.Options)

// newScene serves pages by "HOST/PATH": HTML, and scripts where the path ends in .js.
func newScene(t *testing.T, pages map[string]string, change ...sceneOptions) *scene {
	t.Helper()
	s := &scene{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, pages) }))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(u.Host)
	require.NoError(t, err)
	resolve, err := crawler.ParseResolve(fmt.Sprintf("*:443:127.0.0.1:%s", port))
	require.NoError(t, err)
	opts := browser.Options{Path: testPath, Resolves: crawler.Resolves{resolve}, Insecure: true}
	for _, c := range change {
		c(&opts)
	}
	s.Browser, err = browser.New(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func (s *scene) serve(w http.ResponseWriter, r *http.Request, pages map[string]string) {
	s.mu.Lock()
	s.hits = append(s.hits, r)
	s.mu.Unlock()
	body, ok := pages[r.Host+r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if len(r.URL.Path) > 3 && r.URL.Path[len(r.URL.Path)-3:] == ".js" {
		w.Header().Set("Content-Type", "text/javascript")
	}
	fmt.Fprint(w, body)
}

// asked returns the requests for "HOST/PATH" so far, and forgets them.
func (s *scene) asked(address string) []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found, rest []*http.Request
	for _, r := range s.hits {
		if r.Host+r.URL.Path == address {
			found = append(found, r)
		} else {
			rest = append(rest, r)
		}
	}
	s.hits = rest
	return found
}
