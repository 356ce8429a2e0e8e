package report

import (
	"cmp"
	"encoding/csv"
	"html"
	"io"
	"slices"
	"strings"

	"trackscan/classify"
)

// Declaration is the list of cookies and the like that the site should publish: what a scan saw, in our own words. It
// goes beside the sentences of the policy, and rewrites none of them.
type Declaration struct {
	Host     string
	When     string
	Sections []Section // by category, those without one last
	New      int       // entries that the published policy does not have
	Unknown  int       // entries that somebody has to complete
}

// Section holds what serves one purpose.
type Section struct {
	Category classify.Category
	Title    string
	About    string
	Rows     []Declarable
}

// Declarable is one entry of a declaration. All of it is inert.
type Declarable struct {
	Name     string // as it is seen, with "*" for what varies
	Kind     string // "cookie", "local storage", "pixel"
	Vendor   string // empty when nobody knows
	Purpose  string // likewise
	Lifetime string
	Party    string
	Host     string
	New      bool // the published policy does not have it
}

// sectionTitles head the sections; the words are ours, and a site may use its own.
var sectionTitles = map[classify.Category][2]string{
	classify.Necessary:   {"Necessary", "The site does not work without them."},
	classify.Functional:  {"Functional", "They remember choices or provide functions that go beyond the necessary."},
	classify.Analytics:   {"Analytics", "They measure how the site is used."},
	classify.Advertising: {"Advertising", "They serve to show advertisements or to measure their effect."},
	classify.Social:      {"Social media", "They belong to the contents and buttons of social networks."},
	classify.NoCategory:  {"To be completed", "Nobody knows yet what they are for: ask the people who build the site."},
}

// DeclarationOf lists everything that a report's scan saw stored, every beacon, and the trackers that do neither.
func DeclarationOf(r Report) Declaration {
	d := Declaration{Host: r.Host, When: when(r.Facts.Started)}
	rows := map[classify.Category][]Declarable{}
	stored := map[classify.Text]bool{}
	for _, t := range r.Facts.Trackers {
		stored[t.Vendor] = stored[t.Vendor] || isStored(t)
	}
	for _, t := range r.Facts.Trackers {
		if declarable(t, stored) {
			row := newDeclarable(t)
			rows[classify.Category(t.Category)] = append(rows[classify.Category(t.Category)], row)
			d.count(row)
		}
	}
	for _, c := range append(slices.Clone(classify.Categories), classify.NoCategory) {
		if len(rows[c]) == 0 {
			continue
		}
		slices.SortStableFunc(rows[c], func(a, b Declarable) int {
			return cmp.Or(cmp.Compare(strings.ToLower(a.Vendor), strings.ToLower(b.Vendor)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Host, b.Host))
		})
		d.Sections = append(d.Sections, Section{c, sectionTitles[c][0], sectionTitles[c][1], slices.Compact(rows[c])})
	}
	return d
}

func (d *Declaration) count(row Declarable) {
	if row.New {
		d.New++
	}
	if row.Vendor == "" || row.Purpose == "" {
		d.Unknown++
	}
}

func isStored(t classify.Tracker) bool {
	return (t.Kind == classify.KindCookie && t.Refused == "") || t.Kind == classify.KindStorage
}

// declarable reports whether a visitor should be told of t. Of a vendor that stores nothing its beacons are told; of
// one that does not even send those, its name.
func declarable(t classify.Tracker, stored map[classify.Text]bool) bool {
	tracks := t.Verdict != classify.NotATracker && t.Category != classify.Text(classify.Necessary)
	switch {
	case isStored(t):
		return true
	case t.Kind == classify.KindBeacon, t.Kind == classify.KindFingerprinting:
		return tracks
	case t.Kind == classify.KindRequest:
		return tracks && t.Vendor != "" && !stored[t.Vendor]
	}
	return false
}

func newDeclarable(t classify.Tracker) Declarable {
	row := Declarable{
		Name: show(cmp.Or(t.Pattern, t.Name)), Kind: partKind(t), Vendor: show(string(t.Vendor)), Purpose: purposeOf(t),
		Lifetime: lifetime(lasts(t)), Party: t.Party, Host: show(strings.TrimPrefix(hostOf(t), ".")),
		New: t.Verdict == classify.Undeclared || t.Verdict == classify.Unidentified || t.Verdict == classify.Contradicted,
	}
	if row.Vendor == "" && t.Party == "first" && !row.New && t.Verdict != classify.NotCompared {
		row.Vendor = row.Host // the site's own
	}
	if t.Kind == classify.KindStorage {
		row.Lifetime = storageLifetimes[t.Storage]
	}
	return row
}

