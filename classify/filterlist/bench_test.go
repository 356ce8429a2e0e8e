package filterlist

import (
	"bytes"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

func readLists(b *testing.B) [][]byte {
	b.Helper()
	dir := listsDir(b)
	var texts [][]byte
	for _, name := range easyLists {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(b, err)
		texts = append(texts, text)
	}
	return texts
}

// BenchmarkLoad parses and indexes EasyList and EasyPrivacy.
func BenchmarkLoad(b *testing.B) {
	texts := readLists(b)
	b.ReportAllocs()
	for b.Loop() {
		var lists []*List
		for _, text := range texts {
			l, err := Parse(bytes.NewReader(text))
			require.NoError(b, err)
			lists = append(lists, l)
		}
		_, err := NewEngine(lists...)
		require.NoError(b, err)
	}
}

// BenchmarkDecode reads the same two lists from a cache.
func BenchmarkDecode(b *testing.B) {
	var cache bytes.Buffer
	require.NoError(b, loadLists(b, listsDir(b), easyLists).Encode(&cache))
	b.ReportAllocs()
	b.ReportMetric(float64(cache.Len()), "cache-bytes")
	for b.Loop() {
		_, err := Decode(bytes.NewReader(cache.Bytes()))
		require.NoError(b, err)
	}
}

// BenchmarkMatch holds the requests of ordinary pages against EasyList and EasyPrivacy.
func BenchmarkMatch(b *testing.B) {
	e := loadLists(b, listsDir(b), easyLists)
	benchmarkMatch(b, e)
}

// BenchmarkMatchAll adds the blocker's own lists, which hold many regular expressions.
func BenchmarkMatchAll(b *testing.B) {
	e := loadLists(b, listsDir(b), append(append([]string{}, easyLists...), blockerLists...))
	benchmarkMatch(b, e)
}

func benchmarkMatch(b *testing.B, e *Engine) {
	g := newGenerator(&e.store, 3)
	requests := make([]Request, 4096)
	for i := range requests {
		a := g.realistic()
		requests[i] = Request{URL: a.URL, Page: a.Page, Type: a.Type}
	}
	sort.SliceStable(requests, func(i, k int) bool { return requests[i].Page < requests[k].Page })
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		e.Match(requests[i%len(requests)])
		i++
	}
}
