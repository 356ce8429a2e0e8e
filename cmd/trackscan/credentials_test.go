package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func TestParseHeaders(t *testing.T) {
	got, err := parseHeaders("# the staging site\r\nX-Key: canary: with a colon\r\n\r\n authorization :Bearer canary\nEmpty:\n")
	require.NoError(t, err)
	require.Equal(t, []crawler.Header{{Name: "X-Key", Value: "canary: with a colon"}, {Name: "authorization", Value: "Bearer canary"}, {Name: "Empty"}}, got)
}

func TestParseLogins(t *testing.T) {
	got, err := parseLogins("me:canary:with a colon and blanks\nStaging.Shop.test  you:canary\n# no\n127.0.0.1 :canary\n")
	require.ErrorContains(t, err, "4: want")
	require.Equal(t, []crawler.Login{{User: "me", Password: "canary:with a colon and blanks"}, {Host: "staging.shop.test", User: "you", Password: "canary"}}, got)
}

func TestParseCookies(t *testing.T) {
	later := time.Unix(1893456000, 0)
	for name, c := range map[string]struct {
		text string
		want []crawler.GivenCookie
	}{
		"names and values": {"a=1\n# no\nb=2=3; c=\n__Host-d=4", []crawler.GivenCookie{
			{Name: "a", Value: "1"}, {Name: "b", Value: "2=3"}, {Name: "c"}, {Name: "__Host-d", Value: "4", Secure: true},
		}},
		"cookies.txt": {"# Netscape HTTP Cookie File\n\n.Shop.test\tTRUE\t/\tFALSE\t0\ta\t1\r\n#HttpOnly_www.shop.test\tFALSE\t/in\tTRUE\t1893456000\tb\t2\nshop.test\tfalse\t/\tfalse\t-1\tempty", []crawler.GivenCookie{
			{Name: "a", Value: "1", Domain: "shop.test", Path: "/"},
			{Name: "b", Value: "2", Domain: "www.shop.test", HostOnly: true, Path: "/in", Secure: true, HTTPOnly: true, Expires: later},
			{Name: "empty", Domain: "shop.test", HostOnly: true, Path: "/"},
		}},
		"json of an extension": {`[{"domain":".shop.test","expirationDate":1893456000.5,"hostOnly":false,"httpOnly":true,"name":"a","path":"/","sameSite":"no_restriction","secure":true,"session":false,"storeId":"0","value":"1","id":1},
			{"domain":"www.shop.test","name":"b","value":"","sameSite":null,"path":"/"}]`, []crawler.GivenCookie{
			{Name: "a", Value: "1", Domain: "shop.test", Path: "/", Secure: true, HTTPOnly: true, SameSite: "None", Expires: later},
			{Name: "b", Domain: "www.shop.test", HostOnly: true, Path: "/"},
		}},
		"json of a test tool": {`{"origins":[],"cookies":[{"name":"a","value":"1","domain":"shop.test","path":"/","expires":-1,"sameSite":"Lax"}]}`, []crawler.GivenCookie{
			{Name: "a", Value: "1", Domain: "shop.test", HostOnly: true, Path: "/", SameSite: "Lax"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseCookies(c.text)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// Files with wrong content fail with file and line, and tell nothing of what stands there.
func TestWrongCredentials(t *testing.T) {
	for name, c := range map[string]struct{ flag, text, want string }{
		"header without a colon":       {"header", "X-Key: 1\ncanary", `:2: want "Name: value"`},
		"header name with a blank":     {"header", "X canary: 1", `:1: want "Name: value"`},
		"header value with a NUL":      {"header", "X-Key: canary\x00", ":1: a value with control characters"},
		"cookie as a header":           {"header", "\n\nCookie: canary=1", ":3: cookies have a file of their own"},
		"header of the connection":     {"header", "Host: canary", ":1: a header that only the browser may send"},
		"no header":                    {"header", "# canary\n\n", ": nothing in it"},
		"login without a colon":        {"auth", "canary", `:1: want "user:password"`},
		"login without a user":         {"auth", "a:b\n:canary", `:2: want "user:password"`},
		"login with a port":            {"auth", "shop.test:8080 me:canary", ":1: write the host without its port"},
		"login for no host":            {"auth", "a/b me:canary", ":1: the host is none"},
		"cookie without a value":       {"cookie", "a=1\ncanary", `:2: want "name=value"`},
		"cookie without a name":        {"cookie", "=canary", ":1: the name of the cookie is none"},
		"too few fields":               {"cookie", "\n.shop.test\tTRUE\t/\tcanary", ":2: 4 fields with tabs between them"},
		"a field that is no flag":      {"cookie", ".shop.test\tcanary\t/\tTRUE\t0\ta\t1", ":1: the second and fourth field"},
		"a field that is no time":      {"cookie", ".shop.test\tTRUE\t/\tTRUE\tcanary\ta\t1", ":1: the fifth field"},
		"a path that is none":          {"cookie", ".shop.test\tTRUE\tcanary\tTRUE\t0\ta\t1", ":1: the path of the cookie is none"},
		"a domain that is none":        {"cookie", "cana ry/\tTRUE\t/\tTRUE\t0\ta\t1", ":1: the domain of the cookie is none"},
		"cookie of 5 kB":               {"cookie", "a=" + strings.Repeat("canary", 1000), ":1: name and value of the cookie have more"},
		"json that breaks off":         {"cookie", "[\n{\"name\":\"a\",\"value\":\"canary\"}\n", ":3: the JSON breaks off"},
		"json that is none":            {"cookie", "[\n\n{\"name\": canary}]", ":3: this is no cookie in JSON"},
		"json of another kind":         {"cookie", "{\"canary\":\n1}", ":1: want an array of cookies"},
		"json object that is none":     {"cookie", "{\"cookies\": [],\ncanary", ":2: this is no JSON"},
		"json cookie without a value":  {"cookie", "[{\"name\":\"a\",\"value\":\"1\"},\n{\"name\":\"canary\"}]", ":2: a cookie without"},
		"json with a value for a name": {"cookie", "[{\"name\":7,\"value\":\"canary\"}]", ":1: this is no cookie in JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "secrets.txt")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			f := scanFlags{pages: 1, tabs: 1, pageTimeout: time.Second, format: "text", failOn: "never"}
			*map[string]*string{"header": &f.headerFile, "cookie": &f.cookieFile, "auth": &f.authFile}[c.flag] = path
			_, err := (&app{}).newJob(&f, "shop.test")
			require.ErrorContains(t, err, "--"+c.flag+"-file "+path+c.want)
			require.ErrorAs(t, err, new(usageError))
			require.NotContains(t, err.Error(), "canary")
		})
	}
	f := scanFlags{pages: 1, tabs: 1, pageTimeout: time.Second, format: "text", failOn: "never", cookieFile: t.TempDir()}
	_, err := (&app{}).newJob(&f, "shop.test")
	require.ErrorContains(t, err, "--cookie-file")
}

func FuzzParseCookies(f *testing.F) {
	f.Add("a=1; b=2")
	f.Add("#HttpOnly_.shop.test\tTRUE\t/\tFALSE\t1893456000\ta\t1")
	f.Add(`[{"name":"a","value":"1","domain":".shop.test","expirationDate":1e99}]`)
	f.Add(`{"cookies":[{"name":"a","value":"1"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseCookies(text)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 200)
			return
		}
		for _, c := range all {
			require.NoError(t, checkCookie(c))
		}
	})
}

func FuzzParseHeaders(f *testing.F) {
	f.Add("X-Key: 1\nauthorization: Bearer x")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseHeaders(text)
		for _, h := range all {
			require.NotEmpty(t, h.Name)
			require.NotContains(t, h.Name+h.Value, "\n")
			require.NotContains(t, h.Name+h.Value, "\r")
		}
		require.True(t, err == nil || len(err.Error()) < 200)
	})
}

func FuzzParseLogins(f *testing.F) {
	f.Add("me:secret\nshop.test me:secret")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseLogins(text)
		for _, l := range all {
			require.NotEmpty(t, l.User)
			require.NotContains(t, l.User, ":")
			require.NotContains(t, l.Host, " ")
		}
		require.True(t, err == nil || len(err.Error()) < 200)
	})
}

func FuzzParseBaseline(f *testing.F) {
	f.Add(`{"schema":"trackscan.scan/1","findings":[{"id":"undeclared cookie _ga"}]}{"schema":"trackscan.scan/1"}`)
	f.Add(`{"schema":"trackscan.scan/1","trackers":[{"lifetime_days":1e999}],"policies":[null]}`)
	f.Fuzz(func(t *testing.T, text string) {
		known, err := parseBaseline(strings.NewReader(text))
		require.Equal(t, err == nil, known != nil)
	})
}
