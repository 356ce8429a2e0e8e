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
}

// match tells whether s matches. A source that does not compile matches nothing; the parser lets none through.
func (l *lazyRegexp) match(s string) bool {
	l.once.Do(func() { l.re, _ = regexp.Compile(l.source) })
	return l.re != nil && l.re.MatchString(s)
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
