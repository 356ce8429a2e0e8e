package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"trackscan/classify"
	"trackscan/crawler"
)

// policyFrame is enough of a policy for a hard case to stand in.
const policyFrame = "# Cookie policy\n\nWe use cookies on this website. We collect as little personal data as we can. " +
	"We do not sell personal information and we store it safely.\n\n"

func readCase(t *testing.T, text string) classify.Policy {
	t.Helper()
	p := readWhole(t, policyFrame+text)
	require.True(t, p.IsPolicy)
	return p
}

func readWhole(t *testing.T, text string) classify.Policy {
	t.Helper()
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte(text)})
	require.NoError(t, err)
	return p
}

func technologyIDs(p classify.Policy) []string {
	out := []string{}
	for _, c := range p.Technologies {
		out = append(out, c.ID)
	}
	return out
}

// cookieLives are the names of the cookies with their printed lifetimes.
func cookieLives(p classify.Policy) []string {
	out := []string{}
	for _, c := range p.Cookies {
		out = append(out, c.Name+" "+c.Duration)
	}
	return out
}

func categoryIDs(p classify.Policy) []string {
	out := []string{}
	for _, c := range p.Categories {
		out = append(out, string(c.ID))
	}
	return out
}

func cookieNames(p classify.Policy) []string {
	out := []string{}
	for _, c := range p.Cookies {
		out = append(out, c.Name)
	}
	return out
}

func vendorNames(p classify.Policy) []string {
	out := []string{}
	for _, v := range p.Vendors {
		out = append(out, v.Name)
	}
	return out
}

func deniedVendors(p classify.Policy) []string {
	out := []string{}
	for _, v := range p.VendorsDenied {
		out = append(out, v.Name)
	}
	return out
}

func claimIDs(p classify.Policy) []string {
	out := []string{}
	for _, c := range p.Claims {
		out = append(out, c.ID)
	}
	return out
}

