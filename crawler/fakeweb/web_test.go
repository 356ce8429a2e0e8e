package fakeweb_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
)

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ archive, want string }{
		"marker, no name":  {"one\n-- --\n", `line 2: "-- --" begins like a file marker`},
		"marker cut off":   {"-- a.test/x -\n", "line 1"},
		"marker, space":    {"-- a.test/x -- \n", "line 1"},
		"no host":          {"-- index.html --\nx\n", `line 1: file "index.html": no path`},
		"no path":          {"-- a.test/ --\nx\n", `line 1: file "a.test/": no path`},
		"upper-case host":  {"-- A.test/x --\n", "no lower-case host name"},
		"empty label":      {"-- a..test/x --\n", "no lower-case host name"},
		"long label":       {"-- " + strings.Repeat("a", 64) + ".test/x --\n", "no lower-case host name"},
		"long host":        {"-- " + strings.Repeat("a.", 130) + "test/x --\n", "longer than 253"},
		"host with a port": {"-- a.test:80/x --\n", "no lower-case host name"},
		"twice":            {"comment\n-- a.test/x --\n1\n2\n-- a.test/x --\n", `line 5: file "a.test/x": a.test/x is there already`},
		"note twice":       {"-- want.x --\n-- want.x --\n", "line 2"},
		"HTTP/2":           {"-- a.test/x --\nHTTP/2 200\n\n", "status line"},
		"status 100":       {"-- a.test/x --\nHTTP/1.1 100\n\n", "status line"},
		"status abc":       {"-- a.test/x --\nHTTP/1.1 abc\n\n", "status line"},
		"no header":        {"-- a.test/x --\nHTTP/1.1 200\n<p>body\n", "line 2 of its head"},
		"header injection": {"-- a.test/x --\nHTTP/1.1 200\nA: b\x00c\n\n", "control character"},
		"unknown control":  {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-Fly: true\n\n", "Fakeweb-Fly: is not known"},
		"not true":         {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-Hang: yes\n\n", "want true"},
		"long delay":       {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-Delay: 2h\n\n", "at most a minute"},
		"no such body":     {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-Body: mp3\n\n", "Fakeweb-Body"},
		"huge body":        {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-Body: large:999999999999\n\n", "at most"},
		"no alternative":   {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-When-Cookie: c /y\n\n", `alternative "/y"`},
		"bad alternative":  {"-- a.test/x --\nHTTP/1.1 200\nFakeweb-When-Cookie: c\n\n", "want NAME /PATH"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fakeweb.Parse([]byte(c.archive))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestParseKeepsNotesApart(t *testing.T) {
	web, err := fakeweb.Parse([]byte("-- want.findings --\nno-policy\n-- notes.why --\nbecause\n-- b.test/x --\n-- a.test/y --\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"a.test", "b.test"}, web.Hosts())
	require.Equal(t, []string{"/x"}, web.Paths("b.test"))
	require.Empty(t, web.Paths("c.test"))
	require.Equal(t, "no-policy\n", web.Want("findings"))
	require.Equal(t, "because\n", web.Notes("why"))
	require.Empty(t, web.Want("why"))
}

func TestBodyIsWithoutHead(t *testing.T) {
	web, err := fakeweb.Parse([]byte("-- a.test/index.html --\nHTTP/1.1 404 Gone\nX-A: b\n\n<p>body\n-- a.test/bare --\n"))
	require.NoError(t, err)
	require.Equal(t, "<p>body\n", string(web.Body("a.test", "/")))
	require.NotNil(t, web.Body("a.test", "/bare"))
	require.Nil(t, web.Body("a.test", "/nothing"))
}

func TestMerge(t *testing.T) {
	parse := func(s string) *fakeweb.Web {
		w, err := fakeweb.Parse([]byte(s))
		require.NoError(t, err)
		return w
	}
	one, two := parse("-- a.test/x --\n-- want.w --\n1\n"), parse("-- a.test/y --\n-- b.test/x --\n-- want.w --\n2\n")
	all, err := fakeweb.Merge(one, two)
	require.NoError(t, err)
	require.Equal(t, []string{"/x", "/y"}, all.Paths("a.test"))
	require.Equal(t, "1\n2\n", all.Want("w"))
	require.Equal(t, []string{"/x"}, one.Paths("a.test"), "the parts stay as they are")
	_, err = fakeweb.Merge(one, two, one)
	require.ErrorContains(t, err, "a.test/x is there already")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("-- a.test/x --\nHTTP/1.1 200\nFakeweb-Body: gif\nFakeweb-When-Cookie: a=b /y\n\n-- a.test/y --\n"))
	f.Add([]byte("-- a.test/x.pdf --\nHTTP/1.1 302 Found\nFakeweb-Body: pdf\nFakeweb-Gzip: true\n\nline (one) \\\n"))
	f.Add([]byte("-- want.x --\n-- a.test/x?a=b --\nHTTP/1.1 200\nFakeweb-Body: large:3\nFakeweb-Delay: 1s"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		if strings.Contains(string(archive), "large:") {
			return // up to 256 MiB each: right, and too slow here
		}
		web, err := fakeweb.Parse(archive)
		if err != nil {
			return
		}
		for _, host := range web.Hosts() {
			require.NotEmpty(t, web.Paths(host))
		}
		_, err = fakeweb.Merge(web, web)
		require.Equal(t, len(web.Hosts()) > 0, err != nil)
	})
}
