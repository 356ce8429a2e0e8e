package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

func TestHintCookie(t *testing.T) {
	c := load(t)
	year, session := 365.0, 0.0
	for _, tt := range []struct {
		name      string
		cookie    crawler.Cookie
		elsewhere []string
		want      string
	}{
		{"nothing seen", crawler.Cookie{}, nil, "Nobody can name it yet."},
		{
			"identifier of a known script",
			crawler.Cookie{
				Traits: crawler.Traits{Length: 32, Identifier: true}, StoredDays: &year,
				SetBy: "https://static.hotjar.com/c/hotjar-1.js",
			},
			nil,
			"Nobody can name it yet; it holds what looks like an identifier of the visitor, lives for 365 days, " +
				"was set by a script or answer of Hotjar.",
		},
		{
			"the same identifier elsewhere",
			crawler.Cookie{Traits: crawler.Traits{Identifier: true}, Party: crawler.Third, Domain: ".px.test", AskedDays: &session},
			[]string{"d.test", "b.test", "a.test", "b.test", "c.test"},
			"Nobody can name it yet; it holds an identifier that was also seen at a.test, b.test, c.test and 1 more, " +
				"ends with the browser session, belongs to another site (px.test).",
		},
		{
			"flag of the site itself",
			crawler.Cookie{
				Traits: crawler.Traits{Length: 1}, Party: crawler.First, HTTPOnly: true, SetBy: "https://www.shop.test/",
			},
			nil,
			"Nobody can name it yet; it holds a short flag, too short to tell visitors apart, was set by www.shop.test, " +
				"cannot be read by scripts, as is usual for logins and sessions.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := c.hintCookie(tt.cookie, tt.elsewhere)
			require.Equal(t, classify.Identity{Source: classify.FromHeuristic, Purpose: tt.want}, got)
		})
	}
}

func TestHintStorage(t *testing.T) {
	got := load(t).hintStorage(crawler.Storage{
		Origin: "https://frame.test", Party: crawler.Third, Traits: crawler.Traits{Identifier: true},
	}, nil)
	require.Equal(t, "Nobody can name it yet; it holds what looks like an identifier of the visitor, "+
		"belongs to another site (frame.test).", got.Purpose)
	require.Equal(t, classify.NoCategory, got.Category)
}

func TestHints(t *testing.T) {
	shared := crawler.Traits{Length: 20, Identifier: true, Hash: "h"}
	scan := &crawler.Scan{Pages: []crawler.Page{
		{Cookies: []crawler.Cookie{
			{Name: "zz", Domain: ".shop.test", Traits: shared},
			{Name: "zz", Domain: ".px.test", Party: crawler.Third, Traits: shared},
		}},
		{Storage: []crawler.Storage{{Key: "zz", Origin: "https://www.shop.test", Traits: shared}}},
	}}
	c := load(t)
	all := classify.Catalogs{c, c.Hints(scan)}
	for _, tt := range []struct {
		name  string
		thing classify.Thing
		want  string
	}{
		{
			"cookie",
			classify.Thing{Kind: classify.KindCookie, Name: "zz", Host: "shop.test", Page: "https://shop.test/"},
			"Nobody can name it yet; it holds an identifier that was also seen at px.test.",
		},
		{
			"cookie with a leading dot",
			classify.Thing{Kind: classify.KindCookie, Name: "zz", Host: ".px.test"},
			"Nobody can name it yet; it holds an identifier that was also seen at shop.test, www.shop.test, " +
				"belongs to another site (px.test).",
		},
		{
			"storage",
			classify.Thing{Kind: classify.KindStorage, Name: "zz", Host: "www.shop.test"},
			"Nobody can name it yet; it holds an identifier that was also seen at px.test.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := all.Identify(tt.thing)
			require.True(t, ok)
			require.Equal(t, classify.Identity{Source: classify.FromHeuristic, Purpose: tt.want}, got)
		})
	}
	known, ok := all.Identify(classify.Thing{Kind: classify.KindCookie, Name: "_ga", Host: "shop.test"})
	require.True(t, ok)
	require.Equal(t, classify.FromCatalog, known.Source)
	_, ok = all.Identify(classify.Thing{Kind: classify.KindRequest, URL: "https://zzqx.example/"})
	require.False(t, ok)
}

func TestLifetime(t *testing.T) {
	for days, want := range map[float64]string{
		-1: "ends with the browser session", 0: "ends with the browser session", 0.5: "lives for less than a day",
		1: "lives for a day", 30: "lives for 30 days",
	} {
		require.Equal(t, want, lifetime(days))
	}
}
