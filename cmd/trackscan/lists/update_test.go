package lists

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// served serves lists over TLS on loopback.
func served(t *testing.T, answers map[string]http.HandlerFunc) (*httptest.Server, Options) {
	t.Helper()
	mux := http.NewServeMux()
	for path, answer := range answers {
		mux.HandleFunc(path, answer)
	}
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	return server, Options{
		Dir: filepath.Join(t.TempDir(), "lists"), System: []string{}, Client: server.Client(),
		Now: func() time.Time { return noon },
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(body))
	}
}

const someList = "! Title: EasyPrivacy\n! Licence: https://list.test/licence\n||stats.test^\n||b.test^$script\n##.ad\n"

func TestUpdate(t *testing.T) {
	server, o := served(t, map[string]http.HandlerFunc{
		"/p/list.txt": text(someList + "!#include parts/more.txt\n"), "/p/parts/more.txt": text("||more.test^\n"),
		"/plain.txt": text("||plain.test^\n"),
	})
	o.Sources = []Source{{"easyprivacy", server.URL + "/p/list.txt"}, {"plain", server.URL + "/plain.txt"}}
	var out bytes.Buffer
	require.NoError(t, Update(context.Background(), o, &out))
	require.Equal(t, "EasyPrivacy: 3 rules, licence https://list.test/licence\nplain: 1 rules\n", out.String())

	kept, err := os.ReadFile(filepath.Join(o.Dir, "easyprivacy.txt"))
	require.NoError(t, err)
	require.Equal(t, someList+"||more.test^\n", string(kept))
	info, err := os.Stat(filepath.Join(o.Dir, "easyprivacy.txt"))
	require.NoError(t, err)
	require.True(t, noon.Equal(info.ModTime()))

	loaded, known, err := Load(o)
	require.NoError(t, err)
	require.Equal(t, []Loaded{{"EasyPrivacy", "2026-11-22", 3}, {"plain", "2026-11-22", 1}}, loaded)
	id, _ := known.Identify(request("https://more.test/"))
	require.Equal(t, "||more.test^ (EasyPrivacy)", id.Rule)
}

func TestUpdateRefuses(t *testing.T) {
	insecure := httptest.NewServer(text(someList))
	t.Cleanup(insecure.Close)
	var loop string
	server, o := served(t, map[string]http.HandlerFunc{
		"/html": text("\n<!doctype html><title>Log in</title>"),
		"/type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		},
		"/empty":     text(""),
		"/comments":  text("! Title: nothing\n##.ad\n"),
		"/broken":    text("||a.test^\n||b.test^$quux\n||c.test^$quux\n"),
		"/downgrade": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, insecure.URL, http.StatusFound) },
		"/loop":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, loop, http.StatusFound) },
		"/short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(someList))
		},
		"/huge": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "99999999999") },
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			line := []byte(strings.Repeat("||a.test^\n", 1<<12))
			for r.Context().Err() == nil {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		},
		"/include": text("||a.test^\n!#include gone.txt\n"),
		"/outside": text("||a.test^\n!#include ../list.txt\n"),
	})
	loop = server.URL + "/loop"
	for _, c := range []struct{ name, url, want string }{
		{"a web page", server.URL + "/html", "got a web page"},
		{"a web page by type", server.URL + "/type", "got a web page"},
		{"nothing", server.URL + "/empty", "got no filter list: 0 lines are rules and 0 are not"},
		{"no rules", server.URL + "/comments", "got no filter list"},
		{"mostly no rules", server.URL + "/broken", "got no filter list: 1 lines are rules and 2 are not"},
		{"not there", server.URL + "/gone", "answered 404 Not Found"},
		{"http", insecure.URL, "over https only"},
		{"http behind a redirect", server.URL + "/downgrade", "over https only"},
		{"redirects without end", server.URL + "/loop", "redirected more than 5 times"},
		{"cut short", server.URL + "/short", "unexpected EOF"},
		{"announced too large", server.URL + "/huge", "more than 64 MiB"},
		{"too large", server.URL + "/endless", "more than 64 MiB"},
		{"a part that is missing", server.URL + "/include", "answered 404 Not Found"},
		{"a part elsewhere", server.URL + "/outside", "not a name below the list's folder"},
		{"no address", "https://%zz", "invalid URL escape"},
		{"a file", "file:///etc/passwd", "over https only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, os.MkdirAll(o.Dir, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(o.Dir, "x.txt"), []byte("||before.test^\n"), 0o600))
			o.Sources = []Source{{"x", c.url}}
			var out bytes.Buffer
			err := Update(context.Background(), o, &out)
			require.ErrorContains(t, err, "update list x: ")
			require.ErrorContains(t, err, c.want)
			require.Empty(t, out.String())
			requireOnly(t, o.Dir, "x.txt", "||before.test^\n")
		})
	}
}

// requireOnly asks for one file in dir with that text, and nothing beside it.
func requireOnly(t *testing.T, dir, name, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	got, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

func TestUpdateGoesOnAfterAFailure(t *testing.T) {
	server, o := served(t, map[string]http.HandlerFunc{"/list.txt": text(someList)})
	o.Sources = []Source{
		{"gone", server.URL + "/gone"}, {"../evil", server.URL + "/list.txt"}, {"good", server.URL + "/list.txt"},
	}
	var out bytes.Buffer
	err := Update(context.Background(), o, &out)
	require.ErrorContains(t, err, "update list gone: ")
	require.ErrorContains(t, err, "update list ../evil: the name must be lower-case letters")
	require.Contains(t, out.String(), "EasyPrivacy: 2 rules")
	requireOnly(t, o.Dir, "good.txt", someList)
}

func TestUpdateTrustsNoStranger(t *testing.T) {
	server, o := served(t, map[string]http.HandlerFunc{"/list.txt": text(someList)})
	o.Client = nil
	o.Sources = []Source{{"x", server.URL + "/list.txt"}}
	require.ErrorContains(t, Update(context.Background(), o, &bytes.Buffer{}), "certificate")
}

func TestUpdateStops(t *testing.T) {
	server, o := served(t, map[string]http.HandlerFunc{"/list.txt": text(someList)})
	o.Sources = []Source{{"x", server.URL + "/list.txt"}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, Update(ctx, o, &bytes.Buffer{}), context.Canceled)
}

func TestStatus(t *testing.T) {
	folder := writeAll(t, blockerPackage)
	o := Options{Dir: t.TempDir(), System: []string{folder}, Now: func() time.Time { return noon }}
	var out bytes.Buffer
	require.NoError(t, Status(o, &out))
	require.Contains(t, out.String(), "EasyList: 1 rules of 2026-11-01 (21 days old)\n  "+folder)
	require.Contains(t, out.String(), "EasyPrivacy: 1 rules of 2026-10-25 (28 days old)\n")
	require.Contains(t, out.String(), "  licence https://list.test/l\n")

	out.Reset()
	o.System = []string{}
	require.NoError(t, Status(o, &out))
	require.Equal(t, "no filter lists: trackscan works with its own catalogue alone\n", out.String())
}

func TestAge(t *testing.T) {
	for date, want := range map[string]string{
		"2026-11-22": "today", "2026-11-23": "today", "2026-11-21": "1 day old", "2025-11-22": "365 days old", "": "age unknown",
	} {
		require.Equal(t, want, age(noon, date), date)
	}
}