func cookieOf(t *testing.T, p classify.Policy, name string) classify.PolicyCookie {
	t.Helper()
	for _, c := range p.Cookies {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("cookie %s not read, only %v", name, cookieNames(p))
	return classify.PolicyCookie{}
}

func days(t *testing.T, c classify.PolicyCookie) float64 {
	t.Helper()
	require.NotNil(t, c.DurationDays, c.Name)
	return *c.DurationDays
}

func TestNegatedVendor(t *testing.T) {
	p := readCase(t, "This site does not use services such as Google Analytics.")
	assert.Empty(t, p.Vendors)
	assert.Equal(t, []string{"Google Analytics"}, deniedVendors(p))
}

func TestNegationScopedToHost(t *testing.T) {
	p := readCase(t, "No cookies are set on docs.example.org.")
	require.Contains(t, claimIDs(p), "no_cookies")
	for _, c := range p.Claims {
		if c.ID == "no_cookies" {
			assert.Equal(t, "docs.example.org", c.Scope)
		}
	}
	assert.Len(t, p.Technologies, 1, "cookies are used elsewhere")
}

func TestDenialWithException(t *testing.T) {
	p := readCase(t, "We do not embed third-party services, except YouTube.")
	assert.Equal(t, []string{"YouTube"}, vendorNames(p))
	assert.Empty(t, p.VendorsDenied)
}

func TestLeadInNegatesList(t *testing.T) {
	p := readCase(t, "The following services are not used:\n\n* Hotjar\n* Google Analytics\n\nWe use Matomo to count visits.")
	assert.Equal(t, []string{"Matomo"}, vendorNames(p))
	assert.Equal(t, []string{"Hotjar", "Google Analytics"}, deniedVendors(p))
}

func TestFunctionalDefinedAsNecessary(t *testing.T) {
	p := readCase(t, "## Functional cookies\n\nThese cookies are strictly necessary for the website to function and cannot be switched off.\n\n"+
		"| Name | Expiry |\n| --- | --- |\n| sid_1 | session |\n")
	assert.Equal(t, classify.Text("necessary"), cookieOf(t, p, "sid_1").Category)
}

func TestCombinedHeadingDecidedByDefinition(t *testing.T) {
	p := readCase(t, "## Performance and functionality cookies\n\nThese cookies remember your language and your other preferences.\n\n"+
		"| Name | Expiry |\n| --- | --- |\n| lang_1 | 1 year |\n")
	assert.Equal(t, classify.Text("functional"), cookieOf(t, p, "lang_1").Category)
}

func TestListsGroupedByLifetime(t *testing.T) {
	p := readCase(t, "## Session cookies\n\n* `cart_1`: keeps your shopping cart\n\n## Persistent cookies\n\n* `_ga`: statistics about visits\n")
	assert.Equal(t, classify.Text("session"), cookieOf(t, p, "cart_1").DurationClass)
	assert.Equal(t, classify.Text("persistent"), cookieOf(t, p, "_ga").DurationClass)
	assert.Nil(t, cookieOf(t, p, "_ga").DurationDays)
	assert.Equal(t, classify.Text("necessary"), cookieOf(t, p, "cart_1").Category)
}

func TestListsGroupedByVendor(t *testing.T) {
	p := readCase(t, "## Cookies of Hotjar\n\n* `_hjid`: statistics, 1 year\n\n## Cookies of Stripe\n\n* `__stripe_mid`: prevents fraud, 1 year\n")
	assert.Equal(t, classify.Text("Hotjar"), cookieOf(t, p, "_hjid").Vendor)
	assert.Equal(t, classify.Text("Stripe"), cookieOf(t, p, "__stripe_mid").Vendor)
}

func TestItemsThatAreProductsOrHosts(t *testing.T) {
	p := readCase(t, "We set these cookies:\n\n* **_fbp**: advertising\n* **AdRoll**: retargeting advertising\n* **hotjar.com**: statistics\n")
	assert.Equal(t, classify.NameIsVendor, cookieOf(t, p, "AdRoll").NameIs)
	assert.Equal(t, classify.NameIsDomain, cookieOf(t, p, "hotjar.com").NameIs)
	assert.Equal(t, classify.NameIsCookie, cookieOf(t, p, "_fbp").NameIs)
}

func TestRowspan(t *testing.T) {
	p := readCase(t, "<table><tr><th>Provider</th><th>Cookie</th><th>Expiry</th></tr>"+
		"<tr><td rowspan=\"2\">Hotjar</td><td>_hjid</td><td>1 year</td></tr><tr><td>_hjSession_1</td><td>30 minutes</td></tr></table>")
	assert.Equal(t, classify.Text("Hotjar"), cookieOf(t, p, "_hjSession_1").Vendor)
	assert.InDelta(t, 30.0/1440, days(t, cookieOf(t, p, "_hjSession_1")), 1e-6)
}

func TestResponsiveTableRepeatsLabels(t *testing.T) {
	p := readCase(t, "| Cookie | Expiry |\n| --- | --- |\n| Cookie: _ga | Expiry: 2 years |\n| Cookie: _gid | Expiry: 1 day |\n")
	assert.Equal(t, []string{"_ga", "_gid"}, cookieNames(p))
	assert.InDelta(t, 730.5, days(t, cookieOf(t, p, "_ga")), 0.01)
}

func TestNamesAndLifetimesInParallel(t *testing.T) {
	p := readCase(t, "| Cookies | Expiry |\n| --- | --- |\n| _ga<br>_gid | 2 years<br>24 hours |\n")
	assert.InDelta(t, 730.5, days(t, cookieOf(t, p, "_ga")), 0.01)
	assert.InDelta(t, 1, days(t, cookieOf(t, p, "_gid")), 0.01)
}

func TestNamesInProse(t *testing.T) {
	p := readCase(t, "We set a cookie named **sess_id** and another, `theme`, is a cookie that remembers your theme for one year.")
	assert.Equal(t, []string{"sess_id", "theme"}, cookieNames(p))
	assert.InDelta(t, 365.25, days(t, cookieOf(t, p, "theme")), 0.01)
}

func TestLifetimes(t *testing.T) {
	for text, want := range map[string]float64{
		"1 year and 1 month":           395.6875,
		"1 year 1 month 4 days":        399.6875,
		"< 1 minute":                   1.0 / 1440,
		"1,5 years":                    547.875,
		"0.5 hours":                    0.5 / 24,
		"thirty (30) days":             30,
		"six months":                   182.625,
		"24h":                          1,
		"half a year":                  182.625,
		"up to 13 months":              395.6875,
		"until you close your browser": 0,
		"Session":                      0,
		"expires when the browser window is closed": 0,
		"12-month":           365.25,
		"2 hours 30 minutes": 2.5 / 24,
		"a couple of weeks":  14,
		"deleted at the end of your browsing session": 0,
	} {
		t.Run(text, func(t *testing.T) {
			p := readCase(t, "| Name | Expiry |\n| --- | --- |\n| c_1 | "+text+" |\n")
			assert.InDelta(t, want, days(t, cookieOf(t, p, "c_1")), 1e-6)
		})
	}
}

func TestRetentionIsNoLifetime(t *testing.T) {
	p := readCase(t, "## Cookies\n\nWe set `sid_1` to keep you logged in. Server logs are kept for 30 days and account data for 2 years.")
	assert.Nil(t, cookieOf(t, p, "sid_1").DurationDays)
	assert.NotContains(t, claimIDs(p), "max_lifetime")
}

func TestCookieNamedDNT(t *testing.T) {
	p := readCase(t, "| Name | Purpose | Expiry |\n| --- | --- | --- |\n| _ga | statistics | 2 years |\n| DNT | stores that you opted out | 1 year |\n")
	assert.Contains(t, cookieNames(p), "_ga")
	assert.Equal(t, "silent", p.DNT)
}

func TestBrokenWords(t *testing.T) {
	p := readCase(t, "The ma jority of any such cookies are set to expire within 30 days.")
	require.Contains(t, claimIDs(p), "majority_lifetime")
	p = readCase(t, "The greater pa rt of these cookies runs out within 60 days.")
	require.Contains(t, claimIDs(p), "majority_lifetime", "both halves are no words")
}

func TestExamplesAreNoDeclarations(t *testing.T) {
	p := readCase(t, "## What are cookies?\n\nCookies are small files. Websites often use a cookie, for example `_ga`, to count visits.")
	assert.Empty(t, p.Cookies)
}

func TestForExampleListThatDeclares(t *testing.T) {
	p := readCase(t, "## Performance cookies\n\nWe use these cookies to count visits. For example, our _ga_session cookie lasts for 2 hours.")
	assert.InDelta(t, 2.0/24, days(t, cookieOf(t, p, "_ga_session")), 1e-6)
}

func TestAnnouncedListIsMissing(t *testing.T) {
	p := readCase(t, "The table below lists all cookies that we set.\n\n## Contact\n\nWrite to us.")
	assert.Empty(t, p.Cookies)
	assert.Contains(t, claimIDs(p), "exhaustive_list")
}

func TestNoBreakSpaces(t *testing.T) {
	p := readCase(t, "We do\u00a0not use third\u2011party\u00a0cookies. Analytics\u00ad cookies are not used.")
	assert.Contains(t, claimIDs(p), "no_third_party_cookies")
	assert.Contains(t, claimIDs(p), "no_analytics_cookies")
}

func TestEncodings(t *testing.T) {
	text := "<html><head><meta charset=\"%s\"><title>Datenschutzerklärung</title></head><body><h1>Datenschutzerklärung</h1>" +
		"<p>Wir verwenden Cookies für Statistiken über die Besucher unserer Website.</p></body></html>"
	latin, err := charmap.Windows1252.NewEncoder().String(strings.Replace(text, "%s", "windows-1252", 1))
	require.NoError(t, err)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	require.NoError(t, err)
	for name, doc := range map[string]crawler.Document{
		"declared in the page": {MIME: "text/html", Bytes: []byte(latin)},
		"told by the server":   {MIME: "text/html", Charset: "windows-1252", Bytes: []byte(latin)},
		"byte order mark":      {MIME: "text/html", Bytes: []byte(wide)},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := (&Reader{}).Read(doc)
			require.NoError(t, err)
			require.NotEmpty(t, p.Categories)
			assert.Equal(t, classify.Analytics, p.Categories[0].ID)
			assert.Contains(t, p.Categories[0].Text, "für Statistiken über")
		})
	}
}

func TestPDF(t *testing.T) {
	doc := crawler.Document{MIME: "application/pdf", Bytes: simplePDF("Cookie policy", "We use cookies to count visits and to measure traffic.",
		"The cookie _ga is kept for 2 years.", "We do not use third-party cookies.")}
	p, err := (&Reader{}).Read(doc)
	require.NoError(t, err)
	assert.Equal(t, []string{"_ga"}, cookieNames(p))
	assert.Contains(t, claimIDs(p), "no_third_party_cookies")
	_, err = (&Reader{}).Read(crawler.Document{MIME: "application/pdf", Bytes: []byte("%PDF-1.4 broken")})
	require.Error(t, err)
}

