package policy

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text is what a person reads of a piece of the document, and where each of its bytes lies in the source.
type text struct {
	s     string
	at    []int32 // at[i] is the source offset of s[i]; one more entry holds where the text ends
	marks []mark
}

// mark is a stretch of a text with a look or a link.
type mark struct {
	from, to int // in text.s
	kind     markKind
	href     string // of links
}

type markKind uint8

const (
	bold markKind = iota
	code
	link
)

// span is a half-open stretch of source bytes.
type span struct{ start, end int }

// source tells where s[from:to] lies in the document.
func (t *text) source(from, to int) span {
	if len(t.at) == 0 || from >= len(t.at) {
		return span{}
	}
	return span{int(t.at[from]), int(t.at[to])}
}

func (t *text) whole() span { return t.source(0, len(t.s)) }

// samePlace reports whether o, which reads as t does, is the same stretch of the document.
func (t *text) samePlace(o text) bool {
	return len(t.at) == len(o.at) && len(t.marks) == len(o.marks) && (len(t.at) == 0 || &t.at[0] == &o.at[0])
}

// slice is the part of t between from and to, with its marks.
func (t *text) slice(from, to int) text {
	for from < to && isBlank(t.s[from]) {
		from++
	}
	for to > from && isBlank(t.s[to-1]) {
		to--
	}
	if from >= to {
		return text{}
	}
	part := text{s: t.s[from:to], at: t.at[from : to+1]}
	for _, m := range t.marks {
		if m.from < to && m.to > from {
			part.marks = append(part.marks, mark{max(m.from, from) - from, min(m.to, to) - from, m.kind, m.href})
		}
	}
	return part
}

// joined is t with another text in a line of its own. Where the second lies in the source is known as a whole.
func (t *text) joined(more text) text {
	out := text{s: t.s + "\n" + more.s, marks: t.marks}
	out.at = slices.Grow(slices.Clone(t.at), len(out.s)+1-len(t.at))
	for len(out.at) < len(out.s)+1 {
		out.at = append(out.at, more.at[len(more.at)-1])
	}
	return out
}

// lines splits t at its hard line breaks.
func (t *text) lines() []text {
	var out []text
	for from := 0; from <= len(t.s); {
		to := strings.IndexByte(t.s[from:], '\n')
		if to < 0 {
			to = len(t.s)
		} else {
			to += from
		}
		if line := t.slice(from, to); line.s != "" {
			out = append(out, line)
		}
		from = to + 1
	}
	return out
}

// marked returns the first mark of a kind that begins at the start of t, and false when there is none.
func (t *text) marked(kinds ...markKind) (mark, bool) {
	for _, m := range t.marks {
		if m.from > 2 || m.to <= m.from {
			continue
		}
		for _, k := range kinds {
			if m.kind == k {
				return m, true
			}
		}
	}
	return mark{}, false
}

// wholeLink reports whether all of t is one link.
func (t *text) wholeLink() bool {
	return slices.ContainsFunc(t.marks, func(m mark) bool { return m.kind == link && m.from == 0 && m.to == len(t.s) })
}

func isBlank(b byte) bool { return b == ' ' || b == '\n' }

// textBuilder collects a text from pieces of the source: white space is folded, invisible characters are dropped,
// no-break spaces and typographic quotes become plain ones.
type textBuilder struct {
	src  string
	buf  []byte
	at   []int32
	end  int // source offset behind the last character taken
	mark []mark
	open []mark
}

func (b *textBuilder) empty() bool { return len(b.buf) == 0 }

func (b *textBuilder) put(s string, at, end int) {
	for i := range len(s) {
		b.buf = append(b.buf, s[i])
		b.at = append(b.at, int32(min(at+i, max(end-1, at))))
	}
	b.end = end
}

func (b *textBuilder) space(at int) {
	if n := len(b.buf); n > 0 && !isBlank(b.buf[n-1]) {
		b.buf, b.at = append(b.buf, ' '), append(b.at, int32(at))
	}
}

