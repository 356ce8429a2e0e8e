package classify

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// knows is a Catalog of one func.
type knows func(t Thing) (Identity, bool)

func (k knows) Identify(t Thing) (Identity, bool) { return k(t) }

var (
	googleAnalytics = &Vendor{
		Name: "Google Analytics", Aliases: []string{"Universal Analytics", "GA4"}, Owner: "Google",
		Domains: []string{"google-analytics.com"}, Category: Analytics,
	}
	metaPixel = &Vendor{
		Name: "Meta Pixel", Aliases: []string{"Facebook Pixel"}, Owner: "Meta",
		Domains: []string{"facebook.com", "facebook.net"}, Category: Advertising,
	}
	doubleClick = &Vendor{
		Name: "DoubleClick", Aliases: []string{"Google Marketing Platform"}, Owner: "Google",
		Domains: []string{"doubleclick.net"}, Category: Advertising,
	}
	hotjar     = &Vendor{Name: "Hotjar", Owner: "Contentsquare", Domains: []string{"hotjar.com"}, Category: Analytics}
	tagManager = &Vendor{
		Name: "Google Tag Manager", Owner: "Google", Domains: []string{"googletagmanager.com"}, Category: Functional,
	}
	php     = &Vendor{Name: "PHP", Category: Necessary}
	sentry  = &Vendor{Name: "Sentry", Domains: []string{"sentry.io"}, Category: Analytics}
	consent = &Vendor{Name: "OneTrust", Domains: []string{"cookielaw.org"}, Category: Necessary}
)

// byName and byHost are what the test catalogue knows.
var byName = map[string]Identity{
	"_ga":              {Vendor: googleAnalytics, Category: Analytics, Purpose: "Tells visitors apart."},
	"_ga_*":            {Vendor: googleAnalytics, Category: Analytics, Pattern: "_ga_*"},
	"_fbp":             {Vendor: metaPixel, Category: Advertising, Purpose: "Follows visitors to Facebook ads."},
	"_hjSessionUser_*": {Vendor: hotjar, Category: Analytics, Pattern: "_hjSessionUser_*"},
	"ph_*_posthog":     {Vendor: &Vendor{Name: "PostHog"}, Category: Analytics, Pattern: "ph_*_posthog"},
	"PHPSESSID":        {Vendor: php, Category: Necessary},
	"exempt":           {Vendor: &Vendor{Name: "Counter"}, Category: Analytics, ConsentFree: true},
	"OptanonConsent":   {Vendor: consent, Category: Necessary, Benign: true, Purpose: "Remembers the visitor's cookie choices."},
	"ARRAffinity":      {Vendor: &Vendor{Name: "Azure"}, Category: Necessary, Benign: true, Purpose: "Balances load."},
	"bugs":             {Vendor: sentry, Category: Analytics, Purpose: "Reports errors of the site to its makers."},
	"chat":             {Vendor: &Vendor{Name: "Chat"}, Category: Functional},
	"IDE":              {Vendor: doubleClick, Category: Advertising},
}

var byHost = map[string]Identity{
	"google-analytics.com": {Vendor: googleAnalytics, Category: Analytics},
	"facebook.com":         {Vendor: metaPixel, Category: Advertising},
	"facebook.net":         {Vendor: metaPixel, Category: Advertising},
	"doubleclick.net":      {Vendor: doubleClick, Category: Advertising},
	"googletagmanager.com": {Vendor: tagManager, Category: Functional},
	"cookielaw.org": {
		Vendor: consent, Category: Necessary, Benign: true, Purpose: "Asks for consent and remembers the visitor's cookie choices.",
	},
	"fonts.test":  {Vendor: &Vendor{Name: "Fonts"}, Category: Functional, Benign: true},
	"listed.test": {Category: Advertising, Source: FromFilterList, Rule: "||listed.test^"},
	"guess.test":  {Category: Advertising, Source: FromHeuristic},
}

