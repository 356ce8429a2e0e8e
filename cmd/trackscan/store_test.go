package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/history"
)

func TestSiteKey(t *testing.T) {
	for _, c := range []struct{ name, site, want string }{
		{"no host", "https://", ""},
		{"a blank", "shop .test", ""},
		{"bare", "shop.test", "shop.test"},
		{"with a scheme", "https://shop.test", "shop.test"},
		{"another scheme", "http://shop.test/", "shop.test"},
		{"www, path and capitals", "https://WWW.Shop.test/de/?a=1#b", "shop.test"},
		{"the scheme's own port", "https://shop.test:443/", "shop.test"},
		{"another port", "shop.test:8443", "shop.test:8443"},
		{"another host", "blog.shop.test", "blog.shop.test"},
		{"a user and a password", "https://me:canary@shop.test/", "shop.test"},
		{"an international name", "bücher.test", "xn--bcher-kva.test"},
		{"an IPv6 address", "http://[::1]:8080/", "[::1]:8080"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := siteKey(c.site)
			require.Equal(t, c.want, got)
			require.Equal(t, c.want == "", err != nil)
		})
	}
}

// fingerprintOf is that of a command line.
func fingerprintOf(t *testing.T, change func(f *scanFlags)) string {
	t.Helper()
	a := &app{stdin: strings.NewReader("https://shop.test/a\n")}
	f := scanFlags{
		pages: 50, depth: 5, tabs: 4, scenarios: []string{"no-choice"}, pageTimeout: time.Second,
		format: "text", failOn: "medium", viewport: "1280x900",
	}
	change(&f)
	j, err := a.newJob(&f, "shop.test")
	require.NoError(t, err)
	return j.fingerprint()
}

func TestFingerprint(t *testing.T) {
	plain := fingerprintOf(t, func(*scanFlags) {})
	for name, change := range map[string]func(f *scanFlags){
		"pages":        func(f *scanFlags) { f.pages = 7 },
		"depth":        func(f *scanFlags) { f.depth = 7 },
		"urls":         func(f *scanFlags) { f.urls = "-" },
		"scope":        func(f *scanFlags) { f.scopes = []string{"a.test"} },
		"scenario":     func(f *scanFlags) { f.scenarios = []string{"no-choice", "accept"} },
		"policy":       func(f *scanFlags) { f.policies = []string{"https://a.test/canary"} },
		"page-timeout": func(f *scanFlags) { f.pageTimeout = time.Minute },
		"resolve":      func(f *scanFlags) { f.resolves = []string{"a.test:80:127.0.0.1"} },
		"insecure":     func(f *scanFlags) { f.insecure = true },
		"no-robots":    func(f *scanFlags) { f.noRobots = true },
		"proxy":        func(f *scanFlags) { f.proxy = "http://me:canary@127.0.0.1:3128" },
		"lang":         func(f *scanFlags) { f.lang = "de" },
		"timezone":     func(f *scanFlags) { f.timezone = "UTC" },
		"user-agent":   func(f *scanFlags) { f.userAgent = "x" },
		"viewport":     func(f *scanFlags) { f.viewport = "mobile" },
	} {
		t.Run(name, func(t *testing.T) {
			got := fingerprintOf(t, change)
			require.Contains(t, difference(plain, got), "--"+name)
			require.NotContains(t, got, "canary")
		})
	}
	for name, change := range map[string]func(f *scanFlags){
		"tabs":    func(f *scanFlags) { f.tabs = 1 },
		"timeout": func(f *scanFlags) { f.timeout = time.Hour },
		"format":  func(f *scanFlags) { f.format = "json" },
		"fail-on": func(f *scanFlags) { f.failOn = "never" },
	} {
		t.Run(name+" does not matter", func(t *testing.T) {
			require.Empty(t, difference(plain, fingerprintOf(t, change)))
		})
	}
}

// A store that fails in the middle is told of once, and costs nothing else.
func TestStoreThatFails(t *testing.T) {
	var stderr bytes.Buffer
	a := &app{stderr: &stderr}
	path := filepath.Join(t.TempDir(), "scans.db")
	j := &job{app: a, site: "shop.test", flags: &scanFlags{store: path}}
	k, err := j.openRecord(t.Context())
	require.NoError(t, err)
	scan := &crawler.Scan{Site: "https://shop.test/", Ended: time.Now()}
	see := func(path string) {
		scan.Pages = append(scan.Pages, crawler.Page{URL: scan.Site + path, Scenario: crawler.NoChoice})
		page := scan.Pages[len(scan.Pages)-1]
		page.Links = []crawler.Link{{URL: scan.Site}}
		k.observe(crawler.Event{Page: &page})
	}
	see("kept")
	require.Empty(t, stderr.String())
	require.NoError(t, k.lock.Release())
	k.lock = nil
	require.NoError(t, k.store.Close())
	see("lost")
	see("lost too")
	k.end(scan, true)
	require.Equal(t, 1, strings.Count(stderr.String(), "trackscan: the scan goes on unrecorded: add page"), stderr.String())
	require.Len(t, k.missed, 2)

	// The store works again before the end: what is missing is written, with the links that a resumed scan needs.
	k.store, err = history.Open(t.Context(), path)
	require.NoError(t, err)
	defer k.store.Close()
	list, err := k.store.List(t.Context(), "shop.test")
	require.NoError(t, err)
	k.writer, err = k.store.Resume(t.Context(), list[0].ID)
	require.NoError(t, err)
	k.end(scan, true)
	require.Contains(t, stderr.String(), "recorded after all")
	got, err := k.store.Load(t.Context(), list[0].ID)
	require.NoError(t, err)
	require.Len(t, got.Pages, 3)
	for _, p := range got.Pages {
		require.Len(t, p.Links, 1, p.URL)
	}
}

func TestSawSomething(t *testing.T) {
	page := crawler.Page{URL: "https://shop.test/"}
	failed := func(s crawler.Stage, why string) crawler.Failure {
		return crawler.Failure{URL: page.URL, Stage: s, Error: why}
	}
	for _, c := range []struct {
		name string
		scan crawler.Scan
		want bool
	}{
		{"nothing", crawler.Scan{}, false},
		{"dead", crawler.Scan{Failures: []crawler.Failure{failed(crawler.StageDiscover, "refused")}}, false},
		{"blocked", crawler.Scan{Pages: []crawler.Page{page}, Failures: []crawler.Failure{failed(crawler.StageRender, "blocked")}}, false},
		{"interrupted", crawler.Scan{Failures: []crawler.Failure{failed(crawler.StageRender, crawler.WhyInterrupted)}}, true},
		{"no policy", crawler.Scan{Pages: []crawler.Page{page}, Failures: []crawler.Failure{failed(crawler.StagePolicy, "404")}}, true},
		{"a page", crawler.Scan{Pages: []crawler.Page{page}}, true},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, sawSomething(&c.scan)) })
	}
}
