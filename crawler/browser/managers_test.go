package browser_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/npm"
)

// managerPackages are the real consent managers of testdata/managers.txtar and where sites load them from.
var managerPackages = map[string]string{
	"klaro@0.7.22":                                 "cdn.kiprotect.com/klaro/",
	"tarteaucitronjs@1.34.0":                       "",
	"vanilla-cookieconsent@3.1.0":                  "",
	"cookieconsent@3.1.1":                          "",
	"orejime@3.2.1":                                "",
	"cookie-though@1.7.3":                          "",
	"@iabtcf/core@1.5.6":                           "",
	"@iabtcf/cmpapi@1.5.6":                         "",
	"@iabtcf/stub@1.5.6":                           "",
	"@porscheofficial/cookie-consent-banner@4.1.0": "",
}

// TestManagers visits sites with real consent managers without a choice, to accept and to reject.
func TestManagers(t *testing.T) {
	text, err := os.ReadFile("testdata/managers.txtar")
	require.NoError(t, err)
	web, err := fakeweb.Parse(text)
	require.NoError(t, err)
	wants, err := fakeweb.ParseWant(web.Want("managers"))
	require.NoError(t, err)
	server := serve(t, web)
	for name, where := range managerPackages {
		if where == "" {
			where = "cdn.jsdelivr.net/npm/" + name + "/"
		}
		host, path, _ := strings.Cut(where, "/")
		server.Handle(host, "/"+path, npm.Handler(t, name, "/"+path))
	}
	b := browserOn(t, server, browser.Options{})
	for _, w := range wants {
		t.Run(w.Words[0], func(t *testing.T) { t.Parallel(); checkManager(t, b, w) })
	}
}

func checkManager(t *testing.T, b *browser.Browser, w fakeweb.Want) {
	url := "https://" + w.Words[0] + "/"
	page := visitAs(t, b, url, crawler.NoChoice)
	s := page.Consent
	require.NotNil(t, s)
	assert.True(t, s.Banner)
	assert.Equal(t, strings.ReplaceAll(w.Attr("manager"), "_", " "), s.Manager)
	if w.Attr("informs") != "" {
		assert.False(t, s.Choice)
		return
	}
	assert.True(t, s.Choice)
	assert.NotContains(t, keptIn(page), "cookie:_track", "no choice")
	assert.Equal(t, w.Attr("clicks"), fmt.Sprintf("%d/%d", s.AcceptClicks, s.RejectClicks), "as told without a click")
	if name := w.Attr("groups"); name != "" {
		assert.True(t, slices.ContainsFunc(s.Groups, func(g crawler.Grouped) bool { return g.Name == name }), "%v", s.Groups)
	}
	for _, as := range []crawler.Scenario{crawler.Accept, crawler.Reject} {
		checkManaged(t, visitAs(t, b, url, as), w, as)
	}
}

func checkManaged(t *testing.T, page crawler.Page, w fakeweb.Want, as crawler.Scenario) {
	s := page.Consent
	require.NotNil(t, s)
	assert.Equal(t, crawler.Answered, s.Result, "%s: %s", as, s.Why)
	assert.Equal(t, w.Attr(string(as)), strings.NewReplacer(" storage ", ":", "cookie ", "cookie:").Replace(s.Confirmed))
	want := strings.Split(w.Attr("kept"), ",")
	if as == crawler.Accept {
		want = append(want, "cookie:_track")
	}
	slices.Sort(want)
	assert.Equal(t, want, keptIn(page), as)
	sent := len(requestsOf(page, "stats.track.example/p.gif"))
	assert.Equal(t, as == crawler.Accept, sent > 0, "%s: %d pixels", as, sent)
	if w.Attr("tcf") != "" {
		assert.NotEmpty(t, s.TCF)
	}
}

// keptIn lists what is stored after a visit.
func keptIn(p crawler.Page) []string {
	var kept []string
	for _, c := range p.Cookies {
		if !c.Transient && c.Refused == "" {
			kept = append(kept, "cookie:"+c.Name)
		}
	}
	for _, s := range p.Storage {
		if !s.Transient {
			kept = append(kept, string(s.Kind)+":"+s.Key)
		}
	}
	slices.Sort(kept)
	return kept
}
