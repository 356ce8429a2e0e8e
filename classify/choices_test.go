package classify

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// visits is a scan of one page in several scenarios, all of them answered, with a banner that asks.
func visits(all map[crawler.Scenario]crawler.Page) *crawler.Scan {
	scan := &crawler.Scan{Site: site}
	for _, s := range crawler.Scenarios {
		p, ok := all[s]
		if !ok {
			continue
		}
		p.URL, p.FinalURL, p.Status, p.Scenario = site, site, 200, s
		if p.Consent == nil && s == crawler.NoChoice {
			p.Consent = &crawler.ConsentState{Banner: true, Choice: true, AcceptClicks: 1, RejectClicks: 1}
		}
		scan.Pages = append(scan.Pages, p)
		scan.Scenarios = append(scan.Scenarios, crawler.Answer{Scenario: s, Result: crawler.Answered, Banner: crawler.HomeMade})
	}
	return scan
}

// unasked is the same scan without any banner.
func unasked(all map[crawler.Scenario]crawler.Page) *crawler.Scan {
	scan := visits(all)
	for i := range scan.Pages {
		scan.Pages[i].Consent = nil
	}
	for i := range scan.Scenarios {
		scan.Scenarios[i].Banner = ""
	}
	return scan
}

// choices are the findings about choices, "RULE SEVERITY TRACKER".
func choices(r Result) []string {
	list := []string{}
	for _, f := range r.Findings {
		switch f.Rule {
		case RuleBeforeConsent, RuleDespiteReject, RuleDespiteSignal, RuleNoReject:
			list = append(list, strings.TrimSpace(f.Rule+" "+string(f.Severity)+" "+f.Tracker))
		}
	}
	return list
}

func with(cookies ...crawler.Cookie) crawler.Page { return crawler.Page{Cookies: cookies} }

func asks(requests ...crawler.Request) crawler.Page { return crawler.Page{Requests: requests} }

// brought is a cookie that was only still there.
func brought(c crawler.Cookie) crawler.Cookie {
	c.Brought = true
	return c
}

func identifying(c crawler.Cookie) crawler.Cookie {
	c.Traits.Identifier = true
	return c
}

func script(url string) crawler.Request {
	return crawler.Request{URL: url, Type: "script", Method: "GET"}
}

func ping(url string) crawler.Request {
	return crawler.Request{URL: url, Type: "ping", Method: "POST", Beacon: crawler.Ping}
}

type perScenario = map[crawler.Scenario]crawler.Page

