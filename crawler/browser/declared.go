package browser

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// Consent managers publish what a site declares as data: a list of cookies with purposes and lifetimes, which a script
// of theirs turns into a banner and a table. The file is told by its address and by what it holds, not by who runs it.

const (
	maxDeclared      = 3       // files that one page may declare with; they come one for a language or a kind
	maxDeclaredBytes = 2 << 20 // of one file; those seen have up to 600 kB
	maxDeclaredTried = 12      // answers that are looked into
)

// declaredAddress is what hosts and paths of such files speak of.
var declaredAddress = regexp.MustCompile(`(?i)consent|cookie|gdpr|privacy|declaration|usercentrics|onetrust|didomi|iubenda|termly|[/.-]cmp[/.-]`)

var (
	declaredNames = regexp.MustCompile(`(?i)["'](?:cookie_?)?name["']\s*:|["']cookie(?:_?id)?["']\s*:|["']technicalName["']\s*:`)
	declaredLives = regexp.MustCompile(`(?i)["'](?:length|duration|expir\w*|lifespan|lifetime|retention|max_?age|storage_?duration)["']\s*:`)
	declaredRows  = regexp.MustCompile(`\[\s*(?:\[\s*(?:"[^"]{1,900}"|'[^']{1,900}')\s*,\s*["'])`) // a list of lists of texts
)

// keepDeclared keeps the data files that the page itself asked for: those of its frames speak for others.
func (v *visit) keepDeclared(ctx context.Context) {
	tried := 0
	for _, x := range v.declaredCandidates() {
		if len(v.page.Declared) >= maxDeclared || tried >= maxDeclaredTried {
			return
		}
		tried++
		limited, cancel := context.WithTimeout(ctx, askTimeout)
		got, err := call(limited, x.place.session, network.GetResponseBody, network.GetResponseBodyParams{RequestID: x.id})
		cancel()
		if err != nil || len(got.Body) > maxDeclaredBytes || !declares(got.Body) {
			continue
		}
		last := x.hops[len(x.hops)-1]
		v.mu.Lock()
		v.page.Declared = append(v.page.Declared, crawler.Document{
			URL: v.show(last.url), MIME: cmp.Or(last.mime, "application/json"), Bytes: got.Body,
			Fetched: time.Now().UTC().Truncate(time.Second),
		})
		v.mu.Unlock()
	}
}

// declaredCandidates are the answers that may be such files, in the order in which they were asked for.
func (v *visit) declaredCandidates() []*exchange {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := slices.SortedFunc(maps.Values(v.exchanges), func(a, b *exchange) int { return a.started - b.started })
	return slices.DeleteFunc(all, func(x *exchange) bool {
		if x.place != v.main || len(x.hops) == 0 {
			return true
		}
		h := x.hops[len(x.hops)-1]
		return h.frameDoc || !isDataKind(h.kind) || h.status != 200 || h.size > maxDeclaredBytes || !v.isMainFrame(h.frame) ||
			!declaredAddress.MatchString(withoutQuery(h.url)) || !isDataMIME(h.mime)
	})
}

func isDataKind(kind network.ResourceType) bool {
	return kind == network.ResourceTypeScript || kind == network.ResourceTypeXHR || kind == network.ResourceTypeFetch
}

func isDataMIME(mime string) bool {
	return strings.Contains(mime, "json") || strings.Contains(mime, "javascript") || strings.Contains(mime, "ecmascript")
}

// isMainFrame reports whether a document is the page itself and no frame in it. v.mu is held.
func (v *visit) isMainFrame(document string) bool {
	page := cmp.Or(v.frames[cdp.FrameID(v.main.targetID)].url, v.visit.URL)
	return withoutQuery(document) == withoutQuery(page) || withoutQuery(document) == withoutQuery(v.visit.URL)
}

func withoutQuery(url string) string {
	url, _, _ = strings.Cut(url, "#")
	url, _, _ = strings.Cut(url, "?")
	return url
}

// declares reports whether a file lists cookies: objects that give names and lifetimes, or lists of texts.
func declares(body []byte) bool {
	if !bytes.Contains(bytes.ToLower(body[:min(len(body), maxDeclaredBytes)]), []byte("cookie")) {
		return false
	}
	return declaredNames.Match(body) && declaredLives.Match(body) || declaredRows.Match(body)
}
