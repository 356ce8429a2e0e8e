package discover_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"trackscan/crawler"
	"trackscan/crawler/discover"
)

// handle serves one handler and returns its address without the slash.
func handle(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func newDiscoverer(t *testing.T, opts discover.Options) *discover.Discoverer {
	t.Helper()
	d := discover.New(opts)
	t.Cleanup(d.Close)
	return d
}

// second fetches the site's address first, so that path is an address like any other.
func second(t *testing.T, opts discover.Options, site, path string) crawler.Lead {
	t.Helper()
	return newDiscoverer(t, opts).Discover(t.Context(), []string{site + "/", site + path})[1]
}

func addresses(links []crawler.Link) []string {
	var all []string
	for _, l := range links {
		all = append(all, l.URL)
	}
	return all
}

func resolveTo(t *testing.T, server string, host string) crawler.Resolves {
	t.Helper()
	u, err := url.Parse(server)
	require.NoError(t, err)
	port, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	return crawler.Resolves{{Host: host, Port: 80, Addr: netip.MustParseAddr(u.Hostname()), To: port}}
}

func TestDiscoverKeepsTheOrder(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<html><a href="/from%s">x</a>`, r.URL.Path)
	})
	urls := []string{site + "/"}
	for i := range 100 {
		urls = append(urls, fmt.Sprintf("%s/%d", site, i))
	}
	leads := newDiscoverer(t, discover.Options{Parallelism: 16}).Discover(t.Context(), urls)
	require.Len(t, leads, 101)
	for i, lead := range leads {
		require.NoError(t, lead.Err)
		require.Equal(t, urls[i], lead.URL)
		require.Equal(t, urls[i], lead.FinalURL)
		require.Equal(t, 200, lead.Status)
		require.Equal(t, "text/html", lead.MIME)
		require.Equal(t, strings.Replace(urls[i], site, site+"/from", 1), lead.Links[0].URL)
	}
	require.Empty(t, newDiscoverer(t, discover.Options{}).Discover(t.Context(), nil))
}

func TestDiscoverTypes(t *testing.T) {
	cases := map[string]struct {
		header http.Header
		body   string
		mime   string
		links  int
	}{
		"html":              {http.Header{"Content-Type": {"text/html; charset=utf-8"}}, "<a href=/x>", "text/html", 1},
		"xhtml":             {http.Header{"Content-Type": {"application/xhtml+xml"}}, "<a href=/x>", "application/xhtml+xml", 1},
		"no type, html":     {http.Header{"Content-Type": {""}}, "<!doctype html><a href=/x>", "text/html", 1},
		"no type, pdf":      {http.Header{"Content-Type": {""}}, "%PDF-1.7 <a href=/x>", "application/pdf", 0},
		"broken type":       {http.Header{"Content-Type": {"text/html; charset=\"x; ;;="}}, "<a href=/x>", "text/html", 1},
		"unknown charset":   {http.Header{"Content-Type": {"text/html; charset=klingon"}}, "<a href=/x>", "text/html", 1},
		"pdf":               {http.Header{"Content-Type": {"application/pdf"}}, "<a href=/x>", "application/pdf", 0},
		"feed":              {http.Header{"Content-Type": {"application/rss+xml"}}, "<a href=/x>", "application/rss+xml", 0},
		"attachment":        {http.Header{"Content-Type": {"text/html"}, "Content-Disposition": {`Attachment; filename="x"`}}, "<a href=/x>", "application/octet-stream", 0},
		"claims to be gzip": {http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"br, gzip"}}, "<a href=/x>", "text/html", 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			site := handle(t, func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range c.header {
					w.Header()[k] = v
				}
				if c.header.Get("Content-Type") == "" {
					w.Header()["Content-Type"] = nil
				}
				_, _ = w.Write([]byte(c.body))
			})
			lead := second(t, discover.Options{}, site, "/a")
			require.NoError(t, lead.Err)
			require.Equal(t, c.mime, lead.MIME)
			require.Len(t, lead.Links, c.links)
		})
	}
}

func TestDiscoverRedirects(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		hop, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch r.URL.Path {
		case "/chain":
			http.Redirect(w, r, fmt.Sprintf("/chain?n=%d", hop+1), http.StatusFound)
		case "/few":
			if hop < 10 {
				http.Redirect(w, r, fmt.Sprintf("few?n=%d#part", hop+1), http.StatusSeeOther)
			}
		case "/cookie-test":
			if _, err := r.Cookie("tested"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "tested", Value: "1"})
				http.Redirect(w, r, "/cookie-test", http.StatusFound)
			}
		case "/nowhere":
			w.WriteHeader(http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/data":
			w.Header().Set("Location", "data:text/html,<a href=x>")
			w.WriteHeader(http.StatusFound)
		case "/not-modified":
			w.Header().Set("Location", "/few")
			w.WriteHeader(http.StatusNotModified)
		}
	})
	cases := map[string]struct{ final, err string }{
		"/chain":        {"", "too many redirects"},
		"/few":          {"/few?n=10", ""},
		"/cookie-test":  {"/cookie-test", ""},
		"/nowhere":      {"/nowhere", ""},
		"/file":         {"", "refused: not an http or https address"},
		"/data":         {"", "refused: not an http or https address"},
		"/not-modified": {"/not-modified", ""},
	}
	for path, c := range cases {
		t.Run(path, func(t *testing.T) {
			lead := second(t, discover.Options{}, site, path)
			if c.err != "" {
				require.ErrorContains(t, lead.Err, c.err)
				return
			}
			require.NoError(t, lead.Err)
			require.Equal(t, site+c.final, lead.FinalURL)
		})
	}
}

// A site on the web must not lead to what only this machine can see.
func TestDiscoverRefusesThisMachine(t *testing.T) {
	var asked atomic.Int32
	private := handle(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	port := private[strings.LastIndexByte(private, ':')+1:]
	targets := []string{
		private + "/", "http://localhost:" + port + "/", "http://127.1:" + port + "/", "http://[::1]:" + port + "/",
		"http://0.0.0.0:" + port + "/", "http://[::ffff:127.0.0.1]:" + port + "/", "http://169.254.169.254/latest/meta-data",
		"http://2130706433:" + port + "/", "http://0x7f000001:" + port + "/",
	}
	var sitemaps strings.Builder
	for _, target := range targets {
		fmt.Fprintf(&sitemaps, "Sitemap: %s\n", target)
	}
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, sitemaps.String())
		case r.URL.Path == "/sitemap.xml":
			http.Redirect(w, r, private+"/", http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/go/"):
			i, _ := strconv.Atoi(r.URL.Path[4:])
			http.Redirect(w, r, targets[i], http.StatusFound)
		}
	})
	urls := []string{"http://www.shop.test/"}
	for i := range targets {
		urls = append(urls, fmt.Sprintf("http://www.shop.test/go/%d", i))
	}
	urls = append(urls, targets...)
	d := newDiscoverer(t, discover.Options{Resolves: resolveTo(t, site, "www.shop.test"), Timeout: 2 * time.Second})
	leads := d.Discover(t.Context(), urls)
	require.NoError(t, leads[0].Err)
	for _, lead := range leads[1:] {
		require.Error(t, lead.Err, lead.URL)
	}
	require.Zero(t, asked.Load(), "nobody asked the private server")
}

func TestDiscoverMayStayOnThisMachine(t *testing.T) {
	other := handle(t, func(http.ResponseWriter, *http.Request) {})
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/go" {
			http.Redirect(w, r, other+"/", http.StatusFound)
		}
	})
	lead := second(t, discover.Options{}, site, "/go")
	require.NoError(t, lead.Err)
	require.Equal(t, other+"/", lead.FinalURL)
}

func TestDiscoverMayGoWhereTheUserMaps(t *testing.T) {
	site := handle(t, func(http.ResponseWriter, *http.Request) {})
	d := newDiscoverer(t, discover.Options{Resolves: resolveTo(t, site, "*")})
	leads := d.Discover(t.Context(), []string{"http://www.shop.test/", "http://other.test/", "http://localhost/"})
	for _, lead := range leads {
		require.NoError(t, lead.Err, lead.URL)
	}
}

func TestDiscoverSendsCredentialsToTheScopeOnly(t *testing.T) {
	var mu sync.Mutex
	got := map[string][]string{}
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		got[r.Host] = append(got[r.Host], r.Header.Get("X-Secret")+r.Header.Get("Authorization")+r.Header.Get("Cookie"))
		mu.Unlock()
		switch {
		case r.URL.Path == "/robots.txt" && r.Host == "www.shop.test":
			fmt.Fprint(w, "Sitemap: http://cdn.test/map.xml\nSitemap: /moved.xml\n")
		case r.URL.Path == "/out" || r.URL.Path == "/moved.xml":
			http.Redirect(w, r, "http://canary.test/", http.StatusTemporaryRedirect)
		}
	})
	scope, err := crawler.NewScope("http://www.shop.test/", nil)
	require.NoError(t, err)
	d := newDiscoverer(t, discover.Options{
		Resolves: resolveTo(t, site, "*"),
		Credentials: crawler.Credentials{
			Scope:   scope,
			Headers: []crawler.Header{{Name: "x-secret", Value: "one"}, {Name: "Authorization", Value: "two"}},
			Cookies: []crawler.GivenCookie{
				{Name: "three", Value: "3"},
				{Name: "secure", Value: "no", Secure: true},
				{Name: "other", Value: "no", Domain: "blog.shop.test"},
				{Name: "foreign", Value: "no", Domain: "canary.test"},
				{Name: "path", Value: "no", Path: "/elsewhere"},
			},
		},
	})
	d.Discover(t.Context(), []string{"http://www.shop.test/", "http://www.shop.test/out", "http://canary.test/x", "http://blog.shop.test/"})
	require.Contains(t, got, "canary.test")
	require.Contains(t, got, "cdn.test")
	for _, host := range []string{"canary.test", "cdn.test"} {
		for _, secrets := range got[host] {
			require.Empty(t, secrets, host)
		}
	}
	for _, secrets := range got["www.shop.test"] {
		require.Equal(t, "onetwothree=3", secrets)
	}
	require.Contains(t, got["blog.shop.test"], "onetwothree=3; other=no")
}

// A server that asks for a login gets that of its host, in the scope and nowhere else.
func TestDiscoverLogsIn(t *testing.T) {
	var mu sync.Mutex
	got := map[string]string{}
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if r.URL.Path == "/out" {
			http.Redirect(w, r, "http://canary.test/", http.StatusFound)
			return
		}
		mu.Lock()
		got[r.Host] = user + password
		mu.Unlock()
		if !ok {
			w.Header().Set("WWW-Authenticate", `Basic realm="in"`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	scope, err := crawler.NewScope("http://www.shop.test/", nil)
	require.NoError(t, err)
	d := newDiscoverer(t, discover.Options{Resolves: resolveTo(t, site, "*"), NoRobots: true, Credentials: crawler.Credentials{
		Scope: scope, Logins: []crawler.Login{{User: "any", Password: "1"}, {Host: "blog.shop.test", User: "blog", Password: "2"}, {Host: "canary.test", User: "never"}},
	}})
	urls := []string{"http://www.shop.test/", "http://blog.shop.test/", "http://canary.test/", "http://www.shop.test/out"}
	var status []int
	for _, lead := range d.Discover(t.Context(), urls) {
		require.NoError(t, lead.Err)
		status = append(status, lead.Status)
	}
	require.Equal(t, []int{200, 200, 401, 401}, status)
	require.Equal(t, map[string]string{"www.shop.test": "any1", "blog.shop.test": "blog2", "canary.test": ""}, got)
}

func TestDiscoverRobots(t *testing.T) {
	cases := map[string]struct {
		robots     string
		status     int
		disallowed bool
		noRobots   bool
	}{
		"none":             {"", 404, false, false},
		"empty":            {"", 200, false, false},
		"all":              {"User-agent: *\nDisallow: /", 200, true, false},
		"ours":             {"User-agent: trackscan\nDisallow: /\n\nUser-agent: *\nAllow: /", 200, true, false},
		"others":           {"User-agent: otherbot\nDisallow: /", 200, false, false},
		"longest wins":     {"User-agent: *\nDisallow: /\nAllow: /a/", 200, false, false},
		"pattern":          {"User-agent: *\nDisallow: /*?x=", 200, true, false},
		"byte order mark":  {"\xef\xbb\xbfUser-agent: *\nDisallow: /", 200, true, false},
		"old line ends":    {"User-agent: *\rDisallow: /", 200, true, false},
		"rules for nobody": {"Disallow: /\nUser-agent: *\nDisallow:", 200, false, false},
		"a page":           {"<!doctype html><title>User-agent: *</title>", 200, false, false},
		"rubbish":          {"\x00\xff: :\nUser-agent\nCrawl-delay: soon\n:::\nDisallow /", 200, false, false},
		"huge line":        {"User-agent: *\nDisallow: /" + strings.Repeat("a*", 1<<20), 200, false, false},
		"forbidden":        {"", 403, false, false},
		"server error":     {"", 503, true, false},
		"ignored":          {"User-agent: *\nDisallow: /", 200, false, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var robots atomic.Int32
			site := handle(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					robots.Add(1)
					w.WriteHeader(c.status)
					fmt.Fprint(w, c.robots)
				}
			})
			d := newDiscoverer(t, discover.Options{NoRobots: c.noRobots})
			leads := d.Discover(t.Context(), []string{site + "/", site + "/a/b?x=1", site + "/a/b?x=2"})
			require.False(t, leads[0].Disallowed, "the site's address is always visited")
			require.Equal(t, 200, leads[0].Status)
			for _, lead := range leads[1:] {
				require.Equal(t, c.disallowed, lead.Disallowed)
				require.Equal(t, c.status == 503, lead.Err != nil)
			}
			require.Equal(t, int32(1), robots.Load(), "robots.txt is read once")
		})
	}
}

func TestDiscoverHonoursRobotsOfRedirectTargets(t *testing.T) {
	var asked atomic.Bool
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private")
		case "/go":
			http.Redirect(w, r, "/private", http.StatusFound)
		case "/private":
			asked.Store(true)
		}
	})
	require.True(t, second(t, discover.Options{}, site, "/go").Disallowed)
	require.False(t, asked.Load())
}

func TestDiscoverSitemaps(t *testing.T) {
	packed := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	var site string
	files := map[string]string{}
	site = handle(t, func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		if !ok && r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
		}
		if strings.HasSuffix(r.URL.Path, ".gz") {
			w.Header().Set("Content-Type", "application/x-gzip")
		}
		fmt.Fprint(w, body)
	})
	files["/"] = `<html><a href="/link">x</a>`
	files["/robots.txt"] = "Sitemap: " + site + "/index.xml\nSitemap: /text.txt\nsitemap: " + site + "/index.xml\n"
	files["/index.xml"] = `<?xml version="1.0"?><sitemapindex><sitemap><loc>` + site + `/b.xml.gz</loc></sitemap>
		<sitemap><loc>` + site + `/a.xml</loc></sitemap><sitemap><loc>` + site + `/index.xml</loc></sitemap>
		<sitemap><loc>` + site + `/missing.xml</loc></sitemap></sitemapindex>`
	files["/b.xml.gz"] = packed(`<urlset><url><loc>` + site + `/b1</loc></url><url><loc><![CDATA[ ` + site + `/b2?a=1&b=2 ]]></loc></url></urlset>`)
	files["/a.xml"] = `<ns:urlset xmlns:ns="x" xmlns:image="y"><ns:url><ns:loc>` + site + `/a1?x=1&amp;y=2</ns:loc>
		<image:image><image:loc>` + site + `/picture</image:loc></image:image>
		<xhtml:link rel="alternate" hreflang="de" href="` + site + `/de/a1"/></ns:url></ns:urlset>`
	files["/text.txt"] = site + "/t1\r\n" + site + "/t2\n# no\n"
	files["/sitemap.xml"] = `<urlset><url><loc>` + site + `/s1`

	lead := newDiscoverer(t, discover.Options{}).Discover(t.Context(), []string{site + "/"})[0]
	require.NoError(t, lead.Err)
	require.Equal(t, []string{
		site + "/link", site + "/t1", site + "/t2", site + "/b1", site + "/b2?a=1&b=2", site + "/a1?x=1&y=2", site + "/de/a1",
	}, addresses(lead.Links))
	require.Equal(t, crawler.RelSitemap, lead.Links[1].Rel)
	require.Equal(t, site+"/b.xml.gz", lead.Links[3].From)
}

func TestDiscoverHostileSitemaps(t *testing.T) {
	bomb := func() string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		blank := bytes.Repeat([]byte(" "), 1<<20)
		for range 64 {
			_, _ = z.Write(blank)
		}
		_, _ = z.Write([]byte("<url><loc>http://too.test/late</loc></url>"))
		_ = z.Close()
		return b.String()
	}
	cases := map[string]string{
		"empty":          "",
		"bomb":           bomb(),
		"broken gzip":    "\x1f\x8b\x08rubbish",
		"entities":       `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>`,
		"outside entity": `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>`,
		"deep":           strings.Repeat("<url>", 1<<20),
		"long text":      "<urlset><url><loc>" + strings.Repeat("a", 5<<20) + "</loc></url>",
		"long tag":       "<urlset><url " + strings.Repeat("a", 5<<20) + "><loc>x</loc>",
		"a page":         "<!doctype html><title>404</title>",
		"binary":         strings.Repeat("\x00\xff\xfe<", 1000),
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			site := handle(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/sitemap.xml" {
					_, _ = w.Write([]byte(body))
				}
			})
			lead := newDiscoverer(t, discover.Options{}).Discover(t.Context(), []string{site + "/"})[0]
			require.NoError(t, lead.Err)
			require.LessOrEqual(t, len(lead.Links), 1)
			for _, l := range lead.Links {
				require.NotContains(t, l.URL, "root:")
				require.NotContains(t, l.URL, "too.test")
			}
		})
	}
}

func TestDiscoverBoundsSitemaps(t *testing.T) {
	var asked atomic.Int32
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".xml") {
			return
		}
		n := asked.Add(1)
		fmt.Fprint(w, "<sitemapindex>")
		for i := range 1000 {
			fmt.Fprintf(w, "<sitemap><loc>http://%s/%d-%d.xml</loc></sitemap>", r.Host, n, i)
		}
		for i := range 2000 {
			fmt.Fprintf(w, "<url><loc>http://%s/page-%d-%d</loc></url>", r.Host, n, i)
		}
	})
	lead := newDiscoverer(t, discover.Options{}).Discover(t.Context(), []string{site + "/"})[0]
	require.LessOrEqual(t, asked.Load(), int32(50))
	require.LessOrEqual(t, len(lead.Links), 20000)
}

func TestDiscoverFaults(t *testing.T) {
	refused, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, refused.Close())
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	silent := rawServer(t, "")
	cases := map[string]struct{ address, why string }{
		"refused":           {"http://" + refused.Addr().String() + "/", "refused"},
		"untrusted":         {secure.URL + "/", "certificate"},
		"TLS on a web port": {"https://" + strings.TrimPrefix(handle(t, http.NotFound), "http://") + "/", "HTTP response to HTTPS client"},
		"silent":            {silent + "/", "did not answer"},
		"no such host":      {"http://no-such-host.invalid/", "no such host"},
		"rubbish":           {rawServer(t, "SSH-2.0-OpenSSH\r\n\r\n") + "/", "malformed HTTP"},
		"endless header":    {rawServer(t, "HTTP/1.1 200 OK\r\nA: "+strings.Repeat("a", 1<<20)+"\r\n\r\n") + "/", "exceeded"},
		"no address":        {"http:///", "refused"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			opts := discover.Options{}
			if name == "silent" {
				opts.Timeout = 100 * time.Millisecond
			}
			lead := newDiscoverer(t, opts).Discover(t.Context(), []string{c.address})[0]
			require.ErrorContains(t, lead.Err, c.why)
			require.Zero(t, lead.Status)
			require.Equal(t, name == "silent", strings.Contains(lead.Err.Error(), crawler.ErrSilent.Error()))
		})
	}
	lead := newDiscoverer(t, discover.Options{Insecure: true}).Discover(t.Context(), []string{secure.URL + "/"})[0]
	require.NoError(t, lead.Err)
}

// rawServer answers each connection with the same bytes, then waits for the client to go; none: it never answers.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buffer := make([]byte, 4096)
				_, _ = conn.Read(buffer)
				_, _ = conn.Write([]byte(answer))
				for err == nil {
					_, err = conn.Read(buffer)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// What was read of an answer that breaks off, or that comes too slowly, is used as a browser would.
func TestDiscoverUsesBrokenAnswers(t *testing.T) {
	start := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	cases := map[string]string{
		"too short": start + "Content-Length: 1000\r\n\r\n<a href='/x'>x</a>",
		"bad chunk": start + "Transfer-Encoding: chunked\r\n\r\n12\r\n<a href='/x'>x</a>\r\nrubbish",
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			site := rawServer(t, answer)
			lead := newDiscoverer(t, discover.Options{Timeout: 300 * time.Millisecond}).Discover(t.Context(), []string{site + "/"})[0]
			require.NoError(t, lead.Err)
			require.Equal(t, site+"/x", lead.Links[0].URL)
		})
	}
}

func TestDiscoverBoundsBodies(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte("<a href='/x'>x</a>"))
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range 30 {
		_, _ = z.Write(blank)
	}
	_, _ = z.Write([]byte("<a href='/late'>x</a>"))
	_ = z.Close()
	site := handle(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(b.Bytes())
	})
	lead := second(t, discover.Options{}, site, "/bomb")
	require.NoError(t, lead.Err)
	require.Equal(t, []string{site + "/x"}, addresses(lead.Links))
}

func TestDiscoverComesBackWhenAsked(t *testing.T) {
	var asked atomic.Int32
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/busy" && asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		}
		if r.URL.Path == "/for-long" {
			asked.Add(1)
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	require.Equal(t, 200, second(t, discover.Options{}, site, "/busy").Status)
	require.Equal(t, int32(2), asked.Load())
	asked.Store(0)
	require.Equal(t, 503, second(t, discover.Options{}, site, "/for-long").Status)
	require.Equal(t, int32(1), asked.Load(), "an hour is taken at its answer")
}

func TestDiscoverTriesBrokenConnectionsOnce(t *testing.T) {
	var asked atomic.Int32
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/flaky" || asked.Add(1) > 1 {
			return
		}
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	})
	lead := second(t, discover.Options{}, site, "/flaky")
	require.NoError(t, lead.Err)
	require.Equal(t, 200, lead.Status)
}

func TestDiscoverTriesBrokenStreamsOnce(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/flaky" && asked.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	lead := second(t, discover.Options{Insecure: true}, server.URL, "/flaky")
	require.NoError(t, lead.Err)
	require.Equal(t, 200, lead.Status)
	require.Equal(t, int32(2), asked.Load())
}

// A page that comes a few bytes at a time is read as far as it came in time.
func TestDiscoverGivesUpOnTrickles(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/slow" {
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<a href=/early>x</a>")
		flush := http.NewResponseController(w)
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			_ = flush.Flush() // fails when the client has gone
			time.Sleep(10 * time.Millisecond)
		}
	})
	lead := second(t, discover.Options{Timeout: 500 * time.Millisecond}, site, "/slow")
	require.NoError(t, lead.Err)
	require.Equal(t, []string{site + "/early"}, addresses(lead.Links))
}

func TestDiscoverInternationalHosts(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<html><a href='http://bücher.test/ä'>%s</a>", r.Host)
	})
	d := newDiscoverer(t, discover.Options{Resolves: resolveTo(t, site, "xn--mller-kva.test")})
	lead := d.Discover(t.Context(), []string{"http://xn--mller-kva.test/"})[0]
	require.NoError(t, lead.Err)
	require.Equal(t, "xn--mller-kva.test", lead.Links[0].Text)
	address, err := crawler.Normalise(lead.Links[0].URL)
	require.NoError(t, err)
	require.Equal(t, "http://xn--bcher-kva.test/%C3%A4", address)
}

func TestDiscoverThroughAProxy(t *testing.T) {
	var asked sync.Map
	proxy, err := url.Parse(handle(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.String(), true)
		if r.URL.Path == "/go" {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}
	}))
	require.NoError(t, err)
	d := newDiscoverer(t, discover.Options{Proxy: proxy})
	leads := d.Discover(t.Context(), []string{"http://www.shop.test/", "http://www.shop.test/go"})
	require.NoError(t, leads[0].Err)
	require.ErrorContains(t, leads[1].Err, "refused")
	for _, address := range []string{"http://www.shop.test/", "http://www.shop.test/robots.txt", "http://www.shop.test/sitemap.xml"} {
		_, ok := asked.Load(address)
		require.True(t, ok, address)
	}
	_, ok := asked.Load("http://127.0.0.1:1/")
	require.False(t, ok, "the proxy is not asked for its own machine")
}

func TestDiscoverLeavesNothingBehind(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })
	client := goleak.IgnoreCurrent()
	d := discover.New(discover.Options{})
	urls := make([]string, 200)
	for i := range urls {
		urls[i] = fmt.Sprintf("%s/%d", site, i)
	}
	d.Discover(t.Context(), urls)
	d.Close()
	goleak.VerifyNone(t, client, goleak.IgnoreAnyFunction("net/http.(*conn).serve"))
}

func TestDiscoverEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{}, 100)
	site := handle(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" && r.URL.Path != "/robots.txt" && r.URL.Path != "/sitemap.xml" {
			asked <- struct{}{}
			<-r.Context().Done()
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-asked
		cancel()
	}()
	urls := []string{site + "/"}
	for i := range 50 {
		urls = append(urls, fmt.Sprintf("%s/slow/%d", site, i))
	}
	leads := newDiscoverer(t, discover.Options{Timeout: time.Hour}).Discover(ctx, urls)
	require.NoError(t, leads[0].Err)
	for _, lead := range leads[1:] {
		require.ErrorIs(t, lead.Err, context.Canceled)
	}
}

func TestDiscoverTriesTheSiteAgainElsewhere(t *testing.T) {
	site := handle(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /")
		case "/sitemap.xml":
			fmt.Fprint(w, "<urlset><url><loc>http://x.test/</loc></url></urlset>")
		}
	})
	d := newDiscoverer(t, discover.Options{})
	require.Error(t, d.Discover(t.Context(), []string{strings.Replace(site, "http:", "https:", 1) + "/"})[0].Err)
	lead := d.Discover(t.Context(), []string{site + "/"})[0]
	require.False(t, lead.Disallowed)
	require.Equal(t, []string{"http://x.test/"}, addresses(lead.Links), "the first address that answers is the site's")
}
