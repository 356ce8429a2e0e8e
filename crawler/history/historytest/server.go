// Package historytest gives tests a PostgreSQL of their own: that of the distribution's package, in a temporary folder,
// without a network port.
package historytest

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"github.com/stretchr/testify/require"
)

// server is a PostgreSQL of the tests' own, without a network port, in a temporary folder.
type server struct {
	dir  string // holds the data and the socket
	stop func() error
}

// running starts the server when the first test asks for it.
var running = sync.OnceValues(func() (*server, error) {
	s, err := startServer()
	if err == nil {
		stop = s.stop
	}
	return s, err
})

var stop = func() error { return nil }

// StopPostgres ends the server if it was started. It is for the end of TestMain; a test process that dies takes the
// server with it.
func StopPostgres() error { return stop() }

// errNoServer tells what is missing for a server to be started.
var errNoServer = errors.New("PostgreSQL is not installed (on Debian: apt-get install postgresql)")

var databases atomic.Int64

// Postgres returns the address of a fresh database. Where PostgreSQL is not installed the test is skipped, unless
// TRACKSCAN_REQUIRE is "all".
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := running()
	if errors.Is(err, errNoServer) && os.Getenv("TRACKSCAN_REQUIRE") != "all" {
		t.Skip(err)
	}
	require.NoError(t, err)
	name := fmt.Sprintf("test%d", databases.Add(1))
	db, err := sql.Open("pgx", s.dsn("postgres"))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	return s.dsn(name)
}

func (s *server) dsn(database string) string {
	return "postgres:///" + database + "?user=postgres&host=" + url.QueryEscape(s.dir)
}

// serverProgram finds a program of the newest PostgreSQL: distributions keep them out of PATH.
func serverProgram(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int {
			return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) // "9.6" < "15"
		}), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", errNoServer
	}
	return path, nil
}
