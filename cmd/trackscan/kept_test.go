package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
	"trackscan/crawler/history"
	"trackscan/crawler/history/historytest"
	"trackscan/report"
)

// secretSite plants a canary wherever a value can stand. Names and addresses of pages hold none.
const secretSite = `-- www.shop.test/index.html --
HTTP/1.1 200
Set-Cookie: header=canary-set-cookie; Path=/; Max-Age=86400
X-Answer: canary-answer-header

<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<a href="/form">Form</a> <a href="/slow">Slow</a> <a href="/privacy.html">Privacy policy</a>
<script src="/all.js"></script><img src="https://px.stats.test/p.gif?uid=canary-query&amp;canary-bare-name-1234567890&amp;e=canary@query.test#canary-fragment">
-- www.shop.test/all.js --
document.cookie = "script=canary-cookie-0123456789; path=/; max-age=86400";
cookieStore.set("stored", "canary-cookie-store");
localStorage.setItem("local", "canary-local"); sessionStorage.setItem("session", "canary-session");
localStorage.setItem("json", JSON.stringify({ id: "canary-json" }));
indexedDB.open("database", 1).onupgradeneeded = (e) => { e.target.result.createObjectStore("box").put("canary-indexed", "key") };
caches.open("cache").then((c) => c.put("/cached", new Response("canary-cache")));
fetch("/collect?id=canary-fetch-query", { method: "POST", headers: { "X-Own": "canary-request-header" }, body: "field=canary-post-body" });
navigator.sendBeacon("https://px.stats.test/collect", "canary-beacon-body");
fetch("https://canary-user:canary-password@px.stats.test/login").catch(() => {});
new Image().src = "https://px.stats.test/redirect.gif";
fetch("https://www.facebook.com/tr?id=1&ev=canary%40event.test&ud[em]=canary@pixel.test&cd[value]=canary-amount&dl=canary-page");
fetch("https://analytics.tiktok.com/api/v2/pixel", { method: "POST", mode: "no-cors", body: JSON.stringify({ event: "canary/event", properties: { value: "canary-value" }, context: { user: { email: "canary@body.test" } } }) });
console.log("canary-console", location.href); postMessage("canary-message", "*");
new WebSocket("wss://px.stats.test/socket?token=canary-socket-query").onopen = (e) => e.target.send("canary-socket-frame");
const f = document.createElement("iframe"); f.src = "https://frame.widget.test/f.html?sid=canary-frame-query#canary-frame-fragment";
document.body.append(f); f.onload = () => f.contentWindow.postMessage("canary-to-frame", "*");
-- frame.widget.test/f.html --
HTTP/1.1 200
Set-Cookie: frame=canary-frame-cookie; SameSite=None; Secure; Max-Age=900

<!doctype html><script>localStorage.setItem("framed", "canary-framed"); document.cookie = "fscript=canary-fscript; SameSite=None; Secure"</script>
-- px.stats.test/p.gif --
HTTP/1.1 200
Set-Cookie: third=canary-third-cookie; SameSite=None; Secure; Max-Age=900
Content-Type: image/gif

GIF
-- px.stats.test/redirect.gif --
HTTP/1.1 302
Location: https://px.stats.test/p.gif?sync=canary-redirect-query

-- px.stats.test/collect --
x
-- www.facebook.com/tr --
x
-- analytics.tiktok.com/api/v2/pixel --
x
-- px.stats.test/login --
x
-- www.shop.test/collect --
x
-- www.shop.test/form --
<!doctype html><html lang="en"><title>Form</title><h1>Form</h1>
<form action="/sent"><input name="mail" value="canary-form-field"><input type="password" name="p" value="canary-form-password"><textarea name="t">canary-textarea</textarea>
<input type="hidden" name="csrf" value="canary-hidden"></form><script src="/all.js"></script>
<script>if (!location.search) setTimeout(() => document.forms[0].submit(), 200)</script>
-- www.shop.test/sent --
<!doctype html><html lang="en"><title>Sent</title><h1>Sent</h1><p>Thank you.<script src="/all.js"></script>
-- www.shop.test/slow --
<!doctype html><html lang="en"><title>Slow</title><h1>Slow</h1><script src="/all.js"></script>
-- www.shop.test/privacy.html --
<!doctype html><html lang="en"><title>Privacy policy</title><h1>Privacy and cookie policy</h1>
<p>This policy tells how we use cookies on this website. The cookie script is used for statistics.</p>
`

