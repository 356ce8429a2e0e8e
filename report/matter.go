package report

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// Matter is what is wrong with one deed of a card, told in one go: not to wait for consent, to ignore a rejection and
// not to be in the policy is one thing for the reader.
type Matter struct {
	Title  string   // of its rules
	Why    string   // what is wrong, and what else of the card that holds for
	Quotes []string // sentences of the policy that no matter of the card has already
}

// Advice is one thing to do about a card.
type Advice struct {
	Do     string
	Others []string // the same in the words for other parts of the card, where those differ
}

// Text is what to do first, and that the others want the same.
func (a Advice) Text() string {
	if len(a.Others) > 0 {
		return a.Do + " The others likewise."
	}
	return a.Do
}

// alike puts together what has the same key, in the order of first appearance. What has none stays alone.
func alike[T any](list []T, key func(T) string) [][]T {
	var out [][]T
	index := map[string]int{}
	for _, one := range list {
		k := key(one)
		if i, known := index[k]; known && k != "" {
			out[i] = append(out[i], one)
			continue
		}
		index[k] = len(out)
		out = append(out, []T{one})
	}
	return out
}

// matters are the problems of a card, those about one deed together.
func matters(c Card) []Matter {
	groups := alike(c.Problems, func(p Problem) string { return p.Complaints[0].saying.Deed })
	var quoted []string
	return mapped(groups, func(problems []Problem) Matter {
		m := c.matter(problems)
		m.Quotes = slices.DeleteFunc(m.Quotes, func(q string) bool { return slices.Contains(quoted, q) })
		quoted = append(quoted, m.Quotes...)
		return m
	})
}

// matter tells problems about one deed.
func (c Card) matter(problems []Problem) Matter {
	m := Matter{Title: upperFirst(strings.Join(mapped(problems, func(p Problem) string { return lowerFirst(p.Title) }), "; "))}
	told := classify.Tell(mapped(problems, func(p Problem) classify.Saying { return p.Complaints[0].saying })...)
	if rest, repeats := strings.CutPrefix(told, c.Name+": "); repeats {
		told = upperFirst(rest)
	}
	m.Why = strings.Join(append([]string{told}, c.scope(problems)...), " ")
	for _, p := range problems {
		m.Quotes = union(m.Quotes, []string{quote(p.Complaints[0].Quote, told)})
	}
	return m
}

// where is the scenario in which something is wrong, or how it stands to the policy.
func (p Problem) where() string {
	if words, verdict := verdictWords[classify.Verdict(p.Rule)]; verdict {
		return words
	}
	return strings.Join(p.Scenarios, ", ")
}

// scope says what else of a card the problems hold for: all of them, then each.
func (c Card) scope(problems []Problem) []string {
	common := problems[0].others()
	for _, p := range problems[1:] {
		common = slices.DeleteFunc(common, func(one Part) bool { return !hasPart(p.others(), one) })
	}
	var out []string
	switch {
	case len(common) > 1 && len(common)+1 == len(c.Parts):
		out = append(out, "The same holds for everything else that it does here.")
	case len(common) > 0:
		out = append(out, "The same holds for "+names(common)+".")
	}
	for _, p := range problems {
		if more := slices.DeleteFunc(p.others(), func(one Part) bool { return hasPart(common, one) }); len(more) > 0 {
			out = append(out, "Also "+p.where()+": "+names(more)+".")
		}
	}
	return out
}

// hasPart reports whether people would find p in list.
func hasPart(list []Part, p Part) bool {
	return slices.ContainsFunc(list, func(o Part) bool { return o.key() == p.key() })
}

// quote is the policy's sentence that a problem was held against, unless what is told has it already.
func quote(sentence, told string) string {
	beginning, _, _ := strings.Cut(middle(sentence, 90), "…")
	if strings.Contains(told, beginning) {
		return ""
	}
	return sentence
}

// advice says what to do about a card, each thing once.
func advice(c Card) []Advice {
	var out []Advice
	for _, problems := range alike(c.Problems, func(p Problem) string { return p.Complaints[0].todo() }) {
		first := mapped(problems, func(p Problem) Complaint { return p.Complaints[0] })
		a := Advice{Do: advise(first)[0]}
		var others []Complaint
		for _, p := range problems {
			others = append(others, slices.DeleteFunc(slices.Clone(p.Complaints), func(one Complaint) bool { return one.wantsOneOf(first) })...)
		}
		for _, part := range alike(others, func(one Complaint) string { return one.About.key() }) {
			a.Others = union(a.Others, advise(part))
		}
		if a.Do != "" {
			out = append(out, a)
		}
	}
	return out
}

// wantsOneOf reports whether c wants nothing else than one of list, later or at another time perhaps.
func (c Complaint) wantsOneOf(list []Complaint) bool {
	return slices.ContainsFunc(list, func(o Complaint) bool { return c.todo() == o.todo() && c.remedy.Until == o.remedy.Until })
}

// advise says what complaints want, one sentence for each thing to do.
func advise(complaints []Complaint) []string {
	return mapped(alike(complaints, Complaint.todo), func(list []Complaint) string {
		if list[0].remedy.Do == "" {
			return list[0].Fix
		}
		return classify.Advise(mapped(list, func(c Complaint) classify.Remedy { return c.remedy })...)
	})
}
