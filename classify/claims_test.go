package classify

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestClaims(t *testing.T) {
	lasting := func(name string, n float64) crawler.Cookie {
		c := cookie(name, ".shop.test")
		c.StoredDays = days(n)
		return c
	}
	third := cookie("uid_long", ".tracker.test")
	half := 0.5
	for name, tc := range map[string]struct {
		claim    Claim
		page     crawler.Page
		result   string
		evidence []string
	}{
		"no cookies": {Claim{ID: "no_cookies"}, crawler.Page{}, Holds, nil},
		"no cookies, one set": {
			Claim{ID: "no_cookies"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("xq", "www.shop.test")}},
			Broken,
			[]string{"cookie xq www.shop.test"},
		},
		"no cookies on this host": {
			Claim{ID: "no_cookies", Scope: "shop.test"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("xq", "www.shop.test")}},
			Broken,
			[]string{"cookie xq www.shop.test"},
		},
		"no cookies on a host that was not visited": {
			Claim{ID: "no_cookies", Scope: "old.test"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("xq", "www.shop.test")}},
			NotTestable, nil,
		},
		"a consent manager's record breaks no promise": {
			Claim{ID: "only_necessary_cookies"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("OptanonConsent", ".shop.test"), cookie("PHPSESSID", "www.shop.test")}},
			Holds, nil,
		},
		"only necessary, analytics set": {
			Claim{ID: "only_necessary_cookies"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("_ga", ".shop.test")}},
			Broken,
			[]string{"cookie _ga .shop.test"},
		},
		"only necessary, unknown set": {
			Claim{ID: "only_necessary_cookies"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("xq", ".shop.test")}},
			NotTestable, nil,
		},
		"no third-party cookies": {
			Claim{ID: "no_third_party_cookies"}, crawler.Page{Cookies: []crawler.Cookie{cookie("_ga", ".shop.test")}}, Holds, nil,
		},
		"no third-party cookies, one set": {
			Claim{ID: "no_third_party_cookies"},
			crawler.Page{Cookies: []crawler.Cookie{third}},
			Broken,
			[]string{"cookie uid_long .tracker.test"},
		},
		"no third-party cookies, the one excepted": {
			Claim{ID: "no_third_party_cookies", Except: []string{"tracker.test"}},
			crawler.Page{Cookies: []crawler.Cookie{third}},
			Holds, nil,
		},
		"no advertising, a request": {
			Claim{ID: "no_advertising_cookies"},
			crawler.Page{Requests: []crawler.Request{{URL: "https://a.listed.test/"}}},
			Broken,
			[]string{"request a.listed.test"},
		},
		"no advertising, analytics": {
			Claim{ID: "no_advertising_cookies"}, crawler.Page{Cookies: []crawler.Cookie{cookie("_ga", ".shop.test")}}, Holds, nil,
		},
		"no third-party requests, a font": {
			Claim{ID: "no_third_party_requests"},
			crawler.Page{Requests: []crawler.Request{{URL: "https://fonts.test/a"}}},
			Broken,
			[]string{"request fonts.test"},
		},
		"no third-party trackers, a font": {
			Claim{ID: "no_third_party_trackers"}, crawler.Page{Requests: []crawler.Request{{URL: "https://fonts.test/a"}}}, Holds, nil,
		},
		"no beacons, the site's own ping": {
			Claim{ID: "no_web_beacons"}, crawler.Page{Requests: []crawler.Request{{URL: site + "e", Beacon: crawler.Ping}}}, Holds, nil,
		},
		"no beacons, a pixel": {
			Claim{ID: "no_web_beacons"},
			crawler.Page{Requests: []crawler.Request{{URL: "https://www.facebook.com/tr", Beacon: crawler.Pixel}}},
			Broken,
			[]string{"beacon www.facebook.com/tr"},
		},
		"no local storage": {
			Claim{ID: "no_local_storage"},
			crawler.Page{Storage: []crawler.Storage{{Kind: crawler.Local, Origin: "https://www.shop.test", Key: "theme"}}},
			Broken,
			[]string{"storage local theme www.shop.test"},
		},
		"max lifetime": {
			Claim{ID: "max_lifetime", Days: days(30)},
			crawler.Page{Cookies: []crawler.Cookie{lasting("a", 31), lasting("b", 40)}},
			Broken,
			[]string{"cookie b .shop.test"},
		},
		"max lifetime without cookies": {Claim{ID: "max_lifetime", Days: days(30)}, crawler.Page{}, NotTestable, nil},
		"max lifetime without days": {
			Claim{ID: "max_lifetime"}, crawler.Page{Cookies: []crawler.Cookie{lasting("a", 31)}}, NotTestable, nil,
		},
		"max lifetime of first-party cookies": {
			Claim{ID: "max_lifetime", Days: days(20), Scope: "first"},
			crawler.Page{Cookies: []crawler.Cookie{third, lasting("a", 2)}},
			Holds, nil,
		},
		"majority": {
			Claim{ID: "majority_lifetime", Days: days(30), Quantile: &half},
			crawler.Page{Cookies: []crawler.Cookie{lasting("a", 0), lasting("b", 30), lasting("c", 400)}},
			Holds, nil,
		},
		"half is no majority": {
			Claim{ID: "majority_lifetime", Days: days(30)},
			crawler.Page{Cookies: []crawler.Cookie{lasting("a", 0), lasting("b", 400)}},
			Broken,
			[]string{"cookie b .shop.test"},
		},
		"session only": {
			Claim{ID: "session_only"}, crawler.Page{Cookies: []crawler.Cookie{lasting("a", 0)}}, Holds, nil,
		},
		"session only, a year": {
			Claim{ID: "session_only"},
			crawler.Page{Cookies: []crawler.Cookie{lasting("a", 365)}},
			Broken,
			[]string{"cookie a .shop.test"},
		},
		"complete list": {
			Claim{ID: "exhaustive_list"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("listed", ".shop.test"), cookie("OptanonConsent", ".shop.test")}},
			Holds, nil,
		},
		"complete list, one more": {
			Claim{ID: "exhaustive_list"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("other", ".shop.test")}},
			Broken,
			[]string{"cookie other .shop.test"},
		},
		"prior consent": {
			Claim{ID: "prior_consent"},
			crawler.Page{Cookies: []crawler.Cookie{cookie("_ga", ".shop.test"), cookie("exempt", ".shop.test")}},
			Broken,
			[]string{"cookie _ga .shop.test"},
		},
		"prior consent, library and cookieless ping": {
			Claim{ID: "prior_consent"},
			crawler.Page{Requests: []crawler.Request{
				{URL: "https://www.googletagmanager.com/gtm.js"},
				{URL: "https://www.google-analytics.com/g/collect?gcs=G100", Beacon: crawler.Ping},
			}},
			Holds, nil,
		},
		"prior consent, ping with consent": {
			Claim{ID: "prior_consent"},
			crawler.Page{Requests: []crawler.Request{
				{URL: "https://www.google-analytics.com/g/collect?gcs=G100", Beacon: crawler.Ping},
				{URL: "https://www.google-analytics.com/g/collect?gcs=G101", Beacon: crawler.Ping},
			}},
			Broken,
			[]string{"beacon www.google-analytics.com/g/collect", "request www.google-analytics.com"},
		},
		"only after logging in": {
			Claim{ID: "set_only_on_action", Scope: "authToken", Quote: q("Set when you log in to your account.")},
			crawler.Page{},
			Holds, nil,
		},
		"only after logging in, set at once": {
			Claim{ID: "set_only_on_action", Scope: "authToken", Quote: q("Set when you log in to your account.")},
			crawler.Page{Cookies: []crawler.Cookie{cookie("authToken", "www.shop.test"), cookie("xq", "www.shop.test")}},
			Broken,
			[]string{"cookie authToken www.shop.test"},
		},
		"only on an action that a scan may do": {
			Claim{ID: "set_only_on_action", Scope: "authToken", Quote: q("Set when you watch a film.")},
			crawler.Page{Cookies: []crawler.Cookie{cookie("authToken", "www.shop.test")}},
			NotTestable, nil,
		},
		"prior consent, unknown set": {
			Claim{ID: "prior_consent"}, crawler.Page{Cookies: []crawler.Cookie{cookie("xq", "www.shop.test")}}, NotTestable, nil,
		},
		"a banner that was not recognised":         {Claim{ID: "consent_banner"}, crawler.Page{}, NotTestable, nil},
		"what a scan without a choice cannot tell": {Claim{ID: "gpc_honored"}, crawler.Page{}, NotTestable, nil},
		"a claim that is not known":                {Claim{ID: "no_sorcery"}, crawler.Page{}, NotTestable, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.claim.Text == "" {
				tc.claim.Quote = q("We promise.")
			}
			policy := declares(Policy{Claims: []Claim{tc.claim}})
			if tc.claim.ID == "exhaustive_list" {
				policy.Cookies = []PolicyCookie{{Name: "listed", NameIs: NameIsCookie, Quote: q("listed")}}
			}
			r := Classify(seen(tc.page), policy, catalogue)
			require.Len(t, r.Claims, 1)
			got := r.Claims[0]
			require.Equal(t, tc.result, got.Result)
			require.Equal(t, append([]string{}, tc.evidence...), got.Evidence)
			require.Equal(t, tc.claim.Text, got.Text)

			broken := 0
			for _, f := range r.Findings {
				if f.Rule == RuleBrokenClaim {
					broken++
					require.Equal(t, tc.claim.ID, f.Subject)
					require.Empty(t, f.Tracker)
					require.Equal(t, High, f.Severity)
					require.Equal(t, []string{site}, f.Pages)
				}
			}
			require.Equal(t, tc.result == Broken, broken == 1)
		})
	}
}

