package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ErrNothingScanned is wrapped by the error of Crawl when not one page of the site could be seen: it is dead, blocks
// its visitor, or forbids every page that was asked for. The Scan holds the reasons.
var ErrNothingScanned = errors.New("nothing could be scanned")

// Options say what Crawl is to see.
type Options struct {
	Site            string     // the address; without a scheme https is tried first, then http
	Pages           int        // pages rendered per scenario at most; 0 for DefaultPages
	Depth           int        // links away from Site at most; 0 for Site alone, negative for DefaultDepth
	URLs            []string   // exactly these pages, with no discovery, whatever Pages, Depth and Scopes say
	Scopes          []string   // hosts that belong to the site, as NewScope reads them
	Scenarios       []Scenario // no-choice is always among them
	Policies        []string   // addresses of the policies, instead of discovering them
	PolicyDocuments []Document // policies that the user has as files, instead of discovering them
	Tabs            int        // visits side by side; 0 for DefaultTabs. It changes the speed, never the result
	Agent           Agent      // goes into the Scan

	// Now tells the time; nil for time.Now.
	Now func() time.Time
	// Observe is told what happens as it happens, one Event at a time; nil for nobody. The order of Pages is that of
	// their capture; the Scan has its own, which does not depend on timing.
	Observe func(Event)
}

// The defaults of Options.
const (
	DefaultPages = 50
	DefaultDepth = 5
	DefaultTabs  = 4
)

// Event is something that happened in a Crawl. One of the pointers is set.
type Event struct {
	Page    *Page     // a page was captured
	Failure *Failure  // something was to be seen and was not
	Policy  *Document // a policy was read
	Done    int       // visits that are over
	Known   int       // visits that are over, under way or to come, as far as is known now
}

// staticFactor and staticSpare bound the pages that are fetched statically to find those worth rendering: of a large
// site 4 times what is rendered, and some for the addresses that turn out to be none.
const (
	staticFactor = 4
	staticSpare  = 50
)

// maxFetch bounds the addresses that are fetched statically in one round, whose links are in memory together.
const maxFetch = 256

// minFill is the least number of pages that are rendered together once only more of the same is left.
const minFill = 8

// Crawl finds the pages of a site, has each one rendered in every scenario and returns what was seen.
//
// Discovery goes in rounds. In each round the addresses known so far are fetched statically (Discoverer), which is
// cheap and tells their type and links; then those are rendered whose Template no rendered page had; then the links of
// both - of a rendered page in the order of its DOM, then those that only its source has, and after those of the home
// page the sitemaps' - make the addresses of the next round. When a round finds nothing of a new kind, the rest of the
// Pages is filled with more of the same, one of every kind in turn, half of what is left at a time, since a rendered
// page may have links of a new kind. So a page of a kind of its own, two links away, comes before the 40th product, and no site has
// to be rendered whole to know it. No more than 4 times Pages and 50 addresses are fetched statically, and in each
// round at most twice Pages or 256, so that calendars, filters and the like end.
//
// The pages of the Scan are ordered by depth, then position of the parent, then position of the link. Both the choice
// and the order depend on the site alone, not on timing and not on Tabs.
//
// The site's own address is always visited, whatever robots.txt says. When it redirects to another registrable domain
// the target is the site, with a Warning. Policies are found by their links on any page that was seen and may lie one
// hop outside the scope; they are fetched by the Renderer whatever robots.txt says, being few and meant to be read.
//
// When the page list is final it is replayed in the other scenarios, in the same order, so that "first seen after accept"
// is fair; see replay. The Pages are ordered by scenario. In each, what was seen while answering comes first and the
// journey last.
//
// The Pages of the Scan are without their Links, which weigh more than all else and serve to find pages; the Pages that
// Observe is shown have them. The Scan is never nil. The error wraps ErrNothingScanned, or tells that Options make no sense. When ctx ends the
// Scan holds what was found so far, with a Failure for each page that was still to be visited. Crawl does not try
// again what failed: give it a Renderer made by Retry.
func Crawl(ctx context.Context, opts Options, d Discoverer, r Renderer) (*Scan, error) {
	c := newCrawl(opts, d, r)
	defer func() { c.scan.Ended = c.opts.Now() }()
	if err := c.run(ctx); err != nil {
		return c.scan, fmt.Errorf("scan %s: %w", opts.Site, err)
	}
	return c.scan, nil
}

