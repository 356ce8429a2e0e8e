package fakeweb_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/fakewebtest"
)

// sites reads every web of testdata/sites, by its file name.
func sites(t *testing.T) map[string]*fakeweb.Web {
	t.Helper()
	files, err := filepath.Glob("../../testdata/sites/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	webs := map[string]*fakeweb.Web{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		web, err := fakeweb.Parse(data)
		require.NoError(t, err, file)
		webs[filepath.Base(file)] = web
	}
	return webs
}

func TestSitesAreSound(t *testing.T) {
	for name, web := range sites(t) {
		t.Run(name, func(t *testing.T) { require.Empty(t, fakewebtest.Check(web)) })
	}
}

func TestSitesSayWhereAScanStarts(t *testing.T) {
	for name, web := range sites(t) {
		u, err := url.Parse(strings.TrimSpace(web.Notes("site")))
		require.NoError(t, err, name)
		require.NotNil(t, web.Body(u.Host, u.Path), "%s: notes.site is %s, which is not there", name, u)
	}
}

func TestFailuresAreOfTheWeb(t *testing.T) {
	for name, web := range sites(t) {
		wants, err := fakeweb.ParseWant(web.Want("failures"))
		require.NoError(t, err, name)
		for _, w := range wants {
			u, err := url.Parse(w.Words[0])
			require.NoError(t, err, name)
			require.NotNil(t, web.Body(u.Host, u.Path), "%s: want.failures line %d", name, w.Line)
		}
	}
}

func TestEvidenceIsWellFormed(t *testing.T) {
	attrs := strings.Fields("page set_by via party path days asked initiators refused transient partition type initiator " +
		"frame redirects beacon status title_has final depth")
	words := map[string]int{"page": 2, "cookie": 3, "request": 2, "storage": 4, "absent": 2, "absent-cookie": 2}
	for name, web := range sites(t) {
		wants, err := fakeweb.ParseWant(web.Want("evidence"))
		require.NoError(t, err, name)
		for _, w := range wants {
			require.Equal(t, words[w.Words[0]], len(w.Words), "%s: want.evidence line %d", name, w.Line)
			for attr := range w.Attrs {
				require.Contains(t, attrs, attr, "%s: want.evidence line %d", name, w.Line)
			}
			requireHost(t, web, name, w)
		}
	}
}

// requireHost fails when a line of evidence is about a host that the web does not have.
func requireHost(t *testing.T, web *fakeweb.Web, name string, w fakeweb.Want) {
	t.Helper()
	var host string
	switch w.Words[0] {
	case "request", "absent":
		host, _, _ = strings.Cut(w.Words[1], "/")
	case "storage":
		host = strings.TrimPrefix(w.Words[2], "https://")
	case "cookie":
		if host = w.Words[2]; strings.HasPrefix(host, ".") {
			return
		}
	default:
		return
	}
	require.True(t, slices.Contains(web.Hosts(), host), "%s: want.evidence line %d: no host %s", name, w.Line, host)
}

func TestVerdictsAreWellFormed(t *testing.T) {
	words := map[string]int{"cookie": 3, "storage": 3, "request": 2, "beacon": 2, "fingerprinting": 2}
	verdicts := strings.Fields("contradicted undeclared unidentified declared-by-category declared-by-vendor declared-by-name " +
		"not-a-tracker not-compared")
	for name, web := range sites(t) {
		wants, err := fakeweb.ParseWant(web.Want("verdicts"))
		require.NoError(t, err, name)
		for _, w := range wants {
			require.Len(t, w.Words, words[w.Words[0]], "%s: want.verdicts line %d", name, w.Line)
			require.Contains(t, verdicts, w.Attr("verdict"), "%s: want.verdicts line %d", name, w.Line)
			if w.Attr("or") != "" {
				require.Contains(t, verdicts, w.Attr("or"), "%s: want.verdicts line %d", name, w.Line)
			}
		}
	}
}

// TestFindingsFollowFromVerdicts holds the two want files of a site together: a verdict that is a fault has its
// finding, and a finding of such a rule its verdict.
func TestFindingsFollowFromVerdicts(t *testing.T) {
	faults := []string{"contradicted", "undeclared", "unidentified"}
	for name, web := range sites(t) {
		verdicts, err := fakeweb.ParseWant(web.Want("verdicts"))
		require.NoError(t, err, name)
		findings, err := fakeweb.ParseWant(web.Want("findings"))
		require.NoError(t, err, name)
		var want, got []string
		for _, w := range verdicts {
			if slices.Contains(faults, w.Attr("verdict")) && w.Attr("or") == "" {
				want = append(want, w.Attr("verdict")+" "+w.Words[1])
			}
		}
		for _, w := range findings {
			if slices.Contains(aboutTheSite, w.Words[0]) {
				require.Len(t, w.Words, 1, "%s: want.findings line %d", name, w.Line)
				continue
			}
			require.Len(t, w.Words, 2, "%s: want.findings line %d", name, w.Line)
			if slices.Contains(faults, w.Words[0]) && w.Attr("optional") == "" {
				got = append(got, w.Words[0]+" "+w.Words[1])
			}
		}
		require.ElementsMatch(t, want, got, name)
	}
}

// aboutTheSite are rules whose findings have no subject.
var aboutTheSite = []string{"no-policy", "no-reject-option"}

func TestClaimsAreWellFormed(t *testing.T) {
	for name, web := range sites(t) {
		wants, err := fakeweb.ParseWant(web.Want("claims"))
		require.NoError(t, err, name)
		for _, w := range wants {
			require.Len(t, w.Words, 1, "%s: want.claims line %d", name, w.Line)
			require.Contains(t, []string{"holds", "broken", "not-testable"}, w.Attr("result"), "%s: want.claims line %d", name, w.Line)
		}
	}
}
