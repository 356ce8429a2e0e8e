package classify

import (
	"strings"

	"trackscan/crawler"
)

// leavesFirstParty breaks the promise that what a cookie holds stays with the site: a cookie of another site, and a host
// of another site that is told an identifier which the site's own cookie or storage holds.
func (j *judge) leavesFirstParty() func(*found) bool {
	own := map[string]bool{}
	for _, f := range j.found {
		if f.stored() && f.Party == string(crawler.First) && !f.benign() {
			for _, hash := range f.values {
				own[hash] = true
			}
		}
	}
	told := map[string]bool{}
	for i := range j.scan.Pages {
		for k := range j.scan.Pages[i].Requests {
			r := &j.scan.Pages[i].Requests[k]
			for _, hash := range r.Carries {
				if own[hash] {
					told[strings.ToLower(crawler.HostOf(r.URL))] = true
				}
			}
		}
	}
	return func(f *found) bool {
		return !f.benign() && (isThirdPartyCookie(f) ||
			f.Kind == KindRequest && f.Party == string(crawler.Third) && told[f.Host])
	}
}