var catalogue = knows(func(t Thing) (Identity, bool) {
	if t.Kind == KindCookie || t.Kind == KindStorage {
		if id, ok := byName[t.Name]; ok && !strings.Contains(t.Name, "*") {
			id.Source = FromCatalog
			return id, true
		}
		for pattern, id := range byName {
			if strings.Contains(pattern, "*") && globOf(pattern).match(t.Name) {
				id.Source = FromCatalog
				return id, true
			}
		}
	}
	id, ok := byHost[crawler.RegistrableDomain(t.Host)]
	if ok && id.Source == "" {
		id.Source = FromCatalog
	}
	if t.Kind == KindCookie || t.Kind == KindStorage {
		id.Benign = false
	}
	return id, ok
})

const site = "https://www.shop.test/"

// seen is a scan of one page.
func seen(p crawler.Page) *crawler.Scan {
	p.URL, p.FinalURL, p.Status, p.Scenario = site, site, 200, crawler.NoChoice
	return &crawler.Scan{
		Site: site, Pages: []crawler.Page{p},
		Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
	}
}

func cookie(name, domain string) crawler.Cookie {
	return crawler.Cookie{
		Name: name, Domain: domain, Path: "/", SetVia: crawler.ViaScript, SetBy: site, Initiators: []string{site},
		StoredDays: days(30), AskedDays: days(30),
	}
}

func days(n float64) *float64 { return &n }

func cookies(list ...crawler.Cookie) *crawler.Scan { return seen(crawler.Page{Cookies: list}) }

func requests(list ...crawler.Request) *crawler.Scan { return seen(crawler.Page{Requests: list}) }

// declares is a policy; q is a sentence in it.
func declares(p Policy) *Policy {
	p.IsPolicy = true
	return &p
}

func q(text string) Quote { return Quote{Quote: text, Text: text} }

// tracker returns the judged tracker with this ID.
func tracker(t *testing.T, r Result, id string) Tracker {
	t.Helper()
	i := slices.IndexFunc(r.Trackers, func(tr Tracker) bool { return tr.ID == id })
	ids := []string{}
	for _, tr := range r.Trackers {
		ids = append(ids, tr.ID)
	}
	require.GreaterOrEqual(t, i, 0, "no tracker %q in %q", id, ids)
	return r.Trackers[i]
}

