package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakePage is a page of a fakeSite. Paths stand for addresses on https://www.shop.test.
type fakePage struct {
	links    []string // of the source; "TEXT -> PATH" gives a link its text
	rendered []string // of the rendered page; links when nil
	sitemap  []string
	mime     string // text/html when empty
	status   int    // 200 when 0
	final    string // where it redirects to over HTTP
	moves    string // where its script goes
	title    string
	err      error // of the static fetch
	broken   error // of rendering
	robots   bool  // robots.txt forbids it
	blank    bool
	password bool
	document string
	declared []Document         // what the page loads beside its document
	banner   *ConsentState      // what the page shows without a choice
	answered *ConsentState      // what a visit that answers finds; one that was answered when nil
	broke    map[Scenario]error // of rendering in a scenario
	strict   bool               // not there for who comes by an advertisement
}

// fakeSite is a Discoverer and a Renderer in one, with random delays.
type fakeSite struct {
	pages map[string]fakePage
	delay time.Duration

	mu       sync.Mutex
	fetched  []string
	rendered []string
	visits   []Visit
}

const fakeHome = "https://www.shop.test"

func absolute(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return fakeHome + path
}

func (s *fakeSite) find(address string) (fakePage, bool) {
	p, ok := s.pages[strings.TrimPrefix(address, fakeHome)]
	return p, ok
}

func fakeLinks(links []string, rel Rel) []Link {
	var all []Link
	for _, l := range links {
		text, path, ok := strings.Cut(l, " -> ")
		if !ok {
			text, path = "", l
		}
		all = append(all, Link{URL: absolute(path), Text: text, Rel: rel})
	}
	return all
}

func (s *fakeSite) wait() {
	if s.delay > 0 {
		time.Sleep(rand.N(s.delay))
	}
}

func (s *fakeSite) Discover(ctx context.Context, urls []string) []Lead {
	leads := make([]Lead, len(urls))
	var wg sync.WaitGroup
	for i, u := range urls {
		wg.Go(func() {
			s.wait()
			leads[i] = s.lead(ctx, u)
		})
	}
	wg.Wait()
	return leads
}

func (s *fakeSite) lead(ctx context.Context, u string) Lead {
	s.mu.Lock()
	s.fetched = append(s.fetched, u)
	s.mu.Unlock()
	p, ok := s.find(u)
	switch {
	case ctx.Err() != nil:
		return Lead{URL: u, Err: ctx.Err()}
	case !ok:
		return Lead{URL: u, FinalURL: u, Status: 404, MIME: "text/html"}
	case p.err != nil:
		return Lead{URL: u, Err: p.err}
	case p.robots:
		return Lead{URL: u, Disallowed: true}
	case p.final != "":
		lead := s.lead(ctx, absolute(p.final))
		lead.URL = u
		return lead
	}
	lead := Lead{URL: u, FinalURL: u, Status: 200, MIME: "text/html", Links: fakeLinks(p.links, RelAnchor)}
	lead.Links = append(lead.Links, fakeLinks(p.sitemap, RelSitemap)...)
	if p.mime != "" {
		lead.MIME = p.mime
	}
	if p.status != 0 {
		lead.Status = p.status
	}
	return lead
}