// crawl is the state of one Crawl. Only tell may be called side by side.
type crawl struct {
	opts     Options
	finder   Discoverer
	renderer Renderer
	scan     *Scan
	scope    Scope
	home     Scope // of the site's address alone: where a redirect of it may lead without being another site
	hunt     *policyHunt
	frontier *frontier
	pages    []visited // seen without a choice, the page list
	replays  []visited // what was seen after the page list was final, in its final order
	static   int       // addresses that may still be fetched statically
	declared int       // data files of consent managers that were kept

	mu    sync.Mutex // guards done, known and the calls of Observe
	done  int
	known int
}

// visited is a candidate and the page that came of it.
type visited struct {
	*candidate
	page    Page
	session *Session // what an answer left the visitor with; nil for none
	seen    bool     // there is evidence, although the visit may have failed
	good    bool     // the page was seen whole and is what its address promises
}

func newCrawl(opts Options, d Discoverer, r Renderer) *crawl {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Pages <= 0 {
		opts.Pages = DefaultPages
	}
	if opts.Depth < 0 {
		opts.Depth = DefaultDepth
	}
	if opts.Tabs <= 0 {
		opts.Tabs = DefaultTabs
	}
	c := &crawl{opts: opts, finder: d, renderer: r, static: staticFactor*opts.Pages + staticSpare}
	c.scan = &Scan{Site: opts.Site, Started: opts.Now(), Agent: opts.Agent, Scenarios: answers(opts.Scenarios)}
	return c
}

// answers tells what comes of each scenario, in the order of Scenarios.
func answers(asked []Scenario) []Answer {
	all := []Answer{{Scenario: NoChoice, Result: Answered}}
	for _, s := range Scenarios[1:] {
		if slices.Contains(asked, s) {
			all = append(all, Answer{Scenario: s, Result: NotConfirmed, Why: "no page could be seen"})
		}
	}
	return all
}

func (c *crawl) run(ctx context.Context) error {
	home, err := c.findSite(ctx)
	if err != nil {
		return err
	}
	if len(c.opts.URLs) > 0 {
		err = c.visitListed(ctx, home)
	} else {
		err = c.visitSite(ctx, home)
	}
	if err != nil {
		return err
	}
	c.readPolicies(ctx)
	slices.SortFunc(c.pages, func(a, b visited) int { return a.order(b.candidate) })
	c.replay(ctx)
	return c.finish(ctx)
}

// visitSite renders the home page and all that can be reached from it.
func (c *crawl) visitSite(ctx context.Context, home Lead) error {
	first, err := c.visitHome(ctx, home)
	if err != nil {
		return err
	}
	c.absorb(first)
	for ctx.Err() == nil && len(c.pages) < c.opts.Pages && c.round(ctx) {
	}
	return nil
}

// round fetches, renders and expands once. It returns false when there was nothing to do.
func (c *crawl) round(ctx context.Context) bool {
	fetched := c.fetch(ctx)
	left := c.opts.Pages - len(c.pages)
	batch := c.frontier.takeNew(left)
	if len(batch) == 0 && len(fetched) == 0 {
		batch = c.frontier.takeReady(min(left, max(minFill, left/2)))
	}
	if len(fetched) == 0 && len(batch) == 0 {
		return false
	}
	c.expect(len(batch))
	c.keep(c.explore(ctx, batch))
	both := slices.Concat(fetched, batch)
	slices.SortFunc(both, (*candidate).order)
	for _, cand := range slices.Compact(both) {
		c.absorb(cand)
	}
	return true
}

