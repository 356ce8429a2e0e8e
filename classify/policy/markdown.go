package policy

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// readMarkdown reads Markdown and plain text into blocks. Published policies hold both at once, and HTML inside, so
// there is one reader for all of it; text that uses no syntax comes out as its lines.
func readMarkdown(src string) *builder {
	m := markdownReader{htmlReader: htmlReader{builder: newBuilder(src)}}
	m.lines = splitLines(src)
	m.refs = references(src, m.lines)
	m.hard = !wrapped(src, m.lines)
	m.fences = fences(src, m.lines)
	m.read()
	m.done()
	return m.builder
}

type markdownReader struct {
	htmlReader
	lines []span
	refs  map[string]string // link reference definitions, lower case
	hard  bool              // a line break in the source ends a paragraph
	soft  bool              // the line before asked for a break that does not end the paragraph
	depth []int             // indents of open lists
	rows  []span            // a table being collected: its lines

	ahead stretchOfLines // of running text

	fences []int // lines that open or close a block of code, by pairs
	fenced bool  // inside such a block
}

var (
	headingLine   = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+|$)`)
	bulletLine    = regexp.MustCompile(`^[ \t]*(?:[*+•·▪●○–—‣◦-]|\(?(?:\d{1,3}|[a-z])[.)]|\d{1,2}\\[.)])[ \t]+`)
	underline     = regexp.MustCompile(`^ {0,3}(?:=+|-{2,})[ \t]*$`)
	ruler         = regexp.MustCompile(`^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$`)
	separatorLine = regexp.MustCompile(`^[ \t>]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?`)
	reference     = regexp.MustCompile(`^ {0,3}\[([^\]]{1,200})\]:[ \t]*<?([^\s>]+)>?`)
)

// opensWith reports whether the first of s that is no blank is one of some signs: most lines are passed by with that.
func opensWith(s, signs string) bool {
	s = strings.TrimLeft(s, " \t")
	return s != "" && strings.IndexByte(signs, s[0]) >= 0
}

func isHeading(s string) bool { return opensWith(s, "#") && headingLine.MatchString(s) }
func isRuler(s string) bool {
	return opensWith(s, "=-*_") && (underline.MatchString(s) || ruler.MatchString(s))
}

func isUnderline(s string) bool { return opensWith(s, "=-") && underline.MatchString(s) }
func isReference(s string) bool {
	return opensWith(s, "[") && len(s) < 2000 && reference.MatchString(s)
}

// bulletWidth is the length of what opens an item of a list, zero when none does.
func bulletWidth(s string) int {
	t := strings.TrimLeft(s, " \t")
	if len(t) < 2 || t[0] >= 'a' && t[0] <= 'z' && t[1] != '.' && t[1] != ')' || t[0] >= 'A' && t[0] <= 'Z' || t[0] == '|' {
		return 0
	}
	return len(bulletLine.FindString(s))
}

// separatorWidth is the length of the row that parts the head of a table from its body, zero when s is none.
func separatorWidth(s string) int {
	if !strings.Contains(s, "--") || !strings.Contains(s, "|") {
		return 0
	}
	return len(separatorLine.FindString(s))
}

func splitLines(src string) []span {
	var out []span
	for from := 0; from < len(src); {
		to := strings.IndexByte(src[from:], '\n')
		if to < 0 {
			to = len(src) - from
		}
		end := from + to
		if end > from && src[end-1] == '\r' {
			out = append(out, span{from, end - 1})
		} else {
			out = append(out, span{from, end})
		}
		from += to + 1
	}
	return out
}

// wrapped reports whether the lines of a text are broken at a width: then a line break means nothing. The width of
// 100 is what editors wrap at, at most; a text with more than a few longer lines was not wrapped.
func wrapped(src string, lines []span) bool {
	long, full := 0, 0
	for _, l := range lines {
		n := l.end - l.start
		if n > 130 && !strings.Contains(src[l.start:l.end], "|") && !strings.Contains(src[l.start:l.end], "](") {
			long++
		}
		if n > 55 {
			full++
		}
	}
	return long == 0 || long*12 < full
}

// fences finds the lines that fence blocks of code in; one that is not closed fences nothing.
func fences(src string, lines []span) []int {
	var out []int
	for i, l := range lines {
		if s := strings.TrimLeft(src[l.start:l.end], " "); strings.HasPrefix(s, "```") && !strings.Contains(s[3:], "`") {
			out = append(out, i)
		}
	}
	return out[:len(out)/2*2]
}

func references(src string, lines []span) map[string]string {
	refs := map[string]string{}
	for _, l := range lines {
		if l.end-l.start > 2000 || !strings.Contains(src[l.start:l.end], "]:") {
			continue
		}
		if m := reference.FindStringSubmatch(src[l.start:l.end]); m != nil {
			refs[strings.ToLower(m[1])] = m[2]
		}
	}
	return refs
}

func (m *markdownReader) line(i int) string  { return m.text(m.lines[i]) }
func (m *markdownReader) text(l span) string { return m.src[l.start:l.end] }

func (m *markdownReader) read() {
	for i := m.frontMatter(); i < len(m.lines); {
		i = m.block(i)
	}
	m.table()
}

// frontMatter skips the settings of a site generator at the top of the file, but for the title.
func (m *markdownReader) frontMatter() int {
	if len(m.lines) == 0 || !frontFence[strings.TrimSpace(m.line(0))] {
		return 0
	}
	for i := 1; i < min(len(m.lines), 200); i++ {
		t := strings.TrimSpace(m.line(i))
		if frontFence[t] || t == "..." {
			return i + 1
		}
		if value, ok := strings.CutPrefix(t, "title:"); ok {
			m.frontTitle(i, strings.Trim(value, ` "'`))
		}
	}
	return 0
}

