package classify

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func findingIDs(r Result) []string {
	ids := []string{}
	for _, f := range r.Findings {
		ids = append(ids, f.ID)
	}
	return ids
}

func finding(t *testing.T, r Result, id string) Finding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.ID == id })
	require.GreaterOrEqual(t, i, 0, "no finding %q in %q", id, findingIDs(r))
	return r.Findings[i]
}

func TestMiscategorised(t *testing.T) {
	for name, tc := range map[string]struct {
		cookie   string
		category Category
		want     bool
	}{
		"advertising called necessary":             {"_fbp", Necessary, true},
		"advertising called functional":            {"_fbp", Functional, true},
		"advertising called analytics":             {"_fbp", Analytics, true},
		"advertising called social":                {"_fbp", Social, false},
		"advertising called advertising":           {"_fbp", Advertising, false},
		"analytics called necessary":               {"_ga", Necessary, true},
		"analytics called advertising":             {"_ga", Advertising, false},
		"analytics under no category":              {"_ga", NoCategory, false},
		"exempt analytics called necessary":        {"exempt", Necessary, false},
		"error monitoring called necessary":        {"bugs", Necessary, false},
		"error monitoring called advertising":      {"bugs", Advertising, false},
		"necessary called functional":              {"PHPSESSID", Functional, false},
		"unknown called necessary":                 {"xq", Necessary, false},
		"a consent manager's record called social": {"OptanonConsent", Social, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(cookies(cookie(tc.cookie, ".shop.test")), declares(Policy{Cookies: []PolicyCookie{{
				Name: tc.cookie, NameIs: NameIsCookie, Category: Text(tc.category), Quote: q("The row."),
			}}}), catalogue)
			if !tc.want {
				require.Empty(t, r.Findings)
				return
			}
			f := finding(t, r, "miscategorised cookie "+tc.cookie+" .shop.test")
			require.Equal(t, Medium, f.Severity)
			require.Equal(t, "The row.", f.Text)
			require.Equal(t, DeclaredByName, tracker(t, r, f.Tracker).Verdict, "it is declared, in the wrong place")
		})
	}
}

func TestMiscategorisedVendors(t *testing.T) {
	tube := &Vendor{Name: "Tube", Category: Functional}
	cat := knows(func(th Thing) (Identity, bool) {
		if th.Host == "tube.test" {
			return Identity{Vendor: tube, Category: Advertising}, true
		}
		return catalogue(th)
	})
	listed := func(name string, c Category) Policy {
		return Policy{Cookies: []PolicyCookie{{Name: name, NameIs: NameIsVendor, Category: Text(c), Quote: q("row")}}}
	}
	prose := func(name string, c Category) Policy {
		return Policy{Vendors: []PolicyVendor{{Name: name, Category: Text(c), Quote: q("We use it.")}}}
	}
	for name, tc := range map[string]struct {
		scan   *crawler.Scan
		policy Policy
		want   bool
	}{
		"listed as necessary":  {cookies(cookie("_hjSessionUser_1", ".shop.test")), listed("Hotjar", Necessary), true},
		"listed as functional": {cookies(cookie("_hjSessionUser_1", ".shop.test")), listed("Hotjar", Functional), true},
		"called necessary":     {cookies(cookie("_hjSessionUser_1", ".shop.test")), prose("Hotjar", Necessary), true},
		"said to help":         {cookies(cookie("_hjSessionUser_1", ".shop.test")), prose("Hotjar", Functional), false},
		"a service that is functional, and its cookie for ads": {
			cookies(cookie("v", ".tube.test")), listed("Tube", Functional), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, declares(tc.policy), cat)
			require.Equal(t, DeclaredByVendor, r.Trackers[0].Verdict)
			require.Equal(t, tc.want, len(r.Findings) == 1, findingIDs(r))
		})
	}
}

func TestOutlivesDeclaration(t *testing.T) {
	for name, tc := range map[string]struct {
		stored *float64
		row    PolicyCookie
		want   string // the message; empty for no finding
	}{
		"longer": {
			days(400), PolicyCookie{DurationDays: days(30)}, "“_ga” is kept for 400 days (it asks for 730 days, browsers allow no " +
				"more); the policy says 30 days.",
		},
		"as declared":             {days(30), PolicyCookie{DurationDays: days(30)}, ""},
		"two years, capped":       {days(400), PolicyCookie{DurationDays: days(730)}, ""},
		"nothing declared":        {days(400), PolicyCookie{}, ""},
		"persistent":              {days(400), PolicyCookie{DurationClass: "persistent"}, ""},
		"never stored":            {nil, PolicyCookie{DurationDays: days(30)}, ""},
		"session, kept for weeks": {days(730), PolicyCookie{DurationClass: "session"}, "“_ga” is kept for 730 days; the policy says until the browser is closed."},
	} {
		t.Run(name, func(t *testing.T) {
			c := cookie("_ga", ".shop.test")
			c.StoredDays, c.AskedDays = tc.stored, days(730)
			tc.row.Name, tc.row.NameIs = "_ga", NameIsCookie
			r := Classify(cookies(c), declares(Policy{Cookies: []PolicyCookie{tc.row}}), catalogue)
			if tc.want == "" {
				require.Empty(t, r.Findings)
				return
			}
			require.Equal(t, tc.want, finding(t, r, "outlives-declaration cookie _ga .shop.test").Message)
		})
	}
}

