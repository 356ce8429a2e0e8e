package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// findTracker adds what does not fit about one tracker. What browsers keep nowhere fits.
func (j *judge) findTracker(f *found) {
	if f.nowhere() {
		return
	}
	switch f.Verdict {
	case Undeclared:
		severity := Medium
		if f.identity.Category == Necessary || f.tries() {
			severity = Low
		}
		j.about(f, RuleUndeclared, severity, undeclaredSaying(f), j.declareOrRemove(f))
	case Contradicted:
		severity := High
		if f.tries() {
			severity = Low
		}
		j.about(f, RuleContradicted, severity, contradictedSaying(f), j.removeOrCorrect(f))
	case Unidentified:
		j.about(f, RuleUnidentified, f.unknownSeverity(), j.unidentifiedSaying(f), j.askFor(f))
	}
	j.findFollower(f)
	j.findCloak(f)
	if message, fix := j.miscategorised(f); message != "" {
		j.about(f, RuleMiscategorise, Medium, Saying{Remark: message}, fix)
	}
	if f.outlives() {
		j.about(f, RuleOutlives, Medium, Saying{Remark: outlivesMessage(f)}, outlivesFix(f))
	}
}

// about adds a finding about f. Text and Quote are the sentence it was held against, if there is one.
func (j *judge) about(f *found, rule string, severity Severity, say Saying, fix string) {
	finding := Finding{
		ID: rule + " " + f.ID, Rule: rule, Severity: severity, Tracker: f.ID, Subject: f.Name,
		Scenario: f.Scenarios[0], Pages: f.Pages, Message: Tell(say), Fix: fix, Saying: say,
	}
	if q := f.match.quote; q != nil {
		finding.Text, finding.Quote = q.Text, q.Quote
	}
	j.findings = append(j.findings, finding)
}

// unknownSeverity is that of something nobody can name. An identifier that never outlives its page weighs little.
func (f *found) unknownSeverity() Severity {
	third := f.Party == string(crawler.Third)
	if f.Identifier && !f.Transient || f.Kind == KindFingerprinting || third && (f.Kind == KindCookie || f.Kind == KindBeacon) {
		return Medium
	}
	return Low
}

// miscategorised says that the policy or the consent manager declare f as something that weighs less than what it is
// for; empty when they do not.
func (j *judge) miscategorised(f *found) (message, fix string) {
	known, group := f.knownCategory(), j.groups.of(f)
	switch {
	case f.benign(), f.tries(), f.known && f.identity.ConsentFree, f.identity.monitorsErrors():
		return "", ""
	case f.named() && f.understated(f.declaredAs()):
		return miscategorisedMessage(f), j.moveTo(f, f.declaredAs())
	case f.understated(group):
		return groupedGraverMessage(f, group), j.moveTo(f, group)
	case group != NoCategory && gravity(known) > gravity(group):
		return groupedMilderMessage(f, group), regroup(f)
	default:
		return "", ""
	}
}

// understated reports whether the policy declares f as something that weighs less than category does. The reverse harms
// nobody, and between necessary and functional, as between advertising and social, words differ. What is exempt from
// consent may be called necessary, and so may what reports errors. Running text is vague about what helps the site and
// what measures it; that something is necessary it says plainly.
func (f *found) understated(category Category) bool {
	declared := f.match.category
	switch {
	case f.Verdict != DeclaredByName && f.Verdict != DeclaredByVendor, declared == NoCategory:
		return false
	case !f.match.listed && declared != Necessary:
		return false
	}
	return gravity(category) > gravity(declared)
}

// declaredAs is the known category of what the policy speaks of: of the item when it names it, of the service as a
// whole when it names that.
func (f *found) declaredAs() Category {
	if v := f.identity.Vendor; f.Verdict == DeclaredByVendor && v != nil && v.Category != NoCategory {
		return v.Category
	}
	return f.identity.Category
}