func TestChoices(t *testing.T) {
	fbp, ga := cookie("_fbp", ".shop.test"), cookie("_ga", ".shop.test")
	asNecessary := declares(Policy{Cookies: []PolicyCookie{
		{Name: "chat", NameIs: NameIsCookie, Category: "necessary"},
		{Name: "bugs", NameIs: NameIsCookie, Category: "necessary"},
		{Name: "own", NameIs: NameIsCookie, Category: "necessary"},
		{Name: "_fbp", NameIs: NameIsCookie, Category: "necessary"},
	}})
	asOptional := declares(Policy{Cookies: []PolicyCookie{
		{Name: "chat", NameIs: NameIsCookie, Category: "functional"}, {Name: "own", NameIs: NameIsCookie, Category: "analytics"},
	}})
	hit := ping("https://www.google-analytics.com/g/collect?gcs=G111")
	for name, tc := range map[string]struct {
		scan   *crawler.Scan
		policy *Policy
		want   []string
	}{
		"before consent": {visits(perScenario{crawler.NoChoice: with(fbp)}), nil, []string{"before-consent high cookie _fbp .shop.test"}},
		"nobody asks":    {unasked(perScenario{crawler.NoChoice: with(fbp)}), nil, nil},
		"nobody asks, but the policy promises to": {
			unasked(perScenario{crawler.NoChoice: with(fbp, ga)}),
			declares(Policy{Claims: []Claim{{ID: "prior_consent", Scope: "advertising"}}}),
			[]string{"before-consent high cookie _fbp .shop.test"},
		},
		"only after accept": {visits(perScenario{crawler.NoChoice: {}, crawler.Accept: with(fbp), crawler.Reject: {}}), nil, nil},
		"a notice that only informs": {
			visits(perScenario{crawler.NoChoice: {Cookies: []crawler.Cookie{fbp}, Consent: &crawler.ConsentState{Banner: true}}}), nil,
			[]string{"before-consent high cookie _fbp .shop.test", "no-reject-option low"},
		},
		"rejected, set for the first time": {
			visits(perScenario{crawler.NoChoice: {}, crawler.Reject: with(fbp)}), nil, []string{"despite-reject high cookie _fbp .shop.test"},
		},
		"rejected, and left in place": {
			visits(perScenario{crawler.NoChoice: with(fbp), crawler.Reject: with(brought(fbp))}), nil,
			[]string{"before-consent high cookie _fbp .shop.test", "despite-reject high cookie _fbp .shop.test"},
		},
		"the host and the beacon": {
			visits(perScenario{crawler.NoChoice: asks(hit)}), nil,
			[]string{
				"before-consent high beacon www.google-analytics.com/g/collect",
				"before-consent high request www.google-analytics.com",
			},
		},
		"necessary by the policy": {
			visits(perScenario{crawler.NoChoice: with(identifying(cookie("chat", ".chat.test")), cookie("bugs", ".shop.test"),
				identifying(cookie("own", ".shop.test")), fbp)}),
			asNecessary,
			[]string{"before-consent high cookie _fbp .shop.test"},
		},
		"optional by the policy": {
			visits(perScenario{crawler.NoChoice: with(cookie("chat", ".shop.test"), cookie("own", ".shop.test"))}),
			asOptional,
			[]string{"before-consent high cookie chat .shop.test", "before-consent high cookie own .shop.test"},
		},
		"functional, of which nobody says that it is optional": {
			visits(perScenario{crawler.NoChoice: with(cookie("chat", ".shop.test"))}), nil, nil,
		},
		"unknown, with an identifier": {
			visits(perScenario{crawler.NoChoice: with(identifying(cookie("xq", ".shop.test")), cookie("xr", ".shop.test"))}), nil,
			[]string{"before-consent high cookie xq .shop.test"},
		},
		"a signal that is ignored": {
			visits(perScenario{crawler.NoChoice: {}, crawler.GPC: with(fbp, ga)}), nil, []string{"despite-signal high cookie _fbp .shop.test"},
		},
		"analytics that are told they may sell": {
			visits(perScenario{
				crawler.NoChoice: {},
				crawler.GPC:      asks(ping("https://www.google-analytics.com/g/collect?us_privacy=1YNN")),
			}), nil,
			[]string{
				"despite-signal high beacon www.google-analytics.com/g/collect",
				"despite-signal high request www.google-analytics.com",
			},
		},
		"advertising that is told of the opt-out": {
			visits(perScenario{crawler.NoChoice: {}, crawler.GPC: asks(ping("https://a.doubleclick.net/p?us_privacy=1YYN"))}), nil,
			[]string{"despite-signal low beacon a.doubleclick.net/p", "despite-signal low request a.doubleclick.net"},
		},
		"Do Not Track, which nobody promises to honour": {
			visits(perScenario{crawler.NoChoice: {}, crawler.DNT: with(fbp)}), declares(Policy{DNT: "silent"}), nil,
		},
		"Do Not Track, which the policy honours": {
			visits(perScenario{crawler.NoChoice: {}, crawler.DNT: with(fbp)}), declares(Policy{DNT: "honored"}),
			[]string{"despite-signal high cookie _fbp .shop.test"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, tc.policy, catalogue)
			sound(t, r)
			require.Equal(t, append([]string{}, tc.want...), choices(r))
		})
	}
}

