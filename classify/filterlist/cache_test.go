package filterlist

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var someRules = []string{
	"! Title: EasyPrivacy", "! Licence: https://list.test/licence", "! Version: 202510250010",
	"||tracker.test^", "||b.test^$script,domain=shop.test|~www.shop.test", "/t.gif$3p", "@@/t.gif$image,domain=news.*",
	`/px\d+\./$important`, `||c.test^$domain=/^a\./|~b.test,to=c.test,method=~get`, "/gone$badfilter", "/gone",
	"$websocket,3p", "##.ad", "||d.test^$popup",
}

func cacheOf(t testing.TB, e *Engine) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, e.Encode(&b))
	return b.Bytes()
}

func TestCacheHoldsTheEngine(t *testing.T) {
	e := engineOf(t, someRules...)
	data := cacheOf(t, e)
	back, err := Decode(bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, e.Lists(), back.Lists())
	require.Equal(t, data, cacheOf(t, back), "byte-identical")
	require.Equal(t, data, cacheOf(t, engineOf(t, someRules...)), "the same lists give the same cache")
	for _, url := range []string{
		tracker, "https://px1.test/", "https://b.test/x.js", "https://c.test/", "https://d.test/t.gif", "https://e.test/gone",
		"wss://e.test/",
	} {
		for _, page := range []string{shop, "https://news.co.uk/", "https://a.test/", ""} {
			r := Request{URL: url, Page: page, Type: "image", Method: "POST"}
			require.Equal(t, e.Match(r), back.Match(r), "%s on %s", url, page)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	data := cacheOf(t, engineOf(t, someRules...))
	_, err := Decode(strings.NewReader("<html>"))
	require.EqualError(t, err, "decode filter cache: not of this version")
	_, err = Decode(bytes.NewReader(data[:len(data)-1]))
	require.ErrorIs(t, err, errCache)
	for _, at := range []int{len(cacheMagic), len(data) / 2, len(data) - 1} {
		bad := bytes.Clone(data)
		bad[at] ^= 0x40
		_, err = Decode(bytes.NewReader(bad))
		require.ErrorIs(t, err, errCache)
	}
	_, err = Decode(failing{})
	require.EqualError(t, err, "decode filter cache: disk on fire")
}

func TestDecodeBelievesNothing(t *testing.T) {
	data := cacheOf(t, engineOf(t, someRules...))
	body := data[len(cacheMagic) : len(data)-4]
	for n := range body {
		_, err := decode(body[:n])
		require.ErrorIs(t, err, errCache, "cut at %d", n)
	}
	for at := range body {
		for _, b := range []byte{0x00, 0x7f, 0xff} {
			bad := bytes.Clone(body)
			bad[at] = b
			if e, err := decode(bad); err == nil {
				e.Match(Request{URL: tracker, Page: shop, Type: "image"})
			}
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestEncodeSaysWhyItCannotWrite(t *testing.T) {
	require.EqualError(t, engineOf(t, someRules...).Encode(full{}), "write filter cache: disk full")
}
