package discover

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gocolly/colly/v2"
	"github.com/stretchr/testify/require"
)

func TestParseRobotsBounds(t *testing.T) {
	f := parseRobots([]byte("User-agent: *\n"+strings.Repeat("Disallow: /x\nSitemap: /s\n", 20000)), at(t, "https://shop.test/robots.txt"))
	require.Equal(t, maxRobotsRules, strings.Count(string(f.rules), "disallow:"))
	require.Len(t, f.sitemaps, maxSitemaps)
	require.Equal(t, "https://shop.test/s", f.sitemaps[0])
}

// FuzzRobots holds that whatever a robots.txt says, colly can read what is left of it: a page that is allowed or
// forbidden, never an error.
func FuzzRobots(f *testing.F) {
	for _, seed := range []string{
		"User-agent: *\nDisallow: /a\nAllow: /a/b$\nSitemap: x", "User-agent: trackscan\nDisallow: /*.p[(\n", "disallow:/\nuser-agent:*",
		"\xef\xbb\xbfUser-agent: *\r\nDisallow: /%zz", "User-agent: *\nDisallow: *\nAllow: /?\n", "User-agent: #\nUser-agent: a:b\nAllow: $",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		file := parseRobots([]byte(body), at(t, "https://shop.test/robots.txt"))
		served := roundTripFunc(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			if r.URL.Path == "/robots.txt" {
				_, _ = w.Write(file.rules)
			}
			return w.Result(), nil
		})
		c := newCollector(Options{}, served)
		c.Context = context.Background()
		err := c.Visit("https://shop.test/a/b?c=d")
		if err != nil {
			require.ErrorIs(t, err, colly.ErrRobotsTxtBlocked, "%q", file.rules)
		}
	})
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRobotsTransportLeavesOtherRequestsAlone(t *testing.T) {
	next := roundTripFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("page"))}, nil
	})
	tr := &robotsTransport{next: next, robots: newRobots(&http.Client{Transport: next})}
	resp, err := tr.RoundTrip(httptest.NewRequest(http.MethodGet, "https://shop.test/robots.txt?x=1", nil))
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "page", string(body))
}
