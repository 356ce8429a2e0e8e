package browser

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// ErrNoBrowser is the error of Find when there is none.
var ErrNoBrowser = errors.New("no chrome, chromium or edge found")

// Find returns the browser to use: the one asked for, else one that the system has, else one in the cache folder that
// Install filled. The full browser comes before headless shells, which have more tells of automation.
func Find(asked, cache string) (string, error) {
	if isRemote(asked) {
		return asked, nil
	}
	if asked != "" {
		path, err := exec.LookPath(asked)
		if err != nil {
			return "", fmt.Errorf("browser %s: %w", asked, errors.Join(ErrNoBrowser, err))
		}
		return path, nil
	}
	for _, name := range slices.Concat(names(runtime.GOOS), installed(cache)) {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoBrowser
}

// names are the programs and paths where browsers are found, best first.
func names(system string) []string {
	switch system {
	case "darwin":
		return []string{
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
		}
	case "windows":
		var list []string
		for _, base := range []string{os.Getenv("ProgramFiles"), os.Getenv("ProgramFiles(x86)"), os.Getenv("LocalAppData")} {
			if base != "" {
				list = append(list, filepath.Join(base, `Google\Chrome\Application\chrome.exe`),
					filepath.Join(base, `Microsoft\Edge\Application\msedge.exe`))
			}
		}
		return list
	}
	return []string{
		"google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "chrome",
		"chrome-headless-shell", "chromium-headless-shell", "headless-shell", "headless_shell", "/snap/bin/chromium",
	}
}
