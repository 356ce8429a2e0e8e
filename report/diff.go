package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteChanges writes what changed as text, under a title that is inert.
func WriteChanges(w io.Writer, title string, c Changes) error {
	lines := []string{title, ""}
	width := 0
	list := changeLines(c)
	for _, l := range list {
		width = max(width, len([]rune(l.Name)))
	}
	for _, l := range list {
		text := fmt.Sprintf("%s %-7s %-*s", l.Sign, l.Word, min(width, 40), l.Name)
		if l.Text != "" {
			text += "  " + l.Text
		}
		lines = append(lines, strings.TrimRight(text, " "))
	}
	if len(list) == 0 {
		lines = append(lines, "Nothing changed.")
	}
	for _, note := range c.Notes {
		lines = append(lines, "", note)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// WriteChangesMarkdown does the same for a pull request or the summary of a job.
func WriteChangesMarkdown(w io.Writer, title string, c Changes) error {
	lines := []string{"### " + mdText(title), ""}
	for _, l := range changeLines(c) {
		line := "- " + l.Sign + " **" + l.Word + "** " + mdText(l.Name)
		if l.Text != "" {
			line += ": " + mdText(l.Text)
		}
		lines = append(lines, line)
	}
	if len(lines) == 2 {
		lines = append(lines, "Nothing changed.")
	}
	for _, note := range c.Notes {
		lines = append(lines, "", mdText(note))
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}
