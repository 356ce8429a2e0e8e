package policy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// testVendors reads the vendors that tests know: "Name | aliases | owner | domains | category" a line.
func testVendors(tb testing.TB) []classify.Vendor {
	tb.Helper()
	raw, err := os.ReadFile("../../testdata/policies/vendors.txt")
	require.NoError(tb, err)
	var out []classify.Vendor
	for line := range strings.Lines(string(raw)) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), "|")
		require.Len(tb, f, 5, line)
		out = append(out, classify.Vendor{
			Name: strings.TrimSpace(f[0]), Aliases: list(f[1]), Owner: strings.TrimSpace(f[2]), Domains: list(f[3]),
			Category: classify.Category(strings.TrimSpace(f[4])),
		})
	}
	return out
}

func list(s string) []string {
	var out []string
	for one := range strings.SplitSeq(s, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// TestWritePredictions writes what is read from every file of TRACKSCAN_CORPUS into TRACKSCAN_PREDICTIONS.
func TestWritePredictions(t *testing.T) {
	from, to := os.Getenv("TRACKSCAN_CORPUS"), os.Getenv("TRACKSCAN_PREDICTIONS")
	if from == "" || to == "" {
		return
	}
	files, err := filepath.Glob(filepath.Join(from, "*"))
	require.NoError(t, err)
	r := &Reader{Vendors: testVendors(t)}
	for _, file := range files {
		if strings.HasSuffix(file, ".json") || strings.HasSuffix(file, "vendors.txt") || strings.HasSuffix(file, ".pdf.txt") {
			continue
		}
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := r.Read(crawler.Document{URL: file, Bytes: raw})
		require.NoError(t, err, file)
		out, err := json.MarshalIndent(p, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(to, filepath.Base(file)+".json"), out, 0o600))
	}
}
