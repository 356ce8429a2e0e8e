package discover

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"trackscan/crawler"
)

const (
	maxLinks    = 5000 // of one page
	maxLinkText = 200  // bytes
)

// page is what the source of a page tells.
type page struct {
	links    []crawler.Link
	password bool
}

// pageReader goes through the tags of a page once, without building a tree: deep nesting costs nothing.
type pageReader struct {
	page
	base   *url.URL
	based  bool         // a base element was seen; the first one counts
	anchor *anchor      // the open a element
	hrefs  []anchor     // in document order
	open   bytes.Buffer // the text of the open a element
}

// anchor is a link before it is resolved.
type anchor struct {
	href, text, label string
	rel               crawler.Rel
}

// readPage reads the links of an HTML page. Its encoding is taken from a byte order mark, the charset of the header,
// or the page's own declaration; what is none of them is read as it is.
func readPage(body []byte, label string, at *url.URL) page {
	r := pageReader{base: at}
	z := html.NewTokenizer(decoded(body, label))
	z.SetMaxBuf(1 << 20)
	for len(r.hrefs) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return r.finish()
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			r.start(atom.Lookup(name), z, more)
		case html.EndTagToken:
			if name, _ := z.TagName(); atom.Lookup(name) == atom.A {
				r.close()
			}
		case html.TextToken:
			if r.anchor != nil && r.open.Len() < 4*maxLinkText {
				r.open.Write(z.Text())
				r.open.WriteByte(' ')
			}
		}
	}
	return r.finish()
}

func decoded(body []byte, label string) io.Reader {
	if label == "" && utf8.Valid(body[:min(len(body), 1024)]) && !bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		if _, name, sure := charset.DetermineEncoding(body[:min(len(body), 1024)], ""); !sure || name == "utf-8" {
			return bytes.NewReader(body)
		}
	}
	if strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8") {
		return bytes.NewReader(body)
	}
	if e, _ := charset.Lookup(label); e == nil {
		label = ""
	}
	encoding, _, _ := charset.DetermineEncoding(body[:min(len(body), 1024)], "text/html; charset="+label)
	return encoding.NewDecoder().Reader(bytes.NewReader(body))
}

func (r *pageReader) start(tag atom.Atom, z *html.Tokenizer, more bool) {
	switch tag {
	case atom.A, atom.Area, atom.Link, atom.Base, atom.Meta, atom.Input, atom.Img:
	default:
		return
	}
	attrs := attributes(z, more)
	switch tag {
	case atom.A:
		r.close()
		r.anchor = &anchor{href: attrs["href"], rel: crawler.RelAnchor, label: attrs["aria-label"] + " " + attrs["title"]}
	case atom.Area:
		r.add(anchor{href: attrs["href"], rel: crawler.RelArea, text: attrs["alt"]})
	case atom.Link:
		r.linkElement(attrs)
	case atom.Base:
		r.rebase(attrs["href"])
	case atom.Meta:
		if strings.EqualFold(strings.TrimSpace(attrs["http-equiv"]), "refresh") {
			r.add(anchor{href: refreshTarget(attrs["content"]), rel: crawler.RelRedirect})
		}
	case atom.Input:
		r.password = r.password || strings.EqualFold(strings.TrimSpace(attrs["type"]), "password")
	case atom.Img:
		if r.anchor != nil {
			r.anchor.label += " " + attrs["alt"]
		}
	}
}

func attributes(z *html.Tokenizer, more bool) map[string]string {
	attrs := map[string]string{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		if _, twice := attrs[string(k)]; !twice && len(attrs) < 64 {
			attrs[string(k)] = string(v)
		}
	}
	return attrs
}

func (r *pageReader) linkElement(attrs map[string]string) {
	for rel := range strings.FieldsSeq(strings.ToLower(attrs["rel"])) {
		switch {
		case rel == "canonical":
			r.add(anchor{href: attrs["href"], rel: crawler.RelCanonical})
		case rel == "alternate" && isAlternatePage(attrs["type"]):
			r.add(anchor{href: attrs["href"], rel: crawler.RelAlternate})
		}
	}
}

// isAlternatePage tells other languages and layouts of a page from its feeds.
func isAlternatePage(kind string) bool {
	return kind == "" || strings.Contains(strings.ToLower(kind), "html")
}

func (r *pageReader) rebase(href string) {
	if r.based || href == "" {
		return
	}
	if u, err := parseReference(r.base, href); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		r.base, r.based = u, true
	}
}

// refreshTarget returns the address in the content of a meta refresh, "5; url='/next'".
func refreshTarget(content string) string {
	_, rest, ok := strings.Cut(content, ";")
	if !ok {
		_, rest, _ = strings.Cut(content, ",")
	}
	rest = strings.TrimSpace(rest)
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if _, value, found := strings.Cut(rest, "="); found {
			rest = strings.TrimSpace(value)
		}
	}
	return strings.Trim(rest, `'"`)
}

func (r *pageReader) close() {
	if r.anchor == nil {
		return
	}
	a := *r.anchor
	if a.text = r.open.String(); strings.TrimSpace(a.text) == "" {
		a.text = a.label
	}
	r.anchor = nil
	r.open.Reset()
	r.add(a)
}

func (r *pageReader) add(a anchor) {
	if strings.TrimSpace(a.href) == "" || strings.HasPrefix(a.href, "#") {
		return
	}
	a.text = foldText(a.text)
	r.hrefs = append(r.hrefs, a)
}

// foldText folds white space and cuts a text to maxLinkText bytes of whole characters.
func foldText(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if len(s) <= maxLinkText {
		return s
	}
	s = s[:maxLinkText]
	for len(s) > 0 && !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}

// finish resolves the links against the base of the page.
func (r *pageReader) finish() page {
	r.close()
	for _, a := range r.hrefs {
		u, err := parseReference(r.base, a.href)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			continue
		}
		u.Fragment, u.RawFragment = "", ""
		r.links = append(r.links, crawler.Link{URL: u.String(), Text: a.text, Rel: a.rel})
	}
	return r.page
}

// parseReference resolves a link as browsers do, which forgive white space and stray percent signs.
func parseReference(base *url.URL, href string) (*url.URL, error) {
	href = strings.Map(func(c rune) rune {
		if c == '\t' || c == '\n' || c == '\r' {
			return -1
		}
		return c
	}, strings.TrimFunc(href, func(c rune) bool { return c <= ' ' }))
	if u, err := base.Parse(href); err == nil {
		return u, nil
	}
	return base.Parse(strings.ReplaceAll(strings.ReplaceAll(href, "%", "%25"), " ", "%20"))
}
