package browser

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/domstorage"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"

	_ "embed"

	"trackscan/crawler"
)

//go:embed hooks.js
var hooksSource string

//go:embed probes.js
var probesSource string

// hooks is the script that every frame and worker runs first.
func (v *visit) hooks() string {
	parts := []string{strings.TrimSpace(probesSource)}
	if s := v.signal(); s.header != "" {
		parts = append([]string{s.part()}, parts...) // first: the other counts who asks
	}
	return hooksSource + "(" + quoteJS(v.browser.mark) + ", [" + strings.Join(parts, ",") + "])"
}

func quoteJS(s string) string { return `"` + s + `"` }

// note is what the hooks tell of one call.
type note struct {
	Kind    string      `json:"k"`
	Origin  string      `json:"o"`
	URL     string      `json:"u"`    // of the document or worker that the call was made in
	Time    float64     `json:"t"`    // its clock, in ms since 1970; runs ahead in virtual time
	Value   string      `json:"v"`    // a cookie line, a URL
	Seen    bool        `json:"seen"` // the cookie could be read back at once
	At      string      `json:"at"`   // the document whose cookie was set
	Cookie  storeCookie `json:"c"`
	Storage string      `json:"s"`
	Key     string      `json:"key"`
	Stack   string      `json:"stack"` // for calls that were only found out later
	Why     string      `json:"why"`
	Uses    uses        `json:"uses"`
	Canvas  canvas      `json:"canvas"`

	realm string // the frame's or worker's world that it comes from
}

// storeCookie is an argument of cookieStore.set.
type storeCookie struct {
	Name        string   `json:"name"`
	Value       string   `json:"value"`
	Domain      string   `json:"domain"`
	Path        string   `json:"path"`
	Expires     *float64 `json:"expires"` // ms since 1970
	MaxAge      *float64 `json:"maxAge"`  // seconds
	Partitioned bool     `json:"partitioned"`
	SameSite    string   `json:"sameSite"`
}

// onNote takes down what a hook tells. Only we know the mark that our notes begin with. v.mu is held.
func (v *visit) onNote(p *place, params jsonv2.Value) {
	var e runtime.EventConsoleAPICalled
	if !event(runtime.ConsoleAPICalled, params, &e) || e.Type != runtime.ConsoleAPICalledTypeTrace || len(e.Args) != 2 {
		return
	}
	var mark, text string
	if jsonv2.Unmarshal(e.Args[0].Value, &mark) != nil || mark != v.browser.mark ||
		jsonv2.Unmarshal(e.Args[1].Value, &text) != nil {
		return
	}
	var n note
	if jsonv2.Unmarshal([]byte(text), &n) != nil {
		return
	}
	if v.notes++; v.notes > maxNotes {
		v.silence(p)
		return
	}
	by := firstOf(stackURL(n.Stack), caller(e.StackTrace), httpOnly(n.URL), httpOnly(v.addressOf(p)))
	n.realm = fmt.Sprint(p.id, e.ExecutionContextID)
	v.touch()
	switch n.Kind {
	case "cookie":
		v.onCookieLine(n, by)
	case "cookiestore", "cookiestore-delete", "cookiestore-refused":
		v.onCookieStore(n, by)
	case "storage", "indexeddb", "cache":
		v.onStorageNote(n, by)
	case "worker-begun":
		v.coming++
	case "worker-there":
		v.coming--
	case "uses":
		v.onUses(n, by)
	case "canvas":
		v.onCanvas(n, by)
	case "stream":
		v.streams[n.Value] = by
	case "keepalive":
		v.keepalive[n.Value] = true
	}
}

// maxHeard is how much of one target is heard, in bytes: some ten times what the heaviest pages tell. All visits share
// one connection, and what a page floods it with keeps the others waiting.
const maxHeard = 64 << 20

// eventCost is what reading an event costs besides its bytes, in bytes.
const eventCost = 500

// deaf counts an event of a target, and reports whether that has said so much that it is no longer heard. What keeps it
// going is always heard: its frames, dialogs and end. v.mu is held.
func (v *visit) deaf(p *place, method string, size int) bool {
	if p.heard += size + eventCost; p.heard <= maxHeard {
		return false
	}
	v.silence(p)
	domain, _, _ := strings.Cut(method, ".")
	return domain == "Runtime" || domain == "Network" || domain == "DOMStorage"
}

// silence stops a target that floods the connection. v.mu is held.
func (v *visit) silence(p *place) {
	if v.flooded = true; !p.silenced {
		p.silenced = true
		tell(p.session, runtime.TerminateExecution, cdp.Empty{})
		tell(p.session, runtime.Disable, cdp.Empty{})
		tell(p.session, network.Disable, cdp.Empty{})
		tell(p.session, domstorage.Disable, cdp.Empty{})
		v.forgetRequestsOf(p, "")
	}
}

// clock is the time at which a call was made, by the clock of the page.
func (n note) clock() time.Time { return time.UnixMilli(int64(n.Time)) }

// frameURL of a stack as text: "at set (https://cdn.test/a.js:1:20)".
var frameURL = regexp.MustCompile(`https?://[^\s()]+?:\d+:\d+`)

func stackURL(stack string) string {
	at := frameURL.FindString(stack)
	for range 2 { // line and column
		if i := strings.LastIndexByte(at, ':'); i > 0 {
			at = at[:i]
		}
	}
	return at
}

func firstOf(urls ...string) string {
	for _, u := range urls {
		if u != "" {
			return u
		}
	}
	return ""
}

// httpOnly drops addresses that no server answers: about:blank, srcdoc and blob documents act for their parent.
func httpOnly(url string) string {
	if strings.HasPrefix(url, "http") {
		return url
	}
	return ""
}

// addressOf is where a target's code comes from. v.mu is held.
func (v *visit) addressOf(p *place) string {
	if u := p.scriptURL(); u != "" {
		return u
	}
	if p.kind == "iframe" {
		return p.url
	}
	return v.visit.URL
}

// viaOf tells a frame of another site from the page's own document.
func (v *visit) viaOf(n note) crawler.SetVia {
	if host := crawler.HostOf(n.Origin); host != "" && v.party(n.Origin) == crawler.Third {
		return crawler.ViaFrame
	}
	return crawler.ViaScript
}
