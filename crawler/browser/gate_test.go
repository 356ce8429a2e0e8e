package browser_test

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/websocket"

	"trackscan/crawler"
	"trackscan/crawler/browser"
)

// nearby is a server on this machine that pages of the web must not reach, under every address and name that means it.
type nearby struct {
	port int
	mu   sync.Mutex
	hits []string
}

func serveNearby(t *testing.T) *nearby {
	n := &nearby{}
	listener, err := net.Listen("tcp", ":0") // every address of this machine, IPv6 too
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(n.answer))
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	n.port = listener.Addr().(*net.TCPAddr).Port
	return n
}

func (n *nearby) answer(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.hits = append(n.hits, r.Host+r.URL.String())
	n.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Header.Get("Upgrade") != "" {
		websocket.Handler(func(c *websocket.Conn) { _ = c.Close() }).ServeHTTP(w, r)
		return
	}
	page(w, `document.title = 'nearby'`)
}

// take returns the requests so far and forgets them.
func (n *nearby) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	hits := n.hits
	n.hits = nil
	return hits
}

// nearNames are names that mean this machine or a neighbour when they are looked up. A rebound name means the web at
// first.
var nearNames = map[string][]string{
	"loop.near.test":     {"127.0.0.1"},
	"loop6.near.test":    {"::1"},
	"mapped.near.test":   {"::ffff:127.0.0.1"},
	"metadata.near.test": {"169.254.169.254"},
	"zero.near.test":     {"0.0.0.0"},
	"both.near.test":     {"192.0.2.1", "127.0.0.1"},
	"home.near.test":     {"192.168.77.1"},
}

// serveNames is a DNS server on loopback that knows names.
func serveNames(t *testing.T, names map[string][]string) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := answerName(buf[:n], names); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(_ context.Context, _, _ string) (net.Conn, error) {
		return net.Dial("udp", conn.LocalAddr().String())
	}}
}

// answerName answers one question: with addresses, with nothing for a name that is not there, and not at all for one
// that begins with "hang.".
func answerName(question []byte, names map[string][]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
	if strings.HasPrefix(name, "hang.") {
		return nil
	}
	m.Response, m.RecursionAvailable = true, true
	addresses, known := names[name]
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range addresses {
		head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}
		switch a := netip.MustParseAddr(text); {
		case q.Type == dnsmessage.TypeA && a.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
		case q.Type == dnsmessage.TypeAAAA && a.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// TestNearby visits a page of the web that tries in every way to have the browser reach this machine and its network.
// Nothing is reached, every attempt is in the evidence with its reason, and the page is none the worse for it.
func TestNearby(t *testing.T) {
	n := serveNearby(t)
	var at []string
	for _, host := range []string{"127.0.0.1", "127.1.2.3", "localhost", "a.localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", ownAddress(t)} {
		at = append(at, fmt.Sprintf("%s:%d", host, n.port))
	}
	for name := range nearNames {
		at = append(at, fmt.Sprintf("%s:%d", name, n.port))
	}
	at = append(at, "169.254.169.254", "192.168.77.1", "10.0.0.1", "[fd00::1]")
	mux := http.NewServeMux()
	mux.HandleFunc("/to", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("at"), http.StatusFound)
	})
	mux.HandleFunc("/worker.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, `fetch('http://127.0.0.1:%[1]d/from-worker').catch(() => {}); try { importScripts('http://localhost:%[1]d/import') } catch {}`, n.port)
	})
	mux.HandleFunc("/open", func(w http.ResponseWriter, _ *http.Request) { page(w, fmt.Sprintf(nearSource, strings.Join(at, " "))) })
	server := httptest.NewServer(mux)
	defer server.Close()
	resolves := crawler.Resolves{sentTo(t, "www.open.test", server.URL)}
	b := startBrowserWith(t, browser.Options{Site: "http://www.open.test/", Resolves: resolves, Resolver: serveNames(t, nearNames)})

	p, err := renderInTime(t, b, crawler.Visit{URL: "http://www.open.test/open"})
	require.NoError(t, err)
	require.Empty(t, n.take(), "reached")
	require.Equal(t, "tried", p.Title)
	require.True(t, hasCookie(p, "seen"))
	for _, address := range at {
		host := canonicalHost(address)
		tries := requestsTo(p, host)
		require.NotEmpty(t, tries, "evidence of %s (%s)", address, host)
		for _, r := range tries {
			require.Contains(t, r.Error, "private network", "%s %s", r.Type, r.URL)
		}
	}
	kinds := map[string]bool{}
	for _, r := range p.Requests {
		if r.Error != "" {
			kinds[r.Type] = true
		}
	}
	for _, kind := range []string{"image", "script", "stylesheet", "fetch", "xhr", "frame", "websocket", "eventsource", "ping", "media"} {
		require.True(t, kinds[kind], "a refused %s in %v", kind, kinds)
	}

	for _, address := range []string{"http://127.0.0.1:" + strconv.Itoa(n.port), "http://loop.near.test:" + strconv.Itoa(n.port), "http://169.254.169.254/"} {
		_, err := renderInTime(t, b, crawler.Visit{URL: "http://www.open.test/to?at=" + url.QueryEscape(address)})
		require.ErrorContains(t, err, "refused: it leads to this machine", address)
		_, err = renderInTime(t, b, crawler.Visit{URL: address})
		require.ErrorContains(t, err, "refused: it leads to this machine", address)
	}
	for _, address := range []string{"view-source:http://127.0.0.1:1/", "file:///etc/passwd", "chrome://version"} {
		_, err := renderInTime(t, b, crawler.Visit{URL: "http://www.open.test/to?at=" + url.QueryEscape(address)})
		require.Error(t, err, address)
	}
	require.Empty(t, n.take(), "reached")
}

