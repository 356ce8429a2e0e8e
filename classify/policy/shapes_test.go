package policy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCookieShapes reads cookies from shapes that conversions and authors make of tables and lists.
func TestCookieShapes(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"headings that are names": {
			"### _ga\n\nCounts visits to our pages. It lasts 2 years.\n\n### PHPSESSID\n\nKeeps you logged in until you close the browser.",
			"_ga analytics 730.5, PHPSESSID necessary 0",
		},
		"a line for each cell": {
			"| Name |\nPurpose |\nDuration |\n| _fbp |\nShows you advertising |\n90 days |\n| shop_id |\nKeeps you logged in |\nSession |",
			"_fbp advertising 90, shop_id necessary 0",
		},
		"a cell left out": {
			"| Name | Provider | Purpose | Duration |\n|---|---|---|---|\n| _ga | Counts visits | 2 years | |\n| _gid | Counts visits of a day | 24 hours | |",
			"_ga analytics 730.5, _gid analytics 1",
		},
		"headers in another language": {
			"| Cookie | Dauer | Typ | Beschreibung |\n|---|---|---|---|\n| shop_lang | 1 Woche | Funktional | Used to remember your language. |",
			"shop_lang functional 7",
		},
		"placeholders": {
			"| Name | Purpose |\n|---|---|\n| _ga_<container-id> | Counts visits |",
			"_ga_<container-id> analytics -",
		},
		"no names": {
			"| Service | Purpose | Cookie? |\n|---|---|---|\n| Vimeo | Shows films | Yes, but only when you press the button to play one |\n\n" +
				"Write to privacy[at]shop[dot]test. Other cookies \"survive\" the browser.\n\n### 10.2 Cookies of ours",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range readCase(t, c.text).Cookies {
				got = append(got, c.Name+" "+string(c.Category)+" "+daysOf(c.DurationDays))
			}
			assert.Equal(t, c.want, strings.Join(got, ", "))
		})
	}
}

func TestVendorLists(t *testing.T) {
	p := readCase(t, "## Third-party providers on this site\n\n* [Vimeo](https://vimeo.com/terms)\n* [Hotjar](https://hotjar.com/legal)\n* [Matomo](https://matomo.org)\n* [Picture Archive](https://archive.test/terms)")
	assert.Equal(t, []string{"Vimeo", "Hotjar", "Matomo", "Picture Archive"}, vendorNames(p))
	p = readCase(t, "## How to manage cookies in your browser\n\n* [Vimeo](https://vimeo.com/terms)\n* [Hotjar](https://hotjar.com/legal)")
	assert.Empty(t, vendorNames(p))
	p = readCase(t, "Payments are processed by our reseller, Number X Europe Ltd.")
	assert.NotContains(t, vendorNames(p), "X")
}

func daysOf(days *float64) string {
	if days == nil {
		return "-"
	}
	return strconv.FormatFloat(*days, 'f', -1, 64)
}