// TestFalseAlarms holds what users complain of in scanners of this kind.
func TestFalseAlarms(t *testing.T) {
	everywhere := func(p crawler.Page) *crawler.Scan {
		return visits(perScenario{crawler.NoChoice: p, crawler.Reject: p, crawler.GPC: p})
	}
	asAnswer := func(p crawler.Page, where string) *crawler.Scan {
		scan := everywhere(p)
		scan.Pages[1].Consent = &crawler.ConsentState{Result: crawler.Answered, Confirmed: where}
		return scan
	}
	for name, tc := range map[string]struct {
		scan *crawler.Scan
		low  bool
	}{
		"cookieless pings of Consent Mode": {everywhere(asks(
			ping("https://www.google-analytics.com/g/collect?v=2&gcs=G100&gcd=13p3p3p3p5&cid=*"),
			ping("https://a.doubleclick.net/pagead/viewthroughconversion/*?gcs=G101"),
		)), true},
		"a library from the tracker's own host": {everywhere(asks(
			script("https://connect.facebook.net/en_US/fbevents.js"),
			script("https://connect.facebook.net/signals/config/*?v=2.9.1&r=*&domain=*&hme=*&ex_m=*"),
			script("https://www.googletagmanager.com/gtag/js?id=G-A1&l=*&cx=*&gtm=*"),
		)), true},
		"analytics exempt from consent":           {everywhere(with(identifying(cookie("exempt", ".shop.test")))), false},
		"the record of a consent manager":         {everywhere(with(identifying(cookie("OptanonConsent", ".shop.test")))), false},
		"a record of the site's own":              {everywhere(with(identifying(cookie("shop_cookie_consent", ".shop.test")))), false},
		"the record in which the answer was read": {asAnswer(with(identifying(cookie("xq", ".shop.test"))), "cookie xq"), false},
		"first-party images with a time": {everywhere(asks(
			crawler.Request{URL: site + "logo.png?ts=*", Type: "image", Beacon: crawler.Pixel},
		)), false},
		"the site's own API": {everywhere(asks(
			crawler.Request{URL: site + "event", Type: "fetch", Method: "POST", Beacon: crawler.Empty},
			crawler.Request{URL: "https://api.shop.test/event", Type: "fetch", Method: "POST", Beacon: crawler.Keepalive},
		)), false},
		"fonts and libraries":                   {everywhere(asks(script("https://fonts.test/css"))), false},
		"a pixel in noscript, which never ran":  {everywhere(asks()), false},
		"necessary cookies":                     {everywhere(with(identifying(cookie("PHPSESSID", "www.shop.test")))), false},
		"a host that only a heuristic suspects": {everywhere(asks(ping("https://guess.test/p"))), false},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, declares(Policy{DNT: "silent"}), catalogue)
			sound(t, r)
			for _, c := range choices(r) {
				require.True(t, tc.low && strings.Contains(c, " low "), c)
			}
			require.Equal(t, tc.low, len(choices(r)) > 0)
		})
	}
}

func TestHitsDressedAsScripts(t *testing.T) {
	hit := script("https://a.doubleclick.net/conversion/?random=*&cv=*&fst=*&num=*&bg=*&url=*&tiba=*&ref=*&u_w=*")
	r := Classify(visits(perScenario{crawler.NoChoice: asks(hit)}), nil, catalogue)
	require.Equal(t, []string{"before-consent high request a.doubleclick.net"}, choices(r))
}

// TestRejectionsAreToldApart reads what the findings say.
func TestRejectionsAreToldApart(t *testing.T) {
	fbp := cookie("_fbp", ".shop.test")
	message := func(before, after crawler.Page) string {
		r := Classify(visits(perScenario{crawler.NoChoice: before, crawler.Reject: after}), nil, catalogue)
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == RuleDespiteReject })
		require.GreaterOrEqual(t, i, 0)
		require.Equal(t, "reject", r.Findings[i].Scenario)
		return r.Findings[i].Message
	}
	require.Contains(t, message(crawler.Page{}, with(fbp)), "new after the rejection")
	require.Contains(t, message(with(fbp), with(brought(fbp))), "persisted")
	require.Contains(t, message(with(fbp), with(fbp)), "once more although the visitor has rejected")
	require.Contains(t, message(crawler.Page{}, with(fbp, brought(fbp))), "new after the rejection")
}

