package browser

import (
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/network"
)

// registersOf tells what the headers of an answer have the browser do for advertising, as the specifications of Topics,
// Attribution Reporting, Protected Audience, Shared Storage and Private State Tokens name them. Browsers that lack an
// interface ignore its header; that the server asks for it is evidence all the same.
func registersOf(headers network.Headers) []string {
	found := map[string]bool{}
	for name, value := range headers {
		text, _ := value.(string)
		switch name = strings.ToLower(name); {
		case name == "observe-browsing-topics":
			if strings.HasPrefix(strings.TrimSpace(text), "?1") {
				found["topics"] = true
			}
		case strings.HasPrefix(name, "attribution-reporting-register-"):
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
