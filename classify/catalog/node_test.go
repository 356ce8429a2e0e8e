package catalog

import (
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// FuzzReadFile holds that our reader never crashes, and that what it accepts a full parser accepts too.
func FuzzReadFile(f *testing.F) {
	for _, seed := range []string{
		acme, "", "a:", "a: b", "a: [b, c]\nd: {e: [f], g: 'h'}\n", "a:\n  b: {}\n  c:\n", "a: [", "{", "- a", "a: \"b\"\n",
		"# x\n---\na: b\n", "'a b': c", "a: {b: c}}", "a: b: c", "[[[[[[[[[[[[", "a:\n    b: c\n", "a: x #y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		n, err := readFile(src)
		if err != nil || len(n.fields) == 0 {
			return
		}
		_, _ = parseVendor("x", src)
		require.Equal(t, mapping, n.kind)
	})
}

func TestReadFile(t *testing.T) {
	for _, tt := range []struct{ name, src string }{
		{"texts", "a: b c\nd: 'e: f'\ng: \"h # i\"\nj: https://k.test/l#m\n"},
		{"comments and blank lines", "# x\n\na: b\n\n# y\nc: d\n"},
		{"flow over lines", "a: [b,\n  c, d]\ne: {f: g,\n  h: [i]}\n"},
		{"block", "a:\n  b c: {d: e}\n  'f': {}\n  g:\n"},
		{"trailing comma", "a: [b, c,]\n"},
		{"numbers stay as written", "a: {b: 0.02, c: 730}\n"},
		{"dots, dashes and dollars", "a:\n  _$x.y-z: {d: e}\n  -x: {}\n"},
		{"no line end", "a: b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			mine, err := readFile(tt.src)
			require.NoError(t, err)
			var full yaml.MapSlice
			require.NoError(t, yaml.UnmarshalWithOptions([]byte(tt.src), &full, yaml.Strict(), yaml.UseOrderedMap()))
			require.Equal(t, plain(full), mine.plain())
		})
	}
}
