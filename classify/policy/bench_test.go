package policy

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// BenchmarkRead reads 40 KB of the policies in testdata put together. The bar is 5 ms on one core.
func BenchmarkRead(b *testing.B) {
	b.Run("html", func(b *testing.B) {
		benchmark(b, crawler.Document{MIME: "text/html", Bytes: together(b, ".html", 40<<10)})
	})
	b.Run("markdown", func(b *testing.B) { benchmark(b, crawler.Document{Bytes: together(b, ".md", 40<<10)}) })
}

func benchmark(b *testing.B, doc crawler.Document) {
	b.Helper()
	r := &Reader{Vendors: testVendors(b)}
	b.SetBytes(int64(len(doc.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := r.Read(doc)
		require.NoError(b, err)
	}
}

// together joins the policies of testdata that end in ext, the same again when they are too few.
func together(tb testing.TB, ext string, size int) []byte {
	tb.Helper()
	files, err := filepath.Glob("../../testdata/policies/*" + ext)
	require.NoError(tb, err)
	require.NotEmpty(tb, files)
	var out []byte
	for len(out) < size {
		for _, file := range files {
			raw, err := os.ReadFile(file)
			require.NoError(tb, err)
			out = append(out, raw...)
		}
	}
	return out[:size]
}
