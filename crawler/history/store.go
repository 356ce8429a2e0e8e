// Package history keeps evidence: the pages, policies and failures of every scan, each written as it is captured.
//
// It keeps no verdicts. "Before" is last night's evidence judged with today's knowledge, so better knowledge never
// looks like a change of the site; judging is the work of package classify.
//
// A Store is a SQLite file by default and a PostgreSQL database by DSN; both hold the same tables and pass the same
// tests. What is the same from night to night is kept once: a page is compressed against the last whole copy of the
// same page (see blob), so that 60 KB of evidence take 2 KB in the store. SQL is written nowhere else.
package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Store is an open history. It is safe for concurrent use, and several processes may have the same one open.
type Store struct {
	db      *sql.DB
	backend backend
	name    string     // the DSN as people may see it, without password
	writing sync.Mutex // writers of one process queue here rather than poll for the database's lock
}

// backend is what SQLite and PostgreSQL do differently.
type backend interface {
	// open returns a pool of connections to a database that answers.
	open(ctx context.Context) (*sql.DB, error)
	// version returns the schema's version, 0 for an empty store and ErrForeign for someone else's tables.
	version(ctx context.Context, db *sql.DB) (int64, error)
	// migrate brings the tables up to date.
	migrate(ctx context.Context, db *sql.DB) error
	// guard runs first in every write transaction; exclusive keeps other writers out until it ends.
	guard(ctx context.Context, tx *sql.Tx, exclusive bool) error
	// tidy gives space that pruning freed back to the system.
	tidy(ctx context.Context, db *sql.DB) error
	// lock takes the lock of that name, which ends with the returned function or with the process. It waits for a
	// holder to let go when wait is set, and returns ErrScanning otherwise.
	lock(ctx context.Context, db *sql.DB, name string, wait bool) (release func() error, err error)
	// fault names the well-known trouble behind err, nil when there is none.
	fault(err error) error
}

// Open opens the store that dsn names, and makes or updates its tables: a postgres:// URL, or else the path of a
// SQLite file, which is made together with its folder. A store on a read-only medium opens for reading.
//
// The error is one of ErrNewer, ErrForeign, ErrCorrupt, ErrLocked, ErrReadOnly, ErrFull where one of them fits.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{name: dsn}
	switch scheme, _, ok := strings.Cut(dsn, "://"); {
	case !ok:
		s.backend = &sqliteFile{path: dsn, busy: busyTimeout}
	case scheme == "postgres" || scheme == "postgresql":
		s.backend = &postgresServer{dsn: dsn}
		s.name = redacted(dsn)
	default:
		return nil, fmt.Errorf("open store: %s:// is neither a file nor postgres://", scheme)
	}
	return s.connect(ctx)
}

// connect opens the backend's database and makes sure that its tables are ours and up to date.
func (s *Store) connect(ctx context.Context) (*Store, error) {
	db, err := s.backend.open(ctx)
	if err != nil {
		return nil, s.wrap("open", err)
	}
	s.db = db
	if err := s.update(ctx); err != nil {
		db.Close()
		return nil, s.wrap("open", err)
	}
	return s, nil
}

// update migrates an old or empty store; of several processes that try at the same time the first one does it.
func (s *Store) update(ctx context.Context) error {
	if done, err := s.current(ctx); done || err != nil {
		return err
	}
	release, err := s.backend.lock(ctx, s.db, "migrate", true)
	if err != nil {
		return err
	}
	defer release()
	if done, err := s.current(ctx); done || err != nil {
		return err
	}
	return s.backend.migrate(ctx, s.db)
}

// current reports whether the tables are those of schemaVersion, and fails when they are newer.
func (s *Store) current(ctx context.Context) (bool, error) {
	v, err := s.backend.version(ctx, s.db)
	if err != nil {
		return false, err
	}
	if v > schemaVersion {
		return false, fmt.Errorf("%w: its schema is %d, this trackscan knows %d", ErrNewer, v, schemaVersion)
	}
	return v == schemaVersion, nil
}

// Close closes the store. Locks are to be released before.
func (s *Store) Close() error { return s.db.Close() }

// write runs do in a transaction that is on disk when write returns nil, and undone otherwise.
func (s *Store) write(ctx context.Context, exclusive bool, do func(tx *sql.Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := s.backend.guard(ctx, tx, exclusive); err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// read runs do in a transaction that sees one state of the store.
func (s *Store) read(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx)
}

// wrap tells what was done to which store, and names the well-known trouble behind err.
func (s *Store) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	if known := s.backend.fault(err); known != nil && !errors.Is(err, known) {
		return fmt.Errorf("%s store %s: %w: %w", doing, s.name, known, err)
	}
	return fmt.Errorf("%s store %s: %w", doing, s.name, err)
}
