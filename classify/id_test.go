package classify

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestTemplate(t *testing.T) {
	for name, want := range map[string]string{
		"":                                       "",
		"12345":                                  "*",
		"7":                                      "*",
		"theme":                                  "theme",
		"visitor_83921":                          "visitor_*",
		"cart-2":                                 "cart-*",
		"abc123":                                 "abc*",
		"oauth2_state":                           "oauth2_state",
		"utf8":                                   "utf8",
		"__Secure-3PSID":                         "__Secure-3PSID",
		"1P_JAR":                                 "1P_JAR",
		"__ar_v4":                                "__ar_v4",
		"facade":                                 "facade",
		"deadbeef":                               "deadbeef",
		"cafe24":                                 "cafe24",
		"sess_4f9a8c":                            "sess_*",
		"sess_4F9A8C01d2":                        "sess_*",
		"deadbeefdeadbeef":                       "*",
		"xK3vP9qL2mN8bT5w":                       "*",
		"userpreferences2024":                    "userpreferences*",
		"internationalization":                   "internationalization",
		"state.2026-11-22":                       "state.*-*-*",
		"a*b":                                    `a\*b`,
		`a\b`:                                    `a\\b`,
		"a\x00b":                                 `a\u{0}b`,
		"\u202egnp.exe":                          `\u{202e}gnp.exe`,
		"a\xff":                                  `a\xff`,
		"größe":                                  "größe",
		"has space":                              "has space",
		"\u00a0":                                 "\u00a0",
		"k-550e8400-e29b-41d4-a716-446655440000": "k-*",
		"550e8400-e29b-41d4-a716-446655440000.end": "*.end",
		"u550e8400-e29b-41d4-a716-446655440000":    "u*",
		"550e8400-e29b-41d4-a716-4466554400001":    "*-e29b-41d4-a*-*",
	} {
		require.Equal(t, want, template(name), "%q", name)
	}
}

func TestHasStar(t *testing.T) {
	require.True(t, hasStar("_ga_*"))
	require.False(t, hasStar("_ga"))
	require.False(t, hasStar(template("a*b")), "a literal star does not vary")
	require.True(t, hasStar(template("a*b1234")))
}

func TestNameTemplateTakesTheCatalogsPattern(t *testing.T) {
	require.Equal(t, "_ga_*", nameTemplate("_ga_ABC", Identity{Pattern: "_ga_*"}))
	require.Equal(t, "_gax*", nameTemplate("_gax123", Identity{Pattern: "_ga_*"}), "a pattern that does not fit is none")
	require.Equal(t, "x*", nameTemplate("x123", Identity{Pattern: "facebook.com/tr"}))
}