// TestNearSite visits sites that are near themselves, or that the user gave an address: they are reached.
func TestNearSite(t *testing.T) {
	n := serveNearby(t)
	for _, c := range []struct{ name, site, resolve string }{
		{"on loopback", fmt.Sprintf("http://127.0.0.1:%d/", n.port), ""},
		{"localhost", fmt.Sprintf("http://localhost:%d/", n.port), ""},
		{"a name of loopback", fmt.Sprintf("http://loop.near.test:%d/", n.port), ""},
		{"IPv6 only", fmt.Sprintf("http://loop6.near.test:%d/", n.port), ""},
		{"in the private network", fmt.Sprintf("http://%s:%d/", ownAddress(t), n.port), ""},
		{"where the user says", "http://metadata.near.test/", fmt.Sprintf("metadata.near.test:80:127.0.0.1:%d", n.port)},
		{"an address that the user says", "http://127.0.0.1:1234/", fmt.Sprintf("127.0.0.1:1234:127.0.0.1:%d", n.port)},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := browser.Options{Site: c.site, Resolver: serveNames(t, nearNames)}
			if c.resolve != "" {
				r, err := crawler.ParseResolve(c.resolve)
				require.NoError(t, err)
				o.Resolves = crawler.Resolves{r}
			}
			p, err := startBrowserWith(t, o).Render(t.Context(), crawler.Visit{URL: c.site})
			require.NoError(t, err)
			require.Equal(t, "nearby", p.Title)
			require.NotEmpty(t, n.take())
		})
	}
}

// TestNames visits hosts whose names cannot be looked up, or are not answered for.
func TestNames(t *testing.T) {
	b := startBrowserWith(t, browser.Options{Resolver: serveNames(t, nil), PageTimeout: goodTimeout})
	began := time.Now()
	_, err := b.Render(t.Context(), crawler.Visit{URL: "http://gone.test/"})
	require.ErrorContains(t, err, "ERR_NAME_NOT_RESOLVED")
	require.Less(t, time.Since(began), 10*time.Second)
	_, err = b.Render(t.Context(), crawler.Visit{URL: "http://hang.test/"})
	require.ErrorContains(t, err, "ERR_CONNECTION_TIMED_OUT")
	_, err = b.Render(t.Context(), crawler.Visit{URL: "http://127.0.0.1:4/"})
	require.ErrorContains(t, err, "ERR_CONNECTION_REFUSED")
}

