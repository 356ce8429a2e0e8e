package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCrawlWithoutScheme(t *testing.T) {
	certificate := errors.New("net::ERR_CERT_AUTHORITY_INVALID")
	cases := map[string]struct {
		https, http fakePage
		site, why   string
	}{
		"https":                        {fakePage{}, fakePage{}, "https://www.shop.test/", ""},
		"http where https is refused":  {fakePage{err: syscall.ECONNREFUSED}, fakePage{}, "http://www.shop.test/", ""},
		"http where https is too slow": {fakePage{err: context.DeadlineExceeded}, fakePage{}, "http://www.shop.test/", ""},
		"both refused":                 {fakePage{err: syscall.ECONNREFUSED}, fakePage{err: syscall.ECONNREFUSED}, "https://www.shop.test/", "connection refused"},
		"bad certificate stays":        {fakePage{err: certificate}, fakePage{}, "https://www.shop.test/", "certificate error"},
		"silent stays":                 {fakePage{err: fmt.Errorf("%w: %w", ErrSilent, context.DeadlineExceeded)}, fakePage{}, "https://www.shop.test/", "did not answer"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			opts := testOptions()
			opts.Site = "www.shop.test"
			scan, _, err := crawlFake(t, map[string]fakePage{"/": c.https, "http://www.shop.test/": c.http}, opts)
			require.Equal(t, c.site, scan.Site)
			if c.why == "" {
				require.NoError(t, err)
				require.True(t, scan.Whole())
				return
			}
			require.ErrorIs(t, err, ErrNothingScanned)
			require.ErrorContains(t, err, c.why)
		})
	}
}

