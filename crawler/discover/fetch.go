package discover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"syscall"

	"github.com/gocolly/colly/v2"

	"trackscan/crawler"
)

// answer is what one request brought, handed from colly's callbacks to fetch.
type answer struct {
	status   int
	mime     string
	charset  string
	location string
	after    string // Retry-After
	cookies  []*http.Cookie
	page     page
}

const answerKey = "answer"

func answerOf(ctx *colly.Context) *answer { return ctx.GetAny(answerKey).(*answer) }

// onHeaders notes what the headers tell, and ends the transfer of what is no page before its body is read.
func onHeaders(r *colly.Response) {
	a := answerOf(r.Ctx)
	a.status = r.StatusCode
	a.location = r.Headers.Get("Location")
	a.after = r.Headers.Get("Retry-After")
	a.cookies = (&http.Response{Header: *r.Headers}).Cookies()
	a.mime, a.charset = contentType(*r.Headers)
	r.Headers.Set("Content-Type", a.mime) // without its charset: colly gives up on names that it does not know
	r.Headers.Del("Content-Encoding")     // what is still packed after Go's client is not unpacked without a bound
	if !isHTML(a.mime) || strings.HasSuffix(strings.ToLower(r.Request.URL.Path), ".xml.gz") {
		r.Request.Abort()
	}
}

// contentType reads a Content-Type as browsers do: what cannot be parsed is cut at the first semicolon. An attachment
// is a download whatever its type.
func contentType(h http.Header) (kind, charset string) {
	value := h.Get("Content-Type")
	kind, params, err := mime.ParseMediaType(value)
	if err != nil && kind == "" {
		kind, _, _ = strings.Cut(value, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	disposition, _, _ := strings.Cut(h.Get("Content-Disposition"), ";")
	if strings.EqualFold(strings.TrimSpace(disposition), "attachment") {
		return "application/octet-stream", ""
	}
	return kind, params["charset"]
}

func isHTML(kind string) bool {
	return kind == "" || strings.Contains(kind, "html")
}

func onResponse(r *colly.Response) {
	a := answerOf(r.Ctx)
	if a.location != "" && a.status/100 == 3 {
		return
	}
	if a.mime == "" && len(r.Body) > 0 {
		a.mime, _, _ = strings.Cut(http.DetectContentType(r.Body), ";")
	}
	if isHTML(a.mime) {
		a.page = readPage(r.Body, a.charset, r.Request.URL)
	}
}

// fetch gets one address, follows its redirects one by one and tries once more where that can help.
func (d *Discoverer) fetch(ctx context.Context, c *colly.Collector, address string) crawler.Lead {
	lead := crawler.Lead{URL: address}
	var jar http.CookieJar
	current := address
	for hop := 0; ; hop++ {
		a, err := d.get(ctx, c, current, jar)
		switch {
		case errors.Is(err, colly.ErrRobotsTxtBlocked):
			lead.Disallowed, lead.Err = true, d.robots.trouble(current)
			return lead
		case err != nil:
			lead.Err = silent(err)
			return lead
		}
		next := target(current, a)
		if next == "" {
			lead.FinalURL, lead.Status, lead.MIME = current, a.status, a.mime
			lead.Links, lead.Password = a.page.links, a.page.password
			return lead
		}
		if hop == maxRedirects {
			lead.Err = errors.New("too many redirects")
			return lead
		}
		if err := d.guard.Admit(next); err != nil {
			lead.Err = fmt.Errorf("redirect to %s: %w", next, err)
			return lead
		}
		jar = keep(jar, current, a.cookies)
		current = next
	}
}

// target returns where an answer redirects to, empty when it does not.
func target(current string, a *answer) string {
	switch a.status {
	case 301, 302, 303, 307, 308:
	default:
		return ""
	}
	base, err := url.Parse(current)
	if err != nil || a.location == "" {
		return ""
	}
	next, err := base.Parse(a.location)
	if err != nil {
		return ""
	}
	next.Fragment = ""
	return next.String()
}

// keep puts cookies into the jar of one chain of redirects: sites that test for cookies redirect for ever without it.
// No other fetch sees them, or the answers would depend on the order of the fetches.
func keep(jar http.CookieJar, current string, cookies []*http.Cookie) http.CookieJar {
	u, err := url.Parse(current)
	if err != nil || len(cookies) == 0 {
		return jar
	}
	if jar == nil {
		if jar, err = cookiejar.New(nil); err != nil {
			return nil
		}
	}
	jar.SetCookies(u, cookies)
	return jar
}

// get makes one request; another when the connection broke, or when the server asked to come back soon.
func (d *Discoverer) get(ctx context.Context, c *colly.Collector, address string, jar http.CookieJar) (*answer, error) {
	a, err := d.request(ctx, c, address, jar)
	if err != nil && ctx.Err() == nil && broken(err) {
		return d.request(ctx, c, address, jar)
	}
	if err == nil && d.pauses.after(ctx, crawler.HostOf(address), a.status, a.after) {
		return d.request(ctx, c, address, jar)
	}
	return a, err
}

func (d *Discoverer) request(ctx context.Context, c *colly.Collector, address string, jar http.CookieJar) (*answer, error) {
	if err := d.guard.Admit(address); err != nil {
		return nil, err
	}
	if err := d.pauses.wait(ctx, crawler.HostOf(address)); err != nil {
		return nil, err
	}
	if !c.IgnoreRobotsTxt {
		if err := d.robots.load(ctx, address); err != nil {
			return nil, err
		}
	}
	a := &answer{}
	cctx := colly.NewContext()
	cctx.Put(answerKey, a)
	err := c.Request(http.MethodGet, address, nil, cctx, d.header(address, jar))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if errors.Is(err, colly.ErrAbortedAfterHeaders) {
		err = nil
	}
	return a, err
}

func (d *Discoverer) header(address string, jar http.CookieJar) http.Header {
	h := http.Header{}
	h.Set("User-Agent", d.opts.UserAgent)
	h.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	if d.opts.Language != "" {
		h.Set("Accept-Language", d.opts.Language)
	}
	u, err := url.Parse(address)
	if jar == nil || err != nil {
		return h
	}
	for _, cookie := range jar.Cookies(u) {
		h.Add("Cookie", cookie.Name+"="+cookie.Value)
	}
	return h
}

// broken reports whether the connection ended in the middle, which another one may not.
func broken(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		strings.Contains(err.Error(), "stream error") // of HTTP/2; net/http does not export its type
}

// silent marks the error of a server that took the connection and said nothing.
func silent(err error) error {
	if strings.Contains(err.Error(), "awaiting response headers") { // net/http has no other name for it
		return fmt.Errorf("%w: %w", crawler.ErrSilent, err)
	}
	return err
}