func TestVerdicts(t *testing.T) {
	third := cookie("uid_long", ".tracker.test")
	identifier := cookie("xq", "www.shop.test")
	identifier.Traits.Identifier = true
	analytics := []PolicyCategory{{ID: Analytics, Label: "Analytics cookies", Quote: q("Analytics cookies count visits.")}}
	for name, tc := range map[string]struct {
		scan     *crawler.Scan
		policy   *Policy
		id       string
		verdict  Verdict
		severity Severity // of the finding of the verdict's rule; empty for none
	}{
		"benign record of a consent manager": {
			cookies(cookie("OptanonConsent", ".shop.test")), declares(Policy{}), "cookie OptanonConsent .shop.test", NotATracker, "",
		},
		"benign without a policy": {
			cookies(cookie("OptanonConsent", ".shop.test")), nil, "cookie OptanonConsent .shop.test", NotATracker, "",
		},
		"benign host": {
			requests(crawler.Request{URL: "https://fonts.test/a.woff2", Type: "font"}), declares(Policy{}),
			"request fonts.test", NotATracker, "",
		},
		"own host": {
			requests(crawler.Request{URL: "https://api.shop.test/event", Type: "fetch", Status: 204}), declares(Policy{}),
			"request api.shop.test", NotATracker, "",
		},
		"own ping": {
			requests(crawler.Request{URL: "https://www.shop.test/event", Beacon: crawler.Ping}), declares(Policy{}),
			"beacon www.shop.test/event", NotATracker, "",
		},
		"no policy":     {cookies(cookie("_fbp", ".shop.test")), nil, "cookie _fbp .shop.test", NotCompared, ""},
		"not a policy":  {cookies(cookie("_fbp", ".shop.test")), &Policy{}, "cookie _fbp .shop.test", NotCompared, ""},
		"known, silent": {cookies(cookie("_fbp", ".shop.test")), declares(Policy{}), "cookie _fbp .shop.test", Undeclared, Medium},
		"necessary, silent": {
			cookies(cookie("PHPSESSID", "www.shop.test")), declares(Policy{}), "cookie PHPSESSID www.shop.test", Undeclared, Low,
		},
		"filter list, silent": {
			requests(crawler.Request{URL: "https://a.listed.test/x"}), declares(Policy{}), "request a.listed.test", Undeclared, Medium,
		},
		"a guess is no knowledge": {
			requests(crawler.Request{URL: "https://a.guess.test/x"}), declares(Policy{}), "request a.guess.test", Unidentified, Low,
		},
		"unknown, first party": {
			cookies(cookie("xq", "www.shop.test")), declares(Policy{}), "cookie xq www.shop.test", Unidentified, Low,
		},
		"unknown, identifier": {cookies(identifier), declares(Policy{}), "cookie xq www.shop.test", Unidentified, Medium},
		"unknown, third-party cookie": {
			cookies(third), declares(Policy{}), "cookie uid_long .tracker.test", Unidentified, Medium,
		},
		"unknown, third-party beacon": {
			requests(crawler.Request{URL: "https://px.test/p.gif", Beacon: crawler.Pixel}), declares(Policy{}),
			"beacon px.test/p.gif", Unidentified, Medium,
		},
		"unknown, third-party content": {
			requests(crawler.Request{URL: "https://px.test/photo.jpg"}), declares(Policy{}), "request px.test", Unidentified, Low,
		},
		"by name": {
			cookies(cookie("_fbp", ".shop.test")),
			declares(Policy{Cookies: []PolicyCookie{{Name: "_fbp", NameIs: NameIsCookie, Quote: q("_fbp")}}}),
			"cookie _fbp .shop.test", DeclaredByName, "",
		},
		"by vendor": {
			cookies(cookie("_fbp", ".shop.test")),
			declares(Policy{Vendors: []PolicyVendor{{Name: "Facebook Pixel", Quote: q("We use the Facebook Pixel.")}}}),
			"cookie _fbp .shop.test", DeclaredByVendor, "",
		},
		"by company": {
			cookies(cookie("_ga", ".shop.test")), declares(Policy{Vendors: []PolicyVendor{{Name: "Google LLC"}}}),
			"cookie _ga .shop.test", DeclaredByVendor, "",
		},
		"another product of the company": {
			cookies(cookie("IDE", ".doubleclick.net")),
			declares(Policy{Vendors: []PolicyVendor{{Name: "Google Analytics (Google Ireland Ltd)"}}}),
			"cookie IDE .doubleclick.net", Undeclared, Medium,
		},
		"by domain": {
			requests(crawler.Request{URL: "https://px.stats.test/c"}),
			declares(Policy{Cookies: []PolicyCookie{{Name: "*.stats.test", NameIs: NameIsDomain}}}),
			"request px.stats.test", DeclaredByVendor, "",
		},
		"by the vendor's name in the host": {
			requests(crawler.Request{URL: "https://secure.leadforensics.test/c"}),
			declares(Policy{Vendors: []PolicyVendor{{Name: "Lead Forensics"}}}),
			"request secure.leadforensics.test", DeclaredByVendor, "",
		},
		"by category": {
			cookies(cookie("_ga", ".shop.test")), declares(Policy{Categories: analytics}), "cookie _ga .shop.test",
			DeclaredByCategory, "",
		},
		"another category": {
			cookies(cookie("_fbp", ".shop.test")), declares(Policy{Categories: analytics}), "cookie _fbp .shop.test",
			Undeclared, Medium,
		},
		"category of unknown things": {
			cookies(cookie("xq", "www.shop.test")), declares(Policy{Categories: analytics}), "cookie xq www.shop.test",
			Unidentified, Low,
		},
		"category for one vendor alone": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{
				Categories: []PolicyCategory{{ID: Analytics, Quote: q("We use Google Analytics to analyse the use of our website.")}},
				Vendors:    []PolicyVendor{{Name: "Google Analytics", Category: "analytics"}},
			}),
			"cookie _hjSessionUser_* .shop.test", Undeclared, Medium,
		},
		"category of the site itself": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{
				Categories: []PolicyCategory{{ID: Analytics, Quote: q("The Shop uses cookies to count visits.")}},
				Vendors:    []PolicyVendor{{Name: "Shop"}},
			}),
			"cookie _hjSessionUser_* .shop.test", DeclaredByCategory, "",
		},
		"category in a sentence with a vendor of another": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{
				Categories: []PolicyCategory{{ID: Analytics, Quote: q("We count visits and show films of YouTube.")}},
				Vendors:    []PolicyVendor{{Name: "YouTube", Category: "functional"}},
			}),
			"cookie _hjSessionUser_* .shop.test", DeclaredByCategory, "",
		},
		"category with an example": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{
				Categories: []PolicyCategory{{ID: Analytics, Quote: q("We use analytics services such as Google Analytics.")}},
				Vendors:    []PolicyVendor{{Name: "Google Analytics", Category: "analytics"}},
			}),
			"cookie _hjSessionUser_* .shop.test", DeclaredByCategory, "",
		},
		"own purpose does not cover third parties": {
			requests(crawler.Request{URL: "https://www.google-analytics.com/a.js"}),
			declares(Policy{
				Categories:        []PolicyCategory{{ID: Analytics, Basis: ByPurpose, Quote: q("We use cookies to count visits.")}},
				ThirdPartyCookies: "silent",
			}),
			"request www.google-analytics.com", Undeclared, Medium,
		},
		"category denied": {
			cookies(cookie("_fbp", ".shop.test")),
			declares(Policy{CategoriesDenied: []PolicyCategory{{ID: Advertising, Quote: q("No advertising cookies.")}}}),
			"cookie _fbp .shop.test", Contradicted, High,
		},
		"category denied in general, name declared": {
			cookies(cookie("_fbp", ".shop.test")),
			declares(Policy{
				CategoriesDenied: []PolicyCategory{{ID: Advertising, Quote: q("No advertising cookies.")}},
				Cookies:          []PolicyCookie{{Name: "_fbp", NameIs: NameIsCookie}},
			}),
			"cookie _fbp .shop.test", DeclaredByName, "",
		},
		"category denied, declared all the same": {
			cookies(cookie("_ga", ".shop.test")),
			declares(Policy{Categories: analytics, CategoriesDenied: []PolicyCategory{{ID: Analytics, Quote: q("No analytics.")}}}),
			"cookie _ga .shop.test", Contradicted, High,
		},
		"category denied, only the company declared": {
			cookies(cookie("IDE", ".doubleclick.net")),
			declares(Policy{
				CategoriesDenied: []PolicyCategory{{ID: Advertising}},
				Vendors:          []PolicyVendor{{Name: "Google"}},
			}),
			"cookie IDE .doubleclick.net", Contradicted, High,
		},
		"only necessary ones, it says": {
			cookies(cookie("_ga", ".shop.test")), declares(Policy{Claims: []Claim{{ID: "only_necessary_cookies"}}}),
			"cookie _ga .shop.test", Contradicted, High,
		},
		"only necessary ones, it says, and declares others": {
			cookies(cookie("_ga", ".shop.test")),
			declares(Policy{Categories: analytics, Claims: []Claim{{ID: "only_necessary_cookies"}}}),
			"cookie _ga .shop.test", DeclaredByCategory, "",
		},
		"only necessary ones, a preference of the site's own": {
			cookies(cookie("chat", ".shop.test")), declares(Policy{Claims: []Claim{{ID: "only_necessary_cookies"}}}),
			"cookie chat .shop.test", Undeclared, Medium,
		},
		"third parties denied, service declared": {
			requests(crawler.Request{URL: "https://www.google-analytics.com/a.js"}),
			declares(Policy{
				Claims: []Claim{{ID: "no_third_party_requests"}}, Vendors: []PolicyVendor{{Name: "Google Analytics"}},
			}),
			"request www.google-analytics.com", DeclaredByVendor, "",
		},
		"third parties denied": {
			requests(crawler.Request{URL: "https://px.test/photo.jpg"}),
			declares(Policy{Claims: []Claim{{ID: "no_third_party_requests"}}}), "request px.test", Contradicted, High,
		},
		"vendor denied": {
			cookies(cookie("_ga", ".shop.test")),
			declares(Policy{Categories: analytics, VendorsDenied: []PolicyVendor{{Name: "Google Analytics"}}}),
			"cookie _ga .shop.test", Contradicted, High,
		},
		"another vendor denied": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{Categories: analytics, VendorsDenied: []PolicyVendor{{Name: "Google Analytics"}}}),
			"cookie _hjSessionUser_* .shop.test", DeclaredByCategory, "",
		},
		"third-party cookies denied": {
			cookies(third), declares(Policy{ThirdPartyCookies: "denied"}), "cookie uid_long .tracker.test", Contradicted, High,
		},
		"third-party cookies denied, first party": {
			cookies(cookie("_ga", ".shop.test")), declares(Policy{ThirdPartyCookies: "denied", Categories: analytics}),
			"cookie _ga .shop.test", DeclaredByCategory, "",
		},
		"beacons denied": {
			requests(crawler.Request{URL: "https://www.facebook.com/tr", Beacon: crawler.Pixel}),
			declares(Policy{
				TechnologiesDenied: []Technology{{ID: "web_beacon"}},
				Vendors:            []PolicyVendor{{Name: "Meta"}},
			}),
			"beacon www.facebook.com/tr", Contradicted, High,
		},
		"a complete list without it": {
			cookies(cookie("xq", "www.shop.test")),
			declares(Policy{
				Cookies: []PolicyCookie{{Name: "_ga", NameIs: NameIsCookie}},
				Claims:  []Claim{{ID: "exhaustive_list", Quote: q("Here is a list of all cookies.")}},
			}),
			"cookie xq www.shop.test", Contradicted, High,
		},
		"a complete list of which nothing could be read": {
			cookies(cookie("xq", "www.shop.test")), declares(Policy{Claims: []Claim{{ID: "exhaustive_list"}}}),
			"cookie xq www.shop.test", Unidentified, Low,
		},
		"a complete list of first-party cookies": {
			cookies(third),
			declares(Policy{
				Cookies: []PolicyCookie{{Name: "_ga", NameIs: NameIsCookie}},
				Claims:  []Claim{{ID: "exhaustive_list", Scope: "first"}},
			}),
			"cookie uid_long .tracker.test", Unidentified, Medium,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, tc.policy, catalogue)
			tr := tracker(t, r, tc.id)
			require.Equal(t, tc.verdict, tr.Verdict)
			got := Severity("")
			for _, f := range r.Findings {
				if f.Tracker == tc.id && f.Rule == string(tc.verdict) {
					got = f.Severity
					require.Equal(t, f.Rule+" "+tc.id, f.ID)
					require.NotEmpty(t, f.Message)
					require.NotEmpty(t, f.Fix)
				}
			}
			require.Equal(t, tc.severity, got, "%v", r.Findings)
		})
	}
}

