package classify

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// FuzzChoices judges scans of several scenarios, with what a page said of consent, all of it written by strangers: the
// scenarios may be unknown, contradict one another or be missing.
func FuzzChoices(f *testing.F) {
	f.Add("_fbp", "https://www.google-analytics.com/g/collect?gcs=G100", "reject", "answered", "C0004", "cookie _fbp", uint16(0x5a))
	f.Add("xq", "https://a.doubleclick.net/p?us_privacy=1YNN&gpp="+gppMany, "gpc", "not-confirmed", "necessary", "", uint16(0xffff))
	f.Add("", "https://a.doubleclick.net/p?gdpr_consent="+tcSome, "\x00", "", "\xff", "cookie ", uint16(0))
	f.Fuzz(func(t *testing.T, name, url, scenario, result, group, confirmed string, bits uint16) {
		on := func(n int) bool { return bits>>n&1 == 1 }
		state := &crawler.ConsentState{
			Banner: on(0), Choice: on(1), Confirmed: confirmed, Manager: name, RejectClicks: int(bits) - 3,
			Modes:  []crawler.ConsentMode{{Command: group, Granted: []string{name, "ad_storage"}, Denied: []string{group}}},
			Groups: []crawler.Grouped{{Name: name, Group: group}, {Name: url, Kind: "vendor", Group: group}},
			TCF:    url, GPP: name, USP: group,
		}
		ToldBy(state)
		scan := &crawler.Scan{Site: site}
		for i, s := range []crawler.Scenario{crawler.NoChoice, crawler.Reject, crawler.Scenario(scenario), crawler.GPC} {
			c := identifying(cookie(name, ".shop.test"))
			c.Brought, c.Traits.Identifier = on(2+i), on(6+i)
			page := crawler.Page{
				URL: site, FinalURL: site, Scenario: s,
				Cookies:  []crawler.Cookie{c, cookie("_fbp", ".shop.test")},
				Requests: []crawler.Request{{URL: url, Type: group, Method: name}, ping(url), script(url)},
			}
			if on(10 + i) {
				page.Consent = state
			}
			scan.Pages = append(scan.Pages, page)
			scan.Scenarios = append(scan.Scenarios, crawler.Answer{Scenario: s, Result: crawler.Outcome(result)})
		}
		policy := declares(Policy{
			DNT:     group,
			Cookies: []PolicyCookie{{Name: name, NameIs: NameIsCookie, Category: Text(group)}},
			Claims:  everyClaim(group),
		})
		r := Classify(scan, policy, catalogue)
		sound(t, r)
		sound(t, Classify(scan, nil, catalogue))
		rand.Shuffle(len(scan.Pages), func(i, k int) { scan.Pages[i], scan.Pages[k] = scan.Pages[k], scan.Pages[i] })
		require.Equal(t, r, Classify(scan, policy, catalogue), "the order of the evidence does not matter")
	})
}

// claimIDs are all that CLAIMS.md knows, and one that it does not.
var claimIDs = []string{
	"no_cookies", "only_necessary_cookies", "no_third_party_cookies", "no_advertising_cookies", "no_analytics_cookies",
	"no_third_party_trackers", "no_third_party_requests", "no_web_beacons", "no_fingerprinting", "no_local_storage",
	"first_party_use_only", "max_lifetime", "majority_lifetime", "session_only", "exhaustive_list", "set_only_on_action",
	"cookies_on_login", "prior_consent", "consent_by_use", "consent_banner", "no_pii_in_cookies", "ip_anonymization",
	"gpc_honored", "outbound_link_tracking", "no_sorcery",
}

func everyClaim(scope string) []Claim {
	var all []Claim
	for _, id := range claimIDs {
		all = append(all, Claim{ID: id, Days: days(1), Quote: q("account")}, Claim{ID: id, Scope: scope})
	}
	return all
}

// TestNothingAtAll judges what is hardly there.
func TestNothingAtAll(t *testing.T) {
	policy := declares(Policy{Claims: everyClaim("")})
	for _, scan := range []*crawler.Scan{
		{},
		{Site: site, Pages: make([]crawler.Page, 3)},
		{Site: "%", Pages: []crawler.Page{{Consent: &crawler.ConsentState{}}, {Scenario: crawler.Reject}}},
		{Site: site, Scenarios: []crawler.Answer{{}, {Scenario: crawler.Accept, Result: crawler.NotApplicable}}},
		{Site: site, Scenarios: []crawler.Answer{{Scenario: crawler.Reject, Result: crawler.Answered, Banner: "\x1b[2J"}}},
	} {
		for _, p := range []*Policy{nil, {}, policy} {
			r := Classify(scan, p, catalogue)
			sound(t, r)
			require.Empty(t, r.Trackers)
		}
	}
}
