package filterlist

import "strings"

// lower returns s with ASCII letters in lower case; everything else stays, so that offsets do.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if isUpper(s[i]) {
			return lowered(s)
		}
	}
	return s
}

func lowered(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// isWord tells whether c, of text in lower case, belongs to a token of the index.
func isWord(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// isHostChar tells whether c, of text in lower case, may stand in a host name.
func isHostChar(c byte) bool { return isWord(c) || c == '.' || c == '-' || c == '_' }

// isSeparator tells whether "^" stands for c: anything but a letter, a digit, or one of "_", "-", ".", "%".
func isSeparator(c byte) bool {
	return !isHostChar(c) && !isUpper(c) && c != '%'
}

// isASCII tells whether s holds no byte above 0x7f.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
