package browser_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// networkFaults are answers of a server that misbehaves. Each sets the cookie "seen" with its head.
var networkFaults = []struct {
	name, path string
	err        string // what the visit's error says; empty for a visit that has its evidence
	answer     http.HandlerFunc
}{
	{"a connection that breaks off in the middle", "/reset", "", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000")
		page(w, "new Image().src = '/begun'")
		_, _ = io.WriteString(w, strings.Repeat(" ", 5000))
		_ = http.NewResponseController(w).Flush()
		select { // a break that comes before the page has begun is no break in its middle
		case <-begun:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}},
	{"a connection that breaks off before an answer", "/nothing", "net::ERR_", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"chunks of rubbish", "/chunks", "", func(w http.ResponseWriter, _ *http.Request) {
		answerRaw(w, "HTTP/1.1 200 OK\r\nSet-Cookie: seen=1\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n<title>x</title>  \r\nzz\r\nrubbish")
	}},
	{"rubbish in place of HTTP", "/rubbish", "net::ERR_", func(w http.ResponseWriter, _ *http.Request) { answerRaw(w, "\x00\x01\x02 220 ready\r\n") }},
	{"a byte a second", "/trickle", "", func(w http.ResponseWriter, r *http.Request) {
		page(w, "")
		for r.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Second)
		}
	}},
	{"a packing that is none", "/packed", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		page(w, "")
	}},
	{"a charset that is none", "/charset", "", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("Content-Type", "text/html; charset=klingon")
		_, _ = w.Write([]byte("\xff\xfe<title>\xc3\x28</title>"))
	}},
	{"no type", "/typeless", "", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header()["Content-Type"] = nil
		_, _ = w.Write([]byte("<!doctype html><title>x</title>"))
	}},
	{"the type of something else", "/type", "", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte("<!doctype html><title>x</title>"))
	}},
	{"429 with Retry-After", "/busy", "", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("Retry-After", "3600")
		http.Error(w, "later", http.StatusTooManyRequests)
	}},
	{"a redirect to a login and back, for ever", "/captive", "net::ERR_TOO_MANY_REDIRECTS", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/captive?back", http.StatusFound)
	}},
}

// begun says that the page that breaks off runs.
var begun = make(chan struct{}, 1)

// answerRaw writes to the connection what no handler could.
func answerRaw(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, text)
	_ = conn.Close()
}

// TestNetworkFaults visits each, over HTTP/1.1 and, where that is possible, over HTTP/2 with TLS; a good page after each
// is none the worse.
func TestNetworkFaults(t *testing.T) {
	mux := http.NewServeMux()
	for _, f := range networkFaults {
		mux.HandleFunc(f.path, f.answer)
	}
	mux.HandleFunc("/begun", func(http.ResponseWriter, *http.Request) { begun <- struct{}{} })
	mux.HandleFunc("/good", func(w http.ResponseWriter, r *http.Request) {
		page(w, fmt.Sprintf("document.title = 'good'; document.cookie = 'http%d=1'", r.ProtoMajor))
	})
	plain := httptest.NewUnstartedServer(mux)
	secure := httptest.NewUnstartedServer(mux)
	secure.EnableHTTP2 = true
	for _, s := range []*httptest.Server{plain, secure} {
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		t.Cleanup(s.Close)
	}
	plain.Start()
	secure.StartTLS()
	b := startBrowserWith(t, browser.Options{Insecure: true})
	for _, s := range []*httptest.Server{plain, secure} {
		for _, f := range networkFaults {
			version := 1
			if s == secure {
				version = 2
			}
			if version == 2 && (f.path == "/chunks" || f.path == "/rubbish") {
				continue // HTTP/2 has no chunks and no other language
			}
			t.Run(fmt.Sprintf("%s, HTTP/%d", f.name, version), func(t *testing.T) {
				p, err := renderInTime(t, b, crawler.Visit{URL: s.URL + f.path})
				t.Logf("%.1f s, capped %v, status %d, error %v", p.Seconds, p.Capped, p.Status, err)
				if f.err == "" {
					require.NoError(t, err)
					require.True(t, hasCookie(p, "seen"))
				} else {
					require.ErrorContains(t, err, f.err)
				}
				good, err := renderInTime(t, b, crawler.Visit{URL: s.URL + "/good"})
				requireGood(t, visited{good, err})
				require.True(t, hasCookie(good, fmt.Sprintf("http%d", version)))
			})
		}
	}
}

// TestMixedContent visits a page with TLS whose parts have none: what the browser blocks or lifts to https is evidence.
func TestMixedContent(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		page(w, `
			const s = document.createElement('script'); s.src = 'http://plain.test/s.js'; document.body.append(s);
			const f = document.createElement('iframe'); f.src = 'http://plain.test/f.html'; document.body.append(f);
			new Image().src = 'http://plain.test/p.gif'; fetch('http://plain.test/fetch').catch(() => {})`)
	}))
	defer server.Close()
	b := startBrowserWith(t, browser.Options{Insecure: true, Resolves: crawler.Resolves{sentTo(t, "www.shop.test", server.URL)}})
	p, err := renderInTime(t, b, crawler.Visit{URL: "https://www.shop.test/"})
	require.NoError(t, err)
	require.True(t, hasCookie(p, "seen"))
	tries := requestsTo(p, "plain.test")
	require.NotEmpty(t, tries)
	for _, r := range tries {
		require.NotEmpty(t, r.Error, r.URL)
	}
}
