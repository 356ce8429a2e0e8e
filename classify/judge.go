package classify

import (
	"cmp"
	"slices"

	"trackscan/crawler"
)

// Classify names what scan saw, holds it against pol and says what does not fit.
//
// A nil pol, and one that is no policy, means that nothing could be compared. The Result depends on the evidence
// alone, not on its order; its lists are sorted by ID and never nil.
func Classify(scan *crawler.Scan, pol *Policy, cat Catalog) Result {
	j := judge{
		scan: scan, cat: cat, found: gather(scan, cat),
		banner: bannerOf(scan), groups: groupingOf(scan), records: recordsOf(scan), askedNames: map[string]string{},
	}
	j.holders = holders(j.found)
	if pol != nil && pol.IsPolicy {
		j.policy = indexPolicy(pol, cat, crawler.HostOf(scan.Site))
	}
	return j.judge()
}

// judge holds everything that verdicts and rules look at.
type judge struct {
	scan       *crawler.Scan
	cat        Catalog
	policy     *policyIndex // nil when there is none to compare with
	found      []*found
	findings   []Finding
	banner     banner
	groups     grouping
	records    map[string]bool     // names under which the visitor's answer was read back
	holders    map[string][]string // hosts at which an identifier was seen, sorted, by its hash
	askedNames map[string]string   // whose an address is, once it was asked for
}

func (j *judge) judge() Result {
	for _, f := range j.found {
		j.identify(f)
	}
	if j.policy != nil {
		j.policy.namesSeen = namesSeen(j.found)
	}
	for _, f := range j.found {
		j.compare(f)
	}
	r := Result{Trackers: make([]Tracker, 0, len(j.found)), Claims: j.testClaims(), Unseen: j.unseen()}
	for _, f := range j.found {
		j.findTracker(f)
		j.findChoices(f)
		for _, address := range f.Initiators {
			f.Bringers = append(f.Bringers, j.nameOf(address))
		}
		r.Trackers = append(r.Trackers, f.Tracker)
	}
	j.findSyncs()
	j.findBounces()
	j.findDecoration()
	j.findConfigured()
	j.findRespawns()
	j.findClaims(r.Claims)
	j.findUnseen(r.Unseen)
	j.findNoPolicy()
	j.findNoReject()
	slices.SortStableFunc(j.findings, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	r.Findings = append([]Finding{}, j.findings...)
	return r
}

// holders tells at which hosts each identifier was seen.
func holders(all []*found) map[string][]string {
	hosts := map[string][]string{}
	for _, f := range all {
		for _, hash := range f.values {
			hosts[hash] = keep(hosts[hash], f.place())
		}
	}
	return hosts
}

// namesSeen returns the exact names of all cookies and storage items.
func namesSeen(all []*found) map[string]bool {
	seen := map[string]bool{}
	for _, f := range all {
		if f.Kind == KindCookie || f.Kind == KindStorage {
			for _, name := range f.names {
				seen[name] = true
			}
		}
	}
	return seen
}
