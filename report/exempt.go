package report

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// exemptFor is for how long an exemption is proposed: long enough to have it fixed, short enough to be looked at again.
const exemptFor = 90 * 24 * time.Hour

// exemptLines are the lines of trackscan.yaml that let these findings be, ready to be pasted.
func exemptLines(ids []string, scanned time.Time) string {
	if len(ids) == 0 {
		return ""
	}
	until := ""
	if !scanned.IsZero() {
		until = "\n    until: " + scanned.Add(exemptFor).Format(time.DateOnly)
	}
	var b strings.Builder
	b.WriteString("exempt:\n")
	for _, id := range ids {
		b.WriteString("  - id: " + yamlString(id) + "\n    reason: \"\"\n    owner: \"\"" + until + "\n")
	}
	return b.String()
}

// yamlString writes s between double quotes, every character that hides or is obeyed as an escape.
func yamlString(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r != utf8.RuneError && (r == ' ' || harmless(r)):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return `"` + b.String() + `"`
}

// ids are the findings of a card.
func (c Card) ids() []string {
	var out []string
	for _, p := range c.Problems {
		for _, one := range p.Complaints {
			out = union(out, []string{one.id})
		}
	}
	return out
}
