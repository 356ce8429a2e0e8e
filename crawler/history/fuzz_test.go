package history

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// Names from outside may be any bytes; they come back as they were.
func FuzzEncode(f *testing.F) {
	for _, name := range []string{
		"_ga", "", "a\x00b", "\xff", "\xed\xa0\x80", "\ufffd", `\ufffd`, "<&>\u2028", "ü\xfcB{",
	} {
		f.Add(name, name, []byte(name))
	}
	f.Fuzz(func(t *testing.T, name, link string, bytes []byte) {
		page := crawler.Page{
			Cookies:  []crawler.Cookie{{Name: name, Initiators: []string{link, name}}},
			Links:    []crawler.Link{{URL: link}},
			Document: &crawler.Document{Bytes: bytes, Fetched: day},
		}
		first, err := encode(&page)
		require.NoError(t, err)
		again, err := encode(&page)
		require.NoError(t, err)
		require.Equal(t, first, again)
		var got crawler.Page
		require.NoError(t, decode(first, &got))
		require.Equal(t, page.Cookies, got.Cookies)
		require.Equal(t, page.Links, got.Links)
		require.Equal(t, string(bytes), string(got.Document.Bytes))
	})
}

// A store may be damaged in any way: reading it ends in evidence or in an error.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"url":"x","cookies":[{"name":"a"}]}`))
	f.Add([]byte(`B{"url":"\u00ff"}`))
	f.Add([]byte(`B{"url":"\u0100"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var page crawler.Page
		if decode(b, &page) != nil {
			return
		}
		again, err := encode(&page)
		require.NoError(t, err)
		var same crawler.Page
		require.NoError(t, decode(again, &same))
		want, err := json.Marshal(page)
		require.NoError(t, err)
		got, err := json.Marshal(same)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	})
}

func FuzzCompress(f *testing.F) {
	f.Add([]byte("content"), []byte("dictionary"))
	f.Add([]byte{}, []byte{})
	f.Add(bytes.Repeat([]byte("abc"), 9999), bytes.Repeat([]byte("abd"), 9999))
	f.Fuzz(func(t *testing.T, content, dictionary []byte) {
		packed, err := compress(content, dictionary)
		require.NoError(t, err)
		got, err := decompress(packed, dictionary)
		require.NoError(t, err)
		require.Equal(t, string(content), string(got))
		if got, err := decompress(content, dictionary); err == nil { // any bytes
			require.LessOrEqual(t, len(got), maxBlob)
		}
	})
}
