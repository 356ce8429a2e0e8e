package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

func TestHeadline(t *testing.T) {
	for _, c := range []struct {
		name string
		scan judged
		want string
	}{
		{"undeclared and unidentified", richShop(), "4 trackers on www.shop.test are not in its policy; 1 could not be identified; 1 acts without consent"},
		{"clean", cleanShop(), "Both trackers on www.shop.test are in its policy"},
		{"clean, one tracker", only(classify.DeclaredByCategory), "The only tracker on www.shop.test is in its policy"},
		{"not whole is never clean", halfScan(), "No undeclared tracker was seen on www.shop.test (incomplete scan)"},
		{"dead", deadSite(), "www.shop.test could not be scanned: the server refused the connection"},
		{"no policy", noPolicy(), "8 trackers on www.shop.test and no policy that declares them"},
		{"policy that did not load", unreadPolicy(), "The policy of www.shop.test could not be read: 8 trackers were not compared (incomplete scan)"},
		{"nothing there", quietShop(), "No tracker was seen on www.shop.test"},
		{"one of each", only(classify.Undeclared), "1 tracker on www.shop.test is not in its policy"},
		{"one that nobody knows", only(classify.Unidentified), "1 tracker on www.shop.test could not be identified"},
		{"declared, with a fault", faultyShop(), "1 declared tracker on www.shop.test does not do what the policy says"},
		{"declared, and does not wait", breaking(cleanShop(), "before-consent", classify.High, "Google Analytics"), "1 tracker on www.shop.test acts without consent"},
		{"no policy, and rejections ignored", breaking(noPolicy(), "despite-reject", classify.High, "Google Ads", "Hotjar"), "8 trackers on www.shop.test and no policy that declares them; 2 act without consent"},
		{"what says that there is no consent", breaking(cleanShop(), "before-consent", classify.Low, "Google Analytics"), "1 declared tracker on www.shop.test does not do what the policy says"},
		{"only the site itself", brokenShop(), "1 thing to look at on www.shop.test: A promise of the policy does not hold"},
		{"server errors only", failingSite(), "www.shop.test could not be scanned: the server answered with status 503"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Headline(c.scan.report())) })
	}
}

// only is a shop with the trackers of one verdict, of one vendor.
func only(v classify.Verdict) judged {
	j := judged{name: "only", scan: newScan(1), policies: []classify.Policy{shopPolicy()}}
	for _, t := range shopTrackers() {
		if t.Verdict == v && (len(j.result.Trackers) == 0 || t.Vendor == j.result.Trackers[0].Vendor && t.Vendor != "") {
			j.result.Trackers = append(j.result.Trackers, t)
			j.result.Findings = append(j.result.Findings, findingsOf(t)...)
		}
	}
	return j
}

// breaking adds a finding of a rule about each tracker of some vendors.
func breaking(j judged, rule string, severity classify.Severity, vendors ...classify.Text) judged {
	for _, t := range j.result.Trackers {
		if slices.Contains(vendors, t.Vendor) {
			j.result.Findings = append(j.result.Findings, finding(rule, severity, t, "It does.", "Stop it."))
		}
	}
	return j
}

// The numbers tell in what way trackers go against the visitor's choice, and that they are counted already.
func TestNumbersTellOfConsent(t *testing.T) {
	j := breaking(richShop(), "despite-reject", classify.High, "Meta Pixel", "TikTok Pixel")
	j = breaking(j, "despite-signal", classify.High, "Google Ads")
	row := countRows(j.report().Counts)[3]
	require.Equal(t, CountRow{3, "no consent", "of these trackers, 1 does not wait for the visitor's choice, 2 ignore a rejection and 1 ignores the browser's privacy signal", "bad"}, row)
	for _, name := range []string{"text", "md", "html"} {
		out := strings.Join(strings.Fields(string(write(t, mustFormat(t, name), j.report(), Style{Width: 400}))), " ")
		require.Contains(t, out, "2 ignore a rejection", name)
	}
	require.Len(t, countRows(cleanShop().report().Counts), 4, "nothing to say when all wait")
}

