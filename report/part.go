package report

import (
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// The kinds of part, in the words of people.
const (
	partCookie  = "cookie"
	partBeacon  = "beacon"
	partHost    = "host"
	partPrint   = "fingerprinting"
	partLocal   = "local storage"
	partSession = "session storage"
	partIndexed = "IndexedDB"
	partCache   = "cache"
	partStorage = "storage"
	partNone    = "" // of a complaint about the site or its policy
)

// partOrder is the order in which a card lists its parts.
var partOrder = []string{
	partCookie, partLocal, partSession, partIndexed, partCache, partStorage, partPrint, partBeacon, partHost,
	partNone,
}

// newPart makes the part of a tracker.
func newPart(t classify.Tracker) Part {
	p := Part{
		ID: bound(t.ID), Kind: partKind(t), Name: show(t.Name), Pattern: show(t.Pattern), Host: show(hostOf(t)), Party: show(t.Party),
		Category: classify.Category(t.Category), Purpose: sentence(t.Purpose), Verdict: t.Verdict,
		Lifetime: lifetime(t.LifetimeDays), Promised: lifetime(t.DeclaredDays), SetBy: shortURL(t.SetBy),
		Chain: chain(t.Initiators), Pages: mapped(t.Pages, show), PageCount: t.PageCount,
		Scenarios: mapped(t.Scenarios, show), Notes: notes(t), identifier: t.Identifier,
		guessed: t.Source == classify.FromHeuristic && t.Verdict != classify.NotATracker,
	}
	if t.LifetimeDays != nil {
		p.days = *t.LifetimeDays
	}
	if asked := lifetime(t.AskedDays); asked != p.Lifetime {
		p.Asked = asked
	}
	if t.Declaration != nil {
		p.Declared = sentence(t.Declaration.Text)
	}
	return p
}

func partKind(t classify.Tracker) string {
	switch t.Kind {
	case classify.KindCookie:
		return partCookie
	case classify.KindBeacon:
		return partBeacon
	case classify.KindRequest:
		return partHost
	case classify.KindFingerprinting:
		return partPrint
	}
	kinds := map[string]string{
		"local": partLocal, "session": partSession, "indexeddb": partIndexed, "cache": partCache,
	}
	if kind := kinds[t.Storage]; kind != "" {
		return kind
	}
	return partStorage
}

// notes tells what is unusual about a tracker.
func notes(t classify.Tracker) []string {
	var out []string
	if t.Refused != "" {
		out = append(out, "refused by the browser: "+sentence(t.Refused))
	}
	if t.Transient {
		out = append(out, "deleted again during the visit")
	}
	if t.Partitioned {
		out = append(out, "kept apart for each site it is embedded in")
	}
	return slices.Concat(out, toldNotes(t.Told), eventNotes(t.Events))
}

// eventNotes says what a pixel was told that the visitor did, the first few of it.
func eventNotes(events []classify.Deed) []string {
	const most = 6
	return mapped(events[:min(len(events), most)], func(d classify.Deed) string {
		return "told " + scenarioWord(crawler.Scenario(d.Scenario)) + ": " + show(d.Words())
	})
}

// toldNotes says what a tracker was told of the visitor's consent, the first few of it.
func toldNotes(told []classify.Told) []string {
	const most = 6 // two things, as before and after an update, in each of three scenarios
	return mapped(told[:min(len(told), most)], func(t classify.Told) string {
		return "told " + scenarioWord(crawler.Scenario(t.Scenario)) + ": " + show(t.Says)
	})
}

// chain makes hops fit for people: each once, the page first.
func chain(hops []string) []string {
	var out []string
	for _, hop := range hops {
		short := shortURL(hop)
		if short != "" && (len(out) == 0 || out[len(out)-1] != short) {
			out = append(out, short)
		}
	}
	return out
}

// hopRunes is the length of a URL in a chain: host and file name of nearly all scripts fit.
const hopRunes = 72

// shortURL drops from a URL what tells people nothing: scheme, query and fragment.
func shortURL(raw string) string {
	if scheme, rest, ok := strings.Cut(raw, "://"); ok && (scheme == "https" || scheme == "http") {
		raw = rest
	}
	raw, _, _ = strings.Cut(raw, "#")
	raw, _, _ = strings.Cut(raw, "?")
	return middle(show(raw), hopRunes)
}
