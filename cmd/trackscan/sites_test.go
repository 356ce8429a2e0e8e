package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/cmd/trackscan/demo"
	"trackscan/cmd/trackscan/lists"
	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/fakedns"
	"trackscan/report"
)

// TestSites scans every site of testdata that tells what is right, and both demonstration sites, through the command
// line, and compares verdicts and findings with what a careful reader wrote down beside them. The words of the want
// files are told at the top of each site.
func TestSites(t *testing.T) {
	files, err := filepath.Glob("../../testdata/sites/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		web, err := fakeweb.Parse(text)
		require.NoError(t, err)
		if web.Want("verdicts") != "" {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				checkSite(t, web, noteOf(text, "site"), web.Want("verdicts"), append(scenariosOf(text), nameServerOf(t, web)...)...)
			})
		}
	}
	for _, site := range demo.Sites() {
		t.Run("demo "+site.Name, func(t *testing.T) { checkSite(t, site.Web, site.URL, site.Web.Want("trackers")) })
	}
}

// noteOf is the first line of a site's notes.NAME, empty when it has none.
func noteOf(archive []byte, name string) string {
	_, rest, _ := bytes.Cut(archive, []byte("-- notes."+name+" --\n"))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return strings.TrimSpace(string(line))
}

// scenariosOf are the arguments for the scenarios that a site's notes.scenarios lists; without it, for no choice alone.
func scenariosOf(archive []byte) []string {
	return []string{"--scenario", cmp.Or(noteOf(archive, "scenarios"), "no-choice")}
}

// nameServerOf are the arguments for a name server that knows the aliases of a site's notes.aliases, HOST NAME a line;
// none without them.
func nameServerOf(t *testing.T, web *fakeweb.Web) []string {
	aliases := map[string]string{}
	for line := range strings.Lines(web.Notes("aliases")) {
		if words := strings.Fields(line); len(words) == 2 {
			aliases[words[0]] = words[1]
		}
	}
	if len(aliases) == 0 {
		return nil
	}
	return []string{"--dns", fakedns.Serve(t, aliases).Address}
}

func checkSite(t *testing.T, web *fakeweb.Web, address, verdicts string, more ...string) {
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	defer server.Close()
	got := scanJSON(t, server, address, append(more, strings.Fields(web.Want("flags"))...)...)
	checkVerdicts(t, verdicts, got)
	checkFindings(t, web.Want("findings"), got)
	checkClaims(t, web.Want("claims"), got)
	checkEvents(t, web.Want("events"), got)
	require.Empty(t, server.Unknown(), "hosts that the site should not ask for")
}

// scanJSON runs the command and reads its result back.
func scanJSON(t *testing.T, server *fakeweb.Server, address string, more ...string) report.Facts {
	t.Helper()
	args := append([]string{"run", address, "--insecure", "--format", "json", "-q"}, more...)
	for _, r := range server.Resolves() {
		args = append(args, "--resolve", r.String())
	}
	var stdout, stderr bytes.Buffer
	noLists := lists.Options{System: []string{}} // what this machine has must not decide
	(&app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, lists: noLists}).run(t.Context(), args)
	var facts report.Facts
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &facts), stderr.String())
	return facts
}

func checkVerdicts(t *testing.T, text string, got report.Facts) {
	wants, err := fakeweb.ParseWant(text)
	require.NoError(t, err)
	require.NotEmpty(t, wants)
	for _, w := range wants {
		found := false
		for _, tr := range got.Trackers {
			if !isWanted(w, tr) {
				continue
			}
			found = true
			verdict := string(tr.Verdict)
			if w.Attr("verdict") != "" && verdict != w.Attr("verdict") && !slices.Contains(strings.Split(w.Attr("or"), ","), verdict) && w.Attr("optional") == "" {
				t.Errorf("%s: verdict %s, want %s", strings.Join(w.Words, " "), verdict, w.Attr("verdict"))
			}
			if in := scenariosIn(tr); w.Attr("in") != "" && in != w.Attr("in") {
				t.Errorf("%s: in %s, want %s", strings.Join(w.Words, " "), in, w.Attr("in"))
			}
		}
		if !found && w.Attr("optional") == "" {
			t.Errorf("%s: not seen", strings.Join(w.Words, " "))
		}
	}
}

// checkEvents wants of the hosts that a site's want.events names the events listed there, and no others.
func checkEvents(t *testing.T, text string, got report.Facts) {
	wants, err := fakeweb.ParseWant(text)
	require.NoError(t, err)
	want, told := map[string][]string{}, map[string][]string{}
	for _, w := range wants {
		want[w.Words[0]] = append(want[w.Words[0]], w.Words[1]+" "+w.Attr("identity"))
	}
	for _, tr := range got.Trackers {
		for _, d := range tr.Events {
			if want[tr.Name] != nil {
				told[tr.Name] = append(told[tr.Name], strings.ReplaceAll(d.Name, " ", "_")+" "+strings.Join(d.Identity, ","))
			}
		}
	}
	require.Equal(t, want, told)
}

func checkFindings(t *testing.T, text string, got report.Facts) {
	wants, err := fakeweb.ParseWant(text)
	require.NoError(t, err)
	missing := map[string]bool{}
	known := map[string]fakeweb.Want{}
	for _, w := range wants {
		line := strings.Join(w.Words, " ")
		known[line] = w
		missing[line] = w.Attr("optional") == ""
	}
	for _, f := range got.Findings {
		line := strings.TrimSpace(f.Rule + " " + f.Subject) // no subject: about the site as a whole
		if _, ok := known[line]; !ok && patternOf(f.Tracker, got) != "" {
			line = f.Rule + " " + patternOf(f.Tracker, got)
		}
		delete(missing, line)
		switch w, ok := known[line]; {
		case !ok:
			t.Errorf("finding that should not be: %s (%s)", line, f.Message)
		case w.Attr("severity") != "" && w.Attr("severity") != string(f.Severity):
			t.Errorf("%s: severity %s, want %s (%s)", line, f.Severity, w.Attr("severity"), f.Message)
		case w.Attr("scenario") != "" && w.Attr("scenario") != f.Scenario:
			t.Errorf("%s: scenario %s, want %s", line, f.Scenario, w.Attr("scenario"))
		}
	}
	for _, line := range slices.Sorted(maps.Keys(missing)) {
		if missing[line] {
			t.Errorf("finding that is missing: %s", line)
		}
	}
}

// checkClaims holds the policy's promises to what became of them. A policy may make others besides.
func checkClaims(t *testing.T, text string, got report.Facts) {
	wants, err := fakeweb.ParseWant(text)
	require.NoError(t, err)
	for _, w := range wants {
		results := []string{}
		for _, c := range got.Claims {
			if c.ID == w.Words[0] {
				results = append(results, c.Result)
			}
		}
		unread := len(results) == 0 && w.Attr("optional") != ""
		if !unread && !slices.Contains(results, w.Attr("result")) {
			t.Errorf("claim %s: %q, want %s", w.Words[0], results, w.Attr("result"))
		}
	}
}
