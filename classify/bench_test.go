package classify

import (
	"fmt"
	"testing"

	"trackscan/crawler"
)

// BenchmarkClassify judges a thousand pages with 150 pieces of evidence each against a policy of 300 rows.
func BenchmarkClassify(b *testing.B) {
	scan := &crawler.Scan{Site: site}
	for i := range 1000 {
		url := fmt.Sprintf("%sp/%d", site, i)
		p := crawler.Page{URL: url, FinalURL: url, Depth: i % 5, Scenario: crawler.NoChoice}
		for n := range 50 {
			p.Cookies = append(p.Cookies, cookie(fmt.Sprintf("name%c%c", 'a'+n%26, 'a'+n/26), ".shop.test"))
			p.Requests = append(p.Requests, crawler.Request{
				URL: fmt.Sprintf("https://h%d.test/a/b/c?x=*", n), Beacon: crawler.Pixel, Initiators: []string{url},
			})
			p.Storage = append(p.Storage, crawler.Storage{
				Kind: crawler.Local, Origin: "https://www.shop.test", Key: fmt.Sprintf("key-%d", n*i),
			})
		}
		scan.Pages = append(scan.Pages, p)
	}
	var policy Policy
	for i := range 300 {
		policy.Cookies = append(policy.Cookies, PolicyCookie{Name: fmt.Sprintf("row%d_*", i), NameIs: NameIsCookie})
	}
	nothing := knows(func(Thing) (Identity, bool) { return Identity{}, false })
	for b.Loop() {
		Classify(scan, declares(policy), nothing)
	}
}
