package report

import (
	"fmt"
	"strings"
	"time"

	"trackscan/classify"
	"trackscan/crawler"
)

// A judged is a scan with its judgement, as Build takes it.
type judged struct {
	name     string
	scan     crawler.Scan
	result   classify.Result
	policies []classify.Policy
}

func (j judged) report() Report {
	return Build(&j.scan, j.result, j.policies, Options{
		Catalog: "2026-11-20",
		Lists:   []List{{Name: "EasyPrivacy", Date: "2026-11-19", Rules: 51234}},
	})
}

// judgedScans lists the scans that every format is tested with.
func judgedScans() []judged {
	return []judged{richShop(), cleanShop(), halfScan(), deadSite(), noPolicy(), unreadPolicy(), quietShop()}
}

const shop = "https://www.shop.test/"

var scanStart = time.Date(2026, 11, 22, 2, 31, 0, 0, time.UTC)

// newScan returns a whole scan of the shop with that many pages.
func newScan(pages int) crawler.Scan {
	s := crawler.Scan{
		Site: shop, Started: scanStart, Ended: scanStart.Add(14 * time.Second),
		Agent: crawler.Agent{
			Trackscan: "0.1.0", Browser: "Chromium 156.0.8078.79", UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0",
			ThirdPartyCookies: "allowed", Language: "en-GB", Timezone: "Europe/Berlin",
		},
		Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered, Banner: "Cookiebot"}},
	}
	for i := range pages {
		s.Pages = append(s.Pages, page(i))
	}
	return s
}

var paths = []string{"", "cart", "products/blue-shoe", "products/red-shoe", "about", "contact", "blog", "faq"}

func pagePath(i int) string {
	if i < len(paths) {
		return shop + paths[i]
	}
	return fmt.Sprintf("%sproducts/%d", shop, i)
}

func page(i int) crawler.Page {
	p := crawler.Page{
		Cookies: make([]crawler.Cookie, 7), Storage: make([]crawler.Storage, 2), Capped: i == 5,
		Requests: []crawler.Request{
			{URL: shop, Party: crawler.First},
			{URL: gtm, Party: crawler.Third},
			{URL: pixel, Party: crawler.Third},
			{URL: "https://www.facebook.com/tr", Party: crawler.Third, Beacon: crawler.Pixel},
		},
		URL: pagePath(i), FinalURL: pagePath(i), Status: 200, MIME: "text/html", Title: "Shop", Scenario: crawler.NoChoice,
		Seconds: 0.284,
	}
	if i > 0 {
		p.Depth, p.FoundOn = 1, shop
	}
	return p
}

func firstPages(n int) []string {
	var out []string
	for i := range min(n, 20) {
		out = append(out, pagePath(i))
	}
	return out
}

func days(d float64) *float64 { return &d }

// The hops that lead to trackers of the shop.
const (
	gtm   = "https://www.googletagmanager.com/gtm.js?id="
	pixel = "https://connect.facebook.net/en_US/fbevents.js"
	hjar  = "https://static.hotjar.com/c/hotjar-123.js"
	gtag  = "https://www.googletagmanager.com/gtag/js?id="
)

// tracker returns a tracker on that many pages, with what most of them have in common.
func tracker(kind classify.Kind, name, vendor string, category classify.Category, verdict classify.Verdict, pages int) classify.Tracker {
	t := classify.Tracker{
		Kind: kind, Name: name, Vendor: classify.Text(vendor), Category: classify.Text(category), Verdict: verdict,
		Pages: firstPages(pages), PageCount: pages, Scenarios: []string{"no-choice"}, Source: classify.FromCatalog,
		Party: "third", Purpose: purposes[vendor], Owner: owners[vendor],
	}
	switch kind {
	case classify.KindCookie:
		t.Party, t.Domain, t.Host, t.Path, t.SetVia = "first", ".shop.test", "shop.test", "/", "script"
		t.LifetimeDays, t.AskedDays = days(90), days(90)
		t.ID = "cookie " + name + " .shop.test"
	case classify.KindStorage:
		t.Party, t.Domain, t.Host, t.Storage = "first", "www.shop.test", "www.shop.test", "local"
		t.ID = "storage local " + name + " www.shop.test"
	case classify.KindBeacon:
		t.Host, t.Beacon, t.ID = crawler.HostOf("https://"+name), "pixel", "beacon "+name
	default:
		t.Host, t.ID = name, "request "+name
	}
	return t
}

// by says who set t and who led to it.
func by(t classify.Tracker, hops ...string) classify.Tracker {
	t.Initiators = append([]string{shop}, hops...)
	t.SetBy = t.Initiators[len(t.Initiators)-1]
	return t
}