func TestIDs(t *testing.T) {
	for name, tc := range map[string]struct {
		page crawler.Page
		want []string
	}{
		"one name, several values of what varies": {
			crawler.Page{Cookies: []crawler.Cookie{cookie("_ga_A1B", ".shop.test"), cookie("_ga_C2D", ".shop.test")}},
			[]string{"cookie _ga_* .shop.test"},
		},
		"one name, two domains": {
			crawler.Page{Cookies: []crawler.Cookie{cookie("id", ".shop.test"), cookie("id", "www.shop.test")}},
			[]string{"cookie id .shop.test", "cookie id www.shop.test"},
		},
		"a path alone is no part of the ID": {
			crawler.Page{Cookies: []crawler.Cookie{at(cookie("id", ".shop.test"), "/account", "")}},
			[]string{"cookie id .shop.test"},
		},
		"paths tell apart": {
			crawler.Page{Cookies: []crawler.Cookie{
				cookie("id", ".shop.test"), at(cookie("id", ".shop.test"), "/my account", ""),
			}},
			[]string{"cookie id .shop.test", "cookie id .shop.test/my%20account"},
		},
		"paths with numbers are one": {
			crawler.Page{Cookies: []crawler.Cookie{
				at(cookie("id", ".shop.test"), "/p/1", ""), at(cookie("id", ".shop.test"), "/p/2", ""),
			}},
			[]string{"cookie id .shop.test"},
		},
		"partitions tell apart": {
			crawler.Page{Cookies: []crawler.Cookie{
				cookie("id", ".chat.test"), at(cookie("id", ".chat.test"), "/", "https://shop.test"),
			}},
			[]string{"cookie id .chat.test", "cookie id .chat.test partition=https://shop.test"},
		},
		"storage": {
			crawler.Page{Storage: []crawler.Storage{
				{Kind: crawler.Local, Origin: "https://www.shop.test", Key: "ph_phc1_posthog"},
				{Kind: crawler.Local, Origin: "https://www.shop.test", Key: "ph_phc2_posthog"},
				{Kind: crawler.IndexedDB, Origin: "https://www.shop.test:8443", Key: "db"},
			}},
			[]string{"storage indexeddb db www.shop.test", "storage local ph_*_posthog www.shop.test"},
		},
		"beacon and its host": {
			crawler.Page{Requests: []crawler.Request{
				{URL: "https://www.facebook.com/tr?id=1&ev=PageView", Beacon: crawler.Pixel},
				{URL: "https://px.test/c/550e8400-e29b-41d4-a716-446655440000/x", Beacon: crawler.Ping},
			}},
			[]string{
				"beacon px.test/c/*/x", "beacon www.facebook.com/tr", "request px.test", "request www.facebook.com",
			},
		},
		"the site's own small images and empty answers are no beacons": {
			crawler.Page{Requests: []crawler.Request{
				{URL: site + "dot.gif?ts=1", Beacon: crawler.Pixel}, {URL: site + "event", Beacon: crawler.Empty},
			}},
			nil,
		},
		"requests without a host": {
			crawler.Page{Requests: []crawler.Request{{URL: "data:image/gif;base64,R0"}, {URL: "blob:https://a/b"}, {URL: "::"}}},
			nil,
		},
		"names that differ only in what cannot be seen": {
			crawler.Page{Cookies: []crawler.Cookie{
				cookie("a", "www.shop.test"), cookie("a\x00", "www.shop.test"), cookie("a\u200b", "www.shop.test"),
				cookie("a\xff", "www.shop.test"), cookie(`a\xff`, "www.shop.test"), cookie("a\xfe", "www.shop.test"),
			}},
			[]string{
				`cookie a www.shop.test`, `cookie a\\xff www.shop.test`, `cookie a\u{0} www.shop.test`,
				`cookie a\u{200b} www.shop.test`, `cookie a\xfe www.shop.test`, `cookie a\xff www.shop.test`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var ids []string
			for _, tr := range Classify(seen(tc.page), nil, catalogue).Trackers {
				ids = append(ids, tr.ID)
			}
			require.Equal(t, tc.want, ids)
		})
	}
}

func at(c crawler.Cookie, path, partition string) crawler.Cookie {
	c.Path, c.PartitionKey = path, partition
	return c
}

func TestHugeNamesStayApartAndSmall(t *testing.T) {
	big := strings.Repeat("Ab\u202e ", 1<<18)
	scan := seen(crawler.Page{Storage: []crawler.Storage{
		{Kind: crawler.Local, Origin: "https://www.shop.test", Key: big + "x"},
		{Kind: crawler.Local, Origin: "https://www.shop.test", Key: big + "y"},
	}})
	r := Classify(scan, nil, catalogue)
	require.Len(t, r.Trackers, 2)
	for _, tr := range r.Trackers {
		require.Less(t, len(tr.ID), 300)
		require.LessOrEqual(t, len(tr.Name), maxNameBytes)
		require.True(t, utf8.ValidString(tr.Name))
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"_ga_ABC", "12345", "\x00\xff", "\u202e*\\", "550e8400-e29b-41d4-a716-446655440000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := template(name)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, got, visible(got), "a template has nothing invisible")
		if !hasStar(got) {
			require.Equal(t, unvaried(name), got, "what does not vary is the name itself")
		}
		require.LessOrEqual(t, len(clipID(got)), maxTemplateBytes+13)
	})
}

// unvaried is name as a template in which nothing varies.
func unvaried(name string) string {
	return visible(strings.NewReplacer(`\`, `\\`, `*`, `\*`).Replace(name))
}