// monitorsErrors reports whether a service tells the makers of a site of its errors, and no more: one that records
// visits to do so does more. Catalogues count both among analytics and tell them apart by their purpose.
func (id Identity) monitorsErrors() bool {
	purpose := strings.ToLower(id.Purpose)
	return id.Category == Analytics && strings.Contains(purpose, "error") && !strings.Contains(purpose, "record")
}

// findClaims adds a finding for each claim that is broken.
func (j *judge) findClaims(tested []Tested) {
	seen := map[string]bool{}
	for i, t := range tested {
		if t.Result != Broken {
			continue
		}
		id := RuleBrokenClaim + " " + t.ID
		if scope := j.policy.Claims[i].Scope; scope != "" {
			id += " " + clipID(visible(scope))
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		against := j.byIDs(t.Evidence)
		j.findings = append(j.findings, Finding{
			ID: id, Rule: RuleBrokenClaim, Severity: High, Subject: t.ID, Scenario: string(brokenIn(t.ID, against)),
			Pages: pagesOf(against), Message: j.brokenMessage(against), Fix: brokenFix,
			Text: t.Text, Quote: t.Quote,
		})
	}
}

// brokenIn returns the first scenario in which a claim was broken.
func brokenIn(claim string, against []*found) crawler.Scenario {
	if claim == "gpc_honored" {
		return crawler.GPC
	}
	for _, s := range crawler.Scenarios {
		if slices.ContainsFunc(against, func(f *found) bool { return f.in[s] != nil }) {
			return s
		}
	}
	return crawler.NoChoice
}

// byIDs returns the trackers with these sorted IDs.
func (j *judge) byIDs(ids []string) []*found {
	var list []*found
	for _, f := range j.found {
		if _, wanted := slices.BinarySearch(ids, f.ID); wanted {
			list = append(list, f)
		}
	}
	return list
}

// pagesOf returns the pages on which any of the trackers was seen, at most maxPages.
func pagesOf(list []*found) []string {
	all := map[string]int{}
	for _, f := range list {
		for url, depth := range f.seenOn {
			if d, seen := all[url]; !seen || depth < d {
				all[url] = depth
			}
		}
	}
	return append([]string{}, nearest(all)...)
}

func (j *judge) findUnseen(unseen []Unseen) {
	for _, u := range unseen {
		j.findings = append(j.findings, Finding{
			ID: RuleUnseen + " " + clipID(visible(u.Declared)), Rule: RuleUnseen, Severity: Low, Subject: u.Declared,
			Pages:   []string{},
			Message: "The policy names " + quoted(u.Declared) + ", and it was on none of the pages.",
			Fix:     "Remove " + quoted(u.Declared) + " from the policy if the site no longer uses it.",
			Text:    u.Text, Quote: u.Quote,
		})
	}
}

// findNoPolicy says once that there is nothing to compare with. A policy that exists and failed to load is a failure,
// and a site that could not be opened says nothing about its policy.
func (j *judge) findNoPolicy() {
	if j.policy != nil || len(j.scan.Pages) == 0 {
		return
	}
	for _, f := range j.scan.Failures {
		if f.Stage == crawler.StagePolicy || f.Stage == crawler.StageDiscover && f.URL == j.scan.Site {
			return
		}
	}
	host := crawler.HostOf(j.scan.Site)
	j.findings = append(j.findings, Finding{
		ID: RuleNoPolicy, Rule: RuleNoPolicy, Severity: Medium, Pages: []string{},
		Message: "No privacy or cookie policy was found on " + host + ", so nothing could be compared with one.",
		Fix: "Link the policy from every page, for instance in the footer; if there is one elsewhere, name its " +
			"address with --policy.",
	})
}

// quoted makes a name readable in a sentence: control characters visible, and not longer than a line.
func quoted(name string) string {
	const line = 80
	s := visible(name)
	if short := clip(s, line); short != s {
		s = short + "…"
	}
	return "“" + s + "”"
}