// declaredBy says which sentence of the policy declares t.
func declaredBy(t classify.Tracker, text string) classify.Tracker {
	t.Declaration = &classify.Declared{
		Category: t.Category, Text: text, Quote: "<td>" + text + "</td>", URL: shop + "cookies",
	}
	return t
}

var purposes = map[string]string{
	"Meta Pixel":         "Follows visitors from this site to advertisements on Facebook and Instagram.",
	"Hotjar":             "Records what visitors click and how far they scroll.",
	"Google Analytics":   "Counts visitors and what they do on the site.",
	"Google Ads":         "Measures which advertisement brought a visitor to buy.",
	"TikTok Pixel":       "Follows visitors from this site to advertisements on TikTok.",
	"Cookiebot":          "Remembers what the visitor answered to the cookie banner.",
	"Cloudflare":         "Tells people from robots.",
	"Google Tag Manager": "Loads other tools.",
	"Google Fonts":       "Serves fonts.",
}

var owners = map[string]string{
	"Meta Pixel": "Meta", "Google Analytics": "Google", "Google Ads": "Google", "TikTok Pixel": "ByteDance",
	"Hotjar": "Hotjar", "Google Fonts": "Google",
}

// shopTrackers is what the shop's pages do.
func shopTrackers() []classify.Tracker {
	fbp := by(tracker(classify.KindCookie, "_fbp", "Meta Pixel", classify.Advertising, classify.Contradicted, 23), gtm, pixel)
	fbc := by(tracker(classify.KindCookie, "_fbc", "Meta Pixel", classify.Advertising, classify.Contradicted, 2), gtm, pixel)
	tr := by(tracker(classify.KindBeacon, "www.facebook.com/tr", "Meta Pixel", classify.Advertising, classify.Contradicted, 23), gtm, pixel)
	lib := by(tracker(classify.KindRequest, "connect.facebook.net", "Meta Pixel", classify.Advertising, classify.Contradicted, 23), gtm)
	hj := by(tracker(classify.KindCookie, "_hjSessionUser_123", "Hotjar", classify.Analytics, classify.Undeclared, 23), gtm, hjar)
	hj.Pattern, hj.LifetimeDays, hj.AskedDays = "_hjSessionUser_*", days(365), days(365)
	hjs := by(tracker(classify.KindStorage, "_hjSession_123", "Hotjar", classify.Analytics, classify.Undeclared, 20), gtm, hjar)
	tt := by(tracker(classify.KindCookie, "_ttp", "TikTok Pixel", classify.Advertising, classify.Undeclared, 5), gtm, "https://analytics.tiktok.com/i18n/pixel/events.js")
	tt.LifetimeDays, tt.AskedDays = days(400), days(730)
	cf := by(tracker(classify.KindCookie, "__cf_bm", "Cloudflare", classify.Necessary, classify.Undeclared, 25))
	cf.LifetimeDays, cf.AskedDays, cf.SetVia = days(0.0208), days(0.0208), "http"
	px := by(tracker(classify.KindBeacon, "px.adquaint.test/collect/v2", "", "", classify.Unidentified, 3), gtm, "https://cdn.adquaint.test/l.js")
	px.Purpose = ""
	uid := by(tracker(classify.KindCookie, "aq_uid", "", "", classify.Unidentified, 3), gtm, "https://px.adquaint.test/l.js")
	uid.LifetimeDays, uid.AskedDays, uid.Identifier = days(180), days(180), true
	ga := declaredBy(by(tracker(classify.KindCookie, "_ga", "Google Analytics", classify.Analytics, classify.DeclaredByName, 25), gtag), "_ga Google Analytics Tells visitors apart 13 months")
	ga.LifetimeDays, ga.AskedDays, ga.DeclaredDays = days(400), days(730), days(395)
	ga4 := declaredBy(by(tracker(classify.KindCookie, "_ga_7XK1", "Google Analytics", classify.Analytics, classify.DeclaredByVendor, 25), gtag), "We use Google Analytics to analyse the use of our website.")
	ga4.Pattern = "_ga_*"
	gads := declaredBy(by(tracker(classify.KindCookie, "_gcl_au", "Google Ads", classify.Advertising, classify.DeclaredByCategory, 25), gtm), "We and our partners use advertising cookies to show you relevant ads.")
	cb := declaredBy(by(tracker(classify.KindCookie, "CookieConsent", "Cookiebot", classify.Necessary, classify.DeclaredByName, 25), "https://consent.cookiebot.com/uc.js"), "CookieConsent Cookiebot Stores your consent 1 year")
	fonts := by(tracker(classify.KindRequest, "fonts.gstatic.com", "Google Fonts", classify.Functional, classify.NotATracker, 25))
	cdn := by(tracker(classify.KindRequest, "static.shop.test", "", classify.Functional, classify.NotATracker, 25))
	cdn.Party = "first"
	gtmHost := by(tracker(classify.KindRequest, "www.googletagmanager.com", "Google Tag Manager", classify.Functional, classify.NotATracker, 25))
	hjHost := by(tracker(classify.KindRequest, "static.hotjar.com", "Hotjar", classify.Analytics, classify.Undeclared, 23), gtm)
	ttHost := by(tracker(classify.KindRequest, "analytics.tiktok.com", "TikTok Pixel", classify.Advertising, classify.Undeclared, 5), gtm)
	aqHost := by(tracker(classify.KindRequest, "cdn.adquaint.test", "", "", classify.Unidentified, 3), gtm)
	return []classify.Tracker{gtmHost, hjHost, ttHost, aqHost, px, cf, cb, fbc, fbp, ga, ga4, gads, hj, tt, uid, cdn, lib, fonts, hjs, tr}
}

