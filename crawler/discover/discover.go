// Package discover reads the pages of a site over plain HTTP, without a browser: it learns their links, types and
// sitemaps, and what robots.txt allows.
//
// It never renders, never chooses which page comes next (package crawler does) and keeps no page: memory does not grow
// with the site. Everything that it reads is hostile until shown otherwise: bodies, redirects, sitemaps and time are
// bounded, and no answer sends it to a file, to this machine or to a link-local neighbour. For what scripts add to a
// page go to crawler/browser.
package discover

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gocolly/colly/v2"
	"golang.org/x/sync/errgroup"

	"trackscan/crawler"
)

// Agent is the name that robots.txt files may address.
const Agent = "trackscan"

// Options tell a Discoverer how to go out. The zero value goes out directly, as trackscan, eight fetches at a time.
type Options struct {
	UserAgent   string // the User-Agent header; empty for Agent. robots.txt is always read as Agent
	Language    string // the Accept-Language header; empty for none
	Resolves    crawler.Resolves
	Insecure    bool     // accept invalid certificates
	Proxy       *url.URL // nil for none
	Credentials crawler.Credentials
	NoRobots    bool          // ignore robots.txt, and read only its sitemaps
	Parallelism int           // fetches side by side; 0 for 8
	Timeout     time.Duration // for the first byte of an answer; 0 for 7.5 s. The whole answer has twice as long
}

const (
	defaultParallelism = 8
	defaultTimeout     = 7500 * time.Millisecond // a dead site is to be reported within 10 s
	maxBody            = 5 << 20                 // bytes of a page; the 99th percentile of HTML on the web is well below 1 MB (HTTP Archive)
	maxRedirects       = 10                      // as Go's client; browsers allow 20
)

// Discoverer implements crawler.Discoverer. It is safe for concurrent use.
type Discoverer struct {
	opts   Options
	client *http.Client
	base   *colly.Collector
	robots *robots
	guard  *guard
	pauses *pauses
	close  func()

	mu       sync.Mutex
	siteDone bool // the site's address was answered
}

// New returns a Discoverer for one site.
func New(opts Options) *Discoverer {
	if opts.UserAgent == "" {
		opts.UserAgent = Agent
	}
	if opts.Parallelism <= 0 {
		opts.Parallelism = defaultParallelism
	}
	if opts.Timeout <= 0 {
		opts.Timeout = defaultTimeout
	}
	d := &Discoverer{opts: opts, guard: newGuard(opts), pauses: newPauses()}
	wire := newWire(opts, d.guard)
	d.close = wire.CloseIdleConnections
	plain := &transport{opts: opts, next: wire}
	d.robots = newRobots(&http.Client{Transport: plain, Timeout: opts.Timeout, CheckRedirect: d.guard.redirect})
	d.client = &http.Client{Transport: plain, Timeout: 2 * opts.Timeout, CheckRedirect: d.guard.redirect}
	d.base = newCollector(opts, &robotsTransport{next: plain, robots: d.robots})
	return d
}

// Close lets go of the connections that were kept open.
func (d *Discoverer) Close() { d.close() }

// newCollector returns a collector that fetches one address at a time for its caller. Which addresses were visited is
// the frontier's business, and redirects are followed one by one, so that robots.txt and the guard see each target.
func newCollector(opts Options, transport http.RoundTripper) *colly.Collector {
	c := colly.NewCollector(colly.UserAgent(Agent), colly.AllowURLRevisit(), colly.MaxBodySize(maxBody),
		colly.ParseHTTPErrorResponse())
	c.IgnoreRobotsTxt = opts.NoRobots
	c.SetClient(&http.Client{Transport: transport, Timeout: 2 * opts.Timeout})
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	return c
}

// Discover implements crawler.Discoverer.
func (d *Discoverer) Discover(ctx context.Context, urls []string) []crawler.Lead {
	leads := make([]crawler.Lead, len(urls))
	if len(urls) == 0 {
		return leads
	}
	polite, free := d.collector(ctx), d.collector(ctx)
	free.IgnoreRobotsTxt = true
	rest := 0
	if d.isSite() {
		rest = 1
		leads[0] = d.discoverSite(ctx, free, urls[0])
	}
	var g errgroup.Group
	g.SetLimit(d.opts.Parallelism)
	for i := rest; i < len(urls); i++ {
		g.Go(func() error {
			leads[i] = d.fetch(ctx, polite, urls[i])
			return nil
		})
	}
	_ = g.Wait() // each Lead carries its own error
	return leads
}

// collector returns a collector that ends with ctx.
func (d *Discoverer) collector(ctx context.Context) *colly.Collector {
	c := d.base.Clone()
	c.Context = ctx
	c.OnResponseHeaders(onHeaders)
	c.OnResponse(onResponse)
	return c
}

// isSite reports whether the next address is the site's: the first of all, and those tried instead of it while
// nobody answers.
func (d *Discoverer) isSite() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.siteDone
}

// discoverSite fetches the site's address, whatever robots.txt says, and the sitemaps of where it leads.
func (d *Discoverer) discoverSite(ctx context.Context, c *colly.Collector, address string) crawler.Lead {
	d.guard.Trust(address)
	lead := d.fetch(ctx, c, address)
	if lead.Err != nil {
		return lead
	}
	d.mu.Lock()
	d.siteDone = true
	d.mu.Unlock()
	lead.Links = append(lead.Links, d.sitemapLinks(ctx, lead.FinalURL)...)
	return lead
}
