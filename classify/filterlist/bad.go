package filterlist

import "hash/fnv"

// disabled returns what tells whether a $badfilter of any of the lists takes a rule of s out: both have the same
// pattern and the same options, in whatever order.
func disabled(s *store, lists []*List) func(*rule) bool {
	bad := map[string][]uint64{} // by pattern
	for _, l := range lists {
		for i := range l.bad {
			pattern := l.store.str(l.bad[i].pattern)
			bad[pattern] = append(bad[pattern], l.store.fingerprint(&l.bad[i]))
		}
	}
	if len(bad) == 0 {
		return func(*rule) bool { return false }
	}
	return func(r *rule) bool {
		prints, ok := bad[s.str(r.pattern)]
		if !ok {
			return false
		}
		own := s.fingerprint(r)
		for _, p := range prints {
			if p == own {
				return true
			}
		}
		return false
	}
}

// fingerprint hashes everything of a rule but its pattern.
func (s *store) fingerprint(r *rule) uint64 {
	h := fnv.New64a()
	word := func(n uint64) {
		var b [8]byte
		for i := range b {
			b[i] = byte(n >> (8 * i))
		}
		h.Write(b[:])
	}
	word(uint64(r.flags)<<16 | uint64(r.types))
	o := s.optionsOf(r)
	if o == nil || !o.narrows() {
		return h.Sum64()
	}
	word(o.modifier)
	word(uint64(o.methods))
	for _, keys := range []set{o.from, o.notFrom, o.to, o.notTo} {
		word(uint64(keys.n))
		for _, key := range s.set(keys) {
			word(key)
		}
	}
	for _, one := range o.hosts {
		h.Write([]byte(s.regexps[one.regexp].source))
	}
	return h.Sum64()
}

// narrows tells whether o holds more than the pattern's own regular expression.
func (o *options) narrows() bool {
	own := *o
	own.regexp = 0
	return own.any()
}
