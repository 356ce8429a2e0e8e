package classify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/crawler"
)

func TestConfigured(t *testing.T) {
	known, err := catalog.Load()
	require.NoError(t, err)
	const (
		gtm     = "https://www.googletagmanager.com/gtm.js?id=*"
		meta    = "https://connect.facebook.net/en_US/fbevents.js"
		bing    = "https://bat.bing.com/bat.js"
		ownGTM  = "https://www.shop.test/t.js"
		segment = "https://cdn.segment.com/v1/projects/k/settings"
	)
	for _, tt := range []struct {
		name       string
		containers []crawler.Container
		requests   []string
		subjects   []string
		message    string
	}{
		{
			"nothing of it started",
			[]crawler.Container{{Manager: "gtm", ID: "GTM-A", URL: gtm, Loads: []string{meta, bing}}, {Manager: "gtm", ID: "GTM-B", URL: gtm, Loads: []string{bing}}},
			nil,
			[]string{"www.googletagmanager.com"},
			"Google Tag Manager (www.googletagmanager.com) is set up to load Meta Pixel (container GTM-A) and Microsoft Advertising (container GTM-A, GTM-B), and nothing of that started in this scan.",
		},
		{
			"one of them started",
			[]crawler.Container{{Manager: "gtm", ID: "GTM-A", URL: ownGTM, Party: crawler.First, Loads: []string{meta, bing}}},
			[]string{bing},
			[]string{"www.shop.test/t.js"},
			"Google Tag Manager (www.shop.test/t.js) is set up to load Meta Pixel (container GTM-A), and nothing of that started in this scan.",
		},
		{
			"by name",
			[]crawler.Container{{Manager: "segment", URL: segment, Names: []string{"hotjar", "Core", "Our own thing"}}},
			nil,
			[]string{"cdn.segment.com"},
			"Segment (cdn.segment.com) is set up to load Hotjar, and nothing of that started in this scan.",
		},
		{"all started", []crawler.Container{{Manager: "gtm", ID: "GTM-A", URL: gtm, Loads: []string{meta, bing}}}, []string{bing, meta}, nil, ""},
		{
			"pages of others, fonts, what is needed, what nobody knows, the manager itself",
			[]crawler.Container{{Manager: "gtm", ID: "GTM-A", URL: gtm, Loads: []string{
				"https://www.facebook.com/sharer/sharer.php", "https://www.youtube.com/embed/x", "https://twitter.com/shop", "https://fonts.googleapis.com/css",
				"https://www.google.com/recaptcha/api.js", "https://nobody.example/a.js", "https://www.shop.test/a.js", "https://www.googletagmanager.com/gtag/js",
			}}},
			nil, nil, "",
		},
		{"a manager that nobody knows", []crawler.Container{{Manager: "other", URL: "https://x.example/a.js", Loads: []string{meta}}}, nil, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := crawler.Page{URL: "https://www.shop.test/", FinalURL: "https://www.shop.test/", Scenario: crawler.NoChoice, Containers: tt.containers}
			for _, url := range tt.requests {
				page.Requests = append(page.Requests, crawler.Request{URL: url, Type: "script", Party: crawler.Third})
			}
			var subjects []string
			for _, f := range classify.Classify(&crawler.Scan{Site: "https://www.shop.test/", Pages: []crawler.Page{page}}, nil, known).Findings {
				if f.Rule == classify.RuleConfigured {
					subjects = append(subjects, f.Subject)
					require.Equal(t, classify.Low, f.Severity)
					require.Equal(t, f.Rule+" "+f.Tracker, f.ID)
					require.Equal(t, tt.message, f.Message)
				}
			}
			require.Equal(t, tt.subjects, subjects)
		})
	}
}

// TestTealiumTags: what the numbers of Tealium's templates stand for is known to the catalogue.
func TestTealiumTags(t *testing.T) {
	known, err := catalog.Load()
	require.NoError(t, err)
	vendors := map[string]string{
		"1157": "Adform", "4049": "DoubleClick", "6026": "Meta Pixel", "7110": "Google Analytics", "7115": "Google Ads",
		"7117": "Google Ads", "7132": "Google Ads", "8009": "Hotjar", "19063": "Adobe Analytics",
	}
	for number, vendor := range vendors {
		c := crawler.ReadContainer("https://tags.tiqcdn.com/utag/a/b/prod/utag.js", `utag.loader.cfg={"1":{load:1,tid:`+number+`}}`)
		require.NotNil(t, c, number)
		require.Len(t, c.Loads, 1)
		id, ok := known.Identify(classify.Thing{Kind: classify.KindRequest, Host: crawler.HostOf(c.Loads[0]), URL: c.Loads[0]})
		require.True(t, ok, number)
		require.Equal(t, vendor, id.Vendor.Name, number)
	}
}
