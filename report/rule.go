package report

import (
	"strings"

	"trackscan/classify"
)

// ruleTitle returns the title of a rule; of a rule that is not known its name in plain letters.
func ruleTitle(rule string) string {
	if r, ok := classify.RuleByID(rule); ok {
		return r.Title
	}
	return upperFirst(strings.ReplaceAll(show(rule), "-", " "))
}

// rulesOf returns the documentation of the rules that cards speak of, in the order in which rules are explained.
func rulesOf(cards []Card) []classify.Rule {
	used := map[string]bool{}
	for _, c := range cards {
		for _, p := range c.Problems {
			used[p.Rule] = true
		}
	}
	var out []classify.Rule
	for _, r := range classify.Rules {
		if used[r.ID] {
			out = append(out, r)
		}
	}
	return out
}
