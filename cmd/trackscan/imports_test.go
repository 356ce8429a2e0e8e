package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "trackscan"

// mayImport says which of our packages each package may import, by path below the module: "crawler/" stands for
// crawler and the rooms in it. Imports run one way, cmd -> report -> classify -> crawler; a room may import its
// ancestors and the top rooms to its right, never a sibling.
var mayImport = map[string][]string{
	"crawler":                     {},
	"crawler/fakeweb":             {"crawler"},
	"crawler/fakeweb/fakewebtest": {"crawler/fakeweb", "crawler"},
	"crawler/fakeweb/npm":         {},
	"crawler/fakeweb/fakedns":     {},
	"crawler/crawlertest":         {"crawler", "crawler/fakeweb"},
	"crawler/discover":            {"crawler"},
	"crawler/browser":             {"crawler", "crawler/browser/consent"},
	"crawler/browser/consent":     {},
	"crawler/newsletter":          {"crawler"},
	"crawler/history":             {"crawler"},
	"crawler/history/historytest": {},
	"classify":                    {"crawler"},
	"classify/policy":             {"classify", "crawler"},
	"classify/catalog":            {"classify", "crawler"},
	"classify/filterlist":         {"classify", "crawler"},
	"report":                      {"classify", "crawler"},
	"report/mail":                 {"report", "classify", "crawler"},
	"cmd/trackscan":               {"cmd/trackscan/", "report/", "classify/", "crawler/"},
	"cmd/trackscan/config":        {},
	"cmd/trackscan/demo":          {"crawler/fakeweb"},
	"cmd/trackscan/lists":         {"classify/", "crawler"},
	"cmd/trackscan/nightly":       {},
}

// inTests are packages that any test may import besides.
var inTests = []string{
	"crawler", "crawler/fakeweb", "crawler/fakeweb/fakewebtest", "crawler/fakeweb/npm", "crawler/fakeweb/fakedns", "crawler/crawlertest", "crawler/history/historytest",
}

// testsMayImport are further imports of the tests of one package.
var testsMayImport = map[string][]string{
	"classify":        {"classify/catalog", "classify/policy"},
	"classify/policy": {"classify/catalog"}, // the names of real vendors
}

// outside says in which rooms a thing from outside may be used; each has one.
var outside = map[string][]string{
	"github.com/gocolly/":               {"crawler/discover"},
	"github.com/chromedp/":              {"crawler/browser"},
	"database/sql":                      {"crawler/history", "crawler/history/historytest"},
	"modernc.org/sqlite":                {"crawler/history"},
	"github.com/jackc/pgx/":             {"crawler/history", "crawler/history/historytest"},
	"github.com/pressly/goose":          {"crawler/history"},
	"github.com/goccy/go-yaml":          {"cmd/trackscan/config", "crawler/browser/consent"},
	"github.com/robfig/cron/":           {"cmd/trackscan/config", "cmd/trackscan/nightly"},
	"net/smtp":                          {},
	"github.com/wneessen/go-mail":       {"report/mail"},
	"github.com/emersion/go-message":    {"crawler/newsletter"},
	"net/http":                          {"crawler/discover", "crawler/browser", "crawler/fakeweb", "crawler/fakeweb/npm", "crawler/crawlertest", "cmd/trackscan", "cmd/trackscan/lists"},
	"github.com/spf13/cobra":            {"cmd/trackscan"},
	"github.com/olekukonko/tablewriter": {"report"},
	"testing":                           {"crawler/crawlertest", "crawler/fakeweb/fakewebtest", "crawler/fakeweb/npm", "crawler/fakeweb/fakedns", "crawler/history/historytest"},
}

// goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestImports(t *testing.T) {
	packages := listPackages(t)
	require.NotEmpty(t, packages)
	for _, p := range packages {
		room := strings.TrimPrefix(p.ImportPath, module+"/")
		allowed, known := mayImport[room]
		require.True(t, known, "%s is a new room: add a line for it to mayImport", room)
		for _, path := range p.Imports {
			checkOwn(t, room, path, allowed)
			checkOutside(t, room, path)
		}
		inTest := slices.Concat(allowed, inTests, testsMayImport[room], []string{room})
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			checkOwn(t, room, path, inTest)
		}
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...").Output()
	require.NoError(t, err)
	var packages []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p goPackage
		require.NoError(t, d.Decode(&p))
		packages = append(packages, p)
	}
	return packages
}

func checkOwn(t *testing.T, room, path string, allowed []string) {
	t.Helper()
	ours, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return
	}
	fits := func(rule string) bool {
		return ours == strings.TrimSuffix(rule, "/") || strings.HasSuffix(rule, "/") && strings.HasPrefix(ours, rule)
	}
	if !slices.ContainsFunc(allowed, fits) {
		t.Errorf("%s imports %s, which lies above it or beside it: hand the value in from cmd/trackscan instead", room, ours)
	}
}

func checkOutside(t *testing.T, room, path string) {
	t.Helper()
	for thing, rooms := range outside {
		uses := path == thing || strings.HasSuffix(thing, "/") && strings.HasPrefix(path, thing) || strings.HasPrefix(path, thing+"/")
		if uses && !slices.Contains(rooms, room) {
			t.Errorf("%s uses %s, which has its place in %s: go through that room", room, path, strings.Join(rooms, ", "))
		}
	}
}