func TestTheLongestOfSeveralDeclaredLifetimesCounts(t *testing.T) {
	row := func(n float64) PolicyCookie {
		return PolicyCookie{Name: "xq", NameIs: NameIsCookie, DurationDays: days(n)}
	}
	r := Classify(cookies(cookie("xq", ".shop.test")), declares(Policy{Cookies: []PolicyCookie{row(1), row(30)}}), catalogue)
	require.Empty(t, r.Findings)
	require.InDelta(t, 30, *tracker(t, r, "cookie xq .shop.test").DeclaredDays, 0)
}

func TestNoPolicy(t *testing.T) {
	failed := func(stage crawler.Stage, url string) *crawler.Scan {
		scan := cookies(cookie("_ga", ".shop.test"))
		scan.Failures = []crawler.Failure{{URL: url, Stage: stage}}
		return scan
	}
	for name, tc := range map[string]struct {
		scan   *crawler.Scan
		policy *Policy
		want   []string
	}{
		"none found":                   {cookies(cookie("_ga", ".shop.test")), nil, []string{"no-policy"}},
		"a page that is no policy":     {cookies(cookie("_ga", ".shop.test")), &Policy{}, []string{"no-policy"}},
		"another page failed":          {failed(crawler.StageRender, site+"x"), nil, []string{"no-policy"}},
		"the policy failed to load":    {failed(crawler.StagePolicy, site+"privacy"), nil, []string{}},
		"discovery failed":             {failed(crawler.StageDiscover, site), nil, []string{}},
		"nothing could be scanned":     {&crawler.Scan{Site: site}, nil, []string{}},
		"a policy that says nothing":   {cookies(), declares(Policy{}), []string{}},
		"a policy, and a dead subpage": {failed(crawler.StageRender, site+"x"), declares(Policy{}), []string{"undeclared cookie _ga .shop.test"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tc.want, findingIDs(Classify(tc.scan, tc.policy, catalogue)))
		})
	}
}

func TestMessages(t *testing.T) {
	viaTagManager := cookie("_fbp", ".shop.test")
	viaTagManager.SetBy = "https://connect.facebook.net/en_US/fbevents.js"
	viaTagManager.Initiators = []string{site, "https://www.googletagmanager.com/gtm.js", viaTagManager.SetBy}
	direct := cookie("_fbp", ".shop.test")
	direct.Initiators = []string{site, "https://connect.facebook.net/en_US/fbevents.js"}
	own := cookie("_fbp", ".shop.test")
	own.Initiators = []string{site, site + "app.js"}
	unknown := cookie("xq_7", ".tracker.test")
	unknown.Traits.Identifier = true
	unknown.SetBy, unknown.Initiators = "https://cdn.tracker.test/t.js", []string{site, "https://cdn.tracker.test/t.js"}
	advertising := Policy{CategoriesDenied: []PolicyCategory{{ID: Advertising, Quote: q("We use no advertising cookies.")}}}
	for name, tc := range map[string]struct {
		scan         *crawler.Scan
		policy       *Policy
		message, fix string
	}{
		"undeclared, by the tag manager": {
			cookies(viaTagManager), declares(Policy{}),
			"The site uses the advertising cookie “_fbp” of Meta Pixel, and the policy does not mention it.",
			"Add to a section on advertising cookies in the policy: “Meta Pixel: Follows visitors to Facebook ads. " +
				"Cookie: _fbp, kept for 30 days.” Or have it removed in Google Tag Manager, which loads it.",
		},
		"undeclared, by its own script": {
			cookies(direct), declares(Policy{Categories: []PolicyCategory{{ID: Social, Label: "Share buttons"}}}),
			"The site uses the advertising cookie “_fbp” of Meta Pixel, and the policy does not mention it.",
			"Add to a section on advertising cookies in the policy: “Meta Pixel: Follows visitors to Facebook ads. " +
				"Cookie: _fbp, kept for 30 days.” Or take https://connect.facebook.net/en_US/fbevents.js out of the pages.",
		},
		"contradicted, by the site's script": {
			cookies(own), declares(advertising),
			"The site uses the advertising cookie “_fbp” of Meta Pixel, but the policy says: “We use no advertising cookies.”",
			"Ask the developers to remove it; the site's own https://www.shop.test/app.js brings it, or correct that " +
				"sentence of the policy.",
		},
		"unidentified": {
			cookies(unknown), declares(Policy{}),
			"The site uses the cookie “xq_7” of tracker.test, and nobody can say what for; its value looks as if it told one " +
				"visitor from another; it is set by cdn.tracker.test.",
			"Ask the people who look after cdn.tracker.test what “xq_7” is for; then name it in the policy or remove it.",
		},
		"beacon": {
			requests(crawler.Request{URL: "https://www.facebook.com/tr", Beacon: crawler.Pixel, Initiators: []string{site}}),
			declares(Policy{}),
			"The site reports visits to Meta Pixel (www.facebook.com/tr), and the policy does not mention it.",
			"Add to a section on advertising cookies in the policy: “Meta Pixel.” Or remove it from the site.",
		},
		"necessary things are declared, not removed": {
			cookies(cookie("PHPSESSID", "www.shop.test")),
			declares(Policy{Categories: []PolicyCategory{
				{ID: Necessary, Label: "Essential cookies", Quote: q("We use Google Analytics.")},
			}, Vendors: []PolicyVendor{{Name: "Google Analytics"}}}),
			"The site uses the necessary cookie “PHPSESSID” of PHP, and the policy declares necessary cookies only for Google Analytics.",
			"Add to a section on necessary cookies in the policy: “PHP. Cookie: PHPSESSID, kept for 30 days.”",
		},
		"not on a complete list": {
			cookies(cookie("_fbp", ".shop.test")),
			declares(Policy{
				Cookies: []PolicyCookie{{Name: "_ga", NameIs: NameIsCookie}}, Claims: []Claim{{ID: "exhaustive_list", Quote: q("All.")}},
			}),
			"The site uses the advertising cookie “_fbp” of Meta Pixel, but the policy's list, which says that it is complete, " +
				"leaves it out.",
			"Add to a section on advertising cookies in the policy: “Meta Pixel: Follows visitors to Facebook ads. " +
				"Cookie: _fbp, kept for 30 days.” Or remove it from the site.",
		},
		"limited to one vendor": {
			cookies(cookie("_hjSessionUser_1", ".shop.test")),
			declares(Policy{
				Categories: []PolicyCategory{{ID: Analytics, Quote: q("We use Google Analytics to analyse the use of our website.")}},
				Vendors:    []PolicyVendor{{Name: "Google Analytics"}},
			}),
			"The site uses the analytics cookie “_hjSessionUser_1” of Hotjar, and the policy declares analytics cookies only for Google Analytics.",
			"Add to a section on analytics cookies in the policy: “Hotjar. Cookie: _hjSessionUser_*, kept for 30 days.” Or " +
				"remove it from the site.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(tc.scan, tc.policy, catalogue)
			require.NotEmpty(t, r.Findings)
			f := r.Findings[slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Tracker != "" })]
			require.Equal(t, tc.message, f.Message)
			require.Equal(t, tc.fix, f.Fix)
		})
	}
}

