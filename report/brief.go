package report

import (
	"strings"

	"trackscan/crawler"
)

// Brief answers at the top of a report what a person asks who never saw one.
type Brief struct {
	Since    string   // when the last scan was; empty for a first one
	New      []string // "TikTok Pixel (advertising, not in the policy)"
	MoreNew  int
	First    string // the name of what to do first; empty when there is nothing to do
	FirstWhy string
	FirstFix string
	Scan     string // what was seen, "Complete: 25 pages, before any choice."
}

// briefNew is how many new trackers the top names.
const briefNew = 4

func newBrief(r Report) Brief {
	b := Brief{Scan: coverage(r)}
	if !r.Changes.First() {
		b.Since = r.Changes.Since.Format("2 January 2006")
	}
	for _, c := range r.Changes.New {
		b.New = append(b.New, newWords(c))
	}
	shown := headOf(b.New, briefNew)
	b.New, b.MoreNew = shown.Rows, shown.More
	if len(r.ToDo) > 0 && len(r.ToDo[0].Problems) > 0 {
		first := r.ToDo[0]
		b.First, b.FirstWhy = first.Name, lowerFirst(first.Problems[0].Title)
		if len(first.Parts) == 0 {
			b.FirstWhy = ""
		}
		if list := advice(first); len(list) > 0 {
			b.FirstFix = list[0].Text()
		}
	}
	return b
}

// Heading stands before the news.
func (b Brief) Heading() string {
	if b.Since == "" {
		return "New"
	}
	return "New since " + b.Since
}

// News is what is new, in one line.
func (b Brief) News() string {
	if b.Since == "" {
		return "no earlier scan to compare with"
	}
	if len(b.New) == 0 {
		return "nothing"
	}
	text := strings.Join(b.New, "; ")
	if b.MoreNew > 0 {
		text += " and " + number(b.MoreNew, "more", "more")
	}
	return text
}

func newWords(c Change) string {
	if !c.Whole {
		return c.Name + ": " + someOf(c.Parts, 3)
	}
	return c.Name + " (" + categoryWord(c.Category) + ", " + verdictWords[c.Verdict] + ")"
}

// coverage says whether everything was seen.
func coverage(r Report) string {
	if !r.Facts.Whole {
		return "Not complete: see the warning above."
	}
	text := "Complete: " + number(pagesSeen(r.Facts), "page", "pages")
	if names := scenarioNames(r.Facts.Scenarios); names != "" {
		text += ", seen " + names
	}
	return text + "."
}

// lede says below the headline where to begin.
func lede(r Report) string {
	if r.Dead {
		return "So this report says nothing about the site: neither good nor bad."
	}
	if len(r.ToDo) == 0 || len(r.ToDo[0].Problems) == 0 {
		switch {
		case r.Counts.NotCompared > 0 && len(failuresOf(r.Facts, crawler.StagePolicy)) > 0:
			return "See that the policy can be read, then scan again."
		case !r.Facts.Whole:
			return "Nothing to do about what was seen. What was not seen may be another matter: scan again."
		}
		return "Nothing to do."
	}
	first := r.ToDo[0]
	title := first.Problems[0].Title
	if len(first.Parts) == 0 {
		return "Begin with this: " + title + "."
	}
	return "Begin with " + first.Name + ": " + lowerFirst(title) + "."
}
