package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line of Markdown is read in two passes, so that hostile input stays linear: the first pairs what belongs together
// (emphasis, links, code), the second takes the text between. In text that is wrapped the first looks at all lines of a
// paragraph: bold text and links may go over their ends.

// token is a stretch of a line that is syntax and not text.
type token struct {
	span
	kind markKind
	open bool
	href string
	skip bool // only dropped
}

// inline takes one line, or one cell.
func (m *markdownReader) inline(r span) { m.emit(r, m.syntax(r)) }

// flow takes r, line i of running text or what stands behind its bullet.
func (m *markdownReader) flow(i int, r span) {
	if r.start >= m.ahead.end {
		end := m.lines[m.lastOfRun(i)].end
		m.ahead = stretchOfLines{end, m.syntax(span{r.start, end})}
	}
	n := 0
	for n < len(m.ahead.tokens) && m.ahead.tokens[n].start < r.end {
		n++
	}
	m.emit(r, m.ahead.tokens[:n])
	m.ahead.tokens = m.ahead.tokens[n:]
}

// stretchOfLines is what was paired in lines of running text, up to an offset.
type stretchOfLines struct {
	end    int
	tokens []token // of the lines that were not taken yet
}

// longestRun is over how many lines of a paragraph bold text and links are looked for.
const longestRun = 100

// lastOfRun is the last of the lines from i on that are the running text of one paragraph.
func (m *markdownReader) lastOfRun(i int) int {
	if m.hard || m.fenced || m.hidden != 0 {
		return i
	}
	for last := i; ; last++ {
		next := last + 1
		if next == len(m.lines) || next > i+longestRun {
			return last
		}
		s := m.line(next)
		if trimmed := strings.TrimSpace(s); trimmed == "" || strings.ContainsAny(trimmed, "|\t") || strings.Contains(trimmed, wideGap) ||
			opensWith(s, "#=+>~<") || strings.HasPrefix(trimmed, "```") || isRuler(s) || isReference(s) || bulletWidth(s) > 0 || m.underlined(next) {
			return last
		}
	}
}

// emit takes r, in which some tokens were paired.
func (m *markdownReader) emit(r span, tokens []token) {
	at, coded := r.start, false
	for _, t := range tokens {
		if t.start < at {
			continue
		}
		m.plainText(at, t.start, !coded)
		coded = t.kind == code && t.open
		switch {
		case t.skip:
		case t.open:
			m.begin(t.kind, t.href)
		default:
			m.finish(t.kind)
		}
		at = t.end
	}
	m.plainText(at, r.end, true)
}

// plainText takes text that holds no paired syntax: escapes, entities and, outside code, tags are left.
func (m *markdownReader) plainText(from, to int, tags bool) {
	for i := from; i < to; {
		stop := strings.IndexAny(m.src[i:to], "\\<")
		if stop < 0 {
			m.visible(i, to)
			return
		}
		m.visible(i, i+stop)
		i += stop
		if m.src[i] == '\\' {
			if i+1 < to && isPunct(m.src[i+1]) {
				m.visible(i+1, i+2)
				i += 2
			} else {
				m.visible(i, i+1)
				i++
			}
			continue
		}
		if tags {
			if next := m.markup(i, to); next > i {
				i = next
				continue
			}
		}
		m.visible(i, i+1)
		i++
	}
}

// markup takes the tag or the address in angle brackets at i and returns what is behind it; i when there is neither.
func (m *markdownReader) markup(i, to int) int {
	if next := m.tag(i, to); next > i {
		return next
	}
	stop := strings.IndexByte(m.src[i:min(to, i+maxAddress)], '>')
	if stop <= 0 || !isAddress(m.src[i+1:i+stop]) {
		return i
	}
	m.begin(link, m.src[i+1:i+stop])
	m.visible(i+1, i+stop)
	m.finish(link)
	return i + stop + 1
}

// maxAddress is how long an address in angle brackets may be, in bytes.
const maxAddress = 400

func (m *markdownReader) visible(from, to int) {
	if m.hidden == 0 && from < to {
		m.add(from, to, true)
	}
}

func isAddress(s string) bool {
	return !strings.ContainsAny(s, " <") && (strings.HasPrefix(s, "http") || strings.Contains(s, "@"))
}

