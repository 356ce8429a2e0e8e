package filterlist

import (
	"regexp/syntax"
	"slices"
)

// builder sorts the rules of an engine into its indexes.
type builder struct {
	store  *store
	counts []uint32 // how many rules could be kept under a key, by slot; keys that share one are counted together
	drafts []uint32 // rules that are not known by their host, by number
	keys   []uint64 // scratch
	spread int      // entries beyond the first of rules that are kept under several keys
	byKind [3][]keyed
	always [3][]entry
}

const (
	countSlots = 1 << 18
	maxSpread  = 1 << 21 // real lists need some 20,000
)

func slot(key uint64) uint64 { return key * golden >> 46 }

// The three indexes of an engine.
const (
	kindBlock = iota
	kindImportant
	kindException
)

func kindOfRule(f flags) int {
	switch {
	case f&exception != 0:
		return kindException
	case f&important != 0:
		return kindImportant
	}
	return kindBlock
}

// build makes the indexes of all rules that no $badfilter disables.
func build(s *store, disabled func(*rule) bool) [3]index {
	b := &builder{store: s, counts: make([]uint32, countSlots)}
	b.byKind[kindBlock] = make([]keyed, 0, len(s.rules))
	for i := range s.rules {
		r := &s.rules[i]
		if disabled(r) {
			continue
		}
		b.add(uint32(i), r)
	}
	b.choose()
	var out [3]index
	for k := range out {
		out[k] = newIndex(b.byKind[k], b.always[k])
	}
	return out
}

func (b *builder) add(i uint32, r *rule) {
	if r.flags&hostOnly != 0 {
		k := kindOfRule(r.flags)
		b.byKind[k] = append(b.byKind[k], keyed{hostKey(b.store.str(r.pattern)), entry{rule: i, types: r.types}})
		return
	}
	b.keys = b.store.ruleKeys(b.keys[:0], r)
	for _, key := range b.keys {
		b.counts[slot(key)]++
	}
	b.drafts = append(b.drafts, i)
}

// ruleKeys appends the keys of which any one will do: the host after "||", the tokens of the pattern.
func (s *store) ruleKeys(keys []uint64, r *rule) []uint64 {
	pattern := s.str(r.pattern)
	if r.flags&expression != 0 {
		tree, err := syntax.Parse(s.regexps[s.optionsOf(r).regexp-1].source, syntax.Perl)
		if err != nil {
			return keys
		}
		return tokensOf(keys, literals(tree), false, false)
	}
	pattern = lower(pattern)
	if r.flags&hostAnchor != 0 {
		if host, ok := leadingHost(pattern); ok {
			keys = append(keys, hostKey(host))
		}
	}
	start := r.flags&(leftAnchor|hostAnchor) != 0
	end := r.flags&(rightAnchor|wholeLabels) != 0
	return tokensOf(keys, pattern, start, end)
}

// leadingHost returns the host that a pattern behind "||" begins with, and whether it is whole: followed by something
// that ends a host.
func leadingHost(pattern string) (string, bool) {
	for i := 0; i < len(pattern); i++ {
		if isHostChar(pattern[i]) {
			continue
		}
		switch pattern[i] {
		case '/', ':', '?', '^':
			return pattern[:i], i > 0
		}
		return "", false
	}
	return "", false
}

// crowded is how many rules under one key are too many, when hosts would tell them apart better.
const crowded = 8

// choose keeps each candidate under the key that the fewest rules share.
func (b *builder) choose() {
	for _, i := range b.drafts {
		r := &b.store.rules[i]
		k, one := kindOfRule(r.flags), entry{rule: i, types: r.types}
		best, count := b.best(r)
		if count > crowded {
			if hosts := b.hostKeys(r); len(hosts) > 0 && b.spread+len(hosts) <= maxSpread {
				b.spread += len(hosts)
				for _, key := range hosts {
					b.byKind[k] = append(b.byKind[k], keyed{key, one})
				}
				continue
			}
		}
		if count == nowhere {
			b.always[k] = append(b.always[k], one)
			continue
		}
		b.byKind[k] = append(b.byKind[k], keyed{best, one})
	}
}

// nowhere is the weight of no key at all.
const nowhere = ^uint32(0)

// best returns the key of the rule that the fewest rules share, and its weight.
func (b *builder) best(r *rule) (best uint64, count uint32) {
	count = nowhere
	b.keys = b.store.ruleKeys(b.keys[:0], r)
	for _, key := range b.keys {
		if n := b.weight(key); n < count {
			best, count = key, n
		}
	}
	return best, count
}

// weight tells how often rules under key would be tried in vain.
func (b *builder) weight(key uint64) uint32 {
	return b.counts[slot(key)] + commonTokens[key]
}

// hostKeys returns the keys of the hosts of which a request or its page must have one; none when any will do.
func (b *builder) hostKeys(r *rule) []uint64 {
	o := b.store.optionsOf(r)
	if o == nil || len(o.hosts) > 0 {
		return nil
	}
	if to := b.store.set(o.to); len(to) > 0 && !slices.ContainsFunc(to, isEntity) {
		return to
	}
	var keys []uint64
	for _, key := range b.store.set(o.from) {
		keys = append(keys, key^seedPage)
	}
	return keys
}
