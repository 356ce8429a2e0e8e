package classify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConsentStringsAgainstTheReference decodes strings that IAB's own libraries made and holds them to what these say.
func TestConsentStringsAgainstTheReference(t *testing.T) {
	cmd := exec.Command("node", "testdata/consent-oracle.mjs", consentOracle(t), "420")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	require.NoError(t, cmd.Run())
	lines := bufio.NewScanner(&out)
	lines.Buffer(nil, 1<<20)
	tcf, gpp := 0, 0
	for lines.Scan() {
		var want struct {
			TCF, GPP                                                          string
			CMP, Sale, Sharing, Targeted                                      int
			Features, Purposes, Interests, Vendors, InterestVendors, Sections []int
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &want))
		if want.GPP != "" {
			got, err := ParseGPP(want.GPP)
			require.NoError(t, err, want.GPP)
			require.Equal(t, want.Sections, got.Sections, want.GPP)
			us := USChoices{Sale: toldAs(want.Sale), Sharing: toldAs(want.Sharing), Targeted: toldAs(want.Targeted)}
			require.Equal(t, us, got.US, want.GPP)
			gpp++
			continue
		}
		got, err := ParseTCString(want.TCF)
		require.NoError(t, err, want.TCF)
		require.Equal(t, want.CMP, got.CMP)
		for _, pair := range [][2][]int{
			{want.Features, got.SpecialFeatures},
			{want.Purposes, got.Purposes},
			{want.Interests, got.Interests},
			{want.Vendors, got.Vendors},
			{want.InterestVendors, got.InterestVendors},
		} {
			require.Equal(t, append([]int{}, pair[0]...), append([]int{}, pair[1]...), want.TCF)
		}
		tcf++
	}
	require.NoError(t, lines.Err())
	require.Equal(t, 420, tcf)
	require.Equal(t, 420, gpp)
}

// toldAs is what a field of an American section says: 1 opted out, 2 not.
func toldAs(field int) grant { return []grant{untold, denied, granted}[field] }

// consentLibraries are the reference, pinned.
var consentLibraries = []string{"@iabtcf/core@1.5.6", "@iabgpp/cmpapi@3.2.0"}

// consentOracle returns a folder outside of the repository in which npm has installed the reference.
func consentOracle(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			lacking(t, name+" is missing: consent strings are not compared with the reference")
		}
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	dir := filepath.Join(cache, "trackscan-test", "iab-consent-1.5.6-3.2.0")
	if _, err := os.Stat(filepath.Join(dir, "node_modules/@iabgpp/cmpapi/package.json")); err == nil {
		return dir
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	args := append([]string{"install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund"}, consentLibraries...)
	if out, err := exec.Command("npm", args...).CombinedOutput(); err != nil {
		lacking(t, "the reference cannot be installed: "+string(out))
	}
	return dir
}

// lacking skips a test that needs what is not there, unless everything is required.
func lacking(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("TRACKSCAN_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
}
