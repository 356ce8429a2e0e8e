package classify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestWhatABrowserRefusesTellsNobody: a script tries how high in the name of its site a cookie may be set, with the
// identifier that it sends home as well.
func TestWhatABrowserRefusesTellsNobody(t *testing.T) {
	synced := func(via crawler.SetVia, refused string) bool {
		held := cookie("uid", "other.test")
		held.SetVia, held.Refused, held.Party = via, refused, crawler.Third
		held.Traits = crawler.Traits{Identifier: true, Hash: "abcd"}
		r := Classify(pages(crawler.Page{
			URL: site, Cookies: []crawler.Cookie{held},
			Requests: []crawler.Request{{URL: "https://px.test/a", Party: crawler.Third, Carries: []string{"abcd"}}},
		}), nil, catalogue)
		for _, f := range r.Findings {
			if f.Rule == RuleCookieSync {
				return true
			}
		}
		return false
	}
	require.True(t, synced(crawler.ViaHTTP, ""))
	require.True(t, synced(crawler.ViaScript, ""))
	require.True(t, synced(crawler.ViaHTTP, "ThirdPartyBlocked"))
	require.False(t, synced(crawler.ViaScript, "InvalidDomain"))
}
