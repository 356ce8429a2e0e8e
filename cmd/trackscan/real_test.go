package main

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/npm"
	"trackscan/report"
)

// TestRealSites scans sites with real consent managers and real trackers without a choice, rejected and accepted, and
// compares everything that was seen, when, and how it was judged, with what a careful reader wrote down: nothing is
// missed and nothing is invented. testdata/sites/README.md tells how these sites are written.
func TestRealSites(t *testing.T) {
	files, err := filepath.Glob("../../testdata/real/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		web, err := fakeweb.Parse(text)
		require.NoError(t, err)
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { checkRealSite(t, web) })
	}
}

func checkRealSite(t *testing.T, web *fakeweb.Web) {
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	defer server.Close()
	handleLibraries(t, server, web.Notes("npm"))
	got := scanJSON(t, server, strings.TrimSpace(web.Notes("site")))
	require.True(t, got.Whole, "%v", got.Failures)
	checkVerdicts(t, web.Want("verdicts"), got)
	checkNothingElse(t, web.Want("verdicts"), got)
	checkFindings(t, web.Want("findings"), got)
	checkClaims(t, web.Want("claims"), got)
	require.Empty(t, server.Unknown(), "hosts that the site should not ask for")
}

// handleLibraries serves packages from npm, one a line: PACKAGE HOST/PATH/ for all files, PACKAGE/FILE HOST/PATH for one.
func handleLibraries(t *testing.T, server *fakeweb.Server, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), " ")
		require.True(t, ok, line)
		host, path, _ := strings.Cut(to, "/")
		server.Handle(host, "/"+path, libraryFor(t, from, "/"+path))
	}
}

func libraryFor(t *testing.T, from, path string) http.Handler {
	t.Helper()
	at := strings.LastIndex(from, "@")
	version, file, one := strings.Cut(from[at:], "/")
	if !one {
		return npm.Handler(t, from, path)
	}
	return rewritten(npm.Handler(t, from[:at]+version, "/"), "/"+file)
}

// checkNothingElse fails for each thing seen that the site does not name.
func checkNothingElse(t *testing.T, text string, got report.Facts) {
	wants, err := fakeweb.ParseWant(text)
	require.NoError(t, err)
	for _, tr := range got.Trackers {
		if !slices.ContainsFunc(wants, func(w fakeweb.Want) bool { return isWanted(w, tr) }) {
			t.Errorf("%s: should not be there (%s, %s, in %v; %s)", tr.ID, tr.Verdict, tr.SetBy, tr.Scenarios, tr.Beacon)
		}
	}
}

// isWanted reports whether a line KIND NAME [DOMAIN] is about a tracker. Of storage KIND may say which; NAME may be the
// pattern, where names differ from visit to visit.
func isWanted(w fakeweb.Want, tr classify.Tracker) bool {
	return (string(tr.Kind) == w.Words[0] || w.Words[0] == tr.Storage) && slices.Contains([]string{tr.Name, tr.Pattern}, w.Words[1]) &&
		(len(w.Words) < 3 || tr.Domain == w.Words[2])
}

// scenariosIn are the scenarios in which a tracker was, without spaces.
func scenariosIn(tr classify.Tracker) string {
	names := make([]string, len(tr.Scenarios))
	for i, s := range tr.Scenarios {
		names[i] = string(s)
	}
	return strings.Join(names, ",")
}

// patternOf is the pattern of a tracker whose name differs from visit to visit, empty when it has none.
func patternOf(id string, got report.Facts) string {
	at := slices.IndexFunc(got.Trackers, func(tr classify.Tracker) bool { return tr.ID == id })
	if at < 0 {
		return ""
	}
	return got.Trackers[at].Pattern
}
