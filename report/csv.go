package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"trackscan/classify"
)

// csvHeader names the columns, those that people filter by first.
var csvHeader = []string{
	"kind", "verdict", "severity", "vendor", "category", "name", "host", "party", "purpose", "rules", "message", "fix",
	"policy says", "pages", "first page", "scenarios", "lifetime days", "asked days", "declared days", "set via",
	"set by", "initiators", "source", "id",
}

// The kinds of row besides those of trackers.
const (
	csvWarning = "warning" // comes before every tracker: the scan was not whole
	csvFinding = "finding" // is about the site or its policy
)

// writeCSV writes one row for each tracker with its verdict and findings. Warnings come first; findings that are
// about no tracker come last.
func writeCSV(w io.Writer, r Report, _ Style) error {
	out := csv.NewWriter(w)
	rows := [][]string{csvHeader}
	for _, warning := range r.Warnings {
		rows = append(rows, csvRow(map[string]string{"kind": csvWarning, "message": warningText(warning)}))
	}
	findings, told := findingsByTracker(r.Facts.Findings), map[string]bool{}
	for _, t := range r.Facts.Trackers {
		rows = append(rows, csvTracker(t, findings[t.ID]))
		told[t.ID] = true
	}
	for _, f := range r.Facts.Findings {
		if !told[f.Tracker] {
			rows = append(rows, csvSiteFinding(f))
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}

// warningText is a warning on one line.
func warningText(w Warning) string {
	text := strings.Join(append([]string{w.Text}, w.Details...), " ")
	if w.More > 0 {
		text += " and " + strconv.Itoa(w.More) + " more"
	}
	return text
}

// csvRow puts cells under their columns. Cells are made inert here; numbers of ours pass as they are.
func csvRow(cells map[string]string) []string {
	row := make([]string, len(csvHeader))
	for i, column := range csvHeader {
		row[i] = csvCell(cells[column])
	}
	return row
}

func csvTracker(t classify.Tracker, findings []classify.Finding) []string {
	cells := map[string]string{
		"kind": partKind(t), "verdict": string(t.Verdict), "vendor": string(t.Vendor), "category": string(t.Category),
		"name": t.Name, "host": hostOf(t), "party": t.Party, "purpose": t.Purpose,
		"pages": strconv.Itoa(t.PageCount), "first page": firstOf(t.Pages), "scenarios": strings.Join(t.Scenarios, " "),
		"lifetime days": csvDays(t.LifetimeDays), "asked days": csvDays(t.AskedDays), "declared days": csvDays(t.DeclaredDays),
		"set via": t.SetVia, "set by": t.SetBy, "initiators": strings.Join(t.Initiators, " "), "source": string(t.Source),
		"id": t.ID,
	}
	if t.Declaration != nil {
		cells["policy says"] = t.Declaration.Text
	}
	addFindings(cells, findings)
	return csvRow(cells)
}

// addFindings sums findings up in one row.
func addFindings(cells map[string]string, findings []classify.Finding) {
	var c Card
	for _, f := range findings {
		c.addFinding(f, Part{})
	}
	var rules, messages, fixes []string
	for _, p := range c.Problems {
		rules = append(rules, p.Rule)
		for _, complaint := range p.Complaints {
			messages, fixes = union(messages, []string{complaint.Message}), union(fixes, []string{complaint.Fix})
		}
	}
	cells["severity"] = string(c.Severity)
	cells["rules"] = strings.Join(rules, " ")
	cells["message"] = strings.Join(messages, " ")
	cells["fix"] = strings.Join(fixes, " ")
}

func csvSiteFinding(f classify.Finding) []string {
	cells := map[string]string{"kind": csvFinding, "name": f.Subject, "policy says": f.Text, "id": f.ID}
	addFindings(cells, []classify.Finding{f})
	return csvRow(cells)
}

func csvDays(d *float64) string {
	if d == nil {
		return ""
	}
	return strconv.FormatFloat(*d, 'f', -1, 64)
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// csvCell makes a cell inert: on one line, with every character visible, and no formula for a spreadsheet. Such a
// program takes a cell for a formula that begins with one of =+-@ or their full-width forms; where its list separator
// is a semicolon, so is what follows one inside a cell of ours. An apostrophe before it makes it text.
func csvCell(s string) string {
	s = middle(visible(strings.Join(strings.Fields(s[:min(len(s), 4*csvRunes)]), " ")), csvRunes)
	var b strings.Builder
	begins := true
	for _, r := range s {
		if begins && strings.ContainsRune("=+-@＝＋－＠", r) {
			b.WriteByte('\'')
		}
		begins = strings.ContainsRune(`;,|"`, r) || begins && (r == ' ' || r == '\'')
		b.WriteRune(r)
	}
	return b.String()
}

// csvRunes is the longest cell. Spreadsheets take 32767 characters at most.
const csvRunes = 8000
