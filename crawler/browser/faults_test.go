package browser_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/chromedp/remote"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/websocket"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// The budgets of these tests: of a hostile page; of a good one beside it, which shares two cores with pages that
// compute for ever; and when a visit that has not ended counts as hung: its budget and what cleaning up may take.
const (
	faultTimeout = 8 * time.Second
	goodTimeout  = 20 * time.Second
	budgetOver   = goodTimeout + 15*time.Second
)

// fault is a page that misbehaves. Every page sets the cookie "seen" with its answer.
type fault struct {
	name, path string
	err        string // what the visit's error says; empty for a visit that has its evidence
	script     string // the page, unless the server has a handler for the path
}

var faults = []fault{
	{name: "endless loop", path: "/loop", script: `for (;;) {}`},
	{name: "alerts in a loop", path: "/alert", script: `for (;;) alert('again')`},
	{name: "confirms and prompts in a loop", path: "/confirm", script: `for (;;) { confirm('sure?'); prompt('why?') }`},
	{name: "beforeunload and reload", path: "/beforeunload", script: `
		addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; for (let i = 0; i < 5; i++) alert(i) });
		setTimeout(() => location.reload(), 10)`},
	{name: "print dialogs", path: "/print", script: `for (let i = 0; i < 20; i++) print(); setInterval(() => print(), 10)`},
	{name: "downloads", path: "/downloads", script: `
		for (let i = 0; i < 50; i++) { const a = document.createElement('a'); a.href = '/file?' + i; a.download = 'f' + i; a.click() }
		setInterval(() => { location.href = '/file' }, 50)`},
	{name: "popups that open popups", path: "/popups", script: `for (let i = 0; i < 200; i++) open('/popup?' + i)`},
	{name: "permission prompts", path: "/permissions", script: `
		navigator.geolocation.getCurrentPosition(() => {}); Notification.requestPermission();
		navigator.mediaDevices?.getUserMedia({ video: true, audio: true }); navigator.requestMIDIAccess?.({ sysex: true });
		navigator.clipboard?.readText(); navigator.storage?.persist?.(); showDirectoryPicker?.()`},
	{name: "password prompt", path: "/auth", err: "ERR_INVALID_AUTH_CREDENTIALS"},
	{name: "password prompts of parts", path: "/auth-parts", script: `
		for (let i = 0; i < 5; i++) { new Image().src = '/auth?' + i; const f = document.createElement('iframe'); f.src = '/auth?f' + i; document.body.append(f) }`},
	{name: "ten thousand frames", path: "/frames", script: `
		for (let i = 0; i < 10000; i++) document.body.append(document.createElement('iframe'))`},
	{name: "half a gigabyte of page", path: "/huge"},
	{name: "half a gigabyte of parts", path: "/huge-parts", script: `new Image().src = '/huge?i'; fetch('/huge?f').then((r) => r.text())`},
	{name: "endless redirects", path: "/redirect", err: "ERR_TOO_MANY_REDIRECTS"},
	{name: "endless meta refreshes", path: "/meta"},
	{name: "endless redirects by script", path: "/script", script: `location.href = '/script?' + Math.random()`},
	{name: "a page that reloads itself", path: "/reload", script: `location.reload()`},
	{name: "service worker that answers everything", path: "/worker", script: `
		navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => setTimeout(() => location.reload(), 100))`},
	{name: "a page that closes itself", path: "/close", script: `window.close()`},
	{name: "a page that closes itself later", path: "/close-later", script: `setTimeout(() => window.close(), 3000)`},
}

