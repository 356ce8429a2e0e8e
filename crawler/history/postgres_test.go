package history

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/history/historytest"
)

// The server itself raises each code, in a trigger.
func TestFaultsOfAServer(t *testing.T) {
	for _, c := range []struct {
		code string
		want error
	}{
		{"53100", ErrFull},
		{"25006", ErrReadOnly},
		{"42501", ErrReadOnly},
		{"55P03", ErrLocked},
		{"40P01", ErrLocked},
		{"XX001", ErrCorrupt},
		{"XX002", ErrCorrupt},
	} {
		t.Run(c.code, func(t *testing.T) {
			s := openStore(t, historytest.Postgres(t))
			r, err := s.Begin(t.Context(), header())
			require.NoError(t, err)
			for _, query := range []string{
				"CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$" +
					"BEGIN RAISE EXCEPTION USING ERRCODE = '" + c.code + "'; END $$",
				"CREATE TRIGGER fail BEFORE INSERT ON blobs EXECUTE FUNCTION fail()",
			} {
				_, err = s.db.ExecContext(t.Context(), query)
				require.NoError(t, err)
			}
			requireFault(t, r.Add(t.Context(), rich().Pages[0]), c.want)
			_, err = s.db.ExecContext(t.Context(), "DROP TRIGGER fail ON blobs")
			require.NoError(t, err)
			require.NoError(t, r.Add(t.Context(), rich().Pages[0]), "the Recorder goes on")
		})
	}
}

func TestServerThatOnlyReads(t *testing.T) {
	dsn := historytest.Postgres(t)
	_, err := Open(t.Context(), dsn+"&default_transaction_read_only=on")
	requireFault(t, err, ErrReadOnly)
	id := keep(t, openStore(t, dsn), rich())

	s := openStore(t, dsn+"&default_transaction_read_only=on")
	got, err := s.Load(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, asJSON(t, rich()), asJSON(t, got))
	_, err = s.Begin(t.Context(), header())
	requireFault(t, err, ErrReadOnly)
}

// A database may be shared with programs that use the same names, and with other stores.
func TestDatabaseSharedWithOthers(t *testing.T) {
	dsn := historytest.Postgres(t)
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	defer db.Close()
	for _, query := range []string{"CREATE TABLE goose_db_version (id INTEGER)", "CREATE TABLE scans (mine INTEGER)"} {
		_, err = db.ExecContext(t.Context(), query)
		require.NoError(t, err)
	}
	first, second := openStore(t, dsn), openStore(t, dsn+"&search_path=Second")
	keep(t, first, rich())
	list, err := second.List(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, list)
	keep(t, second, rich())
	var mine int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(mine) FROM public.scans").Scan(&mine))
	require.Zero(t, mine)
}