func TestSeveralDocumentsAreMerged(t *testing.T) {
	privacy := crawler.Document{URL: "https://shop.test/privacy", Bytes: []byte(policyFrame + "We use Matomo to count visits.")}
	cookies := crawler.Document{URL: "https://shop.test/cookies", Bytes: []byte(policyFrame + "| Name | Expiry |\n| --- | --- |\n| sid_1 | session |\n")}
	hub := crawler.Document{URL: "https://shop.test/legal", Bytes: []byte("# Legal\n\n[Privacy](/privacy)\n")}
	p, err := (&Reader{Vendors: testVendors(t)}).Read(hub, privacy, cookies)
	require.NoError(t, err)
	assert.True(t, p.IsPolicy)
	assert.Equal(t, privacy.URL, p.URL)
	assert.Equal(t, privacy.URL, p.Vendors[0].URL)
	assert.Equal(t, cookies.URL, p.Cookies[0].URL)
}

func TestCarriageReturns(t *testing.T) {
	text := strings.ReplaceAll(policyFrame+"We use cookies\r\nfor statistics about visits.\n", "\n", "\r\n")
	p, err := (&Reader{}).Read(crawler.Document{Bytes: []byte(text)})
	require.NoError(t, err)
	for _, c := range p.Categories {
		assert.NotContains(t, c.Quote.Quote, "\r")
		assert.Equal(t, text[c.Start:c.End], c.Quote.Quote)
	}
}

func TestDataOfConsentManagers(t *testing.T) {
	groups := `{"DomainData":{"Groups":[{"GroupName":"Strictly Necessary Cookies","FirstPartyCookies":[{"Name":"OptanonConsent","Host":"shop.test","Length":"365","IsSession":false,"description":"Stores \u0022choices\u0022"}]},` +
		`{"GroupName":"Targeting Cookies","Hosts":[{"HostName":"doubleclick.net","Cookies":[{"Name":"IDE","Host":"doubleclick.net","Length":"390","description":"Shows relevant ads"}]}]}]}}`
	lists := `CookieConsentDialog.cookieTableNecessary = [["CookieConsent","cookiebot.com","Stores the visitor's consent","1 year","HTTP Cookie","1"]];` +
		`CookieConsentDialog.cookieTableStatistics = [["_ga","Google","Counts visits for statistics","2 years","HTTP Cookie","1"]];`
	r := &Reader{Vendors: testVendors(t)}
	p, err := r.Read(crawler.Document{URL: "https://shop.test/data.json", MIME: "application/json", Bytes: []byte(groups)})
	require.NoError(t, err)
	require.True(t, p.IsPolicy)
	assert.Equal(t, classify.Text("necessary"), cookieOf(t, p, "OptanonConsent").Category)
	assert.Equal(t, classify.Text("advertising"), cookieOf(t, p, "IDE").Category)
	assert.InDelta(t, 390, days(t, cookieOf(t, p, "IDE")), 0.01)
	p, err = r.Read(crawler.Document{URL: "https://consent.test/cc.js", MIME: "application/javascript", Bytes: []byte(lists)})
	require.NoError(t, err)
	assert.Equal(t, []string{"CookieConsent", "_ga"}, cookieNames(p))
	assert.InDelta(t, 730.5, days(t, cookieOf(t, p, "_ga")), 0.01)
}

func TestOptOutLinks(t *testing.T) {
	p := readCase(t, "See [the choices](http://www.aboutads.info/choices/) or https://www.youronlinechoices.eu/. "+
		"[Opt out of statistics](https://shop.test/optout), [terms](https://shop.test/terms).")
	assert.Equal(t, []string{"http://www.aboutads.info/choices/", "https://shop.test/optout", "https://www.youronlinechoices.eu/"}, p.OptOuts)
}

func TestDenialScopedToOneCookie(t *testing.T) {
	p := readCase(t, "We set the cookie `basket_id` for the shopping cart. The cookie `old_id` is no longer set.")
	assert.Equal(t, []string{"basket_id"}, cookieNames(p))
	assert.NotContains(t, claimIDs(p), "no_cookies")
}

func TestTableFlattenedToOneSentence(t *testing.T) {
	p := readCase(t, "Cookie name Provider Purpose Expiry _ga Google Analytics Counts visits 2 years sid_key Own Keeps "+
		"you signed in Session _fbp Meta Shows advertising 3 months")
	assert.Equal(t, []string{"_ga", "sid_key", "_fbp"}, cookieNames(p))
	assert.InDelta(t, 730.5, days(t, cookieOf(t, p, "_ga")), 1)
	assert.InDelta(t, 0, days(t, cookieOf(t, p, "sid_key")), 0)
	assert.EqualValues(t, classify.Analytics, cookieOf(t, p, "_ga").Category)
	assert.EqualValues(t, classify.Necessary, cookieOf(t, p, "sid_key").Category)
	assert.EqualValues(t, classify.Advertising, cookieOf(t, p, "_fbp").Category)
}

func TestTableFlattenedToLines(t *testing.T) {
	p := readCase(t, "Cookie name Type Function Lifetime\n\nshop_key Technical Keeps the session Session\n\n"+
		"_pk_id.* Analytics Counts visitors 13 months")
	assert.Equal(t, []string{"shop_key", "_pk_id.*"}, cookieNames(p))
	assert.EqualValues(t, classify.Necessary, cookieOf(t, p, "shop_key").Category)
	assert.EqualValues(t, classify.Analytics, cookieOf(t, p, "_pk_id.*").Category)
}

func TestTableOfKinds(t *testing.T) {
	p := readCase(t, "| Kind | What for |\n| --- | --- |\n| Essential | Cookies that keep you signed in |\n"+
		"| Statistics | Cookies with which Matomo counts visits |\n| Marketing | Cookies that show you offers |")
	assert.Empty(t, p.Cookies)
	var got []classify.Category
	for _, c := range p.Categories {
		got = append(got, c.ID)
	}
	assert.Equal(t, []classify.Category{classify.Necessary, classify.Analytics, classify.Advertising}, got)
	assert.Equal(t, []string{"Matomo"}, vendorNames(p))
}

// TestTableInAnotherLanguage reads the English that consent managers leave in the tables of every language.
func TestTableInAnotherLanguage(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte("# Política de cookies\n\n" +
		"Esta página utiliza cookies para que pueda navegar por ella y para saber cuántas personas la visitan.\n\n" +
		"| Cookie | Duración | Descripción |\n| --- | --- | --- |\n" +
		"| visit_count | 2 years | This cookie is used to count the visits to the pages of the site. |\n" +
		"| shop_key | 30 minutes | This cookie keeps you signed in while you are on the site. |\n")})
	require.NoError(t, err)
	assert.Equal(t, "es", p.Lang)
	assert.EqualValues(t, classify.Analytics, cookieOf(t, p, "visit_count").Category)
	assert.EqualValues(t, classify.Necessary, cookieOf(t, p, "shop_key").Category)
	assert.InDelta(t, 30.0/1440, days(t, cookieOf(t, p, "shop_key")), 1e-6)
}

