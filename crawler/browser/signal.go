package browser

import (
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"

	_ "embed"

	"trackscan/crawler"
)

//go:embed signals.js
var signalsSource string

// signal is what a visitor's browser tells every site on its own: in a header of every request, which never asks for a
// preflight (both are names that pages must not set), and in a property of navigator.
type signal struct {
	header   string
	property string // with its value, as signals.js wants it
}

var signals = map[crawler.Scenario]signal{
	crawler.GPC: {"Sec-GPC", `["globalPrivacyControl", true]`}, // https://www.w3.org/TR/gpc/
	crawler.DNT: {"DNT", `["doNotTrack", "1"]`},                // https://www.w3.org/TR/tracking-dnt/
}

// part is the part of the hooks that sets the property.
func (s signal) part() string {
	return strings.TrimSpace(strings.Replace(signalsSource, "SIGNAL", s.property, 1))
}

// signal of the visit; the zero value for none.
func (v *visit) signal() signal { return signals[v.visit.Scenario] }

// setSignal gives a target the header.
func (v *visit) setSignal(p *place) {
	if s := v.signal(); s.header != "" {
		tell(p.session, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{s.header: "1"}})
	}
}

// interceptScripts has the browser stop the scripts of service workers on their way: they are asked for before the
// worker can be told of a header. It does nothing where there is no header to send.
func (v *visit) interceptScripts() {
	if v.signal().header != "" || len(v.chrome.given.Headers) > 0 {
		tell(v.chrome.root, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{
			{URLPattern: "*", ResourceType: network.ResourceTypeOther},
		}})
	}
}

// onScript lets a request that was stopped pass, with the headers of the visit that it belongs to.
func (c *chrome) onScript(params jsonv2.Value) {
	var e fetch.EventRequestPaused
	if !event(fetch.RequestPaused, params, &e) {
		return
	}
	more := slices.Clip(c.given.HeadersFor(e.Request.URL))
	if s := c.signalOf(target.ID(e.FrameID)); s.header != "" {
		more = append(more, crawler.Header{Name: s.header, Value: "1"})
	}
	tell(c.root, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID, Headers: withHeaders(e.Request, more)})
}

// signalOf is the signal of the visit that a target belongs to.
func (c *chrome) signalOf(id target.ID) signal {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.visits {
		v.mu.Lock()
		ours := slices.ContainsFunc(slices.Collect(maps.Values(v.places)), func(p *place) bool { return p.targetID == id })
		v.mu.Unlock()
		if ours {
			return v.signal()
		}
	}
	return signal{}
}
