package classify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/crawler"
)

// TestCloaking: the alias of a tracker counts wherever it stands in the chain; those of delivery networks, of unknown
// companies and of the site's own hosts do not.
func TestCloaking(t *testing.T) {
	known, err := catalog.Load()
	require.NoError(t, err)
	page := crawler.Page{URL: "https://www.shop.test/", FinalURL: "https://www.shop.test/", Scenario: crawler.NoChoice}
	for host, chain := range map[string][]string{
		"metrics.shop.test": {"shop.eulerian.net", "edge.cdn.example"}, "static.shop.test": {"d111.cloudfront.net"},
		"own.shop.test": {"web.shop.test"}, "strange.shop.test": {"nobody.example"},
	} {
		page.Requests = append(page.Requests, crawler.Request{URL: "https://" + host + "/x.js", Type: "script", Party: crawler.First})
		page.Aliases = append(page.Aliases, crawler.Alias{Host: host, Chain: chain})
	}
	page.Aliases = append(page.Aliases, crawler.Alias{Host: "never.shop.test", Chain: []string{"x.eulerian.net"}})
	scan := &crawler.Scan{Site: "https://www.shop.test/", Pages: []crawler.Page{page}}
	result := classify.Classify(scan, nil, known)
	var cloaked []string
	for _, f := range result.Findings {
		if f.Rule == classify.RuleCloaking {
			cloaked = append(cloaked, f.Subject)
			require.Equal(t, classify.Medium, f.Severity)
			require.Contains(t, f.Message, "shop.eulerian.net")
		}
	}
	require.Equal(t, []string{"metrics.shop.test"}, cloaked)
}
