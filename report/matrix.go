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
	Seen     []bool            // in the order of the scenarios
}

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

// in reports whether any part of a card was there in a scenario.
func (c Card) in(scenario string) bool {
	return slices.ContainsFunc(c.Parts, func(p Part) bool { return slices.Contains(p.Scenarios, scenario) })
}
