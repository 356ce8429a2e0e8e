package report

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"sync"
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
	earlier  []Night
	exempted []Exemption
}

func (j judged) report() Report {
	return Build(&j.scan, j.result, j.policies, Options{
		Catalog: "2026-11-20",
		Lists:   []List{{Name: "EasyPrivacy", Date: "2026-11-19", Rules: 51234}},
		Earlier: j.earlier, Exempted: j.exempted,
	})
}

// judgedScans lists the scans that every format is tested with.
func judgedScans() []judged {
	return []judged{richShop(), fullShop(), cleanShop(), halfScan(), deadSite(), noPolicy(), unreadPolicy(), quietShop()}
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

// said returns a finding whose words are in parts.
func said(rule string, severity classify.Severity, t classify.Tracker, say classify.Saying, do classify.Remedy) classify.Finding {
	f := finding(rule, severity, t, classify.Tell(say), classify.Advise(do))
	f.Saying, f.Remedy = say, do
	return f
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
		say := classify.Saying{Deed: deed, But: ", but the policy says: “We do not use the Meta Pixel or similar tools of social networks.”"}
		f := said("contradicted", classify.High, t, say,
			classify.Remedy{Do: "Have it removed in Google Tag Manager, which loads it, or correct that sentence of the policy"})
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
		out = append(out, said("before-consent", classify.High, t, classify.Saying{Deed: deed, When: "before the visitor has made a choice"}, heldBack))
	}
	if t.Name == "_ga" {
		f := finding("outlives-declaration", classify.Medium, t, "“_ga” is kept for 400 days (it asks for 2 years, browsers allow no more); the policy says 13 months.",
			"Correct the lifetime of “_ga” in the policy to 400 days, or have it shortened where it is set.")
		f.Text = "_ga Google Analytics Tells visitors apart 13 months"
		out = append(out, f)
	}
	return out
}

// heldBack is what to do about what does not wait.
var heldBack = classify.Remedy{Do: "Have it held back in Google Tag Manager, which loads it,", Until: "until the visitor agrees to advertising"}

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

// fullShop is the shop after many nights and in three scenarios, with everything that a report can show.
func fullShop() judged {
	j := choosingShop()
	j.name = "full"
	for night := range 14 {
		j.earlier = append(j.earlier, j.nightBefore(14-night))
	}
	return j
}

// choosingShop is the shop in three scenarios, with a banner, pictures and an exemption.
func choosingShop() judged {
	j := richShop()
	j.scan.Scenarios = []crawler.Answer{
		{Scenario: crawler.NoChoice, Result: crawler.Answered, Banner: "Cookiebot"},
		{Scenario: crawler.Reject, Result: crawler.Answered, Banner: "Cookiebot"},
		{Scenario: crawler.Accept, Result: crawler.Answered, Banner: "Cookiebot"},
		{Scenario: crawler.GPC, Result: crawler.NotApplicable, Why: "the policy does not speak of the signal"},
	}
	asked := j.scan.Pages
	for _, s := range []crawler.Scenario{crawler.Reject, crawler.Accept} {
		for _, p := range asked {
			p.Scenario = s
			j.scan.Pages = append(j.scan.Pages, p)
		}
	}
	consent := crawler.ConsentState{
		Banner: true, Manager: "Cookiebot", Choice: true, AcceptClicks: 1, RejectClicks: 3, PreTicked: 2,
		Text: "We value your privacy. We use cookies to personalise content and ads and to analyse our traffic. Accept all  Settings",
	}
	j.scan.Pages[0].Consent = &consent
	j.scan.Pages[0].Screenshots = []crawler.Screenshot{{Moment: "banner", MIME: "image/png", Bytes: withBanner()}}
	j.scan.Pages[25].Screenshots = []crawler.Screenshot{{Moment: "after reject", MIME: "image/png", Bytes: withoutBanner()}}
	j.scan.Policies = []crawler.Document{{URL: shop + "cookies", Fetched: scanStart.Add(9 * time.Second)}}
	for i := range j.result.Trackers {
		switch t := &j.result.Trackers[i]; {
		case t.Category == classify.Text(classify.Necessary) || t.Verdict == classify.NotATracker:
			t.Scenarios = []string{"no-choice", "reject", "accept"}
		case t.Vendor == "Google Analytics" || t.Vendor == "Google Ads":
			t.Scenarios = []string{"accept"}
		case t.Vendor == "Meta Pixel":
			t.Scenarios = []string{"no-choice", "reject", "accept"}
			if t.Kind == classify.KindBeacon {
				t.Told = []classify.Told{{Scenario: "no-choice", Says: "limited data use", Via: "dpo"}}
				t.Events = []classify.Deed{{Scenario: "no-choice", Name: "Purchase", Says: "something was bought, with amount", Identity: []string{"e-mail"}}}
			}
		default:
			t.Scenarios = []string{"no-choice", "accept"}
		}
	}
	for _, f := range j.result.Findings {
		if f.Rule == "before-consent" && f.Subject == "_fbp" {
			f.ID, f.Rule, f.Scenario = "despite-reject "+f.Tracker, "despite-reject", "reject"
			f.Saying.When, f.Remedy.Also = "once more although the visitor has rejected", "after a rejection"
			f.Message, f.Fix = classify.Tell(f.Saying), classify.Advise(f.Remedy)
			j.result.Findings = append(j.result.Findings, f)
		}
		if strings.HasSuffix(f.ID, "__cf_bm .shop.test") {
			j.exempted = append(j.exempted, Exemption{
				ID: f.ID, Reason: "Set by our host; the policy is being changed.", Owner: "Bea", Until: scanStart.AddDate(0, 1, 0),
			})
		}
	}
	return j
}

