package crawler

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTemplate(t *testing.T) {
	cases := map[string]struct{ in, want string }{
		"home":               {"https://www.shop.test/", "shop.test/"},
		"index file":         {"https://shop.test/index.html", "shop.test/"},
		"other host":         {"https://blog.shop.test/", "blog.shop.test/"},
		"plain word":         {"https://shop.test/about", "shop.test/about"},
		"number":             {"https://shop.test/product/12345", "shop.test/product/*"},
		"number and ending":  {"https://shop.test/product/12345.html", "shop.test/product/*.html"},
		"date":               {"https://shop.test/2024/01/31/", "shop.test/*/*/*"},
		"date in one":        {"https://shop.test/news/2024-01-31", "shop.test/news/*"},
		"UUID":               {"https://shop.test/p/6f1c2d3e-aaaa-4bbb-8ccc-1234567890ab", "shop.test/p/*"},
		"hex":                {"https://shop.test/p/deadbeef01", "shop.test/p/*"},
		"random":             {"https://shop.test/p/aB3xK9pQ2z", "shop.test/p/*"},
		"slug":               {"https://shop.test/blog/why-we-bake-bread", "shop.test/blog/*"},
		"slug with id":       {"https://shop.test/p/red-shoe-4711", "shop.test/p/*"},
		"long page name":     {"https://shop.test/terms-and-conditions", "shop.test/terms-and-conditions"},
		"post at the root":   {"https://shop.test/why-we-bake-bread-every-day", "shop.test/*"},
		"digits in a word":   {"https://shop.test/page12", "shop.test/page#"},
		"language":           {"https://shop.test/de/about", "shop.test/{lang}/about"},
		"language, region":   {"https://shop.test/pt_BR/about", "shop.test/{lang}/about"},
		"region, language":   {"https://shop.test/us/en/about", "shop.test/{lang}/{lang}/about"},
		"query":              {"https://shop.test/search?q=shoe&sort=up", "shop.test/search?q&sort"},
		"query, other order": {"https://shop.test/search?sort=down&q=hat&q=cap", "shop.test/search?q&sort"},
		"routing parameter":  {"https://shop.test/index.php?page=contact&id=3", "shop.test/?id&page=contact"},
		"page number":        {"https://shop.test/news?page=7", "shop.test/news?page"},
		"not Latin":          {"https://shop.test/%D0%BE-%D0%BD%D0%B0%D1%81", "shop.test/о-нас"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, Template(c.in)) })
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"https://shop.test/de/a-b-c/12.html?q=1&page=x", "https://a/%zz/%00", "::", "https://a/?&=", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		shape := Template(address)
		require.Equal(t, shape, Template(address))
		for _, wide := range families(shape) {
			require.NotEmpty(t, wide)
		}
	})
}

func TestFamilies(t *testing.T) {
	require.Equal(t, []string{"*/city/berlin", "shop.test/*/berlin", "shop.test/city/*"}, families("shop.test/city/berlin"))
	require.Equal(t, []string{"shop.test/search?*"}, families("shop.test/search?q&size"))
	require.Equal(t, []string{"*/product/*", "shop.test/*/*"}, families("shop.test/product/*"))
}