// floods are pages that keep the browser, or us, busy with more than anybody can take.
var floods = []fault{
	{name: "console", path: "/console", script: `setInterval(() => { for (let i = 0; i < 1000; i++) console.log('x'.repeat(1000)) })`},
	{name: "console without end", path: "/console-loop", script: `for (;;) console.log('x'.repeat(1000))`},
	{name: "history", path: "/history", script: `setInterval(() => { for (let i = 0; i < 1000; i++) history.pushState({}, '', '?' + Math.random()); location.hash = Math.random() })`},
	{name: "storage", path: "/storage", script: `setInterval(() => { for (let i = 0; i < 1000; i++) { localStorage.setItem('k' + i, Math.random()); sessionStorage.setItem('k' + i, 'x'.repeat(1000)) } })`},
	{name: "cookies", path: "/cookies", script: `setInterval(() => { for (let i = 0; i < 1000; i++) document.cookie = 'c' + i + '=' + Math.random() })`},
	{name: "web sockets", path: "/sockets", script: `
		for (let i = 0; i < 20; i++) { const s = new WebSocket('ws://' + location.host + '/socket'); s.onopen = s.onmessage = () => { s.send('x'.repeat(10000)); s.send('y') } }`},
	{name: "messages", path: "/messages", script: `const c = new MessageChannel(); c.port1.onmessage = () => { for (let i = 0; i < 9; i++) c.port2.postMessage(1) }; c.port2.postMessage(1)`},
	{name: "promises without end", path: "/promises", script: `const again = () => Promise.resolve().then(again); again()`},
	{name: "awaiting without end", path: "/await", script: `(async () => { for (;;) await 0 })()`},
	{name: "200 workers", path: "/workers", script: `for (let i = 0; i < 200; i++) new Worker(URL.createObjectURL(new Blob(['setInterval(() => fetch("` + "' + location.origin + '" + `/good"), 10)'])))`},
	{name: "requests", path: "/requests", script: `setInterval(() => { for (let i = 0; i < 200; i++) fetch('/good?' + Math.random()).catch(() => {}) }, 10)`},
	{name: "a packed page of half a gigabyte", path: "/bomb"},
}

// TestFaults visits every hostile page beside a good one. Each visit ends within its budget, in the way that its row
// says, and the good page is never the worse for it.
func TestFaults(t *testing.T) { testFaults(t, faults) }

// TestFloods is TestFaults for floods.
func TestFloods(t *testing.T) { testFaults(t, floods) }

func testFaults(t *testing.T, faults []fault) {
	folder := ownTemp(t)
	site := serveFaults(t, nil)
	b := startBrowser(t)
	stop := watchHeap(t, 300<<20)
	slots := make(chan bool, 2) // two hostile pages and two good ones at a time
	results := make([]faultResult, len(faults))
	var group sync.WaitGroup
	for i, f := range faults {
		group.Go(func() {
			slots <- true
			defer func() { <-slots }()
			beside := visitBeside(b, site+"/good")
			results[i].fault = <-visitInTime(b, faultTimeout, crawler.Visit{URL: site + f.path})
			results[i].good = <-beside
		})
	}
	group.Wait()
	for i, f := range faults {
		t.Run(f.name, func(t *testing.T) { results[i].check(t, f) })
	}
	stop()
	requireNoFile(t, folder, "canary.bin")
	requireNoFile(t, ".", "canary.bin")
}

// faultResult is a visit of a hostile page, and of a good one beside it.
type faultResult struct{ fault, good visited }

func (r faultResult) check(t *testing.T, f fault) {
	p, err := r.fault.page, r.fault.err
	t.Logf("%.1f s, capped %v, %d requests, error %v; beside it %.1f s", p.Seconds, p.Capped, len(p.Requests), err, r.good.page.Seconds)
	requireGood(t, r.good)
	switch {
	case f.err != "":
		require.ErrorContains(t, err, f.err)
	case err != nil: // a machine that is busy with other things shows nothing of a page that is busy for ever
		require.Regexp(t, "no page within|deadline exceeded", err.Error())
		require.Greater(t, p.Seconds, faultTimeout.Seconds(), "given up before its budget has passed")
	default:
		require.True(t, hasCookie(p, "seen"), "evidence of the page")
	}
}

// requireNoFile looks for a downloaded file in a folder and all below it.
func requireNoFile(t *testing.T, folder, name string) {
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // the browser's own files come and go
			return nil
		}
		require.NotContains(t, filepath.Base(path), name)
		return err
	})
	require.NoError(t, err)
}

