package report

import (
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// columns returns how many columns of a terminal s takes, whatever the locale of this machine.
func columns(s string) int { return twwidth.WidthWithOptions(s, twwidth.Options{}) }

// fit cuts s in its middle to at most n columns.
func fit(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	runes := []rune(s)
	head := cut(runes, (n-1)*2/3)
	back := cutEnd(runes, n-1-columns(head))
	return head + "…" + back
}

// cut returns the beginning of runes that takes at most n columns.
func cut(runes []rune, n int) string {
	for i := range runes {
		if n -= columns(string(runes[i])); n < 0 {
			return string(runes[:i])
		}
	}
	return string(runes)
}

// cutEnd returns the end of runes that takes at most n columns.
func cutEnd(runes []rune, n int) string {
	for i := len(runes) - 1; i >= 0; i-- {
		if n -= columns(string(runes[i])); n < 0 {
			return string(runes[i+1:])
		}
	}
	return string(runes)
}

// wrap breaks s at spaces into lines of at most n columns; a word that is longer is cut in its middle.
func wrap(s string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		word = fit(word, n)
		if line != "" && columns(line)+1+columns(word) > n {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// mailWidth is how many columns a line of a mail takes: quoted twice it still fits 80.
const mailWidth = 74

// Wrap breaks s into lines for a mail of plain text; first stands before the first one, and spaces before the others.
func Wrap(first, s string) string {
	lines := wrap(s, mailWidth-columns(first))
	return first + strings.Join(lines, "\n"+strings.Repeat(" ", columns(first)))
}
