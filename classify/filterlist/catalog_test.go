package filterlist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

func TestIdentify(t *testing.T) {
	var lists []*List
	for _, text := range []string{
		"! Title: Online Malicious URL Blocklist\n||bad.test^\n||both.test^",
		"! Title: EasyPrivacy\n||stats.test^\n||both.test^\n@@||stats.test/cart.js",
		"! Title: EasyList\n||ads.test^$third-party",
		"! Title: Fanboy's Social Blocking List\n||like.test^",
		"! Title: My own list\n||mine.test^",
	} {
		l, err := Parse(strings.NewReader(text))
		require.NoError(t, err)
		lists = append(lists, l)
	}
	e, err := NewEngine(lists...)
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		thing    classify.Thing
		category classify.Category
		rule     string // empty when nothing is known
	}{
		{
			"analytics",
			classify.Thing{Kind: classify.KindRequest, URL: "https://stats.test/x.js", Page: shop, Type: "script"},
			classify.Analytics, "||stats.test^ (EasyPrivacy)",
		},
		{
			"beacon",
			classify.Thing{Kind: classify.KindBeacon, URL: "https://stats.test/t.gif", Page: shop, Type: "image"},
			classify.Analytics, "||stats.test^ (EasyPrivacy)",
		},
		{
			"host alone",
			classify.Thing{Kind: classify.KindRequest, Host: "stats.test", Page: shop},
			classify.Analytics, "||stats.test^ (EasyPrivacy)",
		},
		{
			"advertising",
			classify.Thing{Kind: classify.KindRequest, URL: "https://ads.test/", Page: shop, Type: "frame"},
			classify.Advertising, "||ads.test^$third-party (EasyList)",
		},
		{
			"advertising at home",
			classify.Thing{Kind: classify.KindRequest, URL: "https://ads.test/", Page: "https://ads.test/"},
			"", "",
		},
		{
			"social",
			classify.Thing{Kind: classify.KindRequest, URL: "https://like.test/", Page: shop},
			classify.Social, "||like.test^ (Fanboy's Social Blocking List)",
		},
		{
			"own list",
			classify.Thing{Kind: classify.KindRequest, URL: "https://mine.test/", Page: shop},
			classify.NoCategory, "||mine.test^ (My own list)",
		},
		{"malware is no tracker", classify.Thing{Kind: classify.KindRequest, URL: "https://bad.test/", Page: shop}, "", ""},
		{
			"malware that tracks",
			classify.Thing{Kind: classify.KindRequest, URL: "https://both.test/", Page: shop},
			classify.Analytics, "||both.test^ (EasyPrivacy)",
		},
		{"excepted", classify.Thing{Kind: classify.KindRequest, URL: "https://stats.test/cart.js", Page: shop, Type: "script"}, "", ""},
		{"a visit", classify.Thing{Kind: classify.KindRequest, URL: "https://stats.test/", Page: shop, Type: "document"}, "", ""},
		{"cookie", classify.Thing{Kind: classify.KindCookie, Name: "a", Host: "stats.test", Page: shop}, "", ""},
		{"nothing", classify.Thing{Kind: classify.KindRequest}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, ok := e.Identify(c.thing)
			require.Equal(t, c.rule != "", ok)
			require.Equal(t, c.rule, id.Rule)
			require.Equal(t, c.category, id.Category)
			if ok {
				require.Equal(t, classify.FromFilterList, id.Source)
				require.NotEmpty(t, id.Purpose)
				require.Nil(t, id.Vendor)
			}
		})
	}
}

func TestKindOfList(t *testing.T) {
	for name, want := range map[string]Kind{
		"EasyList":                                 KindAdvertising,
		"EasyPrivacy":                              KindPrivacy,
		"EasyList Cookie List":                     KindOther,
		"Fanboy's Annoyance List":                  KindOther,
		"uBlock filters":                           KindAdvertising,
		"uBlock filters – Privacy":                 KindPrivacy,
		"uBlock filters – Unbreak":                 KindOther,
		"uBlock filters – Badware risks":           KindOther,
		"AdGuard Base filter":                      KindAdvertising,
		"AdGuard Tracking Protection":              KindPrivacy,
		"AdGuard Social Media filter":              KindSocial,
		"Peter Lowe’s Ad and tracking server list": KindMixed,
		"": KindMixed,
	} {
		require.Equal(t, want, kindOfList(name), name)
	}
}
