package report

import "trackscan/crawler"

// Visit is a page that was seen, and how much was seen on it.
type Visit struct {
	URL      string
	Title    string
	Status   int
	Scenario string // in words
	Cookies  int
	Storage  int
	Requests int
	Others   int  // hosts of third parties
	Beacons  int  // requests that only carry data away
	Capped   bool // the page never went quiet
}

// visits sums up what each page did.
func visits(s *crawler.Scan) []Visit {
	out := make([]Visit, 0, len(s.Pages))
	for i := range s.Pages {
		out = append(out, newVisit(&s.Pages[i]))
	}
	return out
}

func newVisit(p *crawler.Page) Visit {
	v := Visit{
		URL: show(p.URL), Title: sentence(p.Title), Status: p.Status,
		Scenario: scenarioWord(p.Scenario), Cookies: len(p.Cookies), Storage: len(p.Storage), Requests: len(p.Requests),
		Capped: p.Capped,
	}
	if n := len(p.Journey); n > 0 {
		v.Title = "a visit of this page and " + number(n, "page", "pages") + " more, one after the other"
	}
	others := map[string]bool{}
	for _, request := range p.Requests {
		if request.Party == crawler.Third {
			others[crawler.HostOf(request.URL)] = true
		}
		if request.Beacon != crawler.NoBeacon {
			v.Beacons++
		}
	}
	v.Others = len(others)
	return v
}
