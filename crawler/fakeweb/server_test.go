package fakeweb_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"image"
	_ "image/gif"
	_ "image/png"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"trackscan/crawler/fakeweb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const archive = `
-- a.test/index.html --
<h1>home</h1>
-- a.test/dir/index.html --
<h1>dir</h1>
-- a.test/app.js --
let a = 1
-- a.test/plain --
text
-- a.test/page --
<p>page
-- a.test/q --
any
-- a.test/q?v=2 --
two
-- a.test/moved --
HTTP/1.1 302 Found
Location: https://b.test/
Set-Cookie: a=1
Set-Cookie: b=2
-- a.test/gone --
HTTP/1.1 204

-- a.test/choice --
HTTP/1.1 200
Fakeweb-When-Cookie: ok=yes /chosen
Fakeweb-When-Cookie: seen /again

first
-- a.test/chosen --
chosen
-- a.test/again --
again
-- a.test/hang --
HTTP/1.1 200
Fakeweb-Hang: true

-- a.test/slow --
HTTP/1.1 200
Fakeweb-Delay: 30s

-- a.test/hold --
HTTP/1.1 200
Content-Type: text/event-stream
Fakeweb-Hold: true

data: 1

-- a.test/drop --
HTTP/1.1 200
Fakeweb-Drop: true

-- a.test/api --
HTTP/1.1 200
Content-Type: application/json
Fakeweb-Cors: true

{}
-- a.test/map.xml.gz --
HTTP/1.1 200
Fakeweb-Gzip: true

<urlset/>
-- a.test/p.gif --
HTTP/1.1 200
Fakeweb-Body: gif

-- a.test/p100.gif --
HTTP/1.1 200
Fakeweb-Body: gif100

-- a.test/p.png --
HTTP/1.1 200
Fakeweb-Body: png

-- a.test/p.pdf --
HTTP/1.1 200
Fakeweb-Body: pdf

We use (one) cookie: müsli \ _ga
second line
-- a.test/large.txt --
HTTP/1.1 200
Fakeweb-Body: large:100000

-- a.test/ws --
HTTP/1.1 200
Set-Cookie: socket=1; Secure
Fakeweb-Websocket: true

