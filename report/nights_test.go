package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// simulated is a site that is scanned night after night.
type simulated struct {
	random *rand.Rand
	pages  []string
	flaky  float64 // how likely a page fails in a night
}

// planted is something that simulated nights have while there says so.
type planted struct {
	tracker classify.Tracker
	pages   []int // none for all
	there   func(night int) bool
}

// between is there from the first night on and gone from the last one on.
func between(first, last int) func(int) bool {
	return func(night int) bool { return night >= first && night < last }
}

func always(int) bool { return true }

// night scans the site: what is on a page that failed is not seen. Whether the policy declares Hotjar is told besides.
func (s *simulated) night(n int, things []planted, declared bool) Night {
	scan := newScan(0)
	scan.Started = scanStart.AddDate(0, 0, n)
	failed := map[int]bool{}
	for i, url := range s.pages {
		if s.random.Float64() < s.flaky {
			failed[i] = true
			scan.Failures = append(scan.Failures, crawler.Failure{URL: url, Scenario: crawler.NoChoice, Stage: crawler.StageRender, Error: "no answer within 30s"})
			continue
		}
		scan.Pages = append(scan.Pages, crawler.Page{URL: url, FinalURL: url, Status: 200, Scenario: crawler.NoChoice})
	}
	var result classify.Result
	for _, p := range things {
		t := p.tracker
		t.Pages = nil
		for i, url := range s.pages {
			if !failed[i] && (len(p.pages) == 0 || slices.Contains(p.pages, i)) {
				t.Pages = append(t.Pages, url)
			}
		}
		t.PageCount = len(t.Pages)
		if !p.there(n) || t.PageCount == 0 {
			continue
		}
		if t.Vendor == "Hotjar" && declared {
			t.Verdict = classify.DeclaredByName
		}
		result.Trackers = append(result.Trackers, t)
		if t.Verdict == classify.Undeclared {
			result.Findings = append(result.Findings, finding("undeclared", classify.Medium, t, "Undeclared.", "Declare it."))
		}
	}
	return NewNight(&scan, result, simulatedPolicy(declared))
}

func simulatedPolicy(declared bool) []classify.Policy {
	p := shopPolicy()
	if declared {
		p.Cookies = append(p.Cookies, classify.PolicyCookie{
			Name: "Hotjar", NameIs: classify.NameIsVendor, Category: "analytics",
			Quote: classify.Quote{Quote: "<tr><td>Hotjar</td></tr>", Text: "Hotjar"},
		})
	}
	return []classify.Policy{p}
}

const bidding = "https://ads.adserver.test/auction.js"

// letters returns a random word, as no template knows it.
func (s *simulated) letters(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('g' + s.random.IntN(16)))
	}
	return b.String()
}

// things is what the site has in one night, besides what is planted: analytics, ad servers that bring other bidders
// each night, names that are drawn anew.
func (s *simulated) things(night int) []planted {
	ga := by(tracker(classify.KindCookie, "_ga", "Google Analytics", classify.Analytics, classify.DeclaredByName, 1), gtag)
	hj := by(tracker(classify.KindCookie, "_hjSessionUser_1", "Hotjar", classify.Analytics, classify.Undeclared, 1), gtm, hjar)
	ads := by(tracker(classify.KindRequest, "ads.adserver.test", "AdServer", classify.Advertising, classify.Undeclared, 1))
	out := []planted{{ga, nil, always}, {hj, []int{1, 2}, always}, {ads, nil, always}}
	for i := range 20 {
		if s.random.Float64() < 0.3 {
			out = append(out, planted{by(bidder(i, "bid"), bidding), []int{s.random.IntN(len(s.pages))}, always})
		}
	}
	for i := range 24 {
		if s.random.Float64() < 0.4 {
			out = append(out, planted{by(bidder(i, "own"), shop+"prebid.js"), nil, always})
		}
	}
	session := by(tracker(classify.KindCookie, "s_"+s.letters(8), "", "", classify.Unidentified, 1))
	session.Identifier = true
	return append(out, planted{session, nil, always})
}

func bidder(i int, kind string) classify.Tracker {
	host := fmt.Sprintf("%s%d.bidder%s%d.test", kind, i%3, kind, i)
	t := tracker(classify.KindBeacon, host+"/sync", fmt.Sprintf("Bidder %s %d", kind, i), classify.Advertising, classify.Undeclared, 1)
	t.Host = host
	return t
}

// pixelOf is what a tag manager brings when marketing adds a tracker: a cookie, a host and a beacon.
func pixelOf(vendor, domain string, there func(int) bool) []planted {
	script := "https://cdn." + domain + "/px.js"
	cookie := by(tracker(classify.KindCookie, "_"+strings.ToLower(vendor), vendor, classify.Advertising, classify.Undeclared, 1), gtm, script)
	host := by(tracker(classify.KindRequest, "cdn."+domain, vendor, classify.Advertising, classify.Undeclared, 1), gtm)
	beacon := by(tracker(classify.KindBeacon, "px."+domain+"/p", vendor, classify.Advertising, classify.Undeclared, 1), gtm, script)
	return []planted{{cookie, nil, there}, {host, nil, there}, {beacon, nil, there}}
}

