package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTidy holds that the profile of a process that is gone goes too, and nothing else does.
func TestTidy(t *testing.T) {
	gone := exec.Command("true")
	require.NoError(t, gone.Run())
	temp := t.TempDir()
	profile := func(name, note string) string {
		folder := filepath.Join(temp, name)
		require.NoError(t, os.Mkdir(folder, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "Cookies"), []byte("x"), 0o600))
		if note != "" {
			require.NoError(t, os.WriteFile(filepath.Join(folder, ownerFile), []byte(note), 0o600))
		}
		return folder
	}
	dead := owner(gone.Process.Pid)
	left := profile("chromedp-runner1", dead)
	kept := []string{
		profile("chromedp-runner2", owner(os.Getpid())),
		profile("chromedp-runner3", ""),
		profile("chromedp-runner4", strings.Replace(dead, " ", " elsewhere-", 1)),
		profile("chromedp-runner5", "0"),
		profile("chromedp-runner6", fmt.Sprint(gone.Process.Pid)),
		profile("another", dead),
	}
	victim := profile("victim", dead)
	require.NoError(t, os.Symlink(victim, filepath.Join(temp, "chromedp-runner7")))
	tidy(temp)
	require.NoDirExists(t, left)
	for _, folder := range append(kept, victim) {
		require.FileExists(t, filepath.Join(folder, "Cookies"))
	}
	require.NoFileExists(t, filepath.Join(temp, "chromedp-runner7"))
}
