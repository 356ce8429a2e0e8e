package lists

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"trackscan/classify"
)

// cookieDBName is how the database is called in reports.
const cookieDBName = "Open Cookie Database"

// Bounds on a database; the Open Cookie Database has some 2,300 rows and 1 MB.
const (
	maxDatabase = 64 << 20
	maxRows     = 1_000_000
)

// cookieDB is a user's copy of the Open Cookie Database: a second opinion on cookies and storage keys.
type cookieDB struct {
	exact    map[string][]cookieRow
	prefixes map[string][]cookieRow // of rows marked as wildcards
	rows     int
	changed  time.Time
}

// cookieRow is one row.
type cookieRow struct {
	identity classify.Identity
	domain   string
}

// cookieCategories maps the database's words to ours, by its own definitions: what it calls functional is also known as
// strictly necessary there, and its preferences are what we call functional.
var cookieCategories = map[string]classify.Category{
	"functional":      classify.Necessary,
	"security":        classify.Necessary,
	"preferences":     classify.Functional,
	"personalization": classify.Functional,
	"analytics":       classify.Analytics,
	"marketing":       classify.Advertising,
}

// cookieColumns are the columns that are read, by the beginning of their heads.
var cookieColumns = []string{"platform", "category", "cookie", "domain", "description", "data controller", "wildcard"}

// loadCookieDB reads the CSV file at path.
func loadCookieDB(path string) (*cookieDB, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("load cookie database: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("load cookie database: %w", err)
	}
	db, err := readCookieDB(f)
	if err != nil {
		return nil, fmt.Errorf("load cookie database %s: %w", path, err)
	}
	db.changed = info.ModTime()
	return db, nil
}

// readCookieDB reads the database's CSV. Rows that are broken or whose category nobody knows are left out.
func readCookieDB(r io.Reader) (*cookieDB, error) {
	c := csv.NewReader(io.LimitReader(r, maxDatabase))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	head, err := c.Read()
	if err != nil {
		return nil, err
	}
	at, err := columns(head)
	if err != nil {
		return nil, err
	}
	db := &cookieDB{exact: map[string][]cookieRow{}, prefixes: map[string][]cookieRow{}}
	for range maxRows {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		db.add(row, at)
	}
	return db, nil
}

// columns finds cookieColumns in the head.
func columns(head []string) ([]int, error) {
	at := make([]int, len(cookieColumns))
	for i, name := range cookieColumns {
		at[i] = -1
		for k, title := range head {
			title = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(title)), "\ufeff")
			if at[i] < 0 && strings.HasPrefix(title, name) {
				at[i] = k
			}
		}
		if at[i] < 0 {
			return nil, fmt.Errorf("no column %q: not a copy of the %s", name, cookieDBName)
		}
	}
	return at, nil
}

func (db *cookieDB) add(row []string, at []int) {
	field := func(i int) string {
		if at[i] >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[at[i]])
	}
	name, category := field(2), cookieCategories[strings.ToLower(field(1))]
	if name == "" || category == classify.NoCategory {
		return
	}
	id := classify.Identity{
		Category: category, Purpose: field(4), Source: classify.FromFilterList, Rule: name + " (" + cookieDBName + ")",
	}
	if platform := field(0); platform != "" {
		id.Vendor = &classify.Vendor{Name: platform, Owner: field(5), Category: category}
	}
	one := cookieRow{identity: id, domain: strings.ToLower(field(3))}
	db.rows++
	if field(6) == "1" {
		one.identity.Pattern = name + "*"
		db.prefixes[name] = append(db.prefixes[name], one)
		return
	}
	db.exact[name] = append(db.exact[name], one)
}

// shortName is the length up to which a name says nothing without its domain.
const shortName = 3

// Identify implements classify.Catalog for cookies and storage. An exact name beats a wildcard, a longer wildcard a
// shorter one, and among rows of one name the one of the thing's domain the others. A name of up to three characters
// counts only with its domain, and rows that disagree without one say nothing.
func (db *cookieDB) Identify(t classify.Thing) (classify.Identity, bool) {
	if t.Kind != classify.KindCookie && t.Kind != classify.KindStorage {
		return classify.Identity{}, false
	}
	if id, ok := choose(db.exact[t.Name], t.Name, t.Host); ok {
		return id, true
	}
	for n := len(t.Name); n > 0; n-- {
		if id, ok := choose(db.prefixes[t.Name[:n]], t.Name[:n], t.Host); ok {
			return id, true
		}
	}
	return classify.Identity{}, false
}

// choose picks the row for host out of those of one literal. Where none names the host, the literal must be long enough
// to speak for itself and the rows must agree.
func choose(rows []cookieRow, literal, host string) (classify.Identity, bool) {
	for _, row := range rows {
		if row.of(host) {
			return row.identity, true
		}
	}
	if len(rows) == 0 || len(literal) <= shortName {
		return classify.Identity{}, false
	}
	for _, row := range rows {
		if row.identity.Category != rows[0].identity.Category {
			return classify.Identity{}, false
		}
	}
	return rows[0].identity, true
}

// of tells whether the row's domain, which is text such as "google.com (3rd party)", names a parent of host.
func (r cookieRow) of(host string) bool {
	for word := range strings.FieldsSeq(r.domain) {
		word = strings.Trim(word, ".,;()")
		if strings.Contains(word, ".") && (host == word || strings.HasSuffix(host, "."+word)) {
			return true
		}
	}
	return false
}

func (db *cookieDB) loaded() Loaded {
	return Loaded{Name: cookieDBName, Date: db.changed.UTC().Format(time.DateOnly), Rules: db.rows}
}
