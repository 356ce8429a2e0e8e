package browser_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// testBrowser is the one browser of this package's tests; its web is that of the sites below.
var (
	testSites   []testSite
	testBrowser *browser.Browser
	testServer  *fakeweb.Server
	testPath    string // the browser's binary
)

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	path, err := findOrInstall()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	testPath = path
	web, err := loadSites()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	testServer, err = fakeweb.Serve(web, fakeweb.Options{Delay: 5 * time.Millisecond})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer testServer.Close()
	testBrowser, err = browser.New(context.Background(), browser.Options{
		Path: path, Resolves: testServer.Resolves(), Insecure: true,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer testBrowser.Close()
	return m.Run()
}

// testSite is a site of testdata that tells what evidence a visit of each of its pages must bring.
type testSite struct {
	name, host string
	web        *fakeweb.Web
}

// loadSites reads the sites whose want.evidence is checked here, and joins them to one web.
func loadSites() (*fakeweb.Web, error) {
	hosts := map[string]string{
		"capture": "https://www.lumen-garden.test", "capture-more": "https://www.harbour-lights.test",
		"hostile": "https://www.thorn-hedge.test",
	}
	var webs []*fakeweb.Web
	for name, host := range hosts {
		text, err := os.ReadFile("../../testdata/sites/" + name + ".txtar")
		if err != nil {
			return nil, err
		}
		w, err := fakeweb.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		testSites = append(testSites, testSite{name, host, w})
		webs = append(webs, w)
	}
	return fakeweb.Merge(webs...)
}

// findOrInstall gets the tests their browser the way the command gets its own.
func findOrInstall() (string, error) {
	asked := os.Getenv("TRACKSCAN_BROWSER")
	path, err := browser.Find(asked, "")
	if err == nil || asked != "" || !browser.CanInstallPackage() {
		return path, err
	}
	if err := browser.InstallPackage(context.Background(), os.Stderr); err != nil {
		return "", err
	}
	return browser.Find("", "")
}