// purposeOf is what is known of the purpose, or else what the policy says of it; what can only be guessed is not declared.
func purposeOf(t classify.Tracker) string {
	switch {
	case t.Source == classify.FromCatalog, t.Source == classify.FromPolicy, t.Verdict == classify.NotATracker:
		return sentence(t.Purpose)
	case t.Declaration != nil && t.Verdict != classify.Contradicted:
		return "The policy: “" + sentence(t.Declaration.Text) + "”"
	}
	return ""
}

// lasts is the lifetime to declare: that asked for where the browser cut it at its 400 days, which others do not.
func lasts(t classify.Tracker) *float64 {
	const cut = 399
	if t.LifetimeDays != nil && *t.LifetimeDays >= cut && t.AskedDays != nil && *t.AskedDays > *t.LifetimeDays {
		return t.AskedDays
	}
	return t.LifetimeDays
}

// storageLifetimes are how long browsers keep what has no date of its own.
var storageLifetimes = map[string]string{"session": "session", "local": "until deleted", "indexeddb": "until deleted", "cache": "until deleted"}

// DeclarationFormats are the names of the formats of a declaration, the default first.
var DeclarationFormats = []string{"md", "html", "csv"}

// Write writes the declaration in one of DeclarationFormats.
func (d Declaration) Write(w io.Writer, format string) error {
	switch format {
	case "csv":
		return d.writeCSV(w)
	case "html":
		return d.writeHTML(w)
	}
	return d.writeMarkdown(w)
}

var declarationColumns = []string{"Name", "Kind", "Provider", "Purpose", "Lifetime", "Party"}

// cells are the columns of a row, with words where nobody knows.
func (row Declarable) cells() []string {
	return []string{
		row.Name, row.Kind, cmp.Or(row.Vendor, "(unknown)"), cmp.Or(row.Purpose, "(unknown)"), cmp.Or(row.Lifetime, "–"), row.Party + " party",
	}
}

func (d Declaration) writeMarkdown(w io.Writer) error {
	var lines []string
	for _, s := range d.Sections {
		lines = append(lines, "### "+s.Title, "", s.About, "", "| "+strings.Join(declarationColumns, " | ")+" |",
			strings.Repeat("| --- ", len(declarationColumns))+"|")
		for _, row := range s.Rows {
			cells := mapped(row.cells(), mdText)
			cells[0] = mdCode(row.Name)
			if row.New {
				cells[0] += " **new**"
			}
			lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
		}
		lines = append(lines, "")
	}
	lines = append(lines, "As of "+d.When+", "+mdText(d.Host)+".", "")
	_, err := io.WriteString(w, strings.Join(lines, "\n"))
	return err
}

// writeHTML writes tables without any style, to be put into a page of the site.
func (d Declaration) writeHTML(w io.Writer) error {
	var lines []string
	for _, s := range d.Sections {
		lines = append(lines, "<h3>"+s.Title+"</h3>", "<p>"+s.About+"</p>", "<table>", "<thead><tr><th scope=\"col\">"+
			strings.Join(declarationColumns, "</th><th scope=\"col\">")+"</th></tr></thead>", "<tbody>")
		for _, row := range s.Rows {
			cells := mapped(row.cells(), html.EscapeString)
			cells[0] = "<code>" + cells[0] + "</code>"
			if row.New {
				cells[0] += " <mark>new</mark>"
			}
			lines = append(lines, "<tr><td>"+strings.Join(cells, "</td><td>")+"</td></tr>")
		}
		lines = append(lines, "</tbody>", "</table>")
	}
	lines = append(lines, "<p>As of "+d.When+", "+html.EscapeString(d.Host)+".</p>", "")
	_, err := io.WriteString(w, strings.Join(lines, "\n"))
	return err
}

func (d Declaration) writeCSV(w io.Writer) error {
	rows := [][]string{{"category", "name", "kind", "vendor", "purpose", "lifetime", "party", "host", "new"}}
	for _, s := range d.Sections {
		for _, row := range s.Rows {
			fresh := ""
			if row.New {
				fresh = "new"
			}
			rows = append(rows, mapped([]string{
				string(s.Category), row.Name, row.Kind, row.Vendor, row.Purpose, row.Lifetime, row.Party, row.Host, fresh,
			}, csvCell))
		}
	}
	out := csv.NewWriter(w)
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}
