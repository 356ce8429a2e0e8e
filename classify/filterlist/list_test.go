package filterlist

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseHeader(t *testing.T) {
	l, err := Parse(strings.NewReader("[Adblock Plus 2.0]\n! Title: Test list\n! Last modified: 25 Oct 2025 00:10 UTC\n" +
		"! Version: 202510250010\n! Homepage: https://list.test/\n! Licence: https://list.test/licence\n||a.test^\n"))
	require.NoError(t, err)
	require.Equal(t, "Test list", l.Name)
	require.Equal(t, "2025-10-25", l.Date())
	require.Equal(t, "https://list.test/licence", l.Licence)
	require.Equal(t, "https://list.test/", l.Homepage)
	require.Equal(t, 1, l.Rules)
	require.Zero(t, l.Skipped)
}

func TestHeaderPlaysNoTricks(t *testing.T) {
	l, err := Parse(strings.NewReader("! Title: Nice\x1b[2J \u202elist\xff\n! Title: second\n! Licence: " + strings.Repeat("ü", 200)))
	require.NoError(t, err)
	require.Equal(t, "Nice[2J list", l.Name)
	require.Equal(t, strings.Repeat("ü", 100), l.Licence)
}

func TestDate(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"! Last modified: %timestamp%", ""},
		{"! Version: 202510250010", "2025-10-25"},
		{"! Updated: 2025-10-25T00:10:18Z", "2025-10-25"},
		{"# Date: 02 January 2026 15:04:05 (UTC)", "2026-01-02"},
		{"! Version: 2.0.4", ""},
		{"! Last modified: the day before yesterday", ""},
		{"||a.test^", ""},
	} {
		l, err := Parse(strings.NewReader(c.text))
		require.NoError(t, err)
		require.Equal(t, c.want, l.Date(), c.text)
	}
}

func TestParseCountsWhatItSkips(t *testing.T) {
	l, err := Parse(strings.NewReader(strings.Join([]string{
		"! comment", "# comment", "#", "########", "",
		"##.ad", "shop.test##.ad", "shop.test#@#.ad", "shop.test#?#.ad:has(a)", "shop.test#$#abort", "shop.test$$script[a]",
		"###banner", "#@#banner",
		"||a.test^$popup", "||a.test^$csp=x", "||a.test^$removeparam=x",
		"||a.test^$header=x", "||a.test^$quux",
		`/(?!a)b/`, `/(a)\1/`, "/(/",
		"||a.test^$domain=", "||a.test^$domain=a||b", "||a.test^$method=brew", "*",
		"/" + strings.Repeat("x", maxPattern), strings.Repeat("x", maxLine+1),
		"!#if env_firefox", "||b.test^", "!#endif", "!#include other.txt",
		"||a.test^", "@@||a.test/x", "0.0.0.0 c.test d.test # both", "127.0.0.1 localhost",
	}, "\r\n")))
	require.NoError(t, err)
	require.Equal(t, 4, l.Rules)
	require.Equal(t, Skipped{
		Cosmetic: 8, Modifiers: 3, Unsupported: 2, Regexps: 3, Invalid: 4, TooLong: 2, Inactive: 1, Includes: 1,
	}, l.Skipped)
}

func TestHostsFile(t *testing.T) {
	e := engineOf(t, "# Title: hosts", "127.0.0.1 localhost", "::1 ip6-localhost", "0.0.0.0 a.test b.test#c.test",
		"0.0.0.0\tTab.test", "192.0.2.1 not.test", ":: six.test", "0.0.0.0 0.0.0.0x")
	for host, want := range map[string]string{
		"a.test": "0.0.0.0 a.test b.test#c.test", "sub.b.test": "0.0.0.0 a.test b.test#c.test", "tab.test": "0.0.0.0\tTab.test",
		"six.test": ":: six.test", "c.test": "", "not.test": "", "localhost": "",
	} {
		v := e.Match(Request{URL: "http://" + host + "/", Page: shop, Type: "image"})
		require.Equal(t, want, v.Rule, host)
	}
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"ext_ublock", true},
		{"!ext_ublock", false},
		{"env_firefox", false},
		{"!env_firefox && env_chromium", true},
		{"env_firefox || env_chromium", true},
		{"(env_firefox || env_chromium) && !env_mobile", true},
		{"env_chromium && env_firefox || true", true},
		{"!!true", true},
		{"!(true)", false},
		{"false", false},
		{"", false},
		{"true true", false},
		{"(true", false},
		{"true)", false},
		{"true &&", false},
		{"&& true", false},
		{"ext_ublock#", false},
		{strings.Repeat("!", 1<<16) + "true", false},
		{strings.Repeat("(", 1<<16) + "true" + strings.Repeat(")", 1<<16), false},
	} {
		require.Equal(t, c.want, evaluate(c.text), "%.40s", c.text)
	}
}

func TestNestedConditions(t *testing.T) {
	l, err := Parse(strings.NewReader(`
!#if env_firefox
||a.test^
!#if true
||b.test^
!#else
||c.test^
!#endif
!#else
||d.test^
!#if false
||e.test^
!#else
||f.test^
!#endif
!#endif
!#endif
!#else
||g.test^
`))
	require.NoError(t, err)
	require.Equal(t, 3, l.Rules, "d, f, g")
	require.Equal(t, 4, l.Skipped.Inactive, "a, b, c, e")
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func TestParseSaysWhyItCannotRead(t *testing.T) {
	_, err := Parse(failing{})
	require.EqualError(t, err, "read filter list: disk on fire")
	_, err = Parse(io.LimitReader(zeros{}, maxListSize+1))
	require.EqualError(t, err, "read filter list: more than 64 MiB")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestExpand(t *testing.T) {
	parts := map[string]string{
		"sub/a.txt": "||a.test^\n!#include b.txt", "sub/b.txt": "!#if true\n||b.test^", "c.txt": "||c.test^\n",
		"loop.txt": "!#include loop.txt\n",
	}
	open := func(name string) (io.ReadCloser, error) {
		text, ok := parts[name]
		if !ok {
			return nil, errors.New("no such part")
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	got, err := Expand(strings.NewReader("! Title: x\n!#include sub/a.txt\n!#if env_firefox\n!#include missing.txt\n"+
		"!#endif\n!#include c.txt\n"), open)
	require.NoError(t, err)
	require.Equal(t, "! Title: x\n||a.test^\n!#if true\n||b.test^\n!#endif\n\n"+
		"!#if env_firefox\n!#include missing.txt\n!#endif\n||c.test^\n", got)
	for _, c := range []struct{ text, want string }{
		{"!#include missing.txt", `expand filter list: include "missing.txt": no such part`},
		{"!#include loop.txt", `expand filter list: include "loop.txt": too many parts`},
		{"!#include ../x.txt", `expand filter list: include "../x.txt": not a name below the list's folder`},
		{"!#include /etc/passwd", `expand filter list: include "/etc/passwd": not a name below the list's folder`},
		{"!#include https://a.test/x", `expand filter list: include "https://a.test/x": not a name below the list's folder`},
		{"!#include", `expand filter list: include "": not a name below the list's folder`},
		{strings.Repeat("!#include c.txt\n", maxIncludes+1), `expand filter list: include "c.txt": too many parts`},
	} {
		_, err := Expand(strings.NewReader(c.text), open)
		require.EqualError(t, err, c.want)
	}
}
