package filterlist

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSaysWhatTheReferenceEngineSays holds requests made out of real rules, near misses of them and an ordinary mix
// against both engines.
func TestSaysWhatTheReferenceEngineSays(t *testing.T) {
	for _, one := range []struct {
		name  string
		lists []string
		aside func(rules ...string) bool
	}{
		{"EasyList and EasyPrivacy", easyLists, func(...string) bool { return false }},
		{"with the blocker's own lists", append(append([]string{}, easyLists...), blockerLists...), beyondReference},
	} {
		t.Run(one.name, func(t *testing.T) { compare(t, one.lists, one.aside) })
	}
}

// beyondReference tells whether one of rules uses syntax that its makers document and the reference engine leaves out or
// reads otherwise, so that a difference says nothing: $to (read there as $domain), $popup beside other types, $reason,
// $strict1p, $strict3p, $rewrite, $empty, $method, a top-level domain in $domain, and "$" within a regular expression.
func beyondReference(rules ...string) bool {
	for _, rule := range rules {
		pattern, opts := cutOptions(strings.TrimPrefix(rule, "@@"))
		if isExpression(pattern) && strings.Contains(pattern[:len(pattern)-1], "$") {
			return true
		}
		for opts != "" {
			name, _, value, rest := nextOption(opts)
			opts = rest
			switch name {
			case "to", "popup", "reason", "strict1p", "strict3p", "rewrite", "empty", "method":
				return true
			case "domain", "from":
				if namesTopLevel(value) {
					return true
				}
			}
		}
	}
	return false
}

func namesTopLevel(hosts string) bool {
	for host := range hostEntries(hosts) {
		if !strings.Contains(strings.TrimPrefix(host, "~"), ".") {
			return true
		}
	}
	return false
}

func compare(t *testing.T, names []string, aside func(...string) bool) {
	dir := listsDir(t)
	e := loadLists(t, dir, names)
	requests := requestsFor(e)
	var files []string
	for _, name := range names {
		files = append(files, filepath.Join(dir, name))
	}
	answers := oracle(t, files, requests)
	seen := map[string]int{}
	var differ []string
	asked := 0
	for i, r := range requests {
		v := e.Match(Request{URL: r.URL, Page: r.Page, Type: r.Type})
		made := strings.TrimPrefix(r.why, "mutation of ")
		if v.Blocked != answers[i].Blocked && aside(v.Rule, answers[i].Rule, answers[i].Exception, made) {
			seen["set aside"]++
			continue
		}
		asked++
		count(seen, v)
		if v.Blocked != answers[i].Blocked {
			differ = append(differ, fmt.Sprintf("%s %s on %s: %q (%v), reference %q and %q; made for %s",
				r.Type, r.URL, r.Page, v.Rule, v.Excepted, answers[i].Rule, answers[i].Exception, r.why))
		}
	}
	t.Logf("%d requests, %d differ, %v", asked, len(differ), seen)
	for _, d := range differ[:min(len(differ), 20)] {
		t.Log(d[:min(len(d), 500)])
	}
	require.LessOrEqual(t, float64(len(differ)), 0.001*float64(asked), "the engines agree on less than 99.9%%")
	for _, what := range []string{"blocked", "excepted", "domain", "third-party", "type", "important", "regexp"} {
		require.Positive(t, seen[what], "nothing asked exercised %s", what)
	}
}

// count notes what a verdict came from.
func count(seen map[string]int, v Verdict) {
	switch {
	case v.Blocked:
		seen["blocked"]++
	case v.Excepted:
		seen["excepted"]++
	default:
		seen["nothing"]++
	}
	pattern, opts := cutOptions(strings.TrimPrefix(v.Rule, "@@"))
	if isExpression(pattern) {
		seen["regexp"]++
	}
	for opts != "" {
		name, _, _, rest := nextOption(opts)
		opts = rest
		switch kindOf(name) {
		case optionFrom:
			seen["domain"]++
		case optionThird, optionFirst:
			seen["third-party"]++
		case optionType:
			seen["type"]++
		case optionImportant:
			seen["important"]++
		}
	}
}

// requestsFor makes requests for every rule that is rare in kind and for a sample of the others, a near miss for half
// of them, and an ordinary mix.
func requestsFor(e *Engine) []asked {
	g := newGenerator(&e.store, 7)
	var requests []asked
	for i := range e.store.rules {
		r := &e.store.rules[i]
		for range g.share(r) {
			requests = append(requests, g.forRule(r))
		}
	}
	for _, r := range requests {
		if g.IntN(2) == 0 {
			requests = append(requests, g.mutate(r))
		}
	}
	for range 2000 {
		requests = append(requests, g.realistic())
	}
	return requests
}

// share tells how many requests a rule gets.
func (g *generator) share(r *rule) int {
	_, opts := cutOptions(g.store.str(r.text))
	switch {
	case r.flags&expression != 0:
		return 6
	case r.flags&important != 0:
		return 3
	case r.flags&exception != 0:
		return 2
	case strings.Contains(opts, "domain="):
		return 1
	case opts != "":
		return g.IntN(3) / 2
	}
	return g.IntN(12) / 11
}
