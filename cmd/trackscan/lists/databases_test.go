package lists

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

const someCookies = "\ufeffID,Platform,Category,Cookie / Data Key name,Domain,Description,Retention period,Data Controller," +
	"User Privacy & GDPR Rights Portals,Wildcard match\n" +
	"1,Acme Stats,Analytics,acme_id,acme.test,Tells visitors apart.,1 year,Acme Inc.,https://acme.test/privacy,0\n" +
	"2,Acme Stats,Analytics,acme_,,\"Remembers, per shop, a visit.\",session,Acme Inc.,,1\n" +
	"3,Acme Ads,Marketing,acme_ad_,,Follows visitors.,session,Acme Inc.,,1\n" +
	"4,Shorty,Marketing,id,\"short.test (3rd party), x.test\",Advertising.,1 day,Shorty,,0\n" +
	"5,One,Functional,both,one.test,Log-in.,1 day,One,,0\n" +
	"6,Two,Marketing,both,two.test,Advertising.,1 day,Two,,0\n" +
	"7,Taste,Preferences,lang_x,,Language.,1 day,,,0\n" +
	"8,Odd,Whatever,odd_cookie,,Nobody knows.,1 day,,,0\n" +
	"9,,Security,guard_x,,Keeps robots out.,,,,0\n" +
	"broken\n"

func TestCookieDB(t *testing.T) {
	db, err := readCookieDB(strings.NewReader(someCookies))
	require.NoError(t, err)
	require.Equal(t, 8, db.loaded().Rules)
	for _, c := range []struct {
		name, host string
		want       classify.Category
		vendor     string
		pattern    string
	}{
		{"acme_id", "shop.test", classify.Analytics, "Acme Stats", ""},
		{"acme_77", "shop.test", classify.Analytics, "Acme Stats", "acme_*"},
		{"acme_ad_7", "shop.test", classify.Advertising, "Acme Ads", "acme_ad_*"},
		{"Acme_id", "shop.test", "", "", ""},
		{"id", "px.short.test", classify.Advertising, "Shorty", ""},
		{"id", "x.test", classify.Advertising, "Shorty", ""},
		{"id", "shop.test", "", "", ""},
		{"both", "www.one.test", classify.Necessary, "One", ""},
		{"both", "two.test", classify.Advertising, "Two", ""},
		{"both", "shop.test", "", "", ""},
		{"lang_x", "", classify.Functional, "Taste", ""},
		{"odd_cookie", "shop.test", "", "", ""},
		{"guard_x", "shop.test", classify.Necessary, "", ""},
		{"", "shop.test", "", "", ""},
	} {
		id, ok := db.Identify(classify.Thing{Kind: classify.KindCookie, Name: c.name, Host: c.host})
		require.Equal(t, c.want != "", ok, "%s at %s", c.name, c.host)
		require.Equal(t, c.want, id.Category, c.name)
		require.Equal(t, c.pattern, id.Pattern, c.name)
		if c.vendor != "" {
			require.Equal(t, c.vendor, id.Vendor.Name)
		}
		if ok {
			require.Contains(t, id.Rule, "(Open Cookie Database)")
		}
	}
	_, ok := db.Identify(classify.Thing{Kind: classify.KindRequest, Name: "acme_id"})
	require.False(t, ok)
}

func TestCookieDBRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                 "EOF",
		"a,b,c\n1,2,3\n":   `no column "platform": not a copy of the Open Cookie Database`,
		"<html>\n</html>":  `no column "platform"`,
		"\x00\xff\n\"\n\"": `no column "platform"`,
	} {
		_, err := readCookieDB(strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

func FuzzCookieDB(f *testing.F) {
	f.Add(someCookies, "acme_id")
	f.Add("platform,category,cookie,domain,description,data controller,wildcard\n,functional,x\n", "x")
	f.Fuzz(func(t *testing.T, text, name string) {
		db, err := readCookieDB(strings.NewReader(text))
		if err != nil {
			return
		}
		id, ok := db.Identify(classify.Thing{Kind: classify.KindCookie, Name: name, Host: "shop.test"})
		require.Equal(t, ok, id.Category != classify.NoCategory)
	})
}

var someRadar = map[string]string{
	"domains/US/ads.test.json": `{"domain":"ads.test","owner":{"name":"Ads Inc.","displayName":"Ads"},
		"categories":["Analytics","Ad Motivated Tracking"],"resources":[{"rule":"ads\\.test"}]}`,
	"domains/US/stats.test.json":  `{"domain":"stats.test","owner":{},"categories":["Audience Measurement"]}`,
	"domains/US/cdn.test.json":    `{"domain":"cdn.test","owner":{"name":"CDN"},"categories":["CDN"]}`,
	"domains/US/fr.ads.test.json": `{"domain":"fr.ads.test","owner":{"name":"FR"},"categories":["Social Network"]}`,
	"entities/Ads Inc..json":      `{"name":"Ads Inc.","properties":["ads.test"]}`,
	"broken.json":                 `{"domain":`,
	"README.md":                   `# not JSON`,
}

func TestRadar(t *testing.T) {
	r, err := loadRadar(writeAll(t, someRadar))
	require.NoError(t, err)
	require.Equal(t, Loaded{"Tracker Radar", "2026-11-01", 3}, r.loaded())
	for _, c := range []struct {
		host, page string
		want       classify.Category
		vendor     string
	}{
		{"ads.test", "https://shop.test/", classify.Advertising, "Ads"},
		{"px.ADS.test", "https://shop.test/", classify.Advertising, "Ads"},
		{"x.fr.ads.test", "https://shop.test/", classify.Social, "FR"},
		{"stats.test", "", classify.Analytics, ""},
		{"ads.test", "https://www.ads.test/", "", ""},
		{"cdn.test", "https://shop.test/", "", ""},
		{"test", "https://shop.test/", "", ""},
		{"", "", "", ""},
	} {
		id, ok := r.Identify(classify.Thing{Kind: classify.KindBeacon, Host: c.host, Page: c.page})
		require.Equal(t, c.want != "", ok, c.host)
		require.Equal(t, c.want, id.Category, c.host)
		if c.vendor != "" {
			require.Equal(t, c.vendor, id.Vendor.Name)
		}
	}
	id, ok := r.Identify(classify.Thing{Kind: classify.KindRequest, URL: "https://ads.test/x", Page: "https://shop.test/"})
	require.True(t, ok, "the host is taken from the address")
	require.Equal(t, "ads.test (Tracker Radar)", id.Rule)
	_, ok = r.Identify(classify.Thing{Kind: classify.KindCookie, Host: "ads.test"})
	require.False(t, ok)
}

func TestLoadDatabases(t *testing.T) {
	folder := writeAll(t, map[string]string{"cookies.csv": someCookies, "radar/ads.test.json": someRadar["domains/US/ads.test.json"]})
	o := Options{
		Dir: t.TempDir(), System: []string{}, CookieDB: filepath.Join(folder, "cookies.csv"), Radar: filepath.Join(folder, "radar"),
	}
	loaded, known, err := Load(o)
	require.NoError(t, err)
	require.Equal(t, []Loaded{{"Open Cookie Database", "2026-11-01", 8}, {"Tracker Radar", "2026-11-01", 1}}, loaded)
	_, ok := known.Identify(classify.Thing{Kind: classify.KindCookie, Name: "acme_id"})
	require.True(t, ok)
	_, ok = known.Identify(request("https://nobody.test/"))
	require.False(t, ok)

	var out strings.Builder
	require.NoError(t, Status(o, &out))
	require.Equal(t, "Open Cookie Database: 8 entries of 2026-11-01\nTracker Radar: 1 entries of 2026-11-01\n", out.String())

	for _, bad := range []Options{
		{CookieDB: filepath.Join(folder, "missing.csv")},
		{Radar: filepath.Join(folder, "missing")},
		{Radar: t.TempDir()},
		{CookieDB: filepath.Join(folder, "radar/ads.test.json")},
	} {
		bad.Dir, bad.System = t.TempDir(), []string{}
		_, _, err := Load(bad)
		require.ErrorContains(t, err, "load ")
		require.Error(t, Status(bad, &out))
	}
}

func TestIn(t *testing.T) {
	dir := t.TempDir()
	require.Equal(t, Options{Dir: dir}, In(dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "open-cookie-database.csv"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "tracker-radar"), 0o700))
	o := In(dir)
	require.Equal(t, filepath.Join(dir, "open-cookie-database.csv"), o.CookieDB)
	require.Equal(t, filepath.Join(dir, "tracker-radar"), o.Radar)
}
