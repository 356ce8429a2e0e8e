package report

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// evening is a scan of three pages with the given trackers on the first of them; change puts it out of order.
func evening(change func(*judged), trackers ...classify.Tracker) Night {
	j := judged{scan: newScan(3), policies: []classify.Policy{shopPolicy()}}
	for _, t := range trackers {
		if t.Pages = []string{shop}; t.PageCount == 0 {
			t.PageCount = 1
		}
		j.result.Trackers = append(j.result.Trackers, t)
		if t.Verdict == classify.Undeclared {
			j.result.Findings = append(j.result.Findings, finding("undeclared", classify.Medium, t, "m", "f"))
		}
	}
	if change != nil {
		change(&j)
	}
	return NewNight(&j.scan, j.result, j.policies)
}

var (
	hotjar = by(tracker(classify.KindCookie, "_hjid", "Hotjar", classify.Analytics, classify.Undeclared, 1), gtm, hjar)
	meta   = by(tracker(classify.KindCookie, "_fbp", "Meta Pixel", classify.Advertising, classify.Undeclared, 1), gtm, pixel)
	metaJS = by(tracker(classify.KindRequest, "connect.facebook.net", "Meta Pixel", classify.Advertising, classify.Undeclared, 1), gtm)
)

// lines are the changes as people read them.
func lines(c Changes) []string {
	return mapped(changeLines(c), func(l ChangeLine) string { return l.Word + " " + l.Name })
}

func TestCompare(t *testing.T) {
	failed := func(j *judged) {
		j.scan.Pages = j.scan.Pages[1:]
		j.scan.Failures = []crawler.Failure{{URL: shop, Stage: crawler.StageRender, Error: "no answer"}}
	}
	status := func(code int) func(*judged) { return func(j *judged) { j.scan.Pages[0].Status = code } }
	accepted := func(j *judged) {
		j.scan.Scenarios = append(j.scan.Scenarios, crawler.Answer{Scenario: crawler.Accept, Result: crawler.Answered})
		p := j.scan.Pages[0]
		p.Scenario = crawler.Accept
		j.scan.Pages = append(j.scan.Pages, p)
		j.result.Trackers[0].Scenarios = []string{"accept"}
	}
	declared := hotjar
	declared.Verdict = classify.DeclaredByVendor
	otherHost := metaJS
	otherHost.Name, otherHost.Host, otherHost.ID = "web.facebook.com", "web.facebook.com", "request web.facebook.com"
	second := meta
	second.Name, second.ID = "_fbc", "cookie _fbc .shop.test"
	for _, c := range []struct {
		name        string
		before, now Night
		want        []string
	}{
		{"nothing", evening(nil, hotjar), evening(nil, hotjar), nil},
		{"new", evening(nil), evening(nil, hotjar), []string{"new Hotjar"}},
		{"new with all that belongs to it", evening(nil), evening(nil, meta, metaJS), []string{"new Meta Pixel"}},
		{"gone", evening(nil, hotjar), evening(nil), []string{"gone Hotjar"}},
		{"one for another", evening(nil, hotjar), evening(nil, meta), []string{"new Meta Pixel", "gone Hotjar"}},
		{"another cookie of a tracker", evening(nil, meta), evening(nil, meta, second), []string{"new Meta Pixel"}},
		{"another host of a tracker", evening(nil, meta, metaJS), evening(nil, meta, otherHost), nil},
		{"its page failed tonight", evening(nil, hotjar), evening(failed), nil},
		{"its page failed last night", evening(failed), evening(nil, hotjar), nil},
		{"its page is an error page tonight", evening(nil, hotjar), evening(status(503)), nil},
		{"its page was an error page last night", evening(status(404)), evening(nil, hotjar), nil},
		{"its page is empty tonight", evening(nil, hotjar), evening(func(j *judged) { j.scan.Pages[0].Blank = true }), nil},
		{"its page leads elsewhere tonight", evening(nil, hotjar), evening(func(j *judged) { j.scan.Pages[0].FinalURL = shop + "login" }), nil},
		{"a page that did not exist", evening(func(j *judged) { j.scan.Pages = j.scan.Pages[1:] }), evening(nil, hotjar), []string{"new Hotjar"}},
		{"a page that was not found last night, which lost others", evening(func(j *judged) {
			failed(j)
			j.scan.Failures[0].URL = shop + "sitemap"
		}), evening(nil, hotjar), nil},
		{"a page that is not there tonight", evening(nil, hotjar), evening(func(j *judged) { j.scan.Pages = j.scan.Pages[1:] }), nil},
		{"the site did not answer", evening(nil, hotjar), NewNight(&crawler.Scan{Site: shop}, classify.Result{}, nil), nil},
		{"a scenario that was not tried before", evening(nil), evening(accepted, hotjar), nil},
		{"a scenario that was not tried tonight", evening(accepted, hotjar), evening(nil), nil},
		{"now declared", evening(nil, hotjar), evening(nil, declared), []string{"better Hotjar"}},
		{"no longer declared", evening(nil, declared), evening(nil, hotjar), []string{"worse Hotjar"}},
		{"no policy could be read tonight", evening(nil, hotjar), evening(func(j *judged) {
			j.result.Findings = nil
			j.scan.Failures = []crawler.Failure{{URL: shop + "cookies", Stage: crawler.StagePolicy, Error: "503"}}
		}, hotjar), nil},
		{"fonts come and go", evening(nil), evening(nil, by(tracker(classify.KindRequest, "fonts.gstatic.com", "Google Fonts", classify.Functional, classify.NotATracker, 1))), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, lines(Compare([]Night{c.before}, c.now)))
		})
	}
}