func TestCategoryWhoseSectionSaysThereIsNone(t *testing.T) {
	p := readCase(t, "## Necessary cookies\n\nThese cookies keep you signed in.\n\n## Advertising cookies\n\n"+
		"We use no advertising cookies.")
	require.Len(t, p.Categories, 1)
	assert.Equal(t, classify.Necessary, p.Categories[0].ID)
}

func TestTitleThatSpeaksOfManaging(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte(
		"# Managing cookies\n\nWe use cookies to count visits, with Matomo. The cookies are set by us. We store no names in them.")})
	require.NoError(t, err)
	assert.Equal(t, []string{"Matomo"}, vendorNames(p))
}

func TestHostThatASavedPageIsNamedFor(t *testing.T) {
	p, err := (&Reader{}).Read(crawler.Document{URL: "saved/03-shop.example.com.md", Bytes: []byte(policyFrame +
		"| Name | Domain | Purpose |\n| --- | --- | --- |\n| a_b | shop.example.com | language |\n| c_d | ads.other.com | advertising |\n")})
	require.NoError(t, err)
	assert.Equal(t, []string{"other.com"}, vendorNames(p))
}

func TestBareLabels(t *testing.T) {
	head := "<html lang=de><title>Datenschutz</title><h1>Datenschutzhinweise</h1><p>Wir setzen auf dieser Website Cookies ein.</p>"
	row := "<table><tr><th>Name</th><th>Zweck</th><th>Dauer</th></tr><tr><td>%s</td><td>etwas</td><td>7 Tage</td></tr></table>"
	text := head + "<h2>Notwendig</h2>" + fmt.Sprintf(row, "abc_x") + "<h2>Statistik</h2>" + fmt.Sprintf(row, "abc_y") +
		"<h2>Marketing</h2><ul><li>abc_z – etwas, 3 Monate</li></ul>"
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{MIME: "text/html", Bytes: []byte(text)})
	require.NoError(t, err)
	assert.Equal(t, classify.Text(classify.Necessary), cookieOf(t, p, "abc_x").Category)
	assert.Equal(t, classify.Text(classify.Analytics), cookieOf(t, p, "abc_y").Category)
	assert.Equal(t, classify.Text(classify.Advertising), cookieOf(t, p, "abc_z").Category)
	p = readCase(t, "## Marketing\n\n- We send a newsletter.\n- We hold raffles.\n")
	assert.Empty(t, p.Categories, "a heading over anything else is no label")
}

func TestDefinitionLists(t *testing.T) {
	text := `<html><title>Cookie policy</title><h1>Cookie policy</h1><p>We use these cookies on this website.</p>
<dl><dt>JSESSIONID</dt><dd>Session cookie of the catalogue, deleted when you close the browser.</dd>
<dt>lang</dt><dd>Remembers your language for 30 days.</dd></dl>
<h2>Local storage</h2><dl><dt>fontsize</dt><dd>How large letters shall be.</dd><dt>basket_items</dt><dd>What you chose.</dd></dl>`
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{MIME: "text/html", Bytes: []byte(text)})
	require.NoError(t, err)
	assert.Equal(t, []string{"JSESSIONID", "lang", "fontsize", "basket_items"}, cookieNames(p))
}

func TestAnalyticsDenied(t *testing.T) {
	for text, want := range map[string]int{
		"We do not use analytics on this website.":         1,
		"No analytics tools are used on this website.":     1,
		"We do not use third-party analytics services.":    1,
		"We do not use analytics without your consent.":    0,
		"We do not use your data for analytics.":           0,
		"We do not use tracking to identify you.":          0,
		"We do not share analytics data with anyone.":      0,
		"We do not use Google Analytics.":                  0,
		"We use analytics to see which pages are read.":    0,
		"If you block cookies, no analytics tool is used.": 0,
	} {
		t.Run(text, func(t *testing.T) {
			p := readCase(t, "# Privacy policy\n\n## Cookies\n\nWe use cookies to keep you signed in. "+text+"\n")
			assert.Len(t, p.CategoriesDenied, want)
		})
	}
}

func TestAddressInBrackets(t *testing.T) {
	p := readCase(t, "The banner comes from Consent Gate (consentgate.example). Help: Your Browser (browser help), All About Cookies (help.example).\n")
	require.Len(t, p.Vendors, 1)
	require.Equal(t, "Consent Gate", p.Vendors[0].Name)
	require.Equal(t, []string{"consentgate.example"}, p.Vendors[0].Domains)
	require.NotContains(t, vendorNames(readCase(t, "We do not use Consent Gate (consentgate.example).\n")), "Consent Gate")
}

func TestAVendorIsNoNameOfACookie(t *testing.T) {
	p := readCase(t, "| Name | Provider | Purpose |\n|---|---|---|\n| gbuuid | HubSpot | Compares versions of a page |\n")
	require.Equal(t, []string{"gbuuid"}, cookieNames(p))
	require.Equal(t, []string{"HubSpot"}, vendorNames(p))
}

func TestNoneBeforeConsentDeniesNothing(t *testing.T) {
	for _, text := range []string{
		"Vor Ihrer Einwilligung werden keine Analyse-Cookies gesetzt.", "Aucun cookie de mesure d'audience n'est déposé avant votre accord.",
		"No analytics cookies are set before you consent.",
	} {
		require.Empty(t, readCase(t, text+"\n").CategoriesDenied, text)
	}
}

// One column tells of what type a cookie is and how long it is kept; the services are the site's own by plain words.
func TestTypeAndDurationInOneColumn(t *testing.T) {
	p := readCase(t, "| Name | Service | Purpose | Cookie type and duration |\n|-|-|-|-|\n"+
		"| pk_seen | Contact form | Counts visits | First-party persistent cookie, 13 months |\n"+
		"| kept_in | Login | Keeps you logged in | First-party session cookie, deleted after you quit your browser |\n"+
		"| glow | Lumora | Shows films | Third-party persistent cookie, 2 days |\n")
	require.Len(t, p.Cookies, 3)
	assert.InDelta(t, 396, *p.Cookies[0].DurationDays, 1)
	assert.EqualValues(t, "session", p.Cookies[1].DurationClass)
	assert.InDelta(t, 2, *p.Cookies[2].DurationDays, 0.01)
	assert.Equal(t, []string{"Lumora"}, vendorNames(p))
}

