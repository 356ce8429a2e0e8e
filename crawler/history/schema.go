package history

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// schemaVersion is the number of the newest migration, which is what this program reads and writes.
const schemaVersion = 2

// versionTable is where goose notes the migrations done. Its name tells our stores from those of other programs
// that use goose.
const versionTable = "trackscan_version"

//go:embed migrations
var migrations embed.FS

// migrate runs the migrations of folder that the database lacks, each in a transaction of its own.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, folder string) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, files,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("update tables: %w", err)
	}
	return nil
}

// appliedVersion reads the version table, which must exist.
func appliedVersion(ctx context.Context, db *sql.DB) (int64, error) {
	var v int64
	err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versionTable).Scan(&v)
	return v, err
}
