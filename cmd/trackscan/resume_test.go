package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
	"trackscan/report"
)

// longSite has pages that load a script each, which only a browser asks for, and one identifier at two hosts.
const longSite = `-- www.shop.test/index.html --
<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<a href="/about">About</a> <a href="/team/">Team</a> <a href="/jobs">Jobs</a>
<a href="/privacy.html">Privacy policy</a><script src="/seen.js?home"></script>
<script src="https://connect.facebook.net/en_US/fbevents.js"></script>
-- www.shop.test/about --
<!doctype html><html lang="en"><title>About</title><h1>About</h1><script src="/seen.js?about"></script>
-- www.shop.test/team/index.html --
<!doctype html><html lang="en"><title>Team</title><h1>Team</h1><script src="/seen.js?team"></script>
<script>let a = document.createElement("a"); a.href = "/only/by/script"; a.text = "More"; document.body.append(a)</script>
-- www.shop.test/only/by/script --
<!doctype html><html lang="en"><title>More</title><h1>More</h1><script src="/seen.js?more"></script>
-- www.shop.test/jobs --
<!doctype html><html lang="en"><title>Jobs</title><h1>Jobs</h1><script src="/seen.js?jobs"></script>
-- www.shop.test/seen.js --
document.cookie = "visitor=7f3a9c1e5b2d8f604a1c; path=/; max-age=86400";
-- www.shop.test/privacy.html --
<!doctype html><html lang="en"><title>Privacy policy</title><h1>Privacy and cookie policy</h1>
<p>This policy tells how we use cookies on this website.</p><script src="/seen.js?privacy"></script>
-- connect.facebook.net/en_US/fbevents.js --
document.cookie = "_fbp=fb.1.1700000000001.7f3a9c1e5b2d8f604a1c; domain=.shop.test; path=/; max-age=7776000";
`

func serveText(t *testing.T, text string) *fakeweb.Server {
	t.Helper()
	web, err := fakeweb.Parse([]byte(text))
	require.NoError(t, err)
	server, err := fakeweb.Serve(web, fakeweb.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

// process is a trackscan of its own.
type process struct {
	cmd    *exec.Cmd
	stdout bytes.Buffer
	lines  chan string // of stderr
}

// startScan scans the shop.
func startScan(t *testing.T, server *fakeweb.Server, store string, more ...string) *process {
	t.Helper()
	return startProcess(t, append(append(runArgs(server, "www.shop.test", store), "--format", "json"), more...)...)
}

// runArgs is a scan of a site into a store, verbose and one page at a time.
func runArgs(server *fakeweb.Server, site, store string) []string {
	args := []string{"run", site, "--insecure", "-v", "--tabs", "1", "--store", store}
	for _, r := range server.Resolves() {
		args = append(args, "--resolve", r.String())
	}
	return args
}

// startProcess runs the command in a process of its own.
func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("trackscan", args...), lines: make(chan string, 1000)}
	p.cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
	p.cmd.Stdout = &p.stdout
	stderr, err := p.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	go func() {
		defer close(p.lines)
		for s := bufio.NewScanner(stderr); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	return p
}

// awaitPages waits until n pages were captured.
func (p *process) awaitPages(t *testing.T, n int) {
	t.Helper()
	for n > 0 {
		line, ok := <-p.lines
		require.True(t, ok, "the scan ended early")
		if strings.Contains(line, "page https://") {
			n--
		}
	}
}

// wait returns the exit code, and the result when there is one.
func (p *process) wait(t *testing.T) (code int, facts report.Facts) {
	t.Helper()
	code = p.end(t)
	if p.stdout.Len() > 0 {
		require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &facts))
	}
	return code, facts
}

// end waits for the process to end and returns its exit code.
func (p *process) end(t *testing.T) int {
	t.Helper()
	for line := range p.lines {
		t.Log(line)
	}
	_ = p.cmd.Wait() // the exit code is what counts
	return p.cmd.ProcessState.ExitCode()
}

// timeless is a result without its times.
func timeless(t *testing.T, facts report.Facts) string {
	t.Helper()
	text, err := json.Marshal(facts)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(text, &tree))
	dropTimes(tree)
	text, err = json.MarshalIndent(tree, "", " ")
	require.NoError(t, err)
	return string(text)
}

func dropTimes(tree any) {
	switch node := tree.(type) {
	case map[string]any:
		for _, name := range []string{"started", "ended", "seconds"} {
			delete(node, name)
		}
		for _, v := range node {
			dropTimes(v)
		}
	case []any:
		for _, v := range node {
			dropTimes(v)
		}
	}
}

