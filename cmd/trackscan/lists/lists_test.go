package lists

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// writeAll makes files below a folder of their own, all changed on one day.
func writeAll(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		day := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
		require.NoError(t, os.Chtimes(path, day, day))
	}
	return dir
}

var blockerPackage = map[string]string{
	"thirdparties/easylist/easylist.txt":      "! Title: EasyList\n! Licence: https://list.test/l\n||ads.test^\n",
	"thirdparties/easylist/easyprivacy.txt":   "! Title: EasyPrivacy\n! Version: 202610250010\n||stats.test^\n",
	"thirdparties/urlhaus-filter/urlhaus.txt": "malware.test\n",
	"ublock/filters.min.txt":                  "! Title: uBlock filters\n||more.test^\n!#include filters-2026.txt\n",
	"ublock/filters-2026.txt":                 "||later.test^\n",
	"ublock/unbreak.min.txt":                  "! Title: uBlock filters – Unbreak\n@@||ads.test/cart.js\n",
	"ublock/badware.min.txt":                  "! Title: uBlock filters – Badware risks\n||badware.test^\n",
	"ublock/badlists.txt":                     "https://list.test/bad.txt\n",
}

func request(url string) classify.Thing {
	return classify.Thing{Kind: classify.KindRequest, URL: url, Page: "https://shop.test/", Type: "script"}
}

func TestDefaultDir(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/trackscan/lists"},
		{map[string]string{"HOME": "/h"}, "/h/.cache/trackscan/lists"},
		{map[string]string{"XDG_CACHE_HOME": "not/absolute", "HOME": "/h"}, "/h/.cache/trackscan/lists"},
		{nil, ""},
	} {
		got, err := DefaultDir(func(name string) string { return c.env[name] })
		require.Equal(t, c.want, got)
		require.Equal(t, c.want == "", err != nil)
	}
}

func TestLoadWithoutLists(t *testing.T) {
	loaded, known, err := Load(Options{Dir: t.TempDir(), System: []string{}})
	require.NoError(t, err)
	require.Empty(t, loaded)
	_, ok := known.Identify(request("https://ads.test/"))
	require.False(t, ok)
}

func TestLoadFindsAPackage(t *testing.T) {
	folder := writeAll(t, blockerPackage)
	o := Options{Dir: t.TempDir(), System: []string{"/nowhere/*", folder}}
	loaded, known, err := Load(o)
	require.NoError(t, err)
	require.Equal(t, []Loaded{
		{"EasyList", "2026-11-01", 1},
		{"EasyPrivacy", "2026-10-25", 1},
		{"uBlock filters", "2026-11-01", 2},
		{"uBlock filters – Unbreak", "2026-11-01", 1},
	}, loaded)
	for url, want := range map[string]string{
		"https://ads.test/":        "||ads.test^ (EasyList)",
		"https://ads.test/cart.js": "",
		"https://stats.test/":      "||stats.test^ (EasyPrivacy)",
		"https://later.test/":      "||later.test^ (uBlock filters)",
		"https://malware.test/":    "",
		"https://badware.test/":    "",
	} {
		id, _ := known.Identify(request(url))
		require.Equal(t, want, id.Rule, url)
	}
}

func TestFetchedListsComeBeforeThoseOfTheSystem(t *testing.T) {
	dir := writeAll(t, map[string]string{"easylist.txt": "! Title: EasyList\n||new.test^\n||newer.test^\n"})
	loaded, known, err := Load(Options{Dir: dir, System: []string{writeAll(t, blockerPackage)}})
	require.NoError(t, err)
	require.Equal(t, Loaded{"EasyList", "2026-11-01", 2}, loaded[0])
	require.Equal(t, "EasyPrivacy", loaded[1].Name)
	_, ok := known.Identify(request("https://ads.test/"))
	require.False(t, ok, "the system's EasyList is not loaded besides")
}