// finding returns a finding about t.
func finding(rule string, severity classify.Severity, t classify.Tracker, message, fix string) classify.Finding {
	return classify.Finding{
		ID: rule + " " + t.ID, Rule: rule, Severity: severity, Tracker: t.ID, Subject: t.Name, Scenario: "no-choice",
		Pages: t.Pages, Message: message, Fix: fix,
	}
}

func richShop() judged {
	trackers := shopTrackers()
	j := judged{name: "shop", scan: newScan(25), result: classify.Result{Trackers: trackers}, policies: []classify.Policy{shopPolicy()}}
	for _, t := range trackers {
		j.result.Findings = append(j.result.Findings, findingsOf(t)...)
	}
	j.result.Findings = append(j.result.Findings,
		classify.Finding{
			ID: "broken-claim no_third_party_cookies", Rule: "broken-claim", Severity: classify.High, Subject: "no_third_party_cookies",
			Message: "The policy promises that no third party sets cookies, but Meta Pixel does.", Text: "No third parties set cookies on our site.",
			Fix: "Remove the cookies of third parties, or take the promise out of the policy.",
		},
		classify.Finding{
			ID: "unseen-declaration _uetsid", Rule: classify.RuleUnseen, Severity: classify.Low, Subject: "_uetsid",
			Message: "_uetsid is declared but was not seen.", Fix: "Remove it from the policy if it is no longer used.",
			Text: "_uetsid Microsoft Advertising 1 day",
		})
	j.result.Claims = []classify.Tested{
		{ID: "consent_first", Text: "We set analytics cookies only after you agree.", Result: "not-testable"},
		{ID: "no_third_party_cookies", Text: "No third parties set cookies on our site.", Result: "broken", Evidence: []string{"cookie _fbp .shop.test"}},
		{ID: "no_sale", Text: "We never sell your personal data.", Result: "holds"},
	}
	j.result.Unseen = []classify.Unseen{{Declared: "_uetsid", Text: "_uetsid Microsoft Advertising 1 day", Quote: "<td>_uetsid</td>"}}
	return j
}