func (s *fakeSite) Render(ctx context.Context, v Visit) (Page, error) {
	s.wait()
	s.mu.Lock()
	s.rendered = append(s.rendered, v.URL)
	s.visits = append(s.visits, v)
	s.mu.Unlock()
	if ctx.Err() != nil {
		return Page{}, ctx.Err()
	}
	page := Page{URL: v.URL, FinalURL: v.URL, Status: 404, MIME: "text/html"}
	p, ok := s.find(v.URL)
	if !ok || p.strict && v.Clicked {
		return page, nil
	}
	if err := cmp.Or(p.broken, p.broke[v.Scenario]); err != nil {
		return Page{}, err
	}
	if page.Consent = p.banner; v.Answer {
		s.answer(v, p, &page)
	}
	if p.final != "" || p.moves != "" {
		page, err := s.Render(ctx, Visit{URL: absolute(p.final + p.moves), Document: v.Document})
		page.URL = v.URL
		return page, err
	}
	page.Status, page.Title, page.Blank, page.Password = 200, p.title, p.blank, p.password
	if p.status != 0 {
		page.Status = p.status
	}
	if page.Links = fakeLinks(p.rendered, RelAnchor); p.rendered == nil {
		page.Links = fakeLinks(p.links, RelAnchor)
	}
	if v.Document {
		page.Document = &Document{URL: v.URL, MIME: "text/html", Bytes: []byte(p.document)}
		page.Declared = p.declared
	}
	return page, nil
}

// answer gives the visitor a session that tells where it comes from.
func (s *fakeSite) answer(v Visit, p fakePage, page *Page) {
	if page.Consent = p.answered; page.Consent == nil {
		page.Consent = &ConsentState{Banner: true, Manager: "Klaro", Choice: true, Result: Answered, Confirmed: "cookie klaro"}
	}
	if page.Consent.Result == Answered {
		page.Session = NewSession([]byte(string(v.Scenario) + " at " + v.URL))
	}
}

// paths returns the pages of a scan in their order, those of the site without its address. The journey is no page.
func paths(scan *Scan) []string {
	var all []string
	for _, p := range pageVisits(scan) {
		all = append(all, strings.TrimPrefix(p.URL, fakeHome))
	}
	return all
}

func pageVisits(scan *Scan) []Page {
	return slices.DeleteFunc(slices.Clone(scan.Pages), func(p Page) bool { return p.Journey != nil })
}

func testOptions() Options {
	return Options{Site: fakeHome, Depth: DefaultDepth, Now: func() time.Time { return time.Unix(1700000000, 0).UTC() }}
}

func crawlFake(t *testing.T, pages map[string]fakePage, opts Options) (*Scan, *fakeSite, error) {
	t.Helper()
	site := &fakeSite{pages: pages}
	scan, err := Crawl(t.Context(), opts, site, site)
	require.NotNil(t, scan)
	return scan, site, err
}

