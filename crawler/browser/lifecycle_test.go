package browser_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// TestNothingIsLeft runs a browser of its own through 20 pages and looks for what stays behind.
func TestNothingIsLeft(t *testing.T) {
	running := goleak.IgnoreCurrent()
	folder := ownTemp(t)
	b, err := browser.New(t.Context(), browser.Options{Path: testPath, Resolves: testServer.Resolves(), Insecure: true})
	require.NoError(t, err)
	require.NotEmpty(t, processesOf(folder))
	slots := make(chan bool, 4)
	var visits sync.WaitGroup
	for range 20 {
		visits.Go(func() {
			slots <- true
			defer func() { <-slots }()
			_, err := b.Render(t.Context(), crawler.Visit{URL: "https://www.lumen-garden.test/frames.html"})
			require.NoError(t, err)
		})
	}
	visits.Wait()
	b.Close()
	require.Empty(t, processesOf(folder), "processes of the browser")
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Empty(t, left, "temporary folders")
	goleak.VerifyNone(t, running)
}

// TestKilledBrowser kills the browser in the middle of a visit: that visit fails, the next one gets a new browser.
func TestKilledBrowser(t *testing.T) {
	hang := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<title>fine</title>"))
	}))
	defer hang.Close()
	folder := ownTemp(t)
	b, err := browser.New(t.Context(), browser.Options{Path: testPath})
	require.NoError(t, err)
	defer b.Close()
	failed := make(chan error, 1)
	go func() {
		_, err := b.Render(context.Background(), crawler.Visit{URL: hang.URL + "/hang"})
		failed <- err
	}()
	time.AfterFunc(300*time.Millisecond, func() { killAll(folder) })
	require.Error(t, <-failed)
	p, err := b.Render(t.Context(), crawler.Visit{URL: hang.URL + "/"})
	require.NoError(t, err)
	require.Equal(t, "fine", p.Title)
}

// TestInterrupted ends a visit by its context: it returns at once, with what was seen.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err := testBrowser.Render(ctx, crawler.Visit{URL: "https://www.thorn-hedge.test/busy.html"})
	require.Error(t, err)
}

// TestAttached drives a browser that somebody else has started.
func TestAttached(t *testing.T) {
	address := startRemote(t)
	b, err := browser.New(t.Context(), browser.Options{Path: address})
	require.NoError(t, err)
	defer b.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: "1"})
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<title>remote</title>"))
	}))
	defer server.Close()
	p, err := b.Render(t.Context(), crawler.Visit{URL: server.URL})
	require.NoError(t, err)
	require.Equal(t, "remote", p.Title)
	require.Len(t, p.Cookies, 1)
	require.Contains(t, []string{"allowed", "refused"}, b.Agent().ThirdPartyCookies)
}

// startRemote starts a browser with a debugging port of its choice and returns its ws:// address without a path.
func startRemote(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.Command(testPath, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
		"--user-data-dir="+folder, "--disable-background-networking", "about:blank")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		require.Eventually(t, func() bool { return os.RemoveAll(folder) == nil }, 5*time.Second, 50*time.Millisecond)
	})
	var port string
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(folder, "DevToolsActivePort"))
		port, _, _ = strings.Cut(string(text), "\n")
		return err == nil && port != ""
	}, 20*time.Second, 50*time.Millisecond)
	return "ws://127.0.0.1:" + port
}

func TestNotABrowser(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := browser.New(t.Context(), browser.Options{Path: strings.Replace(server.URL, "http", "ws", 1)})
	require.ErrorContains(t, err, "not as a browser")
	_, err = browser.New(t.Context(), browser.Options{Path: "/bin/false"})
	require.ErrorContains(t, err, "start /bin/false")
}

// ownTemp gives the browsers of a test a temporary folder of their own, by which their processes are known.
func ownTemp(t *testing.T) string {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	return folder
}

// processesOf are the processes that work in a folder.
func processesOf(folder string) []int {
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil
	}
	var pids []int
	for _, path := range lines {
		text, err := os.ReadFile(path)
		if pid, err2 := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && err2 == nil && strings.Contains(string(text), folder) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// killAll ends processes as the kernel does when memory runs out.
func killAll(folder string) {
	for _, pid := range processesOf(folder) {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
}
