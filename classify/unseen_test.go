package classify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestUnseen(t *testing.T) {
	listed := func(names ...string) Policy {
		var p Policy
		for _, n := range names {
			p.Cookies = append(p.Cookies, PolicyCookie{Name: n, NameIs: NameIsCookie, Quote: q("row " + n)})
		}
		return p
	}
	consented := cookie("OptanonConsent", ".shop.test")
	answers := func(scan *crawler.Scan, a ...crawler.Answer) *crawler.Scan {
		scan.Scenarios = append(scan.Scenarios, a...)
		return scan
	}
	for name, tc := range map[string]struct {
		scan   *crawler.Scan
		policy Policy
		want   []string
	}{
		"a name":                     {cookies(cookie("_ga", ".shop.test")), listed("_ga", "gone"), []string{"gone"}},
		"a wildcard, seen":           {cookies(cookie("cart_1", ".shop.test")), listed("cart_*"), nil},
		"a wide wildcard, seen":      {cookies(cookie("_ga_A", ".shop.test")), listed("_ga_*", "_g*"), nil},
		"another case, seen":         {cookies(cookie("PHPSESSID", ".shop.test")), listed("phpsessid"), nil},
		"declared twice":             {cookies(), listed("gone", "Gone "), []string{"gone"}},
		"a benign record, seen":      {answers(cookies(consented), answered(crawler.Accept)), listed("OptanonConsent"), nil},
		"a page was missed":          {failedScan(), listed("gone"), nil},
		"no page at all":             {&crawler.Scan{Site: site}, listed("gone"), nil},
		"a banner was left alone":    {answers(cookies(), crawler.Answer{Scenario: crawler.Reject, Banner: "OneTrust"}), listed("gone"), nil},
		"a consent manager":          {cookies(consented), listed("gone"), nil},
		"a consent manager's server": {requests(crawler.Request{URL: "https://cdn.cookielaw.org/a.js"}), listed("gone"), nil},
		"a choice made elsewhere":    {cookies(cookie("OptanonConsent", ".other.test")), listed("gone"), []string{"gone"}},
		"another benign record":      {cookies(cookie("ARRAffinity", ".shop.test")), listed("gone"), []string{"gone"}},
		"a promised banner": {
			cookies(), Policy{Cookies: listed("gone").Cookies, Claims: []Claim{{ID: "consent_banner"}}}, nil,
		},
		"accepted": {
			answers(cookies(consented), answered(crawler.Accept)), listed("gone"), []string{"gone"},
		},
		"only after logging in": {
			cookies(), Policy{
				Cookies: listed("authToken").Cookies, Claims: []Claim{{ID: "set_only_on_action", Scope: "authToken"}},
			}, nil,
		},
		"a vendor": {
			cookies(), Policy{Vendors: []PolicyVendor{{Name: "Hotjar", Category: "analytics"}}}, []string{"Hotjar"},
		},
		"a vendor, seen": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			Policy{Vendors: []PolicyVendor{{Name: "Hotjar Ltd.", Category: "analytics"}}},
			nil,
		},
		"a vendor for whom its cookies speak": {
			cookies(), Policy{
				Cookies: []PolicyCookie{{Name: "_hjid", NameIs: NameIsCookie, Vendor: "Hotjar"}},
				Vendors: []PolicyVendor{{Name: "Hotjar", Category: "analytics"}},
			}, []string{"_hjid"},
		},
		"a host of services": {
			cookies(), Policy{Vendors: []PolicyVendor{{Name: "Amazon Web Services"}, {Name: "Stripe", Category: "necessary"}}}, nil,
		},
		"a listed product, seen": {
			cookies(cookie("_fbp", ".shop.test")), Policy{Cookies: []PolicyCookie{{Name: "Facebook Pixel", NameIs: NameIsVendor}}}, nil,
		},
		"a listed host, seen": {
			requests(crawler.Request{URL: "https://px.stats.test/"}),
			Policy{Cookies: []PolicyCookie{{Name: "stats.test", NameIs: NameIsDomain}}},
			nil,
		},
		"a listed host": {
			cookies(), Policy{Cookies: []PolicyCookie{{Name: "stats.test", NameIs: NameIsDomain}}}, []string{"stats.test"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, declares(tc.policy), catalogue)
			got, found := []string{}, []string{}
			for _, u := range r.Unseen {
				got = append(got, u.Declared)
			}
			for _, f := range r.Findings {
				if f.Rule == RuleUnseen {
					found = append(found, f.Subject)
					require.Equal(t, Low, f.Severity)
					require.Equal(t, "unseen-declaration "+f.Subject, f.ID)
					require.Empty(t, f.Tracker)
				}
			}
			require.Equal(t, append([]string{}, tc.want...), got)
			require.Equal(t, got, found)
		})
	}
}

func answered(s crawler.Scenario) crawler.Answer {
	return crawler.Answer{Scenario: s, Result: crawler.Answered, Banner: "OneTrust"}
}

func failedScan() *crawler.Scan {
	scan := cookies()
	scan.Failures = []crawler.Failure{{URL: site + "x", Stage: crawler.StageRender}}
	return scan
}
