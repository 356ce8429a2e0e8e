package classify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestDeclaredNames(t *testing.T) {
	for name, tc := range map[string]struct {
		row    PolicyCookie
		seen   string
		domain string // .shop.test when empty
		want   bool
	}{
		"the same":      {PolicyCookie{Name: "xq"}, "xq", "", true},
		"another":       {PolicyCookie{Name: "xq"}, "xq2", "", false},
		"another case":  {PolicyCookie{Name: "phpsessid"}, "PHPSESSID", "", true},
		"a placeholder": {PolicyCookie{Name: "_ga_<container-id>"}, "_ga_ABC", "", true},
		"a placeholder for a template of our own":     {PolicyCookie{Name: "cart_#"}, "cart_7712", "", true},
		"the catalogue's pattern as it is":            {PolicyCookie{Name: "_ga_*"}, "_ga_ABC", "", true},
		"a copy of somebody's name":                   {PolicyCookie{Name: "_ga_XYZ987"}, "_ga_ABC", "", true},
		"a placeholder in words":                      {PolicyCookie{Name: "_ga_container-id"}, "_ga_ABC", "", true},
		"the front of a template":                     {PolicyCookie{Name: "_hjSessionUser"}, "_hjSessionUser_12", "", true},
		"the front of a template of our own":          {PolicyCookie{Name: ".Antiforgery"}, ".Antiforgery.w5W7x28NAIsQQ9z1", "", true},
		"a front that is a cookie of its own":         {PolicyCookie{Name: "_ga"}, "_ga_ABC", "", false},
		"a front that is no word":                     {PolicyCookie{Name: "_hjSession"}, "_hjSessionUser_12", "", false},
		"a wildcard that takes in everything":         {PolicyCookie{Name: "*"}, "xq", "", false},
		"a wildcard with one letter":                  {PolicyCookie{Name: "x*"}, "xq", "", false},
		"a hash that is a letter":                     {PolicyCookie{Name: "shop#lang"}, "shop#lang", "", true},
		"a hash that is no wildcard":                  {PolicyCookie{Name: "shop#lang"}, "shop_12_lang", "", false},
		"a common name of the site's own":             {PolicyCookie{Name: "uid"}, "uid", "", true},
		"a common name of a third party":              {PolicyCookie{Name: "uid"}, "uid", ".tracker.test", false},
		"a common name of the third party listed":     {PolicyCookie{Name: "uid", Vendor: "tracker.test"}, "uid", ".px.tracker.test", true},
		"a common name of another third party":        {PolicyCookie{Name: "uid", Vendor: "Other"}, "uid", ".tracker.test", false},
		"a short name that the catalogue knows":       {PolicyCookie{Name: "IDE"}, "IDE", ".doubleclick.net", true},
		"a short name with its vendor":                {PolicyCookie{Name: "IDE", Vendor: "Google"}, "IDE", ".doubleclick.net", true},
		"a name under a wrong vendor is still listed": {PolicyCookie{Name: "_fbp", Vendor: "DoubleClick"}, "_fbp", "", true},
		"the name of a product is no name":            {PolicyCookie{Name: "xq", NameIs: NameIsVendor}, "xq", "", false},
		"no name":                                     {PolicyCookie{Name: " "}, " ", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.row.NameIs == "" {
				tc.row.NameIs = NameIsCookie
			}
			if tc.domain == "" {
				tc.domain = ".shop.test"
			}
			r := Classify(cookies(cookie(tc.seen, tc.domain)), declares(Policy{Cookies: []PolicyCookie{tc.row}}), catalogue)
			require.Equal(t, tc.want, r.Trackers[0].Verdict == DeclaredByName, r.Trackers[0].Verdict)
		})
	}
}

func TestAFrontThatIsSeenItselfNamesNoTemplate(t *testing.T) {
	policy := declares(Policy{Cookies: []PolicyCookie{{Name: "cart", NameIs: NameIsCookie}}})
	alone := Classify(cookies(cookie("cart_77123", ".shop.test")), policy, catalogue)
	require.Equal(t, DeclaredByName, tracker(t, alone, "cookie cart_* .shop.test").Verdict)
	both := Classify(cookies(cookie("cart_77123", ".shop.test"), cookie("cart", ".shop.test")), policy, catalogue)
	require.Equal(t, DeclaredByName, tracker(t, both, "cookie cart .shop.test").Verdict)
	require.Equal(t, Unidentified, tracker(t, both, "cookie cart_* .shop.test").Verdict)
}

