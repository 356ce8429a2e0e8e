package browser_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// testBrowser is the one browser of this package's tests; its web is every site in testdata.
var (
	testBrowser *browser.Browser
	testServer  *fakeweb.Server
	testPath    string // the browser's binary
)

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	path, err := browser.Find(os.Getenv("TRACKSCAN_BROWSER"), "")
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

func loadSites() (*fakeweb.Web, error) {
	files, err := filepath.Glob("../../testdata/sites/*.txtar")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no sites: %w", err)
	}
	var webs []*fakeweb.Web
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		w, err := fakeweb.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		webs = append(webs, w)
	}
	return fakeweb.Merge(webs...)
}

// site reads one site of testdata.
func site(t *testing.T, name string) *fakeweb.Web {
	t.Helper()
	text, err := os.ReadFile("../../testdata/sites/" + name + ".txtar")
	require.NoError(t, err)
	w, err := fakeweb.Parse(text)
	require.NoError(t, err)
	return w
}
