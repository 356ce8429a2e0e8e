package classify

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// pages is a scan of these pages; an address without a host is the site's.
func pages(list ...crawler.Page) *crawler.Scan {
	for i := range list {
		p := &list[i]
		if p.FinalURL == "" {
			p.FinalURL = p.URL
		}
		if p.Scenario == "" {
			p.Scenario = crawler.NoChoice
		}
	}
	return &crawler.Scan{Site: site, Pages: list}
}

func ids(r Result) []string {
	list := []string{}
	for _, t := range r.Trackers {
		list = append(list, t.ID)
	}
	return list
}

func TestWhatATrackerTells(t *testing.T) {
	set := func(name, by string, stored *float64) crawler.Cookie {
		c := cookie(name, ".shop.test")
		c.SetBy, c.Initiators, c.StoredDays, c.AskedDays = by, []string{site, by}, stored, days(730)
		c.HTTPOnly, c.Secure, c.SameSite = true, true, "Lax"
		return c
	}
	again := set("_ga_B", site+"b.js", days(400))
	again.Traits.Identifier = true
	r := Classify(pages(
		crawler.Page{URL: site + "deep", Depth: 2, Cookies: []crawler.Cookie{again}},
		crawler.Page{URL: site, Cookies: []crawler.Cookie{set("_ga_A", site+"a.js", days(30))}},
		crawler.Page{URL: site, Scenario: crawler.Accept, Cookies: []crawler.Cookie{set("_ga_A", "", days(30))}},
	), nil, catalogue)
	require.Len(t, r.Trackers, 1)
	require.Equal(t, Tracker{
		ID: "cookie _ga_* .shop.test", Kind: KindCookie, Name: "_ga_A", Pattern: "_ga_*", Domain: ".shop.test", Path: "/",
		Party: "first", Vendor: "Google Analytics", Owner: "Google", Category: "analytics", Source: FromCatalog,
		Scenarios: []string{"no-choice", "accept"}, Pages: []string{site, site + "deep"}, PageCount: 2,
		SetVia: "script", SetBy: site + "a.js", Initiators: []string{site, site + "a.js"}, Bringers: []string{"", ""},
		LifetimeDays: days(400), AskedDays: days(730), HTTPOnly: true, Secure: true, SameSite: "Lax",
		Verdict: NotCompared, Identifier: true,
	}, r.Trackers[0])
}

func TestAtMostTwentyPagesAreListed(t *testing.T) {
	scan := pages()
	for i := range 50 {
		url := site + string(rune('A'+i))
		scan.Pages = append(scan.Pages, crawler.Page{
			URL: url, FinalURL: url, Depth: 1, Scenario: crawler.NoChoice, Cookies: []crawler.Cookie{cookie("xq", ".shop.test")},
		})
	}
	r := Classify(scan, nil, catalogue)
	require.Len(t, r.Trackers[0].Pages, 20)
	require.Equal(t, 50, r.Trackers[0].PageCount)
	require.Equal(t, site+"A", r.Trackers[0].Pages[0])
}

func TestRefusedAndTransientOnlyWhenAlwaysSo(t *testing.T) {
	refused, stored := cookie("xq", ".tracker.test"), cookie("xq", ".tracker.test")
	refused.Refused, refused.Transient, refused.StoredDays = "SameSiteNoneInsecure", true, nil
	both := tracker(t, Classify(cookies(refused, stored), nil, catalogue), "cookie xq .tracker.test")
	require.Empty(t, both.Refused)
	require.False(t, both.Transient)
	require.InDelta(t, 30, *both.LifetimeDays, 0)
	never := tracker(t, Classify(cookies(refused, refused), nil, catalogue), "cookie xq .tracker.test")
	require.Equal(t, "SameSiteNoneInsecure", never.Refused)
	require.True(t, never.Transient)
	require.Nil(t, never.LifetimeDays)
}

