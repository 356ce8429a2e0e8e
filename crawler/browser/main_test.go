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

// testBrowser is the one browser of this package's tests; its web is the capture site of testdata.
var (
	testWeb     *fakeweb.Web
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
	text, err := os.ReadFile("../../testdata/sites/capture.txtar")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	testWeb, err = fakeweb.Parse(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	testServer, err = fakeweb.Serve(testWeb, fakeweb.Options{Delay: 5 * time.Millisecond})
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
