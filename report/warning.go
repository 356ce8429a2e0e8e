package report

import (
	"cmp"
	"slices"
	"strconv"

	"trackscan/crawler"
)

// Warning is what a reader must know before any number.
type Warning struct {
	Text    string
	Details []string // "https://www.shop.test/checkout: no answer within 30s"
	More    int      // details that are not listed
}

// warningDetails is how many details a warning lists; all of them are among the failures of the JSON.
const warningDetails = 10

// warnings tells everything that makes the scan less than whole, and what the crawler wants to be known.
func warnings(f Facts) []Warning {
	var out []Warning
	if dead(f) {
		out = append(out, newWarning("Not one page could be opened. Nothing is known about this site.", visitsMissed(f))...)
	} else {
		out = append(out, pageWarnings(f)...)
	}
	out = append(out, newWarning(policyWarning(f), failuresOf(f, crawler.StagePolicy))...)
	out = append(out, scenarioWarnings(f)...)
	for _, text := range f.Warnings {
		out = append(out, Warning{Text: sentence(text)})
	}
	if f.Agent.ThirdPartyCookies == "refused" {
		out = append(out, Warning{Text: "This browser refuses cookies of third parties, so other visitors may get more cookies than are listed here."})
	}
	if !f.Whole && len(out) == 0 {
		out = append(out, Warning{Text: "The scan was not whole, so this list may be incomplete."})
	}
	return out
}

// pageWarnings tells in which scenario which pages could not be seen. A page that failed after an answer was seen
// without one all the same.
func pageWarnings(f Facts) []Warning {
	missed := map[crawler.Scenario][]crawler.Failure{}
	var journeys []crawler.Failure
	for _, one := range visitsMissed(f) {
		if one.OnJourney() {
			journeys = append(journeys, one)
		} else {
			s := cmp.Or(one.Scenario, crawler.NoChoice)
			missed[s] = append(missed[s], one)
		}
	}
	pages := urls(missed[crawler.NoChoice])
	for _, p := range f.Pages {
		if p.Scenario == crawler.NoChoice {
			pages[p.URL] = true
		}
	}
	var out []Warning
	for _, s := range crawler.Scenarios {
		out = append(out, newWarning(missedPages(s, missed[s], len(pages)), missed[s])...)
	}
	return append(out, newWarning("The way from page to page could not be gone to its end, so what only shows on a second page may be missing here.", journeys)...)
}

// visitsMissed are the visits that came to nothing. Scenarios that were not confirmed have a warning of their own.
func visitsMissed(f Facts) []crawler.Failure {
	return slices.DeleteFunc(failuresOf(f, crawler.StageRender, crawler.StageDiscover), func(one crawler.Failure) bool {
		return slices.ContainsFunc(f.Scenarios, func(s Scenario) bool {
			return s.Scenario == one.Scenario && s.Result == crawler.NotConfirmed
		})
	})
}

// missedPages says of how many pages nothing is known in a scenario, and that it was not the site's fault when the scan
// was stopped.
func missedPages(s crawler.Scenario, failed []crawler.Failure, pages int) string {
	some := strconv.Itoa(len(urls(failed))) + " of " + number(pages, "page", "pages")
	stopped := !slices.ContainsFunc(failed, func(one crawler.Failure) bool { return !one.Interrupted() })
	switch {
	case s == crawler.NoChoice && stopped:
		return "The scan was stopped before " + some + " had been seen, so this list may be incomplete."
	case s == crawler.NoChoice:
		return some + " could not be opened, so this list may be incomplete."
	case stopped:
		return "The scan was stopped before " + some + " had been seen " + scenarioWord(s) + ", so what happens there then may be missing here."
	}
	return some + " could not be opened " + scenarioWord(s) + ", so what happens there then may be missing here."
}

// urls are the pages of failures.
func urls(failed []crawler.Failure) map[string]bool {
	out := map[string]bool{}
	for _, one := range failed {
		out[one.URL] = true
	}
	return out
}

func policyWarning(f Facts) string {
	if len(f.Policies) > 0 {
		return "A part of the policy could not be read, so what it declares is missing here."
	}
	return "The policy could not be read, so nothing was compared with it."
}

func failuresOf(f Facts, stages ...crawler.Stage) []crawler.Failure {
	var out []crawler.Failure
	for _, one := range f.Failures {
		if slices.Contains(stages, one.Stage) {
			out = append(out, one)
		}
	}
	return out
}

// newWarning is the warning of what failed; none when nothing did.
func newWarning(text string, failed []crawler.Failure) []Warning {
	if len(failed) == 0 {
		return nil
	}
	w := Warning{Text: text}
	for _, one := range failed {
		detail := show(one.URL) + ": " + sentence(one.Error)
		if one.Scenario != "" && one.Scenario != crawler.NoChoice {
			detail += " (" + scenarioWord(one.Scenario) + ")"
		}
		w.Details = union(w.Details, []string{detail})
	}
	return []Warning{w.bounded()}
}

// bounded leaves out the details that are too many.
func (w Warning) bounded() Warning {
	if len(w.Details) > warningDetails {
		w.More = len(w.Details) - warningDetails
		w.Details = w.Details[:warningDetails]
	}
	return w
}

// scenarioWarnings tells which scenarios could not be played, and why.
func scenarioWarnings(f Facts) []Warning {
	var w Warning
	var untold []string
	for _, a := range f.Scenarios {
		if a.Result == crawler.NotConfirmed {
			untold = append(untold, scenarioWord(a.Scenario))
			w.Details = append(w.Details, show(string(a.Scenario))+": "+sentence(a.Why))
		}
	}
	if len(untold) == 0 {
		return nil
	}
	w.Text = "What happens " + listed(untold) + " is not known."
	return []Warning{w}
}
