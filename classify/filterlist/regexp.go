package filterlist

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// lazyRegexp is a regular expression that is compiled when it is first needed: most never are.
type lazyRegexp struct {
	source string // in Go's syntax
	once   sync.Once
	re     *regexp.Regexp
	needs  string // a text in lower case that every match holds; found faster than a match
}

// match tells whether s matches; low is s in lower case. A source that does not compile matches nothing; the parser
// lets none through.
func (l *lazyRegexp) match(s, low string) bool {
	l.once.Do(l.compile)
	return l.re != nil && strings.Contains(low, l.needs) && l.re.MatchString(s)
}

func (l *lazyRegexp) compile() {
	tree, err := syntax.Parse(l.source, syntax.Perl)
	if err != nil {
		return
	}
	if l.re, err = regexp.Compile(l.source); err != nil {
		return
	}
	for text := range strings.FieldsFuncSeq(literals(tree), func(r rune) bool { return r == 0 || r == '^' }) {
		if len(text) > len(l.needs) {
			l.needs = text
		}
	}
}

// Bounds on regular expressions, in steps of the program that they compile to; the largest of the lists seen so far has
// some 6,000, all of them together 99,000.
const (
	maxProgram  = 16 << 10
	maxPrograms = 2 << 20
)

// programSize estimates the steps of the program of a regular expression.
func programSize(tree *syntax.Regexp) int {
	size := 1 + len(tree.Rune)/2
	for _, sub := range tree.Sub {
		size = min(size+programSize(sub), maxPrograms)
	}
	if tree.Op == syntax.OpRepeat {
		size = min(size*max(1, tree.Min, tree.Max), maxPrograms)
	}
	return size
}

// addRegexp keeps a regular expression and returns its number.
func (p *parser) addRegexp(source string, fold bool) (uint32, outcome) {
	source, tree := translate(source, fold)
	if tree == nil {
		return 0, outcomeRegexp
	}
	size := programSize(tree)
	if size > maxProgram || p.programs+size > maxPrograms {
		return 0, outcomeTooLong
	}
	p.programs += size
	p.regexps = append(p.regexps, &lazyRegexp{source: source})
	return uint32(len(p.regexps) - 1), outcomeRule
}

// translate turns a JavaScript regular expression into Go's syntax, parsed to see that it is one; nil when RE2 cannot
// express it.
func translate(source string, fold bool) (string, *syntax.Regexp) {
	source = unescape(source)
	if fold {
		source = "(?i)" + source
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return "", nil
	}
	return source, tree
}

// unescape rewrites the escapes that Go does not know: "\/" and the like, which stand for themselves, and "\u0041".
func unescape(source string) string {
	if !strings.Contains(source, `\`) {
		return source
	}
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		if source[i] != '\\' || i+1 == len(source) {
			b.WriteByte(source[i])
			continue
		}
		i++
		switch c := source[i]; {
		case c == 'u' && isHex(source, i+1, 4):
			b.WriteString(`\x{` + source[i+1:i+5] + `}`)
			i += 4
		case strings.IndexByte(`/_"'#%&,:;<=>@!~ `+"`", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('\\')
			b.WriteByte(c)
		}
	}
	return b.String()
}

// isHex tells whether n hexadecimal digits follow in s at i.
func isHex(s string, i, n int) bool {
	if i+n > len(s) {
		return false
	}
	for _, c := range []byte(s[i : i+n]) {
		if !('0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f') {
			return false
		}
	}
	return true
}

// literals returns the texts that every match of the tree must hold, in lower case, with a "\x00" where the text begins
// or ends with a border that the expression leaves open, and a "^" where the address begins or ends.
func literals(tree *syntax.Regexp) string {
	var b strings.Builder
	b.WriteByte(0)
	appendLiterals(&b, tree)
	b.WriteByte(0)
	return b.String()
}

func appendLiterals(b *strings.Builder, tree *syntax.Regexp) {
	switch tree.Op {
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range tree.Sub {
			appendLiterals(b, sub)
		}
	case syntax.OpLiteral:
		b.WriteString(lower(string(tree.Rune)))
	case syntax.OpBeginText, syntax.OpEndText:
		b.WriteByte('^')
	case syntax.OpEmptyMatch:
	default:
		b.WriteByte(0)
	}
}
