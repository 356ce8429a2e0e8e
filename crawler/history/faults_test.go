package history

import (
	"bytes"
	"context"
	"database/sql"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/history/historytest"
)

// requireFault holds an error to its kind and to the form in which people read it.
func requireFault(t *testing.T, err, kind error) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.Equal(t, strings.ToLower(err.Error()[:1]), err.Error()[:1])
	require.Contains(t, err.Error(), " store ")
	var hint interface{ Hint() string }
	require.ErrorAs(t, err, &hint)
	require.NotEmpty(t, hint.Hint())
}

func TestStoreOfANewerVersion(t *testing.T) {
	for _, c := range storeKinds {
		t.Run(c.name, func(t *testing.T) {
			dsn := c.dsn(t)
			s, err := Open(t.Context(), dsn)
			require.NoError(t, err)
			_, err = s.db.ExecContext(t.Context(),
				"INSERT INTO trackscan_version (version_id, is_applied) VALUES (99, $1)", true)
			require.NoError(t, err)
			require.NoError(t, s.Close())

			_, err = Open(t.Context(), dsn)
			requireFault(t, err, ErrNewer)
			require.ErrorContains(t, err, "its schema is 99, this trackscan knows 2")
		})
	}
}

func TestDatabaseOfAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cookies.sqlite")
	execFile(t, path, "CREATE TABLE moz_cookies (id INTEGER)")
	before, err := os.ReadFile(path)
	require.NoError(t, err)

	_, err = Open(t.Context(), path)
	requireFault(t, err, ErrForeign)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after, "nothing was changed")
}

// execFile runs statements on a SQLite file behind the store's back.
func execFile(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for _, st := range statements {
		_, err = db.ExecContext(t.Context(), st)
		require.NoError(t, err)
	}
}

func TestDamagedFile(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(file []byte) []byte
	}{
		{"text", func([]byte) []byte { return []byte(strings.Repeat("no database\n", 1000)) }},
		{"a few bytes", func(b []byte) []byte { return b[:10] }},
		{"cut in the middle", func(b []byte) []byte { return b[:len(b)/2] }},
		{"cut to one page", func(b []byte) []byte { return b[:4096] }},
		{"zeros in the middle", func(b []byte) []byte { clear(b[5000 : len(b)-5000]); return b }},
		{"garbage after the header", func(b []byte) []byte { copy(b[100:], bytes.Repeat([]byte{0xa5}, len(b))); return b }},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "history.db")
			s, err := Open(t.Context(), path)
			require.NoError(t, err)
			id := keep(t, s, newWeb(1).night(0, 0, 5))
			require.NoError(t, s.Close())
			file, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, c.damage(file), 0o644))

			s, err = Open(t.Context(), path)
			if err == nil {
				defer s.Close()
				_, err = s.Load(t.Context(), id)
			}
			requireFault(t, err, ErrCorrupt)
		})
	}
}

func TestDamagedEvidence(t *testing.T) {
	for _, c := range []struct{ name, damage string }{
		{"blob", "UPDATE blobs SET body = $1"},
		{"note", "UPDATE records SET note = $1"},
		{"head", "UPDATE scans SET head = $1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, s *Store) {
				id := keep(t, s, rich())
				_, err := s.db.ExecContext(t.Context(), c.damage, []byte("\x28\xb5\x2f\xfd garbage"))
				require.NoError(t, err)
				_, err = s.Load(t.Context(), id)
				requireFault(t, err, ErrCorrupt)
			})
		})
	}
}

func TestDamagedBase(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		w := newWeb(1)
		first, second := keep(t, s, w.night(0, 0, 1)), keep(t, s, w.night(0, 1, 1))
		content, err := compress(bytes.Repeat([]byte("another page"), 9999), nil)
		require.NoError(t, err)
		_, err = s.db.ExecContext(t.Context(), "UPDATE blobs SET body = $1 WHERE base IS NULL", content)
		require.NoError(t, err)
		for _, id := range []int64{first, second} {
			_, err = s.Load(t.Context(), id)
			requireFault(t, err, ErrCorrupt)
		}
	})
}

func TestLockedByAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s, err := (&Store{name: path, backend: &sqliteFile{path: path, busy: time.Millisecond}}).connect(t.Context())
	require.NoError(t, err)
	defer s.Close()
	r, err := s.Begin(t.Context(), header())
	require.NoError(t, err)

	other, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer other.Close()
	conn, err := other.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)

	requireFault(t, r.Add(t.Context(), rich().Pages[0]), ErrLocked)
	_, err = s.List(t.Context(), "")
	require.NoError(t, err, "reading goes on")
	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, r.Add(t.Context(), rich().Pages[0]), "and so does writing, once the other is done")
}

func TestLockedTable(t *testing.T) {
	s := openStore(t, historytest.Postgres(t)+"&lock_timeout=1")
	r, err := s.Begin(t.Context(), header())
	require.NoError(t, err)
	tx, err := s.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback()
	_, err = tx.ExecContext(t.Context(), "LOCK TABLE blobs")
	require.NoError(t, err)
	requireFault(t, r.Add(t.Context(), rich().Pages[0]), ErrLocked)
}

func TestNoRoomInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := openStore(t, path)
	s.db.SetMaxOpenConns(1) // the pragma belongs to a connection
	r, err := s.Begin(t.Context(), header())
	require.NoError(t, err)
	w := newWeb(1)
	pages := w.night(0, 0, 3).Pages
	require.NoError(t, r.Add(t.Context(), pages[0]))
	_, err = s.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1") // as many as there are
	require.NoError(t, err)

	for err = nil; err == nil; {
		err = r.Add(t.Context(), w.page(shop, 0, 0, 1))
	}
	requireFault(t, err, ErrFull)
	_, err = s.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1000000")
	require.NoError(t, err)
	require.NoError(t, r.Add(t.Context(), pages[2]), "writing goes on when there is room again")
	got, err := s.Load(t.Context(), r.ID())
	require.NoError(t, err)
	require.Equal(t, asJSON(t, pages[0]), asJSON(t, got.Pages[0]))
	require.Equal(t, asJSON(t, pages[2]), asJSON(t, got.Pages[len(got.Pages)-1]))
}

func TestBadAddresses(t *testing.T) {
	for _, c := range []struct{ name, dsn, want string }{
		{"empty", "", "is no path"},
		{"NUL", "a\x00b", "is no path"},
		{"a folder", t.TempDir(), "is a directory"},
		{"another database", "mysql://root:canary@db/x", "neither a file nor postgres://"},
		{"no server", "postgres://me:canary@127.0.0.1:1/x", "does not answer"},
		{"no server, password in the query", "postgres:///x?host=/nonexistent&password=canary", "does not answer"},
		{"no port", "postgres://me:canary@db:port/x", "open store"},
		{"a blank", "postgres://me:canary@db/x?a=b c", "open store"},
		{"a blank, password in the query", "postgres:///x?password=canary&a=b c", "open store"},
		{"no URL", "postgres://me:canary@%zz/x", "open store"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(t.Context(), c.dsn)
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "canary", "a password is shown")
		})
	}
}

func TestContextThatEnded(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, r.Add(ctx, rich().Pages[0]), context.Canceled)
		require.NoError(t, r.Add(t.Context(), rich().Pages[0]))
		require.NoError(t, r.End(t.Context(), rich()))
	})
}

func TestEvidenceThatJSONCannotHold(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		r, err := s.Begin(t.Context(), header())
		require.NoError(t, err)
		page := rich().Pages[0]
		page.Seconds = math.NaN()
		require.ErrorContains(t, r.Add(t.Context(), page), "add page https://www.shop.test/ to store")
	})
}