func (b *textBuilder) newline(at int) {
	n := len(b.buf)
	switch {
	case n == 0 || b.buf[n-1] == '\n':
	case b.buf[n-1] == ' ':
		b.buf[n-1] = '\n'
	default:
		b.buf, b.at = append(b.buf, '\n'), append(b.at, int32(at))
	}
}

// add takes src[from:to]; entities are decoded when it is HTML text.
func (b *textBuilder) add(from, to int, entities bool) {
	for i := from; i < to; {
		c := b.src[i]
		if c == '&' && entities {
			if n := b.entity(i, to); n > 0 {
				i += n
				continue
			}
		}
		if c < utf8.RuneSelf {
			if n := plainRun(b.src[i:to]); n > 0 {
				b.run(i, i+n)
				i += n
				continue
			}
			b.ascii(c, i)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(b.src[i:to])
		b.rune(r, i, i+n)
		i += n
	}
}

// plainRun is how many characters at the front of s are taken as they are.
func plainRun(s string) int {
	n := 0
	for n < len(s) && s[n] > ' ' && s[n] < 0x7f && s[n] != '&' {
		n++
	}
	return n
}

// run takes what needs no decoding.
func (b *textBuilder) run(from, to int) {
	b.buf = append(b.buf, b.src[from:to]...)
	for i := from; i < to; i++ {
		b.at = append(b.at, int32(i))
	}
	b.end = to
}

func (b *textBuilder) ascii(c byte, at int) {
	if c <= ' ' || c == 0x7f {
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v' {
			b.space(at)
		}
		return
	}
	b.buf, b.at = append(b.buf, c), append(b.at, int32(at))
	b.end = at + 1
}

func (b *textBuilder) rune(r rune, at, end int) {
	switch {
	case r == '\u00ad' || r == '\ufeff' || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
		return
	case unicode.IsSpace(r) || r == '\u2800' || r == '\u3164':
		b.space(at)
	case r == '’' || r == '‘' || r == 'ʼ' || r == '´':
		b.put("'", at, end)
	case r == '‑' || r == '‐' || r == '−':
		b.put("-", at, end)
	case r == '＊' || r == '∗':
		b.put("*", at, end)
	case r < utf8.RuneSelf:
		b.ascii(byte(r), at)
	default:
		b.put(string(r), at, end)
	}
}

// entity decodes a character reference at i and returns its length in the source, zero when there is none.
func (b *textBuilder) entity(i, to int) int {
	stop := strings.IndexByte(b.src[i:min(to, i+34)], ';')
	if stop < 2 {
		return 0
	}
	raw := b.src[i : i+stop+1]
	decoded := html.UnescapeString(raw)
	if decoded == raw {
		return 0
	}
	for _, r := range decoded {
		b.rune(r, i, i+stop+1)
	}
	if b.end < i+stop+1 && len(b.buf) > 0 && !isBlank(b.buf[len(b.buf)-1]) {
		b.end = i + stop + 1
	}
	return stop + 1
}

func (b *textBuilder) begin(k markKind, href string) {
	if len(b.open) < 32 {
		b.open = append(b.open, mark{from: len(b.buf), kind: k, href: href})
	}
}

func (b *textBuilder) finish(k markKind) {
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].kind != k {
			continue
		}
		m := b.open[i]
		b.open = append(b.open[:i], b.open[i+1:]...)
		if m.to = len(b.buf); m.to > m.from {
			b.mark = append(b.mark, m)
		}
		return
	}
}

// take returns what was collected and starts anew; marks that are still open go on in the next text.
func (b *textBuilder) take() text {
	for i, m := range b.open {
		if len(b.buf) > m.from {
			b.mark = append(b.mark, mark{m.from, len(b.buf), m.kind, m.href})
		}
		b.open[i].from = 0
	}
	if len(b.buf) == 0 {
		b.mark = nil
		return text{}
	}
	t := text{s: string(b.buf), at: make([]int32, len(b.at)+1), marks: b.mark}
	t.at[copy(t.at, b.at)] = int32(b.end)
	b.buf, b.at, b.mark = b.buf[:0], b.at[:0], nil
	return t.slice(0, len(t.s))
}
