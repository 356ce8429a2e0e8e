package filterlist

import "trackscan/classify"

// Identify implements classify.Catalog for requests and beacons: what a list would block is known, with the rule as
// proof and the category by what the list is about. Lists that are not about trackers (annoyances, malware, repairs)
// and navigations, which are the visit itself, identify nothing; nor does what an exception takes back.
//
// A Thing without URL is asked about as the front page of its Host.
func (e *Engine) Identify(t classify.Thing) (classify.Identity, bool) {
	if t.Kind != classify.KindRequest && t.Kind != classify.KindBeacon || typeOf(t.Type) == typeDocument {
		return classify.Identity{}, false
	}
	url := t.URL
	if url == "" {
		url = "https://" + t.Host + "/"
	}
	v := e.match(Request{URL: url, Page: t.Page, Type: t.Type}, true)
	if !v.Blocked {
		return classify.Identity{}, false
	}
	category, purpose := v.Kind.category()
	return classify.Identity{
		Category: category, Purpose: purpose, Source: classify.FromFilterList, Rule: v.Rule + " (" + v.List + ")",
	}, true
}

var _ classify.Catalog = (*Engine)(nil)