// A server that closes the connection on a stranger may still talk to a browser.
func TestCrawlRendersWhatOnlyTheStaticFetchCannotRead(t *testing.T) {
	pages := map[string]fakePage{
		"/":  {err: syscall.ECONNRESET, rendered: []string{"/a"}},
		"/a": {err: syscall.ECONNRESET},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/a"}, paths(scan))
	require.True(t, scan.Whole())
}

func TestCrawlRedirectedSite(t *testing.T) {
	target := "https://new-shop.test"
	cases := map[string]fakePage{
		"over HTTP": {final: target + "/"},
		"by script": {moves: target + "/"},
	}
	for name, home := range cases {
		t.Run(name, func(t *testing.T) {
			pages := map[string]fakePage{
				"/":           home,
				target + "/":  {links: []string{target + "/a", "/old"}},
				target + "/a": {},
				"/old":        {},
			}
			scan, _, err := crawlFake(t, pages, testOptions())
			require.NoError(t, err)
			require.Equal(t, target+"/", scan.Site)
			require.Equal(t, []string{target + "/", target + "/a"}, paths(scan))
			require.Equal(t, []string{"https://www.shop.test/ leads to https://new-shop.test/, which was scanned in its place"}, scan.Warnings)
			require.True(t, scan.Whole())
		})
	}
}

// A bot defence sends the static fetch elsewhere and answers it with what is no page; the browser is let through.
func TestCrawlBelievesTheBrowser(t *testing.T) {
	site := &misled{fakeSite{pages: map[string]fakePage{"/": {links: []string{"/a", "/b", "/c"}}, "/a": {}, "/b": {}, "/c": {}}}}
	scan, err := Crawl(t.Context(), testOptions(), site, site)
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/a", "/b", "/c"}, paths(scan))
	require.Equal(t, fakeHome+"/", scan.Site)
	require.Empty(t, scan.Warnings)
}

type misled struct{ fakeSite }

func (*misled) Discover(_ context.Context, urls []string) []Lead {
	leads := make([]Lead, len(urls))
	for i, u := range urls {
		leads[i] = Lead{URL: u, FinalURL: "https://captcha.test/", Status: 403, MIME: "application/json"}
	}
	return leads
}

func TestCrawlEndsWhereSitesLeadToOneAnother(t *testing.T) {
	pages := map[string]fakePage{"/": {moves: "https://a.test/"}, "https://a.test/": {final: "https://b.test/"}, "https://b.test/": {}}
	site := &roundabout{fakeSite{pages: pages}}
	scan, err := Crawl(t.Context(), testOptions(), site, site)
	require.ErrorIs(t, err, ErrNothingScanned)
	require.Contains(t, scan.Failures[0].Error, "from site to site")
}

// roundabout sends every visit on to yet another site.
type roundabout struct{ fakeSite }

func (r *roundabout) Render(_ context.Context, v Visit) (Page, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rendered = append(r.rendered, v.URL)
	return Page{URL: v.URL, FinalURL: fmt.Sprintf("https://site%d.test/", len(r.rendered)), Status: 200}, nil
}

func TestCrawlRedirectWithinTheSite(t *testing.T) {
	pages := map[string]fakePage{
		"/":                     {final: "/en/"},
		"/en/":                  {links: []string{"/en/", "/", "/out", "/twice", "/a"}},
		"/a":                    {},
		"/out":                  {final: "https://partner.test/"},
		"/twice":                {final: "/a"},
		"https://partner.test/": {},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, fakeHome+"/en/", scan.Site)
	require.Equal(t, []string{"/", "/a"}, paths(scan), "the address that was given, so that its hops are seen; nothing twice")
	require.Equal(t, fakeHome+"/en/", scan.Pages[0].FinalURL)
	require.Empty(t, scan.Warnings)
}

func TestCrawlLeavesOutPagesThatLeaveTheSite(t *testing.T) {
	pages := map[string]fakePage{
		"/":                     {links: []string{"/go", "/a"}},
		"/go":                   {moves: "https://partner.test/"},
		"/a":                    {},
		"https://partner.test/": {links: []string{"/hidden"}},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/a"}, paths(scan))
	require.Len(t, scan.Warnings, 1)
	require.Contains(t, scan.Warnings[0], "partner.test")
}

func TestCrawlScopes(t *testing.T) {
	pages := map[string]fakePage{
		"/":    {links: []string{"/own", "https://blog.shop.test/", "https://partner.test/x", "https://elsewhere.test/"}},
		"/own": {}, "https://blog.shop.test/": {}, "https://partner.test/x": {}, "https://elsewhere.test/": {},
	}
	opts := testOptions()
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/own", "https://blog.shop.test/"}, paths(scan))

	opts.Scopes = []string{"blog.shop.test", "partner.test"}
	scan, _, err = crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, []string{"/", "https://blog.shop.test/", "https://partner.test/x"}, paths(scan), "the site's address is always visited")
}

func TestCrawlDepth(t *testing.T) {
	pages := map[string]fakePage{"/": {links: []string{"/a"}}, "/a": {links: []string{"/b"}}, "/b": {links: []string{"/c"}}, "/c": {}}
	for depth, want := range [][]string{{"/"}, {"/", "/a"}, {"/", "/a", "/b"}, {"/", "/a", "/b", "/c"}} {
		opts := testOptions()
		opts.Depth = depth
		scan, _, err := crawlFake(t, pages, opts)
		require.NoError(t, err)
		require.Equal(t, want, paths(scan))
	}
}

func TestCrawlListedPages(t *testing.T) {
	pages := map[string]fakePage{
		"/":                      {links: []string{"/unlisted", "Privacy policy -> /privacy"}},
		"/b":                     {links: []string{"/unlisted"}},
		"/a":                     {},
		"/doc":                   {mime: "application/pdf"},
		"/secret":                {robots: true},
		"/privacy":               {document: "policy"},
		"https://partner.test/x": {},
	}
	opts := testOptions()
	opts.Pages = 1
	opts.URLs = []string{fakeHome + "/b", fakeHome + "/a", fakeHome + "/b#again", fakeHome + "/doc", fakeHome + "/secret", "https://partner.test/x"}
	scan, site, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, []string{"/b", "/a", "https://partner.test/x"}, paths(scan), "exactly these, in their order")
	require.Len(t, scan.Failures, 2)
	require.Contains(t, scan.Failures[0].Error, "application/pdf")
	require.Contains(t, scan.Failures[1].Error, "--no-robots")
	require.Len(t, scan.Policies, 1, "the policy is found on the site's address")
	require.NotContains(t, site.rendered, fakeHome+"/unlisted")

	opts.URLs = []string{fakeHome + "/secret"}
	_, _, err = crawlFake(t, pages, opts)
	require.ErrorIs(t, err, ErrNothingScanned)
	require.ErrorContains(t, err, "robots.txt forbids")

	opts.URLs = []string{"no address"}
	_, _, err = crawlFake(t, pages, opts)
	require.ErrorContains(t, err, `page "no address"`)
}

func TestCrawlRobots(t *testing.T) {
	pages := map[string]fakePage{"/": {links: []string{"/a", "/b"}}, "/a": {robots: true}, "/b": {robots: true}}
	scan, site, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.False(t, scan.Whole(), "nothing but the site's address was allowed")
	require.Contains(t, scan.Failures[0].Error, "robots.txt forbids every page but this one")
	require.Equal(t, []string{fakeHome + "/", fakeHome + "/"}, site.rendered, "by itself, and to come back to it without cookies")
}

