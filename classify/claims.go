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

// testClaims holds every promise of the policy against what was seen. A denial is broken by what shows in any scenario,
// and holds when nothing was missed of what a visitor sees without a choice. What the scenarios that were run cannot
// tell is not testable.
func (j *judge) testClaims() []Tested {
	tested := []Tested{}
	if j.policy == nil {
		return tested
	}
	for i := range j.policy.Claims {
		c := &j.policy.Claims[i]
		t := Tested{ID: c.ID, Text: c.Text, Quote: c.Quote.Quote, Evidence: []string{}}
		t.Result, t.Evidence = j.test(c)
		tested = append(tested, t)
	}
	return tested
}

// test tells what became of one claim, with the IDs of the trackers that break it.
func (j *judge) test(c *Claim) (result string, evidence []string) {
	switch c.ID {
	case "consent_banner":
		return j.testBanner(), []string{}
	case "gpc_honored":
		return j.testGPC(c)
	case "max_lifetime":
		return j.testLifetimes(c, 1)
	case "majority_lifetime":
		return j.testLifetimes(c, majority(c))
	}
	breaks := j.breaker(c)
	if breaks == nil || !j.policy.means(c) {
		return NotTestable, []string{}
	}
	against := []string{}
	for _, f := range j.found {
		if breaks(f) && (c.ID == "set_only_on_action" || c.covers(f)) {
			against = append(against, f.ID)
		}
	}
	return j.decide(against, j.undecided(c)), against
}

// decide makes a result of what breaks a claim. Without any the claim holds if all could be seen and nothing is open.
func (j *judge) decide(against []string, open bool) string {
	switch {
	case len(against) > 0:
		return Broken
	case !open && j.sawEverything():
		return Holds
	default:
		return NotTestable
	}
}

// sawEverything reports whether at least one page was seen without a choice and none was missed.
func (j *judge) sawEverything() bool {
	return !j.missed(crawler.NoChoice) &&
		slices.ContainsFunc(j.scan.Pages, func(p crawler.Page) bool { return p.Scenario == crawler.NoChoice })
}

// missed reports whether a page of a scenario could not be seen.
func (j *judge) missed(s crawler.Scenario) bool {
	return slices.ContainsFunc(j.scan.Failures, func(f crawler.Failure) bool {
		return f.Stage != crawler.StagePolicy && (f.Scenario == s || f.Scenario == "" && s == crawler.NoChoice)
	})
}

// breaker returns what breaks a claim when it is seen; nil when a scan cannot test the claim.
func (j *judge) breaker(c *Claim) func(*found) bool {
	if test, ok := categoryClaims[c.ID]; ok {
		return func(f *found) bool { return !f.benign() && test(j.policy, f) }
	}
	if test, ok := partyClaims[c.ID]; ok { // a font or a CDN is a third party too
		return test
	}
	if c.ID == "first_party_use_only" {
		return j.leavesFirstParty()
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
		return func(f *found) bool { p := f.in[crawler.NoChoice]; return p != nil && p.active && j.waits(f) }
	case "ip_anonymization":
		return j.unmasked()
	case "set_only_on_action":
		return afterLogin(c)
	default:
		return nil
	}
}

// testBanner tests the promise of a banner: broken when one was looked for and none was there.
func (j *judge) testBanner() string {
	switch {
	case j.banner.shown:
		return Holds
	case j.soughtBanner() && j.sawEverything() && !slices.ContainsFunc(j.found, (*found).asksConsent):
		return Broken
	default:
		return NotTestable
	}
}

// testGPC tests the promise to honour Global Privacy Control: with it there is no advertising that was there without.
// Where there was none, there is nothing to test.
func (j *judge) testGPC(c *Claim) (string, []string) {
	against, before := []string{}, false
	if j.outcome(crawler.GPC) != crawler.Answered {
		return NotTestable, against
	}
	for _, f := range j.found {
		without, with := f.in[crawler.NoChoice], f.in[crawler.GPC]
		if f.benign() || f.category() != Advertising || !c.covers(f) || without == nil || !without.active {
			continue
		}
		before = true
		if with != nil && with.active && with.open {
			against = append(against, f.ID)
		}
	}
	return j.decide(against, !before || j.missed(crawler.GPC)), against
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

// unmasked finds hits of Universal Analytics that do not ask for a shortened address; nil when there was no such hit:
// its successor never keeps addresses.
func (j *judge) unmasked() func(*found) bool {
	if !slices.ContainsFunc(j.found, func(f *found) bool { return f.masked || f.unmasked }) {
		return nil
	}
	return func(f *found) bool { return f.unmasked }
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
	prior := c.ID == "prior_consent"
	if _, byCategory := categoryClaims[c.ID]; byCategory || prior {
		for _, f := range j.found {
			there := !prior || f.in[crawler.NoChoice] != nil
			if there && f.Verdict == Unidentified && f.stored() && c.covers(f) {
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

// majority is the share that "the majority" stands for, half when the policy gives no number.
func majority(c *Claim) float64 {
	if c.Quantile != nil {
		return *c.Quantile
	}
	return 0.5
}

// testLifetimes tests "cookies expire within 30 days" for all cookies in scope, and with a share below 1 "most cookies":
// broken by all that live longer, unless the others are more than that share.
func (j *judge) testLifetimes(c *Claim, share float64) (string, []string) {
	var all int
	against := []string{}
	for _, f := range j.found {
		if f.Kind != KindCookie || f.LifetimeDays == nil || !c.covers(f) {
			continue
		}
		all++
		if c.Days != nil && !withinLifetime(*f.LifetimeDays, *c.Days) {
			against = append(against, f.ID)
		}
	}
	if c.Days == nil || all == 0 {
		return NotTestable, []string{}
	}
	if keeping := 1 - float64(len(against))/float64(all); keeping > share {
		against = []string{}
	}
	return j.decide(against, false), against
}
