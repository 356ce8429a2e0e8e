package policy

import (
	"slices"
	"strings"
	"unicode"
)

// cookieSentence declares the cookies that a sentence names: "our JSESSIONID cookie", "cookies (_ga, _gid)".
func (d *document) cookieSentence(s *statement, at int) {
	p := s.p
	announced := p.has("cookie") || s.sec.cookies && (s.before || p.has("set") || s.announced())
	if s.listed || s.kind == tabular || !announced && !s.belowCookies() {
		return
	}
	if s.sec.general && !p.has("we") {
		return
	}
	if p.has("example") && !p.has("we", "third") && !s.before && !s.announced() {
		return
	}
	if p.has("optoutword") && p.has("youcan", "cond") && !p.has("we") {
		return
	}
	found := d.namesInSentence(p)
	if len(found) == 0 || !announced && !allShaped(found, sure) {
		return
	}
	own := lifetimes(p)
	for i, n := range found {
		if d.named[n.s] {
			continue
		}
		life := text{}
		if len(own) == len(found) && len(own) > 1 && own[0].from > name0(p, found[len(found)-1]) {
			life = stretch(p.text, own[i]) // "_ga, _gid (2 years, 24 hours)"
		}
		d.addProseCookie(s, n, p.text.slice(segment(p, found, i)), life, at)
	}
}

// announced reports whether a statement is an item of a list that says which cookies are used here.
func (s *statement) announced() bool {
	return s.lead != nil && s.lead.has("cookie") && s.lead.has("use", "set") && !s.lead.has("whatis", "youcan", "define") && !s.sec.general
}

// belowCookies reports whether a statement is an item below a line that speaks of cookies, as "Optional cookies".
func (s *statement) belowCookies() bool {
	return s.kind == item && s.lead != nil && s.lead.has("cookie") && !s.lead.has("whatis", "youcan", "define", "manage") && !s.sec.general
}

// adjacent is how many bytes may stand between names that share what is said behind them: "_ga, _gid and _gat".
const adjacent = 15

// segment is the part of a sentence that speaks of name i: all of it for a single name, else from the name up to the
// next that stands neither right beside it nor in brackets behind it; what stands before the first of some side by side is of all: "names that begin with rl_ (such as rl_session)".
func segment(p *phrase, found []text, i int) (from, to int) {
	first := i
	for first > 0 && name0(p, found[first])-name0(p, found[first-1])-len(found[first-1].s) <= adjacent {
		first--
	}
	if first > 0 {
		from = name0(p, found[first])
	}
	brackets := 0
	for j := i + 1; j < len(found); j++ {
		last, at := name0(p, found[j-1])+len(found[j-1].s), name0(p, found[j])
		if last < at {
			brackets += strings.Count(p.text.s[last:at], "(") - strings.Count(p.text.s[last:at], ")")
		}
		if at-last > adjacent && brackets <= 0 {
			return from, at
		}
	}
	return from, len(p.text.s)
}

// maxSentenceNames is how many cookies a sentence names at most.
const maxSentenceNames = 100

// namesInSentence finds the tokens of a sentence that are names of cookies: they look like nothing else, or they look
// like a name and stand beside the word cookie, or are set in code.
func (d *document) namesInSentence(p *phrase) []text {
	var out []text
	for from := 0; from < len(p.text.s) && len(out) < maxSentenceNames; {
		to := tokenEnd(p.text.s, from)
		if !mayBeName(p.text.s[from:to]) && !p.text.codeAt(from, to) && !p.text.quotedAt(from, to) && !p.introduces(from, to) {
			from = to + 1
			continue
		}
		token := cleanName(p.text.slice(from, to))
		if token.s != "" && (d.isNameHere(p, token, from, to) || shapeOf(token.s) == likely && p.inRow(from, to)) {
			out = append(out, token)
		}
		from = to + 1
	}
	return out
}

// tokenEnd is where the token at i ends that may be the name of a cookie.
func tokenEnd(s string, i int) int {
	for i < len(s) {
		switch s[i] {
		case ' ', '\n', ',', ';', '(', ')', '"':
			return i
		}
		i++
	}
	return i
}

