package browser_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/crawler/fakeweb"
)

// TestHooksCannotBeSeen has one page describe everything that it can find out about the functions of its browser -
// descriptors, names, source, errors and their stacks, through frames and in a worker - once in a browser without our
// hooks and once in ours. Both tell the same.
func TestHooksCannotBeSeen(t *testing.T) {
	text, err := os.ReadFile("testdata/stealth.txtar")
	require.NoError(t, err)
	web, err := fakeweb.Parse(text)
	require.NoError(t, err)
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	defer server.Close()
	told := make(chan string, 10)
	server.Handle("www.stealth.test", "/tell", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
		w.WriteHeader(http.StatusNoContent)
	}))
	const page = "https://www.stealth.test/"

	allocator, stop := browser.BareAllocator(testPath, server.Resolves())
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(page)))
	plain := hear(t, told)

	chrome, err := browser.New(t.Context(), browser.Options{Path: testPath, Resolves: server.Resolves(), Insecure: true})
	require.NoError(t, err)
	defer chrome.Close()
	seen, err := chrome.Render(context.Background(), crawler.Visit{URL: page, Scenario: crawler.NoChoice})
	require.NoError(t, err)
	hooked := hear(t, told)
	require.NotEmpty(t, seen.Scripts, "the hooks were there")
	require.Greater(t, len(plain), 500)
	assert.Empty(t, missing(plain, hooked), "told without hooks only")
	assert.Empty(t, missing(hooked, plain), "told with hooks only")
}

// missing are the first lines of a that b lacks.
func missing(a, b []string) string {
	have := map[string]int{}
	for _, line := range b {
		have[line]++
	}
	var out []string
	for _, line := range a {
		if have[line]--; have[line] < 0 && len(out) < 20 {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// hear waits for what a page tells of itself, as lines.
func hear(t *testing.T, told chan string) []string {
	t.Helper()
	select {
	case text := <-told:
		return strings.Split(text, "\n")
	case <-time.After(20 * time.Second):
		t.Fatal("the page told nothing")
		return nil
	}
}
