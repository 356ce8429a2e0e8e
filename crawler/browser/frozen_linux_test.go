package browser_test

import (
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestFrozenBrowser stops the browser with a signal in the middle of two visits: both end with an error, the next one
// gets a new browser, and the frozen one does not stay behind.
func TestFrozenBrowser(t *testing.T) {
	folder := ownTemp(t)
	var once sync.Once
	site := serveFaults(t, func() { once.Do(func() { freezeAll(folder) }) })
	b := startBrowser(t)
	beside := visitInTime(b, faultTimeout, crawler.Visit{URL: site + "/slow"})
	_, err := renderInTime(t, b, crawler.Visit{URL: site + "/freeze"})
	require.ErrorContains(t, err, "browser")
	require.ErrorContains(t, (<-beside).err, "browser")
	p, err := b.Render(t.Context(), crawler.Visit{URL: site + "/good"})
	requireGood(t, visited{p, err})
	b.Close()
	require.Empty(t, processesOf(folder), "processes of both browsers")
}

// freezeAll stops processes as a debugger or an exhausted machine does: they are there, and answer nothing.
func freezeAll(folder string) {
	for _, pid := range processesOf(folder) {
		_ = syscall.Kill(pid, syscall.SIGSTOP)
	}
}
