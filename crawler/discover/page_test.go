package discover

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func at(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}

func TestReadPage(t *testing.T) {
	link := func(rel crawler.Rel, path, text string) crawler.Link {
		return crawler.Link{URL: "https://shop.test" + path, Text: text, Rel: rel}
	}
	cases := map[string]struct {
		html string
		want []crawler.Link
	}{
		"anchors": {
			"<a href=a>A</a><a href='/b'> B\n <b>b</b> </a><A HREF=\"c?x=1&amp;y=2\">C</A>",
			[]crawler.Link{link("a", "/dir/a", "A"), link("a", "/b", "B b"), link("a", "/dir/c?x=1&y=2", "C")},
		},
		"area":               {`<map><area href=x alt="An area"></map>`, []crawler.Link{link("area", "/dir/x", "An area")}},
		"canonical":          {`<link rel="Canonical foo" href="/c">`, []crawler.Link{link("canonical", "/c", "")}},
		"other language":     {`<link rel=alternate hreflang=de href="/de">`, []crawler.Link{link("alternate", "/de", "")}},
		"feed":               {`<link rel=alternate type="application/rss+xml" href="/feed">`, nil},
		"style":              {`<link rel=stylesheet href="/style">`, nil},
		"frame":              {`<iframe src="/frame"></iframe>`, nil},
		"refresh":            {`<meta http-equiv=Refresh content="0; URL='/next'">`, []crawler.Link{link("redirect", "/next", "")}},
		"refresh, no url":    {`<meta http-equiv=refresh content="5">`, nil},
		"base":               {`<a href=a>A</a><base href="/other/"><base href="/late/">`, []crawler.Link{link("a", "/other/a", "A")}},
		"hostile base":       {`<base href="javascript:alert(1)//"><a href=a>A</a>`, []crawler.Link{link("a", "/dir/a", "A")}},
		"other schemes":      {`<a href="javascript:x">a</a><a href="mailto:x">b</a><a href="data:,x">c</a><a href="file:///x">d</a><a href="blob:x">e</a>`, nil},
		"this page":          {`<a href="#top">Top</a><a href="">Self</a><a>None</a><a href=" ">Blank</a>`, nil},
		"fragment":           {`<a href="/x#part">X</a>`, []crawler.Link{link("a", "/x", "X")}},
		"nested anchors":     {`<a href="/1">one <a href="/2">two</a></a>`, []crawler.Link{link("a", "/1", "one"), link("a", "/2", "two")}},
		"never closed":       {`<a href="/1">one`, []crawler.Link{link("a", "/1", "one")}},
		"picture as text":    {`<a href="/1"><img alt="Privacy"></a>`, []crawler.Link{link("a", "/1", "Privacy")}},
		"label as text":      {`<a href="/1" aria-label="Privacy"></a>`, []crawler.Link{link("a", "/1", "Privacy")}},
		"in a comment":       {`<!-- <a href="/1">one</a> -->`, nil},
		"in a script":        {`<script>"<a href='/1'>one</a>"</script>`, nil},
		"in noscript":        {`<noscript><a href="/1">one</a></noscript>`, nil},
		"line break within":  {"<a href=\"/a\nb\t\">x</a>", []crawler.Link{link("a", "/ab", "x")}},
		"stray percent":      {`<a href="/100%">x</a>`, []crawler.Link{link("a", "/100%25", "x")}},
		"bad host":           {`<a href="http://[bad/">x</a>`, nil},
		"attribute twice":    {`<a href="/1" href="/2">x</a>`, []crawler.Link{link("a", "/1", "x")}},
		"control characters": {"<a href=\"\x01/1\">\x1b[31mx\x00</a>", []crawler.Link{link("a", "/1", "\x1b[31mx\x00")}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := readPage([]byte(c.html), "", at(t, "https://shop.test/dir/page"))
			require.Equal(t, c.want, p.links)
			require.False(t, p.password)
		})
	}
	require.True(t, readPage([]byte(`<INPUT type=" Password">`), "", at(t, "https://shop.test/")).password)
}

func TestReadPageEncodings(t *testing.T) {
	cases := map[string]struct{ html, label string }{
		"UTF-8":             {"<a href=/x>Datenschutzerklärung</a>", "utf-8"},
		"UTF-8, not said":   {"<a href=/x>Datenschutzerklärung</a>", ""},
		"UTF-8 mark":        {"\xef\xbb\xbf<a href=/x>Datenschutzerklärung</a>", ""},
		"Latin 1 by header": {"<a href=/x>Datenschutzerkl\xe4rung</a>", "ISO-8859-1"},
		"Latin 1 by itself": {"<meta charset=iso-8859-1><a href=/x>Datenschutzerkl\xe4rung</a>", ""},
		"Latin 1, unknown":  {"<a href=/x>Datenschutzerkl\xe4rung</a>", "klingon"},
		"UTF-16 mark":       {"\xff\xfe" + strings.Join(strings.Split("<a href=/x>Datenschutzerkl\xe4rung</a>", ""), "\x00") + "\x00", ""},
		"UTF-8 over header": {"\xef\xbb\xbf<a href=/x>Datenschutzerklärung</a>", "iso-8859-1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			body := []byte(c.html)
			if name == "UTF-16 mark" {
				body = []byte("\xff\xfe")
				for _, r := range "<a href=/x>Datenschutzerklärung</a>" {
					body = append(body, byte(r), byte(r>>8))
				}
			}
			p := readPage(body, c.label, at(t, "https://shop.test/"))
			require.Len(t, p.links, 1)
			require.Equal(t, "Datenschutzerklärung", p.links[0].Text)
		})
	}
}

func TestReadPageIsBounded(t *testing.T) {
	base := at(t, "https://shop.test/")
	require.Len(t, readPage([]byte(strings.Repeat("<a href=/x>x</a>", 10000)), "", base).links, maxLinks)
	p := readPage([]byte("<a href=/x>"+strings.Repeat("ä ", 1<<20)+"</a>"), "", base)
	require.LessOrEqual(t, len(p.links[0].Text), maxLinkText)
	require.True(t, utf8.ValidString(p.links[0].Text))
	require.Empty(t, readPage([]byte(strings.Repeat("<div>", 1<<20)), "", base).links)
	readPage([]byte("<a "+strings.Repeat("x=1 ", 1<<19)+">"), "", base)
}

func FuzzReadPage(f *testing.F) {
	f.Add([]byte(`<base href=/b><a href="x">t<img alt=y></a><link rel=alternate href=//h/><meta http-equiv=refresh content="1;url=x">`), "utf-8")
	f.Add([]byte("<a href=\xff\xfe>\x00"), "utf-16")
	f.Fuzz(func(t *testing.T, body []byte, label string) {
		for _, l := range readPage(body, label, at(t, "https://shop.test/dir/")).links {
			require.LessOrEqual(t, len(l.Text), maxLinkText)
			require.True(t, utf8.ValidString(l.Text))
			require.True(t, strings.HasPrefix(l.URL, "http"), l.URL)
		}
	})
}

func FuzzParseSitemap(f *testing.F) {
	f.Add([]byte("<urlset><url><loc>https://shop.test/</loc></url></urlset>"))
	f.Add([]byte("<sitemapindex><sitemap><loc><![CDATA[x]]></loc></sitemap>"))
	f.Add([]byte("https://shop.test/a\nhttps://shop.test/b"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("\xff\xfe<\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := parseSitemap(strings.NewReader(string(body)))
		require.LessOrEqual(t, len(s.pages), maxSitemapURLs)
		require.LessOrEqual(t, len(s.sitemaps), maxSitemaps)
	})
}
