package report

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"trackscan/classify"
	"trackscan/crawler"
)

// number returns n with the word for what is counted, "1 page", "12 pages".
func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// lifetime says in words how long something is kept; nil is empty, 0 a session.
func lifetime(days *float64) string {
	if days == nil {
		return ""
	}
	d := *days
	switch {
	case d <= 0:
		return "session"
	case d > 1e6:
		return "for ever"
	case d*24*60 < 90:
		return number(max(1, int(math.Round(d*24*60))), "minute", "minutes")
	case d < 2 && d != 1:
		return number(int(math.Round(d*24)), "hour", "hours")
	case d >= 365 && math.Mod(math.Round(d), 365) == 0:
		return number(int(math.Round(d))/365, "year", "years")
	}
	return number(int(math.Round(d)), "day", "days")
}

// when writes a time as people read it, in UTC; empty for the zero time.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

// categoryWord names a category.
func categoryWord(c classify.Category) string {
	if c == classify.NoCategory {
		return "unknown purpose"
	}
	return show(string(c))
}

// verdictWords say how a card stands to the policy.
var verdictWords = map[classify.Verdict]string{
	classify.Contradicted:       "denied by the policy",
	classify.Undeclared:         "not in the policy",
	classify.Unidentified:       "unidentified",
	classify.DeclaredByCategory: "declared by category only",
	classify.DeclaredByVendor:   "declared by vendor",
	classify.DeclaredByName:     "declared by name",
	classify.NotATracker:        "not a tracker",
	classify.NotCompared:        "no policy to compare with",
}

// upperFirst makes the first letter a capital one.
func upperFirst(s string) string { return first(s, unicode.ToUpper) }

// lowerFirst makes the first letter a small one.
func lowerFirst(s string) string { return first(s, unicode.ToLower) }

func first(s string, change func(rune) rune) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(change(r)) + s[size:]
}

// listed joins words as a sentence does: "a, b and c".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// someOf joins the first n words and counts the others.
func someOf(words []string, n int) string {
	text := strings.Join(words[:min(len(words), n)], ", ")
	if more := len(words) - n; more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// scenarioWord says in words what the visitor did.
func scenarioWord(s crawler.Scenario) string {
	switch s {
	case crawler.NoChoice:
		return "before any choice"
	case crawler.Accept:
		return "after accept"
	case crawler.Reject:
		return "after reject"
	case crawler.GPC:
		return "with Global Privacy Control"
	case crawler.DNT:
		return "with Do Not Track"
	}
	return show(string(s))
}

// severityWord names a severity; empty when there is no finding.
func severityWord(s classify.Severity) string { return show(string(s)) }