// What a cookie is for may be told as a list, and how long it is kept in one of its items.
func TestLifetimeAmongPurposes(t *testing.T) {
	p := readCase(t, "<table><tr><th>Name</th><th>Description</th></tr>"+
		"<tr><td>_kdUser_{site_id}</td><td><ul><li>Set when a user first lands on a page.<li>365 days duration.</ul></td></tr>"+
		"<tr><td>_kdSeen</td><td><ul><li>Counts visits.<li>Session duration.</ul></td></tr>"+
		"<tr><td>_kdLang</td><td>Keeps the language that you choose. The cookie expires after 30 days.</td></tr>"+
		"<tr><td>_kdLong</td><td>Measures the session duration of visits.</td></tr></table>\n")
	require.Equal(t, []string{"_kdUser_{site_id}", "_kdSeen", "_kdLang", "_kdLong"}, cookieNames(p))
	for i, days := range []float64{365, 0, 30} {
		require.NotNil(t, p.Cookies[i].DurationDays, i)
		assert.InDelta(t, days, *p.Cookies[i].DurationDays, 0.01)
	}
	assert.Nil(t, p.Cookies[3].DurationDays)
	assert.EqualValues(t, classify.Functional, p.Cookies[2].Category)
}

func TestTheFirstLineIsATitle(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte("Hotjar Cookie Policy\n\n==\n\nHotjar uses cookies to provide and improve its website. We keep little personal data.\n")})
	require.NoError(t, err)
	require.Empty(t, p.Vendors)
}

func TestSecondClauseDeniesForItself(t *testing.T) {
	p := readCase(t, "We do not share information about your visit with third parties, and we do not use third-party analytics services.\n")
	require.Equal(t, []string{"no_third_party_trackers"}, claimIDs(p))
	require.Len(t, p.CategoriesDenied, 1)
	require.NotContains(t, claimIDs(readCase(t, "If you refuse, we count nothing, and we do not use third-party analytics services then.\n")), "no_third_party_trackers")
}

// What a cookie is said to be called is its name, however plain.
func TestNamedCookies(t *testing.T) {
	for text, want := range map[string][]string{
		"We use a cookie named sid that keeps you signed in.":   {"sid"},
		"A cookie called cart remembers what you put there.":    {"cart"},
		"One cookie (vst) hides the notice.":                    {"vst"},
		"We use small files called cookies to remember you.":    {},
		"We set a cookie called a session cookie.":              {},
		"There are cookies called essential, which we need.":    {},
		"We use a cookie (HTTP) and a cookie (first-party).":    {},
		"A cookie called by the server is sent with the answer": {},
	} {
		require.Equal(t, want, cookieNames(readCase(t, text+"\n")), text)
	}
}

func TestAQuestionThatIsAnsweredNo(t *testing.T) {
	p := readWhole(t, "---\ndate: 2020-01-01\ntitle: \"Cookie Policy\"\n---\n\n## Which cookies do you use?\n\nNone.\n\n## Really?\n\n* No statistics\n")
	assert.True(t, p.IsPolicy)
	assert.Equal(t, "en", p.Lang)
	assert.Contains(t, claimIDs(p), "no_cookies")

	p = readWhole(t, "# Cookies\n\n## Which cookies do we use?\n\nWe use few of them, for the basket.\n\n## Which third-party cookies do we use?\n\nNone.\n")
	assert.NotContains(t, claimIDs(p), "no_cookies")
}

func TestSuchCookiesAreThoseOfTheSection(t *testing.T) {
	p := readCase(t, "**Marketing cookies**\n\nMarketing cookies show you offers that fit. We don't use such cookies.\n\n"+
		"**Social media cookies**\n\nThey are set by buttons of social networks. We do not set such cookies.\n\n"+
		"**Necessary cookies**\n\nThey keep you signed in. We do not use these cookies to identify you.\n")
	assert.Equal(t, []string{"necessary"}, categoryIDs(p))
	assert.Contains(t, claimIDs(p), "no_advertising_cookies")
	assert.NotContains(t, claimIDs(p), "no_cookies")
}

func TestWhatLawDemandsDeclaresNothing(t *testing.T) {
	p := readCase(t, "The legislation aims at cookies that track visitors to show them advertising of third parties. It makes an exception for cookies that keep a basket.")
	assert.Empty(t, p.Categories)
	assert.Equal(t, silent, p.ThirdPartyCookies)
}

func TestASiteThatNamesItself(t *testing.T) {
	p := readWhole(t, "# Cookies\n\nKiNo-tree uses a few cookies, so that your settings are kept.\n\nKiNo-tree cookies are used for this:\n\n- Your language is remembered.\n- We keep the list of your favourites.\n")
	assert.True(t, p.IsPolicy)
	assert.Empty(t, cookieNames(p))
}

func TestAMenuListsNoCookies(t *testing.T) {
	p := readCase(t, "### Products\n\n* [Hosting](/hosting)\n* [VPS](/vps)\n* [FreeDNS](/dns)\n")
	assert.Empty(t, cookieNames(p))
}

func TestTheNameOfAnIdentifierIsNoPurpose(t *testing.T) {
	p := readCase(t, "The app uses the Advertising ID of the phone and cookies so that statistics work.")
	assert.Equal(t, []string{"analytics"}, categoryIDs(p))
}

func TestNamesOfWhatCanBeOptedOutOf(t *testing.T) {
	p := readCase(t, "If you want to opt out of some VisitPulse cookies, you can follow the link.")
	assert.Empty(t, cookieNames(p))
}

func TestLifetimesInOrder(t *testing.T) {
	p := readCase(t, "We use these cookies:\n\n- **_ga, _gat:** Cookies of Google Analytics, for statistics. They expire after two years and ten minutes respectively.\n")
	assert.Equal(t, []string{"_ga two years", "_gat ten minutes"}, cookieLives(p))
}

func TestLifetimeWithARemark(t *testing.T) {
	p := readCase(t, "| Name | Kind | Purpose | Duration |\n| --- | --- | --- | --- |\n| theme | Browser storage (sessionStorage) | Keeps the colours | Until you close the tab; nobody else is sent it at any time |\n")
	assert.Equal(t, "session", string(p.Cookies[0].DurationClass))
}

func TestStorageIsNoCookie(t *testing.T) {
	p := readWhole(t, "# Cookie policy\n\nThis site sets no cookies at all. It keeps one thing in your browser:\n\n| Name | Type | Purpose |\n| --- | --- | --- |\n| colours | Browser storage (localStorage) | Remembers the theme you chose |\n")
	assert.Equal(t, []string{"local_storage"}, technologyIDs(p))
}

