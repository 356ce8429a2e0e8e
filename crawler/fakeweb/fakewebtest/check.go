// Package fakewebtest checks that a fake web is sound: its links lead somewhere, everything its pages load is there,
// and its want files can be read. It is for the tests of those who write fake webs; to serve one, see fakeweb.
package fakewebtest

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"trackscan/crawler/fakeweb"
)

// Check returns one sentence for each fault of w, sorted by host and path. Links to hosts that w does not have are
// no fault, for a site may link anywhere; a script, image, frame, sheet or font that w does not have is one, unless
// its HOST/PATH is a line of the file notes.missing.
func Check(w *fakeweb.Web) []string {
	c := checker{web: w, missing: strings.Fields(w.Notes("missing"))}
	for _, host := range w.Hosts() {
		for _, path := range w.Paths(host) {
			c.checkFile(host, path)
		}
	}
	c.checkMissing()
	return c.faults
}

type checker struct {
	web     *fakeweb.Web
	missing []string // deliberately
	faults  []string
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// checkMissing finds what is noted as missing and is there.
func (c *checker) checkMissing() {
	for _, name := range c.missing {
		host, path, _ := strings.Cut(name, "/")
		if c.web.Body(host, "/"+path) != nil {
			c.fault("notes.missing: %s is there", name)
		}
	}
}

func (c *checker) checkFile(host, path string) {
	body := c.web.Body(host, path)
	base := &url.URL{Scheme: "https", Host: host, Path: path}
	switch name, _, _ := strings.Cut(path, "?"); {
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) && !strings.HasSuffix(name, ".xml"):
		c.checkPage(base, body)
	case strings.HasSuffix(name, ".js"), strings.HasSuffix(name, ".mjs"):
		c.checkHosts(base, body)
	case strings.HasSuffix(name, ".css"):
		c.checkSheet(base, body)
	}
}

// loads names the attribute through which an element loads something; links are checked apart.
var loads = map[string][]string{
	"script": {"src"}, "img": {"src", "srcset"}, "iframe": {"src"}, "source": {"src", "srcset"}, "video": {"src", "poster"},
	"audio": {"src"}, "embed": {"src"}, "object": {"data"}, "input": {"src"}, "image": {"href"},
}

func (c *checker) checkPage(base *url.URL, body []byte) {
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		c.fault("%s: %v", base, err)
		return
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			c.checkElement(base, n)
		}
	}
}

func (c *checker) checkElement(base *url.URL, n *html.Node) {
	for _, name := range loads[n.Data] {
		if ref := attr(n, name); ref != "" {
			c.checkLoad(base, ref)
		}
	}
	switch n.Data {
	case "a", "area":
		c.checkLink(base, attr(n, "href"))
	case "link":
		if rel := strings.Fields(attr(n, "rel")); !slices.Contains(rel, "canonical") && !slices.Contains(rel, "alternate") {
			c.checkLoad(base, attr(n, "href"))
		}
	case "script":
		c.checkHosts(base, []byte(text(n)))
	case "style":
		c.checkSheet(base, []byte(text(n)))
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			value, _, _ := strings.Cut(strings.TrimSpace(a.Val), " ") // of a srcset the first
			return value
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for child := range n.ChildNodes() {
		b.WriteString(child.Data)
	}
	return b.String()
}

// checkLink reports a link to a page that one of the web's hosts does not have.
func (c *checker) checkLink(base *url.URL, ref string) {
	u, err := base.Parse(ref)
	switch {
	case err != nil:
		c.fault("%s: link %q: %v", base, ref, err)
	case ref == "" || (u.Scheme != "https" && u.Scheme != "http"):
	case len(c.web.Paths(u.Host)) > 0 && !c.has(u):
		c.fault("%s: link to %s, which is not there", base, u)
	}
}

// checkLoad reports something to load that the web does not have.
func (c *checker) checkLoad(base *url.URL, ref string) {
	u, err := base.Parse(ref)
	switch {
	case err != nil:
		c.fault("%s: loads %q: %v", base, ref, err)
	case u.Scheme == "https" && !c.has(u):
		c.fault("%s: loads %s, which is not there", base, u)
	}
}

func (c *checker) has(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return c.web.Body(u.Host, path) != nil || c.web.Body(u.Host, path+"?"+u.RawQuery) != nil ||
		slices.Contains(c.missing, u.Host+path)
}

var (
	addressPattern = regexp.MustCompile(`(?:https|wss)://([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)`)
	sheetPattern   = regexp.MustCompile(`(?:url\(|@import\s+)\s*["']?([^"')\s]+)`)
)

// checkHosts reports hosts that a script names and that the web does not have. Paths are often put together by the
// script, so they are not looked at.
func (c *checker) checkHosts(base *url.URL, script []byte) {
	for _, m := range addressPattern.FindAllSubmatch(script, -1) {
		host := string(m[1])
		if len(c.web.Paths(host)) == 0 && !slices.ContainsFunc(c.missing, func(m string) bool { return strings.HasPrefix(m, host+"/") }) {
			c.fault("%s: a script names %s, which is not there", base, host)
		}
	}
}

func (c *checker) checkSheet(base *url.URL, sheet []byte) {
	for _, m := range sheetPattern.FindAllSubmatch(sheet, -1) {
		if ref := string(m[1]); !strings.HasPrefix(ref, "url(") {
			c.checkLoad(base, ref)
		}
	}
}