// TestManyConnections visits a page of 120 hosts that never answer and one that does: it is not kept waiting.
func TestManyConnections(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.Host, "hang"):
			<-r.Context().Done()
		case strings.HasPrefix(r.Host, "last"):
			http.SetCookie(w, &http.Cookie{Name: "last", Value: "1"})
		default:
			page(w, `for (let i = 0; i < 120; i++) fetch('http://hang' + i + '.open.test/', { mode: 'no-cors' }).catch(() => {});
				setTimeout(() => fetch('http://last.open.test/', { mode: 'no-cors' }), 100)`)
		}
	}))
	defer server.CloseClientConnections()
	b := startBrowserWith(t, browser.Options{Resolves: crawler.Resolves{sentTo(t, "*", server.URL)}, PageTimeout: goodTimeout})
	p, err := b.Render(t.Context(), crawler.Visit{URL: "http://www.open.test/"})
	require.NoError(t, err)
	require.True(t, hasCookie(p, "last"))
}

// nearSource tries each of a list of addresses in each of many ways.
const nearSource = `
	document.title = 'tried';
	const add = (name, attrs) => document.body.append(Object.assign(document.createElement(name), attrs));
	for (const at of '%s'.split(' ')) {
		const u = 'http://' + at + '/';
		new Image().src = u + 'img'; new Image().src = '/to?at=' + encodeURIComponent(u + 'redirected');
		add('script', { src: u + 'script' }); add('link', { rel: 'stylesheet', href: u + 'css' }); add('iframe', { src: u + 'frame' });
		add('video', { src: u + 'video' }); add('link', { rel: 'preconnect', href: u }); add('link', { rel: 'prefetch', href: u + 'prefetch' });
		fetch(u + 'fetch', { mode: 'no-cors' }).catch(() => {}); fetch('/to?at=' + encodeURIComponent(u + 'fetched')).catch(() => {});
		const x = new XMLHttpRequest(); x.open('POST', u + 'xhr'); x.send('x');
		try { new WebSocket('ws://' + at + '/socket') } catch {}
		new EventSource(u + 'events'); navigator.sendBeacon(u + 'beacon', 'x');
		add('iframe', { name: 'f' + at }); const form = document.createElement('form');
		form.action = u + 'form'; form.method = 'post'; form.target = 'f' + at; document.body.append(form); form.submit();
	}
	new Worker('/worker.js'); try { open('http://127.0.0.1/popup') } catch {}`

// sentTo sends a host's port 80, or 443 of a server with TLS, to a server.
func sentTo(t *testing.T, host, server string) crawler.Resolve {
	u, err := url.Parse(server)
	require.NoError(t, err)
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	r, err := crawler.ParseResolve(host + ":" + port + ":" + u.Host)
	require.NoError(t, err)
	return r
}

// ownAddress is an address of this machine in its network; where it has none, loopback's second one.
func ownAddress(t *testing.T) string {
	addrs, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && crawler.NearnessOf(p.Addr()) == crawler.InOurNet {
			return p.Addr().String()
		}
	}
	return "127.0.0.2"
}

// canonicalHost is a host as the browser writes it.
func canonicalHost(address string) string {
	host := strings.Trim(strings.TrimSuffix(address, ":"+strconv.Itoa(portIn(address))), "[]")
	return cmp.Or(map[string]string{"2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1", "::ffff:127.0.0.1": "::ffff:7f00:1"}[host], host)
}

func portIn(address string) int {
	_, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return n
}

func requestsTo(p crawler.Page, host string) []crawler.Request {
	return slices.DeleteFunc(slices.Clone(p.Requests), func(r crawler.Request) bool { return crawler.HostOf(r.URL) != host })
}

func startBrowserWith(t *testing.T, o browser.Options) *browser.Browser {
	o.Path, o.PageTimeout = testPath, cmp.Or(o.PageTimeout, goodTimeout)
	b, err := browser.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}