func TestServicesUnderAHeading(t *testing.T) {
	p := readCase(t, "## Further services that we use\n\nTheir own notices hold for them:\n\n- Videos via YouTube: <https://policies.google.com/privacy>\n- Videos via Vimeo: <https://vimeo.com/privacy>\n")
	assert.ElementsMatch(t, []string{"Vimeo", "YouTube"}, vendorNames(p))
}

func TestLinksForReadersNameNoVendors(t *testing.T) {
	p := readCase(t, "### Want to know more about cookies?\n\nYou can learn more about cookies on these third-party websites:\n\n* [All About Cookies](https://www.allaboutcookies.org/)\n* [Cookie Law Info](https://www.cookielawinfo.com/)\n")
	assert.Empty(t, vendorNames(p))
}

func TestNamesOfCookiesAreNoTechniques(t *testing.T) {
	p := readCase(t, "| Cookie | Purpose |\n| --- | --- |\n| chat-session-\\*, chat-device-id-\\* | Remembers the conversation |\n")
	assert.Equal(t, []string{"cookie"}, technologyIDs(p))
}

func TestPurposeOfAListedCookieIsTheSections(t *testing.T) {
	p := readCase(t, "#### Analytics cookies\n\n**Cookie**: _ga  \n**Description**: Counts visitors.  \n**Duration**: 2 years\n\n**Cookie**: test_cookie  \n**Description**: It is set by doubleclick.net and tells whether the browser takes cookies.  \n**Duration**: 15 minutes\n")
	assert.Equal(t, []string{"analytics"}, categoryIDs(p))
}

func TestListOfWhatTheyHelpWith(t *testing.T) {
	p := readCase(t, "## Cookies we use\n\nSome are set by us. They help us:\n\n- See how visitors move around\n- Remember your preferences\n")
	assert.ElementsMatch(t, []string{"analytics", "functional"}, categoryIDs(p))
	p = readCase(t, "## Our staff\n\nSome sit in Leeds. They help us:\n\n- See how visitors move around\n- Remember your preferences\n")
	assert.Empty(t, categoryIDs(p))
}

func TestListBelowADefinition(t *testing.T) {
	p := readCase(t, "## Cookies on this site\n\nWe use cookies. Cookies are small data files kept on your device that help us:\n\n- Keep you logged in\n- Remember your preferences\n")
	assert.ElementsMatch(t, []string{"necessary", "functional"}, categoryIDs(p))
}

func TestPromisesOfListedKinds(t *testing.T) {
	p := readCase(t, "#### Necessary cookies\n\n- Essential for the site to work\n- Do not store personal information\n\n### How long cookies last\n\n- **Analytics cookies:** up to 2 years\n")
	assert.Contains(t, claimIDs(p), "no_pii_in_cookies")
	assert.Contains(t, claimIDs(p), "max_lifetime")
}

func TestWhatUsingTheSiteMeans(t *testing.T) {
	p := readCase(t, "By continuing to browse our website:\n\n- You accept the use of cookies under this policy\n- You can leave at any time\n")
	assert.Contains(t, claimIDs(p), "consent_by_use")
}

func TestConsentThatIsNotGiven(t *testing.T) {
	p := readCase(t, "If you do not click \"I accept\", the cookies of this site will not be set on your device.")
	assert.Contains(t, claimIDs(p), "prior_consent")
	p = readCase(t, "If you do not accept cookies, some parts of the site will not work and your basket is not kept.")
	assert.NotContains(t, claimIDs(p), "prior_consent")
}

func TestAToolWithoutCookies(t *testing.T) {
	p := readCase(t, "We use Matomo without cookies and without fingerprinting.")
	assert.Contains(t, claimIDs(p), "no_analytics_cookies")
	assert.NotContains(t, technologyIDs(p), "fingerprinting")
}

func TestListsOfServicesWithTheirCookies(t *testing.T) {
	p := readCase(t, "**Required cookies.** They keep the site safe.\n\n* **Cloudflare**\n    * **Cookies:** \\_\\_cf\\_bm\n    * **Purpose:** Security\n\n* **Intercom**\n    * **Cookies:** intercom-device-id, intercom-id\n    * **Purpose:** Support chat\n\n"+
		"**Marketing.** Marketing cookies show ads that fit.\n\n* **Meta**\n    * **Cookies:** \\_fbp, fr, datr\n    * **Purpose:** Measures how our posts perform\n")
	got := []string{}
	for _, c := range p.Cookies {
		got = append(got, c.Name+" "+string(c.Category))
	}
	assert.Equal(t, []string{"__cf_bm necessary", "intercom-device-id necessary", "intercom-id necessary", "_fbp advertising", "fr advertising", "datr advertising"}, got)
}

func TestTrademarksNameNoVendors(t *testing.T) {
	p := readCase(t, "## Trademarks\n\nFacebook is a trademark of Facebook Inc. Our payment service follows the rules of brands like Visa and MasterCard.")
	assert.Empty(t, vendorNames(p))
}

func TestWhatIsHostedHereHasNoVendor(t *testing.T) {
	p := readCase(t, "### Google Fonts\n\nWe use Google Fonts, which are hosted locally. No connection to Google is made.\n\n### Google Maps\n\nWe use Google Maps to show where we are.\n")
	assert.Equal(t, []string{"Google Maps"}, vendorNames(p))
}

func TestVendorsBelowCookiesOfThirdParties(t *testing.T) {
	p := readCase(t, "### Third-party cookies\n\n#### Google Analytics\n\n- Purpose: statistics\n- Data: anonymous\n")
	assert.Equal(t, declared, p.ThirdPartyCookies)
}

func TestWhatAToolIsFor(t *testing.T) {
	p := readCase(t, "## Statistics\n\nOur site uses Matomo. This system allows us to analyse visits and how pages are used.")
	assert.Equal(t, []string{"analytics"}, categoryIDs(p))
}

func TestListsOfLinksToVendors(t *testing.T) {
	p := readCase(t, "### Cookies on your device\n\nPartners that keep something on a device.\n\n- [Cloudflare](https://a.example)\n- [Typeform](https://b.example)\n- [Infogram](https://c.example)\n- [Vimeo](https://d.example)\n- Albumkit\n- [Kartlab](https://e.example)\n")
	assert.ElementsMatch(t, []string{"Cloudflare", "Typeform", "Infogram", "Vimeo", "Albumkit", "Kartlab"}, vendorNames(p))
}

func TestWhatIsShownWithoutScripts(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{MIME: "text/html", Bytes: []byte("<html><title>Cookie policy</title><h1>Cookies</h1><p>We use cookies to keep your basket.</p><noscript><p>We use cookies for advertising.</p></noscript>")})
	require.NoError(t, err)
	assert.Equal(t, []string{"necessary"}, categoryIDs(p))
}