func TestTheSiteIsNoVendor(t *testing.T) {
	for vendor, own := range map[string]bool{
		"www.shop.test": true, "First party": true, "Shop": true, "Shop Ltd.": true, "Shop Trading GmbH": true,
		"Hotjar": false, "Sho": false, "": false,
	} {
		f := &found{Tracker: Tracker{Party: "first", Domain: ".shop.test"}}
		require.Equal(t, own, f.isOwn(vendor), vendor)
	}
	for company, host := range map[string]string{
		"Nordlicht": "www.nordlicht-shop.test", "Lamp Shop Ltd.": "lampshop.test", "Lamps Leuchten GmbH": "lamps.co.uk",
	} {
		require.True(t, isCompanyOf(company, host), company)
	}
	for company, host := range map[string]string{"Meta": "metalshop.test", "Lamp": "lampshop.test", "X": "x.test", "": ""} {
		require.False(t, isCompanyOf(company, host), company)
	}
	third := &found{Tracker: Tracker{Party: "third", Domain: ".shop.test"}}
	require.False(t, third.isOwn("Shop"))
}

func TestTheRowThatSaysMostSpeaks(t *testing.T) {
	row := func(name string, category Category, vendor string) PolicyCookie {
		return PolicyCookie{Name: name, NameIs: NameIsCookie, Category: Text(category), Vendor: Text(vendor), Quote: q(name)}
	}
	for name, tc := range map[string]struct {
		rows []PolicyCookie
		want string
	}{
		"exact before wildcard":             {[]PolicyCookie{row("_*ga", Social, ""), row("_ga", Analytics, "")}, "_ga"},
		"the longer wildcard":               {[]PolicyCookie{row("_g*", Social, ""), row("_ga*", Analytics, "")}, "_ga*"},
		"the row of its vendor":             {[]PolicyCookie{row("_ga", Social, "Other"), row("_ga", Analytics, "Google Analytics")}, "_ga"},
		"the first of two that are as good": {[]PolicyCookie{row("_ga", Analytics, ""), row("_ga", Social, "")}, "_ga"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Classify(cookies(cookie("_ga", ".shop.test")), declares(Policy{Cookies: tc.rows}), catalogue)
			tr := r.Trackers[0]
			require.Equal(t, tc.want, tr.Declaration.Text)
			require.Equal(t, Text(Analytics), tr.Declaration.Category)
		})
	}
}

func TestThePolicyNamesWhatNobodyElseKnows(t *testing.T) {
	policy := declares(Policy{
		Cookies: []PolicyCookie{
			{Name: "shop_basket", NameIs: NameIsCookie, Category: "necessary", Vendor: "www.shop.test"},
			{Name: "xq", NameIs: NameIsCookie, Category: "analytics", Vendor: "Acme Metrics"},
		},
		Vendors: []PolicyVendor{{Name: "Lead Forensics", Category: "advertising"}},
	})
	scan := cookies(cookie("shop_basket", ".shop.test"), cookie("xq", ".shop.test"), cookie("_ga", ".shop.test"))
	scan.Pages[0].Requests = requests().Pages[0].Requests
	r := Classify(scan, policy, catalogue)

	own := tracker(t, r, "cookie shop_basket .shop.test")
	require.Equal(t, Text(Necessary), own.Category)
	require.Equal(t, FromPolicy, own.Source)
	require.Empty(t, own.Vendor, "the site is no vendor")
	other := tracker(t, r, "cookie xq .shop.test")
	require.Equal(t, Text("Acme Metrics"), other.Vendor)
	known := tracker(t, r, "cookie _ga .shop.test")
	require.Equal(t, FromCatalog, known.Source)
}

// TestAKeyThatLooksLikeAHost is declared by the row that prints it, which still stands for the host.
func TestAKeyThatLooksLikeAHost(t *testing.T) {
	policy := declares(Policy{Cookies: []PolicyCookie{{Name: "shop.cc", NameIs: NameIsDomain, Category: Text(Necessary), Quote: q("shop.cc")}}})
	scan := seen(crawler.Page{
		Storage:  []crawler.Storage{{Kind: crawler.Local, Origin: "https://www.shop.test", Key: "shop.cc", Party: crawler.First}},
		Requests: []crawler.Request{{URL: "https://a.shop.cc/x", Type: "image", Party: crawler.Third, Initiators: []string{site}}},
	})
	r := Classify(scan, policy, catalogue)
	require.Equal(t, DeclaredByName, tracker(t, r, "storage local shop.cc www.shop.test").Verdict)
	require.Equal(t, DeclaredByVendor, tracker(t, r, "request a.shop.cc").Verdict)
}
