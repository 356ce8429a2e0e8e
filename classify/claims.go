package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// The results of a claim.
const (
	Holds       = "holds"
	Broken      = "broken"
	NotTestable = "not-testable"
)

// testClaims holds every promise of the policy against what was seen before any choice. What a scan without a choice
// cannot tell is not testable, and so is a promise that nothing breaks when some pages could not be seen.
func (j *judge) testClaims() []Tested {
	tested := []Tested{}
	if j.policy == nil {
		return tested
	}
	for i := range j.policy.Claims {
		c := &j.policy.Claims[i]
		t := Tested{ID: c.ID, Text: c.Text, Quote: c.Quote.Quote, Result: NotTestable, Evidence: []string{}}
		if against, ok := j.against(c); ok {
			t.Result, t.Evidence = j.verdictOnClaim(against), against
		}
		tested = append(tested, t)
	}
	return tested
}

func (j *judge) verdictOnClaim(against []string) string {
	switch {
	case len(against) > 0:
		return Broken
	case j.sawEverything():
		return Holds
	default:
		return NotTestable
	}
}

// sawEverything reports whether at least one page was seen without a choice and none was missed.
func (j *judge) sawEverything() bool {
	for _, f := range j.scan.Failures {
		if f.Stage != crawler.StagePolicy && (f.Scenario == crawler.NoChoice || f.Scenario == "") {
			return false
		}
	}
	return slices.ContainsFunc(j.scan.Pages, func(p crawler.Page) bool { return p.Scenario == crawler.NoChoice })
}

// against returns the IDs of what breaks the claim, and false when the claim cannot be tested.
func (j *judge) against(c *Claim) ([]string, bool) {
	switch c.ID {
	case "max_lifetime":
		return j.lifetimesAgainst(c)
	case "majority_lifetime":
		return j.majorityAgainst(c)
	case "consent_banner": // a banner that was not recognised is no evidence against one
		return []string{}, slices.ContainsFunc(j.scan.Scenarios, func(a crawler.Answer) bool { return a.Banner != "" })
	}
	test := j.breaker(c)
	if test == nil || !j.policy.means(c) {
		return nil, false
	}
	against := []string{}
	for _, f := range j.found {
		if f.inScen[0] && test(f) && (c.ID == "set_only_on_action" || c.covers(f)) {
			against = append(against, f.ID)
		}
	}
	if len(against) == 0 && j.undecided(c) {
		return nil, false
	}
	return against, true
}

// breaker returns what breaks a claim when it is seen without a choice; nil when such a scan cannot test the claim.
func (j *judge) breaker(c *Claim) func(*found) bool {
	if test, ok := categoryClaims[c.ID]; ok {
		return func(f *found) bool { return !f.benign() && test(j.policy, f) }
	}
	if test, ok := partyClaims[c.ID]; ok { // a font or a CDN is a third party too
		return test
	}
	if test, ok := techniqueClaims[c.ID]; ok {
		return func(f *found) bool { return !f.benign() && test(f) }
	}
	switch c.ID {
	case "session_only":
		return func(f *found) bool { return f.LifetimeDays != nil && !withinLifetime(*f.LifetimeDays, 0) }
	case "exhaustive_list":
		return j.unlisted()
	case "prior_consent":
		return func(f *found) bool { return f.Kind != KindRequest && !f.benign() && f.needsConsent() }
	case "set_only_on_action":
		return afterLogin(c)
	default:
		return nil
	}
}

// unlisted finds cookies that a complete list leaves out; nil when nothing could be read of the list.
func (j *judge) unlisted() func(*found) bool {
	if len(j.policy.Cookies) == 0 {
		return nil
	}
	return func(f *found) bool {
		_, declared := j.policy.declaration(f)
		return f.Kind == KindCookie && !f.benign() && !declared
	}
}

// loginWords tell that the action of a claim is one that a scan does not do. Of another, such as looking at a certain
// page, it cannot tell.
var loginWords = []string{
	"log in", "logged", "login", "sign in", "signed in", "account", "anmeld", "einlogg", "connect", "sesión", "acced",
	"inlog",
}

// afterLogin finds a cookie that is to be set only for those who have logged in.
func afterLogin(c *Claim) func(*found) bool {
	text := strings.ToLower(c.Text)
	if c.Scope == "" || !slices.ContainsFunc(loginWords, func(w string) bool { return strings.Contains(text, w) }) {
		return nil
	}
	return func(f *found) bool { return f.stored() && f.isMeantBy(c.Scope) }
}

// undecided reports whether something was seen of which nobody knows whether it breaks the claim: an unknown cookie
// beside "only necessary cookies".
func (j *judge) undecided(c *Claim) bool {
	if c.ID == "set_only_on_action" {
		return false // its scope is the cookie
	}
	if _, byCategory := categoryClaims[c.ID]; byCategory || c.ID == "prior_consent" {
		for _, f := range j.found {
			if f.inScen[0] && f.Verdict == Unidentified && f.stored() && c.covers(f) {
				return true
			}
		}
	}
	return !j.scopeSeen(c)
}

// scopeSeen reports whether the scan looked at what the claim speaks of: a host of which no page was seen, and a scope
// that is not understood, say nothing.
func (j *judge) scopeSeen(c *Claim) bool {
	if asDomain(c.Scope) == "" {
		return knownScope(c.Scope)
	}
	all := found{seenOn: map[string]int{}}
	for i := range j.scan.Pages {
		all.seenOn[j.scan.Pages[i].URL] = 0
	}
	return all.withinPlace(c.Scope)
}

// timed returns the cookies within the scope of a claim about lifetimes, and whether they could be seen.
func (j *judge) timed(c *Claim) (cookies []*found) {
	for _, f := range j.found {
		if f.Kind == KindCookie && f.inScen[0] && f.LifetimeDays != nil && c.covers(f) {
			cookies = append(cookies, f)
		}
	}
	return cookies
}

func (j *judge) lifetimesAgainst(c *Claim) ([]string, bool) {
	cookies := j.timed(c)
	if c.Days == nil || len(cookies) == 0 {
		return nil, false
	}
	return longer(cookies, *c.Days), true
}

// majorityAgainst tests "most cookies expire within 30 days": broken by all that live longer, when the others are no
// more than the quantile. Without a number "the majority" is half.
func (j *judge) majorityAgainst(c *Claim) ([]string, bool) {
	cookies := j.timed(c)
	if c.Days == nil || len(cookies) == 0 {
		return nil, false
	}
	quantile := 0.5
	if c.Quantile != nil {
		quantile = *c.Quantile
	}
	against := longer(cookies, *c.Days)
	if share := 1 - float64(len(against))/float64(len(cookies)); share > quantile {
		return []string{}, true
	}
	return against, true
}

func longer(cookies []*found, days float64) []string {
	ids := []string{}
	for _, f := range cookies {
		if !withinLifetime(*f.LifetimeDays, days) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}