// window is how many earlier scans tonight is held against.
const window = 16

// Thirty nights of a site with auctions, drawn names and failing pages: what marketing changed is told once, on the
// night it was changed or the first one that could see it, and nothing else is ever told.
func TestThirtyNights(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := &simulated{random: rand.New(rand.NewPCG(seed, 1)), flaky: 0.1}
			for i := range 12 {
				s.pages = append(s.pages, pagePath(i))
			}
			told := map[string][]int{}
			var nights []Night
			for n := range 30 {
				s.flaky = 0.1
				if n == 7 {
					s.flaky = 1 // the site is down
				}
				things := slices.Concat(s.things(n), pixelOf("Meta Pixel", "facebook.test", between(10, 99)),
					pixelOf("AdRoll", "adroll.test", between(0, 15)), pixelOf("Pinterest", "pinterest.test", between(5, 20)))
				tonight := s.night(n, things, n < 12 || n >= 18)
				for _, line := range changeLines(Compare(nights[max(0, len(nights)-window):], tonight)) {
					told[line.Word+" "+line.Name] = append(told[line.Word+" "+line.Name], n)
				}
				nights = append(nights, tonight)
			}
			want := map[string]int{
				"new Meta Pixel": 10, "new Pinterest": 5, "gone AdRoll": 15, "gone Pinterest": 20,
				"worse Hotjar": 12, "better Hotjar": 18,
				"policy Hotjar was removed from the table": 12, "policy Hotjar was added to the table": 18,
			}
			for what, on := range told {
				first, known := want[what]
				require.True(t, known, "%s, told in nights %v", what, on)
				require.Len(t, on, 1, what)
				require.GreaterOrEqual(t, on[0], first, what)
			}
			for _, what := range []string{"new Meta Pixel", "new Pinterest", "policy Hotjar was removed from the table"} {
				require.Equal(t, []int{want[what]}, told[what], what)
			}
		})
	}
}

// lone is the only tracker of its kind on a quiet site, and is told in these nights as new and as gone.
func lone(there func(night int) bool) (told [2][]int) {
	var nights []Night
	for n := range 30 {
		things := []classify.Tracker{meta}
		if there(n) {
			things = append(things, hotjar)
		}
		tonight := evening(nil, things...)
		for _, line := range lines(Compare(nights[max(0, len(nights)-window):], tonight)) {
			i := slices.Index([]string{"new Hotjar", "gone Hotjar"}, line)
			told[i] = append(told[i], n)
		}
		nights = append(nights, tonight)
	}
	return told
}

// A tracker that is there every few nights, the only one of its kind: it is new once at most, when it is seen for the
// first time, and gone once at most, when every night before had it.
func TestThirtyNightsOfALoneTracker(t *testing.T) {
	for _, pattern := range []string{"01", "10", "001", "100", "011", "110", "0011", "1100", "01011", "0111", "00010"} {
		t.Run(pattern, func(t *testing.T) {
			there := func(n int) bool { return pattern[n%len(pattern)] == '1' }
			told := lone(there)
			if first := strings.Index(pattern, "1"); first > 0 {
				require.Equal(t, []int{first}, told[0])
			} else {
				require.Empty(t, told[0])
			}
			if first := strings.Index(pattern, "0"); first > 0 {
				require.Equal(t, []int{first}, told[1])
			} else {
				require.Empty(t, told[1])
			}
		})
	}
	again := 0 // of trackers that are there by a throw of a coin, one in ten is told wrongly once after the first nights
	const sites = 200
	for seed := range uint64(sites) {
		random := rand.New(rand.NewPCG(seed, 2))
		told := lone(func(int) bool { return random.IntN(2) == 0 })
		again += max(0, len(told[0])-1) + len(slices.DeleteFunc(told[1], func(n int) bool { return n < 5 }))
	}
	require.LessOrEqual(t, again, sites/10, "new once more, or gone although it comes again")
}

// A tracker that is added is told in the night that it was; one that is removed likewise, but that what came for
// a few nights must stay away for longer.
func TestThirtyNightsOfASteadyTracker(t *testing.T) {
	for _, c := range []struct{ first, last, gone int }{
		{12, 30, 0}, {1, 30, 0}, {2, 30, 0}, {0, 7, 7}, {0, 20, 20}, {5, 20, 20}, {0, 1, 1}, {0, 3, 3}, {10, 12, 17}, {1, 2, 8},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			told := lone(between(c.first, c.last))
			if c.first > 0 {
				require.Equal(t, []int{c.first}, told[0])
			}
			if c.gone > 0 {
				require.Equal(t, []int{c.gone}, told[1])
			}
		})
	}
}
