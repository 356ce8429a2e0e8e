package report

import (
	"strconv"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// Counts are numbers for people: they count vendors, and domains of those whom nobody can name.
type Counts struct {
	Undeclared   int // the policy does not mention them, Contradicted ones included
	Contradicted int // the policy denies them
	Necessary    int // of Undeclared: those that the site needs to work
	Unidentified int // nobody can say what they are for
	Declared     int // in the policy
	ByCategory   int // of Declared: only a category or a purpose covers them
	Faulty       int // of Declared: something else is wrong with them
	NotCompared  int // no policy to compare with
	Harmless     int // no trackers
	Unseen       int // declared and never seen
	Accepted     int // the owners know of it and let it be; counted nowhere else

	// Of all of the above, whatever the policy says of them. What only says that there is no consent does not count.
	Unasked int // any of the three below
	Early   int // there before the visitor has chosen
	Defiant int // there although the visitor has rejected
	Deaf    int // there although the browser sends a privacy signal
}

// count counts cards by their verdict.
func count(cards []Card, unseen []Missing) Counts {
	c := Counts{Unseen: len(unseen)}
	for _, card := range cards {
		if card.accepted() {
			c.Accepted++
			continue
		}
		c.countChoices(card)
		switch card.Verdict {
		case classify.Contradicted:
			c.Contradicted++
			c.Undeclared++
		case classify.Undeclared:
			c.Undeclared++
			c.Necessary += one(card.Category == classify.Necessary)
		case classify.Unidentified:
			c.Unidentified++
		case classify.NotCompared:
			c.NotCompared++
		case classify.NotATracker:
			c.Harmless++
		default:
			c.Declared++
			c.ByCategory += one(card.Verdict == classify.DeclaredByCategory)
			c.Faulty += one(card.Severity != "")
		}
	}
	return c
}

// countChoices counts a card that does not go by what the visitor chose.
func (c *Counts) countChoices(card Card) {
	early, defiant, deaf := card.breaks(classify.RuleBeforeConsent), card.breaks(classify.RuleDespiteReject), card.breaks(classify.RuleDespiteSignal)
	c.Unasked += one(early || defiant || deaf)
	c.Early += one(early)
	c.Defiant += one(defiant)
	c.Deaf += one(deaf)
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// Headline is the one sentence of a report: the first line, the last line of a run, and the subject of a mail. It
// counts vendors, never calls a site clean whose scan was not whole, and holds no line break.
func Headline(r Report) string {
	if r.Dead {
		return r.Host + " could not be scanned" + deadReason(r.Facts)
	}
	text := verdictLine(r)
	if !r.Facts.Whole {
		text += " (incomplete scan)"
	}
	return text
}

// deadReason is the first reason that is known, after a colon.
func deadReason(f Facts) string {
	for _, one := range f.Failures {
		if one.Error != "" {
			return ": " + sentence(one.Error)
		}
	}
	return ""
}

// verdictLine is the Headline of a site that answered.
func verdictLine(r Report) string {
	c := r.Counts
	switch {
	case c.Undeclared > 0:
		return undeclaredLine(r) + unaskedToo(c)
	case c.Unidentified > 0:
		return number(c.Unidentified, "tracker", "trackers") + " on " + r.Host + " could not be identified" + unaskedToo(c)
	case c.NotCompared > 0:
		return notComparedLine(r) + unaskedToo(c)
	case c.Unasked > 0:
		return number(c.Unasked, "tracker", "trackers") + " on " + r.Host + " " + unaskedDeed(c)
	case c.Faulty > 0:
		return number(c.Faulty, "declared tracker", "declared trackers") + " on " + r.Host + " " +
			pick(c.Faulty, "does", "do") + " not do what the policy says"
	}
	return quietLine(r)
}

func undeclaredLine(r Report) string {
	c := r.Counts
	text := number(c.Undeclared, "tracker", "trackers") + " on " + r.Host + " " + pick(c.Undeclared, "is", "are") +
		" not in its policy"
	if c.Unidentified > 0 {
		text += "; " + strconv.Itoa(c.Unidentified) + " could not be identified"
	}
	return text
}

// unaskedToo adds to a Headline how many do not go by the visitor's choice; nothing when all do.
func unaskedToo(c Counts) string {
	if c.Unasked == 0 {
		return ""
	}
	return "; " + strconv.Itoa(c.Unasked) + " " + unaskedDeed(c)
}

func unaskedDeed(c Counts) string { return pick(c.Unasked, "acts", "act") + " without consent" }

// notComparedLine tells that there was no policy, and whether one was there that could not be read.
func notComparedLine(r Report) string {
	c := r.Counts
	if len(failuresOf(r.Facts, crawler.StagePolicy)) > 0 {
		return "The policy of " + r.Host + " could not be read: " + number(c.NotCompared, "tracker was", "trackers were") +
			" not compared"
	}
	return number(c.NotCompared, "tracker", "trackers") + " on " + r.Host + " and no policy that declares " +
		pick(c.NotCompared, "it", "them")
}

// quietLine is the Headline when every tracker is in order.
func quietLine(r Report) string {
	problems := len(r.ToDo)
	switch {
	case problems > 0:
		return upperFirst(number(problems, "thing", "things")) + " to look at on " + r.Host + ": " + titles(r.ToDo)
	case r.Counts.Declared == 1 && r.Facts.Whole:
		return "The only tracker on " + r.Host + " is in its policy"
	case r.Counts.Declared == 2 && r.Facts.Whole:
		return "Both trackers on " + r.Host + " are in its policy"
	case r.Counts.Declared > 0 && r.Facts.Whole:
		return "All " + number(r.Counts.Declared, "tracker", "trackers") + " on " + r.Host + " are in its policy"
	case r.Counts.Declared > 0:
		return "No undeclared tracker was seen on " + r.Host
	}
	return "No tracker was seen on " + r.Host
}

// titles names the first few cards.
func titles(cards []Card) string {
	var names []string
	for _, c := range cards[:min(3, len(cards))] {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// pick returns the word for one or for many.
func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// tone is the mark of the headline. Green is for a whole scan that found nothing to do.
func tone(r Report) string {
	switch {
	case r.Dead || r.Counts.Undeclared == 0 && !r.Facts.Whole:
		return "warn"
	case r.Counts.Undeclared > 0 || hasHigh(r.ToDo):
		return "bad"
	case len(r.ToDo) > 0 || r.Counts.NotCompared > 0:
		return "warn"
	}
	return "good"
}

func hasHigh(cards []Card) bool {
	return len(cards) > 0 && cards[0].Severity == classify.High
}
