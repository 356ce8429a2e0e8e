package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end with a full stop that ends no sentence.
var abbreviations = wordSet(`e.g eg i.e ie inc ltd co corp llc no nr art abs lit bzw z.b ca ggf usw u.a d.h sog evtl inkl vgl st str dr mr mrs ms
prof vs etc p.ex ex par enz bijv o.a m.b.t p.es es ecc pag núm num av sr sra dept approx fig sec vol u.s jan feb mar apr jun jul aug sep sept oct nov dec
resp max min tel bijv dhr mevr nv s.a s.l s.r.l s.p.a cfr segg ss lett cpv dir reg ed ud uds avda pto n para ziff rn jr satz`)

// openEnded are the abbreviations with which a sentence may end all the same.
var openEnded = wordSet(`etc ecc usw enz`)

// sentences splits a text at full stops, question and exclamation marks and hard line breaks.
func sentences(t text) []text {
	var out []text
	for from := 0; from < len(t.s); {
		to := sentenceEnd(t.s, from)
		if part := t.slice(from, to); part.s != "" {
			out = append(out, part)
		}
		from = to
	}
	return out
}

// firstSentence is the first of the sentences of a text, empty when there is none.
func firstSentence(t text) text { return t.slice(0, sentenceEnd(t.s, 0)) }

// sentenceEnd is where the sentence that begins at i ends, with what closes it.
func sentenceEnd(s string, i int) int {
	for ; i < len(s); i++ {
		if c := s[i]; c > '?' || !endsSentence(s, i) {
			continue
		}
		to := i + 1
		for to < len(s) && strings.IndexByte(`."')]*`, s[to]) >= 0 || to < len(s) && closingQuote(s[to:]) > 0 {
			to += max(1, closingQuote(s[to:]))
		}
		return to
	}
	return i
}

func closingQuote(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("”“»›", r) {
		return n
	}
	return 0
}

func endsSentence(s string, i int) bool {
	switch s[i] {
	case '\n':
		return true
	case '!', '?':
		return i+1 == len(s) || s[i+1] == ' '
	case '.':
		return stopEnds(s, i)
	}
	return false
}

// stopEnds tells a full stop from the dots of abbreviations, numbers, names and hosts.
func stopEnds(s string, i int) bool {
	if i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '\n' && s[i+1] != '"' && s[i+1] != '\'' && s[i+1] != ')' && closingQuote(s[i+1:]) == 0 && s[i+1] != '[' {
		return false
	}
	start := strings.LastIndexAny(s[:i], " (\n") + 1
	before := strings.ToLower(strings.TrimLeft(s[start:i], "(„\"'"))
	next := strings.TrimLeft(s[i+1:], " \"'“„«(")
	if next == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(next)
	if before == "no" && answers(s[:start]) {
		return !unicode.IsDigit(r)
	}
	if abbreviations[before] {
		return unicode.IsUpper(r) && (openEnded[before] || legalForms[before] && opensSentence(next))
	}
	if len(before) == 1 && !allDigits(before) || strings.Count(before, ".") > 0 && len(before) <= 4 {
		return false
	}
	if allDigits(before) && len(before) <= 2 {
		return !unicode.IsLower(r) && start > 0 && !numbered(s, start) && !unicode.IsDigit(r) && !dateMonth(next)
	}
	return !unicode.IsLower(r)
}

// opensSentence reports whether a word with a capital is followed by one without: behind "Acme Inc." a sentence begins
// with "You can", and the name goes on with "Privacy Policy" or "Co. KG".
func opensSentence(next string) bool {
	first, rest, _ := strings.Cut(next, " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLower(r) && !legalForms[strings.ToLower(strings.Trim(first, ".,"))]
}

// answers reports whether what follows a text stands at its front or behind a question: a "No." there is no number.
func answers(before string) bool {
	before = strings.TrimRight(before, " \n")
	return before == "" || strings.HasSuffix(before, "?")
}

// numbered reports whether the digits before a stop open their line: "1. Cookies".
func numbered(s string, start int) bool { return start == 0 || s[start-1] == '\n' }

// dateMonth reports whether a German date goes on: "1. Januar".
func dateMonth(next string) bool {
	w, _, _ := strings.Cut(fold(next[:min(len(next), 12)]), " ")
	switch w {
	case "januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember", "janner":
		return true
	}
	return false
}