func faultyShop() judged {
	j := cleanShop()
	for _, t := range j.result.Trackers {
		j.result.Findings = append(j.result.Findings, findingsOf(t)...)
	}
	return j
}

func brokenShop() judged {
	j := cleanShop()
	j.result.Findings = []classify.Finding{{ID: "broken-claim x", Rule: "broken-claim", Severity: classify.High, Message: "No."}}
	return j
}

func failingSite() judged {
	j := judged{scan: newScan(1)}
	j.scan.Pages[0].Status = 503
	j.scan.Failures = []crawler.Failure{{URL: shop, Stage: crawler.StageRender, Error: "the server answered with status 503"}}
	return j
}

// Numbers for people count vendors: a pixel with two cookies, a script and a beacon is one.
func TestCardsCountVendors(t *testing.T) {
	r := richShop().report()
	require.Equal(t, Counts{
		Undeclared: 4, Contradicted: 1, Necessary: 1, Unidentified: 1, Declared: 3, ByCategory: 1, Faulty: 1, Harmless: 3, Unseen: 1,
		Unasked: 1, Early: 1,
	}, r.Counts)
	meta := r.ToDo[cardNamed(t, r.ToDo, "Meta Pixel")]
	require.Len(t, meta.Parts, 4)
	require.Equal(t, classify.High, meta.Severity)
	require.Equal(t, 23, meta.PageCount)
	require.Equal(t, []string{"contradicted", "before-consent"}, []string{meta.Problems[0].Rule, meta.Problems[1].Rule})
	require.Equal(t, []string{"www.shop.test/", "www.googletagmanager.com/gtm.js", "connect.facebook.net/en_US/fbevents.js"}, meta.Chain)
}

func cardNamed(t *testing.T, cards []Card, name string) int {
	t.Helper()
	for i, c := range cards {
		if c.Name == name {
			return i
		}
	}
	require.Fail(t, "no card", name)
	return -1
}

func TestUnknownOnesAreGroupedByHost(t *testing.T) {
	unknown := func(kind classify.Kind, name, host, party, setter string) classify.Tracker {
		tr := tracker(kind, name, "", "", classify.Unidentified, 1)
		tr.Host, tr.Domain, tr.Party, tr.SetBy, tr.ID = host, host, party, setter, string(kind)+" "+name+" "+host
		return tr
	}
	for _, c := range []struct {
		name     string
		trackers []classify.Tracker
		want     []string
	}{
		{"cookies of the site, for one host and for all", []classify.Tracker{
			unknown(classify.KindCookie, "a", ".shop.test", "first", shop), unknown(classify.KindCookie, "b", "www.shop.test", "first", shop),
		}, []string{"www.shop.test"}},
		{"a script of others and the cookie that it sets on the site", []classify.Tracker{
			unknown(classify.KindRequest, "t.example", "t.example", "third", shop),
			unknown(classify.KindCookie, "uid", ".shop.test", "first", "https://t.example/t.js"),
		}, []string{"t.example"}},
		{"two hosts of others", []classify.Tracker{
			unknown(classify.KindRequest, "a.example", "a.example", "third", shop), unknown(classify.KindBeacon, "b.example/p", "b.example", "third", shop),
		}, []string{"a.example", "b.example"}},
		{"hosts of one company", []classify.Tracker{
			unknown(classify.KindRequest, "cdn.ads.example", "cdn.ads.example", "third", shop), unknown(classify.KindBeacon, "px.ads.example/p", "px.ads.example", "third", shop),
			unknown(classify.KindCookie, "uid", ".shop.test", "first", "https://cdn.ads.example/t.js"),
		}, []string{"ads.example"}},
		{"customers of one host", []classify.Tracker{
			unknown(classify.KindRequest, "a.github.io", "a.github.io", "third", shop), unknown(classify.KindRequest, "b.github.io", "b.github.io", "third", shop),
		}, []string{"a.github.io", "b.github.io"}},
		{"another host of the site", []classify.Tracker{
			unknown(classify.KindBeacon, "stats.shop.test/p", "stats.shop.test", "first", shop), unknown(classify.KindCookie, "b", "www.shop.test", "first", shop),
		}, []string{"stats.shop.test", "www.shop.test"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judged{scan: newScan(1), result: classify.Result{Trackers: c.trackers}}
			require.Equal(t, c.want, mapped(j.report().ToDo, func(c Card) string { return c.Name }))
		})
	}
}