// inRow reports whether a comma parts a stretch of a text from a token that can be nothing but the name of a cookie:
// "_gcl_au, IDE, test_cookie".
func (p *phrase) inRow(from, to int) bool {
	before, after := strings.TrimRight(p.text.s[:from], " "), strings.TrimLeft(p.text.s[min(to, len(p.text.s)):], " ")
	if strings.HasSuffix(before, ",") {
		last := strings.Fields(before)
		return shapeOf(strings.Trim(last[len(last)-1], ",.;()")) == sure
	}
	if next := strings.Fields(after); strings.HasPrefix(after, ",") && len(next) > 1 {
		return shapeOf(strings.Trim(next[1], ",.;()")) == sure
	}
	return false
}

// mayBeName sorts out plain words cheaply.
func mayBeName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c == '_' || c == '*' || c == '#' || c == '%' || c == '{' || c == '[' || c >= '0' && c <= '9' ||
			i > 0 && (c >= 'A' && c <= 'Z' || (c == '.' || c == '-') && i+1 < len(s)) {
			return true
		}
	}
	return false
}

// isVendor reports whether a name is that of a vendor, known or declared.
func (d *document) isVendor(name string) bool {
	return d.vendors.exact(name) || d.vendorFacts[vendorKey(name)] != nil
}

func (d *document) isNameHere(p *phrase, t text, from, to int) bool {
	shape := shapeOf(t.s)
	if shape == notName || noNames[strings.ToLower(t.s)] || shape == likely && strings.ToUpper(p.text.s) == p.text.s && len(p.words) > 3 || abbreviations[strings.ToLower(t.s)] || initials(t.s) || isHost(t.s) || d.isVendor(t.s) && !(p.text.quotedAt(from, to) && p.besideWord(from, to) && facts(t.s).humps > 0) || strings.Contains(t.s, "/") {
		return false
	}
	coded := p.text.codeAt(from, to)
	beside := p.besideWord(from, to)
	switch {
	case shape == sure:
		return coded || !looseMarks(t.s)
	case coded:
		return shape >= maybe && (beside || p.has("cookie"))
	case shape == maybe && p.introduces(from, to):
		return true
	case shape == maybe:
		return beside && p.text.quotedAt(from, to) && p.notWord(from, to) && !p.goesOn(to)
	case shape == likely && p.has("cookie", "local") && p.text.quotedAt(from, to):
		return !d.isOwn(t.s) && (p.notWord(from, to) || facts(t.s).humps > 0)
	case shape == likely:
		return beside && !d.isOwn(t.s) && p.notWord(from, to)
	}
	return false
}

// introduces reports whether a stretch of the text is what a cookie is said to be called: "a cookie named sid", "a cookie
// (sid)". "Files called cookies" and "a cookie called a session cookie" introduce none.
func (p *phrase) introduces(from, to int) bool {
	if len(p.of("named"))+len(p.of("onecookie")) == 0 && (from == 0 || p.text.s[from-1] != '(') {
		return false
	}
	i := slices.IndexFunc(p.words, func(w word) bool { return w.from >= from })
	if i < 1 || to-from < 2 || p.words[i].to < to-1 || p.m.lex.stop[p.words[i].word] || i+1 < len(p.words) && p.coveredBy("cookie", i+1, i+2) || p.coveredBy("cookie", i, i+1) {
		return false
	}
	if p.coveredByLabel(i) || slices.ContainsFunc([]concept{"necessary", "session", "persistent", "first", "third"}, func(c concept) bool { return p.coveredBy(c, i, i+1) }) {
		return false // a kind of cookies
	}
	if rest := p.text.s[p.words[i-1].to:p.words[i].from]; rest == " (" {
		return p.coveredBy("cookie", i-1, i) && p.notWord(from, to) && strings.HasPrefix(p.text.s[p.words[i].to:], ")")
	}
	for _, h := range p.of("onecookie") { // "the cookie sid is stored", not "the cookie can be read"
		if h.to == i && len(p.at(i, "modal")) == 0 && p.notWord(from, to) && !unicode.IsUpper(firstRune(p.text.s[from:])) && p.tellsAt(i+1) {
			return true
		}
	}
	for _, h := range p.of("named") {
		if h.to == i && (p.coveredBy("cookie", h.from-1, h.from) || p.coveredBy("cookie", h.from-2, h.from-1)) {
			return true
		}
	}
	return false
}

// noNames are remarks that stand in brackets behind a kind of cookies.
var noNames = wordSet(`opt-in opt-out optin optout on off`)

// tellsAt reports whether word i is a verb of what cookies do, or of what is done with them.
func (p *phrase) tellsAt(i int) bool {
	return slices.ContainsFunc([]concept{"be", "set", "remember", "contain", "expire", "use", "allow"}, func(c concept) bool { return len(p.at(i, c)) > 0 })
}

