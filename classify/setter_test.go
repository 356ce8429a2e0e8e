package classify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"trackscan/crawler"
)

// TestKeptByATrackersScript: what nobody knows by name is the tracker's whose script keeps it, unless the script is known
// to run what belongs to others, or the item lies at another company.
func TestKeptByATrackersScript(t *testing.T) {
	page := crawler.Page{URL: "https://www.shop.test/", FinalURL: "https://www.shop.test/", Scenario: crawler.NoChoice}
	for _, tc := range []struct{ key, origin, setBy, vendor string }{ // a key with "try" is removed again
		{"zz1", "https://www.shop.test", "https://www.google-analytics.com/a.js", "Google Analytics"},
		{"zz2", "https://www.shop.test", "https://www.googletagmanager.com/gtm.js", ""},
		{"zz3", "https://www.shop.test", "https://cdn.cookielaw.org/o.js", ""},
		{"zz4", "https://www.shop.test", "https://www.shop.test/site.js", ""},
		{"zz5", "https://frame.other.test", "https://www.google-analytics.com/a.js", ""},
		{"_fbp", "https://www.shop.test", "https://www.google-analytics.com/a.js", "Meta Pixel"},
		{"_fbp try", "https://www.shop.test", "https://www.google-analytics.com/a.js", "Google Analytics"},
		{"_fbp try", "https://www.shop.test", "https://www.shop.test/site.js", "Meta Pixel"},
	} {
		p := page
		key, tries := strings.CutSuffix(tc.key, " try")
		p.Storage = []crawler.Storage{{Kind: "local", Origin: tc.origin, Key: key, SetBy: tc.setBy, Transient: tries}}
		g := gatherer{cat: catalogue, site: page.URL, all: map[string]*found{}}
		g.storage(&p, &p.Storage[0])
		for _, f := range g.all {
			assert.Equal(t, tc.vendor, vendorName(f.identity), tc.key)
		}
	}
}
