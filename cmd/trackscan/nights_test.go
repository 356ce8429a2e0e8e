package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
)

// nightlyConfig is that of the long site, one page at a time, due every minute.
func nightlyConfig(t *testing.T, server *fakeweb.Server) string {
	t.Helper()
	resolves, err := json.Marshal(texts(server.Resolves()))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "trackscan.yaml")
	text := fmt.Sprintf(`
store: scans.db
insecure: true
no-install: true
fail-on: never
tabs: 1
resolve: %s
schedule: {cron: "* * * * *", health: health}
sites: [{name: shop, url: "https://www.shop.test"}]
`, resolves)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// A night whose process was killed loses nothing: the next start goes on with it, and renders no page again that was
// captured.
func TestKilledNightIsGoneOnWith(t *testing.T) {
	server := serveText(t, longSite)
	conf := nightlyConfig(t, server)
	first := startProcess(t, "nightly", "--once", "-v", "--config", conf)
	first.awaitPages(t, 3)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGKILL))
	code, _ := first.wait(t)
	require.Equal(t, -1, code)

	second := startProcess(t, "nightly", "--once", "-v", "--config", conf)
	require.Equal(t, exitOK, second.end(t))
	seen := rendered(server)
	for _, page := range []string{"about", "team"} {
		require.Equal(t, 2, seen[page], "%s, by itself and on the journey", page)
	}
	require.Equal(t, 3, seen["home"], "by itself, on the journey, and at its end without cookies")
	require.Contains(t, seen, "more")
	out, err := exec.Command("trackscan", "report", "shop", "--config", conf, "--list", "--format", "json").Output()
	require.NoError(t, err)
	var list []listedScan
	require.NoError(t, json.Unmarshal(out, &list))
	require.Len(t, list, 1, "it is one scan")
	require.True(t, list[0].Whole)
}

// Nightly runs until it is stopped: what is due is scanned, a stop in the middle ends with 0 and keeps what was seen,
// and two processes never scan one site at once.
func TestNightlyUntilItIsStopped(t *testing.T) {
	server := serveText(t, longSite)
	conf := nightlyConfig(t, server)
	p := startProcess(t, "nightly", "-v", "--config", conf)
	p.awaitPages(t, 2) // a minute later at the most
	other, err := exec.Command("trackscan", "run", "shop", "--config", conf).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(other), "the site is being scanned by another process")
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, exitOK, p.end(t))
	line, err := os.ReadFile(filepath.Join(filepath.Dir(conf), "health"))
	require.NoError(t, err)
	require.Regexp(t, `^20.*Z (ok|bad) 1 site; .*next shop at `, string(line))
	out, err := exec.Command("trackscan", "report", "shop", "--config", conf, "--list").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "unfinished")
}
