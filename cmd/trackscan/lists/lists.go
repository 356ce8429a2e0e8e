// Package lists finds, fetches and loads the lists and databases of others that help to name trackers: filter lists in
// adblock syntax, and a user's own copies of the Open Cookie Database and of Tracker Radar. All of them come at run
// time from the user's machine; none is part of this program.
//
// It never judges and never blocks: reading adblock syntax is the work of classify/filterlist, naming vendors that of
// classify/catalog. A blocker's package is read for its lists only; it is never loaded into a browser.
package lists

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Options say where lists lie and where they come from. The zero value of each field is useful.
type Options struct {
	Dir      string           // of fetched lists and the cache, usually DefaultDir; empty for none: Update then fails
	Sources  []Source         // what Update fetches; nil for DefaultSources
	Files    []string         // the user's own list files
	System   []string         // patterns of folders with a blocker's lists; nil for SystemFolders, empty for none
	CookieDB string           // the user's copy of the Open Cookie Database, a CSV file; empty for none
	Radar    string           // the folder of the user's copy of Tracker Radar; empty for none
	Client   *http.Client     // what Update fetches with; nil for one with a timeout of a minute
	Now      func() time.Time // nil for time.Now
}

// Source is a list to fetch.
type Source struct {
	Name string // of the file it is kept in, without ".txt": lower-case letters, digits and "-"
	URL  string // https
}

// DefaultSources are fetched when the user configures none.
var DefaultSources = []Source{
	{"easylist", "https://easylist.to/easylist/easylist.txt"},
	{"easyprivacy", "https://easylist.to/easylist/easyprivacy.txt"},
	{"fanboy-social", "https://easylist.to/easylist/fanboy-social.txt"},
}

// SystemFolders are where packages of uBlock Origin keep its lists (Debian and its kin; Chromium and Firefox).
var SystemFolders = []string{
	"/usr/share/chromium/extensions/*/assets",
	"/usr/share/webext/*/assets",
	"/usr/share/mozilla/extensions/*/*/assets",
}

// Loaded is a list that takes part.
type Loaded struct {
	Name  string `json:"name"`
	Date  string `json:"date"`  // "2006-01-02": when it was last changed, by its own word, else by its file's
	Rules int    `json:"rules"` // network rules; entries of a database
}

// DefaultDir returns where fetched lists are kept: trackscan/lists in $XDG_CACHE_HOME, else in ~/.cache. getenv is
// os.Getenv outside of tests.
func DefaultDir(getenv func(string) string) (string, error) {
	if cache := getenv("XDG_CACHE_HOME"); filepath.IsAbs(cache) {
		return filepath.Join(cache, "trackscan", "lists"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".cache", "trackscan", "lists"), nil
	}
	return "", errors.New("find a folder for filter lists: neither XDG_CACHE_HOME nor HOME is set")
}

// The user's copies of databases lie beside the lists under these names.
const (
	cookieDBFile = "open-cookie-database.csv"
	radarFolder  = "tracker-radar"
)

// In returns the Options for a folder: its lists - fetched ones and any other NAME.txt that the user puts there - and
// the user's copies of the Open Cookie Database (open-cookie-database.csv) and of Tracker Radar (tracker-radar/), where
// they are there.
func In(dir string) Options {
	o := Options{Dir: dir}
	if path := filepath.Join(dir, cookieDBFile); isThere(path) {
		o.CookieDB = path
	}
	if path := filepath.Join(dir, radarFolder); isThere(path) {
		o.Radar = path
	}
	return o
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (o *Options) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

func (o *Options) sources() []Source {
	if o.Sources == nil {
		return DefaultSources
	}
	return o.Sources
}