func TestAnIdentifierAtTwoHosts(t *testing.T) {
	with := func(name, domain, hash string) crawler.Cookie {
		c := cookie(name, domain)
		c.Traits = crawler.Traits{Identifier: true, Hash: hash}
		return c
	}
	r := Classify(cookies(
		with("xq", "www.shop.test", "h1"), with("xr", ".shop.test", "h1"), with("uid", ".tracker.test", "h1"),
		with("sid", ".other.test", "h2"),
	), declares(Policy{}), catalogue)
	require.Contains(t, finding(t, r, "unidentified cookie xq www.shop.test").Message, "the same value was seen at tracker.test.")
	require.Contains(t, finding(t, r, "unidentified cookie uid .tracker.test").Message,
		"the same value was seen at shop.test, www.shop.test.")
	require.NotContains(t, finding(t, r, "unidentified cookie sid .other.test").Message, "the same value")
}

func TestHostileNamesInMessages(t *testing.T) {
	c := cookie("\u202e\x1b[31m"+strings.Repeat("A", 3000), ".tracker.test")
	r := Classify(cookies(c), declares(Policy{}), catalogue)
	require.Len(t, r.Findings, 1)
	for _, text := range []string{r.Findings[0].Message, r.Findings[0].Fix, r.Findings[0].ID} {
		require.NotContains(t, text, "\u202e")
		require.NotContains(t, text, "\x1b")
		require.Less(t, len(text), 500)
	}
}

func TestEveryRuleIsDocumentedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules {
		require.False(t, seen[r.ID], r.ID)
		seen[r.ID] = true
		for _, text := range []string{r.Title, r.Means, r.ToDo, r.Severity, r.Before, r.After} {
			require.NotEmpty(t, text, r.ID)
		}
		got, ok := RuleByID(r.ID)
		require.True(t, ok)
		require.Equal(t, r, got)
	}
	_, ok := RuleByID("no-such-rule")
	require.False(t, ok)

	r := Classify(busyScan(), busyPolicy(), catalogue)
	require.NotEmpty(t, r.Findings)
	for _, f := range r.Findings {
		require.True(t, seen[f.Rule], f.Rule)
	}
}

func TestFindingIDsAreUnique(t *testing.T) {
	ids := findingIDs(Classify(busyScan(), busyPolicy(), catalogue))
	require.Len(t, slices.Compact(slices.Clone(ids)), len(ids))
}
