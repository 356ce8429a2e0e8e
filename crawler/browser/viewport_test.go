package browser_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

func TestParseViewport(t *testing.T) {
	for text, want := range map[string]string{
		"1280x900": "1280x900", "375X667": "375x667", "mobile": "mobile 412x915",
		"": "", "wide": "", "10x10": "", "1280": "", "1280x": "", "99999x900": "", "-300x500": "", "800x600x400": "", "800x600 px": "",
	} {
		v, err := browser.ParseViewport(text)
		if want == "" {
			require.Error(t, err, text)
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, want, v.String())
	}
}

// selfie tells what a page sees of its visitor.
const selfie = `<!doctype html><meta name=viewport content="width=device-width"><title>selfie</title><p>Hello.<script>
	fetch('https://log.test/selfie?' + encodeURIComponent(JSON.stringify({ width: String(innerWidth), scale: String(devicePixelRatio),
		touch: String(navigator.maxTouchPoints) + ' ' + ('ontouchstart' in self), mobile: String(navigator.userAgentData.mobile),
		zone: Intl.DateTimeFormat().resolvedOptions().timeZone, langs: navigator.languages.join() })), { mode: 'no-cors' })</script>`

func TestVisitor(t *testing.T) {
	phone, err := browser.ParseViewport("mobile")
	require.NoError(t, err)
	small, err := browser.ParseViewport("800x600")
	require.NoError(t, err)
	for _, c := range []struct {
		name    string
		options browser.Options
		want    map[string]string
		agent   string // what the user agent holds
	}{
		{"a phone in Berlin", browser.Options{Viewport: phone, Language: "de-DE,de", Timezone: "Europe/Berlin"}, map[string]string{
			"width": "412", "scale": "2.625", "touch": "5 true", "mobile": "true", "zone": "Europe/Berlin", "langs": "de-DE,de",
		}, "Android 10; K"},
		{"a small window in Tokyo", browser.Options{Viewport: small, Timezone: "Asia/Tokyo"}, map[string]string{
			"width": "800", "scale": "1", "touch": "0 false", "mobile": "false", "zone": "Asia/Tokyo", "langs": "en-US,en",
		}, "X11; Linux"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, map[string]string{"www.shop.test/": selfie}, func(o *browser.Options) {
				o.Viewport, o.Language, o.Timezone = c.options.Viewport, c.options.Language, c.options.Timezone
			})
			_, err := s.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/", Scenario: crawler.NoChoice})
			require.NoError(t, err)
			hits := s.asked("log.test/selfie")
			require.Len(t, hits, 1)
			got := map[string]string{}
			for text := range hits[0].URL.Query() {
				require.NoError(t, json.Unmarshal([]byte(text), &got))
			}
			require.Equal(t, c.want, got)
			require.Contains(t, hits[0].UserAgent(), c.agent)
			agent := s.Agent()
			require.Equal(t, c.options.Viewport.String(), agent.Viewport)
			require.Equal(t, c.want["zone"], agent.Timezone)
			require.Contains(t, agent.UserAgent, c.agent)
		})
	}
}

// TestTimezoneOfTheMachine: without --timezone the zone that pages see is told all the same.
func TestTimezoneOfTheMachine(t *testing.T) {
	require.NotEmpty(t, testBrowser.Agent().Timezone)
	require.Equal(t, "1280x900", testBrowser.Agent().Viewport)
}

// forwarder is a proxy of the plain kind: it takes CONNECT for any host, leads all to one server, and notes the hosts.
type forwarder struct {
	to, login string // login is what it asks for; empty for nothing
	mu        sync.Mutex
	of        map[string]int
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := "Basic " + base64.StdEncoding.EncodeToString([]byte(f.login))
	if f.login != "" && r.Header.Get("Proxy-Authorization") != asked {
		w.Header().Set("Proxy-Authenticate", `Basic realm="way out"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	f.mu.Lock()
	f.of[r.Host]++
	f.mu.Unlock()
	if r.Method != http.MethodConnect {
		w.WriteHeader(http.StatusNoContent) // favicons and the like of plain http
		return
	}
	there, err := net.Dial("tcp", f.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		there.Close()
		return
	}
	_, _ = here.Write([]byte("HTTP/1.1 200 OK\r\n\r\n"))
	go func() { _, _ = io.Copy(there, here); there.Close() }()
	go func() { _, _ = io.Copy(here, there); here.Close() }()
}

// TestProxy: names that only the proxy knows are all seen; loopback, workers and popups go through it as well.
func TestProxy(t *testing.T) {
	for _, login := range []string{"", "me:secret"} {
		t.Run(login, func(t *testing.T) { t.Parallel(); checkProxy(t, login) })
	}
}

func checkProxy(t *testing.T, login string) {
	pages := map[string]string{
		"www.shop.test/": signalDoc("main", `<iframe src="https://frame.test/f"></iframe><img src="https://localhost:8443/near.gif">
			<img src="https://127.0.0.1:8443/nearer.gif"><script>new Worker('/w.js'); open('https://popup.test/p')</script>`),
		"frame.test/f": signalDoc("frame", ""), "popup.test/p": signalDoc("popup", ""), "www.shop.test/w.js": "fetch('https://worker.test/w', { mode: 'no-cors' })",
	}
	s := &scene{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, pages) }))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	require.NoError(t, err)
	f := &forwarder{to: u.Host, login: login, of: map[string]int{}}
	proxy := httptest.NewServer(f)
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	if user, password, ok := strings.Cut(login, ":"); ok {
		address.User = url.UserPassword(user, password)
	}
	b, err := browser.New(t.Context(), browser.Options{Path: testPath, Insecure: true, Proxy: address.String()})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	require.Equal(t, proxy.URL, b.Agent().Proxy)
	page, err := b.Render(t.Context(), crawler.Visit{URL: "https://www.shop.test/", Scenario: crawler.NoChoice})
	require.NoError(t, err)
	require.Equal(t, "main", page.Title)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, host := range []string{"www.shop.test:443", "frame.test:443", "popup.test:443", "worker.test:443", "localhost:8443", "127.0.0.1:8443"} {
		require.NotZero(t, f.of[host], "%s went round the proxy", host)
	}
}