func isPunct(c byte) bool {
	return c > ' ' && c < 0x7f && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// pairing is the state of the first pass.
type pairing struct {
	m      *markdownReader
	end    int
	tokens []token
	stars  []int // openers of emphasis waiting for their closer: indices into tokens
	square []int // "[" waiting for "]"
	lastTk [3]int
	budget int // bytes that may still be looked ahead at, so that brackets cannot make it quadratic
}

func (m *markdownReader) syntax(r span) []token {
	p := pairing{m: m, end: r.end, budget: 10_000 + 4*(r.end-r.start)}
	for i := r.start; i < r.end; {
		stop := strings.IndexAny(m.src[i:r.end], "\\`*_[]<\n")
		if stop < 0 {
			break
		}
		i = p.step(i+stop, r.start)
	}
	return p.paired()
}

func (p *pairing) step(i, start int) int {
	src := p.m.src
	switch src[i] {
	case '\\':
		return min(i+2, p.end)
	case '\n':
		p.endLine()
	case '`':
		return p.code(i)
	case '*', '_':
		return p.emphasis(i, start)
	case '[':
		p.square = append(p.square, len(p.tokens))
		from := i
		if i > start && src[i-1] == '!' {
			from = i - 1
		}
		p.tokens = append(p.tokens, token{span: span{from, i + 1}, kind: link, skip: true, href: "?"})
	case ']':
		return p.bracket(i)
	case '<':
		if stop := strings.IndexByte(src[i:min(p.end, i+2000)], '>'); stop > 0 && (tagStart(src[i+1]) || isAddress(src[i+1:i+stop])) {
			return i + stop + 1
		}
	}
	return i + 1
}

// endLine forgets the openers that do not reach over the end of a line: names are full of single signs.
func (p *pairing) endLine() {
	p.stars = slices.DeleteFunc(p.stars, func(at int) bool {
		t := p.tokens[at]
		return t.end-t.start != 2 || p.m.src[t.start] != '*'
	})
	p.lastTk = [3]int{}
}

// code pairs backticks; runs of up to three are known, and a run that never ends is looked for only once.
func (p *pairing) code(i int) int {
	n := run(p.m.src[i:p.end], '`')
	if n > 3 || p.lastTk[n-1] < 0 {
		return i + n
	}
	line, _, _ := strings.Cut(p.m.src[i+n:p.end], "\n")
	stop := strings.Index(line, strings.Repeat("`", n))
	if stop < 0 {
		p.lastTk[n-1] = -1
		return i + n
	}
	end := i + n + stop
	if n == 1 && end+1 < p.end && p.m.src[end+1] == '_' && p.restLink(i, end) {
		return end + 2
	}
	p.tokens = append(p.tokens, token{span: span{i, i + n}, kind: code, open: true},
		token{span: span{end, end + n}, kind: code})
	return end + n
}

// restLink takes the link that reStructuredText writes between backticks and a final underscore: "`Our page <address>`_".
func (p *pairing) restLink(i, end int) bool {
	inner := p.m.src[i+1 : end]
	at := strings.LastIndex(inner, " <")
	if at < 0 || !strings.HasSuffix(inner, ">") {
		return false
	}
	p.tokens = append(p.tokens, token{span: span{i, i + 1}, kind: link, open: true, href: inner[at+2 : len(inner)-1]},
		token{span: span{i + 1 + at, end + 2}, kind: link})
	return true
}

func run(s string, c byte) int {
	n := 1
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

// emphasis takes a run of * or _ as an opener, a closer or text. Cookie names are full of both, so it wants more than
// the standard does: an opener stands before a word and behind none, a closer behind a word.
func (p *pairing) emphasis(i, start int) int {
	src, c := p.m.src, p.m.src[i]
	n := run(src[i:p.end], c)
	before, after := flank(lastRune(src[start:i])), flank(firstRune(src[i+n:p.end]))
	if k := len(p.stars); k > 0 && p.tokens[p.stars[k-1]].end == i {
		before = ' ' // behind an opener: "_**Note**_"
	}
	if c == '*' && (n > 3 && strings.IndexByte(".:,;!?", before) >= 0 && after == ' ' || n == 4 && len(p.stars) > 0) {
		p.tokens = append(p.tokens, token{span: span{i, i + 2}, kind: bold, open: true}, token{span: span{i + 2, i + n}, kind: bold})
		return i + n // opened and closed at once, behind a sentence or in bold: a wildcard stands behind a name
	}
	if n > 3 || i+n < p.end && src[i+n] == '<' && p.m.placeholder(i+n, p.end) {
		return i + n
	}
	if before != ' ' && before != '\t' && p.closes(i, n, c, after) {
		return i + n
	}
	if after != ' ' && after != '\t' && (opens(before, after, c) || c == '*' && n == 2 && boldLabel(src[i+n:p.end])) {
		p.stars = append(p.stars, len(p.tokens))
		p.tokens = append(p.tokens, token{span: span{i, i + n}, kind: bold, href: "?"})
	}
	return i + n
}

// boldLabel reports whether a text opens with a short label whose emphasis ends before a colon: what is bold behind a value,
// "1 year**Type**: cookie".
func boldLabel(s string) bool {
	to := strings.Index(s[:min(len(s), maxLifeLine)], "**")
	return to > 0 && (strings.HasPrefix(s[to:], "**:") || s[to-1] == ':') && unicode.IsUpper(firstRune(s))
}

// flank makes one byte of a rune: what matters is whether it is a blank, a letter or a sign.
func flank(r rune) byte {
	switch {
	case r < utf8.RuneSelf && r > 0:
		return byte(r)
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return 'a'
	case unicode.IsPunct(r):
		return '"'
	}
	return ' '
}

func opens(before, after, c byte) bool {
	if isWord(after) || strings.IndexByte("\"'(`[<\\*_.#$", after) >= 0 || after >= 0x80 {
		return !isWord(before) && (c == '*' && before != '_' && before != '.' || c == '_' && before != '*' && before != '.' && before != '-')
	}
	return false
}

// closes pairs a closer with the nearest opener of its kind.
func (p *pairing) closes(i, n int, c, after byte) bool {
	for back := len(p.stars) - 1; back >= 0 && back >= len(p.stars)-4; back-- {
		at := p.stars[back]
		opener := &p.tokens[at]
		if p.m.src[opener.start] != c || opener.end-opener.start != n {
			continue
		}
		inner := p.m.src[opener.end:i]
		if c == '_' && !emphasised(inner, after) || inner == "" {
			return false
		}
		p.stars = p.stars[:back]
		opener.href, opener.open, opener.skip = "", true, n == 1
		p.tokens = append(p.tokens, token{span: span{i, i + n}, kind: bold, skip: n == 1})
		return true
	}
	return false
}

// emphasised tells underscores around words from those of a name such as _gat_ or __utm_.
func emphasised(inner string, after byte) bool {
	if isWord(after) || after == '*' || after == '-' || after == '{' || after == '#' {
		return false
	}
	if strings.ContainsAny(inner, " `*\\") {
		return true
	}
	for i := range len(inner) {
		if !isWord(inner[i]) || inner[i] <= '9' && inner[i] >= '0' {
			return false
		}
	}
	return len(inner) >= 6
}

// bracket pairs "]" with "[": a link with its address, a reference, or plain brackets.
func (p *pairing) bracket(i int) int {
	if len(p.square) == 0 {
		return i + 1
	}
	at := p.square[len(p.square)-1]
	p.square = p.square[:len(p.square)-1]
	src := p.m.src
	open := &p.tokens[at]
	image := src[open.start] == '!'
	href, end := p.target(i, src[open.end:i])
	if href == "" && end == 0 {
		return i + 1
	}
	open.href, open.open, open.skip = href, true, image
	p.tokens = append(p.tokens, token{span: span{i, end}, kind: link, skip: image})
	return end
}

// target reads what follows a closing bracket: "(address)", "[reference]" or nothing when the text is a reference.
func (p *pairing) target(i int, inner string) (href string, end int) {
	src := p.m.src
	if i+1 < p.end && src[i+1] == '(' {
		depth := 0
		for j := i + 1; j < min(p.end, i+3000) && p.budget > 0; j++ {
			p.budget--
			switch src[j] {
			case '\\':
				j++
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					address, _, _ := strings.Cut(strings.TrimSpace(src[i+2:j]), " ")
					return strings.Trim(address, "<>"), j + 1
				}
			}
		}
	}
	if len(p.m.refs) == 0 {
		return "", 0
	}
	if i+1 < p.end && src[i+1] == '[' {
		if stop := strings.IndexByte(src[i+2:min(p.end, i+202)], ']'); stop >= 0 {
			return p.m.refs[strings.ToLower(src[i+2:i+2+stop])], i + 3 + stop
		}
	}
	if to, ok := p.m.refs[strings.ToLower(inner)]; ok {
		return to, i + 1
	}
	return "", 0
}

// paired leaves out what found no partner.
func (p *pairing) paired() []token {
	kept := p.tokens[:0]
	for _, t := range p.tokens {
		if t.href != "?" {
			kept = append(kept, t)
		}
	}
	sortTokens(kept)
	return kept
}

// sortTokens orders tokens by place; they are nearly in order.
func sortTokens(tokens []token) {
	slices.SortStableFunc(tokens, func(a, b token) int { return a.start - b.start })
}