func TestNoCookiesOfThisKind(t *testing.T) {
	p := readCase(t, "### Advertising cookies\n\nThey may be set by other sites. We don't currently use any cookies in this category.")
	assert.Contains(t, claimIDs(p), "no_advertising_cookies")
	assert.NotContains(t, claimIDs(p), "no_cookies")
	assert.Empty(t, categoryIDs(p))
}

func TestAnUnfinishedPurposeGoesOnInItsList(t *testing.T) {
	p := readCase(t, "We will not use cookies to\n\n* Store personal information on your disk\n* Send personal information to others\n")
	assert.Contains(t, claimIDs(p), "no_pii_in_cookies")
	assert.NotContains(t, claimIDs(p), "no_cookies")
}

func TestShortPurposesBelowALabel(t *testing.T) {
	p := readCase(t, "### Necessary cookies\n\n| Name | Purpose | Duration |\n| --- | --- | --- |\n| ds_session | Security | Session |\n| cf_pass | Security | 1 year |\n| ds_help | Support | 1 year |\n")
	for _, c := range p.Cookies {
		assert.Equal(t, "necessary", string(c.Category), c.Name)
	}
}

func TestRemarksOnItems(t *testing.T) {
	p := readCase(t, "This site loads from others:\n\n- **TeX fonts** (cdn.texfonts.example), for formulas. No cookies set.\n")
	assert.NotContains(t, claimIDs(p), "no_cookies")
	assert.Equal(t, []string{"TeX fonts"}, vendorNames(p))
}

func TestGermanWordsForBothSexes(t *testing.T) {
	p := readCase(t, "Cookies werden auf den Rechnern der Nutzer*innen gespeichert. Wir verwenden Cookies, damit Besucher_innen angemeldet bleiben und die Seite sicher ist.")
	assert.Empty(t, cookieNames(p))
}

func TestBothKindsAreAll(t *testing.T) {
	p := readCase(t, "No persistent or session cookies are set.")
	assert.Contains(t, claimIDs(p), "no_cookies")
	assert.NotContains(t, claimIDs(p), "session_only")
	p = readCase(t, "This website sets no cookies nor anything like them but some pages may show content of other sites that set their own cookies.")
	assert.Contains(t, claimIDs(p), "no_cookies")
	assert.NotContains(t, claimIDs(p), "no_third_party_cookies")
}

func TestDeniedBelowStatistics(t *testing.T) {
	p := readCase(t, "#### Website statistics\n\nWe count visits with a tool of our own. No cookies are used.")
	assert.Contains(t, claimIDs(p), "no_analytics_cookies")
}

func TestATableThatComparesListsNoCookies(t *testing.T) {
	p := readCase(t, "| | Cookie | Local storage (what we use) |\n| --- | --- | --- |\n| Is it sent? | Yes, with each request | No |\n| Can others read it? | Depends | No |\n| Can it be deleted? | Yes | Yes |\n")
	assert.Empty(t, cookieNames(p))
}

func TestSectionWithOnePurpose(t *testing.T) {
	p := readCase(t, "### Website usage\n\nWe measure website usage so that we understand how people use our site.\n\n| Name | Purpose | Expires |\n| --- | --- | --- |\n| _tld_test | Finds out where it can be kept | Session |\n")
	assert.Equal(t, "analytics", string(p.Cookies[0].Category))
}

func TestLabelWithABadge(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{MIME: "text/html", Bytes: []byte("<title>Cookie policy</title><h1>Cookies</h1><p>We use cookies on this website.</p><div><span>Analytics</span> <span>Requires consent</span></div><p>They help us understand our visitors.</p><table><tr><th>Cookie</th><th>Purpose</th></tr><tr><td>_ga</td><td>Tells visitors apart</td></tr></table>")})
	require.NoError(t, err)
	require.Len(t, p.Cookies, 1)
	assert.Equal(t, "analytics", string(p.Cookies[0].Category))
}

func TestListsOfVendorsWithTheirKinds(t *testing.T) {
	p := readCase(t, "### Third party cookies:\n\nThe following third party cookies are used:\n\n* Google Analytics tracking cookies\n* Facebook Pixel cookies\n* Autopulse tracking cookies\n\n### Embedded content\n\n* **YouTube:** videos\n* **Vimeo:** videos\n* **TLK:** talks\n")
	assert.Contains(t, vendorNames(p), "Autopulse")
	assert.Empty(t, cookieNames(p))
}

func TestRowsThatBreaksPartedFromTheirTable(t *testing.T) {
	p := readCase(t, "**Cookie Name** | **Purpose** | **More**  \n---|---|---  \n__utma | An analytics cookie. This cookie has a lifespan of 2 years from set/update. | \n\n**How to reject it**\n\nVisit the page of the tool.  \n  \n"+
		"__utmz | An analytics cookie. This cookie has a 6 month lifespan. | \n\nVisit the page of the tool.  \n  \nCompanyID | Session cookie - only used in the shop. | Where used these are required.  \n")
	assert.Equal(t, []string{"__utma", "__utmz", "CompanyID"}, cookieNames(p))
	days := []float64{}
	for _, c := range p.Cookies {
		require.NotNil(t, c.DurationDays, c.Name)
		days = append(days, *c.DurationDays)
	}
	assert.InDeltaSlice(t, []float64{730.5, 182.6, 0}, days, 1)
	assert.NotContains(t, claimIDs(p), "session_only")
}

// TestAwaitedCategory holds that what is only not set before consent leaves it to the sentence on its use whose it is.
func TestAwaitedCategory(t *testing.T) {
	awaited := "No analytics cookies are set before you have given your consent."
	p := readCase(t, awaited+"\n\nTo measure our audience we use Matomo.\n")
	require.Len(t, p.Categories, 1)
	require.Contains(t, p.Categories[0].Text, "Matomo")
	p = readCase(t, awaited+"\n")
	require.Len(t, p.Categories, 1)
	require.Equal(t, awaited, string(p.Categories[0].Text))
}

// TestStorageIsNoName holds that what scripts call the storage itself names nothing that is kept in it.
func TestStorageIsNoName(t *testing.T) {
	p := readCase(t, "## Local storage\n\n* localStorage: your theme\n* ui_theme: your colours\n* ui_lang: your language\n")
	require.Equal(t, []string{"ui_theme", "ui_lang"}, cookieNames(p))
}

// TestExamplesOfAList holds that the list of what a site sets may call its entries examples.
func TestExamplesOfAList(t *testing.T) {
	p := readCase(t, "## Marketing cookies\n\n**Provider:** Meta  \n**Cookie examples:** _fbp (lifetime: 3 months)\n")
	require.Equal(t, []string{"_fbp 3 months"}, cookieLives(p))
	p = readCase(t, "| Category | Examples | Sources |\n|---|---|---|\n| Identifiers | Name, Email | You |\n| Employment | Title | You |\n")
	require.Empty(t, p.Cookies)
	require.Empty(t, p.Vendors)
}