// nightBefore is the shop that many nights ago: TikTok came last night, AdRoll went, Hotjar was still declared a week
// ago, and one night lost pages.
func (j judged) nightBefore(ago int) Night {
	scan, result, policies := j.scan, j.result, j.policies
	scan.Started = scanStart.AddDate(0, 0, -ago)
	result.Trackers, result.Findings = nil, nil
	was := func(vendor classify.Text) bool { return vendor != "TikTok Pixel" && (vendor != "" || ago < 9) }
	there := map[string]bool{}
	for _, t := range j.result.Trackers {
		if t.Vendor == "Hotjar" && ago > 5 {
			t.Verdict = classify.DeclaredByVendor
		}
		if was(t.Vendor) {
			there[t.ID] = t.Verdict != classify.DeclaredByVendor
			result.Trackers = append(result.Trackers, t)
		}
	}
	adroll := by(tracker(classify.KindCookie, "__adroll", "AdRoll", classify.Advertising, classify.DeclaredByName, 20), gtm)
	result.Trackers = append(result.Trackers, adroll)
	for _, f := range j.result.Findings {
		if there[f.Tracker] || f.Tracker == "" {
			result.Findings = append(result.Findings, f)
		}
	}
	p := policies[0]
	p.Cookies = append(slices.Clone(p.Cookies), classify.PolicyCookie{
		Name: "AdRoll", NameIs: classify.NameIsVendor, Category: "advertising", Duration: "1 year",
		Quote: classify.Quote{Quote: "<tr><td>AdRoll</td></tr>", Text: "AdRoll, retargeting, 1 year"},
	})
	if ago == 6 {
		scan.Failures = []crawler.Failure{{URL: shop + "checkout", Stage: crawler.StageRender, Error: "no answer within 30s"}}
	}
	return NewNight(&scan, result, []classify.Policy{p})
}

// Pictures of a page, drawn once.
var (
	withBanner    = sync.OnceValue(func() []byte { return bannerPicture(true) })
	withoutBanner = sync.OnceValue(func() []byte { return bannerPicture(false) })
)

// bannerPicture draws a page with or without a banner.
func bannerPicture(banner bool) []byte {
	picture := image.NewPaletted(image.Rect(0, 0, 320, 200), color.Palette{color.White, color.Gray{0xdd}, color.Gray{0x55}, color.RGBA{0x1f, 0x4f, 0xa3, 0xff}})
	fill := func(x1, y1, x2, y2 int, ink uint8) {
		for y := y1; y < y2; y++ {
			for x := x1; x < x2; x++ {
				picture.SetColorIndex(x, y, ink)
			}
		}
	}
	fill(0, 0, 320, 24, 2)
	for line := range 8 {
		fill(20, 40+line*18, 300-line%3*40, 48+line*18, 1)
	}
	if banner {
		fill(0, 130, 320, 200, 2)
		fill(20, 144, 220, 150, 1)
		fill(20, 156, 180, 162, 1)
		fill(230, 150, 300, 180, 3)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}
