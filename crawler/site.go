package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// plainTrial is how long a site given without a scheme has to answer over http when it did not over https in time: with
// the 3.5 s that a Discoverer waits for a connection, and a browser to start, it is reported dead within 10 s.
const plainTrial = 4 * time.Second

// findSite fetches the site's address statically, follows it where it leads and fixes site and scope.
func (c *crawl) findSite(ctx context.Context) (Lead, error) {
	home, err := c.reachSite(ctx)
	if err != nil {
		return home, err
	}
	if home.FinalURL == "" {
		home.FinalURL = home.URL
	}
	if c.scope, err = NewScope(home.URL, c.opts.Scopes); err != nil {
		return home, err
	}
	c.home, err = NewScope(home.URL, nil)
	c.hunt = newPolicyHunt(c.scope)
	return home, err
}

// reachSite tries the address with its scheme, or with both. It ends with an error when no browser would get further.
func (c *crawl) reachSite(ctx context.Context) (Lead, error) {
	typed := strings.TrimPrefix(strings.TrimSpace(c.opts.Site), "//")
	if strings.Contains(typed, "://") {
		home, err := c.tryAddress(ctx, typed)
		if err != nil {
			return home, err
		}
		return home, c.judgeSite(ctx, home)
	}
	home, err := c.tryAddress(ctx, "https://"+typed)
	if err != nil {
		return home, err
	}
	if home.Err != nil && worthPlain(home.Err) {
		if plain, ok := c.tryPlain(ctx, typed, home.Err); ok {
			return plain, c.judgeSite(ctx, plain)
		}
	}
	return home, c.judgeSite(ctx, home)
}

// worthPlain reports whether a site that failed over https may answer over http: not when its name is unknown, and
// not when there is an https site that is silent or has a bad certificate, which the user must hear of.
func worthPlain(err error) bool {
	why := explain(err)
	return why != whyNoHost && why != WhyInterrupted && !errors.Is(err, ErrSilent) && !strings.HasPrefix(why, whyCertificate)
}

func (c *crawl) tryPlain(ctx context.Context, typed string, failed error) (Lead, bool) {
	if explain(failed) == whyTimeout {
		limited, cancel := context.WithTimeout(ctx, plainTrial)
		defer cancel()
		ctx = limited
	}
	plain, err := c.tryAddress(ctx, "http://"+typed)
	return plain, err == nil && plain.Err == nil
}

func (c *crawl) tryAddress(ctx context.Context, typed string) (Lead, error) {
	address, err := Normalise(typed)
	if err != nil {
		return Lead{}, fmt.Errorf("address %q: %w", typed, err)
	}
	home := c.finder.Discover(ctx, []string{address})[0]
	home.URL = address
	return home, nil
}

// judgeSite notes where the site is, or why there is nothing to render.
func (c *crawl) judgeSite(ctx context.Context, home Lead) error {
	c.scan.Site = home.URL
	switch {
	case home.Err != nil && (ctx.Err() != nil || dead(home.Err)):
		c.miss(ctx, home.URL, StageDiscover, home.Err)
	case isDownloadLead(home):
		c.miss(ctx, home.URL, StageDiscover, fmt.Errorf("not a page but %s", home.MIME))
	default:
		if final, err := Normalise(home.FinalURL); err == nil && PartyOf(home.URL, HostOf(final)) == First {
			c.scan.Site = askable(final)
		}
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNothingScanned, c.scan.Failures[0].Error)
}

// dead reports whether an error of the static fetch would stop a browser too. Servers that close the connection on
// strangers may still talk to a browser.
func dead(err error) bool {
	why := explain(err)
	return hopeless(err) || why == whyTimeout || why == whyUnreachable || why == whyNoTLS
}

// maxMoves bounds the sites that lead to one another.
const maxMoves = 3

// visitHome renders the site's address. When that ends at another registrable domain, by HTTP or by script, the target
// is the site from then on. The browser decides, not the static fetch: bot defences send the two to different places.
// Inside the scope a redirect changes nothing: the address that the user gave is visited, so that its hops are seen.
func (c *crawl) visitHome(ctx context.Context, home Lead) (*candidate, error) {
	for range maxMoves {
		c.frontier = newFrontier(c.scope, c.opts.Depth)
		first := c.frontier.first(home)
		c.expect(1)
		done := c.explore(ctx, []*candidate{first})
		if !c.leaves(done[0]) {
			c.keep(done)
			final := done[0].page.FinalURL
			c.frontier.misled = home.Err == nil && final != "" && PartyOf(home.FinalURL, HostOf(final)) == Third
			return first, nil
		}
		target, err := Normalise(askable(done[0].page.FinalURL))
		if err != nil {
			return nil, err
		}
		if home, err = c.move(ctx, home, target); err != nil {
			return nil, err
		}
	}
	c.miss(ctx, c.scan.Site, StageRender, errors.New("it leads from site to site without end"))
	return nil, fmt.Errorf("%w: %s", ErrNothingScanned, c.scan.Failures[0].Error)
}

// move makes target the site. What the static fetch learned of it stays good when it was led there too.
func (c *crawl) move(ctx context.Context, home Lead, target string) (Lead, error) {
	c.warn("%s leads to %s, which was scanned in its place", home.URL, target)
	c.scan.Site = target
	c.startOver()
	var err error
	if c.home, err = NewScope(target, nil); err != nil {
		return home, err
	}
	if len(c.opts.Scopes) == 0 {
		c.scope = c.home
	}
	c.hunt = newPolicyHunt(c.scope)
	if final, err := Normalise(askable(home.FinalURL)); err != nil || identity(final) != identity(target) {
		home = c.finder.Discover(ctx, []string{target})[0]
	}
	home.URL = target
	return home, nil
}
