package classify

import "trackscan/crawler"

// legs parts a journey into its pages, so that what showed on the second page is told of that page: chains of
// initiators begin with the page. A page that is no journey is returned as it is.
func legs(p *crawler.Page, depths map[string]int) []*crawler.Page {
	if len(p.Journey) == 0 {
		return []*crawler.Page{p}
	}
	first := *p
	first.Cookies, first.Storage, first.Requests, first.Scripts = nil, nil, nil, nil
	all, byURL := []*crawler.Page{&first}, map[string]*crawler.Page{}
	for _, url := range p.Journey {
		if url == p.URL {
			continue // the visitor came back
		}
		leg := &crawler.Page{URL: url, FinalURL: url, Scenario: p.Scenario, Depth: depths[url]}
		all, byURL[url] = append(all, leg), leg
	}
	of := func(chain []string) *crawler.Page {
		if len(chain) > 0 && byURL[chain[0]] != nil {
			return byURL[chain[0]]
		}
		return &first
	}
	for _, c := range p.Cookies {
		leg := of(c.Initiators)
		leg.Cookies = append(leg.Cookies, c)
	}
	for _, s := range p.Storage {
		leg := of(s.Initiators)
		leg.Storage = append(leg.Storage, s)
	}
	for _, r := range p.Requests {
		leg := of(r.Initiators)
		leg.Requests = append(leg.Requests, r)
	}
	for _, s := range p.Scripts {
		leg := of(s.Initiators)
		leg.Scripts = append(leg.Scripts, s)
	}
	return all
}

// seenTimes is how often a page was seen in one visit: a journey comes back to its first page.
func seenTimes(p *crawler.Page) int {
	times := 1
	for _, url := range p.Journey {
		if url == p.URL {
			times++
		}
	}
	return times
}

// depthsOf tells how deep each page of a scan lies.
func depthsOf(scan *crawler.Scan) map[string]int {
	depths := map[string]int{}
	for i := range scan.Pages {
		p := &scan.Pages[i]
		depths[p.URL] = p.Depth
	}
	return depths
}
