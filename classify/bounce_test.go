package classify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/crawler"
)

// TestClicks: who keeps, is told or passes on the number of the click by which the visitor came.
func TestClicks(t *testing.T) {
	known, err := catalog.Load()
	require.NoError(t, err)
	const home = "https://www.shop.test/"
	click := []string{"gclid"}
	own := crawler.Cookie{Name: "ad_click", Domain: "www.shop.test", Path: "/", SetBy: home, Clicks: click}
	google, counter := own, own
	google.Name, counter.Name = "_gcl_aw", "AMP_MKTG_c0ffee"
	for _, tt := range []struct {
		name    string
		page    crawler.Page
		policy  string
		message string // empty for no finding
	}{
		{"nobody knows whose", crawler.Page{Cookies: []crawler.Cookie{own}}, "", "The cookie “ad_click” of www.shop.test keeps “gclid” of Google Ads, the number"},
		{"of who gave it", crawler.Page{Cookies: []crawler.Cookie{google}}, "", "The cookie “_gcl_aw” of Google Ads keeps “gclid” of Google Ads, the number"},
		{"noted by a counter of visits", crawler.Page{Cookies: []crawler.Cookie{counter}}, "", ""},
		{"named by the policy", crawler.Page{Cookies: []crawler.Cookie{google}}, "_gcl_aw", ""},
		{"told", crawler.Page{Requests: []crawler.Request{{URL: "https://partner.example/?c=*", Type: "fetch", Clicks: click}}}, "", "“partner.example” is told “gclid” of Google Ads, the number"},
		{"told the site itself", crawler.Page{Requests: []crawler.Request{{URL: "https://api.shop.test/?c=*", Type: "fetch", Clicks: click}}}, "", ""},
		{"passed on", crawler.Page{Decorated: []crawler.Decoration{{Host: "shop.example", Param: "gclid", Passed: true}}}, "", "Links to shop.example carry on the parameter “gclid” of Google Ads, the number"},
		{"in a link that was pasted", crawler.Page{Decorated: []crawler.Decoration{{Host: "shop.example", Param: "gclid"}}}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.page.URL, tt.page.FinalURL, tt.page.Scenario = home, home, crawler.NoChoice
			var policy *classify.Policy
			if tt.policy != "" {
				policy = &classify.Policy{IsPolicy: true, Cookies: []classify.PolicyCookie{{Name: tt.policy, NameIs: classify.NameIsCookie}}}
			}
			var messages []string
			for _, f := range classify.Classify(&crawler.Scan{Site: home, Pages: []crawler.Page{tt.page}}, policy, known).Findings {
				if f.Rule == classify.RuleDecoration {
					require.Equal(t, classify.Low, f.Severity)
					messages = append(messages, f.Message)
				}
			}
			if tt.message == "" {
				require.Empty(t, messages)
				return
			}
			require.Len(t, messages, 1)
			require.Contains(t, messages[0], tt.message)
		})
	}
}