// TestAnswersThatWereNotGiven: nothing is said of a rejection that could not be confirmed.
func TestAnswersThatWereNotGiven(t *testing.T) {
	scan := visits(perScenario{crawler.NoChoice: {}, crawler.Reject: with(cookie("_fbp", ".shop.test")), crawler.GPC: with(cookie("IDE", ".doubleclick.net"))})
	for _, result := range []crawler.Outcome{crawler.NotConfirmed, crawler.NotApplicable, ""} {
		scan.Scenarios[1].Result, scan.Scenarios[2].Result = result, result
		for _, c := range choices(Classify(scan, nil, catalogue)) {
			require.False(t, strings.HasPrefix(c, "despite"), c)
		}
	}
	scan.Scenarios = nil
	require.Empty(t, choices(Classify(scan, nil, catalogue)))
}

func TestNoRejectOption(t *testing.T) {
	for name, tc := range map[string]struct {
		consent crawler.ConsentState
		reject  crawler.Outcome
		want    bool
	}{
		"one click":                      {crawler.ConsentState{Banner: true, Choice: true, RejectClicks: 1}, crawler.Answered, false},
		"looked for, and none":           {crawler.ConsentState{Banner: true, Choice: true, AcceptClicks: 1}, crawler.NotApplicable, true},
		"not looked for":                 {crawler.ConsentState{Banner: true, Choice: true, AcceptClicks: 1}, "", false},
		"seen, but it could not be used": {crawler.ConsentState{Banner: true, Choice: true, RejectClicks: 2}, crawler.NotConfirmed, false},
		"could not be looked for":        {crawler.ConsentState{Banner: true, Choice: true}, crawler.NotConfirmed, false},
		"only informs":                   {crawler.ConsentState{Banner: true}, "", true},
		"no banner":                      {crawler.ConsentState{}, crawler.NotApplicable, false},
	} {
		scan := seen(crawler.Page{Consent: &tc.consent})
		if tc.reject != "" {
			scan.Scenarios = append(scan.Scenarios, crawler.Answer{Scenario: crawler.Reject, Result: tc.reject})
		}
		r := Classify(scan, nil, catalogue)
		sound(t, r)
		require.Equal(t, tc.want, slices.Contains(choices(r), "no-reject-option low"), name)
	}
}

func TestTold(t *testing.T) {
	r := Classify(visits(perScenario{
		crawler.NoChoice: asks(ping("https://www.google-analytics.com/g/collect?gcs=G100&gcd=13p3p3p3p5l1")),
		crawler.Accept: asks(
			ping("https://www.google-analytics.com/g/collect?gcs=G111&gcd=13r3r3r3r5l1"),
			ping("https://www.google-analytics.com/g/collect?gcs=G100"),
			crawler.Request{URL: "https://a.doubleclick.net/p?npa=1&gdpr=1&gdpr_consent=" + tcNothing + "&us_privacy=1YYN&gpp=" + gppMany},
		),
	}), nil, catalogue)
	require.Equal(t, []Told{
		{Scenario: "no-choice", Says: "no consent for ads or analytics", Via: "gcd, gcs"},
		{Scenario: "accept", Says: "consent for ads and analytics", Via: "gcd, gcs"},
		{Scenario: "accept", Says: "no consent for ads or analytics", Via: "gcs"},
	}, tracker(t, r, "beacon www.google-analytics.com/g/collect").Told)
	require.Equal(t, []Told{
		{"accept", "no consent for any purpose; opted out of sale; no personalised ads", "gdpr_consent, gpp, npa, us_privacy"},
	}, tracker(t, r, "request a.doubleclick.net").Told)
}

// TestToldInABody: what the body of a request tells counts like what its address tells.
func TestToldInABody(t *testing.T) {
	r := Classify(requests(crawler.Request{
		URL: "https://www.facebook.com/tr/", Method: "POST", Type: "ping", Beacon: "ping", Party: crawler.Third,
		Initiators: []string{site}, Consent: "dpo=LDU",
	}), nil, catalogue)
	require.Equal(t, []Told{{"no-choice", "limited data use", "dpo"}}, tracker(t, r, "beacon www.facebook.com/tr/").Told)
}

func TestToldBy(t *testing.T) {
	require.Equal(t, []string{
		"Google Consent Mode: no consent for ads or analytics", "TCF: no consent for any purpose", "GPP: opted out of sale",
		"US privacy: not opted out of sale",
	}, ToldBy(&crawler.ConsentState{
		Modes: []crawler.ConsentMode{{Command: "default", Denied: []string{"ad_storage", "analytics_storage"}}},
		TCF:   tcNothing, GPP: gppMany, USP: "1YNN",
	}))
	require.Empty(t, ToldBy(&crawler.ConsentState{TCF: "*", GPP: "\x00", USP: "?"}))
}