func TestThePartyIsSeenFromTheSite(t *testing.T) {
	r := Classify(pages(crawler.Page{
		URL: "https://partner.test/", Cookies: []crawler.Cookie{cookie("a", "partner.test"), cookie("a", ".shop.test")},
	}), nil, catalogue)
	require.Equal(t, "third", tracker(t, r, "cookie a partner.test").Party)
	require.Equal(t, "first", tracker(t, r, "cookie a .shop.test").Party)
}

func TestAPolicyAtAnotherCompanyTellsNothingOfTheSite(t *testing.T) {
	policy := crawler.Page{
		URL: "https://legal.test/shop-policy", Cookies: []crawler.Cookie{cookie("a", "legal.test")},
		Requests: []crawler.Request{{URL: "https://px.test/a"}},
	}
	scan := pages(crawler.Page{URL: site}, policy)
	require.NotEmpty(t, Classify(scan, nil, catalogue).Trackers)
	scan.Policies = []crawler.Document{{URL: policy.URL}}
	require.Empty(t, Classify(scan, nil, catalogue).Trackers)
}

func TestAPageThatLeadsAwayTellsOnlyOfTheWay(t *testing.T) {
	out, hop := "https://pay.test/login", "https://hop.test/go"
	r := Classify(pages(crawler.Page{
		URL: site + "pay", FinalURL: out,
		Cookies: []crawler.Cookie{
			{Name: "own", Domain: "www.shop.test", Initiators: []string{out}},
			{Name: "hopped", Domain: "hop.test", SetBy: hop, Initiators: []string{out, hop}},
			{Name: "begun", Domain: "px.test", Initiators: []string{out, site + "pay", "https://px.test/a.js"}},
			{Name: "theirs", Domain: "pay.test", SetBy: out, Initiators: []string{out}},
		},
		Storage: []crawler.Storage{{Kind: crawler.Local, Origin: "https://pay.test", Key: "k", Initiators: []string{out}}},
		Requests: []crawler.Request{
			{URL: hop, Type: "document"},
			{URL: out, Type: "document"},
			{URL: "https://px.test/a", Type: "image", Initiators: []string{out}},
		},
	}), nil, catalogue)
	require.Equal(t, []string{
		"cookie begun px.test", "cookie hopped hop.test", "cookie own www.shop.test", "request hop.test", "request pay.test",
	}, ids(r))
}

func TestARequestTellsTheGravestThatIsKnownOfItsHost(t *testing.T) {
	cat := knows(func(th Thing) (Identity, bool) {
		switch th.URL {
		case "https://www.big.test/font":
			return Identity{Vendor: &Vendor{Name: "Big Fonts"}, Category: Functional, Benign: true}, true
		case "https://www.big.test/ads":
			return Identity{Vendor: &Vendor{Name: "Big Ads"}, Category: Advertising}, true
		}
		return Identity{}, false
	})
	for _, order := range [][]string{{"font", "ads", "x"}, {"x", "ads", "font"}, {"ads", "x", "font"}} {
		var list []crawler.Request
		for _, path := range order {
			list = append(list, crawler.Request{URL: "https://www.big.test/" + path})
		}
		require.Equal(t, Text("Big Ads"), Classify(requests(list...), nil, cat).Trackers[0].Vendor)
	}
}

func TestAVendorsOwnSiteIsNoThirdParty(t *testing.T) {
	scan := &crawler.Scan{Site: "https://www.hotjar.com/", Pages: []crawler.Page{{
		URL: "https://www.hotjar.com/", FinalURL: "https://www.hotjar.com/",
		Requests: []crawler.Request{{URL: "https://static.hotjar.com/a.js"}},
	}}}
	cat := knows(func(Thing) (Identity, bool) { return Identity{Vendor: hotjar, Category: Analytics}, true })
	require.Equal(t, NotATracker, Classify(scan, declares(Policy{}), cat).Trackers[0].Verdict)
}