func TestClassifyDoesNotDependOnTheOrderOfEvidence(t *testing.T) {
	scan, policy := busyScan(), busyPolicy()
	want, err := json.Marshal(Classify(scan, policy, catalogue))
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		for i := range scan.Pages {
			p := &scan.Pages[i]
			random.Shuffle(len(p.Cookies), func(a, b int) { p.Cookies[a], p.Cookies[b] = p.Cookies[b], p.Cookies[a] })
			random.Shuffle(len(p.Requests), func(a, b int) { p.Requests[a], p.Requests[b] = p.Requests[b], p.Requests[a] })
			random.Shuffle(len(p.Storage), func(a, b int) { p.Storage[a], p.Storage[b] = p.Storage[b], p.Storage[a] })
		}
		random.Shuffle(len(scan.Pages), func(a, b int) { scan.Pages[a], scan.Pages[b] = scan.Pages[b], scan.Pages[a] })
		got, err := json.Marshal(Classify(scan, policy, catalogue))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
}

// busyScan holds something of every kind, much of it several times and in conflicting versions.
func busyScan() *crawler.Scan {
	scan := &crawler.Scan{Site: site}
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	for i := range 40 {
		url := site + pick("a", "b", "c", "d", "e", "f", "g") + pick("", "1", "2", "3", "4")
		p := crawler.Page{URL: url, FinalURL: url, Depth: random.IntN(3), Scenario: crawler.Scenarios[i%2]}
		for range 12 {
			c := cookie(pick("_ga", "_ga_A1", "_ga_B2", "_fbp", "cart_1234", "cart_9876", "id", "\xff\x00", "PHPSESSID"),
				pick(".shop.test", "www.shop.test", ".facebook.com", ".tracker.test"))
			c.Path, c.PartitionKey = pick("/", "/", "/account"), pick("", "", "https://shop.test")
			c.SetBy, c.SetVia = pick("", url, "https://tags.test/a.js"), crawler.SetVia(pick("http", "script"))
			c.Initiators = []string{url, pick("https://tags.test/a.js", "https://www.googletagmanager.com/gtm.js")}
			c.StoredDays, c.Transient, c.Refused = days(float64(random.IntN(400))), random.IntN(2) == 0, pick("", "UserPreferences")
			c.SameSite, c.HTTPOnly = pick("", "Lax"), random.IntN(2) == 0
			c.Traits = crawler.Traits{Identifier: random.IntN(2) == 0, Hash: pick("", "h1", "h2", "h3")}
			p.Cookies = append(p.Cookies, c)
			p.Requests = append(p.Requests, crawler.Request{
				URL: "https://" + pick("www.facebook.com/tr", "px.test/p/1234", "px.test/p/999", "www.shop.test/event",
					"www.google-analytics.com/g/collect?gcs=G100", "www.google-analytics.com/g/collect?gcs=G111"),
				Beacon:     crawler.Beacon(pick("", "pixel", "ping", "empty")),
				Initiators: []string{url, pick("https://a.test/a.js", "https://b.test/b.js")},
			})
			p.Storage = append(p.Storage, crawler.Storage{
				Kind: crawler.StorageKind(pick("local", "session")), Origin: "https://" + pick("www.shop.test", "frame.test"),
				Key: pick("ph_a_posthog", "ph_b_posthog", "theme"), SetBy: pick("", url),
			})
		}
		scan.Pages = append(scan.Pages, p)
	}
	return scan
}

func busyPolicy() *Policy {
	return declares(Policy{
		Categories: []PolicyCategory{{ID: Analytics, Label: "Analytics", Quote: q("Analytics.")}},
		Cookies: []PolicyCookie{
			{Name: "_ga", NameIs: NameIsCookie, DurationDays: days(30), Category: "necessary", Quote: q("_ga")},
			{Name: "cart_*", NameIs: NameIsCookie, DurationClass: "session", Quote: q("cart")},
			{Name: "gone", NameIs: NameIsCookie, Quote: q("gone")},
		},
		Claims: []Claim{{ID: "no_third_party_cookies", Quote: q("None.")}, {ID: "max_lifetime", Days: days(30), Quote: q("30 days")}},
	})
}
