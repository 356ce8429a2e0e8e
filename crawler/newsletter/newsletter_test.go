package newsletter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// read reads a message in HTML.
func read(t *testing.T, html string) crawler.Message {
	t.Helper()
	m, err := Read("a.eml", strings.NewReader("From: a@shop.test\r\nContent-Type: text/html\r\n\r\n"+html))
	require.NoError(t, err)
	return m
}

func TestReadElements(t *testing.T) {
	const at = "https://x.test/p"
	for html, want := range map[string]crawler.Remote{
		`<img src="` + at + `">`:                                                 {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<img src="//x.test/p">`:                                                 {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<img src="` + at + `" width=1 height=1>`:                                {Kind: crawler.RemoteImage, URL: at, Tiny: true, Count: 1},
		`<img src="` + at + `" width=1 height=20>`:                               {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<img src="` + at + `" style="height:1px;width:1px">`:                    {Kind: crawler.RemoteImage, URL: at, Tiny: true, Count: 1},
		`<img src="` + at + `" style="display : none">`:                          {Kind: crawler.RemoteImage, URL: at, Hidden: true, Count: 1},
		`<td background="` + at + `">`:                                           {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<div style="background:url(` + at + `)">`:                               {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<style>@font-face{src:url("` + at + `")}</style>`:                       {Kind: crawler.RemoteFont, URL: at, Count: 1},
		`<style>@import "` + at + `";</style>`:                                   {Kind: crawler.RemoteStyle, URL: at, Count: 1},
		`<style>@import url(` + at + `);</style>`:                                {Kind: crawler.RemoteStyle, URL: at, Count: 1},
		`<link rel=stylesheet href="` + at + `">`:                                {Kind: crawler.RemoteStyle, URL: at, Count: 1},
		`<!--[if gte mso 9]><v:fill src="` + at + `"/><![endif]-->`:              {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<amp-pixel src="` + at + `"></amp-pixel>`:                               {Kind: crawler.RemoteImage, URL: at, Tiny: true, Count: 1},
		`<a href="` + at + `">x</a><a href="` + at + `">y</a>`:                   {Kind: crawler.RemoteLink, URL: at, Count: 2},
		`<a href="` + at + `">Hier <b>abmelden</b></a>`:                          {Kind: crawler.RemoteLink, URL: at, Unsubscribe: true, Count: 1},
		`<img src="https://u:pw@x.test/p#frag">`:                                 {Kind: crawler.RemoteImage, URL: at, Count: 1},
		`<img src="` + at + `?u=7f3a9c8b7d6e5f4a">`:                              {Kind: crawler.RemoteImage, URL: at + "?u=*", InQuery: true, Count: 1},
		`<img src="` + at + `?7f3a9c8b7d6e5f4a">`:                                {Kind: crawler.RemoteImage, URL: at + "?*", InQuery: true, Count: 1},
		`<img src="` + at + `/7f3a9c8b7d6e5f4a.gif">`:                            {Kind: crawler.RemoteImage, URL: at + "/*.gif", InPath: true, Count: 1},
		`<img src="` + at + `/ann%40reader.test">`:                               {Kind: crawler.RemoteImage, URL: at + "/*", InPath: true, Count: 1},
		`<a href="` + at + `?utm_campaign=0123456789abcdef">x</a>`:               {Kind: crawler.RemoteLink, URL: at + "?utm_campaign=*", Count: 1},
		`<a href="https://7f3a9c8b7d6e5f4a.t.x.test/p">x</a>`:                    {Kind: crawler.RemoteLink, URL: "https://*.t.x.test/p", InPath: true, Count: 1},
		`<a href="` + at + `/0123456789abcdef0123456789abcdef01">x</a>`:          {Kind: crawler.RemoteLink, URL: at + "/*", InPath: true, Long: true, Count: 1},
		`<a href="` + at + `">open, never closed`:                                {Kind: crawler.RemoteLink, URL: at, Count: 1},
		`<img src=cid:a><img src=data:,x><a href=mailto:a@b>x</a><img src=` + at: {},
	} {
		m := read(t, html)
		if want.URL == "" {
			require.Empty(t, m.Remotes, html)
			continue
		}
		require.Equal(t, []crawler.Remote{want}, m.Remotes, html)
		require.Empty(t, m.Cut, html)
	}
}

// A message that means harm is read in bounded time and says that it was cut off.
func TestReadHostile(t *testing.T) {
	deep := "From: a@b.test\r\n"
	for i := range 100 {
		deep += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	forwarded := strings.Repeat("From: a@b.test\r\nContent-Type: message/rfc822\r\n\r\n", 100)
	parts := "From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 2*maxParts)
	var links strings.Builder
	for i := range 2 * maxRemotes {
		fmt.Fprintf(&links, `<img src="https://h%d.test/">`, i)
	}
	for name, text := range map[string]string{
		"deep": deep, "forwarded": forwarded, "parts": parts,
		"links":  "From: a@b.test\r\nContent-Type: text/html\r\n\r\n" + links.String(),
		"large":  "From: a@b.test\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("<p>", maxPart/3+10),
		"base64": "From: a@b.test\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
		"coding": "From: a@b.test\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: x-none\r\n\r\n<p>",
		"bounds": "From: a@b.test\r\nContent-Type: multipart/mixed\r\n\r\n<p>",
	} {
		m, err := Read(name, strings.NewReader(text))
		require.NoError(t, err, name)
		require.NotEmpty(t, m.Cut, name)
		require.LessOrEqual(t, len(m.Remotes), maxRemotes, name)
	}
}

func TestReadNoMessage(t *testing.T) {
	for _, text := range []string{"", "This is a letter.", "\x00\xff", "X: y\r\n\r\nhello", "{\"json\": true}"} {
		_, err := Read("a", strings.NewReader(text))
		require.ErrorIs(t, err, ErrNoMessage, "%q", text)
	}
	gone := errors.New("disk gone")
	_, err := Read("a", io.MultiReader(strings.NewReader("From: a@b.test\r\n"), iotest.ErrReader(gone)))
	require.ErrorIs(t, err, gone)
}

func TestReadHeaders(t *testing.T) {
	m, err := Read("a", strings.NewReader("From: =?utf-8?B?w4Q=?= <a@News.Shop.TEST>\nReturn-Receipt-To: a\nSubject: =?windows-1252?Q?Gr=FC=DFe?=\n\nhttps://x.test/a."))
	require.NoError(t, err)
	require.Equal(t, crawler.Message{
		File: "a", Subject: "Grüße", Sender: "news.shop.test", Receipt: true,
		Remotes: []crawler.Remote{{Kind: crawler.RemoteLink, URL: "https://x.test/a", Count: 1}},
	}, m)
}

// Whatever is read, what is kept is bounded, of the web and without what was made for one reader.
func FuzzRead(f *testing.F) {
	f.Add([]byte("From: a@b.test\r\nContent-Type: text/html\r\n\r\n<img src=https://x.test/7f3a9c8b7d6e5f4a?u=ann@reader.test>"))
	f.Add([]byte("From: a@b.test\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nhttp://z\r\n--x--"))
	f.Add([]byte("Subject: =?gb2312?B?xOM=?=\nContent-Type: text/html; charset=utf-16\nContent-Transfer-Encoding: quoted-printable\n\n<a href=3D\"http://x\">=\n"))
	f.Add([]byte("Date: x\nContent-Type: text/html\n\n<!--[if mso]><style>@import url(//x.test/a)</style><![endif]--><img srcset='http://a 1x, http://b 2x'>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Read("a.eml", bytes.NewReader(text))
		if err != nil {
			require.ErrorIs(t, err, ErrNoMessage)
			return
		}
		require.LessOrEqual(t, len(m.Remotes), maxRemotes)
		for _, r := range m.Remotes {
			require.LessOrEqual(t, len(r.URL), maxAddress)
			require.Regexp(t, `^https?://[^@#]*$`, r.URL)
			require.Positive(t, r.Count)
		}
	})
}
