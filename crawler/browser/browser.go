// Package browser renders pages in a real Chrome and writes down everything they do to a visitor.
//
// A Browser implements crawler.Renderer: every visit gets a browser context of its own (nothing is shared between
// visits) in one Chrome, several visits side by side. Every target below the page - cross-site and nested frames,
// workers of every kind, popups - is watched from before its first request. chromedp starts and drives the process;
// the targets are driven by sessions of our own on the same connection, because chromedp sees only the page itself
// (session.go).
//
// It never judges what it sees, and it never keeps a value: cookies, storage items and query parameters leave this
// package as traits (crawler.Traits, crawler.Redact).
//
// A visit, in order: a context and a tab; hooks in place (hooks.js); navigate; load and a quiet spell; a slow scroll to
// the end; ten seconds of page life in virtual time; the pagehide that a leaving visitor causes; the cookie jar; the
// context is thrown away. See settle.go for why in this order.
package browser

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"

	"trackscan/crawler"
)

// Options say how pages are visited.
type Options struct {
	Path        string           // the browser's binary, or ws:// of a running one; required, see Find
	Site        string           // the address that the user asked for: nothing may lead nearer to us than that is (crawler.Guard); empty for that of each visit
	Resolves    crawler.Resolves // where host names lead
	Insecure    bool             // accept invalid certificates
	Proxy       string           // "http://host:port", with "user:password@" where it asks for them; empty for none
	UserAgent   string           // empty for that of a plain Chrome of the browser's version
	Language    string           // of Accept-Language and navigator.languages; empty for "en-US,en"
	Timezone    string           // IANA name; empty for the machine's
	Viewport    Viewport         // zero for 1280x900
	PageTimeout time.Duration    // hard cap of one visit; zero for 30 s
	Steps       Steps            // how the banner of this site is answered; nil for as its words say
	Marks       []string         // to look for in the text of scripts, of at least 8 bytes each
	Forms       bool             // type a marked identity into forms, without sending them, to see where it goes
	Salt        []byte           // of the hashes in crawler.Traits; nil for a random one
	Resolver    *net.Resolver    // looks names up; nil for the system's
	Credentials crawler.Credentials
}

// Steps are what is pressed, one after the other, to give an answer: CSS selectors, or texts of buttons after "text=".
type Steps map[crawler.Scenario][]string

// defaultPageTimeout is the hard cap of a visit unless Options say otherwise.
const defaultPageTimeout = 30 * time.Second

// recycleAfter is the number of visits after which Chrome is started afresh: its memory grows by a few MB a visit.
const recycleAfter = 250

// Browser is a crawler.Renderer that uses a real Chrome.
type Browser struct {
	opts  Options
	agent crawler.Agent
	who   identity
	marks *marks
	mark  string // tells our own notes from what pages write to the console
	guard *crawler.Guard

	mu     sync.Mutex
	chrome *chrome // nil after Close or a crash, until the next visit starts another
	visits int     // begun in chrome
	users  map[*chrome]int
	done   bool

	pictured map[string]bool // hosts whose banner has its picture
	ending   sync.WaitGroup  // browsers that were replaced and are about to be gone
}

