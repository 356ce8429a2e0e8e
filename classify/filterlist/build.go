package filterlist

import "slices"

// builder sorts the rules of an engine into its indexes.
type builder struct {
	store  *store
	counts map[uint64]uint32 // how many rules could be kept under a key
	drafts []candidate
	keys   []uint64
	byKind [3][]keyed
	always [3][]uint32
}

// candidate is a rule that is not known by its host, and the run of builder.keys that it could be kept under.
type candidate struct {
	rule, at, n uint32
}

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
	b := &builder{store: s, counts: map[uint64]uint32{}}
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
		b.byKind[k] = append(b.byKind[k], keyed{key: hostKey(b.store.str(r.pattern)), rule: i})
		return
	}
	at := len(b.keys)
	b.keys = b.store.ruleKeys(b.keys, r)
	for _, key := range b.keys[at:] {
		b.counts[key]++
	}
	b.drafts = append(b.drafts, candidate{rule: i, at: uint32(at), n: uint32(len(b.keys) - at)})
}

// ruleKeys appends the keys of which any one will do: the host after "||", the tokens of the pattern.
func (s *store) ruleKeys(keys []uint64, r *rule) []uint64 {
	pattern := s.str(r.pattern)
	if r.flags&expression != 0 {
		_, tree := translate(pattern[1:len(pattern)-1], r.flags&matchCase == 0)
		if tree == nil {
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
	for _, c := range b.drafts {
		r := &b.store.rules[c.rule]
		k := kindOfRule(r.flags)
		best, count := uint64(0), ^uint32(0)
		for _, key := range b.keys[c.at : c.at+c.n] {
			if n := b.weight(key); n < count {
				best, count = key, n
			}
		}
		if count > crowded {
			if hosts := b.hostKeys(r); len(hosts) > 0 {
				for _, key := range hosts {
					b.byKind[k] = append(b.byKind[k], keyed{key: key, rule: c.rule})
				}
				continue
			}
		}
		if c.n == 0 {
			b.always[k] = append(b.always[k], c.rule)
			continue
		}
		b.byKind[k] = append(b.byKind[k], keyed{key: best, rule: c.rule})
	}
}

// weight tells how often rules under key would be tried in vain.
func (b *builder) weight(key uint64) uint32 {
	n := b.counts[key]
	if commonTokens[key] {
		n += 1 << 20
	}
	return n
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