func TestCompareFirstScan(t *testing.T) {
	c := Compare(nil, evening(nil, hotjar))
	require.True(t, c.First())
	require.False(t, c.Any())
}

// What an advertising script of others brings is new when it has come to stay.
func TestCompareBehindAnAuction(t *testing.T) {
	ads := by(tracker(classify.KindRequest, "ads.adserver.test", "AdServer", classify.Advertising, classify.Undeclared, 1))
	won := by(bidder(1, "x"), bidding)
	var nights []Night
	var told []int
	for n := range 24 {
		things := []classify.Tracker{ads}
		if n >= 8 {
			things = append(things, won)
		}
		tonight := evening(nil, things...)
		c := Compare(nights[max(0, n-window):], tonight)
		if slices.Equal(lines(c), []string{"new Bidder x 1"}) {
			told = append(told, n)
		} else {
			require.Empty(t, lines(c))
		}
		if n == 8 {
			require.Equal(t, []string{"1 tracker comes and goes by chance, as in ad auctions: not counted as new."}, c.Notes)
		}
		nights = append(nights, tonight)
	}
	require.Equal(t, []int{8 + sureRun - 1}, told)
}

// What was removed for a while and comes back is new; what was away for a night is not.
func TestCompareBackAgain(t *testing.T) {
	for away, want := range map[int][]string{1: nil, steadyRun - 1: nil, steadyRun: {"new Hotjar"}} {
		var nights []Night
		for n := range steadyRun + away {
			if n < steadyRun {
				nights = append(nights, evening(nil, hotjar))
			} else {
				nights = append(nights, evening(nil))
			}
		}
		require.ElementsMatch(t, want, lines(Compare(nights, evening(nil, hotjar))), "away for %d", away)
	}
}

// Yesterday's evidence judged with today's catalogue is like today's: better knowledge is no change of the site.
func TestCompareKnowsNoCatalogue(t *testing.T) {
	nameless := by(tracker(classify.KindCookie, "_hjid", "", "", classify.Unidentified, 1), gtm, hjar)
	require.Empty(t, lines(Compare([]Night{evening(nil, nameless)}, evening(nil, nameless))))
	require.Empty(t, lines(Compare([]Night{evening(nil, hotjar)}, evening(nil, hotjar))))
}

