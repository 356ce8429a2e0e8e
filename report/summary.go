package report

import (
	"strconv"
	"strings"

	"trackscan/classify"
)

// Summary is the top of a report: what a person who has one minute must know, in words that are inert.
type Summary struct {
	Host     string
	Headline string
	News     string // what is new, and since when
	Lede     string // where to begin
	Scan     string // whether everything was seen
	Tone     string // "bad", "warn" or "good", beside the words that say the same
	When     string // the scan was started
	Whole    bool
	Warnings []Warning
	Numbers  []CountRow
	Changes  []ChangeLine
	Notes    []string // what could not be told of changes
	Tasks    []Task   // worst first
	More     int      // tasks that are left out
	Footer   []string
}

// Task is one thing to do: a card in a few lines.
type Task struct {
	Name     string // with the company behind it
	Severity string // "high", "medium" or "low"
	Shape    string // stands before the severity
	Tags     []string
	New      bool // it was not there in earlier scans
	Purpose  string
	Why      string
	Quotes   []string // sentences of the policy that Why speaks of
	Fixes    []string
	Small    string // names, where it was seen, for how long it is open
}

// ChangeLine is one thing that changed since the last scan.
type ChangeLine struct {
	Sign string // "+", stands for Word in front of it
	Word string // "new", "gone", "worse", "better" or "policy"
	Name string
	Text string // what of it, in plain words

	Before, After string // of the policy: its words then and now
}

// Line is the name and what of it, in one line.
func (l ChangeLine) Line() string {
	if l.Text == "" {
		return l.Name
	}
	return l.Name + ": " + l.Text
}

// Summarise sums up a report with at most that many tasks.
func Summarise(r Report, tasks int) Summary {
	shown := headOf(r.ToDo, tasks)
	s := Summary{
		Host: r.Host, Headline: Headline(r), Lede: lede(r), Tone: tone(r), When: when(r.Facts.Started), Whole: r.Facts.Whole,
		Warnings: r.Warnings, Numbers: countRows(r.Counts), Changes: changeLines(r.Changes), Notes: r.Changes.Notes, More: shown.More,
		Footer: append(heldAgainst(r), footer(r)...),
	}
	if r.Dead {
		s.Numbers = nil
		return s
	}
	b := newBrief(r)
	s.Scan, s.News = b.Scan, b.Heading()+": "+b.News()+"."
	for _, c := range shown.Rows {
		s.Tasks = append(s.Tasks, newTask(c, r))
	}
	return s
}

// Fresh marks a task that is new in plain text; empty for the others.
func (t Task) Fresh() string {
	if t.New {
		return " (NEW)"
	}
	return ""
}

func newTask(c Card, r Report) Task {
	t := Task{
		Name: c.Name, Severity: severityWord(c.Severity), Shape: severityShapes[c.Severity], New: c.New != nil,
		Purpose: c.Purpose, Fixes: mapped(advice(c), Advice.Text), Small: strings.Join(union(nil, []string{names(c.Parts), seen(c, r), openSince(c)}), " · "),
	}
	if c.Owner != "" {
		t.Name += " (" + c.Owner + ")"
	}
	if len(c.Parts) > 0 {
		t.Tags = []string{categoryWord(c.Category), verdictWords[c.Verdict]}
	}
	if len(c.Problems) > 0 {
		first := matters(c)[0]
		t.Why, t.Quotes = first.Why, first.Quotes
	}
	return t
}

// changeLines lists what changed, the news first.
func changeLines(c Changes) []ChangeLine {
	var out []ChangeLine
	add := func(sign, word string, list []Change) {
		for _, one := range list {
			out = append(out, ChangeLine{Sign: sign, Word: word, Name: one.Name, Text: one.text(word)})
		}
	}
	add("+", "new", c.New)
	add("▲", "worse", c.Worse)
	add("−", "gone", c.Gone)
	add("▼", "better", c.Better)
	for _, p := range c.Policy {
		out = append(out, ChangeLine{Sign: "§", Word: "policy", Name: p.Sentence, Before: p.Before, After: p.After})
	}
	return out
}

// text says what of a tracker changed: "advertising, not in the policy: cookie _fbp, host connect.facebook.net".
func (c Change) text(word string) string {
	var about []string
	if word != "gone" && len(c.Parts) > 0 {
		about = append(about, categoryWord(c.Category), verdictWords[c.Verdict])
	}
	if word == "worse" || word == "better" {
		return strings.TrimSuffix(c.Why, ".")
	}
	parts := someOf(c.Parts, shownParts)
	if len(about) == 0 {
		return parts
	}
	return strings.Join(about, ", ") + ": " + parts
}

// openSince says since when a card has been open; empty for what is new or has no history.
func openSince(c Card) string {
	if c.Open.IsZero() || c.Nights < 2 {
		return ""
	}
	return "open since " + c.Open.Format("2 Jan") + " (" + strconv.Itoa(c.Nights) + " scans)"
}

// headlineNews is what a subject line adds to the headline: how many trackers are new.
func headlineNews(c Changes) string {
	n := 0
	for _, one := range c.New {
		if one.Whole && one.Verdict != classify.NotATracker {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return "; " + strconv.Itoa(n) + pick(n, " is", " are") + " new"
}

// Subject is the headline of a mail: verdict and site, and how many trackers are new.
func Subject(r Report) string { return Headline(r) + headlineNews(r.Changes) }
