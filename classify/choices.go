package classify

import (
	"slices"

	"trackscan/crawler"
)

// findChoices adds what f does against the visitor's choice, or before there was one.
func (j *judge) findChoices(f *found) {
	if !j.waits(f) {
		return
	}
	if severity, promise := j.beforeConsent(f); severity != "" {
		j.during(f, RuleBeforeConsent, severity, crawler.NoChoice, j.beforeSaying(f, promise), j.untilConsent(f), promise)
	}
	if p := f.in[crawler.Reject]; p != nil && j.outcome(crawler.Reject) == crawler.Answered {
		j.during(f, RuleDespiteReject, p.severity(), crawler.Reject, rejectSaying(f), j.afterReject(f), nil)
	}
	if s, ok := j.ignoredSignal(f); ok {
		j.during(f, RuleDespiteSignal, f.in[s].signalSeverity(), s, signalSaying(f, s), j.onSignal(f, s), nil)
	}
}

// during adds a finding about f in one scenario. The sentence it is held against is a promise of the policy, nil for
// none.
func (j *judge) during(f *found, rule string, severity Severity, s crawler.Scenario, say Saying, do Remedy, promise *Quote) {
	finding := Finding{
		ID: rule + " " + f.ID, Rule: rule, Severity: severity, Tracker: f.ID, Subject: f.Name,
		Scenario: string(s), Pages: nearest(f.in[s].pages), Message: Tell(say), Fix: Advise(do), Saying: say, Remedy: do,
	}
	if promise != nil {
		finding.Text, finding.Quote = promise.Text, promise.Quote
	}
	j.findings = append(j.findings, finding)
}

// severity is low for what stores nothing and tells nothing about the visitor.
func (p *presence) severity() Severity {
	if p.active {
		return High
	}
	return Low
}

// signalSeverity is low besides for a tracker that was told of the opt-out each time.
func (p *presence) signalSeverity() Severity {
	if p.active && p.open {
		return High
	}
	return Low
}

// beforeConsent tells how much it matters that f is there without a choice, and which promise it breaks, if any. The
// severity is empty where nobody is asked or informed and nothing is promised.
func (j *judge) beforeConsent(f *found) (Severity, *Quote) {
	p := f.in[crawler.NoChoice]
	promise := j.promisedConsent(f)
	if p == nil || !j.banner.shown && promise == nil {
		return "", nil
	}
	return p.severity(), promise
}

// promisedConsent finds a promise of the policy that f waits for consent.
func (j *judge) promisedConsent(f *found) *Quote {
	if j.policy == nil {
		return nil
	}
	for i := range j.policy.Claims {
		if c := &j.policy.Claims[i]; c.ID == "prior_consent" && c.covers(f) {
			return &c.Quote
		}
	}
	return nil
}

// ignoredSignal returns the signal that f ignores: Global Privacy Control, or Do Not Track where the policy honours it.
func (j *judge) ignoredSignal(f *found) (crawler.Scenario, bool) {
	for _, s := range []crawler.Scenario{crawler.GPC, crawler.DNT} {
		p := f.in[s]
		if p == nil || j.outcome(s) != crawler.Answered || s == crawler.DNT && !j.honoursDNT() {
			continue
		}
		if p.sold || f.category() == Advertising {
			return s, true
		}
	}
	return "", false
}

func (j *judge) honoursDNT() bool { return j.policy != nil && j.policy.DNT == "honored" }

// findNoReject says once that a banner cannot be rejected.
func (j *judge) findNoReject() {
	if !j.noWayToReject() {
		return
	}
	pages := map[string]int{}
	for i := range j.scan.Pages {
		if p := &j.scan.Pages[i]; p.Consent != nil && p.Consent.Banner {
			addPage(pages, p)
		}
	}
	message, fix := noRejectMessage, noRejectFix
	if !j.banner.asks {
		message = noticeMessage
	}
	j.findings = append(j.findings, Finding{
		ID: RuleNoReject, Rule: RuleNoReject, Severity: Low, Scenario: string(crawler.NoChoice),
		Pages: slices.Clip(append([]string{}, nearest(pages)...)), Message: message, Fix: fix,
	})
}
