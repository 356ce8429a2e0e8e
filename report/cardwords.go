package report

import (
	"slices"
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

// countRows are the numbers of a report with words. A number of nothing has no words; a site without a single tracker
// has no numbers.
func countRows(c Counts) []CountRow {
	if c.NotCompared > 0 {
		row := CountRow{c.NotCompared, "not compared", "there was no policy that " + pick(c.NotCompared, "it", "they") + " could be held against", "warn"}
		return append([]CountRow{row}, unaskedRow(c)...)
	}
	rows := []CountRow{
		{c.Undeclared, "undeclared", undeclaredWords(c), "bad"},
		{c.Unidentified, "unidentified", "nobody can say what " + pick(c.Unidentified, "it is", "they are") + " for: ask the developers", "warn"},
		{c.Declared, "declared", declaredWords(c), "good"},
		{c.Unseen, "not seen", "declared, but never seen: the policy may be out of date", "quiet"},
	}
	total := 0
	for i, row := range rows {
		total += row.N
		if row.N == 0 {
			rows[i].Words, rows[i].Tone = "none", "quiet"
		}
	}
	if total == 0 {
		return nil
	}
	return slices.Insert(rows, 3, unaskedRow(c)...)
}

// unaskedRow says how many do not go by the visitor's choice. They are counted in the rows above too.
func unaskedRow(c Counts) []CountRow {
	if c.Unasked == 0 {
		return nil
	}
	var words []string
	if c.Early > 0 {
		words = append(words, strconv.Itoa(c.Early)+" "+pick(c.Early, "does", "do")+" not wait for the visitor's choice")
	}
	if c.Defiant > 0 {
		words = append(words, strconv.Itoa(c.Defiant)+" "+pick(c.Defiant, "ignores", "ignore")+" a rejection")
	}
	if c.Deaf > 0 {
		words = append(words, strconv.Itoa(c.Deaf)+" "+pick(c.Deaf, "ignores", "ignore")+" the browser's privacy signal")
	}
	return []CountRow{{c.Unasked, "no consent", "of these trackers, " + listed(words), "bad"}}
}

func undeclaredWords(c Counts) string {
	words := "the policy does not mention " + pick(c.Undeclared, "it", "them")
	var more []string
	if c.Contradicted > 0 {
		more = append(more, "it even denies "+strconv.Itoa(c.Contradicted))
	}
	if c.Necessary > 0 {
		more = append(more, strconv.Itoa(c.Necessary)+" "+pick(c.Necessary, "is", "are")+" needed for the site to work")
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

// names lists parts by kind: "cookies _fbp, fr; beacon www.facebook.com/tr".
func names(parts []Part) string {
	var groups []string
	for _, kind := range partOrder {
		if group := namesOf(parts, kind); group != "" {
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
	return strings.TrimSpace(kindWord(kind, len(labels)) + " " + someOf(labels, shownParts))
}

// kindWord is the kind for one or many parts.
func kindWord(kind string, n int) string {
	if n > 1 && (kind == partCookie || kind == partBeacon || kind == partHost) {
		return kind + "s"
	}
	return kind
}

// seen tells where a card was seen and how long it stays.
func seen(c Card, r Report) string {
	if len(c.Parts) == 0 {
		return ""
	}
	text := "on " + strconv.Itoa(c.PageCount) + " of " + number(max(c.PageCount, pagesSeen(r.Facts)), "page", "pages")
	if len(c.Pages) > 0 {
		text += ", first " + c.Pages[0]
	}
	if kept := longest(c.Parts); kept != "" {
		text += ", " + kept
	}
	return text
}

// pagesSeen counts the pages that were rendered, in whatever scenario.
func pagesSeen(f Facts) int {
	urls := map[string]bool{}
	for _, p := range f.Pages {
		urls[p.URL] = true
	}
	return len(urls)
}

// declaredWord says by what a card is declared.
func declaredWord(v classify.Verdict) string {
	return strings.TrimPrefix(verdictWords[v], "declared ")
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

// footer tells how the scan was made.
func footer(r Report) []string {
	f := r.Facts
	if len(f.Pages) == 0 {
		return []string{"no page was seen", strings.Join(madeWith(f.Agent), " · ")}
	}
	seen := number(len(f.Pages), "visit", "visits")
	if names := scenarioNames(f.Scenarios); names != "" {
		seen += " (" + names + ")"
	}
	if took := f.Ended.Sub(f.Started); took > 0 {
		seen += " in " + duration(took)
	}
	out := []string{seen + ", a fresh visitor for each" + visitor(f.Agent)}
	return append(out, strings.Join(madeWith(f.Agent), " · "))
}

// visitor says as whom the site was visited.
func visitor(a Agent) string {
	var out string
	if a.Language != "" {
		out += ", language " + show(a.Language)
	}
	if a.Timezone != "" {
		out += ", time zone " + show(a.Timezone)
	}
	if a.Viewport != "" {
		out += ", window " + show(a.Viewport)
	}
	if a.Proxy != "" {
		out += ", through " + show(a.Proxy)
	}
	return out
}

// heldAgainst tells which policies were read.
func heldAgainst(r Report) []string {
	return mapped(r.Facts.Policies, func(p PolicyFact) string { return "held against " + show(p.URL) })
}

// madeWith lists the programs and the knowledge that made a report.
func madeWith(a Agent) []string {
	out := []string{"trackscan " + show(a.Trackscan)}
	if a.Browser != "" {
		out = append(out, show(a.Browser))
	}
	if a.Catalog != "" {
		out = append(out, "catalogue "+show(a.Catalog))
	}
	for _, list := range a.Lists {
		out = append(out, strings.TrimSpace(show(list.Name)+" "+show(list.Date)))
	}
	return out
}

// duration says in words how long a scan took.
func duration(d time.Duration) string {
	d = d.Round(time.Second)
	if d < 2*time.Minute {
		return number(int(d.Seconds()), "second", "seconds")
	}
	return number(int(d.Round(time.Minute).Minutes()), "minute", "minutes")
}
