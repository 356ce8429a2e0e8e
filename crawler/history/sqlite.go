package history

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busyTimeout is how long a write waits for another process to finish its own. A write takes milliseconds.
const busyTimeout = 10 * time.Second

// sqliteFile is a store in one file, with a folder of empty lock files beside it.
type sqliteFile struct {
	path string
	busy time.Duration
}

// open implements backend. A file that cannot be written is opened for reading.
func (f *sqliteFile) open(ctx context.Context) (*sql.DB, error) {
	if f.path == "" || strings.ContainsRune(f.path, 0) {
		return nil, fmt.Errorf("%q is no path", f.path)
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	db, err := f.dial(ctx, "mode=rw")
	if code := sqliteCode(err); code != sqlite3.SQLITE_CANTOPEN && code != sqlite3.SQLITE_READONLY {
		return db, err
	}
	db, readErr := f.openReadOnly(ctx)
	if readErr != nil {
		return nil, fmt.Errorf("%w: %w; %w", ErrReadOnly, err, readErr)
	}
	return db, nil
}

// create makes the folder and the file unless they are there. It must not open a file that is: closing it again would
// end every lock that this process holds on it, as POSIX has it, and SQLite would not know.
func (f *sqliteFile) create() error {
	info, err := os.Stat(f.path)
	if err == nil && info.IsDir() {
		return fmt.Errorf("%s is a directory", f.path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil // another process was faster
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// openReadOnly opens a file that cannot be written, on a medium that may have no room for the write-ahead log's index.
func (f *sqliteFile) openReadOnly(ctx context.Context) (*sql.DB, error) {
	db, err := f.dial(ctx, "mode=ro")
	if err == nil {
		return db, nil
	}
	if log, statErr := os.Stat(f.path + "-wal"); statErr == nil && log.Size() > 0 {
		return nil, fmt.Errorf("%s-wal holds what is to be written to it first", f.path)
	}
	return f.dial(ctx, "immutable=1")
}

// dial opens a pool and looks at the file's first page.
func (f *sqliteFile) dial(ctx context.Context, mode string) (*sql.DB, error) {
	db, err := f.pool(mode)
	if err != nil {
		return nil, err
	}
	if _, err := sqliteTables(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// pool prepares connections. With synchronous=FULL a commit is on disk when it returns, also when power fails then.
func (f *sqliteFile) pool(mode string) (*sql.DB, error) {
	path := (&url.URL{Path: filepath.ToSlash(f.path)}).EscapedPath()
	return sql.Open("sqlite", fmt.Sprintf(
		"file:%s?%s&_busy_timeout=%d&_foreign_keys=1&_synchronous=FULL&_txlock=immediate",
		path, mode, f.busy.Milliseconds()))
}

// sqliteTables counts the tables, which makes SQLite look at the file.
func sqliteTables(ctx context.Context, db *sql.DB) (n int, err error) {
	err = db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
	return n, err
}

// version implements backend. One statement asks for both counts: between two, another process may create the tables.
func (f *sqliteFile) version(ctx context.Context, db *sql.DB) (int64, error) {
	var tables, ours int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*), COUNT(CASE WHEN name = $1 THEN 1 END) FROM sqlite_master",
		versionTable).Scan(&tables, &ours)
	switch {
	case err != nil:
		return 0, err
	case ours > 0:
		return appliedVersion(ctx, db)
	case tables > 0:
		return 0, ErrForeign
	}
	return 0, nil
}

// migrate implements backend. The settings stay with the file; the first two work only before there are tables. A
// page of 8 KB is filled better than one of 4 KB, in which there may be room for just one difference of 2 KB.
func (f *sqliteFile) migrate(ctx context.Context, db *sql.DB) error {
	for _, setting := range []string{"page_size = 8192", "auto_vacuum = INCREMENTAL", "journal_mode = WAL"} {
		if _, err := db.ExecContext(ctx, "PRAGMA "+setting); err != nil {
			return err
		}
	}
	return migrate(ctx, db, goose.DialectSQLite3, "sqlite")
}

// guard implements backend: a write transaction of SQLite keeps every other writer out by itself.
func (f *sqliteFile) guard(context.Context, *sql.Tx, bool) error { return nil }

// tidy implements backend.
func (f *sqliteFile) tidy(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "PRAGMA incremental_vacuum")
	return err
}

// lock implements backend: a lock is an exclusive transaction on an empty file of its own, which the system ends
// when the process dies. The file stays, since removing a lock file races with whoever opens it.
func (f *sqliteFile) lock(ctx context.Context, _ *sql.DB, name string, wait bool) (func() error, error) {
	file := &sqliteFile{path: filepath.Join(f.path+".locks", hex.EncodeToString(digest(name)[:8]))}
	if wait {
		file.busy = f.busy
	}
	if err := file.create(); err != nil {
		return nil, err
	}
	db, err := file.pool("mode=rw")
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err == nil {
		return func() error { return errors.Join(conn.Close(), db.Close()) }, nil
	}
	db.Close()
	if !wait && sqliteCode(err) == sqlite3.SQLITE_BUSY {
		return nil, ErrScanning
	}
	return nil, err
}

// fault implements backend.
func (f *sqliteFile) fault(err error) error {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return ErrLocked
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_FULL:
		return ErrFull
	}
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
		return ErrFull // no room for the write-ahead log's index
	}
	return systemFault(err)
}

// sqliteCode returns the primary result code behind err, 0 when err is not SQLite's.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