func TestCrawlOrder(t *testing.T) {
	pages := map[string]fakePage{
		"/":       {links: []string{"/b", "/a"}, rendered: []string{"/script", "/b"}, sitemap: []string{"/listed"}},
		"/a":      {links: []string{"/deep"}},
		"/b":      {links: []string{"/a", "/", "/z/y"}},
		"/deep":   {},
		"/z/y":    {links: []string{"https://elsewhere.test/", "/file.pdf"}},
		"/listed": {},
		"/script": {links: []string{"/last"}},
		"/last":   {},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.True(t, scan.Whole())
	require.Equal(t, []string{"/", "/script", "/b", "/a", "/listed", "/last", "/z/y", "/deep"}, paths(scan))
	require.Equal(t, []int{0, 1, 1, 1, 1, 2, 2, 2}, depths(scan))
	require.Equal(t, fakeHome+"/b", scan.Pages[6].FoundOn)
}

func depths(scan *Scan) []int {
	var all []int
	for _, p := range pageVisits(scan) {
		all = append(all, p.Depth)
	}
	return all
}

func TestCrawlIsDeterministic(t *testing.T) {
	pages := map[string]fakePage{"/": {}}
	home := pages["/"]
	for i := range 60 {
		path := fmt.Sprintf("/product/%d", i)
		home.links = append(home.links, path)
		pages[path] = fakePage{rendered: []string{fmt.Sprintf("/special-%c/x", 'a'+i%7), fmt.Sprintf("/product/%d", i*7%90)}}
	}
	pages["/"] = home
	var first []string
	for tabs := 1; tabs <= 8; tabs++ {
		site := &fakeSite{pages: pages, delay: 2 * time.Millisecond}
		opts := testOptions()
		opts.Pages, opts.Tabs = 30, tabs
		scan, err := Crawl(t.Context(), opts, site, site)
		require.NoError(t, err)
		if first == nil {
			first = paths(scan)
		}
		require.Len(t, first, 30)
		require.Equal(t, first, paths(scan), "with %d tabs", tabs)
	}
}

func TestCrawlPrefersNewTemplates(t *testing.T) {
	pages := map[string]fakePage{}
	var products []string
	for i := range 200 {
		path := fmt.Sprintf("/product/%d", 1000+i)
		products = append(products, path)
		pages[path] = fakePage{}
	}
	pages["/product/1037"] = fakePage{links: []string{"/hidden/corner"}}
	pages["/hidden/corner"] = fakePage{}
	pages["/about"] = fakePage{links: []string{"/about/team"}}
	pages["/about/team"] = fakePage{}
	pages["/"] = fakePage{links: append(products, "/about")}
	opts := testOptions()
	opts.Pages = 12
	scan, site, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Len(t, paths(scan), 12)
	got := paths(scan)
	require.Contains(t, got, "/about")
	require.Contains(t, got, "/about/team", "a new kind two links away beats the tenth product")
	require.Contains(t, got, "/product/1000")
	require.LessOrEqual(t, len(site.fetched), staticFactor*12+staticSpare+1)
}

func TestCrawlDeadSite(t *testing.T) {
	cases := map[string]struct {
		page fakePage
		why  string
	}{
		"refused":      {fakePage{err: syscall.ECONNREFUSED}, "connection refused"},
		"503":          {fakePage{status: 503}, "503"},
		"403":          {fakePage{status: 403}, "blocked"},
		"401":          {fakePage{status: 401}, "login"},
		"empty":        {fakePage{blank: true}, "empty"},
		"login":        {fakePage{final: "/account/login"}, "login form"},
		"challenge":    {fakePage{title: "Just a moment..."}, "bot defence"},
		"pdf":          {fakePage{mime: "application/pdf"}, "application/pdf"},
		"unrenderable": {fakePage{broken: errors.New("page load error net::ERR_CERT_DATE_INVALID")}, "certificate error"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			pages := map[string]fakePage{"/": c.page, "/account/login": {password: true, title: "Welcome"}}
			scan, _, err := crawlFake(t, pages, testOptions())
			require.ErrorIs(t, err, ErrNothingScanned)
			require.ErrorContains(t, err, c.why)
			require.False(t, scan.Whole())
			require.Contains(t, scan.Failures[0].Error, c.why)
		})
	}
}

// A login form that was asked for is a page of its own, and the scan says that there may be more.
func TestCrawlLogin(t *testing.T) {
	scan, _, err := crawlFake(t, map[string]fakePage{"/": {password: true, title: "Log in"}}, testOptions())
	require.NoError(t, err)
	require.True(t, scan.Whole())
	require.Equal(t, []string{fakeHome + "/ is a login form; what lies behind it was not seen"}, scan.Warnings)
}

func TestCrawlPolicies(t *testing.T) {
	pages := map[string]fakePage{
		"/":                               {links: []string{"/a", "Datenschutz -> /datenschutz", "Google privacy policy -> https://policies.google.com/privacy"}},
		"/a":                              {rendered: []string{"Cookie-Richtlinie -> https://legal.test/shop/cookies"}},
		"/datenschutz":                    {document: "Wir nutzen Cookies."},
		"https://legal.test/shop/cookies": {document: "Cookies: a, b, c."},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Len(t, scan.Policies, 2)
	require.Equal(t, "https://legal.test/shop/cookies", scan.Policies[0].URL)
	require.Equal(t, fakeHome+"/datenschutz", scan.Policies[1].URL)
	require.Equal(t, []string{"/", "/a", "/datenschutz"}, paths(scan))
	require.True(t, scan.Whole())
}
