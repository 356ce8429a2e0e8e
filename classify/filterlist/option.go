package filterlist

import "strings"

// optionKind is what an option of a rule does to the rule.
type optionKind uint8

const (
	optionUnknown optionKind = iota
	optionType
	optionThird
	optionFirst
	optionStrictThird
	optionStrictFirst
	optionImportant
	optionMatchCase
	optionBad
	optionFrom
	optionTo
	optionDeny
	optionMethod
	optionRedirect // answers the request itself, so the request does not leave: it blocks
	optionNone     // says nothing about which requests are meant
	optionModifier // changes the page, the request or the answer; blocks nothing
	optionAnswer   // needs what a request does not tell: the answer's headers, the address behind a name
)

var optionKinds = kinds(map[optionKind]string{
	optionThird:       "third-party 3p",
	optionFirst:       "first-party 1p",
	optionStrictThird: "strict3p strict-third-party",
	optionStrictFirst: "strict1p strict-first-party",
	optionImportant:   "important",
	optionMatchCase:   "match-case",
	optionBad:         "badfilter",
	optionFrom:        "domain from",
	optionTo:          "to",
	optionDeny:        "denyallow",
	optionMethod:      "method",
	optionRedirect:    "redirect rewrite empty mp4",
	optionNone:        "reason",
	optionModifier: "csp removeparam queryprune replace permissions uritransform urltransform urlskip redirect-rule " +
		"generichide ghide elemhide ehide specifichide shide genericblock inline-script inline-font cookie " +
		"removeheader referrerpolicy jsinject extension content stealth urlblock hls jsonprune xmlprune network",
	optionAnswer: "header ipaddress cname requestheader responseheader app sitekey webrtc",
})

// kinds turns lists of names into a table by name, and adds the types.
func kinds(lists map[optionKind]string) map[string]optionKind {
	table := map[string]optionKind{}
	for kind, names := range lists {
		for name := range strings.FieldsSeq(names) {
			table[name] = kind
		}
	}
	for name := range optionTypes {
		table[name] = optionType
	}
	return table
}

// kindOf returns the kind of the option called name, which is without "~".
func kindOf(name string) optionKind {
	if strings.Trim(name, "_") == "" && name != "" {
		return optionNone // uBlock's filler
	}
	return optionKinds[name]
}

// cutOptions splits a rule at the "$" that begins its options. A "$" of the pattern is told from it by what follows:
// the first that is followed by the name of an option begins the options. A name that nobody knows counts only behind
// the last "$", and not where the whole rule is a regular expression.
func cutOptions(line string) (pattern, opts string) {
	for i := strings.IndexByte(line, '$'); i >= 0 && i < len(line); {
		if name, ok := optionName(line[i+1:]); ok && kindOf(name) != optionUnknown {
			return line[:i], line[i+1:]
		}
		next := strings.IndexByte(line[i+1:], '$')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	last := strings.LastIndexByte(line, '$')
	if last < 0 || isExpression(line) {
		return line, ""
	}
	if _, ok := optionName(line[last+1:]); ok {
		return line[:last], line[last+1:]
	}
	return line, ""
}

// optionName returns the name of the first option of s, in lower case and without "~", and whether there is one.
func optionName(s string) (string, bool) {
	s = strings.TrimPrefix(s, "~")
	n := 0
	for n < len(s) && (isWord(s[n]) || isUpper(s[n]) || s[n] == '-' || s[n] == '_') {
		n++
	}
	if n == 0 || n < len(s) && s[n] != '=' && s[n] != ',' {
		return "", false
	}
	return lower(s[:n]), true
}

// nextOption cuts the first option off s: its name in lower case, whether "~" stood in front, and its value.
func nextOption(s string) (name string, not bool, value, rest string) {
	end := optionEnd(s)
	one := strings.TrimSpace(s[:end])
	if end < len(s) {
		rest = s[end+1:]
	}
	name, value, _ = strings.Cut(one, "=")
	name, not = strings.CutPrefix(name, "~")
	return lower(name), not, value, rest
}

// optionEnd returns where the first option of s ends: at a comma that is neither escaped nor within a regular
// expression.
func optionEnd(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == ',':
			return i
		case s[i] == '/' && i > 0 && strings.IndexByte("=|~", s[i-1]) >= 0:
			i = expressionEnd(s, i)
		}
	}
	return len(s)
}

// expressionEnd returns where the regular expression that begins with the "/" at s[i] ends, or i when it does not.
func expressionEnd(s string, i int) int {
	for k := i + 1; k < len(s); k++ {
		switch s[k] {
		case '\\':
			k++
		case '/':
			return k
		}
	}
	return i
}

// isExpression tells whether pattern is a regular expression.
func isExpression(pattern string) bool {
	return len(pattern) > 2 && pattern[0] == '/' && pattern[len(pattern)-1] == '/'
}
