package history

import (
	"fmt"
	"math/rand/v2"
	"time"

	"trackscan/crawler"
)

// web generates evidence such as a shop with many trackers leaves: 30 cookies, 120 requests, 12 storage items and 60
// links a page. From night to night most stays, as it does in practice: hashes, entropies, times, some sizes and some
// random path segments differ, requests that run side by side change places, and now and then a tracker comes.
type web struct{ rnd *rand.Rand }

func newWeb(seed uint64) *web { return &web{rand.New(rand.NewPCG(seed, 1))} }

// night is the scan of one site in one night, as it is when it has ended: without links.
func (w *web) night(site, night, pages int) *crawler.Scan {
	root := fmt.Sprintf("https://www.shop%d.test/", site)
	started := day.AddDate(0, 0, night)
	s := &crawler.Scan{
		Site: root, Started: started, Ended: started.Add(time.Minute),
		Agent:     crawler.Agent{Trackscan: "1.0.0", Browser: "Chromium 156.0.8078.79", Language: "en-GB"},
		Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
	}
	for i := range pages {
		page := w.page(root, site, night, i)
		page.Links = nil
		s.Pages = append(s.Pages, page)
	}
	text := fmt.Appendf(nil, "<html><meta name=nonce content=%016x>", w.rnd.Uint64())
	for i := range 2000 {
		text = fmt.Appendf(text, "<p>Cookie %d of site %d serves purpose %d.</p>\n", i, site, i*site%97)
	}
	s.Policies = []crawler.Document{{URL: root + "privacy", MIME: "text/html", Bytes: text, Fetched: started}}
	return s
}

func (w *web) page(root string, site, night, i int) crawler.Page {
	p := crawler.Page{
		URL: fmt.Sprintf("%sproducts/category-%d/item-%d", root, i%7, i), Status: 200, MIME: "text/html",
		Title: fmt.Sprintf("Item %d of a shop with long titles", i), Scenario: crawler.NoChoice, Depth: i % 4,
		FoundOn: root, Seconds: float64(w.rnd.IntN(8000)) / 1000,
	}
	p.FinalURL = p.URL
	for c := range 30 {
		p.Cookies = append(p.Cookies, w.cookie(&p, site, c))
	}
	for r := range 120 {
		p.Requests = append(p.Requests, w.request(&p, site, night, i, r))
	}
	for range 20 { // requests side by side end in any order
		k := w.rnd.IntN(len(p.Requests) - 1)
		p.Requests[k], p.Requests[k+1] = p.Requests[k+1], p.Requests[k]
	}
	for k := range 12 {
		host := vendorHost(site, k)
		p.Storage = append(p.Storage, crawler.Storage{
			Kind: crawler.Local, Origin: "https://" + host, Key: fmt.Sprintf("vendor_%d_state", k), Party: crawler.Third,
			SetBy: "https://" + host + "/tag.js", Initiators: []string{p.URL, "https://" + host + "/tag.js"}, Traits: w.traits(),
		})
	}
	for l := range 60 {
		p.Links = append(p.Links, crawler.Link{
			URL:  fmt.Sprintf("%sproducts/category-%d/item-%d", root, l%7, i+l),
			Text: fmt.Sprintf("Item %d, only today", i+l), Rel: crawler.RelAnchor,
		})
	}
	return p
}

func (w *web) cookie(p *crawler.Page, site, c int) crawler.Cookie {
	days := float64(c * 13)
	host := vendorHost(site, c)
	script := "https://" + host + "/tag.js"
	return crawler.Cookie{
		Name: fmt.Sprintf("_vendor%d_uid", c), Domain: "." + host, Path: "/", Party: crawler.Third, SetVia: crawler.ViaScript,
		SetBy: script, Initiators: []string{p.URL, "https://tags.test/gtm.js", script}, StoredDays: &days, AskedDays: &days,
		Secure: true, SameSite: "None", Traits: w.traits(),
	}
}

func (w *web) request(p *crawler.Page, site, night, page, r int) crawler.Request {
	host := vendorHost(site, r+night/30*3) // once a month some vendors change
	path := fmt.Sprintf("/static/asset-%d-%d.js", r, r*page%31)
	switch {
	case w.rnd.IntN(20) == 0:
		path = fmt.Sprintf("/collect/%08x", w.rnd.Uint32())
	case r%3 == 0:
		path = fmt.Sprintf("/g/collect?v&tid&gtm&_p&cid&ul&sr&uaa&en=page_view&gcs=G111&n%d", r)
	}
	return crawler.Request{
		URL: "https://" + host + path, Method: "GET", Type: "script", Status: 200, MIME: "text/javascript",
		Size: int64(1000*r) + int64(w.rnd.IntN(3)), Party: crawler.Third,
		Initiators: []string{p.URL, "https://tags.test/gtm.js", "https://" + host + "/tag.js"},
	}
}

func (w *web) traits() crawler.Traits {
	return crawler.Traits{
		Length: 36, Entropy: float64(w.rnd.IntN(100)) / 100, Identifier: true, Hash: fmt.Sprintf("%016x", w.rnd.Uint64()),
	}
}

func vendorHost(site, i int) string { return fmt.Sprintf("cdn%d.vendor%d.test", i%4, (i+site)%40) }
