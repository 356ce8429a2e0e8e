package filterlist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// listsDir names a folder with real lists, as the uBlock Origin package of a system has them.
func listsDir(t testing.TB) string {
	t.Helper()
	for _, pattern := range []string{
		os.Getenv("TRACKSCAN_LISTS"),
		"/usr/share/chromium/extensions/*/assets",
		"/usr/share/webext/*/assets",
		"/usr/share/mozilla/extensions/*/*/assets",
	} {
		found, err := filepath.Glob(filepath.Join(pattern, easyLists[0]))
		require.NoError(t, err)
		if pattern != "" && len(found) > 0 {
			return strings.TrimSuffix(found[0], easyLists[0])
		}
	}
	missing(t, "no real lists found: install webext-ublock-origin-chromium or set TRACKSCAN_LISTS to its assets folder")
	return ""
}

// missing skips a test that needs what is not there, unless everything is required.
func missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("TRACKSCAN_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
}

var (
	easyLists    = []string{"thirdparties/easylist/easylist.txt", "thirdparties/easylist/easyprivacy.txt"}
	blockerLists = []string{
		"ublock/filters.min.txt", "ublock/privacy.min.txt", "ublock/badware.min.txt", "ublock/quick-fixes.min.txt",
		"ublock/unbreak.min.txt",
	}
)

func loadLists(t testing.TB, dir string, names []string) *Engine {
	t.Helper()
	var lists []*List
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		l, err := Parse(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		lists = append(lists, l)
	}
	e, err := NewEngine(lists...)
	require.NoError(t, err)
	return e
}

// said is what the oracle says of a request.
type said struct {
	Blocked   bool   `json:"blocked"`
	Rule      string `json:"rule"`
	Exception string `json:"exception"`
}

// oracle asks the reference engine, which npm brings into a cache folder.
func oracle(t *testing.T, lists []string, requests []asked) []said {
	t.Helper()
	cmd := exec.Command("node", append([]string{"testdata/oracle.mjs", oracleModule(t)}, lists...)...)
	var in, out bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, r := range requests {
		require.NoError(t, enc.Encode(r))
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, os.Stderr
	require.NoError(t, cmd.Run())
	var answers []said
	for s := bufio.NewScanner(&out); s.Scan(); {
		var one said
		require.NoError(t, json.Unmarshal(s.Bytes(), &one))
		answers = append(answers, one)
	}
	require.Len(t, answers, len(requests))
	return answers
}

// oracleVersion pins the reference engine.
const oracleVersion = "@ghostery/adblocker@2.18.2"

func oracleModule(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			missing(t, name+" is missing: the comparison with the reference engine is not made")
		}
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	dir := filepath.Join(cache, "trackscan-test", strings.ReplaceAll(oracleVersion, "/", "-"))
	if _, err := os.Stat(filepath.Join(dir, "node_modules/@ghostery/adblocker/package.json")); err == nil {
		return dir
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	cmd := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", oracleVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		missing(t, "the reference engine cannot be installed: "+string(out))
	}
	return dir
}
