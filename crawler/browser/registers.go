package browser

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/network"
)

// registersOf tells what the headers of an answer have the browser do for advertising, or what those of a request say
// that it does, as the specifications of Topics, Attribution Reporting, Protected Audience, Shared Storage and Private
// State Tokens name them. Browsers that lack an interface ignore its header; that the server asks for it is evidence all
// the same.
func registersOf(headers network.Headers) []string {
	found := map[string]bool{}
	for name, value := range headers {
		text, _ := value.(string)
		switch name = strings.ToLower(name); {
		case name == "observe-browsing-topics":
			if strings.HasPrefix(strings.TrimSpace(text), "?1") {
				found["topics"] = true
			}
		case name == "sec-browsing-topics":
			found["topics"] = true
		case strings.HasPrefix(name, "attribution-reporting-register-"), name == "attribution-reporting-eligible":
			found["attribution"] = true
		case name == "ad-auction-signals", name == "ad-auction-result", name == "ad-auction-additional-bid":
			found["auction"] = true
		case name == "shared-storage-write":
			found["shared-storage"] = true
		case name == "sec-private-state-token":
			found["private-token"] = true
		}
	}
	if len(found) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

// asks are the request headers that registersOf knows: most requests have none, and their events need not be read.
var asks = [][]byte{[]byte("browsing-topics"), []byte("attribution-reporting-eligible")}

// onAsking takes down what a request says that the browser does for advertising. v.mu is held.
func (v *visit) onAsking(p *place, params jsonv2.Value) {
	text := bytes.ToLower(params)
	var e network.EventRequestWillBeSentExtraInfo
	if !slices.ContainsFunc(asks, func(name []byte) bool { return bytes.Contains(text, name) }) ||
		!event(network.RequestWillBeSentExtraInfo, params, &e) {
		return
	}
	if x := v.exchange(p, e.RequestID); x != nil {
		x.asks = append(x.asks, registersOf(e.Headers)...)
	}
}
