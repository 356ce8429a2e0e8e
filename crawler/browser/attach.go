package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/chromedp/chromedp"
)

// attached is the chromedp allocator of a browser that somebody else started. It takes no launch flags: no profile
// preference, no host rules, no leniency about certificates.
type attached struct {
	ctx  context.Context // outlives chromedp's own, which closes our tab before the connection goes
	url  string
	dial chromedp.Dialer
}

// Allocate implements chromedp.Allocator.
func (a *attached) Allocate(ctx context.Context, opts ...chromedp.BrowserOption) (*chromedp.Browser, error) {
	address, err := endpoint(ctx, a.url)
	if err != nil {
		return nil, err
	}
	conn, err := a.dial(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return chromedp.NewBrowserTransport(a.ctx, conn, opts...)
}

// Wait implements chromedp.Allocator; the browser goes on without us.
func (a *attached) Wait() {}

// Attaches implements chromedp.Attacher.
func (a *attached) Attaches() bool { return true }

// endpoint asks a browser at ws://host:port for the address of its own session, unless the address has it already.
func endpoint(ctx context.Context, address string) (string, error) {
	if strings.Contains(address, "/devtools/browser/") {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("read browser address: %w", err)
	}
	u.Scheme = strings.Replace(u.Scheme, "ws", "http", 1)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.JoinPath("/json/version").String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask the browser for its version: %w", err)
	}
	defer resp.Body.Close()
	var version struct {
		URL string `json:"webSocketDebuggerUrl"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&version); err != nil || version.URL == "" {
		return "", fmt.Errorf("%s answers, but not as a browser", u.Host)
	}
	return version.URL, nil
}
