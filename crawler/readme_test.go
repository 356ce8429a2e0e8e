package crawler

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme holds that every test named in README.md is there.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	tests := testsIn(t, ".") + testsIn(t, "../cmd") + testsIn(t, "../report")
	names := regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, names)
	for _, name := range names {
		require.True(t, strings.Contains(tests, "func "+name[1]+"("), name[1])
	}
}

// testsIn is the source of all tests in a folder and below it.
func testsIn(t *testing.T, folder string) string {
	var tests strings.Builder
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		tests.Write(source)
		return err
	})
	require.NoError(t, err)
	return tests.String()
}
