package policy

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify/catalog"
)

// purposeHeader is the header of a column of purposes, by language.
var purposeHeader = map[string]string{
	"de": "Zweck", "en": "Purpose", "es": "Finalidad", "fr": "Finalité", "it": "Finalità", "nl": "Doel", "pt": "Finalidade",
}

// readPurpose is the category that a cookie gets from what the cell of purposes in its row says.
func readPurpose(t *testing.T, lang, purpose string, index *vendorIndex) string {
	t.Helper()
	row := fmt.Sprintf("| Cookie | %s |\n| --- | --- |\n| zz_id | %s |", purposeHeader[lang], purpose)
	d := readSentence(t, sentenceCase{lang: lang, text: row}, index)
	for _, c := range d.cookies {
		if c.Name == "zz_id" {
			return cmp.Or(string(c.Category), "-")
		}
	}
	return "no cookie"
}

// TestPurposes reads the purposes of testdata/purposes, a file per language: what a cell says, a tab, and the category that
// it gives the cookie of its row; "-" for none. TRACKSCAN_PURPOSES names another folder, to measure new ones.
func TestPurposes(t *testing.T) {
	folder := cmp.Or(os.Getenv("TRACKSCAN_PURPOSES"), "../../testdata/purposes")
	files, err := filepath.Glob(filepath.Join(folder, "*.tsv"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	known, err := catalog.Load()
	require.NoError(t, err)
	index := newVendorIndex(known.Vendors())
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		lang := strings.TrimSuffix(filepath.Base(file), ".tsv")
		right, all := 0, 0
		for line := range strings.Lines(string(raw)) {
			purpose, want, ok := strings.Cut(strings.TrimSpace(line), "\t")
			require.True(t, ok, "%s: %s", file, line)
			all++
			if assert.Equal(t, want, readPurpose(t, lang, purpose, index), "%s: %s", lang, purpose) {
				right++
			}
		}
		t.Logf("%s: %d of %d", lang, right, all)
	}
}
