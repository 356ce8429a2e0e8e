package policy

import (
	"strconv"
	"strings"
)

const day = 86400 // seconds

// lifetime is a declared lifetime, as printed.
type lifetime struct {
	from, to int // in the text
	days     float64
	class    string // "session", "persistent" or "" when only a number stands there
	stated   bool   // days says something: a session (0) or a number
}

const (
	session    = "session"
	persistent = "persistent"
)

// lifetimes finds every lifetime in a phrase, by place: sums ("1 year and 1 month") are one.
func lifetimes(p *phrase) []lifetime {
	if !p.has("unit") && !strings.ContainsAny(p.text.s, "0123456789") {
		return nil
	}
	var out []lifetime
	for i := 0; i < len(p.words); {
		l, next, ok := sum(p, i)
		if !ok {
			i++
			continue
		}
		out = append(out, l)
		i = next
	}
	return out
}

// sum reads amounts of time that follow each other with shrinking units; where they are said to be those of several
// cookies "respectively", each is one.
func sum(p *phrase, i int) (lifetime, int, bool) {
	seconds, unit, next, ok := amount(p, i)
	if !ok {
		return lifetime{}, i, false
	}
	total, to := seconds, p.words[next-1].to
	for next < len(p.words) && !p.has("respectively") {
		j := next
		if p.words[j].to-p.words[j].from <= 3 && !isNumber(p, j) { // "and", "und", "et", "y", "e", "en"
			j++
		}
		more, smaller, after, ok := amount(p, j)
		if !ok || smaller >= unit || unit > smaller*widestSum || gapTooWide(p, next, j) {
			break
		}
		total, unit, next, to = total+more, smaller, after, p.words[after-1].to
	}
	return lifetime{p.words[i].from, to, total / day, persistent, true}, next, true
}

// widestSum is how many of the smaller unit the greater may have in a sum: "2 years and 10 minutes" are two lifetimes.
const widestSum = 1440

// gapTooWide reports whether punctuation parts two amounts.
func gapTooWide(p *phrase, from, to int) bool {
	between := p.text.s[p.words[from-1].to:p.words[min(to, len(p.words)-1)].from]
	return strings.ContainsAny(between, ".;/()|") || strings.Contains(between, "\n") || strings.Contains(between, " - ")
}

func isNumber(p *phrase, i int) bool {
	_, _, ok := count(p, i)
	return ok
}

// amount reads a number and its unit: "2 years", "24h", "1,5 Jahre", "half a year", "thirty (30) days".
func amount(p *phrase, i int) (seconds float64, unit, next int, ok bool) {
	if i >= len(p.words) {
		return 0, 0, i, false
	}
	if n, rest := splitDigits(p.words[i].word); rest != "" && n >= 0 {
		if u := p.unitWord(rest); u > 0 {
			return n * float64(u), u, i + 1, true
		}
	}
	if seconds, unit, ok := isoDuration(p.words[i].word); ok {
		return seconds, unit, i + 1, true
	}
	n, next, ok := count(p, i)
	if !ok {
		return 0, 0, i, false
	}
	if again, after, ok := count(p, next); ok && again == n { // "thirty (30) days"
		next = after
	}
	if u, after := p.unitAt(next); u > 0 {
		return n * float64(u), u, after, true
	}
	return 0, 0, i, false
}

// isoUnits are the units of a duration as ISO 8601 writes it, in seconds: of days, and behind the "T" of hours.
var isoUnits = map[byte]int{'y': 31557600, 'm': 2629800, 'w': 7 * day, 'd': day, 'h' | 0x80: 3600, 'm' | 0x80: 60, 's' | 0x80: 1}

// isoDuration reads "P1Y", "P30D", "PT24H", folded; the unit is the smallest that it names.
func isoDuration(w string) (seconds float64, unit int, ok bool) {
	if len(w) < 3 || w[0] != 'p' || w[1] != 't' && (w[1] < '0' || w[1] > '9') {
		return 0, 0, false
	}
	timed := byte(0)
	for rest := w[1:]; rest != ""; {
		if rest[0] == 't' && timed == 0 {
			timed, rest = 0x80, rest[1:]
			continue
		}
		n, tail := splitDigits(rest)
		if n < 0 || tail == "" || isoUnits[tail[0]|timed] == 0 {
			return 0, 0, false
		}
		unit = isoUnits[tail[0]|timed]
		seconds, rest = seconds+n*float64(unit), tail[1:]
	}
	return seconds, unit, unit > 0
}

// count reads a number in digits or words; with a decimal point or comma when its digits touch it.
func count(p *phrase, i int) (n float64, next int, ok bool) {
	if i >= len(p.words) {
		return 0, i, false
	}
	if n, rest := splitDigits(p.words[i].word); rest == "" {
		if i+1 < len(p.words) {
			between := p.text.s[p.words[i].to:p.words[i+1].from]
			if digits := p.words[i+1].word; (between == "," || between == ".") && allDigits(digits) && len(digits) <= 2 {
				n, _ = strconv.ParseFloat(p.words[i].word+"."+digits, 64)
				return n, i + 2, true
			}
		}
		return n, i + 1, true
	}
	best := 0
	for _, h := range p.at(i, "number", "half") {
		if h.to-h.from <= best {
			continue
		}
		best = h.to - h.from
		n, next, ok = float64(h.value), h.to, true
		if h.concept == "half" {
			n = 0.5
		}
	}
	return n, next, ok
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// splitDigits parts "24h" into 24 and "h"; the number is -1 when there is none or it is no sensible one.
func splitDigits(w string) (float64, string) {
	n := 0
	for n < len(w) && w[n] >= '0' && w[n] <= '9' {
		n++
	}
	if n == 0 || n > 9 {
		return -1, w
	}
	value, err := strconv.ParseFloat(w[:n], 64)
	if err != nil {
		return -1, w
	}
	return value, w[n:]
}

// lifetimeOf reads the lifetime that a phrase states as a whole: a number, a session, or persistent without a number.
func lifetimeOf(p *phrase) (lifetime, bool) {
	if all := lifetimes(p); len(all) > 0 {
		return all[0], true
	}
	return sessionOrPersistent(p)
}

// longestFirst is the longest of the hits of a concept that begin where its first does.
func (p *phrase) longestFirst(c concept) (hit, bool) {
	best, ok := p.first(c)
	for _, h := range p.of(c) {
		if h.from == best.from && h.to > best.to {
			best = h
		}
	}
	return best, ok
}

func sessionOrPersistent(p *phrase) (lifetime, bool) {
	s, okS := p.longestFirst("session")
	per, okP := p.first("persistent")
	switch {
	case okP && (!okS || per.from < s.from || p.denied(s)):
		return lifetime{p.words[per.from].from, p.words[per.to-1].to, 0, persistent, false}, true
	case okS && !p.denied(s):
		return lifetime{p.words[s.from].from, p.words[s.to-1].to, 0, session, true}, true
	}
	return lifetime{}, false
}
