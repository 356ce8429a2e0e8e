package lists

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// file is a list file that was found.
type file struct {
	path    string
	stem    string // its name without endings; of two files with one stem the first found counts
	size    int64
	changed time.Time
	own     bool // named by the user
}

// systemLists are the lists of a blocker's package that speak of trackers, and those that repair what these break, by
// stem and place in the package, without the ending. Its lists of malware and annoyances speak of other things and are
// left out.
var systemLists = []struct{ stem, path string }{
	{"easylist", "thirdparties/easylist/easylist"},
	{"easyprivacy", "thirdparties/easylist/easyprivacy"},
	{"ublock-filters", "ublock/filters"},
	{"ublock-privacy", "ublock/privacy"},
	{"ublock-quick-fixes", "ublock/quick-fixes"},
	{"ublock-unbreak", "ublock/unbreak"},
}

// find returns the list files in the order in which they are loaded: fetched ones, then those of the system that were
// not fetched, then the user's own. A file of the user's that is missing is an error; anything else may be.
func (o *Options) find() ([]file, error) {
	found, err := o.fetched()
	if err != nil {
		return nil, err
	}
	for _, f := range o.fromSystem() {
		if !slices.ContainsFunc(found, func(other file) bool { return other.stem == f.stem }) {
			found = append(found, f)
		}
	}
	for _, path := range o.Files {
		f, err := look(path, "")
		if err != nil {
			return nil, fmt.Errorf("find filter list: %w", err)
		}
		f.own = true
		found = append(found, f)
	}
	return found, nil
}

// fetched returns what Update has kept, by name.
func (o *Options) fetched() ([]file, error) {
	if o.Dir == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(escape(o.Dir), "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("find fetched lists: %w", err)
	}
	slices.Sort(paths)
	var found []file
	for _, path := range paths {
		if f, err := look(path, strings.TrimSuffix(filepath.Base(path), ".txt")); err == nil {
			found = append(found, f)
		}
	}
	return found, nil
}

// escape takes the meaning off characters that are special in a pattern.
func escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// fromSystem returns the lists of the first blocker's package that has any.
func (o *Options) fromSystem() []file {
	folders := o.System
	if folders == nil {
		folders = SystemFolders
	}
	for _, pattern := range folders {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, folder := range matches {
			if found := inPackage(folder); len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

func inPackage(folder string) []file {
	var found []file
	for _, l := range systemLists {
		for _, ending := range []string{".min.txt", ".txt"} {
			if f, err := look(filepath.Join(folder, l.path+ending), l.stem); err == nil {
				found = append(found, f)
				break
			}
		}
	}
	return found
}

// look describes the file at path.
func look(path, stem string) (file, error) {
	info, err := os.Stat(path)
	if err != nil {
		return file{}, err
	}
	if !info.Mode().IsRegular() {
		return file{}, fmt.Errorf("%s: not a file", path)
	}
	return file{path: path, stem: stem, size: info.Size(), changed: info.ModTime()}, nil
}
