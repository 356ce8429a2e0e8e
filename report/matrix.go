package report

import (
	"slices"

	"trackscan/classify"
	"trackscan/crawler"
)

// Matrix tells in which scenarios each tracker was there. It has no rows when only one scenario was answered.
type Matrix struct {
	Scenarios []string // in words
	Rows      []MatrixRow
}

// MatrixRow is one tracker as people count it.
type MatrixRow struct {
	Name     string
	Category classify.Category
	Severity classify.Severity // empty when nothing is wrong with it
	Cells    []MatrixCell      // in the order of the scenarios
}

// MatrixCell is a tracker in one scenario.
type MatrixCell struct {
	Seen  bool
	Wrong bool // it should not have been: it did not wait for consent, or came in spite of what the visitor said
}

// mark says what a cell says, in a word.
func (c MatrixCell) mark() string {
	switch {
	case c.Wrong:
		return "! seen"
	case c.Seen:
		return "seen"
	}
	return "-"
}

// choiceRules are the rules that say that something was there in a scenario and should not have been.
var choiceRules = []string{classify.RuleBeforeConsent, classify.RuleDespiteReject, classify.RuleDespiteSignal}

// newMatrix holds cards against the scenarios that were answered.
func newMatrix(answers []crawler.Answer, cards []Card) Matrix {
	var names []string
	var m Matrix
	for _, a := range answers {
		if a.Result == crawler.Answered {
			names = append(names, string(a.Scenario))
			m.Scenarios = append(m.Scenarios, scenarioWord(a.Scenario))
		}
	}
	if len(names) < 2 {
		return Matrix{}
	}
	for _, c := range cards {
		if len(c.Parts) > 0 {
			m.Rows = append(m.Rows, MatrixRow{c.Name, c.Category, c.Severity, mapped(names, c.in)})
		}
	}
	return m
}

// in tells how a card stood in a scenario.
func (c Card) in(scenario string) MatrixCell {
	word := scenarioWord(crawler.Scenario(scenario))
	return MatrixCell{
		Seen: slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.Contains(p.Scenarios, scenario) }),
		Wrong: slices.ContainsFunc(c.Problems, func(p Problem) bool {
			return slices.Contains(choiceRules, p.Rule) && slices.Contains(p.Scenarios, word)
		}),
	}
}
