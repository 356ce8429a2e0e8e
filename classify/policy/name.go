package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// shape is how much a token looks like the name of a cookie.
type shape uint8

const (
	notName shape = iota
	maybe         // one plain word: a name only where a name is expected
	likely        // has what names have: capitals inside, digits, dots
	sure          // underscore, wildcard: nothing else looks like that
)

var (
	countMark  = regexp.MustCompile(`\s*\[x\d+\]\s*$`)
	footnote   = regexp.MustCompile(`\s*(?:\[\d+\]|\*{1,2}\)|¹|²|³)$`)
	trailParen = regexp.MustCompile(`\s*\([^()]*\)\s*$`)
)

// acronyms are capitals that stand in policies and name no cookie.
var acronyms = wordSet(`GDPR DSGVO RGPD AVG LGPD CCPA CPRA TTDSG TDDDG PECR EU EEA EWR EEE USA UK US IP ISP HTTP HTTPS HTML
HTML5 URL URLS URI PDF API APIS SDK SDKS FAQ CMP TCF IAB DAA NAI EDAA DNT GPC DPO CDN SEO SSL TLS DNS CNIL AEPD ICO LSSI LSSICE
COPPA PII FTC VPN RSS CSS PHP SQL CRM NOTE ALL AND THE LLC INC GMBH LTD SAS BV OS CSRF XSS FLOC AI IT TV APP WWW CEO ADS IOS
COOKIE COOKIES POLICY LOPD RLOPD ATT IDFA GAID IMEI ID IDS ZIP VAT RUM CTA ROI AMP UX UI CSP DDOS TBD N/A HTTPONLY SAMESITE SECURE CACHE`)

// longestAcronym is the length in bytes up to which a word is looked up among them.
const longestAcronym = 8

func isAcronym(s string) bool { return len(s) <= longestAcronym && acronyms[strings.ToUpper(s)] }

// isStorage reports whether s is what scripts call the storage itself.
func isStorage(s string) bool {
	return len(s) > longestAcronym && slices.ContainsFunc([]string{"localStorage", "sessionStorage", "indexedDB"}, func(n string) bool {
		return strings.EqualFold(n, s)
	})
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// shapeOf tells how much s, without blanks, looks like a cookie's name.
func shapeOf(s string) shape {
	if s == "" || len(s) > 120 {
		return notName
	}
	f := facts(s)
	switch {
	case !f.allowed || f.ascii == 0 || f.digits == len(s) || isAcronym(s) || isStorage(s) || isAttribute(s):
		return notName
	case f.digits+f.dots+strings.Count(s, "-")+strings.Count(s, ":") == len(s) || scrambled(s) || bothSexes(s):
		return notName
	case strings.Contains(s, "://") || strings.Contains(s, "@") && f.dots > 0 || f.dots == 1 && strings.Contains(s, "._") && f.humps > 0:
		return notName // an address, or what a script calls: "gat._anonymizeIp"
	case s[0] == '{' && strings.IndexByte(s, '}') == len(s)-1:
		return notName // a placeholder for all of it
	case strings.HasPrefix(s, "{.") || strings.HasPrefix(s, "{:") || strings.HasPrefix(s, "{%"):
		return notName // of a template
	case s[0] == '[' && (s[len(s)-1] == ']' || strings.IndexByte(s, ']') < 0) || s[0] == '(' || s[len(s)-1] == '/':
		return notName
	case f.underscores > 0 && f.ascii > 1 || f.wild && f.ascii > 1:
		return sure
	case s[0] == '.' || strings.ContainsAny(s, "#%"):
		return likely
	case isHost(s):
		return maybe
	}
	return f.shape(s)
}

// isAttribute reports whether s is an attribute of cookies with its value: "SameSite=Lax".
func isAttribute(s string) bool {
	before, _, ok := strings.Cut(s, "=")
	return ok && acronyms[strings.ToUpper(before)]
}

// bothSexes reports whether the sign in s makes a German word one for both sexes: "Nutzer*innen".
func bothSexes(s string) bool {
	i := strings.LastIndexAny(s, "*_:")
	return i > 2 && unicode.IsUpper(firstRune(s)) && (s[i+1:] == "innen" || s[i+1:] == "in")
}

// scrambled reports whether s is an address that hides from robots: "privacy[at]shop[dot]test".
func scrambled(s string) bool {
	if !strings.ContainsAny(s, "[({") {
		return false
	}
	lower := strings.ToLower(s)
	return slices.ContainsFunc([]string{"[at]", "(at)", "[arroba]", "{at}", "[dot]", "[punto]", "[chiocciola]", "[arobase]"}, func(at string) bool {
		return strings.Contains(lower, at)
	})
}

// looseMarks reports whether a token is one word with the underscores of an emphasis that was not closed, or not paired:
// "__Strictly necessary cookies_".
func looseMarks(s string) bool {
	word := strings.Trim(s, "_:")
	f := facts(word)
	return f.lower+f.upper+f.others == len(word) && (strings.HasSuffix(s, "_") || strings.HasPrefix(s, "__") && f.upper > 0 && f.humps == 0)
}

// nameFacts counts the letters of a token.
type nameFacts struct {
	allowed                                          bool // nothing in it that names do not hold
	wild                                             bool // has a wildcard or a template
	ascii, digits, upper, lower, dots, joins, others int
	underscores, humps                               int // humps: a capital behind a small letter
}

// nameSigns are the signs that names hold beside letters, digits and underscores.
const nameSigns = "-.:*#[]{}<>%$@/~+|=!^&()?"

func facts(s string) nameFacts {
	f := nameFacts{allowed: true}
	last := byte(0)
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			f.lower++
		case c >= 'A' && c <= 'Z':
			f.upper++
			if last >= 'a' && last <= 'z' {
				f.humps++
			}
		case c >= '0' && c <= '9':
			f.digits++
		case c == '_':
			f.underscores++
		case c >= utf8.RuneSelf:
			f.others++
		case strings.IndexByte(nameSigns, c) < 0:
			f.allowed = false
		default:
			f.wild = f.wild || strings.IndexByte("*{<[", c) >= 0
			if c == '.' {
				f.dots++
			}
			if strings.IndexByte("-:.", c) >= 0 && i > 0 && i+1 < len(s) {
				f.joins++
			}
		}
		last = c
	}
	f.ascii = f.lower + f.upper + f.digits + f.underscores
	f.allowed = f.allowed && (f.others == 0 || allLetters(s))
	return f
}

