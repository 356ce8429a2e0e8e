package filterlist

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
	"unicode"
)

// List is a list that was read. Its zero value holds no rules.
type List struct {
	Name     string // as the list calls itself, or as the caller names it; empty when nobody does
	Modified string // "Last modified" as the list has it; empty when it does not say
	Version  string
	Homepage string
	Licence  string // the licence line as the list has it
	Rules    int    // network rules that take part
	Skipped  Skipped

	store store
	bad   []rule
}

// Skipped counts the lines that take no part, by reason.
type Skipped struct {
	Cosmetic    int // rules about what a page shows
	Modifiers   int // rules that change a page, a request or an answer, or speak of windows only
	Unsupported int // rules with options that need more than a request tells, or that nobody knows
	Regexps     int // rules whose regular expression RE2 cannot express
	Invalid     int // rules that break the syntax
	TooLong     int // lines, patterns or lists of domains beyond the bounds, and rules beyond two million
	Inactive    int // lines that an "!#if" excludes
	Includes    int // "!#include" lines: use Expand first
}

// Parse reads a list. Broken lines are counted and left out; an error means that r could not be read or that it holds
// more than 64 MiB.
func Parse(r io.Reader) (*List, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	l := &List{}
	p := newParser(len(data))
	var cond conditions
	n := 0
	for line := range strings.Lines(data) {
		n++
		l.read(p, &cond, strings.TrimSpace(line), n)
	}
	p.text = strings.Clone(p.arena.String())
	l.store, l.bad = p.store, p.bad
	l.Rules = len(p.rules)
	return l, nil
}

func readAll(r io.Reader) (string, error) {
	var b strings.Builder
	b.Grow(min(sizeOf(r), maxListSize) + 1)
	n, err := io.Copy(&b, io.LimitReader(r, maxListSize+1))
	if err != nil {
		return "", fmt.Errorf("read filter list: %w", err)
	}
	if n > maxListSize {
		return "", fmt.Errorf("read filter list: more than %d MiB", maxListSize>>20)
	}
	return b.String(), nil
}

// sizeOf returns how much r holds, where it can tell: room is then made once.
func sizeOf(r io.Reader) int {
	switch r := r.(type) {
	case interface{ Len() int }:
		return r.Len()
	case fs.File:
		if info, err := r.Stat(); err == nil {
			return int(info.Size())
		}
	}
	return 0
}

// read takes one line in.
func (l *List) read(p *parser, cond *conditions, line string, n int) {
	switch {
	case line == "":
	case strings.HasPrefix(line, "!#"):
		if cond.directive(line) == directiveInclude && cond.active() {
			l.Skipped.Includes++
		}
	case isComment(line):
		if n <= headerLines {
			l.header(line)
		}
	case !cond.active():
		l.Skipped.Inactive++
	default:
		l.Skipped.count(p.line(line))
	}
}

func (s *Skipped) count(got outcome) {
	switch got {
	case outcomeCosmetic:
		s.Cosmetic++
	case outcomeModifier:
		s.Modifiers++
	case outcomeUnsupported:
		s.Unsupported++
	case outcomeRegexp:
		s.Regexps++
	case outcomeInvalid:
		s.Invalid++
	case outcomeTooLong:
		s.TooLong++
	}
}

// headerLines is how far down a list may still speak about itself; the longest header seen has 20 lines.
const headerLines = 60

// header reads what a comment says about the list. A placeholder that was never filled in ("%timestamp%") says nothing.
func (l *List) header(line string) {
	key, value, ok := strings.Cut(strings.TrimLeft(line, "!# "), ":")
	value = strings.TrimSpace(value)
	if !ok || value == "" || strings.HasPrefix(value, "%") {
		return
	}
	field := l.headerField(strings.ToLower(strings.TrimSpace(key)))
	if field != nil && *field == "" {
		*field = cut(value, 200)
	}
}

func (l *List) headerField(key string) *string {
	switch key {
	case "title":
		return &l.Name
	case "last modified", "last updated", "updated", "date", "timeupdated":
		return &l.Modified
	case "version":
		return &l.Version
	case "homepage", "source":
		return &l.Homepage
	case "licence", "license":
		return &l.Licence
	}
	return nil
}

// cut shortens s to n bytes and takes out what could play tricks on a terminal.
func cut(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// dateLayouts are the ways in which lists write when they were last modified.
var dateLayouts = []string{
	time.RFC3339, "02 Jan 2006 15:04 MST", "2 Jan 2006 15:04 MST", "02 Jan 2006", "2 January 2006", "2006-01-02",
	"02 January 2006 15:04:05 (MST)", "200601021504", "2006.01.02",
}

// Date returns when the list was last modified, by its own word, as "2006-01-02"; empty when it does not say.
func (l *List) Date() string {
	for _, said := range []string{l.Modified, l.Version} {
		for _, layout := range dateLayouts {
			if t, err := time.Parse(layout, said); err == nil {
				return t.Format(time.DateOnly)
			}
		}
	}
	return ""
}

// isComment tells whether line is a comment or the "[Adblock Plus 2.0]" on top. "#" alone is one in hosts files.
func isComment(line string) bool {
	switch line[0] {
	case '!':
		return true
	case '[':
		return strings.HasSuffix(line, "]") && !strings.Contains(line, "$")
	case '#':
		return len(line) == 1 || strings.IndexByte("# \t=-*", line[1]) >= 0 && !strings.HasPrefix(line, "##") ||
			strings.HasPrefix(line, "####")
	}
	return false
}

// cosmeticMarks separate the hosts of a cosmetic rule from what it does.
var cosmeticMarks = []string{"##", "#@", "#?#", "#$", "#%#", "$$", "$@$"}

// isCosmetic tells whether a rule is about what a page shows. An address never holds a "#", so that no network rule is
// taken for one.
func isCosmetic(line string) bool {
	if strings.IndexByte(line, '#') < 0 && !strings.Contains(line, "$$") && !strings.Contains(line, "$@$") {
		return false
	}
	for _, mark := range cosmeticMarks {
		if strings.Contains(line, mark) {
			return true
		}
	}
	return false
}