// rendered counts how often each page was rendered.
func rendered(server *fakeweb.Server) map[string]int {
	count := map[string]int{}
	for _, h := range server.Seen() {
		if name, ok := strings.CutPrefix(h.Path, "/seen.js?"); ok {
			count[name]++
		}
	}
	return count
}

// A scan whose process was killed is resumed with the same result, and no page that was captured is rendered again.
func TestResumeAfterKill(t *testing.T) {
	server := serveText(t, longSite)
	store := filepath.Join(t.TempDir(), "whole.db")
	code, whole := startScan(t, server, store).wait(t)
	require.Equal(t, exitFindings, code)
	require.Len(t, whole.Pages, 7, "six pages and a journey")
	for _, c := range []struct {
		name  string
		pages []int // captured before each kill
	}{
		{"after the first page", []int{1}},
		{"after some pages", []int{3}},
		{"again and again", []int{2, 5}},
		{"after the last page", []int{6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server.Forget()
			temp := shortTemp(t)
			t.Setenv("TMPDIR", temp)
			store := filepath.Join(t.TempDir(), "killed.db")
			for _, n := range c.pages {
				p := startScan(t, server, store, "--resume")
				p.awaitPages(t, n)
				require.NoError(t, p.cmd.Process.Kill())
				p.wait(t)
			}
			code, got := startScan(t, server, store, "--resume").wait(t)
			require.Equal(t, exitFindings, code)
			require.Equal(t, timeless(t, whole), timeless(t, got))
			home := rendered(server)["home"]
			require.GreaterOrEqual(t, home, 3, "alone, on the journey, and at its end without cookies")
			require.LessOrEqual(t, home, 3+2*(c.pages[len(c.pages)-1]/6), "the journey may have begun before the last kill")
			left, err := filepath.Glob(filepath.Join(temp, "chromedp-runner*"))
			require.NoError(t, err)
			require.Empty(t, left, "profiles of the browsers that were killed too")
		})
	}
}

// shortTemp is a temporary folder whose path is short enough for a browser's sockets to lie below it.
func shortTemp(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "ts")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(folder)) })
	return folder
}

// What was seen until an interrupt is judged, printed and stored, and can be resumed.
func TestInterrupt(t *testing.T) {
	slow := longSite + "-- www.shop.test/slow.png --\nHTTP/1.1 200\nFakeweb-Hang: true\n\n"
	slow = strings.Replace(slow, `<script src="/seen.js?jobs">`, `<img src="/slow.png">`, 1)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			server := serveText(t, slow)
			store := filepath.Join(t.TempDir(), "scans.db")
			p := startScan(t, server, store, "--page-timeout", "10m", "--fail-on", "never")
			p.awaitPages(t, 2)
			again := []string{"run", "https://shop.test", "--store", store}
			requireRefused(t, again, "the site is being scanned by another process")
			require.NoError(t, p.cmd.Process.Signal(signal))
			code, got := p.wait(t)
			require.Equal(t, exitNotWhole, code)
			require.False(t, got.Whole)
			require.GreaterOrEqual(t, len(got.Pages), 2)
			require.Equal(t, "interrupted", got.Failures[0].Error)
			for _, f := range got.Findings {
				require.NotEqual(t, "no-policy", f.Rule, "nobody has looked for it")
			}

			var stored bytes.Buffer
			code = run(t.Context(), []string{"report", "shop.test", "--store", store, "--format", "json", "--fail-on", "never"},
				nil, &stored, &bytes.Buffer{})
			require.Equal(t, exitNotWhole, code)
			require.Equal(t, p.stdout.String(), stored.String())
			requireRefused(t, append(again, "--resume", "--pages", "7"), "it was started with --pages 50, not --pages 7")
		})
	}
}

// requireRefused runs a command line that scans nothing.
func requireRefused(t *testing.T, args []string, why string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitUsage, run(t.Context(), args, nil, &stdout, &stderr))
	require.Empty(t, stdout.String())
	require.Contains(t, stderr.String(), why)
	require.Contains(t, stderr.String(), "hint: ")
}

// A scan whose process was killed can be reported before it is resumed, as one that is not whole.
func TestReportAfterKill(t *testing.T) {
	server := serveText(t, longSite)
	store := filepath.Join(t.TempDir(), "killed.db")
	p := startScan(t, server, store)
	p.awaitPages(t, 2)
	require.NoError(t, p.cmd.Process.Kill())
	p.wait(t)
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"report", "shop.test", "--store", store, "--format", "json"}, nil, &stdout, &stderr)
	var got report.Facts
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got), stderr.String())
	require.False(t, got.Whole)
	require.Equal(t, "https://www.shop.test/", got.Site)
	require.GreaterOrEqual(t, len(got.Pages), 2)
	require.Contains(t, got.Failures[0].Error, "cut off")
}