// New starts a Chrome and probes it. The caller must Close it.
func New(ctx context.Context, o Options) (*Browser, error) {
	if o.PageTimeout == 0 {
		o.PageTimeout = defaultPageTimeout
	}
	if o.Language == "" {
		o.Language = "en-US,en"
	}
	if o.Viewport == (Viewport{}) {
		o.Viewport = desk
	}
	if o.Salt == nil {
		o.Salt = []byte(rand.Text())
	}
	b := &Browser{opts: o, mark: rand.Text(), marks: newMarks(o.Marks), users: map[*chrome]int{}, pictured: map[string]bool{}}
	if o.Site != "" {
		b.guard = b.guardOf(o.Site)
	}
	c, err := start(o.Path, o)
	if err != nil {
		return nil, err
	}
	b.chrome = c
	if err := b.introduce(ctx, c); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// introduce learns what the browser is and what it lets third parties do.
func (b *Browser) introduce(ctx context.Context, c *chrome) error {
	version, err := call(ctx, c.root, cdpbrowser.GetVersion, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("ask the browser for its version: %w", err)
	}
	b.who = newIdentity(version, b.opts)
	b.agent = crawler.Agent{
		Browser:   strings.Replace(strings.Replace(version.Product, "/", " ", 1), "HeadlessChrome", "Chromium", 1),
		UserAgent: b.who.userAgent,
		Language:  b.opts.Language,
		Viewport:  b.opts.Viewport.String(),
		Proxy:     withoutLogin(b.opts.Proxy),
	}
	b.agent.ThirdPartyCookies, b.agent.Timezone, err = b.probe(ctx)
	return err
}

// withoutLogin is the address of a proxy as others may see it.
func withoutLogin(proxy string) string {
	u, err := url.Parse(proxy)
	if err != nil || proxy == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Agent tells as whom pages are visited.
func (b *Browser) Agent() crawler.Agent { return b.agent }

// Close ends the browser, and every visit with it. It returns when the process is gone and its profile removed.
func (b *Browser) Close() {
	b.mu.Lock()
	b.done = true
	running := map[*chrome]bool{b.chrome: b.chrome != nil}
	for c := range b.users {
		running[c] = true
	}
	b.chrome = nil
	b.mu.Unlock()
	for c, yes := range running {
		if yes {
			c.cancel()
		}
	}
	b.ending.Wait()
}

// errClosed is the error of a visit after Close.
var errClosed = errors.New("the browser is closed")

// acquire returns a running Chrome for one visit, starting one where there is none or the old one has done its share.
func (b *Browser) acquire() (*chrome, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil, errClosed
	}
	if b.chrome != nil && (b.visits >= recycleAfter && !isRemote(b.opts.Path) || b.chrome.dead()) {
		b.retire(b.chrome)
		b.chrome = nil
	}
	if b.chrome == nil {
		c, err := start(b.opts.Path, b.opts)
		if err != nil {
			return nil, err
		}
		b.chrome, b.visits = c, 0
	}
	b.visits++
	b.users[b.chrome]++
	return b.chrome, nil
}

// release ends a visit's use of c.
func (b *Browser) release(c *chrome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.users[c]--; b.users[c] == 0 {
		delete(b.users, c)
		if c != b.chrome && !b.done {
			b.ending.Go(c.cancel)
		}
	}
}

// retire ends c as soon as its last visit has ended. b.mu is held.
func (b *Browser) retire(c *chrome) {
	if b.users[c] == 0 {
		b.ending.Go(c.cancel)
	}
}

// Render implements crawler.Renderer. Only http and https addresses are visited: the browser would open files and pages
// of its own as well.
func (b *Browser) Render(ctx context.Context, v crawler.Visit) (crawler.Page, error) {
	for _, address := range append([]string{v.URL}, v.Journey...) {
		if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return crawler.Page{}, fmt.Errorf("visit %q: not a web address", address)
		}
	}
	if b.opts.Proxy != "" {
		return b.render(ctx, v, nil) // what is near to the proxy is its own business
	}
	return b.render(ctx, v, cmp.Or(b.guard, b.guardOf(v.URL)))
}

// guardOf returns a guard that lets nothing lead nearer to us than site is.
func (b *Browser) guardOf(site string) *crawler.Guard {
	g := crawler.NewGuard(b.opts.Resolves)
	g.Trust(site)
	return g
}

// render makes a visit that goes no nearer than its guard says; nil for one that uses the user's proxy.
func (b *Browser) render(ctx context.Context, v crawler.Visit, guard *crawler.Guard) (crawler.Page, error) {
	c, err := b.acquire()
	if err != nil {
		return crawler.Page{}, err
	}
	defer b.release(c)
	ctx, cancel := context.WithTimeout(ctx, b.opts.PageTimeout*time.Duration(1+len(v.Journey)))
	defer cancel()
	return newVisit(b, c, v, guard).run(ctx)
}