// No value of a cookie, storage item, header, form, query or body, and nothing of the user's own files, is in a store,
// in what is told meanwhile, or in any output - also not when the scan was killed and resumed.
func TestNoValueIsKept(t *testing.T) {
	folder := t.TempDir()
	secrets := []string{
		"--header-file", secretFile(t, "X-Given: canary-given-header"),
		"--cookie-file", secretFile(t, "given=canary-given-cookie"),
		"--auth-file", secretFile(t, "canary-given-user:canary-given-password"),
	}
	for name, store := range map[string]string{
		"sqlite": filepath.Join(folder, "scans.db"), "postgres": historytest.Postgres(t),
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			server := serveText(t, secretSite)
			args := append(runArgs(server, "www.shop.test", store), secrets...)
			for _, f := range report.Formats {
				args = append(args, "--out", filepath.Join(out, "report"+f.Extensions[0]))
			}
			log := filepath.Join(out, "log.txt")
			killed := startLogged(t, log, args...)
			awaitLog(t, log, `(?m)^page `, 2)
			require.NoError(t, killed.Process.Kill())
			_ = killed.Wait() // killed
			resumed := startLogged(t, log, append(args, "--resume", "--fail-on", "never")...)
			_ = resumed.Wait() // the exit code says what it is
			require.Contains(t, []int{exitOK, exitNotWhole}, resumed.ProcessState.ExitCode())
			for _, f := range report.Formats {
				require.FileExists(t, filepath.Join(out, "report"+f.Extensions[0]))
			}
			require.NoError(t, os.WriteFile(filepath.Join(out, "store.txt"), []byte(storedText(t, store)), 0o600))
			for _, f := range report.Formats {
				var stdout, stderr bytes.Buffer
				run(t.Context(), []string{"report", "shop.test", "--store", store, "--format", f.Name}, nil, &stdout, &stderr)
				require.NotEmpty(t, stdout.String(), stderr.String())
				require.NoError(t, os.WriteFile(filepath.Join(out, "again-"+f.Name), append(stdout.Bytes(), stderr.Bytes()...), 0o600))
			}
			requireGiven(t, server)
			requireNoCanary(t, out)
		})
	}
	requireNoCanary(t, folder)
}

// requireGiven proves that the canaries were there to be leaked.
func requireGiven(t *testing.T, server *fakeweb.Server) {
	t.Helper()
	names := map[string]bool{}
	for _, h := range server.Seen() {
		names[h.Host+h.Path] = true
	}
	seen := fmt.Sprint(names)
	for _, want := range []string{"px.stats.test/p.gif?sync=canary-redirect-query", "/sent?mail=canary-form-field", "frame.widget.test/f.html?sid=canary-frame-query", "www.facebook.com/tr?id=1&ev=canary"} {
		require.Contains(t, seen, want)
	}
}

// requireNoCanary reads every file of a folder.
func requireNoCanary(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if at := bytes.Index(text, []byte("canary")); at >= 0 {
			require.Fail(t, "a canary", "in %s: %q", filepath.Base(path), text[max(0, at-200):min(len(text), at+100)])
		}
		return nil
	})
	require.NoError(t, err)
}

// storedText is everything that a store holds of a site, unpacked.
func storedText(t *testing.T, dsn string) string {
	t.Helper()
	store, err := history.Open(t.Context(), dsn)
	require.NoError(t, err)
	defer store.Close()
	list, err := store.List(t.Context(), "shop.test")
	require.NoError(t, err)
	require.Len(t, list, 1)
	scan, err := store.Load(t.Context(), list[0].ID)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(scan.Pages), 4)
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n%+v\n", list, *scan)
	for _, d := range scan.Policies {
		fmt.Fprintf(&b, "%s\n", d.Bytes)
	}
	return b.String()
}

func secretFile(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "secrets.txt")
	require.NoError(t, os.WriteFile(path, []byte(text+"\n"), 0o600))
	return path
}

// startLogged starts a trackscan of its own, whose output is added to a file.
func startLogged(t *testing.T, log string, args ...string) *exec.Cmd {
	t.Helper()
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	defer file.Close()
	cmd := exec.Command("trackscan", args...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
	cmd.Stdout, cmd.Stderr = file, file
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

// awaitLog waits until a file has so many places that fit.
func awaitLog(t *testing.T, path, pattern string, n int) {
	t.Helper()
	re := regexp.MustCompile(pattern)
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(path)
		return err == nil && len(re.FindAll(text, -1)) >= n
	}, 2*time.Minute, 20*time.Millisecond)
}