// What is harmless of a vendor is no reason to call the rest of it declared, and the other way round.
func TestHarmlessPartsStandApart(t *testing.T) {
	ads := tracker(classify.KindCookie, "ads", "Big", classify.Advertising, classify.Undeclared, 1)
	font := tracker(classify.KindRequest, "fonts.example", "Big", classify.Functional, classify.NotATracker, 1)
	r := judged{scan: newScan(1), result: classify.Result{Trackers: []classify.Tracker{ads, font}}}.report()
	require.Len(t, r.ToDo, 1)
	require.Len(t, r.ToDo[0].Parts, 1)
	require.Len(t, r.Harmless, 1)
}

func TestFindingsAreNeverLost(t *testing.T) {
	j := cleanShop()
	j.result.Findings = []classify.Finding{
		{ID: "new-rule gone", Rule: "new-rule", Severity: classify.Medium, Tracker: "gone", Subject: "x", Message: "Of a rule that nobody knows."},
		{ID: "unseen-declaration _old", Rule: classify.RuleUnseen, Severity: classify.Low, Subject: "_old"},
	}
	r := j.report()
	require.Equal(t, "New rule", r.ToDo[0].Name)
	require.Equal(t, []Missing{{Declared: "_old"}}, r.Unseen)
	for _, f := range Formats {
		require.Contains(t, string(write(t, f, r, Style{})), "Of a rule that nobody knows.", f.Name)
		require.Contains(t, string(write(t, f, r, Style{})), "old", f.Name)
	}
}

// A scan that is not whole says so before any other number, whatever the format.
func TestWarningsComeFirst(t *testing.T) {
	j := richShop()
	j.scan.Failures = halfScan().scan.Failures
	r := j.report()
	for name, number := range map[string]string{"text": "4 trackers", "md": "4 trackers", "html": "<h1>4 trackers", "csv": "\ncookie"} {
		out := write(t, mustFormat(t, name), r, Style{})
		warning := bytes.Index(out, []byte("2 of 27 pages could not be opened"))
		require.Positive(t, warning, name)
		require.Less(t, warning, bytes.Index(out, []byte(number)), name)
	}
}

func TestDeadSiteIsNeverClean(t *testing.T) {
	for _, j := range []judged{deadSite(), failingSite(), {scan: newScan(0)}} {
		r := j.report()
		require.True(t, r.Dead)
		for _, f := range Formats {
			out := string(write(t, f, r, Style{}))
			require.NotContains(t, out, "in its policy", f.Name)
			require.NotContains(t, out, "Nothing to do", f.Name)
		}
	}
}

func TestSameEvidenceSameBytes(t *testing.T) {
	for _, f := range Formats {
		require.Equal(t, write(t, f, fullShop().report(), Style{}), write(t, f, fullShop().report(), Style{}), f.Name)
	}
}

func TestBuildChangesNothing(t *testing.T) {
	j := richShop()
	j.report()
	for _, f := range Formats {
		write(t, f, j.report(), Style{})
	}
	require.Equal(t, richShop(), j)
}

// Readers of the JSON may range over every list without asking whether it is there.
func TestJSONHasNoNullLists(t *testing.T) {
	nullable := map[string]bool{
		"vendor": true, "category": true, "lifetime_days": true, "asked_days": true, "declared_days": true, "declaration": true,
		"choice": true, "accept_clicks": true, "reject_clicks": true, "pre_ticked": true,
		"effective": true, "duration_days": true, "duration_class": true, "days": true, "quantile": true,
	}
	bare := judged{
		scan: crawler.Scan{}, result: classify.Result{Trackers: []classify.Tracker{{}}, Findings: []classify.Finding{{}}, Claims: []classify.Tested{{}}},
		policies: []classify.Policy{{Vendors: []classify.PolicyVendor{{}}}},
	}
	for _, j := range append(judgedScans(), bare) {
		var doc any
		require.NoError(t, json.Unmarshal(write(t, mustFormat(t, "json"), j.report(), Style{}), &doc))
		requireNoNull(t, "", doc, nullable)
	}
}

