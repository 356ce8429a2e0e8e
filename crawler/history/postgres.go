package history

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"net/url"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresSchema is the namespace of our tables, unless the DSN names one with search_path: a database may be shared
// with other programs.
const postgresSchema = "trackscan"

// postgresServer is a store in a PostgreSQL database.
type postgresServer struct {
	dsn    string
	schema string // where the tables lie, as SQL words it
}

// redacted returns a DSN without its password.
func redacted(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return "postgres://..."
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// open implements backend. The keepalives end the locks of a machine that vanished within about two minutes.
func (p *postgresServer) open(ctx context.Context) (*sql.DB, error) {
	config, err := pgx.ParseConfig(p.dsn)
	if err != nil {
		return nil, err
	}
	defaults := map[string]string{
		"search_path": postgresSchema, "application_name": "trackscan", "lock_timeout": busyTimeout.String(),
		"tcp_keepalives_idle": "60", "tcp_keepalives_interval": "20", "tcp_keepalives_count": "3",
	}
	for name, value := range defaults {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	p.schema = config.RuntimeParams["search_path"]
	db := stdlib.OpenDB(*config)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// version implements backend.
func (p *postgresServer) version(ctx context.Context, db *sql.DB) (int64, error) {
	var ours bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", versionTable).Scan(&ours); err != nil {
		return 0, err
	}
	if !ours {
		return 0, nil
	}
	return appliedVersion(ctx, db)
}

// migrate implements backend. The schema is made only where it lacks: that takes a right which using it does not.
func (p *postgresServer) migrate(ctx context.Context, db *sql.DB) error {
	var there bool
	err := db.QueryRowContext(ctx, "SELECT current_schema() IS NOT NULL").Scan(&there)
	if err == nil && !there {
		_, err = db.ExecContext(ctx, "CREATE SCHEMA "+p.schema)
	}
	if err != nil {
		return err
	}
	return migrate(ctx, db, goose.DialectPostgres, "postgres")
}

// guard implements backend: writers share the store, and pruning has it alone, so that no blob goes away between
// being found and being referred to.
func (p *postgresServer) guard(ctx context.Context, tx *sql.Tx, exclusive bool) error {
	query := "SELECT pg_advisory_xact_lock_shared($1)"
	if exclusive {
		query = "SELECT pg_advisory_xact_lock($1)"
	}
	_, err := tx.ExecContext(ctx, query, advisoryKey("write"))
	return err
}

// tidy implements backend: autovacuum does it.
func (p *postgresServer) tidy(context.Context, *sql.DB) error { return nil }

// lock implements backend: an advisory lock, which ends with its connection.
func (p *postgresServer) lock(ctx context.Context, db *sql.DB, name string, wait bool) (func() error, error) {
	query := "SELECT pg_try_advisory_lock($1)"
	if wait {
		query = "SELECT pg_advisory_lock($1) IS NOT NULL"
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	var taken bool
	err = conn.QueryRowContext(ctx, query, advisoryKey(name)).Scan(&taken)
	if err == nil && taken {
		return func() error { return unlock(conn, name) }, nil
	}
	if err == nil {
		err = ErrScanning
	}
	return nil, errors.Join(err, conn.Close())
}

// unlock ends a lock and gives its connection back to the pool.
func unlock(conn *sql.Conn, name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), busyTimeout)
	defer cancel()
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", advisoryKey(name))
	return errors.Join(err, conn.Close())
}

// advisoryKey is the number under which PostgreSQL knows a lock; locks belong to one database.
func advisoryKey(name string) int64 {
	return int64(binary.BigEndian.Uint64(digest("trackscan " + name)))
}

// fault implements backend. The codes are those of appendix A of the PostgreSQL documentation.
func (p *postgresServer) fault(err error) error {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return ErrUnreachable
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code {
	case "53100": // disk_full
		return ErrFull
	case "25006", "42501": // read_only_sql_transaction, insufficient_privilege
		return ErrReadOnly
	case "55P03", "40P01": // lock_not_available, deadlock_detected
		return ErrLocked
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return ErrCorrupt
	}
	return nil
}
