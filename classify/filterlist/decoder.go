package filterlist

import "encoding/binary"

// decode reads the body of a cache. It believes nothing of it.
func decode(body []byte) (*Engine, error) {
	d := decoder{buf: body}
	e := &Engine{lists: d.lists()}
	d.store(&e.store)
	for i := range e.indexes {
		d.index(&e.indexes[i])
	}
	if d.failed || len(d.buf) > 0 || !e.sound() {
		return nil, errCache
	}
	return e, nil
}

// decoder reads a cache; after the first thing that is not there it fails and reads zeros.
type decoder struct {
	buf    []byte
	failed bool
}

// take returns the next n bytes.
func (d *decoder) take(n int) []byte {
	if d.failed || n > len(d.buf) {
		d.failed = true
		return nil
	}
	out := d.buf[:n]
	d.buf = d.buf[n:]
	return out
}

// count reads how many things of a size of at least each bytes follow.
func (d *decoder) count(each int) int {
	n := int(d.u32())
	if n > len(d.buf)/each {
		d.failed = true
		return 0
	}
	return n
}

func (d *decoder) u16() uint16 {
	if b := d.take(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (d *decoder) u32() uint32 {
	if b := d.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (d *decoder) u64() uint64 {
	if b := d.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (d *decoder) str() string { return string(d.take(d.count(1))) }

func (d *decoder) lists() []Info {
	lists := make([]Info, d.count(4))
	for i := range lists {
		l := &lists[i]
		l.Name, l.Date, l.Licence, l.Kind = d.str(), d.str(), d.str(), Kind(d.str())
		l.Rules, l.first = int(d.u32()), d.u32()
		s := &l.Skipped
		for _, n := range []*int{
			&s.Cosmetic, &s.Modifiers, &s.Unsupported, &s.Regexps, &s.Invalid, &s.TooLong, &s.Inactive, &s.Includes,
		} {
			*n = int(d.u32())
		}
	}
	return lists
}

func (d *decoder) store(s *store) {
	s.text = d.str()
	s.rules = make([]rule, d.count(ruleSize))
	for i := range s.rules {
		s.rules[i] = d.rule()
	}
	s.options = make([]options, d.count(optionsSize))
	for i := range s.options {
		s.options[i] = d.options()
	}
	s.keys = make([]uint64, d.count(8))
	for i := range s.keys {
		s.keys[i] = d.u64()
	}
	s.regexps = make([]*lazyRegexp, d.count(4))
	for i := range s.regexps {
		s.regexps[i] = &lazyRegexp{source: d.str()}
	}
}

// Bytes that a rule takes in a cache, and options at least.
const (
	ruleSize    = 20
	optionsSize = 50
)

func (d *decoder) rule() rule {
	b := d.take(ruleSize)
	if b == nil {
		return rule{}
	}
	le := binary.LittleEndian
	return rule{
		text:    span{at: le.Uint32(b), n: le.Uint16(b[8:])},
		pattern: span{at: le.Uint32(b[4:]), n: le.Uint16(b[10:])},
		options: le.Uint32(b[12:]),
		types:   types(le.Uint16(b[16:])),
		flags:   flags(le.Uint16(b[18:])),
	}
}

func (d *decoder) options() options {
	var o options
	for _, s := range []*set{&o.from, &o.notFrom, &o.to, &o.notTo} {
		s.at, s.n = d.u32(), d.u32()
	}
	o.methods, o.modifier, o.regexp = methods(d.u16()), d.u64(), d.u32()
	for range d.count(6) {
		n, bits := d.u32(), d.u16()
		o.hosts = append(o.hosts, hostRegexp{regexp: n, not: bits&1 != 0, to: bits&2 != 0})
	}
	return o
}

func (d *decoder) index(x *index) {
	x.starts = make([]uint32, d.count(4))
	for i := range x.starts {
		x.starts[i] = d.u32()
	}
	x.entries = d.entries()
	x.always = d.entries()
}

func (d *decoder) entries() []entry {
	entries := make([]entry, d.count(8))
	for i := range entries {
		entries[i] = entry{rule: d.u32(), tag: d.u16(), types: types(d.u16())}
	}
	return entries
}