func requireNoNull(t *testing.T, key string, v any, nullable map[string]bool) {
	t.Helper()
	switch v := v.(type) {
	case nil:
		require.True(t, nullable[key], "%s is null", key)
	case map[string]any:
		for key, one := range v {
			requireNoNull(t, key, one, nullable)
		}
	case []any:
		for _, one := range v {
			requireNoNull(t, key, one, nullable)
		}
	}
}

// Findings point at trackers also where both names had to be cut.
func TestLongNamesStayJoined(t *testing.T) {
	tr := tracker(classify.KindStorage, string(bytes.Repeat([]byte("k"), 9000)), "", "", classify.Unidentified, 1)
	j := judged{scan: newScan(1), result: classify.Result{Trackers: []classify.Tracker{tr}}}
	j.result.Findings = []classify.Finding{finding("unidentified", classify.Medium, tr, "m", "f")}
	facts := j.report().Facts
	require.LessOrEqual(t, len(facts.Trackers[0].ID), boundBytes)
	require.Equal(t, facts.Trackers[0].ID, facts.Findings[0].Tracker)
	require.Equal(t, "unidentified "+facts.Trackers[0].ID, facts.Findings[0].ID)
	other := bound(string(bytes.Repeat([]byte("k"), 9000)) + "2")
	require.NotEqual(t, bound(tr.Name), other)
}

// One host may serve the scripts of several vendors: the picture names the one that loads.
func TestBringersAreNamedByTheirScript(t *testing.T) {
	j := richShop()
	for i := range j.result.Trackers {
		tr := &j.result.Trackers[i]
		if tr.Vendor == "Google Tag Manager" {
			tr.Vendor, tr.Verdict = "Google Analytics", classify.DeclaredByName
		}
		tr.Bringers = mapped(tr.Initiators, func(hop string) string { return map[string]string{gtm: "Google Tag Manager"}[hop] })
	}
	i := slices.IndexFunc(j.report().Loads, func(l Loader) bool { return l.Name == "Google Tag Manager" })
	require.GreaterOrEqual(t, i, 0)
	require.Contains(t, mapped(j.report().Loads[i].Loads, func(l Loader) string { return l.Name }), "Meta Pixel")
}

func TestWhoBringsWhom(t *testing.T) {
	r := richShop().report()
	require.Equal(t, []string{"Google Tag Manager", "Cloudflare", "consent.cookiebot.com"}, mapped(r.Loads, func(l Loader) string { return l.Name }))
	require.Equal(t, "Meta Pixel", r.Loads[0].Loads[0].Name)
	require.True(t, r.Loads[0].Loads[0].Tracker)
}

// A site that contacts thousands of hosts gets a report that people can open; the JSON has all of them.
func TestListsEnd(t *testing.T) {
	j := crowdedShop(3000, 3000)
	for i := range 3000 {
		tr := tracker(classify.KindRequest, fmt.Sprintf("h%d.example", i), fmt.Sprintf("Service %d", i), classify.Analytics, classify.DeclaredByName, 1)
		j.result.Trackers = append(j.result.Trackers, tr)
		j.result.Unseen = append(j.result.Unseen, classify.Unseen{Declared: fmt.Sprintf("old_%d", i)})
		j.result.Claims = append(j.result.Claims, classify.Tested{ID: "c", Text: "t", Result: "holds"})
	}
	r := j.report()
	for name, most := range map[string]int{"text": 700_000, "md": 1 << 20, "html": htmlBytes} {
		out := write(t, mustFormat(t, name), r, Style{})
		require.Less(t, len(out), most, name)
		require.GreaterOrEqual(t, bytes.Count(out, []byte("more, all in the JSON report")), 4, name)
	}
	require.Len(t, r.Facts.Trackers, 6000)
}
