package classify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestClaimsOverScenarios tests promises that take more than one look.
func TestClaimsOverScenarios(t *testing.T) {
	fbp, ga := cookie("_fbp", ".shop.test"), cookie("_ga", ".shop.test")
	aYear := cookie("own", ".shop.test")
	aYear.StoredDays = days(365)
	pixel := ping("https://www.facebook.com/tr")
	universal := func(more string) crawler.Request {
		return ping("https://www.google-analytics.com/j/collect?v=1&tid=UA-1-1" + more)
	}
	gpcFailed := visits(perScenario{crawler.NoChoice: with(fbp), crawler.GPC: {}})
	gpcFailed.Failures = []crawler.Failure{{URL: site + "a", Scenario: crawler.GPC, Stage: crawler.StageRender}}
	sought := func(p crawler.Page) *crawler.Scan {
		scan := unasked(perScenario{crawler.NoChoice: p})
		scan.Agent = crawler.Agent{Language: "de-DE", Timezone: "Europe/Berlin"}
		scan.Scenarios = append(scan.Scenarios, crawler.Answer{Scenario: crawler.Accept, Result: crawler.NotApplicable})
		return scan
	}
	for name, tc := range map[string]struct {
		claim    Claim
		scan     *crawler.Scan
		result   string
		evidence []string
		scenario string
	}{
		"no advertising, and it comes with consent": {
			Claim{ID: "no_advertising_cookies"},
			visits(perScenario{crawler.NoChoice: {}, crawler.Accept: with(fbp)}),
			Broken,
			[]string{"cookie _fbp .shop.test"},
			"accept",
		},
		"at most 30 days, and a year after consent": {
			Claim{ID: "max_lifetime", Days: days(30)},
			visits(perScenario{crawler.NoChoice: with(ga), crawler.Accept: with(aYear, brought(ga))}),
			Broken,
			[]string{"cookie own .shop.test"},
			"accept",
		},
		"a complete list, and one more after consent": {
			Claim{ID: "exhaustive_list"},
			visits(perScenario{crawler.NoChoice: {}, crawler.Accept: with(aYear)}),
			Broken,
			[]string{"cookie own .shop.test"},
			"accept",
		},
		"kept to ourselves, and told to another": {
			Claim{ID: "first_party_use_only"},
			visits(perScenario{crawler.NoChoice: told(identified("own_id"), "https://stats.example/hit")}),
			Broken,
			[]string{"request stats.example"},
			"no-choice",
		},
		"kept to ourselves, and so it is": {
			Claim{ID: "first_party_use_only"},
			visits(perScenario{crawler.NoChoice: told(identified("own_id"), "https://www.shop.test/hit")}),
			Holds, nil, "",
		},
		"only with consent, and so it is": {
			Claim{ID: "prior_consent"}, visits(perScenario{crawler.NoChoice: {}, crawler.Accept: with(fbp)}), Holds, nil, "",
		},
		"only with consent, and a third party is contacted": {
			Claim{ID: "prior_consent"},
			visits(perScenario{crawler.NoChoice: asks(pixel)}),
			Broken,
			[]string{"beacon www.facebook.com/tr", "request www.facebook.com"},
			"no-choice",
		},
		"only with consent, and a library": {
			Claim{ID: "prior_consent"},
			visits(perScenario{crawler.NoChoice: asks(script("https://connect.facebook.net/a.js"))}),
			Holds, nil, "",
		},
		"GPC honoured": {
			Claim{ID: "gpc_honored"}, visits(perScenario{crawler.NoChoice: with(fbp, ga), crawler.GPC: with(ga)}), Holds, nil, "",
		},
		"GPC ignored": {
			Claim{ID: "gpc_honored"},
			visits(perScenario{crawler.NoChoice: with(fbp), crawler.GPC: with(fbp)}),
			Broken,
			[]string{"cookie _fbp .shop.test"},
			"gpc",
		},
		"GPC not sent":                   {Claim{ID: "gpc_honored"}, visits(perScenario{crawler.NoChoice: with(fbp)}), NotTestable, nil, ""},
		"GPC, and nothing to withhold":   {Claim{ID: "gpc_honored"}, visits(perScenario{crawler.NoChoice: {}, crawler.GPC: {}}), NotTestable, nil, ""},
		"GPC, and a page was not seen":   {Claim{ID: "gpc_honored"}, gpcFailed, NotTestable, nil, ""},
		"a banner":                       {Claim{ID: "consent_banner"}, visits(perScenario{crawler.NoChoice: {}}), Holds, nil, ""},
		"no banner, though looked for":   {Claim{ID: "consent_banner"}, sought(crawler.Page{}), Broken, nil, "no-choice"},
		"no banner, but its manager":     {Claim{ID: "consent_banner"}, sought(with(cookie("OptanonConsent", ".shop.test"))), NotTestable, nil, ""},
		"no banner, and none looked for": {Claim{ID: "consent_banner"}, unasked(perScenario{crawler.NoChoice: {}}), NotTestable, nil, ""},
		"addresses shortened": {
			Claim{ID: "ip_anonymization"}, visits(perScenario{crawler.NoChoice: asks(universal("&aip=1"))}), Holds, nil, "",
		},
		"addresses not shortened": {
			Claim{ID: "ip_anonymization"},
			visits(perScenario{crawler.NoChoice: asks(universal("&aip=1"), universal("&t=event"))}),
			Broken,
			[]string{"beacon www.google-analytics.com/j/collect", "request www.google-analytics.com"},
			"no-choice",
		},
		"the analytics that never keep addresses": {
			Claim{ID: "ip_anonymization"},
			visits(perScenario{crawler.NoChoice: asks(ping("https://www.google-analytics.com/g/collect?v=2&tid=G-1"))}), NotTestable, nil, "",
		},
		"what was only still there": {
			Claim{ID: "no_analytics_cookies"},
			visits(perScenario{crawler.NoChoice: {}, crawler.Reject: with(brought(ga))}),
			Broken,
			[]string{"cookie _ga .shop.test"},
			"reject",
		},
		"context":                 {Claim{ID: "consent_by_use"}, visits(perScenario{crawler.NoChoice: with(fbp)}), NotTestable, nil, ""},
		"context of a login":      {Claim{ID: "cookies_on_login"}, visits(perScenario{crawler.NoChoice: with(fbp)}), NotTestable, nil, ""},
		"context of links":        {Claim{ID: "outbound_link_tracking"}, visits(perScenario{crawler.NoChoice: {}}), NotTestable, nil, ""},
		"anonymous visitors only": {Claim{ID: "no_pii_in_cookies"}, visits(perScenario{crawler.NoChoice: with(fbp)}), NotTestable, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			policy := declares(Policy{Claims: []Claim{tc.claim}})
			if tc.claim.ID == "exhaustive_list" {
				policy.Cookies = []PolicyCookie{{Name: "listed", NameIs: NameIsCookie, Quote: q("listed")}}
			}
			r := Classify(tc.scan, policy, catalogue)
			sound(t, r)
			require.Equal(t, tc.result, r.Claims[0].Result)
			require.Equal(t, append([]string{}, tc.evidence...), r.Claims[0].Evidence)
			scenario := ""
			for _, f := range r.Findings {
				if f.Rule == RuleBrokenClaim {
					scenario = f.Scenario
				}
			}
			require.Equal(t, tc.scenario, scenario)
		})
	}
}

