package filterlist

import "strings"

// The pattern language: "*" stands for any text, "^" for one separator or the end of the address. Both are matched
// without regular expressions. A matcher counts its steps, because a pattern made for it could take long.

// target is the address that patterns are held against.
type target struct {
	url                string // as asked, without a fragment
	low                string // the same in lower case
	hostStart, hostEnd int
	work               int // steps left; patterns fail when it is used up
}

// matches tells whether the rule's pattern is found in the address.
func (t *target) matches(pattern string, f flags) bool {
	s := t.low
	if f&matchCase != 0 {
		s = t.url
	}
	t.work -= 1 + len(s)/16
	switch {
	case f&hostAnchor != 0:
		return t.matchesHost(s, pattern, f)
	case f&glob != 0 && f&leftAnchor != 0:
		return t.globAt(pattern, s, 0, f&rightAnchor != 0)
	case f&glob != 0:
		return t.globAny(pattern, s, f&rightAnchor != 0)
	case f&(leftAnchor|rightAnchor) == leftAnchor|rightAnchor:
		return s == pattern
	case f&leftAnchor != 0:
		return strings.HasPrefix(s, pattern)
	case f&rightAnchor != 0:
		return strings.HasSuffix(s, pattern)
	}
	return strings.Contains(s, pattern)
}

// matchesHost tries the pattern at the start of each label of the host.
func (t *target) matchesHost(s, pattern string, f flags) bool {
	for i := t.hostStart; i < t.hostEnd; i++ {
		if i > t.hostStart && s[i-1] != '.' {
			continue
		}
		if t.matchesLabel(s, i, pattern, f) {
			return true
		}
	}
	return false
}

func (t *target) matchesLabel(s string, i int, pattern string, f flags) bool {
	if f&glob != 0 {
		return t.globAt(pattern, s, i, f&rightAnchor != 0)
	}
	if !strings.HasPrefix(s[i:], pattern) {
		return false
	}
	end := i + len(pattern)
	switch {
	case f&wholeLabels != 0:
		return end >= t.hostEnd || s[end] == '.'
	case f&rightAnchor != 0:
		return end == len(s)
	}
	return true
}

// globAny tells whether pattern is found anywhere in s.
func (t *target) globAny(pattern, s string, right bool) bool {
	return t.globRest(pattern, s, 0, right)
}

// globAt tells whether pattern matches s from i on; right asks it to reach the end of s.
func (t *target) globAt(pattern, s string, i int, right bool) bool {
	seg, rest, more := strings.Cut(pattern, "*")
	end := t.segmentAt(seg, s, i)
	if end < 0 {
		return false
	}
	if more {
		return t.globRest(rest, s, end, right)
	}
	return !right || end == len(s)
}

// globRest matches what follows a "*". The leftmost place of each segment is as good as any other, because what
// follows is free to lie anywhere behind it; only the last segment of a right-anchored pattern is bound to the end.
func (t *target) globRest(pattern, s string, from int, right bool) bool {
	for {
		seg, rest, more := strings.Cut(pattern, "*")
		if !more && right {
			return t.segmentEnds(seg, s, from)
		}
		if from = t.segmentIn(seg, s, from); from < 0 {
			return false
		}
		if !more {
			return true
		}
		pattern = rest
	}
}

// segmentEnds tells whether seg, somewhere behind from, reaches the end of s. Each "^" at its end may stand for
// nothing, so it may start that much later.
func (t *target) segmentEnds(seg, s string, from int) bool {
	first := max(from, len(s)-len(seg))
	for i := first; i <= len(s); i++ {
		if t.segmentAt(seg, s, i) == len(s) {
			return true
		}
	}
	return false
}

// segmentIn returns where the leftmost match of seg behind from ends, or -1.
func (t *target) segmentIn(seg, s string, from int) int {
	literal, _, _ := strings.Cut(seg, "^")
	for i := from; i <= len(s) && t.work > 0; i++ {
		at := strings.Index(s[i:], literal)
		if at < 0 {
			return -1
		}
		t.work -= at / 16
		i += at
		if end := t.segmentAt(seg, s, i); end >= 0 {
			return end
		}
	}
	return -1
}

// segmentAt matches seg, which holds no "*", at s[i:] and returns where it ends, or -1.
func (t *target) segmentAt(seg, s string, i int) int {
	for k := 0; k < len(seg); k++ {
		t.work--
		if seg[k] == '^' && i == len(s) {
			continue
		}
		if i >= len(s) || seg[k] != s[i] && (seg[k] != '^' || !isSeparator(s[i])) {
			return -1
		}
		i++
	}
	return i
}
