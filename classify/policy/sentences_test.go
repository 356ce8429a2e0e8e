package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify/catalog"
)

// sentenceCase is a sentence of testdata/sentences with what must be read from it.
type sentenceCase struct {
	lang, text string
	line       int
	want       map[string][]string // by field; a claim that begins with "?" may be read or not
}

// sentenceCases reads the files of testdata/sentences that match a pattern.
func sentenceCases(t *testing.T, pattern string) []sentenceCase {
	t.Helper()
	files, err := filepath.Glob("../../testdata/sentences/" + pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var out []sentenceCase
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		lang, _, _ := strings.Cut(filepath.Base(file), ".")
		for n, line := range strings.Split(string(raw), "\n") {
			switch {
			case line == "" || line[0] == '#':
			case line[0] != ' ':
				out = append(out, sentenceCase{lang, strings.ReplaceAll(line, `\n`, "\n"), n + 1, map[string][]string{}})
			default:
				field, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
				require.True(t, ok && len(out) > 0, "%s line %d", file, n+1)
				out[len(out)-1].want[field] = strings.Split(list, ", ")
			}
		}
	}
	return out
}

// readSentence reads a sentence that stands alone below the heading of a cookie policy.
func readSentence(t *testing.T, c sentenceCase, index *vendorIndex) *document {
	t.Helper()
	all, err := lexicons()
	require.NoError(t, err)
	require.Contains(t, all, c.lang)
	src := "# Cookies\n\n" + c.text + "\n"
	b := readMarkdown(src)
	d := newDocument("https://www.example.com/cookies", src, b.blocks, b.title, index, all)
	d.lang, d.match = c.lang, newMatcher(all[c.lang])
	d.outline()
	d.findOwn()
	d.walk()
	d.judge()
	return d
}

// readFields is what was read, by field.
func readFields(d *document) map[string][]string {
	out := map[string][]string{"dnt": {d.dnt}, "third": {d.thirdParty}}
	for _, c := range d.claims {
		out["claims"] = append(out["claims"], c.ID)
	}
	for _, c := range d.categories {
		out["categories"] = append(out["categories"], string(c.ID))
	}
	for _, v := range d.vendorList() {
		out["vendors"] = append(out["vendors"], v.Name)
	}
	for _, t := range d.technologies {
		if t.ID != "cookie" {
			out["technologies"] = append(out["technologies"], t.ID)
		}
	}
	for _, t := range d.techDenied {
		out["denied"] = append(out["denied"], t.ID)
	}
	for _, c := range d.catDenied {
		out["without"] = append(out["without"], string(c.ID))
	}
	for _, v := range d.onlyDenied() {
		out["unused"] = append(out["unused"], v.Name)
	}
	for _, c := range d.cookies {
		out["cookies"] = append(out["cookies"], strings.TrimSpace(fmt.Sprint(c.Name, " ", c.Category, " ", c.Duration)))
	}
	return out
}

// compareField counts what was right, too much and missed of one field.
func compareField(want, got []string) (tally, string) {
	var t tally
	wrong := ""
	for _, g := range slices.Compact(slices.Sorted(slices.Values(got))) {
		switch {
		case slices.Contains(want, g):
			t.right++
		case !slices.Contains(want, "?"+g):
			t.extra++
			wrong += " extra " + g
		}
	}
	for _, w := range want {
		if w != "-" && w[0] != '?' && !slices.Contains(got, w) {
			t.missed++
			wrong += " missed " + w
		}
	}
	return t, wrong
}

// TestSentences reads every sentence of testdata/sentences. TRACKSCAN_SENTENCES names other files, to measure new ones.
func TestSentences(t *testing.T) {
	pattern := os.Getenv("TRACKSCAN_SENTENCES")
	if pattern == "" {
		pattern = "*.txt"
	}
	known, err := catalog.Load()
	require.NoError(t, err)
	index := newVendorIndex(known.Vendors())
	sum := map[string]*tally{}
	for _, c := range sentenceCases(t, pattern) {
		got := readFields(readSentence(t, c, index))
		if c.want["claims"] == nil {
			c.want["claims"] = []string{"-"}
		}
		for field, want := range c.want {
			one, wrong := compareField(want, got[field])
			assert.Empty(t, wrong, "%s %d: %s: %s", c.lang, c.line, field, c.text)
			if sum[field] == nil {
				sum[field] = &tally{}
			}
			sum[field].right += one.right
			sum[field].extra += one.extra
			sum[field].missed += one.missed
		}
	}
	for field, n := range sum {
		t.Logf("%s: %.3f, right %d, extra %d, missed %d", field, n.score(), n.right, n.extra, n.missed)
	}
}