func TestAMissingBannerIsToldWithWhereItWasLookedFor(t *testing.T) {
	scan := unasked(perScenario{crawler.NoChoice: {}})
	scan.Agent = crawler.Agent{Language: "de-DE", Timezone: "Europe/Berlin"}
	scan.Scenarios = append(scan.Scenarios, crawler.Answer{Scenario: crawler.Reject, Result: crawler.NotApplicable})
	r := Classify(scan, declares(Policy{Claims: []Claim{{ID: "consent_banner"}}}), catalogue)
	require.Len(t, r.Findings, 1)
	require.Contains(t, r.Findings[0].Message, "speaks de-DE in the time zone Europe/Berlin")
}

// TestUnseenNeedsAnAnswer: what may stand behind an answer that was not given is not called unseen.
func TestUnseenNeedsAnAnswer(t *testing.T) {
	policy := declares(Policy{Cookies: []PolicyCookie{{Name: "gone", NameIs: NameIsCookie}}})
	unseen := func(scan *crawler.Scan) int { return len(Classify(scan, policy, catalogue).Unseen) }
	require.Zero(t, unseen(visits(perScenario{crawler.NoChoice: {}})))
	require.Zero(t, unseen(visits(perScenario{crawler.NoChoice: {}, crawler.Reject: {}})))
	require.Equal(t, 1, unseen(visits(perScenario{crawler.NoChoice: {}, crawler.Accept: {}})))
	require.Equal(t, 1, unseen(unasked(perScenario{crawler.NoChoice: {}})))
	refused := visits(perScenario{crawler.NoChoice: {}, crawler.Accept: {}})
	refused.Scenarios[1].Result = crawler.NotConfirmed
	require.Zero(t, unseen(refused))
	onlyPage := unasked(perScenario{crawler.NoChoice: {}})
	onlyPage.Pages[0].Consent = &crawler.ConsentState{Banner: true}
	require.Zero(t, unseen(onlyPage), "a banner that only a page tells of")
}

// identified is a cookie of the site that tells visitors apart.
func identified(name string) crawler.Cookie {
	c := cookie(name, ".shop.test")
	c.Traits = crawler.Traits{Length: 32, Identifier: true, Hash: "h-" + name}
	return c
}

// told is a page on which the value of a cookie goes to an address.
func told(c crawler.Cookie, url string) crawler.Page {
	p := with(c)
	p.Requests = []crawler.Request{{
		URL: url, Method: "GET", Type: "fetch", Status: 200, Party: crawler.PartyOf(site, crawler.HostOf(url)), Carries: []string{c.Traits.Hash},
	}}
	return p
}