// TestFaultyDocuments reads pages that flood as documents, as policies are read.
func TestFaultyDocuments(t *testing.T) {
	site := serveFaults(t, nil)
	b := startBrowser(t)
	for _, path := range []string{"/huge.txt", "/bomb.txt"} {
		t.Run(path, func(t *testing.T) {
			stop := watchHeap(t, 300<<20)
			beside := visitBeside(b, site+"/good")
			p, err := renderInTime(t, b, crawler.Visit{URL: site + path, Document: true})
			t.Logf("%.1f s, capped %v, error %v", p.Seconds, p.Capped, err)
			stop()
			requireGood(t, <-beside)
			if p.Document != nil {
				require.LessOrEqual(t, len(p.Document.Bytes), 8<<20)
			}
		})
	}
}

// TestClientCertificate asks for a certificate that a visitor does not have: an error at once, no dialog.
func TestClientCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "in") }))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := renderInTime(t, testBrowser, crawler.Visit{URL: server.URL})
	require.ErrorContains(t, err, "net::ERR_")
}

// TestCrashedTab crashes a page, and a frame of another site in a page, through the debugging port.
func TestCrashedTab(t *testing.T) {
	folder := ownTemp(t)
	site := serveFaults(t, nil)
	b := startBrowser(t)
	port, _ := debuggingPort(t, folder)
	for _, c := range []struct {
		name, page, target, err string
	}{
		{"the page", "/crash", "/crash", "crashed"},
		{"a frame", "/crash-frame", "/crash-leaf", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			beside := visitBeside(b, site+"/good")
			crashed := make(chan error, 1)
			go func() { crashed <- crashTarget(port, c.target) }()
			v := <-visitInTime(b, goodTimeout, crawler.Visit{URL: site + c.page}) // the browser takes seconds to tell
			p, err := v.page, v.err
			require.NoError(t, <-crashed)
			t.Logf("%.1f s, error %v", p.Seconds, err)
			requireGood(t, <-beside)
			require.True(t, hasCookie(p, "seen"), "evidence until the crash")
			if c.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.err)
		})
	}
	p, err := b.Render(t.Context(), crawler.Visit{URL: site + "/good"})
	requireGood(t, visited{p, err})
}

// TestThisMachine visits a page that knows the whole address of the debugging port and tries everything to get at it,
// at files and at the browser's own pages. None of it is reached, and nothing of it is in the evidence.
func TestThisMachine(t *testing.T) {
	folder := ownTemp(t)
	b := startBrowser(t)
	port, socket := debuggingPort(t, folder)
	secret := filepath.Join(folder, "secret.html")
	require.NoError(t, os.WriteFile(secret, []byte("<title>canary-of-a-file</title><script>document.cookie='canary=1'</script>"), 0o600))
	got := make(chan string, 100)
	mux := http.NewServeMux()
	mux.HandleFunc("/got", func(_ http.ResponseWriter, r *http.Request) { got <- r.URL.RawQuery })
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.Query().Get("at"))
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		page(w, fmt.Sprintf(reachSource, "file://"+secret, port, port+socket))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	p, err := renderInTime(t, b, crawler.Visit{URL: server.URL, Document: true})
	require.NoError(t, err)
	require.Equal(t, "reach", p.Title)
	require.True(t, hasCookie(p, "seen"))
	text := fmt.Sprintf("%+v %s", p, p.Document.Bytes)
	require.NotContains(t, text, "canary-of-a-file")
	require.False(t, hasCookie(p, "canary"))
	close(got)
	for reached := range got {
		require.Empty(t, reached, "reached by the page")
	}
	for _, at := range []string{"file://" + secret, "chrome://version", "devtools://devtools/bundled/inspector.html"} {
		_, err := renderInTime(t, b, crawler.Visit{URL: server.URL + "/to?at=" + at})
		require.Error(t, err, at)
	}
	for _, at := range []string{"file://" + secret, "chrome://version", "data:text/html,x", "javascript:1", "about:blank", "rubbish"} {
		_, err := renderInTime(t, b, crawler.Visit{URL: at})
		require.ErrorContains(t, err, "not a web address", at)
	}
}

