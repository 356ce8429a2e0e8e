package classify

import (
	"cmp"
	"slices"
	"strings"

	"trackscan/crawler"
)

// unseen returns what the policy declares by name or vendor and no page showed. It is empty where that would not be
// fair to say: pages were missed, or a choice that was not made may stand before what is declared.
func (j *judge) unseen() []Unseen {
	list := []Unseen{}
	if j.policy == nil || len(j.scan.Failures) > 0 || len(j.scan.Pages) == 0 || !j.nothingWithheld() {
		return list
	}
	cookies, vendors := j.mentioned()
	seen := map[string]bool{}
	for i := range cookies { // a name that several rows declare is seen when one of them was
		if cookies[i] {
			seen[declaredKey(j.policy.Cookies[i].Name)] = true
		}
	}
	add := func(name string, q *Quote) {
		if key := declaredKey(name); key != "" && !seen[key] {
			seen[key] = true
			list = append(list, Unseen{Declared: clip(name, maxNameBytes), Text: q.Text, Quote: q.Quote})
		}
	}
	for i := range j.policy.Cookies {
		if c := &j.policy.Cookies[i]; !cookies[i] && !j.onlyOnAction(c.Name) {
			add(c.Name, &c.Quote)
		}
	}
	for i := range j.policy.Vendors {
		if v := &j.policy.Vendors[i]; !vendors[i] && j.worthSeeing(v) {
			add(v.Name, &v.Quote)
		}
	}
	slices.SortFunc(list, func(a, b Unseen) int {
		return cmp.Or(cmp.Compare(a.Declared, b.Declared), cmp.Compare(a.Quote, b.Quote))
	})
	return list
}

func declaredKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// nothingWithheld reports whether a visitor's choice withholds nothing: "accept" was answered, or there is no sign of
// a banner - none seen, no consent manager, no promise of a banner or of consent.
func (j *judge) nothingWithheld() bool {
	switch {
	case j.outcome(crawler.Accept) == crawler.Answered:
		return true
	case j.banner.shown:
		return false
	}
	for _, f := range j.found {
		if f.asksConsent() {
			return false
		}
	}
	return !slices.ContainsFunc(j.policy.Claims, func(c Claim) bool {
		return c.ID == "consent_banner" || c.ID == "prior_consent"
	})
}

// asksConsent reports whether f is of a consent manager: its server, or its record of the visitor's choice. A record
// at another site is of the choice that was made there. Catalogues tell them by their purpose.
func (f *found) asksConsent() bool {
	purpose := strings.ToLower(f.identity.Purpose)
	if !f.known || gravity(f.identity.Category) > 0 {
		return false
	}
	record := f.stored() && f.Party == string(crawler.First) && strings.Contains(purpose, "cookie choice")
	return record || !f.stored() && strings.Contains(purpose, "asks for consent")
}

// mentioned tells which of the policy's list items and vendors stand for something that was seen.
func (j *judge) mentioned() (cookies, vendors []bool) {
	x := j.policy
	cookies, vendors = make([]bool, len(x.Cookies)), make([]bool, len(x.Vendors))
	for _, f := range j.found {
		if f.stored() {
			for _, look := range []func(*found) []int{x.sameName, x.sameFolded, x.sameTemplate, x.frontOfTemplate, x.anyWildcard} {
				for _, i := range look(f) {
					cookies[i] = true
				}
			}
		}
		service, company := x.mentions(f)
		for _, e := range slices.Concat(service, company) {
			if e.vendor >= 0 {
				vendors[e.vendor] = true
			} else if x.Cookies[e.cookie].NameIs != NameIsCookie {
				cookies[e.cookie] = true
			}
		}
	}
	return cookies, vendors
}

// worthSeeing reports whether a vendor should show on the pages: the policy says that it is for analytics,
// advertising or social media, and lists none of its cookies, which speak for it. Hosts, payment services and the
// like work unseen.
func (j *judge) worthSeeing(v *PolicyVendor) bool {
	if gravity(Category(v.Category)) == 0 {
		return false
	}
	keys := declaredKeys(v.Name)
	return !slices.ContainsFunc(j.policy.Cookies, func(c PolicyCookie) bool {
		for _, name := range []string{string(c.Vendor), c.Name} {
			for _, key := range declaredKeys(name) {
				if slices.Contains(keys, key) {
					return true
				}
			}
		}
		return false
	})
}

// onlyOnAction reports whether the policy says that this cookie comes with something that a scan does not do.
func (j *judge) onlyOnAction(name string) bool {
	return slices.ContainsFunc(j.policy.Claims, func(c Claim) bool {
		return c.ID == "set_only_on_action" && strings.EqualFold(strings.TrimSpace(c.Scope), strings.TrimSpace(name))
	})
}
