package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// findRespawns adds a finding for each cookie that came back with the same identifier after the visitor had deleted it
// (Soltani et al. 2009, "Flash Cookies and Privacy"; Acar et al. 2014, "The Web Never Forgets", section 4). What every
// visitor is given alike is no identifier, unless whoever sets it recognises browsers by their traits.
func (j *judge) findRespawns() {
	for _, f := range j.found {
		if f.respawns == "" || f.benign() || f.identity.Category == Necessary && f.named() || speaksOfConsent(f.Name) {
			continue
		}
		if j.givenToAll(f) && !j.recognises(f.SetBy) {
			continue
		}
		message := "The cookie " + quoted(f.Name) + " of " + j.whose(f) + " was deleted between two pages, and came back with the same identifier: " +
			j.copyOf(f) + ". Deleting cookies does not make the site forget the visitor."
		j.about(f, RuleRespawning, j.followSeverity(f), Saying{Remark: message}, j.followFix(f, RuleRespawning))
	}
}

// whose names who keeps a cookie.
func (j *judge) whose(f *found) string {
	if f.Vendor != "" {
		return visible(string(f.Vendor))
	}
	return visible(f.place())
}

// givenToAll reports whether another visitor, who had nothing in common with the one of the journey, was given the same
// value.
func (j *judge) givenToAll(f *found) bool {
	for i := range j.scan.Pages {
		p := &j.scan.Pages[i]
		if len(p.Journey) == 0 && p.Scenario == crawler.NoChoice && slices.ContainsFunc(p.Cookies, func(c crawler.Cookie) bool {
			return c.Traits.Hash == f.respawns && strings.EqualFold(c.Domain, f.Domain)
		}) {
			return true
		}
	}
	return false
}

// recognises reports whether a script recognises browsers by their traits.
func (j *judge) recognises(script string) bool {
	return slices.ContainsFunc(j.found, func(f *found) bool {
		return f.Kind == KindFingerprinting && f.SetBy == script && f.follows(RuleFingerprinting)
	})
}

// copyOf says where the identifier was kept, as far as that can be seen.
func (j *judge) copyOf(f *found) string {
	for i := range j.scan.Pages {
		for _, s := range j.scan.Pages[i].Storage {
			if s.Traits.Hash == f.respawns {
				return storageWords(s.Kind) + " holds a copy as " + quoted(s.Key)
			}
		}
		for _, r := range j.scan.Pages[i].Requests {
			if slices.Contains(r.Labels, f.respawns) {
				return "the cache of the browser holds a copy, as the ETag of " + shortAddress(r.URL)
			}
		}
	}
	if j.recognises(f.SetBy) {
		return "the script that sets it recognises the browser by its traits"
	}
	return "a copy is kept elsewhere, in a database or the cache of the browser for instance"
}

func storageWords(k crawler.StorageKind) string {
	if k == crawler.SessionKV {
		return "session storage"
	}
	return "local storage"
}
