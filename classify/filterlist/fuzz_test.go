package filterlist

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse reads anything as a list: no panic, what is kept stays within the bounds, and the cache holds it.
func FuzzParse(f *testing.F) {
	for _, rule := range someRules {
		f.Add(rule)
	}
	f.Add(strings.Join(someRules, "\n"))
	f.Add("!#if a && (b\n||x^\n!#else\n!#include y\n")
	f.Add("$$\n||\n|\n@@\n/\n//\n$\n*$domain=|\n##\n[x]\n0.0.0.0 \n||a^$domain=/a\\/,|b/|~c")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(strings.NewReader(text))
		require.NoError(t, err)
		require.Len(t, l.store.rules, l.Rules)
		e, err := NewEngine(l, l)
		require.NoError(t, err)
		for _, page := range []string{shop, ""} {
			e.Match(Request{URL: tracker, Page: page, Type: "image"})
			e.Match(Request{URL: "https://" + text, Page: page})
		}
		data := cacheOf(t, e)
		back, err := Decode(bytes.NewReader(data))
		require.NoError(t, err)
		require.Equal(t, data, cacheOf(t, back))
		_, err = Expand(strings.NewReader(text), func(string) (io.ReadCloser, error) { return nil, os.ErrNotExist })
		if err != nil {
			require.ErrorContains(t, err, "include")
		}
	})
}

// FuzzMatch asks anything of any rules: the indexes find what trying every rule finds.
func FuzzMatch(f *testing.F) {
	f.Add(strings.Join(someRules, "\n"), tracker, shop, "image")
	f.Add("a^b*c|\n||x.y\n|z*\n@@q", "https://x.y.z/a/b/c", "https://m.shop.co.uk/", "script")
	f.Add("/a[bc]d\\.js$/$1p\n||b.test/x^y*$from=c.*", "http://b.test:80/abd.js", "https://b.test", "")
	f.Fuzz(func(t *testing.T, rules, url, page, kind string) {
		l, err := Parse(strings.NewReader(rules))
		require.NoError(t, err)
		e, err := NewEngine(l)
		require.NoError(t, err)
		r := Request{URL: url, Page: page, Type: kind}
		blocked, excepted := bruteForce(e, disabled(&e.store, []*List{l}), r)
		v := e.Match(r)
		require.Equal(t, blocked, v.Blocked)
		require.Equal(t, excepted, v.Excepted)
	})
}

// FuzzDecode reads anything as a cache, without the checksum that would refuse it.
func FuzzDecode(f *testing.F) {
	data := cacheOf(f, engineOf(f, someRules...))
	f.Add(data[len(cacheMagic) : len(data)-4])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := decode(body)
		if err != nil {
			return
		}
		e.Match(Request{URL: tracker, Page: shop, Type: "image"})
		e.Match(Request{URL: "https://c.test/", Page: "https://a.test/", Type: "script", Method: "POST"})
	})
}
