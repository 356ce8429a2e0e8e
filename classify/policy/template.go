package policy

import "strings"

// maxTemplate is how many bytes a piece of template code has at most; longer ones are text.
const maxTemplate = 2000

// templateCode are the marks of the code of page templates, which nobody reads: of the languages of site generators, of
// embedded Ruby, of attribute lists behind links, and of values to be filled in.
var templateCode = []struct{ open, end string }{{"<%", "%>"}, {"{%", "%}"}, {"{:", "}"}, {valueOpen, "}}"}}

// valueOpen opens a value to be filled in. As a part of a word it stays: names of cookies hold such.
const valueOpen = "{{"

// withoutTemplates is a source with its template code blanked out, as long as it was.
func withoutTemplates(src string) string {
	for _, code := range templateCode {
		if strings.Contains(src, code.open) {
			src = blank(src, code.open, code.end)
		}
	}
	return src
}

// blank blanks out what stands between two marks, and the marks. Line ends stay.
func blank(src, open, end string) string {
	out := []byte(src)
	stop := 0 // where the next end is, behind which the search goes on
	for from := 0; ; {
		at := strings.Index(src[from:], open)
		if at < 0 {
			return string(out)
		}
		at += from
		if from = at + len(open); stop < from {
			next := strings.Index(src[from:], end)
			if next < 0 {
				return string(out)
			}
			stop = from + next
		}
		if stop-at > maxTemplate || at > 0 && src[at-1] == '{' { // "{{%" is shown
			continue
		}
		if open == valueOpen && (at > 0 && inName(src[at-1]) || stop+len(end) < len(src) && inName(src[stop+len(end)])) {
			continue
		}
		from = stop + len(end)
		for i := at; i < from; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = ' '
			}
		}
	}
}

// inName reports whether a byte beside a value makes both a name.
func inName(c byte) bool { return isWord(c) || strings.IndexByte("_-*.#}", c) >= 0 }
