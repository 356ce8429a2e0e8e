package report

import (
	"cmp"
	"slices"

	"trackscan/classify"
	"trackscan/crawler"
)

// Scenario is a scenario, what came of it, and how the site asked: plain facts, no grade. Numbers are null where no
// banner was seen.
type Scenario struct {
	crawler.Answer
	Choice       *bool    `json:"choice"`        // the banner asks; false for one that only informs
	AcceptClicks *int     `json:"accept_clicks"` // 0 when no way was found
	RejectClicks *int     `json:"reject_clicks"`
	PreTicked    *int     `json:"pre_ticked"` // optional purposes that were switched on before any choice
	Confirmed    string   `json:"confirmed"`  // where the answer was read back
	Told         []string `json:"told"`       // what the pages told all trackers at once: "Google Consent Mode: no consent for ads"
}

// scenarioFacts adds to each scenario what its pages showed.
func scenarioFacts(s *crawler.Scan) []Scenario {
	return mapped(s.Scenarios, func(a crawler.Answer) Scenario {
		f := Scenario{Answer: a}
		for i := range s.Pages {
			if p := &s.Pages[i]; p.Scenario == a.Scenario && p.Consent != nil {
				f.add(p.Consent)
			}
		}
		slices.Sort(f.Told)
		f.Told = mapped(f.Told, bound)
		return f
	})
}

// add joins what one page showed. Pages may show different banners: the larger number of clicks counts.
func (f *Scenario) add(c *crawler.ConsentState) {
	if c.Banner {
		choice := c.Choice || f.Choice != nil && *f.Choice
		f.Choice = &choice
		f.AcceptClicks = larger(f.AcceptClicks, c.AcceptClicks)
		f.RejectClicks = larger(f.RejectClicks, c.RejectClicks)
		f.PreTicked = larger(f.PreTicked, c.PreTicked)
	}
	f.Confirmed = bound(cmp.Or(f.Confirmed, c.Confirmed))
	for _, t := range classify.ToldBy(c) {
		if !slices.Contains(f.Told, t) {
			f.Told = append(f.Told, t)
		}
	}
}

func larger(known *int, n int) *int {
	if known != nil && *known > n {
		return known
	}
	return &n
}