func TestWhatIsRemovedAgainAndTellsNobodyApartIsNoTracker(t *testing.T) {
	for name, c := range map[string]struct {
		domain string
		change func(*crawler.Cookie)
		want   Verdict
	}{
		"a probe":       {".shop.test", func(*crawler.Cookie) {}, NotATracker},
		"stays":         {".shop.test", func(c *crawler.Cookie) { c.Transient = false }, Unidentified},
		"an identifier": {".shop.test", func(c *crawler.Cookie) { c.Traits.Identifier = true }, Unidentified},
		"of others":     {".tracker.test", func(*crawler.Cookie) {}, Unidentified},
	} {
		t.Run(name, func(t *testing.T) {
			probe := cookie("xq", c.domain)
			probe.Transient = true
			c.change(&probe)
			r := Classify(cookies(probe), &Policy{IsPolicy: true}, catalogue)
			require.Equal(t, c.want, tracker(t, r, "cookie xq "+c.domain).Verdict)
			for _, f := range r.Findings {
				require.True(t, !probe.Transient || c.domain != ".shop.test" || f.Severity == Low, "%s", f.Message)
			}
		})
	}
}

// TestAProbeNeedNotWait: what a vendor tries and removes again, or tries where browsers keep nothing, is no reason to ask
// first, and outlives nothing.
func TestAProbeNeedNotWait(t *testing.T) {
	policy := &Policy{IsPolicy: true, Cookies: []PolicyCookie{{Name: "_fbp", DurationDays: days(1)}}}
	for name, c := range map[string]struct {
		change func(*crawler.Cookie)
		waits  bool
	}{
		"kept":                   {func(*crawler.Cookie) {}, true},
		"removed":                {func(c *crawler.Cookie) { c.Transient = true }, false},
		"removed identifier":     {func(c *crawler.Cookie) { c.Transient, c.Traits.Identifier = true, true }, true},
		"refused by the browser": {func(c *crawler.Cookie) { c.Refused = "NotStored" }, true},
		"for all of .test":       {func(c *crawler.Cookie) { c.Refused, c.Domain = "NotStored", ".test" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			probe := cookie("_fbp", ".shop.test")
			c.change(&probe)
			scan := cookies(probe)
			scan.Pages[0].Consent = &crawler.ConsentState{Banner: true, Choice: true}
			rules := []string{}
			for _, f := range Classify(scan, policy, catalogue).Findings {
				rules = append(rules, f.Rule)
			}
			require.Equal(t, c.waits, slices.Contains(rules, RuleBeforeConsent), "%v", rules)
			require.True(t, !probe.Transient || !slices.Contains(rules, RuleOutlives), "%v", rules)
		})
	}
}

// TestAProbeWeighsLittle: what a tracker only tries is named when the policy does not, and weighs little.
func TestAProbeWeighsLittle(t *testing.T) {
	for _, transient := range []bool{false, true} {
		c := cookie("_fbp", ".shop.test")
		c.Transient = transient
		r := Classify(cookies(c), &Policy{IsPolicy: true}, catalogue)
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == RuleUndeclared })
		require.GreaterOrEqual(t, i, 0)
		require.Equal(t, map[bool]Severity{false: Medium, true: Low}[transient], r.Findings[i].Severity)
	}
}

// TestAProbeMayBeCalledNecessary: what a vendor tries and removes again counts nobody, whatever its vendor does.
func TestAProbeMayBeCalledNecessary(t *testing.T) {
	policy := &Policy{IsPolicy: true, Cookies: []PolicyCookie{{Name: "_fbp", Category: Text(Necessary)}}}
	for _, transient := range []bool{false, true} {
		c := cookie("_fbp", ".shop.test")
		c.Transient = transient
		rules := []string{}
		for _, f := range Classify(cookies(c), policy, catalogue).Findings {
			rules = append(rules, f.Rule)
		}
		require.Equal(t, !transient, slices.Contains(rules, RuleMiscategorise), "%v", rules)
	}
}
