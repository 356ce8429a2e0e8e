package report

import (
	"strconv"
	"strings"
	"time"

	"trackscan/classify"
)

// CountRow is one number and what it counts.
type CountRow struct {
	N     int
	Name  string
	Words string
	Tone  string // "bad", "warn", "good" or "quiet"
}

// countRows are the numbers of a report with words. What does not apply is left out.
func countRows(c Counts) []CountRow {
	rows := []CountRow{
		{c.Undeclared, "undeclared", undeclaredWords(c), "bad"},
		{c.Unidentified, "unidentified", "nobody can say what they are for: ask the developers", "warn"},
		{c.Declared, "declared", declaredWords(c), "good"},
		{c.Unseen, "not seen", "declared, but never seen: the policy may be out of date", "quiet"},
	}
	if c.NotCompared > 0 {
		rows = []CountRow{{c.NotCompared, "not compared", "there was no policy to hold them against", "warn"}}
	}
	return rows
}

func undeclaredWords(c Counts) string {
	words := "the policy does not mention them"
	var more []string
	if c.Contradicted > 0 {
		more = append(more, "it denies "+strconv.Itoa(c.Contradicted)+" of them")
	}
	if c.Necessary > 0 {
		more = append(more, strconv.Itoa(c.Necessary)+" needed to make the site work")
	}
	if len(more) > 0 {
		words += " (" + strings.Join(more, "; ") + ")"
	}
	return words
}

func declaredWords(c Counts) string {
	words := "in the policy"
	if c.ByCategory > 0 {
		words += " (" + strconv.Itoa(c.ByCategory) + " only by a category or purpose, not by name)"
	}
	return words
}

// cardTitle is the first line of a card: who, what for, and how it stands to the policy.
func cardTitle(c Card) string {
	title := c.Name
	if len(c.Parts) == 0 {
		return title
	}
	if c.Owner != "" {
		title += " (" + c.Owner + ")"
	}
	if c.Category != classify.NoCategory {
		title += " · " + categoryWord(c.Category)
	}
	return title + " · " + verdictWords[c.Verdict]
}

// shownParts is how many parts of each kind a card names; the evidence lists all.
const shownParts = 6

// names lists the parts of a card by kind: "cookies _fbp, fr; beacon www.facebook.com/tr".
func names(c Card) string {
	var groups []string
	for _, kind := range partOrder {
		if group := namesOf(c.Parts, kind); group != "" {
			groups = append(groups, group)
		}
	}
	return strings.Join(groups, "; ")
}

func namesOf(parts []Part, kind string) string {
	var labels []string
	for _, p := range parts {
		if p.Kind == kind {
			labels = union(labels, []string{p.Label()})
		}
	}
	if len(labels) == 0 {
		return ""
	}
	text := kindWord(kind, len(labels)) + " " + strings.Join(labels[:min(len(labels), shownParts)], ", ")
	if len(labels) > shownParts {
		text += " and " + strconv.Itoa(len(labels)-shownParts) + " more"
	}
	return text
}

// kindWord is the kind for one or many parts.
func kindWord(kind string, n int) string {
	if n > 1 && (kind == partCookie || kind == partBeacon || kind == partHost) {
		return kind + "s"
	}
	return kind
}

// where tells what a card consists of, where it was seen and how long it stays.
func where(c Card) string {
	text := names(c) + " · on " + number(c.PageCount, "page", "pages")
	if len(c.Pages) > 0 {
		text += ", first " + c.Pages[0]
	}
	if kept := longest(c.Parts); kept != "" {
		text += " · " + kept
	}
	return text
}

// longest tells how long the part that stays longest is kept.
func longest(parts []Part) string {
	best := -1.0
	var text string
	for _, p := range parts {
		if p.Lifetime != "" && p.days > best {
			best, text = p.days, p.Lifetime
			if p.Asked != "" {
				text += " (asked for " + p.Asked + ")"
			}
		}
	}
	switch text {
	case "":
		return ""
	case "session":
		return "kept until the browser is closed"
	}
	return "kept " + text
}

// fixes lists what to do about a card, each once.
func fixes(c Card) []string {
	var out []string
	for _, p := range c.Problems {
		out = union(out, p.Fixes)
	}
	return out
}

// footer tells how the scan was made.
func footer(r Report) []string {
	f := r.Facts
	seen := number(len(f.Pages), "visit", "visits")
	if names := scenarioNames(f.Scenarios); names != "" {
		seen += " (" + names + ")"
	}
	if took := f.Ended.Sub(f.Started); took > 0 {
		seen += " in " + duration(took)
	}
	out := []string{seen + ", a fresh visitor for each"}
	for _, p := range f.Policies {
		out = append(out, "policy "+show(p.URL))
	}
	with := []string{"trackscan " + show(f.Agent.Trackscan)}
	if f.Agent.Browser != "" {
		with = append(with, show(f.Agent.Browser))
	}
	return append(out, strings.Join(with, " · "))
}

func duration(d time.Duration) string { return d.Round(time.Second).String() }