// findingsOf is what a judge says of a tracker of the shop.
func findingsOf(t classify.Tracker) []classify.Finding {
	var out []classify.Finding
	who := string(t.Vendor)
	deed := map[classify.Kind]string{
		classify.KindCookie:  who + " uses the " + string(t.Category) + " cookie “" + t.Name + "”",
		classify.KindStorage: who + " uses the " + string(t.Category) + " browser storage item “" + t.Name + "”",
		classify.KindBeacon:  "The site reports visits to " + who + " (" + t.Name + ")",
		classify.KindRequest: "The site contacts " + who + " (" + t.Name + ")",
	}[t.Kind]
	switch t.Verdict {
	case classify.Contradicted:
		f := finding("contradicted", classify.High, t,
			deed+", but the policy says: “We do not use the Meta Pixel or similar tools of social networks.”",
			"Have it removed in Google Tag Manager, which loads it, or correct that sentence of the policy.")
		f.Text = "We do not use the Meta Pixel or similar tools of social networks."
		out = append(out, f)
	case classify.Undeclared:
		severity := classify.Medium
		if t.Category == classify.Text(classify.Necessary) {
			severity = classify.Low
		}
		out = append(out, finding("undeclared", severity, t, deed+", and the policy does not mention it.",
			"Add to the section “"+sections[t.Category]+"” of the policy: “"+who+": "+strings.TrimSuffix(t.Purpose, ".")+". Cookie: "+t.Name+
				", kept for 1 year.” Or have it removed in Google Tag Manager, which loads it."))
	case classify.Unidentified:
		out = append(out, finding("unidentified", classify.Medium, t, "The site reports visits to “"+t.Name+"”, and nobody can say what for.",
			"Ask the people who look after Google Tag Manager what “"+t.Name+"” is for; then name it in the policy or remove it."))
	}
	if t.Category == classify.Text(classify.Advertising) && t.Kind == classify.KindCookie && t.Vendor == "Meta Pixel" {
		out = append(out, finding("before-consent", classify.High, t, "“"+t.Name+"” is set before the visitor has answered the banner.",
			"Let the tag manager load it only after consent."))
	}
	if t.Name == "_ga" {
		f := finding("outlives-declaration", classify.Medium, t, "“_ga” is kept for 400 days (it asks for 2 years, browsers allow no more); the policy says 13 months.",
			"Correct the lifetime of “_ga” in the policy to 400 days, or have it shortened where it is set.")
		f.Text = "_ga Google Analytics Tells visitors apart 13 months"
		out = append(out, f)
	}
	return out
}

var sections = map[classify.Text]string{
	"advertising": "Advertising cookies", "analytics": "Statistics", "necessary": "Strictly necessary cookies",
}

func shopPolicy() classify.Policy {
	return classify.Policy{
		Schema: classify.PolicySchema, URL: shop + "cookies", IsPolicy: true, Lang: "en", Effective: "2026-05", DNT: "silent", ThirdPartyCookies: "denied",
		Cookies: []classify.PolicyCookie{{
			Name: "_ga", NameIs: classify.NameIsCookie, Vendor: "Google Analytics", Category: "analytics", Duration: "13 months",
			DurationDays: days(395), DurationClass: "persistent", Storage: "cookie",
			Quote: classify.Quote{Quote: "<td>_ga</td>", Start: 100, End: 112, Text: "_ga"},
		}},
	}
}

// cleanShop has trackers, all of them declared by name.
func cleanShop() judged {
	j := judged{name: "clean", scan: newScan(3), policies: []classify.Policy{shopPolicy()}}
	for _, t := range shopTrackers() {
		if t.Verdict == classify.DeclaredByName || t.Verdict == classify.NotATracker {
			j.result.Trackers = append(j.result.Trackers, t)
		}
	}
	return j
}

// halfScan is a scan that lost pages and has nothing to complain of in the others.
func halfScan() judged {
	j := cleanShop()
	j.name = "half"
	j.scan.Failures = []crawler.Failure{
		{URL: shop + "checkout", Scenario: crawler.NoChoice, Stage: crawler.StageRender, Error: "no answer within 30s"},
		{URL: shop + "account", Scenario: crawler.NoChoice, Stage: crawler.StageRender, Error: "the server closed the connection"},
	}
	j.scan.Scenarios = append(j.scan.Scenarios, crawler.Answer{Scenario: crawler.Accept, Result: crawler.NotConfirmed, Why: "not built yet"})
	return j
}

// deadSite never answered.
func deadSite() judged {
	j := judged{name: "dead", scan: newScan(0)}
	j.scan.Failures = []crawler.Failure{{URL: shop, Stage: crawler.StageDiscover, Error: "the server refused the connection"}}
	return j
}

// noPolicy is a shop that publishes nothing about its trackers.
func noPolicy() judged {
	j := judged{name: "no-policy", scan: newScan(4)}
	for _, t := range shopTrackers() {
		if t.Verdict != classify.NotATracker {
			t.Verdict, t.Declaration, t.DeclaredDays = classify.NotCompared, nil, nil
		}
		j.result.Trackers = append(j.result.Trackers, t)
	}
	j.result.Findings = []classify.Finding{{
		ID: "no-policy", Rule: "no-policy", Severity: classify.Medium,
		Message: "No privacy or cookie policy was found on the site.", Fix: "Publish one, and link it from every page.",
	}}
	return j
}

// unreadPolicy is a shop whose policy did not load.
func unreadPolicy() judged {
	j := noPolicy()
	j.name, j.result.Findings = "unread-policy", nil
	j.scan.Failures = []crawler.Failure{{URL: shop + "cookies", Stage: crawler.StagePolicy, Error: "answered with status 503"}}
	return j
}

// quietShop does nothing at all.
func quietShop() judged { return judged{name: "quiet", scan: newScan(1)} }
