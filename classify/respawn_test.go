package classify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/crawler"
)

func TestRespawns(t *testing.T) {
	known, err := catalog.Load()
	require.NoError(t, err)
	const home = "https://www.shop.test/"
	id := crawler.Traits{Length: 16, Identifier: true, Hash: "h1"}
	back := crawler.Cookie{Name: "xuid", Domain: "www.shop.test", Path: "/", SetBy: home + "s.js", Respawned: true, Traits: id}
	alike := back
	alike.Respawned = false
	consent := back
	consent.Name = "cookie_consent"
	plain := back
	plain.Traits.Identifier = false
	cart := back
	cart.Name = "PHPSESSID"
	printer := crawler.Script{URL: home + "s.js", Initiators: []string{home}, Canvases: []crawler.Canvas{{How: "toDataURL", Width: 200, Height: 50, Letters: 20, Count: 1}}}
	for _, tt := range []struct {
		name    string
		journey crawler.Page
		fresh   []crawler.Cookie // of another visitor
		message string           // empty for no finding
	}{
		{"from local storage", crawler.Page{Cookies: []crawler.Cookie{back}, Storage: []crawler.Storage{{Kind: crawler.Local, Origin: home[:len(home)-1], Key: "copy", Traits: id}}}, nil, "local storage holds a copy as “copy”"},
		{"from elsewhere", crawler.Page{Cookies: []crawler.Cookie{back}}, nil, "a copy is kept elsewhere"},
		{"from the cache", crawler.Page{Cookies: []crawler.Cookie{back}, Requests: []crawler.Request{{URL: home + "p.gif", Labels: []string{"h1"}}}}, nil, "the ETag of https://www.shop.test/p.gif"},
		{"by the traits of the browser", crawler.Page{Cookies: []crawler.Cookie{back}, Scripts: []crawler.Script{printer}}, []crawler.Cookie{alike}, "recognises the browser by its traits"},
		{"given to all", crawler.Page{Cookies: []crawler.Cookie{back}}, []crawler.Cookie{alike}, ""},
		{"no identifier", crawler.Page{Cookies: []crawler.Cookie{plain}}, nil, ""},
		{"a choice", crawler.Page{Cookies: []crawler.Cookie{consent}}, nil, ""},
		{"what the site needs", crawler.Page{Cookies: []crawler.Cookie{cart}}, nil, ""},
		{"not deleted", crawler.Page{Cookies: []crawler.Cookie{alike}}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := tt.journey
			p.URL, p.FinalURL, p.Scenario, p.Journey = home, home, crawler.NoChoice, []string{home + "two", home}
			fresh := crawler.Page{URL: home, FinalURL: home, Scenario: crawler.NoChoice, Cookies: tt.fresh}
			var messages []string
			for _, f := range classify.Classify(&crawler.Scan{Site: home, Pages: []crawler.Page{fresh, p}}, nil, known).Findings {
				if f.Rule == classify.RuleRespawning {
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