func TestCrawlErrorPages(t *testing.T) {
	pages := map[string]fakePage{
		"/":     {links: []string{"/gone", "/broken", "/forbidden", "/dead", "/human"}},
		"/gone": {status: 404}, "/broken": {status: 500}, "/forbidden": {status: 403},
		"/dead":  {broken: errors.New("net::ERR_CONNECTION_RESET at x")},
		"/human": {status: 200, title: "Just a moment..."},
	}
	scan, _, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/gone", "/broken", "/forbidden", "/human"}, paths(scan))
	require.Equal(t, []Failure{
		{URL: fakeHome + "/broken", Scenario: NoChoice, Stage: StageRender, Error: "the server answered 500 Internal Server Error"},
		{URL: fakeHome + "/dead", Scenario: NoChoice, Stage: StageRender, Error: "the server closed the connection"},
		{URL: fakeHome + "/human", Scenario: NoChoice, Stage: StageRender, Error: "blocked: a bot defence asks to prove that the visitor is human"},
	}, scan.Failures)
}

// Links to a host that is gone cost no visit; a page that is only slow may still come in a browser.
func TestCrawlDoesNotRenderWhatIsDead(t *testing.T) {
	pages := map[string]fakePage{
		"/":                       {links: []string{"https://gone.shop.test/", "/slow", "https://far.shop.test/"}},
		"/slow":                   {err: fmt.Errorf("%w: %w", ErrSilent, context.DeadlineExceeded)},
		"https://gone.shop.test/": {err: &net.DNSError{IsNotFound: true}},
		"https://far.shop.test/":  {err: context.DeadlineExceeded},
	}
	scan, site, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/slow"}, paths(scan))
	require.Equal(t, []string{"/", "//slow/", "/slow"}, site.visitsIn(NoChoice))
	require.Equal(t, []Failure{
		{URL: "https://far.shop.test/", Scenario: NoChoice, Stage: StageDiscover, Error: "the server did not answer in time"},
		{URL: "https://gone.shop.test/", Scenario: NoChoice, Stage: StageDiscover, Error: "no such host"},
	}, scan.Failures)
}

func TestCrawlMissingPagesComeLast(t *testing.T) {
	pages := map[string]fakePage{"/": {}, "/z/here": {}}
	home := pages["/"]
	for i := range 12 {
		home.links = append(home.links, fmt.Sprintf("/gone-%c/%c", 'a'+i, 'a'+i))
	}
	home.links = append(home.links, "/z/here")
	pages["/"] = home
	opts := testOptions()
	opts.Pages = 3
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, []string{"/", "/gone-a/a", "/z/here"}, paths(scan))
}

func TestCrawlNeverRendersDownloads(t *testing.T) {
	mimes := []string{"application/pdf", "image/png", "application/zip", "application/rss+xml", "text/xml", "application/octet-stream", "text/plain", "video/mp4", "application/json"}
	names := []string{"/a.pdf", "/b.JPG", "/c.zip", "/feed.xml", "/d.docx?x=1", "/e.tar.gz", "/logout", "/?add-to-cart=7"}
	pages := map[string]fakePage{"/": {links: names}}
	home := pages["/"]
	for i, m := range mimes {
		path := fmt.Sprintf("/thing-%c", 'a'+i)
		home.links = append(home.links, path)
		pages[path] = fakePage{mime: m}
	}
	home.rendered = slices.Clone(home.links)
	pages["/"] = home
	scan, site, err := crawlFake(t, pages, testOptions())
	require.NoError(t, err)
	require.Equal(t, []string{fakeHome + "/", fakeHome + "/"}, site.rendered, "by itself, and to come back to it without cookies")
	require.True(t, scan.Whole())
	for _, name := range names {
		require.NotContains(t, site.fetched, fakeHome+name)
	}
}

// endlessSite has links without end, of a kind that make chooses.
type endlessSite struct {
	fakeSite
	make func(path string) []string
}

func (s *endlessSite) Discover(ctx context.Context, urls []string) []Lead {
	leads := make([]Lead, len(urls))
	for i, u := range urls {
		leads[i] = s.lead(ctx, u)
		leads[i].Status = 200
		leads[i].Links = fakeLinks(s.make(strings.TrimPrefix(u, fakeHome)), RelAnchor)
	}
	return leads
}

