package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// showRunes is the longest name or sentence that people are shown; all of it is in the JSON.
const showRunes = 400

// Visible makes what a stranger wrote fit for a terminal: inert, on one line, at most 400 characters.
func Visible(s string) string { return show(s) }

// show makes a name of a stranger fit for people: inert, on one line, and not endless.
func show(s string) string { return middle(visible(ends(s)), showRunes) }

// sentence does the same for running text, where a line break is only white space.
func sentence(s string) string {
	return show(strings.Join(strings.Fields(ends(s)), " "))
}

// shownBytes is enough for showRunes of any script, before and after its middle is cut out.
const shownBytes = 4 * showRunes

// ends returns the two ends of a string that is too long to be shown, so that megabytes cost nothing.
func ends(s string) string {
	if len(s) <= 2*shownBytes {
		return s
	}
	return s[:shownBytes] + "…" + s[len(s)-shownBytes:]
}

// maxMarks is how many combining marks may stand on one letter. Vietnamese needs two and Hebrew three; more only
// paint over the lines above and below.
const maxMarks = 3

// visible writes out every character that moves the cursor, hides, or changes the order of others: control
// characters become \x1b, format and private characters \u202e, bytes that are no UTF-8 \xff. Spaces of any width become plain
// ones. The result is one line.
func visible(s string) string {
	var b strings.Builder
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		marks = countMarks(r, marks)
		b.WriteString(visibleRune(r, s[i:i+size], marks))
		i += size
	}
	return b.String()
}

// countMarks returns how many combining marks stand in a row, r included.
func countMarks(r rune, before int) int {
	if unicode.Is(unicode.M, r) {
		return before + 1
	}
	return 0
}

// visibleRune returns how r, read from raw, is shown.
func visibleRune(r rune, raw string, marks int) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == ' ' || unicode.Is(unicode.Zs, r):
		return " "
	case r < 0x80 && r > ' ' && r != 0x7f:
		return raw
	case marks > maxMarks || !harmless(r):
		return escape(r)
	}
	return raw
}

// harmless reports whether a terminal and a browser show r as a glyph of its own, in its place.
func harmless(r rune) bool {
	switch r {
	case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0: // letters, marks and symbols without ink
		return false
	}
	return unicode.IsPrint(r)
}

// escape writes r as Go writes it.
func escape(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// middle cuts s in its middle to at most n characters; the ends of a name tell most.
func middle(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	head := (n - 1) * 2 / 3
	tail := n - 1 - head
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}