func TestPolicyChanges(t *testing.T) {
	policy := func(change func(*classify.Policy)) Night {
		p := shopPolicy()
		change(&p)
		return evening(func(j *judged) { j.policies = []classify.Policy{p} })
	}
	same := policy(func(*classify.Policy) {})
	quote := classify.Quote{Quote: "<li>Hotjar</li>", Text: "Hotjar, to see what visitors do."}
	for _, c := range []struct {
		name   string
		change func(*classify.Policy)
		want   string
	}{
		{"a vendor", func(p *classify.Policy) { p.Vendors = []classify.PolicyVendor{{Name: "Hotjar", Quote: quote}} }, "Hotjar was added to the list"},
		{"a lifetime", func(p *classify.Policy) {
			p.Cookies = slices.Clone(p.Cookies)
			p.Cookies[0].Duration = "2 years"
		}, "_ga: analytics, 13 months became analytics, 2 years"},
		{"a promise", func(p *classify.Policy) {
			p.Claims = []classify.Claim{{ID: "no_third_party_cookies", Quote: classify.Quote{Text: "No third parties."}}}
		}, "The promise “no third party cookies” was added to the policy"},
		{"a denial", func(p *classify.Policy) { p.VendorsDenied = []classify.PolicyVendor{{Name: "Meta Pixel"}} }, "“We do not use Meta Pixel” was added to the policy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			changes := Compare([]Night{same}, policy(c.change)).Policy
			require.Len(t, changes, 1)
			require.Equal(t, c.want, changes[0].Sentence)
			back := Compare([]Night{policy(c.change)}, same).Policy
			require.Len(t, back, 1)
			require.NotEqual(t, "added", back[0].Kind)
		})
	}
	unread := evening(func(j *judged) { j.policies = nil })
	require.Empty(t, Compare([]Night{same}, unread).Policy)
	require.Len(t, Compare([]Night{same, unread}, policy(func(p *classify.Policy) { p.Cookies = nil })).Policy, 1, "held against the last one that was read")
}

// A report with earlier scans has changes, a trend and marks on its cards; one without has none.
func TestBuildWithEarlierScans(t *testing.T) {
	j := richShop()
	before := richShop()
	before.scan.Started = scanStart.AddDate(0, 0, -1)
	before.result.Trackers = slices.DeleteFunc(slices.Clone(before.result.Trackers), func(t classify.Tracker) bool { return t.Vendor == "TikTok Pixel" })
	night := NewNight(&before.scan, before.result, before.policies)
	r := Build(&j.scan, j.result, j.policies, Options{Earlier: []Night{night}})
	require.Equal(t, []string{"new TikTok Pixel"}, lines(r.Changes))
	require.Equal(t, "4 trackers on www.shop.test are not in its policy; 1 could not be identified; 1 acts without consent; 1 is new", Subject(r))
	tiktok, hotjar := r.ToDo[cardNamed(t, r.ToDo, "TikTok Pixel")], r.ToDo[cardNamed(t, r.ToDo, "Hotjar")]
	require.NotNil(t, tiktok.New)
	require.Less(t, cardNamed(t, r.ToDo, "TikTok Pixel"), cardNamed(t, r.ToDo, "Hotjar"), "what is new comes before what is as grave")
	require.Nil(t, hotjar.New)
	require.Equal(t, 2, hotjar.Nights)
	require.True(t, hotjar.Open.Equal(scanStart.AddDate(0, 0, -1)))
	require.Equal(t, []int{3, 4}, mapped(r.Trend, func(p Point) int { return p.Undeclared }))
	first := j.report()
	require.True(t, first.Changes.First())
	require.Empty(t, first.Trend)
}

func TestExemptions(t *testing.T) {
	j := richShop()
	var list []Exemption
	for _, f := range j.result.Findings {
		if f.Rule == "undeclared" && f.Subject != "_ttp" && f.Subject != "analytics.tiktok.com" {
			list = append(list, Exemption{ID: f.ID, Reason: "being removed", Owner: "Bea", Until: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)})
		}
	}
	r := Build(&j.scan, j.result, j.policies, Options{Exempted: list})
	require.Equal(t, 2, r.Counts.Undeclared)
	require.Equal(t, 2, r.Counts.Accepted)
	require.Equal(t, []string{"Cloudflare", "Hotjar"}, mapped(r.Accepted, func(c Card) string { return c.Name }))
	require.Len(t, r.Facts.Exempted, len(list))
	require.Equal(t, "2026-12-31", r.Facts.Exempted[0].Until)
	for _, e := range list {
		require.False(t, slices.ContainsFunc(r.Facts.Findings, func(f classify.Finding) bool { return f.ID == e.ID }))
	}
	for i := range list {
		list[i].Expired = true
	}
	r = Build(&j.scan, j.result, j.policies, Options{Exempted: list})
	require.Equal(t, richShop().report().Counts, r.Counts)
	require.Contains(t, fmt.Sprint(r.Warnings), "expired, so their findings count again")
	require.Contains(t, fmt.Sprint(r.Warnings), "Bea: being removed")
}

// A year of nights is held against tonight in no time.
func BenchmarkCompare(b *testing.B) {
	j := crowdedShop(300, 60)
	var nights []Night
	for range window {
		nights = append(nights, NewNight(&j.scan, j.result, j.policies))
	}
	for b.Loop() {
		Compare(nights, nights[0])
	}
}
