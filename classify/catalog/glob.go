package catalog

import "strings"

// A glob is a pattern of names: "*" stands for one or more bytes, "#" for one or more digits, "%" for at least six
// hexadecimal digits; "%3A" and the like are escapes of URLs and stand for themselves, "##" stands for "#".
type glob struct {
	parts   []string // the literal parts; a wildcard stands between each two
	wilds   []byte   // those wildcards
	literal int      // bytes of the literal parts: the longer, the more a match means
}

// minHex is how many hexadecimal digits "%" wants: fewer are found in ordinary words.
const minHex = 6

func newGlob(pattern string) glob {
	var g glob
	for {
		i := wildAt(pattern)
		if i < 0 {
			g.addPart(pattern)
			return g
		}
		g.addPart(pattern[:i])
		g.wilds = append(g.wilds, pattern[i])
		pattern = pattern[i+1:]
	}
}

func (g *glob) addPart(part string) {
	part = strings.ReplaceAll(part, "##", "#")
	g.parts = append(g.parts, part)
	g.literal += len(part)
}

// wildAt returns where the first wildcard of pattern stands, -1 when there is none.
func wildAt(pattern string) int {
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*':
			return i
		case '#':
			if !strings.HasPrefix(pattern[i:], "##") {
				return i
			}
			i++
		case '%':
			if countWhile(pattern[i+1:], isHex) < 2 {
				return i
			}
		}
	}
	return -1
}

func (g *glob) wild() bool { return len(g.wilds) > 0 }

// ends returns the literal parts at the front and at the end, empty where a wildcard stands.
func (g *glob) ends() (first, last string) { return g.parts[0], g.parts[len(g.parts)-1] }

// match reports whether the whole of name fits.
func (g *glob) match(name string) bool {
	rest, ok := strings.CutPrefix(name, g.parts[0])
	return ok && matchRest(g.wilds, g.parts[1:], rest)
}

// matchRest matches one wildcard, the literal part behind it, and so on.
func matchRest(wilds []byte, parts []string, rest string) bool {
	if len(wilds) == 0 {
		return rest == ""
	}
	least, most := reach(wilds[0], rest)
	part := parts[0]
	if len(wilds) == 1 {
		end := len(rest) - len(part)
		return end >= least && end <= most && rest[end:] == part
	}
	for at := least; at <= most && at <= len(rest); at++ {
		i := strings.Index(rest[at:], part)
		if i < 0 || at+i > most {
			return false
		}
		at += i
		if matchRest(wilds[1:], parts[1:], rest[at+len(part):]) {
			return true
		}
	}
	return false
}

// reach returns how few and how many bytes of s a wildcard can stand for; least is more than most when it cannot.
func reach(wild byte, s string) (least, most int) {
	switch wild {
	case '#':
		return 1, countWhile(s, isDigit)
	case '%':
		return minHex, countWhile(s, isHex)
	}
	return 1, len(s)
}

func countWhile(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
