package filterlist

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// readHosts reads the value of $domain, $to or $denyallow: hosts, entities ("example.*") and regular expressions,
// separated by "|". Those with "~" in front go to not; where not is nil, "~" is no part of the syntax.
func (p *parser) readHosts(d *draft, value string, yes, not *set, to bool) outcome {
	if value == "" {
		return outcomeInvalid
	}
	var wanted, unwanted []uint64
	for entry := range hostEntries(value) {
		name, negated := strings.CutPrefix(entry, "~")
		switch {
		case name == "" || negated && not == nil:
			return outcomeInvalid
		case isExpression(name):
			n, got := p.addRegexp(name[1:len(name)-1], true)
			if got != outcomeRule {
				return got
			}
			d.hosts = append(d.hosts, hostRegexp{regexp: n, not: negated, to: to})
		case negated:
			unwanted = append(unwanted, hostEntryKey(name))
		default:
			wanted = append(wanted, hostEntryKey(name))
		}
	}
	if len(wanted)+len(unwanted) > maxHosts || len(p.keys) > maxKeys {
		return outcomeTooLong
	}
	*yes = p.intern(value, "+", *yes, wanted)
	if not != nil {
		*not = p.intern(value, "-", *not, unwanted)
	}
	return outcomeRule
}

// hostEntries splits at "|", which a regular expression may hold too.
func hostEntries(value string) func(func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(value); i++ {
			if i < len(value) && value[i] == '/' && (i == start || i == start+1 && value[start] == '~') {
				i = expressionEnd(value, i)
				continue
			}
			if i < len(value) && value[i] != '|' {
				continue
			}
			if !yield(value[start:i]) {
				return
			}
			start = i + 1
		}
	}
}

// hostEntryKey returns the key of a host or entity.
func hostEntryKey(name string) uint64 {
	name = lower(toASCII(name))
	if entity, ok := strings.CutSuffix(name, ".*"); ok {
		return entityKey(entity)
	}
	return hostKey(name)
}

// intern returns the set of keys, joined with what was there before. Sets made of the same text are kept once.
func (p *parser) intern(value, sign string, before set, keys []uint64) set {
	if len(keys) == 0 {
		return before
	}
	name := sign + value
	if s, ok := p.hosts[name]; ok && before.n == 0 {
		return s
	}
	keys = append(keys, p.set(before)...)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	s := set{at: uint32(len(p.keys)), n: uint32(len(keys))}
	p.keys = append(p.keys, keys...)
	if before.n == 0 {
		p.hosts[name] = s
	}
	return s
}

// hostsLine tells whether line is one of a hosts file, "0.0.0.0 host", and returns what follows the address.
func hostsLine(line string) (string, bool) {
	if c := line[0]; c != '0' && c != '1' && c != ':' {
		return "", false
	}
	i := strings.IndexAny(line, " \t")
	if i < 0 {
		return "", false
	}
	addr, err := netip.ParseAddr(line[:i])
	if err != nil || !addr.IsUnspecified() && !addr.IsLoopback() {
		return "", false
	}
	hosts, _, _ := strings.Cut(line[i:], "#")
	return hosts, true
}

// hostsLine adds a rule for each host of a line of a hosts file. The names that a system gives itself are no rules.
func (p *parser) hostsLine(line, hosts string) outcome {
	got := outcomeNothing
	text := span{}
	for host := range strings.FieldsSeq(lower(hosts)) {
		if host = toASCII(host); !isHostname(host) {
			continue
		}
		if got == outcomeNothing {
			text = p.keep(line)
		}
		got = outcomeRule
		p.rules = append(p.rules, rule{text: text, pattern: p.keepPattern(text, host), types: allTypes, flags: hostOnly})
	}
	return got
}

// isHostname tells whether s, in lower case, is the name of a host or an IPv4 address: at least two labels, none empty.
func isHostname(s string) bool {
	dots := 0
	for i := 0; i < len(s); i++ {
		if !isHostChar(s[i]) {
			return false
		}
		if s[i] != '.' {
			continue
		}
		if i == 0 || s[i-1] == '.' {
			return false
		}
		dots++
	}
	return dots > 0 && isWord(s[len(s)-1]) && s != "localhost.localdomain"
}

// toASCII writes an international name in the form that addresses have; a name that has none stays as it is.
func toASCII(name string) string {
	if isASCII(name) {
		return name
	}
	if ascii, err := idna.ToASCII(name); err == nil {
		return ascii
	}
	return name
}