// TestBarredCellsOfSeveralLines reads a table with a line for each cell, of which some are broken.
func TestBarredCellsOfSeveralLines(t *testing.T) {
	p := readCase(t, "Cookie name |\nExpiry |\nDescription |\n_aa |\n2 years |\nTells visitors from each other.\nHolds a random number\nand the time of the visit. |\n"+
		"_bb |\n30 minutes |\nCounts the pages of a visit. |\n\nWe look after them.\n")
	require.Equal(t, []string{"_aa 2 years", "_bb 30 minutes"}, cookieLives(p))
}

// TestExpiresWithSession reads the end of the session where the purpose tells of it.
func TestExpiresWithSession(t *testing.T) {
	p := readCase(t, "| Cookie | Purpose |\n|---|---|\n| sid_a | Holds the number of your visit and will expire at the end of the session. |\n"+
		"| sid_b | Keeps what you do until the session ends, and much more beside it. |\n")
	require.Equal(t, []string{"sid_a end of the session", "sid_b "}, cookieLives(p))
}

// TestThirdPartyLifetime holds that who tells how long the cookies of others live tells that they are set.
func TestThirdPartyLifetime(t *testing.T) {
	require.Equal(t, "declared", string(readCase(t, "Cookies of partners have a lifetime of at most two years.\n").ThirdPartyCookies))
	require.Equal(t, "silent", string(readCase(t, "Cookies have a lifetime of at most two years.\n").ThirdPartyCookies))
}

// TestTheyAreLogs holds that what goes on a sentence about data tells nothing of the cookies before it.
func TestTheyAreLogs(t *testing.T) {
	require.Empty(t, claimIDs(readCase(t, "We use cookies. The server keeps your IP address in log files. They are deleted within 7 days.\n")))
	require.Equal(t, []string{"max_lifetime"}, claimIDs(readCase(t, "We use cookies to count visits. They are deleted within 7 days.\n")))
}

// TestNamesBehindPurpose reads names in brackets behind what the cookies of a kind are for.
func TestNamesBehindPurpose(t *testing.T) {
	p := readCase(t, "Optional cookies (only if you accept)\n\n- Stats Box - anonymous figures (`_sb`, `_sb_*`). Addresses are cut.\n")
	require.Equal(t, []string{"_sb", "_sb_*"}, cookieNames(p))
}

// TestContradictedPromises holds that a list of what is kept outweighs a sentence that nothing is.
func TestContradictedPromises(t *testing.T) {
	p := readCase(t, "We do not use cookies. We do not use local storage.\n\n| Cookie | Type | Expiry |\n|---|---|---|\n| sid_a | cookie | 1 year |\n| ui_a | local storage | never |\n")
	require.Empty(t, claimIDs(p))
	require.Equal(t, []string{"no_cookies"}, claimIDs(readCase(t, "We do not use cookies.\n\n| Key | Type |\n|---|---|\n| ui_a | local storage |\n| ui_b | session storage |\n")))
}

// TestCodeBehindService reads the names in code behind the service whose cookies they are, and what brackets tell of one.
func TestCodeBehindService(t *testing.T) {
	p := readCase(t, "| Cookie | Purpose | Expiry |\n|---|---|---|\n| StatBox (`sb_*`) | counts visits | 12 months |\n| `ui_x` (goes when you close the browser) | keeps the menu open | |\n")
	require.Equal(t, []string{"sb_* 12 months", "ui_x when you close"}, cookieLives(p))
}

// TestServicesWithShortNames holds that a service in capitals is no cookie where nothing says so.
func TestServicesWithShortNames(t *testing.T) {
	require.Empty(t, readCase(t, "## Third-party cookies\n\n* **KED:**\\\nAn organisation that publishes talks.\n").Cookies)
	require.Equal(t, []string{"NID"}, cookieNames(readCase(t, "## Third-party cookies\n\n* **NID:**\\\nA cookie that remembers your language.\n")))
}

// TestStorageOfSection holds that rows below a heading for the local storage are kept in it.
func TestStorageOfSection(t *testing.T) {
	p := readCase(t, "## Local storage\n\n| Key | Purpose |\n|---|---|\n| ui_a | the colours you chose |\n| ui_b | the menu you opened |\n")
	require.Len(t, p.Cookies, 2)
	for _, c := range p.Cookies {
		require.Equal(t, "local_storage", string(c.Storage))
	}
}

// TestSectionThatUsesNone holds that a heading whose first sentence says that there are none declares no such cookies.
func TestSectionThatUsesNone(t *testing.T) {
	for _, none := range []string{"The site uses none and loads no advertising scripts.", "None are set.", "We use none."} {
		p := readCase(t, "## Marketing cookies\n\n"+none+"\n")
		require.Empty(t, p.Categories, none)
		require.Equal(t, []string{"no_advertising_cookies"}, claimIDs(p), none)
	}
	require.NotEmpty(t, readCase(t, "## Marketing cookies\n\nNone are set until you agree.\n").Categories)
}

// TestTheCookieCan holds that what can be done with "the cookie" is not its name.
func TestTheCookieCan(t *testing.T) {
	require.Empty(t, readCase(t, "We set persistent cookies. The cookie can be read by the website that created it. The cookie will be deleted later.\n").Cookies)
	require.Equal(t, []string{"sid"}, cookieNames(readCase(t, "We set a cookie. The cookie sid is stored when you log in.\n")))
}

// TestPurposeThatNamesThePage holds that a short purpose with a word for the site is no party.
func TestPurposeThatNamesThePage(t *testing.T) {
	p := readCase(t, "| Name | Provider | Purpose | Expiry |\n|---|---|---|---|\n| gb_id | GrowthBox | Compares the website | 400 days |\n")
	require.Equal(t, []string{"gb_id 400 days"}, cookieLives(p))
	require.Equal(t, []string{"GrowthBox"}, vendorNames(p))
}

// TestProvidersThatAreTheSite holds that a word for the site is no provider, and may be a part of the name of one.
func TestProvidersThatAreTheSite(t *testing.T) {
	p := readCase(t, "| Name | Provider | Purpose |\n|---|---|---|\n| a_b | Site | Counts visits |\n| c_d | Site Sevens | Shows adverts |\n| e_f | Nordwind Shop | Keeps the basket |\n")
	require.ElementsMatch(t, []string{"Site Sevens", "Nordwind Shop"}, vendorNames(p))
}
