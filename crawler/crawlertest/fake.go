// Package crawlertest holds every crawler.Renderer to its contract, and has a Renderer for tests that need no browser.
//
// It is for tests only. The fake sees what a page's source says and what its HTTP answers set; for what scripts do
// there is only crawler/browser.
package crawlertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"trackscan/crawler"
)

// Fake is a Renderer that reads static HTML. The zero value goes where the addresses say.
type Fake struct {
	Resolves crawler.Resolves
}

// Render implements crawler.Renderer. Each visit has a client and a cookie jar of its own.
func (f Fake) Render(ctx context.Context, v crawler.Visit) (crawler.Page, error) {
	page := crawler.Page{URL: v.URL, Scenario: v.Scenario}
	transport := &http.Transport{DialContext: f.dial}
	defer transport.CloseIdleConnections()
	jar, err := newJar(v)
	if err != nil {
		return page, fmt.Errorf("render %s: %w", v.URL, err)
	}
	client := &http.Client{Transport: &recorder{next: transport, page: &page}, Jar: jar}
	body, err := get(ctx, client, v.URL, &page)
	if err != nil {
		return page, fmt.Errorf("render %s: %w", v.URL, err)
	}
	if v.Document {
		page.Document = &crawler.Document{URL: page.FinalURL, MIME: page.MIME, Bytes: body, Fetched: time.Now().UTC()}
	}
	if v.Answer {
		if err := answer(ctx, client, v, body, &page); err != nil {
			return page, fmt.Errorf("answer at %s: %w", v.URL, err)
		}
	}
	first := page
	for _, next := range v.Journey {
		if _, err := get(ctx, client, next, &page); err != nil {
			return page, fmt.Errorf("go on to %s: %w", next, err)
		}
	}
	first.Cookies, first.Requests = page.Cookies, page.Requests
	jar.stillThere(v, &first)
	return first, nil
}

// get fetches an address and fills in what its source says.
func get(ctx context.Context, client *http.Client, address string, page *crawler.Page) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 10<<20))
	if err != nil {
		return nil, err
	}
	page.FinalURL, page.Status = resp.Request.URL.String(), resp.StatusCode
	page.MIME, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type"))
	page.Links = nil
	read(page, body, resp.Request.URL)
	return body, nil
}

func (f Fake) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, f.Resolves.Dial(addr))
}

// recorder notes each request and the cookies that its answer sets.
type recorder struct {
	next http.RoundTripper
	page *crawler.Page
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	seen := crawler.Request{URL: req.URL.String(), Method: req.Method, Type: "document", Size: -1, Party: crawler.First}
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		seen.Error = err.Error()
		r.page.Requests = append(r.page.Requests, seen)
		return nil, err
	}
	seen.Status = resp.StatusCode
	r.page.Requests = append(r.page.Requests, seen)
	for _, c := range resp.Cookies() {
		r.page.Cookies = append(r.page.Cookies, cookie(c, req.URL))
	}
	return resp, nil
}

func cookie(c *http.Cookie, at *url.URL) crawler.Cookie {
	seen := crawler.Cookie{
		Name: c.Name, Domain: at.Hostname(), Path: c.Path, Party: crawler.First, SetVia: crawler.ViaHTTP,
		SetBy: at.String(), Initiators: []string{at.String()}, HTTPOnly: c.HttpOnly, Secure: c.Secure,
		Traits: crawler.Traits{Length: len(c.Value)},
	}
	if c.Domain != "" {
		seen.Domain = "." + strings.TrimPrefix(c.Domain, ".")
	}
	if seen.Path == "" {
		seen.Path = "/"
	}
	days := float64(c.MaxAge) / 86400
	seen.AskedDays, seen.StoredDays = &days, &days
	return seen
}

// read fills in what the tree of the page says.
func read(page *crawler.Page, body []byte, base *url.URL) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return
	}
	page.Blank = true
	passwords := 0 // two are one that is chosen
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Base:
			if u, err := base.Parse(attr(n, "href")); err == nil {
				base = u
			}
		case atom.Title:
			page.Title = strings.Join(strings.Fields(textOf(n)), " ")
		case atom.Html:
			page.Lang = attr(n, "lang")
		case atom.Img, atom.Iframe, atom.Canvas, atom.Video:
			page.Blank = false
		case atom.Input:
			if attr(n, "type") == "password" && attr(n, "autocomplete") != "new-password" {
				passwords++
			}
		case atom.A, atom.Area, atom.Link:
			addLink(page, n, base)
		case atom.Body:
			page.Blank = page.Blank && strings.TrimSpace(textOf(n)) == ""
		}
	}
	page.Password = passwords == 1
}

var rels = map[string]crawler.Rel{"canonical": crawler.RelCanonical, "alternate": crawler.RelAlternate}

func addLink(page *crawler.Page, n *html.Node, base *url.URL) {
	rel := map[atom.Atom]crawler.Rel{atom.A: crawler.RelAnchor, atom.Area: crawler.RelArea}[n.DataAtom]
	if n.DataAtom == atom.Link {
		rel = rels[attr(n, "rel")]
	}
	u, err := base.Parse(attr(n, "href"))
	if err != nil || rel == "" || attr(n, "href") == "" || u.Scheme != "http" && u.Scheme != "https" {
		return
	}
	text := strings.Join(strings.Fields(textOf(n)), " ")
	page.Links = append(page.Links, crawler.Link{URL: u.String(), Text: text, Rel: rel})
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		hidden := d.Parent != nil && (d.Parent.DataAtom == atom.Script || d.Parent.DataAtom == atom.Style)
		if d.Type == html.TextNode && !hidden {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
