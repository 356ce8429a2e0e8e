package report

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Style is how a report for a terminal looks. Other formats ignore it.
type Style struct {
	Width int  // columns; 0 means 100
	Color bool // the caller knows whether it writes to a terminal and what NO_COLOR says
}

// Format is a form in which a report can be written.
type Format struct {
	Name       string   // as --format has it
	Extensions []string // of files in this format, with their dot; the first is the usual one
	Title      string   // for help texts
	Write      func(w io.Writer, r Report, s Style) error
}

// Formats lists every format, the one for a terminal first.
var Formats = []Format{
	{Name: "text", Extensions: []string{".txt"}, Title: "a table for the terminal", Write: writeText},
	{Name: "json", Extensions: []string{".json"}, Title: "every fact, schema " + Schema, Write: writeJSON},
	{Name: "csv", Extensions: []string{".csv"}, Title: "one row for each tracker", Write: writeCSV},
	{Name: "md", Extensions: []string{".md"}, Title: "a summary for a pull request or a job", Write: writeMarkdown},
	{Name: "sarif", Extensions: []string{".sarif"}, Title: "findings for tools of developers, SARIF 2.1.0", Write: writeSARIF},
	{Name: "junit", Extensions: []string{".xml"}, Title: "findings as failed tests", Write: writeJUnit},
	{Name: "html", Extensions: []string{".html", ".htm"}, Title: "one page for the people who own the site", Write: writeHTML},
}

// FormatNamed returns the format of that name, and false when there is none.
func FormatNamed(name string) (Format, bool) {
	return formatWhere(func(f Format) bool { return f.Name == name })
}

// FormatOf returns the format that a file's name asks for by its extension, and false when there is none.
func FormatOf(file string) (Format, bool) {
	ext := strings.ToLower(filepath.Ext(file))
	return formatWhere(func(f Format) bool { return slices.Contains(f.Extensions, ext) })
}

func formatWhere(is func(Format) bool) (Format, bool) {
	i := slices.IndexFunc(Formats, is)
	if i < 0 {
		return Format{}, false
	}
	return Formats[i], true
}
