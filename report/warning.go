package report

import (
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
	out = append(out, pageWarnings(f)...)
	out = append(out, stageWarning(f, crawler.StagePolicy, policyWarning(f))...)
	out = append(out, stageWarning(f, crawler.StageConsent, "The banner could not be answered.")...)
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

// pageWarnings tells which pages could not be seen.
func pageWarnings(f Facts) []Warning {
	failed := failuresOf(f, crawler.StageRender, crawler.StageDiscover)
	if len(failed) == 0 {
		return nil
	}
	if dead(f) {
		return []Warning{newWarning("Not one page could be opened. Nothing is known about this site.", failed)}
	}
	urls := map[string]bool{}
	for _, one := range failed {
		urls[one.URL] = true
	}
	missing := len(urls)
	for _, p := range f.Pages {
		urls[p.URL] = true
	}
	text := strconv.Itoa(missing) + " of " + number(len(urls), "page", "pages") +
		" could not be opened, so this list may be incomplete."
	return []Warning{newWarning(text, failed)}
}

func stageWarning(f Facts, stage crawler.Stage, text string) []Warning {
	failed := failuresOf(f, stage)
	if len(failed) == 0 {
		return nil
	}
	return []Warning{newWarning(text, failed)}
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

func newWarning(text string, failed []crawler.Failure) Warning {
	w := Warning{Text: text}
	for _, one := range failed {
		detail := show(one.URL) + ": " + sentence(one.Error)
		if one.Scenario != "" && one.Scenario != crawler.NoChoice {
			detail += " (" + scenarioWord(one.Scenario) + ")"
		}
		w.Details = union(w.Details, []string{detail})
	}
	return w.bounded()
}

// bounded leaves out the details that are too many.
func (w Warning) bounded() Warning {
	if len(w.Details) > warningDetails {
		w.More = len(w.Details) - warningDetails
		w.Details = w.Details[:warningDetails]
	}
	return w
}

// scenarioWarnings tells which answers to the banner could not be given.
func scenarioWarnings(f Facts) []Warning {
	w := Warning{Text: "Not every answer to the banner could be tried, so what happens after it is not known."}
	for _, a := range f.Scenarios {
		if a.Result == crawler.NotConfirmed {
			w.Details = append(w.Details, show(string(a.Scenario))+": "+sentence(a.Why))
		}
	}
	if len(w.Details) == 0 {
		return nil
	}
	return []Warning{w}
}
