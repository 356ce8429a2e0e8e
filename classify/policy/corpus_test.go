package policy

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
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