// goesOn reports whether a small word follows at once that does not speak of a cookie: what stood before was a word of the
// sentence, 'cookies "survive" the browser'.
func (p *phrase) goesOn(to int) bool {
	i := slices.IndexFunc(p.words, func(w word) bool { return w.from >= to })
	return i >= 0 && !p.coveredBy("cookie", i, i+1) && strings.Trim(p.text.s[to:p.words[i].from], "\"”“»’' ") == "" && unicode.IsLower(firstRune(p.text.s[p.words[i].from:])) && !p.has("onecookie")
}

// initials reports whether s is single letters with dots between them, as abbreviations are.
func initials(s string) bool {
	for i := range len(s) {
		if (s[i] == '.') != (i%2 == 1) {
			return false
		}
	}
	return len(s) > 1
}

func (t *text) codeAt(from, to int) bool {
	for _, m := range t.marks {
		if m.kind == code && m.from <= from+1 && m.to >= to-1 {
			return true
		}
	}
	return false
}

const (
	openQuotes  = "\"'“„«‘‚"
	closeQuotes = "\"'”“»’‘"
)

// quotedAt reports whether a stretch of the text stands in quotation marks.
func (t *text) quotedAt(from, to int) bool {
	before, after := lastRune(t.s[:from]), firstRune(t.s[to:])
	if from < to && strings.ContainsRune(openQuotes, firstRune(t.s[from:])) {
		before = '"'
	}
	if from < to && strings.ContainsRune(closeQuotes, lastRune(t.s[:to])) {
		after = '"'
	}
	return strings.ContainsRune(openQuotes, before) && strings.ContainsRune(closeQuotes, after)
}

// besideWord reports whether the word cookie stands right before or behind a stretch of the text.
func (p *phrase) besideWord(from, to int) bool {
	for _, h := range p.of("cookie") {
		a, b := p.words[h.from].from, p.words[h.to-1].to
		if a >= to && strings.Trim(p.text.s[to:a], " \"'-`)") == "" || b <= from && strings.Trim(p.text.s[b:from], " \"'`:(") == "" {
			return true
		}
	}
	return false
}

// notWord reports whether a stretch is no word of the lexicon: "HTTP cookie", "Opt-Out-Cookie" name no cookie.
func (p *phrase) notWord(from, to int) bool {
	for _, h := range p.hits {
		if p.words[h.from].from >= from && p.words[h.to-1].to <= to {
			return false
		}
	}
	return true
}

func (d *document) addProseCookie(s *statement, name, about, life text, at int) {
	p := s.p
	start := name0(p, name)
	if i := slices.IndexFunc(p.words, func(w word) bool { return w.from >= start }); i >= 0 && p.deniedWord(i) {
		return
	}
	r := d.sectionRecord(s.sec)
	r.purpose, r.where = about, p.text.whole()
	vendor := ""
	if found := d.withoutOwners(d.vendors.find(p)); len(found) > 0 {
		vendor = found[0].printed
	}
	if life.s == "" && (p.has("session", "persistent") || len(lifetimes(p)) > 0) {
		life = d.lifeInText(about)
	}
	if life.s == "" {
		life = d.lifeBehind(s, at)
	}
	d.addCookie(r, name, vendor, life)
}

// lifeBehind is the lifetime that a short sentence behind statement i states, before another names a cookie. In a list
// what is kept is what the cookie holds: "This data is stored for 14 months".
func (d *document) lifeBehind(s *statement, i int) text {
	if s.behind == nil {
		life := d.findLifeBehind(i)
		s.behind = &life
	}
	return *s.behind
}

func (d *document) findLifeBehind(i int) text {
	for j := i + 1; j < len(d.statements) && d.statements[j].at == d.statements[i].at; j++ {
		p := d.statements[j].p
		if len(d.namesInSentence(p)) > 0 {
			break
		}
		if !p.has("expire", "r.duration") || len(p.words) > 40 || len(p.words) > 20 && len(p.at(0, "back")) == 0 {
			continue
		}
		if life := lifeInSentence(p, d.statements[i].kind == item); life.s != "" {
			return life
		}
	}
	return text{}
}

// name0 is where a name that was sliced from a phrase stands in it.
func name0(p *phrase, name text) int {
	if i, found := slices.BinarySearch(p.text.at, name.at[0]); found {
		return i
	}
	return 0
}
