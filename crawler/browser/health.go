package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
)

// hungAfter is how long a browser may take to answer a question that costs it nothing. On a loaded two-core machine it
// takes some milliseconds, with a page of ten thousand frames one second.
const hungAfter = 5 * time.Second

// errHung is the cause of a connection that is given up.
var errHung = fmt.Errorf("no answer within %v", hungAfter)

// check asks the browser for a sign of life at the end of a visit: an answer, or anything else that it says, for pages
// can keep it busy talking. One that is silent is as good as dead: its visits end, and the next one starts another
// browser.
func (c *chrome) check() error {
	if c.dead() {
		return errLost
	}
	ctx, cancel := context.WithTimeout(context.Background(), hungAfter)
	defer cancel()
	if _, err := call(ctx, c.root, cdpbrowser.GetVersion, cdp.Empty{}); err == nil {
		return nil
	} else if errors.Is(err, context.DeadlineExceeded) {
		if silent := time.Since(time.Unix(0, c.tap.heard.Load())); silent < hungAfter {
			return nil
		}
		c.tap.fail(errHung)
	}
	return errLost
}