func (s *endlessSite) Render(_ context.Context, v Visit) (Page, error) {
	links := fakeLinks(s.make(strings.TrimPrefix(v.URL, fakeHome)), RelAnchor)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rendered = append(s.rendered, v.URL)
	return Page{URL: v.URL, FinalURL: v.URL, Status: 200, Links: links}, nil
}

func TestCrawlEndsOnEndlessSites(t *testing.T) {
	count := 0
	fresh := func() int { count++; return count }
	cases := map[string]struct {
		make  func(path string) []string
		pages int // rendered at most
	}{
		"calendar": {func(string) []string {
			return []string{fmt.Sprintf("/calendar/%d/%d", 2000+fresh()%999, fresh()%12), fmt.Sprintf("/calendar/%d", fresh()), "/about"}
		}, 20},
		"filters": {func(path string) []string {
			return []string{path + fmt.Sprintf("&f%c=1", 'a'+fresh()%26), fmt.Sprintf("/list?a%d=1", fresh()), "/about"}
		}, 20},
		"session in the query": {func(string) []string { return []string{fmt.Sprintf("/a?PHPSESSID=%d", fresh()), "/about"} }, 3},
		"session in the path":  {func(string) []string { return []string{fmt.Sprintf("/a;jsessionid=%d", fresh()), "/about"} }, 3},
		"ever deeper":          {func(path string) []string { return []string{strings.TrimSuffix(path, "/") + "/more/", "/about"} }, 6},
		"random names":         {func(string) []string { return []string{fmt.Sprintf("/r/%x", fresh()*7919), "/about"} }, 20},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			site := &endlessSite{make: c.make}
			opts := testOptions()
			opts.Pages, opts.Depth, opts.Tabs = 20, 1000, 1
			scan, err := Crawl(t.Context(), opts, site, site)
			require.NoError(t, err)
			require.LessOrEqual(t, len(paths(scan)), c.pages)
			require.LessOrEqual(t, len(site.fetched), staticFactor*opts.Pages+staticSpare+1)
			require.Contains(t, paths(scan), "/about", "the trap does not hide the rest")
		})
	}
}

func TestCrawlInterrupted(t *testing.T) {
	pages := map[string]fakePage{"/": {}}
	home := pages["/"]
	for i := range 30 {
		home.links = append(home.links, fmt.Sprintf("/product/%d", i))
		pages[fmt.Sprintf("/product/%d", i)] = fakePage{}
	}
	pages["/"] = home
	site := &fakeSite{pages: pages}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	opts := testOptions()
	opts.Pages, opts.Tabs = 10, 2
	seen := 0
	opts.Observe = func(e Event) {
		if e.Page != nil {
			seen++
		}
		if seen == 4 {
			cancel()
		}
	}
	scan, err := Crawl(ctx, opts, site, site)
	require.NoError(t, err)
	require.False(t, scan.Whole())
	require.GreaterOrEqual(t, len(scan.Pages), 4)
	require.Equal(t, StagePolicy, scan.Failures[len(scan.Failures)-1].Stage, "and so is the policy")
	require.Equal(t, 11, len(scan.Pages)+len(scan.Failures), "each page that was to come is a failure")
	for _, f := range scan.Failures {
		require.Equal(t, "interrupted", f.Error)
	}
}

func TestCrawlInterruptedAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	site := &fakeSite{pages: map[string]fakePage{"/": {}}}
	scan, err := Crawl(ctx, testOptions(), site, site)
	require.ErrorIs(t, err, ErrNothingScanned)
	require.Equal(t, "interrupted", scan.Failures[0].Error)
}

func TestCrawlPolicyFailures(t *testing.T) {
	pages := map[string]fakePage{
		"/":        {links: []string{"Privacy policy -> /privacy", "Cookie policy -> /cookies", "Datenschutz -> /leer"}},
		"/privacy": {status: 500}, "/cookies": {broken: errors.New("net::ERR_CONNECTION_REFUSED")}, "/leer": {},
	}
	opts := testOptions()
	opts.Depth = 0
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Empty(t, scan.Policies)
	require.Equal(t, []Failure{
		{URL: fakeHome + "/cookies", Scenario: NoChoice, Stage: StagePolicy, Error: "connection refused"},
		{URL: fakeHome + "/leer", Scenario: NoChoice, Stage: StagePolicy, Error: "the document is empty"},
		{URL: fakeHome + "/privacy", Scenario: NoChoice, Stage: StagePolicy, Error: "the server answered 500 Internal Server Error"},
	}, scan.Failures)
}

