package history

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

var update = flag.Bool("update", false, "write the fixture of this version's schema, when there is none")

// fixtures holds a small store of every schema that was ever released, with what its scans hold beside it. They are
// never written again: a new schema adds a pair.
const fixtures = "../../testdata/scans"

func TestStoresOfEveryVersionAreRead(t *testing.T) {
	if *update {
		writeFixture(t)
	}
	for version := 1; version <= schemaVersion; version++ {
		name := filepath.Join(fixtures, fmt.Sprintf("store-%d", version))
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name + ".db")
			require.NoError(t, err)
			want, err := os.ReadFile(name + ".json")
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "history.db")
			require.NoError(t, os.WriteFile(path, file, 0o644))
			require.Equal(t, asKnown(t, want), asKnown(t, []byte(contents(t, openStore(t, path)))))
		})
	}
}

// loaded is a scan of a store with its entry.
type loaded struct {
	Entry Entry
	Scan  *crawler.Scan
}

// contents is all that a store holds, as JSON.
func contents(t *testing.T, s *Store) string {
	t.Helper()
	list, err := s.List(t.Context(), "")
	require.NoError(t, err)
	var all []loaded
	for _, e := range list {
		scan, err := s.Load(t.Context(), e.ID)
		require.NoError(t, err)
		all = append(all, loaded{e, scan})
	}
	return asJSON(t, all) + "\n"
}

// asKnown adds the fields that evidence has gained since the JSON was written.
func asKnown(t *testing.T, b []byte) string {
	t.Helper()
	var all []loaded
	require.NoError(t, json.Unmarshal(b, &all))
	require.Len(t, all, 4)
	return asJSON(t, all)
}

// writeFixture makes a store with two nights, hostile names and a scan that was interrupted.
func writeFixture(t *testing.T) {
	t.Helper()
	name := filepath.Join(fixtures, fmt.Sprintf("store-%d", schemaVersion))
	if _, err := os.Stat(name + ".db"); err == nil {
		return
	}
	require.NoError(t, os.MkdirAll(fixtures, 0o755))
	path := filepath.Join(t.TempDir(), "history.db")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	w := newWeb(1)
	for night := range 2 {
		scan := w.night(0, night, 2)
		scan.Policies[0].Bytes = scan.Policies[0].Bytes[:2000]
		for i := range scan.Pages { // few, but enough to be kept as differences
			p := &scan.Pages[i]
			p.Cookies, p.Requests, p.Storage = p.Cookies[:2], p.Requests[:9], p.Storage[:1]
		}
		keep(t, s, scan)
	}
	hostile := rich()
	hostile.Pages[0].Cookies[0].Name = "a\x00b\xff<script>"
	hostile.Pages[0].Screenshots = []crawler.Screenshot{shot("picture")}
	keep(t, s, hostile)
	r, err := s.Begin(t.Context(), header())
	require.NoError(t, err)
	require.NoError(t, r.Add(t.Context(), hostile.Pages[1]))
	require.NoError(t, r.AddFailure(t.Context(), hostile.Failures[0]))
	require.NoError(t, os.WriteFile(name+".json", []byte(contents(t, s)), 0o644))
	require.Positive(t, count(t, s, "base IS NOT NULL"))
	require.NoError(t, s.Close())
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name+".db", file, 0o644))
}
