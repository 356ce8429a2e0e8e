package filterlist

import "strings"

// Lists hold lines for some blockers only, between "!#if", "!#else" and "!#endif". We read them as the blocker that
// the lists are mainly written for would: uBlock Origin in a desktop Chromium.
var trueWords = map[string]bool{
	"true": true, "ext_ublock": true, "env_chromium": true, "cap_user_stylesheet": true,
}

// maxDepth bounds how deep "!#if" may be nested.
const maxDepth = 64

type directiveKind uint8

const (
	directiveOther directiveKind = iota
	directiveInclude
)

// conditions are the "!#if" that are open. Its zero value is the top of a list.
type conditions struct {
	open []condition
}

type condition struct{ holds, outer bool }

// active tells whether lines take part.
func (c *conditions) active() bool {
	if len(c.open) == 0 {
		return true
	}
	last := c.open[len(c.open)-1]
	return last.holds && last.outer
}

// directive reads a line that begins with "!#".
func (c *conditions) directive(line string) directiveKind {
	word, rest, _ := strings.Cut(line[2:], " ")
	last := len(c.open) - 1
	switch {
	case word == "if" && len(c.open) < maxDepth:
		c.open = append(c.open, condition{holds: evaluate(rest), outer: c.active()})
	case word == "else" && last >= 0:
		c.open[last].holds = !c.open[last].holds
	case word == "endif" && last >= 0:
		c.open = c.open[:last]
	case word == "include":
		return directiveInclude
	}
	return directiveOther
}

// evaluate tells whether an expression of words, "!", "&&", "||" and parentheses holds. One that breaks the syntax does
// not.
func evaluate(text string) bool {
	e := evaluator{rest: text}
	holds := e.either()
	e.space()
	return holds && !e.broken && e.rest == ""
}

type evaluator struct {
	rest   string
	depth  int
	broken bool
}

func (e *evaluator) space() { e.rest = strings.TrimLeft(e.rest, " \t") }

func (e *evaluator) take(token string) bool {
	e.space()
	rest, ok := strings.CutPrefix(e.rest, token)
	e.rest = rest
	return ok
}

func (e *evaluator) either() bool {
	holds := e.both()
	for e.take("||") {
		right := e.both()
		holds = holds || right
	}
	return holds
}

func (e *evaluator) both() bool {
	holds := e.one()
	for e.take("&&") {
		right := e.one()
		holds = holds && right
	}
	return holds
}

func (e *evaluator) one() bool {
	if e.depth++; e.depth > maxDepth {
		e.broken = true
		return false
	}
	defer func() { e.depth-- }()
	if e.take("!") {
		return !e.one()
	}
	if e.take("(") {
		holds := e.either()
		e.broken = e.broken || !e.take(")")
		return holds
	}
	return e.word()
}

func (e *evaluator) word() bool {
	e.space()
	n := 0
	for n < len(e.rest) && (isWord(e.rest[n]) || isUpper(e.rest[n]) || e.rest[n] == '_') {
		n++
	}
	e.broken = e.broken || n == 0
	word := e.rest[:n]
	e.rest = e.rest[n:]
	return trueWords[word]
}
