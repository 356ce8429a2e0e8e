package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ownerFile names, in the profile of a browser that we started, the machine and the process that drive it.
const ownerFile = "trackscan.owner"

// own notes whose profile a folder is. Without the note nothing but the tidying after a crash is lost.
func own(profile string) {
	_ = os.WriteFile(filepath.Join(profile, ownerFile), []byte(owner(os.Getpid())), 0o600)
}

func owner(pid int) string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%d %s", pid, host)
}

// tidy removes the profiles that trackscan left in a folder for temporary files when it was killed: they hold the cookies
// of the sites that it visited. Those of other machines and containers that share the folder stay, and so do all whose
// owner may be alive.
func tidy(temp string) {
	notes, _ := filepath.Glob(filepath.Join(temp, "chromedp-runner*", ownerFile)) // only a bad pattern is an error
	for _, note := range notes {
		text, err := os.ReadFile(note)
		var pid int
		if _, bad := fmt.Sscan(strings.TrimSpace(string(text)), &pid); err != nil || bad != nil || pid <= 0 {
			continue
		}
		if string(text) == owner(pid) && !alive(pid) {
			_ = os.RemoveAll(filepath.Dir(note)) // the next browser tries again
		}
	}
}
