package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
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
	if bytes.Equal(want, got) {
		return
	}
	before, after := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(before), len(after)) {
		require.Equal(t, before[i], after[i], "line %d of %s", i+1, file)
	}
	require.Len(t, after, len(before), file)
}