func TestGrouping(t *testing.T) {
	grouped := func(c crawler.Cookie, group string) *crawler.Scan {
		scan := visits(perScenario{crawler.NoChoice: with(c)})
		scan.Pages[0].Consent.Groups = []crawler.Grouped{
			{Name: c.Name, Group: group}, {Name: "", Group: "C0004"}, {Name: "*", Group: "C0004"}, {Name: "x", Group: "\xff"},
		}
		return scan
	}
	listed := func(category Category) *Policy {
		return declares(Policy{Cookies: []PolicyCookie{{Name: "xq", NameIs: NameIsCookie, Category: Text(category)}}})
	}
	rules := func(scan *crawler.Scan, pol *Policy) []string {
		r := Classify(scan, pol, catalogue)
		sound(t, r)
		return slices.DeleteFunc(findingIDs(r), func(id string) bool {
			return strings.HasPrefix(id, "unidentified") || strings.HasPrefix(id, "undeclared")
		})
	}
	xq, fbp := cookie("xq", ".shop.test"), cookie("_fbp", ".shop.test")
	require.Equal(t, []string{"miscategorised cookie xq .shop.test"}, rules(grouped(xq, "C0004"), listed(Necessary)))
	require.Equal(t, []string{"before-consent cookie xq .shop.test"}, rules(grouped(xq, "Marketing"), listed(Advertising)))
	require.Empty(t, rules(grouped(xq, "Strictly necessary"), listed(Necessary)))
	require.Empty(t, rules(grouped(xq, "Unclassified"), listed(Necessary)))
	require.Equal(t, []string{"before-consent cookie _fbp .shop.test", "miscategorised cookie _fbp .shop.test"},
		rules(grouped(fbp, "C0001"), declares(Policy{Cookies: []PolicyCookie{{Name: "_fbp", NameIs: NameIsCookie}}})),
		"a group of the consent manager that lets advertising pass as necessary")
	require.Equal(t, []string{"before-consent cookie xq .shop.test"}, rules(grouped(xq, "statistics"), nil)[:1])
}

func TestNamesOfGroups(t *testing.T) {
	for name, want := range map[string]string{
		"_ga": "_ga", "_ga_*": "_ga_*", "/^_ga/": "_ga*", "/^_ga.*$/i": "_ga*", "/^_ga$/": "_ga", "/^(_ga|_gid)$/": "", "/_ga/": "", "/": "", "//": "",
		"/^/": "", "": "", "/^_pk_.+/": "_pk_*", `/^_ga\\./`: "",
	} {
		got, ok := plainPattern(name)
		require.Equal(t, want, got, name)
		require.Equal(t, want != "", ok, name)
	}
}

func TestGroupCategory(t *testing.T) {
	for label, want := range map[string]Category{
		"C0001": Necessary, "C0002": Analytics, "C0003": Functional, "C0004": Advertising, "C0005": Social,
		"Strictly Necessary Cookies": Necessary, "Performance Cookies": Analytics, "Functional Cookies": Functional,
		"Targeting Cookies": Advertising, "Social Media Cookies": Social, "marketing": Advertising, "statistics": Analytics,
		"Notwendig": Necessary, "Statistiken": Analytics, "Präferenzen": Functional, "Strictement nécessaires": Necessary,
		"Mesure d'audience": Analytics, "Publicité": Advertising, "analytics_storage": Analytics, "ad_storage": Advertising,
		"Functional and analytics cookies": Analytics, "Personalised advertising": Advertising, "non-essential": NoCategory,
		"ads": Advertising, "cookies, create_ads_profile, select_personalized_ads": Advertising, "measure_ad_performance": Advertising,
		"improve_products": NoCategory, "downloads": NoCategory, "Unclassified": NoCategory, "": NoCategory, "\xff\x00": NoCategory, "Not necessary": NoCategory,
	} {
		require.Equal(t, want, groupCategory(label), label)
	}
}