func TestCrawlGivenPolicies(t *testing.T) {
	pages := map[string]fakePage{
		"/":      {links: []string{"Privacy policy -> /privacy"}},
		"/given": {document: "given"},
	}
	opts := testOptions()
	opts.Depth = 0
	opts.Policies = []string{fakeHome + "/given"}
	opts.PolicyDocuments = []Document{{URL: "policy.html", Bytes: []byte("a")}, {URL: "cookies.pdf", Bytes: []byte("b")}}
	scan, site, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Len(t, scan.Policies, 3)
	require.NotContains(t, site.rendered, fakeHome+"/privacy", "what is given replaces what is found")
	require.Equal(t, opts.Now(), scan.Policies[0].Fetched)
}

func TestCrawlFindsThePolicyBehindThePolicy(t *testing.T) {
	pages := map[string]fakePage{
		"/":              {links: []string{"Privacy policy -> /privacy"}},
		"/privacy":       {document: "privacy", rendered: []string{"Cookie policy -> /legal/cookies"}},
		"/legal/cookies": {document: "cookies"},
	}
	opts := testOptions()
	opts.Depth = 0
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Len(t, scan.Policies, 2)
}

func TestCrawlObserve(t *testing.T) {
	pages := map[string]fakePage{
		"/":  {links: []string{"/a", "/b", "/c", "Privacy policy -> /privacy"}},
		"/a": {}, "/b": {status: 500}, "/c": {broken: errors.New("crash")}, "/privacy": {document: "x"},
	}
	opts := testOptions()
	var mu sync.Mutex
	var pagesSeen, failures, policies int
	var last Event
	opts.Observe = func(e Event) {
		require.True(t, mu.TryLock(), "one event at a time")
		defer mu.Unlock()
		require.LessOrEqual(t, e.Done, e.Known)
		require.GreaterOrEqual(t, e.Done, last.Done)
		switch last = e; {
		case e.Page != nil:
			pagesSeen++
		case e.Failure != nil:
			failures++
		case e.Policy != nil:
			policies++
		}
	}
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	require.Equal(t, len(scan.Pages), pagesSeen)
	require.Equal(t, len(scan.Failures), failures)
	require.Equal(t, 2, failures)
	require.Equal(t, 1, policies)
	require.Equal(t, 6, last.Done, "five pages and a journey")
}

// evidence returns a Page beside its error.
type evidence struct{ fakeSite }

func (e *evidence) Render(context.Context, Visit) (Page, error) {
	return Page{Cookies: []Cookie{{Name: "seen"}}}, errors.New("the tab crashed")
}

func TestCrawlKeepsWhatAFailedVisitSaw(t *testing.T) {
	site := &evidence{fakeSite{pages: map[string]fakePage{"/": {}}}}
	scan, err := Crawl(t.Context(), testOptions(), site, site)
	require.ErrorIs(t, err, ErrNothingScanned)
	require.Len(t, scan.Pages, 1)
	require.Equal(t, "seen", scan.Pages[0].Cookies[0].Name)
	require.Equal(t, "the tab crashed", scan.Failures[0].Error)
}

// TestCrawlDeclared keeps the data files that the site's own policies loaded, each once, and none of a policy that lies
// elsewhere.
func TestCrawlDeclared(t *testing.T) {
	file := func(url string) Document {
		return Document{URL: url, MIME: "application/json", Bytes: []byte(`{"name":"a","expiry":"1 day"}`)}
	}
	own := []Document{file("https://cmp.test/consent/1.json"), file("https://cmp.test/consent/2.json")}
	pages := map[string]fakePage{
		"/":        {links: []string{"Privacy policy -> /privacy", "Cookie policy -> /cookies"}},
		"/privacy": {document: "privacy", declared: own},
		"/cookies": {document: "cookies", declared: own[:1]},
	}
	opts := testOptions()
	opts.Depth = 0
	scan, _, err := crawlFake(t, pages, opts)
	require.NoError(t, err)
	var got []string
	for _, d := range scan.Policies {
		got = append(got, d.URL)
	}
	require.ElementsMatch(t, []string{fakeHome + "/privacy", fakeHome + "/cookies", own[0].URL, own[1].URL}, got)
	require.Nil(t, scan.Pages[0].Declared)

	away := &crawl{scan: &Scan{}, opts: opts, scope: must(NewScope(fakeHome+"/", nil))}
	away.addDeclared(&Page{FinalURL: "https://legal.test/policy", Declared: own})
	require.Empty(t, away.scan.Policies)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