// absorb learns from the links of a page and lets go of them: of a large site they are what weighs.
func (c *crawl) absorb(cand *candidate) {
	c.hunt.look(cand.url, cand.allLinks())
	c.frontier.expand(cand)
	cand.links, cand.lead.Links = nil, nil
}

// fetch reads the next addresses statically.
func (c *crawl) fetch(ctx context.Context) []*candidate {
	batch := c.frontier.takeWaiting(min(c.static, 2*c.opts.Pages, maxFetch))
	if len(batch) == 0 {
		return nil
	}
	c.static -= len(batch)
	leads := c.finder.Discover(ctx, addresses(batch))
	for i, cand := range batch {
		c.frontier.learn(cand, leads[i])
	}
	return batch
}

func addresses(batch []*candidate) []string {
	urls := make([]string, len(batch))
	for i, cand := range batch {
		urls[i] = cand.url
	}
	return urls
}

// visitListed renders exactly the pages of Options.URLs.
func (c *crawl) visitListed(ctx context.Context, home Lead) error {
	var listed []string
	for _, raw := range c.opts.URLs {
		address, err := Normalise(raw)
		if err != nil {
			return fmt.Errorf("page %q: %w", raw, err)
		}
		listed = append(listed, address)
	}
	c.frontier = newFrontier(c.scope, c.opts.Depth)
	c.frontier.waiting = c.frontier.list(listed)
	for len(c.frontier.waiting) > 0 {
		c.visitSome(ctx, c.frontier.takeWaiting(maxFetch))
	}
	c.hunt.look(home.URL, home.Links)
	return nil
}

// visitSome renders those of the listed pages that are pages.
func (c *crawl) visitSome(ctx context.Context, batch []*candidate) {
	c.expect(len(batch))
	var pages []*candidate
	for i, lead := range c.finder.Discover(ctx, addresses(batch)) {
		switch batch[i].lead = lead; {
		case lead.Disallowed:
			c.miss(ctx, batch[i].url, StageDiscover, errors.New(whyDisallowed))
		case isDownloadLead(lead):
			c.miss(ctx, batch[i].url, StageDiscover, fmt.Errorf("not a page but %s", lead.MIME))
		default:
			pages = append(pages, batch[i])
		}
	}
	c.keep(c.explore(ctx, pages))
	for _, cand := range pages {
		c.hunt.look(cand.url, cand.allLinks())
		cand.links, cand.lead.Links = nil, nil
	}
}

// explore visits a batch without a choice and returns what came of it in the order of the batch.
func (c *crawl) explore(ctx context.Context, batch []*candidate) []visited {
	outings := make([]outing, len(batch))
	for i, cand := range batch {
		outings[i] = exploring(cand)
	}
	return c.render(ctx, outings)
}

// render makes the visits of a batch, Tabs at a time, and returns what came of them in the order of the batch.
func (c *crawl) render(ctx context.Context, batch []outing) []visited {
	done := make([]visited, len(batch))
	c.sideBySide(len(batch), func(i int) { done[i] = c.visit(ctx, batch[i]) })
	return done
}

// sideBySide calls f for 0 to n-1, Tabs at a time.
func (c *crawl) sideBySide(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(c.opts.Tabs, n) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// expect announces a batch of visits, and those that are to come after it as far as is known.
func (c *crawl) expect(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	more := len(c.frontier.ready) + len(c.frontier.waiting)
	c.known = c.visitsOf(min(len(c.pages)+n+more, max(c.opts.Pages, len(c.pages)+n)))
}

// over counts a visit that has ended.
func (c *crawl) over() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
}

// startOver forgets the visits so far: they were of another site.
func (c *crawl) startOver() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = 0
}

// tell hands an Event to the observer.
func (c *crawl) tell(e Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Done, e.Known = c.done, max(c.known, c.done); c.opts.Observe != nil {
		c.opts.Observe(e)
	}
}