func TestAPromiseIsNotKeptByPagesThatWereNotSeen(t *testing.T) {
	policy := declares(Policy{Claims: []Claim{{ID: "no_third_party_cookies"}}})
	result := func(stage crawler.Stage, scenario crawler.Scenario) string {
		scan := seen(crawler.Page{})
		scan.Failures = []crawler.Failure{{URL: site + "x", Stage: stage, Scenario: scenario}}
		return Classify(scan, policy, catalogue).Claims[0].Result
	}
	require.Equal(t, NotTestable, result(crawler.StageRender, crawler.NoChoice))
	require.Equal(t, Holds, result(crawler.StageRender, crawler.Reject), "promises are tested without a choice")
	require.Equal(t, Holds, result(crawler.StagePolicy, crawler.NoChoice))
}

func TestOneFindingForOnePromise(t *testing.T) {
	scan := cookies(cookie("uid_long", ".tracker.test"))
	r := Classify(scan, declares(Policy{Claims: []Claim{
		{ID: "no_third_party_cookies", Quote: q("None.")}, {ID: "no_third_party_cookies", Quote: q("None at all.")},
	}}), catalogue)
	require.Len(t, r.Claims, 2)
	require.Equal(t, []string{"broken-claim no_third_party_cookies", "contradicted cookie uid_long .tracker.test"}, findingIDs(r))
}