// reachSource tells /got what it could read or open.
const reachSource = `
	document.title = 'reach';
	const tell = (what) => fetch('/got?' + what);
	const [file, port, socket] = [%q, %q, %q];
	for (const at of [file, 'chrome://version', 'http://' + port + '/json/list', 'http://' + port + '/json/version']) {
		fetch(at).then((r) => r.text()).then((x) => tell('fetched ' + at), () => {});
		const f = document.createElement('iframe'); f.src = at;
		f.onload = () => { try { if (f.contentDocument.body.innerText) tell('framed ' + at) } catch {} };
		document.body.append(f);
		try { const w = open(at); setTimeout(() => { try { if (w.document.body.innerText) tell('opened ' + at) } catch {} }, 300) } catch {}
	}
	fetch('http://' + port + '/json/new?about:blank', { method: 'PUT' }).then(() => tell('new'), () => {});
	try { const s = new WebSocket('ws://' + socket); s.onopen = () => tell('socket') } catch {}
	setTimeout(() => { location.href = file }, 400);
	setTimeout(() => { location.href = 'chrome://version' }, 500);`

// debuggingPort reads the address of the browser's debugging port, and the path of its session, from its profile.
func debuggingPort(t *testing.T, folder string) (port, socket string) {
	files, err := filepath.Glob(filepath.Join(folder, "*", "DevToolsActivePort"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	port, socket, _ = strings.Cut(string(text), "\n")
	return "127.0.0.1:" + port, strings.TrimSpace(socket)
}

// crashTarget crashes the target whose address ends with suffix, as soon as it is there.
func crashTarget(port, suffix string) error {
	for range 100 {
		resp, err := http.Get("http://" + port + "/json/list")
		if err != nil {
			return err
		}
		var targets []struct {
			URL    string `json:"url"`
			Socket string `json:"webSocketDebuggerUrl"`
		}
		err = json.NewDecoder(resp.Body).Decode(&targets)
		resp.Body.Close()
		if err != nil {
			return err
		}
		for _, target := range targets {
			if strings.HasSuffix(target.URL, suffix) {
				return crash(target.Socket)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("no target %s", suffix)
}

func crash(socket string) error {
	conn, err := remote.DialContext(context.Background(), socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Write(context.Background(), &cdproto.Message{ID: 1, Method: "Page.crash"})
}

func startBrowser(t *testing.T) *browser.Browser {
	return startBrowserWith(t, browser.Options{})
}

// visited is what a visit gave.
type visited struct {
	page crawler.Page
	err  error
}

// visitBeside begins a visit that goes on while another one is made.
func visitBeside(b *browser.Browser, url string) <-chan visited {
	return visitInTime(b, goodTimeout, crawler.Visit{URL: url})
}

func requireGood(t *testing.T, v visited) {
	t.Helper()
	require.NoError(t, v.err, "the good page")
	require.Equal(t, "good", v.page.Title)
	require.True(t, hasCookie(v.page, "seen"))
}

// visitInTime makes a visit with a budget; one that does not end is an error.
func visitInTime(b *browser.Browser, budget time.Duration, visit crawler.Visit) <-chan visited {
	done := make(chan visited, 2)
	timer := time.AfterFunc(budgetOver, func() { done <- visited{err: errors.New("the visit has not ended")} })
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), budget)
		defer cancel()
		p, err := b.Render(ctx, visit)
		timer.Stop()
		done <- visited{p, err}
	}()
	return done
}

func renderInTime(t *testing.T, b *browser.Browser, visit crawler.Visit) (crawler.Page, error) {
	t.Helper()
	v := <-visitInTime(b, faultTimeout, visit)
	require.False(t, v.err != nil && strings.Contains(v.err.Error(), "has not ended"), visit.URL)
	return v.page, v.err
}

func hasCookie(p crawler.Page, name string) bool {
	return slices.ContainsFunc(p.Cookies, func(c crawler.Cookie) bool { return c.Name == name })
}

// watchHeap looks at the heap of this process until the returned function is called, which holds it to a limit in
// bytes.
func watchHeap(t *testing.T, limit uint64) (stop func()) {
	done, highest := make(chan bool), make(chan uint64)
	go func() {
		var most uint64
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-done:
				highest <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		close(done)
		most := <-highest
		t.Logf("heap at most %d MB", most>>20)
		require.Less(t, most, limit, "bytes of heap")
	}
}

// page writes a page that sets the cookie "seen" and runs a script.
func page(w http.ResponseWriter, script string) {
	http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprintf(w, "<!doctype html><title>fault</title><body><p>text<script>%s</script>", script)
}

// serveFaults serves the faults, /good, and what they need; onFreeze runs when /freeze is asked for.
func serveFaults(t *testing.T, onFreeze func()) string {
	mux := http.NewServeMux()
	for _, f := range slices.Concat(faults, floods) {
		if f.script != "" {
			mux.HandleFunc(f.path, func(w http.ResponseWriter, _ *http.Request) { page(w, f.script) })
		}
	}
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) { page(w, `document.title = 'good'`) })
	mux.HandleFunc("/popup", func(w http.ResponseWriter, _ *http.Request) { page(w, `open('/popup?a'); open('/popup?b')`) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=canary.bin")
		fmt.Fprint(w, "a file")
	})
	mux.HandleFunc("/auth", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("WWW-Authenticate", `Basic realm="in"`)
		http.Error(w, "who?", http.StatusUnauthorized)
	})
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/redirect?"+rand.Text(), http.StatusFound)
	})
	mux.HandleFunc("/meta", func(w http.ResponseWriter, _ *http.Request) {
		page(w, `</script><meta http-equiv="refresh" content="0; url=/meta?`+rand.Text()+`"><script>`)
	})
	mux.Handle("/socket", websocket.Handler(func(c *websocket.Conn) { _, _ = io.Copy(c, c) }))
	mux.HandleFunc("/sw.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `self.onfetch = (e) => e.respondWith(e.request.mode === 'navigate' ? fetch(e.request) : new Promise(() => {}))`)
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		page(w, "")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/freeze", func(w http.ResponseWriter, r *http.Request) {
		onFreeze()
		<-r.Context().Done()
	})
	mux.HandleFunc("/crash", func(w http.ResponseWriter, _ *http.Request) { page(w, "setInterval(() => fetch('/good'), 20)") })
	mux.HandleFunc("/crash-leaf", func(w http.ResponseWriter, _ *http.Request) { page(w, "setInterval(() => fetch('/good'), 20)") })
	mux.HandleFunc("/crash-frame", func(w http.ResponseWriter, r *http.Request) {
		_, port, _ := strings.Cut(r.Host, ":")
		page(w, `const f = document.createElement('iframe'); f.src = 'http://localhost:`+port+`/crash-leaf'; document.body.append(f)`)
	})
	serveFloods(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// floodSize is the size of the floods in bytes.
const floodSize = 500 << 20

// serveFloods serves bodies without end, plain and packed, as pages and as text.
func serveFloods(mux *http.ServeMux) {
	packed := sync.OnceValue(func() []byte {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
		_, _ = io.CopyN(z, letters{}, floodSize)
		_ = z.Close()
		return b.Bytes()
	})
	for path, kind := range map[string]string{"/huge": "text/html", "/huge.txt": "text/plain"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			w.Header().Set("Content-Type", kind)
			_, _ = io.CopyN(w, letters{}, floodSize)
		})
	}
	for path, kind := range map[string]string{"/bomb": "text/html", "/bomb.txt": "text/plain"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed())
		})
	}
}

// letters reads as the letter x for ever.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
