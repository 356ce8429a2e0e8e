package policy

import (
	"fmt"
	"strconv"
)

// readEffective takes the date from which the policy is in force. A later one replaces an earlier: in a list of changes
// the last entry counts.
func (d *document) readEffective(s *statement) {
	p := s.p
	if !p.has("effective") || len(p.words) > 60 {
		return
	}
	for i := range p.words {
		date, ok := dateAt(p, i)
		if !ok || !p.nearEffective(i) {
			continue
		}
		if date > d.effective || d.effective == "" {
			d.effective = date
		}
	}
}

// effectiveReach is how many words may stand between "last updated" and its date.
const effectiveReach = 8

func (p *phrase) nearEffective(i int) bool {
	for _, h := range p.of("effective") {
		if h.from >= i-effectiveReach && h.from <= i+effectiveReach {
			return true
		}
	}
	return false
}

// dateAt reads a date that begins at word i: "May 17, 2018", "13th September 2017", "19.01.2023", "2023-01-19",
// "June 2019". Of dd/mm and mm/dd the first is meant.
func dateAt(p *phrase, i int) (string, bool) {
	if m := p.monthAt(i); m > 0 {
		if day, ok := p.dayAt(i + 1); ok {
			if y := p.yearAt(i + 2); y > 0 {
				return date(y, m, day)
			}
		}
		if y := p.yearAt(p.skip(i + 1)); y > 0 {
			return fmt.Sprintf("%04d-%02d", y, m), true
		}
		return "", false
	}
	if y := p.yearAt(i); y > 0 && i+2 < len(p.words) {
		m, okM := p.numberAt(i + 1)
		day, okD := p.numberAt(i + 2)
		if okM && okD {
			return date(y, m, day)
		}
	}
	return p.dayFirst(i)
}

func (p *phrase) dayFirst(i int) (string, bool) {
	day, ok := p.dayAt(i)
	if !ok {
		return "", false
	}
	j := p.skip(i + 1)
	if m := p.monthAt(j); m > 0 {
		if y := p.yearAt(p.skip(j + 1)); y > 0 {
			return date(y, m, day)
		}
		return "", false
	}
	if m, ok := p.numberAt(i + 1); ok {
		if y := p.yearAt(i + 2); y > 0 {
			if m > 12 && day <= 12 {
				day, m = m, day
			}
			return date(y, m, day)
		}
	}
	return "", false
}

func date(y, m, day int) (string, bool) {
	if m < 1 || m > 12 || day < 1 || day > 31 {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, day), true
}

// skip passes "of", "de", "del" and the like.
func (p *phrase) skip(i int) int {
	for i < len(p.words) {
		switch p.words[i].word {
		case "of", "de", "del", "di", "the", "do", "dem", "des", "d":
			i++
		default:
			return i
		}
	}
	return i
}

func (p *phrase) monthAt(i int) int {
	for _, h := range p.at(i, "month") {
		return h.value
	}
	return 0
}

// dayAt reads "13", "13th", "1er", "1º".
func (p *phrase) dayAt(i int) (int, bool) {
	if i >= len(p.words) {
		return 0, false
	}
	n, rest := splitDigits(p.words[i].word)
	switch rest {
	case "", "st", "nd", "rd", "th", "er", "º", "ª", "e":
	default:
		return 0, false
	}
	return int(n), n >= 1 && n <= 31
}

func (p *phrase) numberAt(i int) (int, bool) {
	if i >= len(p.words) || len(p.words[i].word) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(p.words[i].word)
	return n, err == nil
}

// yearAt reads a year in which a policy can have been written; two digits are of this century.
func (p *phrase) yearAt(i int) int {
	if i >= len(p.words) {
		return 0
	}
	n, err := strconv.Atoi(p.words[i].word)
	switch {
	case err != nil:
		return 0
	case len(p.words[i].word) == 4 && n >= 1995 && n <= 2099:
		return n
	case len(p.words[i].word) == 2 && n >= 10 && i > 0 && p.text.s[p.words[i-1].to:p.words[i].from] != " ":
		return 2000 + n
	}
	return 0
}
