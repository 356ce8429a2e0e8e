package crawler

import (
	"context"
	"errors"
)

// A Renderer sees one URL as one fresh visitor does.
//
// The Page it returns is complete whenever the error is nil: a page that never goes quiet ends at its cap with all
// its evidence and Capped set, and an HTTP error page is a Page with its Status. With an error the Page holds what
// was seen until then; it may be empty. Render is safe for concurrent use, and visits do not see each other's cookies
// or storage. When ctx ends it returns within a second. Retry, Pool and remote workers are Renderers made of
// Renderers. crawlertest.TestRenderer holds every implementation to this.
type Renderer interface {
	Render(ctx context.Context, v Visit) (Page, error)
}

// A Discoverer reads pages over plain HTTP, without a browser: fast, and blind to what scripts add.
//
// Discover fetches urls side by side and returns one Lead for each, in the order of urls whatever the timing. It is
// polite: robots.txt is honoured (unless told otherwise) and the first URL of all, the site's address, is always
// fetched. The links of the site's sitemaps are part of the Lead of the first URL, after its own. When ctx ends the
// Leads that are missing carry its error.
type Discoverer interface {
	Discover(ctx context.Context, urls []string) []Lead
}

// ErrSilent is wrapped by the error of a Lead when the server took the connection and never answered.
var ErrSilent = errors.New("the server took the connection and did not answer")

// Lead is what a Discoverer learned of one URL.
type Lead struct {
	URL        string
	FinalURL   string // after HTTP redirects
	Status     int    // 0 when there was no HTTP answer
	MIME       string // without parameters
	Links      []Link // in document order, then those of sitemaps
	Disallowed bool   // robots.txt forbids it; it was not fetched
	Password   bool   // the page asks for a password: with a redirect before it a login wall
	Err        error  // no HTTP answer, or one that could not be read
}