// allLetters reports whether the runes beyond ASCII are letters or digits.
func allLetters(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// shape looks at capitals, digits and joints: SID, PHPSESSID, seenNotice, cc2, i18next, cookie-agreed.
func (f nameFacts) shape(s string) shape {
	plain := f.joins == 0 && f.others == 0 && f.ascii == len(s)
	switch {
	case f.others > 0:
		return maybe
	case plain && f.lower == 0 && f.upper+f.digits >= 3 && f.upper > 0:
		return likely
	case plain && f.humps > 0:
		return likely
	case plain && f.digits > 0 && f.lower+f.upper > 0:
		return likely
	case f.joins > 0 && f.ascii+f.joins == len(s) && !compound(s):
		return likely
	}
	return maybe
}

// compound reports whether s is nouns joined by hyphens, as German writes them: "Browser-Informationen", "IP-Adresse".
func compound(s string) bool {
	parts := strings.Split(s, "-")
	for _, p := range parts {
		f := facts(p)
		if !f.allowed || f.digits > 0 || f.dots > 0 || f.upper == 0 || f.humps > 0 || !unicode.IsUpper(firstRune(p)) || strings.Contains(p, ":") {
			return false
		}
	}
	last := facts(parts[len(parts)-1])
	return len(parts) > 1 && last.lower >= 3 && last.upper == 1
}

// isHost reports whether s is a host name under a known public suffix, with or without a leading wildcard.
func isHost(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 1 || len(s) > 250 || !hostRunes(trimHost(s)) {
		return false
	}
	suffix, icann := publicsuffix.PublicSuffix(strings.ToLower(trimHost(s)))
	return (icann || suffix == "test" || suffix == "example") && suffix != strings.ToLower(trimHost(s)) // two are reserved for tests and documentation
}

// hostRunes reports whether s is labels of letters, digits, hyphens and underscores, joined by single dots.
func hostRunes(s string) bool {
	last, dots := byte('.'), 0
	for i := range len(s) {
		c := s[i]
		if c == '.' && last == '.' || c != '.' && c != '-' && c != '_' && c != '*' && (!isWord(c) || c >= utf8.RuneSelf) {
			return false
		}
		if c == '.' {
			dots++
		}
		last = c
	}
	end := s[strings.LastIndexByte(s, '.')+1:]
	return dots > 0 && len(end) >= 2 && !mayBeName(strings.ToLower(end))
}

func trimHost(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if i := strings.IndexByte(s, '/'); i >= 0 {
		s = s[:i]
	}
	return strings.TrimLeft(s, "*.")
}

// registrable is the domain under which a host is registered; empty when s is no host.
func registrable(s string) string {
	if !isHost(s) {
		return ""
	}
	d, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(trimHost(s)))
	if err != nil {
		return ""
	}
	return d
}

// names splits a cell into the names that stand in it. Each must look like a name where a name is expected.
func names(t text) []text {
	if parts := markedNames(&t); len(parts) > 0 {
		return parts
	}
	var out []text
	for _, line := range t.lines() {
		out = append(out, namesOfLine(line)...)
	}
	return out
}

// markedNames returns the code spans of a cell when they make up its text.
func markedNames(t *text) []text {
	var out []text
	length := 0
	for _, m := range t.marks {
		if m.kind == code && !strings.Contains(t.s[m.from:m.to], "://") {
			if n := cleanName(t.slice(m.from, m.to)); n.s != "" {
				out = append(out, n)
			}
			length += m.to - m.from
		}
	}
	if length*2 < len(t.s) {
		return nil
	}
	return out
}

