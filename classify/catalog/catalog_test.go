package catalog

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

// loaded is the embedded catalogue, read once for all tests.
var loaded = sync.OnceValues(Load)

func load(t testing.TB) *Catalog {
	t.Helper()
	c, err := loaded()
	require.NoError(t, err)
	return c
}

// made is a catalogue of the vendor files given as name and text.
func made(t testing.TB, files map[string]string) *Catalog {
	t.Helper()
	dir := fstest.MapFS{}
	for name, src := range files {
		dir[name+".yaml"] = &fstest.MapFile{Data: []byte(src)}
	}
	c, err := Read(dir)
	require.NoError(t, err)
	return c
}

const acme = `name: Acme
category: advertising
for: Shows ads.
hosts: [acme.test, cdn.acme.test, google.*]
benign: [fonts.acme.test]
hosts_as: {analytics: [stats.acme.test]}
urls:
  acme.test/tr: {as: social, for: Reports visits.}
  acme.test/a/*/b: {}
  acme.test/open/*: {}
  "*/acme/collect?v=2&tid=A-*&cid": {as: analytics}
cookies:
  id@ _s@.acme.test: {days: 30}
  ac: {days: 0}
  ac_*: {days: 365, as: analytics}
  ac_*_end: {}
  "*_acme_tail": {}
  ac_#: {as: functional}
  AC%: {}
  AC01*@: {as: social}
`

func TestIdentifyNames(t *testing.T) {
	c := made(t, map[string]string{"acme": acme})
	for _, tt := range []struct {
		name, cookie, host, page string
		pattern                  string
		category                 classify.Category
	}{
		{name: "exact", cookie: "ac", host: "shop.test", category: classify.Advertising},
		{name: "prefix", cookie: "ac_x", host: "shop.test", pattern: "ac_*", category: classify.Analytics},
		{name: "longer literal wins", cookie: "ac_x_end", host: "shop.test", pattern: "ac_*_end", category: classify.Advertising},
		{name: "front wildcard", cookie: "any_acme_tail", host: "shop.test", pattern: "*_acme_tail", category: classify.Advertising},
		{name: "hex", cookie: "AC01afAF", host: "shop.test", pattern: "AC*", category: classify.Advertising},
		{name: "generic name at the vendor's host", cookie: "id", host: "cdn.acme.test", category: classify.Advertising},
		{name: "generic name in a country", cookie: "id", host: "www.google.co.uk", category: classify.Advertising},
		{name: "scoped to a domain", cookie: "_s", host: ".acme.test", category: classify.Advertising},
		{name: "unknown name at a known host", cookie: "zzz", host: "stats.acme.test", category: classify.Analytics},
		{name: "scoped pattern", cookie: "AC01afAF", host: "acme.test", pattern: "AC01*", category: classify.Social},
		{name: "scoped pattern without a host", cookie: "AC01afAF", pattern: "AC*", category: classify.Advertising},
		{name: "only a scoped pattern without a host", cookie: "AC01zz", pattern: "AC01*", category: classify.Social},
		{name: "generic name without a host", cookie: "id", category: classify.Advertising},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := c.Identify(classify.Thing{Kind: classify.KindCookie, Name: tt.cookie, Host: tt.host, Page: tt.page})
			require.True(t, ok)
			require.Equal(t, "Acme", got.Vendor.Name)
			require.Equal(t, tt.category, got.Category)
			require.Equal(t, tt.pattern, got.Pattern)
			require.Equal(t, classify.FromCatalog, got.Source)
		})
	}
}

func TestIdentifyNamesUnknown(t *testing.T) {
	c := made(t, map[string]string{"acme": acme})
	for _, tt := range []struct{ name, cookie, host, page string }{
		{name: "empty", host: "shop.test"},
		{name: "case counts", cookie: "Ac", host: "shop.test"},
		{name: "wildcard wants a byte", cookie: "_acme_tail", host: "shop.test"},
		{name: "hex wants six digits", cookie: "AC01afA", host: "shop.test"},
		{name: "hex wants nothing else", cookie: "AC01afAg", host: "shop.test"},
		{name: "generic name elsewhere", cookie: "id", host: "shop.test"},
		{name: "scoped name elsewhere", cookie: "_s", host: "notacme.test"},
		{name: "own name on the vendor's own site", cookie: "zzz", host: "acme.test", page: "https://www.acme.test/"},
		{name: "very long", cookie: "ac_" + strings.Repeat("x", 5000), host: "shop.test"},
		{name: "another registrant's google", cookie: "zzz", host: "google.evil.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, ok := c.Identify(classify.Thing{Kind: classify.KindCookie, Name: tt.cookie, Host: tt.host, Page: tt.page})
			require.False(t, ok)
		})
	}
}

func TestIdentifyRequests(t *testing.T) {
	c := made(t, map[string]string{"acme": acme})
	for _, tt := range []struct {
		name, url string
		category  classify.Category
		pattern   string
		benign    bool
	}{
		{name: "host", url: "https://acme.test/x", category: classify.Advertising},
		{name: "sub-host", url: "https://a.b.acme.test/x", category: classify.Advertising},
		{name: "longest suffix", url: "https://x.stats.acme.test", category: classify.Analytics},
		{name: "benign", url: "https://fonts.acme.test/x.woff2", category: classify.Functional, benign: true},
		{name: "path", url: "https://www.acme.test/tr?id=1", category: classify.Social, pattern: "acme.test/tr"},
		{name: "path below", url: "https://www.acme.test/tr/x", category: classify.Social, pattern: "acme.test/tr"},
		{name: "longer word is another path", url: "https://www.acme.test/translate", category: classify.Advertising},
		{name: "wildcard in the path", url: "https://acme.test/a/1/2/b", category: classify.Advertising, pattern: "acme.test/a/*/b"},
		{name: "open end", url: "https://acme.test/open/x/y", category: classify.Advertising, pattern: "acme.test/open/*"},
		{
			name: "any host", url: "https://shop.test/m/acme/collect?cid=1&tid=A-7&v=2",
			category: classify.Analytics, pattern: "*/acme/collect?v=2&tid=A-*&cid",
		},
		{
			name: "values that evidence leaves out", url: "https://shop.test/acme/collect?cid=&tid=&v=",
			category: classify.Analytics, pattern: "*/acme/collect?v=2&tid=A-*&cid",
		},
		{name: "port, user and case", url: "HTTPS://u:p@WWW.Acme.test.:8443/x", category: classify.Advertising},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := c.Identify(classify.Thing{Kind: classify.KindRequest, URL: tt.url})
			require.True(t, ok)
			require.Equal(t, tt.category, got.Category)
			require.Equal(t, tt.pattern, got.Pattern)
			require.Equal(t, tt.benign, got.Benign)
		})
	}
	for _, url := range []string{
		"", "x", "https://", "https:///acme.test", "https://notacme.test/", "https://shop.test/acme/collect?cid=1&tid=B-7&v=2",
		"https://shop.test/acme/collect?cid=1&v=2", "https://acme.test.evil.com/", "https://shop.test/?u=https://acme.test/",
	} {
		t.Run("unknown "+url, func(t *testing.T) {
			_, ok := c.Identify(classify.Thing{Kind: classify.KindRequest, URL: url})
			require.False(t, ok)
		})
	}
}

func TestReadRefuses(t *testing.T) {
	const head = "name: A\ncategory: analytics\nfor: Counts.\n"
	for _, tt := range []struct{ name, src, want string }{
		{"nothing", "", "bad.yaml: name, category and for are required"},
		{"unknown field", head + "colour: red\n", "line 4: colour: no such field"},
		{"unknown category", head + "cookies:\n  a: {as: tracking}\n", `unknown category "tracking"`},
		{"unknown term", head + "cookies:\n  a: {colour: red}\n", "colour: no such field"},
		{"upper-case host", head + "hosts: [Shop.test]\n", "no host in lower case"},
		{"host with a scheme", head + "hosts: ['https://shop.test']\n", "no host in lower case"},
		{"bare wildcard", head + "cookies:\n  \"*\": {}\n", "a pattern needs a letter"},
		{"negative days", head + "cookies:\n  a: {days: -1}\n", "want days"},
		{"endless days", head + "cookies:\n  a: {days: .inf}\n", "want days"},
		{"two keys", head + "name: B\n", `line 4: key "name" stands twice`},
		{"wrong scope", head + "cookies:\n  a@.B: {}\n", "is no domain"},
		{"address without a path", head + "urls:\n  shop.test: {}\n", "needs a path"},
		{"any host without a segment", head + "urls:\n  \"*/x*/*\": {}\n", "segment without wildcards"},
		{"two wildcards at the end", head + "urls:\n  a.test/x#*: {}\n", "two wildcards"},
		{"link without a scheme", head + "website: www.a.test\n", "with its scheme"},
		{"open bracket", head + "hosts: [a.test\n", "want a comma"},
		{"tab", head + "cookies:\n\ta: {}\n", "line 5: tabs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(fstest.MapFS{"bad.yaml": &fstest.MapFile{Data: []byte(tt.src)}})
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestVersionFollowsContent(t *testing.T) {
	one, other := made(t, map[string]string{"acme": acme}), made(t, map[string]string{"acme": acme + "  z: {}\n"})
	require.Len(t, one.Version(), 12)
	require.Equal(t, one.Version(), made(t, map[string]string{"acme": acme}).Version())
	require.NotEqual(t, one.Version(), other.Version())
}

func TestVendorsAreSortedAndComplete(t *testing.T) {
	c := load(t)
	files, err := fs.Glob(embedded, "vendors/*.yaml")
	require.NoError(t, err)
	vendors := c.Vendors()
	require.Len(t, vendors, len(files))
	for i := 1; i < len(vendors); i++ {
		require.Less(t, vendors[i-1].Name, vendors[i].Name)
	}
	got, ok := c.Vendor("Google Analytics")
	require.True(t, ok)
	require.Equal(t, "Google", got.Owner)
	_, ok = c.Vendor("No such vendor")
	require.False(t, ok)
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIdentify(b *testing.B) {
	c := load(b)
	for _, thing := range []struct {
		name string
		classify.Thing
	}{
		{"cookie exact", classify.Thing{Kind: classify.KindCookie, Name: "_ga", Host: "shop.test"}},
		{"cookie pattern", classify.Thing{Kind: classify.KindCookie, Name: "_ga_ABC123XYZ", Host: "shop.test"}},
		{"cookie front wildcard", classify.Thing{Kind: classify.KindCookie, Name: "mp_ab12cd34_mixpanel", Host: "shop.test"}},
		{"cookie generic", classify.Thing{Kind: classify.KindCookie, Name: "fr", Host: "facebook.com"}},
		{"cookie unknown", classify.Thing{Kind: classify.KindCookie, Name: "wp_unknown_name_xyz", Host: "www.shop.test"}},
		{"request host", classify.Thing{Kind: classify.KindRequest, URL: "https://px4.ads.linkedin.com/collect?v=2&fmt=js"}},
		{"request unknown", classify.Thing{Kind: classify.KindRequest, URL: "https://static.www.shop.test/assets/app.123.js"}},
	} {
		b.Run(thing.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Identify(thing.Thing)
			}
		})
	}
}