func TestABannerThatWasSeenKeepsItsPromise(t *testing.T) {
	scan := cookies()
	scan.Scenarios[0].Banner = "OneTrust"
	r := Classify(scan, declares(Policy{Claims: []Claim{{ID: "consent_banner"}}}), catalogue)
	require.Equal(t, Holds, r.Claims[0].Result)
}

func TestASweepingPromiseBesideItsOpposite(t *testing.T) {
	storageRow := PolicyCookie{Name: "other", NameIs: NameIsCookie, Storage: "local_storage"}
	hotjarDeclared := []PolicyVendor{{Name: "Hotjar", Category: "analytics"}}
	for name, tc := range map[string]struct {
		policy Policy
		claim  Claim
		want   string
	}{
		"no cookies": {Policy{}, Claim{ID: "no_cookies"}, Broken},
		"no cookies, and a list of them": {
			Policy{Cookies: []PolicyCookie{{Name: "x1", NameIs: NameIsCookie}}}, Claim{ID: "no_cookies"}, NotTestable,
		},
		"no cookies, and a list of storage": {
			Policy{Cookies: []PolicyCookie{storageRow}}, Claim{ID: "no_cookies"}, Broken,
		},
		"no beacons": {Policy{}, Claim{ID: "no_web_beacons"}, Broken},
		"no beacons, and beacons": {
			Policy{Technologies: []Technology{{ID: "web_beacon"}}}, Claim{ID: "no_web_beacons"}, NotTestable,
		},
		"no beacon of one vendor": {
			Policy{VendorsDenied: []PolicyVendor{{Name: "Facebook Pixel"}}},
			Claim{ID: "no_web_beacons", Quote: q("We do not use the Facebook Pixel.")},
			NotTestable,
		},
		"no local storage": {Policy{}, Claim{ID: "no_local_storage"}, Broken},
		"no local storage, and an item of it": {
			Policy{Cookies: []PolicyCookie{storageRow}}, Claim{ID: "no_local_storage"}, NotTestable,
		},
		"no third-party cookies": {Policy{}, Claim{ID: "no_third_party_cookies"}, Broken},
		"no third-party cookies, and some": {
			Policy{ThirdPartyCookies: "declared"}, Claim{ID: "no_third_party_cookies"}, NotTestable,
		},
		"no third-party requests": {Policy{}, Claim{ID: "no_third_party_requests"}, Broken},
		"no third-party requests, and vendors": {
			Policy{Vendors: hotjarDeclared}, Claim{ID: "no_third_party_requests"}, NotTestable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			scan := seen(crawler.Page{
				Cookies:  []crawler.Cookie{cookie("xq", ".shop.test"), cookie("uid_long", ".tracker.test")},
				Requests: []crawler.Request{{URL: "https://px.test/p.gif", Beacon: crawler.Pixel}},
				Storage:  []crawler.Storage{{Kind: crawler.Local, Origin: "https://www.shop.test", Key: "theme"}},
			})
			tc.policy.Claims = []Claim{tc.claim}
			r := Classify(scan, declares(tc.policy), catalogue)
			require.Equal(t, tc.want, r.Claims[0].Result)
			contradicted := slices.ContainsFunc(r.Trackers, func(tr Tracker) bool { return tr.Verdict == Contradicted })
			require.Equal(t, tc.want == Broken, contradicted)
		})
	}
}