// nameSeparators join the names of one line.
var nameSeparators = []string{",", ";", " / ", " + ", " | ", " & ", " and ", " und ", " et ", " y ", " e ", " en ", " o ", " or ", " ou ", " oder "}

func namesOfLine(t text) []text {
	if !strings.ContainsAny(t.s, " ,;") {
		if t = cleanName(t); t.s != "" {
			return []text{t}
		}
		return nil
	}
	parts := namesInBrackets(t)
	if parts != nil {
		return parts
	}
	for _, sep := range nameSeparators {
		if !strings.Contains(t.s, sep) {
			continue
		}
		if parts = splitNames(t, sep); parts != nil {
			if n := len(parts) - 1; strings.Trim(sep, " ,;/+|&") != "" && n > 0 && shapeOf(parts[n].s) == maybe && allShaped(parts[:n], sure) && !t.codeAt(len(t.s)-len(parts[n].s), len(t.s)) {
				return parts[:n] // "_aa_* and variants"
			}
			return parts
		}
	}
	t = cleanName(t)
	if i := strings.LastIndex(t.s, ": "); i > 0 && shapeOf(t.s[i+2:]) == sure {
		return []text{t.slice(i+2, len(t.s))} // "Visitor ID: _ga"
	}
	if parts = splitNames(t, " "); len(parts) > 1 && allShaped(parts, sure) {
		return parts
	}
	if t.s != "" {
		return []text{t}
	}
	return nil
}

// namesInBrackets are the names that stand in brackets behind words that call them something: "Session cookies (sid_a, sid_b)".
func namesInBrackets(t text) []text {
	open := strings.Index(t.s, " (")
	if open < 0 || !strings.HasSuffix(t.s, ")") {
		return nil
	}
	inCode := !t.codeAt(0, open) && t.codeAt(open+2, len(t.s)-1)
	if !inCode && (shapeOf(t.s[:open]) >= likely || !strings.Contains(t.s[:open], " ")) {
		return nil
	}
	inner := splitNames(t.slice(open+2, len(t.s)-1), ",")
	if !allShaped(inner, sure) {
		return nil
	}
	return inner
}

// splitNames parts t at sep when every part is a name by itself.
func splitNames(t text, sep string) []text {
	var out []text
	loose := 0
	for from := 0; from <= len(t.s); {
		to := strings.Index(t.s[from:], sep)
		if to < 0 {
			to = len(t.s) - from
		}
		part := t.slice(from, from+to)
		from += to + len(sep)
		if part.s == "" {
			continue
		}
		nested := namesNested(part, sep)
		if nested == nil {
			return nil
		}
		if looseMarks(nested[0].s) {
			loose++
		}
		out = append(out, nested...)
	}
	if loose*2 >= len(out) { // "_ga_" among others is a name
		return nil
	}
	return out
}

func namesNested(t text, sep string) []text {
	if sep == "," && strings.ContainsAny(t.s, " ") {
		if inner := namesOfLine(t); len(inner) > 1 {
			return inner
		}
	}
	n := cleanName(t)
	if strings.Contains(n.s, " ") || shapeOf(n.s) == notName {
		return nil
	}
	return []text{n}
}

func allShaped(parts []text, least shape) bool {
	for _, p := range parts {
		if shapeOf(p.s) < least {
			return false
		}
	}
	return true
}

// cleanName takes off what surrounds a name: quotes, counts, footnotes, remarks in brackets, final punctuation.
func cleanName(t text) text {
	from, to := 0, len(t.s)
	trim := func(n int) { to = n }
	from = ordinal(t.s)
	for changed := strings.ContainsRune("])¹²³ ", lastRune(t.s)); changed; {
		changed = false
		for _, re := range []*regexp.Regexp{countMark, footnote, trailParen} {
			if loc := re.FindStringIndex(t.s[from:to]); loc != nil && loc[0] > 0 && !strings.HasSuffix(t.s[from:to], "()") {
				trim(from + loc[0])
				changed = true
			}
		}
	}
	for _, noun := range []string{"-cookies", "-cookie", "-Cookies", "-Cookie"} { // German and Dutch join them: "PHPSESSID-Cookie"
		if before, ok := strings.CutSuffix(t.s[from:to], noun); ok && shapeOf(before) >= likely {
			trim(from + len(before))
		}
	}
	for from < to && strings.ContainsRune("\"'“„«‚`‹-•·▪●○– ", firstRune(t.s[from:to])) {
		_, n := utf8.DecodeRuneInString(t.s[from:to])
		from += n
	}
	if strings.HasPrefix(t.s[from:to], "**") { // an emphasis that was not closed
		from += len("**")
	}
	for from < to && strings.ContainsRune("\"'”“»‘`›:,;. ", lastRune(t.s[from:to])) {
		_, n := utf8.DecodeLastRuneInString(t.s[from:to])
		to -= n
	}
	return t.slice(from, to)
}

// ordinal is the length of a number that counts items: "3. ".
func ordinal(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 0 || n > 2 || n+1 >= len(s) || s[n] != '.' && s[n] != ')' || s[n+1] != ' ' {
		return 0
	}
	return n + 2
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }
