package discover

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"trackscan/crawler"
)

// connectTimeout bounds the connection and, again, the TLS handshake. The first lost packet is sent again after 1 s, the
// second 2 s later (RFC 6298).
const connectTimeout = 3500 * time.Millisecond

// errLocal refuses a way to this machine or a link-local neighbour that the site is not on.
var errLocal = errors.New("refused: it leads to this machine or its neighbourhood")

// errScheme refuses file:, data: and whatever else is not the web.
var errScheme = errors.New("refused: not an http or https address")

// guard decides where requests may go. Until trust is told of a site on this machine, nowhere local.
type guard struct {
	resolves crawler.Resolves
	proxy    bool
	site     atomic.Pointer[string] // the site's host
	local    atomic.Bool            // the site is on this machine
}

func newGuard(opts Options) *guard { return &guard{resolves: opts.Resolves, proxy: opts.Proxy != nil} }

// trust tells the address of the site. When it turns out to be local, other local addresses are no secret to it.
func (g *guard) trust(address string) {
	host := crawler.HostOf(address)
	g.site.Store(&host)
	if crawler.IsLocal(host) {
		g.local.Store(true)
	}
}

// admit refuses an address by what it says; names are checked once more when they are known by number.
func (g *guard) admit(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errScheme
	}
	if g.local.Load() || !crawler.IsLocal(u.Hostname()) || g.mapped(u) {
		return nil
	}
	return errLocal
}

// mapped reports whether the user sends the address somewhere on purpose.
func (g *guard) mapped(u *url.URL) bool {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	addr := net.JoinHostPort(u.Hostname(), port)
	return g.resolves.Dial(addr) != addr
}

// redirect is a CheckRedirect for robots.txt and sitemaps.
func (g *guard) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > 5 {
		return errors.New("too many redirects")
	}
	return g.admit(req.URL.String())
}

// dial connects to where a Resolve says, else to addr unless that turns out to be local.
func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	to := g.resolves.Dial(addr)
	if to == addr && !g.proxy {
		host, _, _ := net.SplitHostPort(addr)
		dialer.Control = func(_, resolved string, _ syscall.RawConn) error { return g.check(host, resolved) }
	}
	return dialer.DialContext(ctx, network, to)
}

func (g *guard) check(host, resolved string) error {
	to, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return fmt.Errorf("dial %s: %w", resolved, err)
	}
	if !crawler.IsLocalAddr(to.Addr()) || g.local.Load() {
		return nil
	}
	if site := g.site.Load(); site != nil && *site == host {
		g.local.Store(true)
		return nil
	}
	return errLocal
}

// newWire returns what makes connections.
func newWire(opts Options, g *guard) *http.Transport {
	t := &http.Transport{
		DialContext:            g.dial,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    connectTimeout,
		ResponseHeaderTimeout:  opts.Timeout,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConnsPerHost:    opts.Parallelism,
		IdleConnTimeout:        10 * time.Second,
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: opts.Insecure}, //nolint:gosec // the user's --insecure
	}
	if opts.Proxy != nil {
		t.Proxy = http.ProxyURL(opts.Proxy)
	}
	return t
}

// transport adds what the user wants sent to the site, and to nobody else, hop by hop; and it keeps what was read of
// an answer that breaks off.
type transport struct {
	opts Options
	next http.RoundTripper
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.opts.Scope.Contains(req.URL.String()) && len(t.opts.Header)+len(t.opts.Cookies) > 0 {
		req = req.Clone(req.Context())
		for name, values := range t.opts.Header {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
		for _, cookie := range t.opts.Cookies {
			if applies(cookie, req.URL) {
				req.AddCookie(cookie)
			}
		}
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil {
		resp.Body = &tolerant{ReadCloser: resp.Body}
	}
	return resp, err
}

// applies reports whether a cookie that the user gave is for this host and connection. One without a domain is for
// every host of the scope.
func applies(cookie *http.Cookie, u *url.URL) bool {
	domain := strings.TrimPrefix(strings.ToLower(cookie.Domain), ".")
	host := strings.ToLower(u.Hostname())
	return (!cookie.Secure || u.Scheme == "https") &&
		(domain == "" || host == domain || strings.HasSuffix(host, "."+domain)) &&
		strings.HasPrefix(u.Path, cookie.Path)
}

// tolerant ends a body that breaks off after its first bytes, where a browser shows what it has.
type tolerant struct {
	io.ReadCloser
	some bool
}

func (b *tolerant) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.some = b.some || n > 0
	if err != nil && b.some && !errors.Is(err, context.Canceled) {
		err = io.EOF
	}
	return n, err
}