-- b.test/index.html --
b
`

// serve serves the archive and returns a client that takes every host to it and follows no redirect.
func serve(t *testing.T, opts fakeweb.Options) (*fakeweb.Server, *http.Client) {
	t.Helper()
	web, err := fakeweb.Parse([]byte(archive))
	require.NoError(t, err)
	s, err := fakeweb.Serve(web, opts)
	require.NoError(t, err)
	tr := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: s.CAPool()},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.Resolves().Dial(addr))
		},
	}
	t.Cleanup(func() {
		require.NoError(t, s.Close())
		tr.CloseIdleConnections()
	})
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, &http.Client{Transport: tr, CheckRedirect: stay}
}

func get(t *testing.T, c *http.Client, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(body)
}

func TestAnswers(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	for name, c := range map[string]struct {
		url, mime, body string
		status          int
	}{
		"index":            {"https://a.test/", "text/html; charset=utf-8", "<h1>home</h1>\n", 200},
		"plain http":       {"http://a.test/", "text/html; charset=utf-8", "<h1>home</h1>\n", 200},
		"folder":           {"https://a.test/dir/", "text/html; charset=utf-8", "<h1>dir</h1>\n", 200},
		"script":           {"https://a.test/app.js?v=1", "text/javascript; charset=utf-8", "let a = 1\n", 200},
		"text by content":  {"https://a.test/plain", "text/plain; charset=utf-8", "text\n", 200},
		"HTML by content":  {"https://a.test/page", "text/html; charset=utf-8", "<p>page\n", 200},
		"query ignored":    {"https://a.test/q?v=1", "text/plain; charset=utf-8", "any\n", 200},
		"query named":      {"https://a.test/q?v=2", "text/plain; charset=utf-8", "two\n", 200},
		"no body":          {"https://a.test/gone", "text/plain; charset=utf-8", "", 204},
		"folder as a file": {"https://a.test/dir", "text/html; charset=utf-8", "<!doctype html><title>Not found</title><h1>Not found</h1>\n", 404},
		"unknown host":     {"https://c.test/", "text/html; charset=utf-8", "<!doctype html><title>Not found</title><h1>Not found</h1>\n", 404},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := get(t, client, c.url)
			require.Equal(t, c.status, res.StatusCode)
			require.Equal(t, c.mime, res.Header.Get("Content-Type"))
			require.Equal(t, c.body, body)
		})
	}
}

func TestHeadIsSentAndControlIsNot(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	res, _ := get(t, client, "https://a.test/moved")
	require.Equal(t, 302, res.StatusCode)
	require.Equal(t, "https://b.test/", res.Header.Get("Location"))
	require.Equal(t, []string{"a=1", "b=2"}, res.Header.Values("Set-Cookie"))
	res, _ = get(t, client, "https://a.test/p.gif")
	for name := range res.Header {
		require.NotContains(t, name, "Fakeweb")
	}
}

func TestBothProtocols(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	res, _ := get(t, client, "https://a.test/")
	require.Equal(t, 2, res.ProtoMajor)
	res, _ = get(t, client, "http://a.test/")
	require.Equal(t, 1, res.ProtoMajor)
}

func TestWhenCookie(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	for cookie, want := range map[string]string{
		"other=1": "first\n", "ok=no": "first\n", "ok=yes": "chosen\n", "seen=x": "again\n", "seen=x; ok=yes": "chosen\n",
	} {
		_, body := get(t, client, "https://a.test/choice", "Cookie", cookie)
		require.Equal(t, want, body, cookie)
	}
}

func TestCors(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	res, body := get(t, client, "https://a.test/api", "Origin", "https://b.test")
	require.Equal(t, "https://b.test", res.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "{}\n", body)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, "https://a.test/api", nil)
	require.NoError(t, err)
	req.Header.Set("Origin", "https://b.test")
	req.Header.Set("Access-Control-Request-Headers", "x-a")
	res, err = client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 204, res.StatusCode)
	require.Equal(t, "x-a", res.Header.Get("Access-Control-Allow-Headers"))
}

func TestGeneratedBodies(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	for path, size := range map[string]image.Point{"p.gif": {1, 1}, "p100.gif": {100, 100}, "p.png": {300, 200}} {
		_, body := get(t, client, "https://a.test/"+path)
		config, _, err := image.DecodeConfig(strings.NewReader(body))
		require.NoError(t, err, path)
		require.Equal(t, size, image.Pt(config.Width, config.Height), path)
	}
	_, body := get(t, client, "https://a.test/p.gif")
	require.Len(t, body, 43)
	_, body = get(t, client, "https://a.test/large.txt")
	require.Len(t, body, 100_000)
}

func TestPDFCanBeRead(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	res, body := get(t, client, "https://a.test/p.pdf")
	require.Equal(t, "application/pdf", res.Header.Get("Content-Type"))
	doc, err := pdf.NewReader(strings.NewReader(body), int64(len(body)))
	require.NoError(t, err)
	require.Equal(t, 1, doc.NumPage())
	text, err := doc.Page(1).GetPlainText(nil)
	require.NoError(t, err)
	require.Contains(t, text, `We use (one) cookie: müsli \ _ga`)
	require.Contains(t, text, "second line")
}

func TestGzip(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	_, body := get(t, client, "https://a.test/map.xml.gz")
	zr, err := gzip.NewReader(strings.NewReader(body))
	require.NoError(t, err)
	plain, err := io.ReadAll(zr)
	require.NoError(t, err)
	require.Equal(t, "<urlset/>\n", string(plain))
}

func TestHangAndSlowEndWithTheServer(t *testing.T) {
	s, client := serve(t, fakeweb.Options{})
	arrived := make(chan error, 2)
	for _, url := range []string{"https://a.test/hang", "http://a.test/slow"} {
		go func() {
			_, err := client.Get(url) //nolint:bodyclose // there is no answer
			arrived <- err
		}()
	}
	require.Eventually(t, func() bool { return len(s.Seen()) == 2 }, 10*time.Second, time.Millisecond)
	require.NoError(t, s.Close())
	require.Error(t, <-arrived)
	require.Error(t, <-arrived)
}

func TestHoldAnswersAndStays(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://a.test/hold", nil)
	require.NoError(t, err)
	res, err := client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	line, err := bufio.NewReader(res.Body).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "data: 1\n", line)
}

func TestDrop(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	for _, scheme := range []string{"http", "https"} {
		_, err := client.Get(scheme + "://a.test/drop") //nolint:bodyclose // there is no answer
		require.Error(t, err)
	}
}

func TestSeenAndUnknown(t *testing.T) {
	var log bytes.Buffer
	s, client := serve(t, fakeweb.Options{Log: &log})
	res, err := client.Post("https://A.test/q?x=1", "text/plain", strings.NewReader("12345"))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	get(t, client, "http://z.test/")
	get(t, client, "http://c.test/x")
	seen := s.Seen()
	require.Len(t, seen, 3)
	require.Equal(t, "https://a.test/q?x=1", seen[0].URL())
	require.Equal(t, "POST", seen[0].Method)
	require.EqualValues(t, 5, seen[0].Body)
	require.Equal(t, "text/plain", seen[0].Header.Get("Content-Type"))
	require.Equal(t, []string{"c.test", "z.test"}, s.Unknown())
	require.Equal(t, "POST a.test /q?x=1\nGET z.test /\nGET c.test /x\n", log.String())
	s.Forget()
	require.Empty(t, s.Seen())
	require.Empty(t, s.Unknown())
}

func TestHandle(t *testing.T) {
	s, client := serve(t, fakeweb.Options{})
	say := func(word string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, word) })
	}
	s.Handle("*", "/api", say("any"))
	s.Handle("a.test", "/api/v2", say("two"))
	for url, want := range map[string]string{"https://n.test/api/x": "any", "https://a.test/api/v2/y": "two", "https://a.test/api": "any"} {
		_, body := get(t, client, url)
		require.Equal(t, want, body, url)
	}
	require.Empty(t, s.Unknown(), "a host that is handled is known")
}

func TestCloseTwiceAndRefuseAfter(t *testing.T) {
	s, client := serve(t, fakeweb.Options{})
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := client.Get("https://a.test/") //nolint:bodyclose // there is no answer
	require.Error(t, err)
}