// frontTitle takes a value of line i as the title.
func (m *markdownReader) frontTitle(i int, value string) {
	from := m.lines[i].start + strings.Index(m.line(i), value)
	title := textBuilder{src: m.src}
	title.add(from, from+len(value), false)
	m.title = title.take()
}

// frontFence are the lines that fence settings in.
var frontFence = map[string]bool{"---": true, "+++": true}

// block reads what begins at line i and returns the line behind it.
func (m *markdownReader) block(i int) int {
	raw := m.line(i)
	trimmed := strings.TrimSpace(raw)
	if !m.fenced && m.isRow(i, trimmed) {
		if n := len(m.rows); n > 0 && m.goesOnRow(m.rows[n-1], trimmed) {
			m.rows[n-1].end = m.lines[i].end
			return i + 1
		}
		m.rows = append(m.rows, m.lines[i])
		return i + 1
	}
	if len(m.rows) > 0 && !m.fenced && trimmed != "" && m.barBelow(i) {
		m.rows = append(m.rows, span{m.lines[i].start, m.lines[i+2].end}) // the first cell of a row, its bar, and the others
		return i + 3
	}
	m.table()
	if next := m.rstTable(i, trimmed); next > i {
		return next
	}
	if next := m.tabbedTable(i, trimmed); next > i {
		return next
	}
	if next := m.barredTable(i, trimmed); next > i {
		return next
	}
	if len(m.fences) > 0 && m.fences[0] == i {
		m.flush()
		m.fences, m.fenced = m.fences[1:], !m.fenced
		return i + 1
	}
	switch {
	case m.fenced && trimmed != "" && m.current() == nil:
		m.inline(m.lines[i])
		m.newline(m.lines[i].end)
	case m.current() != nil || m.hidden != 0:
		m.inline(m.lines[i])
		m.space(m.lines[i].end)
	case trimmed == "":
		m.flush()
		m.soft = false
	case strings.HasPrefix(trimmed, ":::") || strings.HasPrefix(trimmed, "!!! "): // opens or closes a box
		m.flush()
	case isReference(raw):
		m.flush()
	case m.underlined(i):
		return m.setext(i)
	case isRuler(raw):
		m.flush()
	case isHeading(raw):
		m.atx(i, headingLine.FindStringSubmatch(raw))
	case bulletWidth(raw) > 0:
		m.bullet(i, bulletWidth(raw))
	default:
		m.paragraph(i, raw)
	}
	return i + 1
}

// underlined reports whether lines from i on are a heading by the line below them.
func (m *markdownReader) underlined(i int) bool { return m.underlineOf(i) > i }

func (m *markdownReader) underlineOf(i int) int {
	for j := i; j < min(i+3, len(m.lines)); j++ {
		t := strings.TrimSpace(m.line(j))
		if t == "" || len(t) > 300 || isHeading(m.line(j)) || j > i && bulletWidth(m.line(j)) > 0 {
			return 0
		}
		if isUnderline(m.line(j)) {
			if j == i {
				return 0
			}
			return j
		}
	}
	return 0
}

func (m *markdownReader) setext(i int) int {
	stop := m.underlineOf(i)
	level := 2
	if strings.Contains(m.line(stop), "=") {
		level = 1
	}
	m.outside()
	m.start(heading, level)
	for j := i; j < stop; j++ {
		m.inline(m.lines[j])
		if j+1 < stop {
			m.newline(m.lines[j].end)
		}
	}
	m.flush()
	return stop + 1
}

func (m *markdownReader) atx(i int, found []string) {
	m.outside()
	m.start(heading, len(found[1]))
	l := m.lines[i]
	l.start += len(found[0])
	end := strings.TrimRight(m.src[l.start:l.end], " \t")
	if cut := strings.TrimRight(end, "#"); cut == "" || strings.HasSuffix(cut, " ") {
		end = cut
	}
	l.end = l.start + len(end)
	m.inline(l)
	m.flush()
}

