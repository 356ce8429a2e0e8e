package classify

import "strings"

// glob is a name in which "*" stands for anything, nothing included. It has no other special characters.
type glob struct {
	literals []string // what stands before, between and after the stars; one literal and no star is an exact name
}

func globOf(pattern string) glob { return glob{literals: strings.Split(pattern, "*")} }

// exact reports whether g has no star.
func (g glob) exact() bool { return len(g.literals) == 1 }

// weight is the number of bytes that g fixes: of two globs that match, the heavier one says more.
func (g glob) weight() int {
	n := 0
	for _, l := range g.literals {
		n += len(l)
	}
	return n
}

// match reports whether name fits g; case counts.
func (g glob) match(name string) bool {
	first := g.literals[0]
	if g.exact() {
		return name == first
	}
	rest, ok := strings.CutPrefix(name, first)
	if !ok {
		return false
	}
	last := len(g.literals) - 1
	for _, literal := range g.literals[1:last] {
		_, after, found := strings.Cut(rest, literal)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, g.literals[last])
}

// declaredGlob reads a name as policies print it, where what varies is written in many ways: "_ga_*", "_ga_<id>",
// "_hjSession_{site_id}", "AMCV_xxxxxAdobeOrg", "_gat_UA-XXXXXX-X", "_ga_#", "mp_[token]_mixpanel", "intercom-id-...",
// or only the front of it is told: "rl_".
func declaredGlob(name string) glob {
	name = strings.Trim(strings.TrimSpace(name), "\"'`“”‘’„")
	name = strings.ReplaceAll(name, "…", "*")
	name = strings.ReplaceAll(name, "...", "*")
	for _, pair := range []string{"<>", "{}", "[]", "%%"} {
		name = starBetween(name, pair[0], pair[1])
	}
	name = starRuns(name)
	if len(name) > 2 && strings.Trim(name[len(name)-1:], "_-.") == "" {
		name += "*"
	}
	for strings.Contains(name, "**") {
		name = strings.ReplaceAll(name, "**", "*")
	}
	return globOf(name)
}

// starBetween replaces bracketed placeholders; a bracket without its partner or with nothing inside stays.
func starBetween(name string, left, right byte) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(name, left)
		if i < 0 {
			break
		}
		n := strings.IndexByte(name[i+1:], right)
		if n <= 0 || n > 40 {
			break
		}
		b.WriteString(name[:i])
		b.WriteByte('*')
		name = name[i+1+n+1:]
	}
	b.WriteString(name)
	return b.String()
}

// starRuns replaces runs of x, X and # that stand for characters: three x or more anywhere, fewer where they are a
// word of their own ("_ga_XX"; a single one only where the name has a run elsewhere), "##" anywhere, and "#" at an
// end or between separators, where consent managers print it for what varies ("_pk_id#"; not so in "shop#lang").
func starRuns(name string) string {
	var b strings.Builder
	long := strings.Contains(strings.ToLower(name), "xxx")
	for i := 0; i < len(name); {
		c := name[i]
		end := i + 1
		for end < len(name) && isPlaceholder(c) && strings.EqualFold(name[end:end+1], name[i:i+1]) {
			end++
		}
		alone := (i == 0 || !isAlnum(name[i-1])) && (end == len(name) || !isAlnum(name[end]))
		n := end - i
		switch {
		case c == '#' && (n > 1 || alone || end == len(name)):
			b.WriteByte('*')
		case c|0x20 == 'x' && (n > 2 || alone && (n == 2 || long)):
			b.WriteByte('*')
		default:
			b.WriteString(name[i:end])
		}
		i = end
	}
	return b.String()
}

func isPlaceholder(c byte) bool { return c == '#' || c == 'x' || c == 'X' }
