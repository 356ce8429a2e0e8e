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
	"strings"
	"syscall"
	"time"

	"trackscan/crawler"
)

// connectTimeout bounds the connection and, again, the TLS handshake. The first lost packet is sent again after 1 s, the
// second 2 s later (RFC 6298).
const connectTimeout = 3500 * time.Millisecond

// guard holds every connection to where a crawler.Guard lets it lead.
type guard struct {
	*crawler.Guard
	proxy bool
}

func newGuard(opts Options) *guard {
	return &guard{Guard: crawler.NewGuard(opts.Resolves), proxy: opts.Proxy != nil}
}

// redirect is a CheckRedirect for robots.txt and sitemaps.
func (g *guard) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > 5 {
		return errors.New("too many redirects")
	}
	return g.Admit(req.URL.String())
}

// dial connects to where a Resolve says, else to addr unless that turns out to be too near. Of a proxy's address
// nothing is asked.
func (g *guard) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: connectTimeout}
	if g.proxy {
		return dialer.DialContext(ctx, network, addr)
	}
	to, check, err := g.Dial(addr)
	if err != nil {
		return nil, err
	}
	if check {
		host, _, _ := net.SplitHostPort(addr)
		dialer.Control = func(_, resolved string, _ syscall.RawConn) error { return g.checkDialled(host, resolved) }
	}
	return dialer.DialContext(ctx, network, to)
}

func (g *guard) checkDialled(host, resolved string) error {
	to, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return fmt.Errorf("dial %s: %w", resolved, err)
	}
	return g.Check(host, to.Addr())
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
	req = t.withCredentials(req)
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusUnauthorized {
		resp, err = t.logIn(req, resp)
	}
	if err == nil {
		resp.Body = &tolerant{ReadCloser: resp.Body}
	}
	return resp, err
}

func (t *transport) withCredentials(req *http.Request) *http.Request {
	address := req.URL.String()
	headers, cookies := t.opts.Credentials.HeadersFor(address), t.opts.Credentials.CookiesFor(address)
	if len(headers)+len(cookies) == 0 {
		return req
	}
	req = req.Clone(req.Context())
	for _, h := range headers {
		req.Header.Set(h.Name, h.Value)
	}
	for _, c := range cookies {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return req
}

// logIn asks once more with the user's login when the server wants a name and a password as plain as that; whoever
// wants it in another way (Digest) is left to the browser.
func (t *transport) logIn(req *http.Request, resp *http.Response) (*http.Response, error) {
	login, ok := t.opts.Credentials.LoginFor(req.URL.String())
	kind, _, _ := strings.Cut(resp.Header.Get("WWW-Authenticate"), " ")
	if !ok || !strings.EqualFold(kind, "basic") || req.Header.Get("Authorization") != "" {
		return resp, nil
	}
	_ = resp.Body.Close()
	req = req.Clone(req.Context())
	req.SetBasicAuth(login.User, login.Password)
	return t.next.RoundTrip(req)
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
