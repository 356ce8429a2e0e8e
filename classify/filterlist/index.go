package filterlist

import "math/bits"

// index finds the rules that may match an address. A rule is kept under one key that every address it matches must
// have - a host, a token of the pattern, a host of the page - or, when it has none, among those that are always tried.
type index struct {
	starts  []uint32 // where each bucket begins in entries; one more than there are buckets
	entries []entry
	always  []entry
}

// entry is a rule, by number. The end of its key and the types that it speaks of tell most rules that cannot match from
// those that may without looking at the rule.
type entry struct {
	rule  uint32
	tag   uint16
	types types
}

// keyed is a rule on its way into an index.
type keyed struct {
	key uint64
	entry
}

const golden = 0x9e3779b97f4a7c15 // spreads keys over buckets (Knuth's multiplicative hashing)

// newIndex builds an index. Rules keep their order within a bucket, so that the same lists give the same answers.
func newIndex(rules []keyed, always []entry) index {
	width := bits.Len(uint(len(rules)))
	x := index{starts: make([]uint32, 1<<width+1), entries: make([]entry, len(rules)), always: always}
	for _, r := range rules {
		x.starts[x.bucket(r.key)+1]++
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	next := make([]uint32, len(x.starts))
	copy(next, x.starts)
	for _, r := range rules {
		b := x.bucket(r.key)
		x.entries[next[b]] = r.entry
		x.entries[next[b]].tag = tagOf(r.key)
		next[b]++
	}
	return x
}

// bucket returns the number of the bucket of key. The number of buckets is a power of two.
func (x *index) bucket(key uint64) uint64 {
	return key * golden >> 1 >> (64 - bits.Len(uint(len(x.starts)-1)))
}

func tagOf(key uint64) uint16 { return uint16(key >> 8) }

// find returns the bucket of key; entries with another tag in it belong to other keys.
func (x *index) find(key uint64) []entry {
	b := x.bucket(key)
	return x.entries[x.starts[b]:x.starts[b+1]]
}

func (x *index) empty() bool { return len(x.entries) == 0 && len(x.always) == 0 }
