package discover

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/sync/errgroup"

	"trackscan/crawler"
)

const (
	maxSitemaps     = 50       // files that are read of one site
	maxSitemapURLs  = 20_000   // addresses that are kept of one site
	maxSitemapDepth = 3        // an index of indexes of sitemaps; sitemaps.org allows one level
	maxSitemapSize  = 50 << 20 // bytes unpacked, the limit of sitemaps.org
	maxSitemapWire  = 20 << 20 // bytes as sent
	maxSitemapToken = 64 << 10 // bytes of one tag or text
	sitemapsAtOnce  = 4        // files that are read side by side

	// maxSitemapTime bounds the reading of all sitemaps: the first page waits for it.
	maxSitemapTime = 20 * time.Second
)

// sitemap is what one file holds.
type sitemap struct {
	pages    []string
	sitemaps []string // of an index
}

// sitemapLinks returns the pages of the site's sitemaps: those that robots.txt names, then /sitemap.xml. The order is
// that of the files, whatever the timing. What cannot be read is left out: a sitemap is an offer.
func (d *Discoverer) sitemapLinks(ctx context.Context, home string) []crawler.Link {
	ctx, cancel := context.WithTimeout(ctx, maxSitemapTime)
	defer cancel()
	var files []string
	if f, err := d.robots.get(ctx, home); err == nil {
		files = append(files, f.sitemaps...)
	}
	files = append(files, originOf(home)+"/sitemap.xml")
	var links []crawler.Link
	seen := map[string]bool{}
	for depth := 0; depth <= maxSitemapDepth && len(files) > 0; depth++ {
		var next []string
		for some := range slices.Chunk(unseen(files, seen), sitemapsAtOnce) {
			if len(links) == maxSitemapURLs {
				return links
			}
			for i, s := range d.readSitemaps(ctx, some) {
				next = append(next, s.sitemaps...)
				links = appendPages(links, s.pages, some[i])
			}
		}
		files = next
	}
	return links
}

func appendPages(links []crawler.Link, pages []string, from string) []crawler.Link {
	for _, p := range pages[:min(len(pages), maxSitemapURLs-len(links))] {
		links = append(links, crawler.Link{URL: p, Rel: crawler.RelSitemap, From: from})
	}
	return links
}

// unseen drops the files that were read before, and those beyond the limit.
func unseen(files []string, seen map[string]bool) []string {
	var fresh []string
	for _, f := range files {
		if !seen[f] && len(seen) < maxSitemaps {
			seen[f] = true
			fresh = append(fresh, f)
		}
	}
	return fresh
}

func (d *Discoverer) readSitemaps(ctx context.Context, files []string) []sitemap {
	read := make([]sitemap, len(files))
	var g errgroup.Group
	g.SetLimit(d.opts.Parallelism)
	for i, f := range files {
		g.Go(func() error {
			read[i] = d.readSitemap(ctx, f)
			return nil
		})
	}
	_ = g.Wait() // what cannot be read is empty
	return read
}

func (d *Discoverer) readSitemap(ctx context.Context, address string) sitemap {
	if d.guard.Admit(address) != nil {
		return sitemap{}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return sitemap{}
	}
	req.Header = d.header(address, nil)
	resp, err := d.client.Do(req)
	if err != nil {
		return sitemap{}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return sitemap{}
	}
	return parseSitemap(io.LimitReader(resp.Body, maxSitemapWire))
}

// parseSitemap reads a sitemap or an index of sitemaps, as XML or as lines of text, packed with gzip or not. It reads
// tags as a tokenizer sees them: no entity, depth or length makes it use more than a little memory.
func parseSitemap(r io.Reader) sitemap {
	r, text := unpack(r)
	if text {
		return parseTextSitemap(r)
	}
	var s sitemap
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxSitemapToken)
	z.AllowCDATA(true)
	index, loc := false, false
	var value strings.Builder
	for len(s.pages) < maxSitemapURLs && len(s.sitemaps) < maxSitemaps {
		switch z.Next() {
		case html.ErrorToken:
			return s
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			prefix, local := splitName(string(name))
			switch {
			case local == "sitemap":
				index = true
			case local == "url":
				index = false
			case local == "link" && more:
				s.addAlternate(attributes(z, more))
			}
			loc = local == "loc" && prefix != "image" && prefix != "video"
			value.Reset()
		case html.TextToken:
			if loc && value.Len() < maxSitemapToken {
				value.Write(z.Text())
			}
		case html.EndTagToken:
			if loc {
				s.add(value.String(), index)
			}
			loc = false
		}
	}
	return s
}

func splitName(name string) (prefix, local string) {
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		return prefix, local
	}
	return "", name
}

func (s *sitemap) add(value string, index bool) {
	value = strings.TrimSpace(value)
	switch {
	case value == "" || len(value) > 4096:
	case index:
		s.sitemaps = append(s.sitemaps, value)
	default:
		s.pages = append(s.pages, value)
	}
}

// addAlternate takes the other languages of a page: <xhtml:link rel="alternate" href="...">.
func (s *sitemap) addAlternate(attrs map[string]string) {
	if strings.EqualFold(attrs["rel"], "alternate") {
		s.add(attrs["href"], false)
	}
}

// unpack undoes gzip, by its magic number, and a foreign encoding, and tells whether the rest is plain text.
func unpack(r io.Reader) (io.Reader, bool) {
	b := bufio.NewReader(r)
	if magic, err := b.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		packed, err := gzip.NewReader(b)
		if err != nil {
			return bytes.NewReader(nil), true
		}
		b = bufio.NewReader(io.LimitReader(packed, maxSitemapSize))
	}
	start, _ := b.Peek(512)
	if bytes.HasPrefix(start, []byte{0xff, 0xfe}) || bytes.HasPrefix(start, []byte{0xfe, 0xff}) {
		if e, _, _ := charset.DetermineEncoding(start, ""); e != nil {
			return e.NewDecoder().Reader(b), false
		}
	}
	return b, !bytes.ContainsRune(start, '<')
}

// parseTextSitemap reads one address a line.
func parseTextSitemap(r io.Reader) sitemap {
	var s sitemap
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxSitemapToken)
	for lines.Scan() && len(s.pages) < maxSitemapURLs {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http") {
			s.add(line, false)
		}
	}
	return s
}
