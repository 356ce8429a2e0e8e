package browser

import (
	"cmp"
	"net/url"
	"slices"

	"trackscan/crawler"
)

// maxDecorated bounds the decorations that are kept of one page.
const maxDecorated = 50

// decorated tells which links to other sites carry identifiers or numbers of clicks, sorted. v.mu is held.
func (v *visit) decorated(needles map[string][]string) []crawler.Decoration {
	var out []crawler.Decoration
	for _, l := range v.page.Links {
		u, err := url.Parse(l.URL)
		if err != nil || u.RawQuery == "" || v.party(l.URL) != crawler.Third {
			continue
		}
		for param, values := range u.Query() {
			d := crawler.Decoration{Host: u.Hostname(), Param: param}
			for _, value := range values {
				d.Carries = append(d.Carries, identifiersIn(needles, value)...)
				d.Passed = d.Passed || v.arrival.clicks[value] != ""
			}
			d.Carries = slices.Compact(slices.Sorted(slices.Values(d.Carries)))
			if len(d.Carries) > 0 || crawler.ClickParams[param] != "" {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, func(a, b crawler.Decoration) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Param, b.Param), slices.Compare(a.Carries, b.Carries))
	})
	out = slices.CompactFunc(out, func(a, b crawler.Decoration) bool { return a.Host == b.Host && a.Param == b.Param })
	return out[:min(len(out), maxDecorated)]
}
