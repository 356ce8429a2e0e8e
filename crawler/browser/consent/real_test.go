package consent

import (
	"io/fs"
	"path"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb/npm"
)

// TestRealButtons scores the texts that two real consent managers show, in all their languages. They are read where npm
// puts them, and are no part of this repository.
func TestRealButtons(t *testing.T) {
	labelled := map[string]Button{}
	collect(t, npm.Package(t, "klaro@0.7.22"), "src/translations/*.yml", `(?m)^\s*%s: ['"]?(.+?)['"]?\s*$`,
		map[string]Button{"acceptAll": Accept, "decline": Reject, "acceptSelected": Save, "save": Save}, labelled)
	collect(t, npm.Package(t, "tarteaucitronjs@1.34.0"), "lang/tarteaucitron.??.js", `"%s"\s*:\s*"([^"]+)"`,
		map[string]Button{"acceptAll": Accept, "denyAll": Reject, "allow": Accept, "deny": Reject, "personalize": Settings, "close": Close}, labelled)
	require.Greater(t, len(labelled), 200)
	checkScores(t, labelled)
	logMistakes(t, labelled)
}

func collect(t *testing.T, files fs.FS, glob, pattern string, keys map[string]Button, into map[string]Button) {
	names, err := fs.Glob(files, glob)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		require.NoError(t, err)
		for key, label := range keys {
			line := regexp.MustCompile(regexp.MustCompile(`%s`).ReplaceAllString(pattern, key))
			if m := line.FindSubmatch(text); m != nil && path.Base(name) != "en.ref.yml" {
				into[string(m[1])] = label
			}
		}
	}
}
