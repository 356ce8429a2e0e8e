package demo_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/cmd/trackscan/demo"
	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/fakewebtest"
)

func TestSitesAreSound(t *testing.T) {
	for _, site := range demo.Sites() {
		t.Run(site.Name, func(t *testing.T) {
			require.Empty(t, fakewebtest.Check(site.Web))
			u, err := url.Parse(site.URL)
			require.NoError(t, err)
			require.NotNil(t, site.Web.Body(u.Host, u.Path))
		})
	}
}

func TestSitesShowTheRulesOfAFirstScan(t *testing.T) {
	rules := []string{
		"before-consent", "broken-claim", "contradicted", "despite-reject", "miscategorised", "no-policy", "outlives-declaration",
		"session-recording", "undeclared", "unidentified", "unseen-declaration",
	}
	var shown []string
	for _, site := range demo.Sites() {
		for _, w := range wants(t, site, "findings") {
			require.LessOrEqual(t, len(w.Words), 2, "line %d", w.Line)
			if w.Attr("optional") == "" {
				shown = append(shown, w.Words[0])
			}
		}
	}
	slices.Sort(shown)
	require.Equal(t, rules, slices.Compact(shown))
}

func TestWantedTrackersAreWellFormed(t *testing.T) {
	words := map[string]int{"cookie": 3, "storage": 3, "request": 2, "beacon": 2}
	for _, site := range demo.Sites() {
		trackers := wants(t, site, "trackers")
		require.NotEmpty(t, trackers)
		for _, w := range trackers {
			require.Len(t, w.Words, words[w.Words[0]], "%s: want.trackers line %d", site.Name, w.Line)
		}
	}
}

// ofSite are the rules whose findings are about the site or its policy.
var ofSite = []string{"broken-claim", "no-policy", "unseen-declaration"}

func TestEveryFindingIsAboutAWantedTracker(t *testing.T) {
	for _, site := range demo.Sites() {
		names := map[string]bool{}
		for _, w := range wants(t, site, "trackers") {
			names[w.Words[1]] = true
		}
		for _, w := range wants(t, site, "findings") {
			if w.Attr("optional") != "" || slices.Contains(ofSite, w.Words[0]) {
				continue
			}
			require.True(t, names[w.Words[1]], "%s: want.findings line %d: %s is no wanted tracker", site.Name, w.Line, w.Words[1])
		}
	}
}

func wants(t *testing.T, site demo.Site, name string) []fakeweb.Want {
	t.Helper()
	parsed, err := fakeweb.ParseWant(site.Web.Want(name))
	require.NoError(t, err)
	return parsed
}
