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
	if err == nil && home.Err == nil && len(c.opts.URLs) == 0 {
		err = c.rescope(&home)
	}
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
	return why != whyNoHost && why != whyInterrupted && !errors.Is(err, ErrSilent) && !strings.HasPrefix(why, whyCertificate)
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
		c.fail(ctx, home.URL, StageDiscover, home.Err)
	case home.Err == nil && !isDocumentMIME(home.MIME):
		c.fail(ctx, home.URL, StageDiscover, fmt.Errorf("not a page but %s", home.MIME))
	default:
		if final, err := Normalise(home.FinalURL); err == nil {
			c.scan.Site = final
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

// rescope makes the target of a redirect to another registrable domain the site. Inside the scope a redirect changes
// nothing: the address that the user gave is visited, so that its hops are seen too.
func (c *crawl) rescope(home *Lead) error {
	if c.home.Contains(home.FinalURL) || c.scope.Contains(home.FinalURL) {
		return nil
	}
	target, err := Normalise(home.FinalURL)
	if err != nil {
		return nil
	}
	c.warn("%s leads to %s, which was scanned in its place", home.URL, target)
	home.URL, home.FinalURL, c.scan.Site = target, target, target
	if c.home, err = NewScope(target, nil); err != nil {
		return err
	}
	if len(c.opts.Scopes) == 0 {
		c.scope = c.home
	}
	c.hunt = newPolicyHunt(c.scope)
	return nil
}

// follow handles a home page that left the site by script or meta refresh, which only rendering shows. It reports
// whether another home page is to be rendered.
func (c *crawl) follow(ctx context.Context, home *Lead, done []visited) (bool, error) {
	page := done[0].page
	if done[0].seen || !c.leaves(done[0]) {
		return false, nil
	}
	moved := *home
	moved.FinalURL = page.FinalURL
	if err := c.rescope(&moved); err != nil {
		return false, err
	}
	*home = c.finder.Discover(ctx, []string{moved.URL})[0]
	home.URL = moved.URL
	return true, nil
}