func TestLoadOwnFiles(t *testing.T) {
	folder := writeAll(t, map[string]string{"mine.txt": "||mine.test^\n!#include more.txt\n", "more.txt": "||more.test^"})
	o := Options{Dir: t.TempDir(), System: []string{}, Files: []string{filepath.Join(folder, "mine.txt")}}
	loaded, known, err := Load(o)
	require.NoError(t, err)
	require.Equal(t, []Loaded{{"mine", "2026-11-01", 2}}, loaded)
	id, _ := known.Identify(request("https://more.test/"))
	require.Equal(t, "||more.test^ (mine)", id.Rule)

	require.NoError(t, os.WriteFile(filepath.Join(folder, "more.txt"), []byte("||other.test^"), 0o600))
	_, known, err = Load(o)
	require.NoError(t, err)
	_, ok := known.Identify(request("https://other.test/"))
	require.True(t, ok, "a list that includes others is read anew")

	o.Files = []string{filepath.Join(folder, "missing.txt")}
	_, _, err = Load(o)
	require.ErrorIs(t, err, os.ErrNotExist)
	o.Files = []string{folder}
	_, _, err = Load(o)
	require.ErrorContains(t, err, "not a file")
}

func TestAPackageMayLeavePartsOut(t *testing.T) {
	folder := writeAll(t, map[string]string{"ublock/filters.txt": "||a.test^\n!#include missing.txt\n"})
	loaded, _, err := Load(Options{System: []string{folder}})
	require.NoError(t, err)
	require.Equal(t, []Loaded{{"ublock-filters", "2026-11-01", 1}}, loaded)

	_, _, err = Load(Options{System: []string{}, Files: []string{filepath.Join(folder, "ublock/filters.txt")}})
	require.ErrorContains(t, err, `include "missing.txt"`)
}

func TestWithoutAFolder(t *testing.T) {
	t.Chdir(writeAll(t, map[string]string{"notes.txt": "||a.test^\n", "mine.list": "||b.test^\n"}))
	loaded, _, err := Load(Options{System: []string{}, Files: []string{"mine.list"}})
	require.NoError(t, err)
	require.Equal(t, []Loaded{{"mine.list", "2026-11-01", 1}}, loaded, "what lies about is no list")
	require.Empty(t, cacheFiles(t, "."))
	require.EqualError(t, Update(context.Background(), Options{}, io.Discard), "update lists: no folder to keep them in")
}

func TestIncludesStayInTheFolder(t *testing.T) {
	folder := writeAll(t, map[string]string{"lists/mine.txt": "!#include link.txt\n", "secret.txt": "||secret.test^"})
	require.NoError(t, os.Symlink("../secret.txt", filepath.Join(folder, "lists/link.txt")))
	_, _, err := Load(Options{
		Dir: t.TempDir(), System: []string{}, Files: []string{filepath.Join(folder, "lists/mine.txt")},
	})
	require.ErrorContains(t, err, "escapes")
}

func TestLoadKeepsACache(t *testing.T) {
	dir := writeAll(t, map[string]string{"a.txt": "! Title: A\n||a.test^\n"})
	o := Options{Dir: dir, System: []string{}}
	first, _, err := Load(o)
	require.NoError(t, err)
	cached := cacheFiles(t, dir)
	require.Len(t, cached, 1)

	again, known, err := Load(o)
	require.NoError(t, err)
	require.Equal(t, first, again)
	id, _ := known.Identify(request("https://a.test/"))
	require.Equal(t, "||a.test^ (A)", id.Rule)

	require.NoError(t, os.WriteFile(cached[0], []byte("damaged"), 0o600))
	again, _, err = Load(o)
	require.NoError(t, err)
	require.Equal(t, first, again, "a damaged cache is made anew")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.txt"), []byte("! Title: A\n||b.test^\n||c.test^\n"), 0o600))
	again, _, err = Load(o)
	require.NoError(t, err)
	require.Equal(t, 2, again[0].Rules)
	require.NotEqual(t, cached, cacheFiles(t, dir))
	require.Len(t, cacheFiles(t, dir), 1, "the cache of the list before is gone")
}

func cacheFiles(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "engine-*.cache"))
	require.NoError(t, err)
	return paths
}

func TestLoadNeedsNoFolderToWriteTo(t *testing.T) {
	folder := writeAll(t, map[string]string{"mine.txt": "||mine.test^\n"})
	loaded, _, err := Load(Options{
		Dir: filepath.Join(folder, "mine.txt", "nothing"), System: []string{}, Files: []string{filepath.Join(folder, "mine.txt")},
	})
	require.NoError(t, err)
	require.Len(t, loaded, 1)
}
