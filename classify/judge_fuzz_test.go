package classify

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// FuzzClassify judges evidence and a policy that strangers wrote, and holds the result to what readers rely on.
func FuzzClassify(f *testing.F) {
	f.Add("_ga_A", ".shop.test", "_ga_<id>", "https://www.facebook.com/tr?id=1", "Google, Facebook", "shop.test")
	f.Add("\xff\x00", "", "*", "https://%zz", "(", "first")
	f.Add("1234", "[::1]", "xxx", "https://[::1]/a/b", "by  / , and", "no such scope")
	f.Add("uid", ".co.uk", "uid", "https://co.uk/\u202e/1234", "co.uk", "authToken")
	f.Fuzz(func(t *testing.T, name, domain, declared, url, vendor, scope string) {
		scan := seen(crawler.Page{
			Cookies:  []crawler.Cookie{cookie(name, domain), cookie(declared, ".tracker.test"), at(cookie(name, domain), url, scope)},
			Requests: []crawler.Request{{URL: url, Beacon: crawler.Ping, Initiators: []string{url, name}}},
			Storage:  []crawler.Storage{{Kind: crawler.Local, Origin: url, Key: name}},
		})
		policy := Policy{
			Cookies: []PolicyCookie{
				{Name: declared, NameIs: NameIsCookie, Vendor: Text(vendor), Category: Text(scope), DurationDays: days(1)},
				{Name: vendor, NameIs: NameIsVendor},
				{Name: domain, NameIs: NameIsDomain},
			},
			Vendors:       []PolicyVendor{{Name: vendor, Domains: []string{domain}, Category: "analytics", Quote: q(name)}},
			VendorsDenied: []PolicyVendor{{Name: scope, Domains: []string{url}}},
			Categories:    []PolicyCategory{{ID: Analytics, Label: name, Quote: q(vendor)}},
		}
		for _, id := range slices.Sorted(maps.Keys(techniqueClaims)) {
			policy.Claims = append(policy.Claims, Claim{ID: id, Scope: scope, Except: []string{name, vendor}, Quote: q(declared)})
		}
		for _, id := range []string{"exhaustive_list", "max_lifetime", "set_only_on_action", "prior_consent"} {
			policy.Claims = append(policy.Claims, Claim{ID: id, Scope: scope, Days: days(1), Quote: q("account " + name)})
		}
		sound(t, Classify(scan, declares(policy), catalogue))
		sound(t, Classify(scan, nil, catalogue))
	})
}

// sound holds a Result to CONTRACT: unique IDs, findings about trackers that are there, at most one of the rules of
// which a tracker has at most one, and JSON.
func sound(t *testing.T, r Result) {
	trackers, findings, rules := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, tr := range r.Trackers {
		require.False(t, trackers[tr.ID], tr.ID)
		trackers[tr.ID] = true
		require.NotEmpty(t, tr.Verdict)
		require.NotEmpty(t, tr.Pages)
		require.NotEmpty(t, tr.Scenarios)
	}
	for _, f := range r.Findings {
		require.False(t, findings[f.ID], f.ID)
		findings[f.ID] = true
		require.NotEmpty(t, f.Message)
		require.NotEmpty(t, f.Fix)
		if f.Tracker == "" {
			continue
		}
		require.True(t, trackers[f.Tracker], f.Tracker)
		switch f.Rule {
		case RuleUndeclared, RuleContradicted, RuleUnidentified:
			rules[f.Tracker]++
			require.Equal(t, 1, rules[f.Tracker])
		}
	}
	_, err := json.Marshal(r)
	require.NoError(t, err)
}
