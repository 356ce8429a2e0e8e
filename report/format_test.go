package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenDir = "testdata/golden"

func write(t *testing.T, f Format, r Report, s Style) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, f.Write(&out, r, s))
	return out.Bytes()
}

// Every format writes every scan as its golden file has it; a golden file that belongs to none of them is an error.
func TestFormatsAgainstGolden(t *testing.T) {
	orphans := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(goldenDir, "*"))
	require.NoError(t, err)
	for _, file := range files {
		orphans[file] = true
	}
	for _, j := range judgedScans() {
		r := j.report()
		for _, f := range Formats {
			file := filepath.Join(goldenDir, j.name+f.Extensions[0])
			delete(orphans, file)
			t.Run(filepath.Base(file), func(t *testing.T) { compareGolden(t, file, write(t, f, r, Style{})) })
		}
	}
	require.Empty(t, orphans, "golden files of no scan and no format")
}

func compareGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(goldenDir, 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}