// outside ends all lists.
func (m *markdownReader) outside() {
	for range m.depth {
		m.closeList()
	}
	m.depth = m.depth[:0]
}

func (m *markdownReader) bullet(i, width int) {
	l := m.lines[i]
	indent := 0
	for l.start+indent < l.end && (m.src[l.start+indent] == ' ' || m.src[l.start+indent] == '\t') {
		indent++
	}
	for len(m.depth) > 0 && m.depth[len(m.depth)-1] > indent {
		m.closeList()
		m.depth = m.depth[:len(m.depth)-1]
	}
	if n := len(m.depth); n == 0 || m.depth[n-1]+1 < indent && n < 16 {
		m.openList()
		m.depth = append(m.depth, indent)
	}
	m.start(item, len(m.depth))
	l.start += width
	m.flow(i, l)
	m.pause(i)
}

func (m *markdownReader) paragraph(i int, raw string) {
	l := m.lines[i]
	indented := strings.HasPrefix(raw, " ") || strings.HasPrefix(raw, "\t")
	if m.empty() && len(m.depth) > 0 && !indented && !m.listGoesOn(i) {
		m.outside()
	}
	for l.start < l.end && strings.IndexByte("> \t", m.src[l.start]) >= 0 {
		l.start++
	}
	m.flow(i, l)
	m.pause(i)
}

// listGoesOn reports whether another item follows soon: then a paragraph without indent belongs to the item above, unless
// it opens in bold, as what heads the items below.
func (m *markdownReader) listGoesOn(i int) bool {
	if strings.HasPrefix(m.line(i), "**") {
		return false
	}
	for j := i + 1; j < min(i+4, len(m.lines)); j++ {
		t := m.line(j)
		if isHeading(t) || strings.HasPrefix(t, "|") {
			return false
		}
		if strings.TrimSpace(t) != "" {
			return bulletWidth(t) > 0
		}
	}
	return false
}

// pause treats the line break behind line i.
func (m *markdownReader) pause(i int) {
	l := m.lines[i]
	raw := m.src[l.start:l.end]
	switch {
	case strings.HasSuffix(raw, "  ") || strings.HasSuffix(raw, `\`):
		m.newline(l.end)
	case m.kind == item && m.hard && i+1 < len(m.lines) && strings.HasPrefix(m.line(i+1), " "):
		m.newline(l.end)
	case m.hard && i+1 < len(m.lines) && !strings.HasPrefix(m.line(i+1), " "):
		m.flush()
	case i+1 < len(m.lines) && short(raw, m.line(i+1)):
		m.newline(l.end)
	default:
		m.space(l.end)
	}
}

// short reports whether a line of wrapped text ended before it had to: the next word would have fitted.
func short(raw, next string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(next), " ")
	return len(raw)+len(word) < 60 || labels(raw) && labels(next) || strings.IndexByte(word, '_') >= 0 && opensNamed(strings.TrimSpace(next))
}

// labels reports whether a line opens with a label and goes on with its value: "Purpose: keeps you logged in".
func labels(s string) bool {
	s = strings.TrimLeft(s, " \t")
	to := strings.Index(s[:min(len(s), 30)], ": ")
	return to > 0 && unicode.IsUpper(firstRune(s)) && fewWords(s[:to], 3)
}

// tag reads an HTML tag or comment at offset i and returns the offset behind it, or i when there is none.
func (m *markdownReader) tag(i, end int) int {
	stop := strings.IndexByte(m.src[i:min(end, i+2000)], '>')
	if stop < 2 || !tagStart(m.src[i+1]) || m.placeholder(i, end) {
		return i
	}
	raw := m.src[i : i+stop+1]
	z := html.NewTokenizerFragment(strings.NewReader(raw), "body")
	switch tt := z.Next(); tt {
	case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		m.token(z, tt, i, i+stop+1)
	case html.CommentToken:
	default:
		return i
	}
	return i + stop + 1
}

// placeholder reports whether a word in angle brackets that goes on a name stands for the rest of it: "_ga_<container-id>".
func (m *markdownReader) placeholder(i, end int) bool {
	if i == 0 || !isWord(m.src[i-1]) && strings.IndexByte("_-.", m.src[i-1]) < 0 {
		return false
	}
	n := strings.IndexFunc(m.src[i+1:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' })
	return n > 0 && m.src[i+1+n] == '>' && !inlineTags[strings.ToLower(m.src[i+1:i+1+n])]
}

// inlineTags are the elements of which a tag may stand right behind a word in Markdown.
var inlineTags = wordSet(`a b br code del div em font i img ins kbd li mark p small span strike strong sub sup td th tr tt u ul wbr`)

func tagStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/' || c == '!'
}
