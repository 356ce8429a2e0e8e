package lists

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"trackscan/classify"
	"trackscan/classify/filterlist"
)

// Load reads all lists and databases that are there and returns what they know, the databases first because they name
// vendors. Without any the catalogue knows nothing and the list is empty: that is no error. Errors are a file that the
// user named and that cannot be read, and one that is no list.
//
// What was read is kept in Dir, where one is given, in a form that loads faster; where that cannot be written, nothing
// is lost but time.
func Load(o Options) ([]Loaded, classify.Catalog, error) {
	files, err := o.find()
	if err != nil {
		return nil, nil, err
	}
	engine, err := o.engine(files)
	if err != nil {
		return nil, nil, err
	}
	loaded := []Loaded{}
	for _, l := range engine.Lists() {
		loaded = append(loaded, Loaded{Name: l.Name, Date: l.Date, Rules: l.Rules})
	}
	databases, known, err := o.databases()
	if err != nil {
		return nil, nil, err
	}
	return append(loaded, databases...), append(known, engine), nil
}

// databases loads the user's copies of databases.
func (o *Options) databases() ([]Loaded, classify.Catalogs, error) {
	var loaded []Loaded
	var known classify.Catalogs
	if o.CookieDB != "" {
		db, err := loadCookieDB(o.CookieDB)
		if err != nil {
			return nil, nil, err
		}
		loaded, known = append(loaded, db.loaded()), append(known, db)
	}
	if o.Radar != "" {
		radar, err := loadRadar(o.Radar)
		if err != nil {
			return nil, nil, err
		}
		loaded, known = append(loaded, radar.loaded()), append(known, radar)
	}
	return loaded, known, nil
}

// engine returns the engine of files, from the cache when it is of these very files.
func (o *Options) engine(files []file) (*filterlist.Engine, error) {
	if len(files) == 0 {
		return filterlist.NewEngine()
	}
	cache := cachePath(o.Dir, files)
	if e, ok := readCache(cache); ok {
		return e, nil
	}
	var all []*filterlist.List
	parts := 0
	for _, f := range files {
		l, n, err := f.parse()
		if err != nil {
			return nil, err
		}
		parts += n
		all = append(all, l)
	}
	e, err := filterlist.NewEngine(all...)
	if err != nil {
		return nil, err
	}
	if parts == 0 && o.Dir != "" {
		keepCache(cache, e)
	}
	return e, nil
}

// parse reads a list file with what it includes, and tells how many files were included: a change of those is not seen
// from outside, so that such a list must not be cached.
func (f file) parse() (l *filterlist.List, parts int, err error) {
	text, parts, err := f.expanded()
	if err != nil {
		return nil, 0, fmt.Errorf("load %s: %w", f.path, err)
	}
	l, err = filterlist.Parse(strings.NewReader(text))
	if err != nil {
		return nil, 0, fmt.Errorf("load %s: %w", f.path, err)
	}
	l.Name = cmp.Or(l.Name, f.stem, strings.TrimSuffix(filepath.Base(f.path), ".txt"))
	if l.Date() == "" {
		l.Modified = f.changed.UTC().Format(time.DateOnly)
	}
	return l, parts, nil
}

func (f file) expanded() (text string, parts int, err error) {
	root, err := os.OpenRoot(filepath.Dir(f.path))
	if err != nil {
		return "", 0, err
	}
	defer root.Close()
	list, err := os.Open(f.path)
	if err != nil {
		return "", 0, err
	}
	defer list.Close()
	text, err = filterlist.Expand(list, func(name string) (io.ReadCloser, error) {
		parts++
		part, err := root.Open(name)
		if errors.Is(err, fs.ErrNotExist) && !f.own {
			return io.NopCloser(strings.NewReader("")), nil // packages leave parts out
		}
		return part, err
	})
	return text, parts, err
}
