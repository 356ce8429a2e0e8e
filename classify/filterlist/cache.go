package filterlist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// cacheMagic begins every cache. Its number changes with anything that changes what a rule or an index means.
const cacheMagic = "trackscan filter cache 1\n"

// maxCache bounds what Decode reads: an engine has at most some three times the size of its lists.
const maxCache = 1 << 30

var errCache = errors.New("decode filter cache: damaged")

// Encode writes the engine in a form that Decode reads faster than the lists can be parsed.
func (e *Engine) Encode(w io.Writer) error {
	c := encoder{buf: make([]byte, 0, len(e.store.text)+40*len(e.store.rules))}
	c.buf = append(c.buf, cacheMagic...)
	c.lists(e.lists)
	c.store(&e.store)
	for i := range e.indexes {
		c.index(&e.indexes[i])
	}
	c.u32(crc32.ChecksumIEEE(c.buf))
	if _, err := w.Write(c.buf); err != nil {
		return fmt.Errorf("write filter cache: %w", err)
	}
	return nil
}

type encoder struct{ buf []byte }

func (c *encoder) u16(n uint16) { c.buf = binary.LittleEndian.AppendUint16(c.buf, n) }
func (c *encoder) u32(n uint32) { c.buf = binary.LittleEndian.AppendUint32(c.buf, n) }
func (c *encoder) u64(n uint64) { c.buf = binary.LittleEndian.AppendUint64(c.buf, n) }

func (c *encoder) str(s string) {
	c.u32(uint32(len(s)))
	c.buf = append(c.buf, s...)
}

func (c *encoder) lists(lists []Info) {
	c.u32(uint32(len(lists)))
	for _, l := range lists {
		for _, s := range []string{l.Name, l.Date, l.Licence, string(l.Kind)} {
			c.str(s)
		}
		for _, n := range append([]int{l.Rules, int(l.first)}, l.Skipped.numbers()...) {
			c.u32(uint32(n))
		}
	}
}

// numbers lists the counts in a fixed order.
func (s *Skipped) numbers() []int {
	return []int{s.Cosmetic, s.Modifiers, s.Unsupported, s.Regexps, s.Invalid, s.TooLong, s.Inactive, s.Includes}
}

func (c *encoder) store(s *store) {
	c.str(s.text)
	c.u32(uint32(len(s.rules)))
	for i := range s.rules {
		c.rule(&s.rules[i])
	}
	c.u32(uint32(len(s.options)))
	for i := range s.options {
		c.options(&s.options[i])
	}
	c.u32(uint32(len(s.keys)))
	for _, key := range s.keys {
		c.u64(key)
	}
	c.u32(uint32(len(s.regexps)))
	for _, one := range s.regexps {
		c.str(one.source)
	}
}

func (c *encoder) rule(r *rule) {
	c.u32(r.text.at)
	c.u32(r.pattern.at)
	c.u16(r.text.n)
	c.u16(r.pattern.n)
	c.u32(r.options)
	c.u16(uint16(r.types))
	c.u16(uint16(r.flags))
}

func (c *encoder) options(o *options) {
	for _, s := range []set{o.from, o.notFrom, o.to, o.notTo} {
		c.u32(s.at)
		c.u32(s.n)
	}
	c.u16(uint16(o.methods))
	c.u64(o.modifier)
	c.u32(o.regexp)
	c.u32(uint32(len(o.hosts)))
	for _, h := range o.hosts {
		c.u32(h.regexp)
		c.u16(bit(h.not) | bit(h.to)<<1)
	}
}

func bit(b bool) uint16 {
	if b {
		return 1
	}
	return 0
}

func (c *encoder) index(x *index) {
	c.u32(uint32(len(x.starts)))
	for _, n := range x.starts {
		c.u32(n)
	}
	c.u32(uint32(len(x.entries)))
	for _, one := range x.entries {
		c.u32(one.tag)
		c.u32(one.rule)
	}
	c.u32(uint32(len(x.always)))
	for _, n := range x.always {
		c.u32(n)
	}
}

// Decode reads what Encode wrote. A cache of another version, a damaged one and one that refers beyond itself are
// errors; the lists must then be parsed again.
func Decode(r io.Reader) (*Engine, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCache))
	if err != nil {
		return nil, fmt.Errorf("decode filter cache: %w", err)
	}
	if len(data) < len(cacheMagic)+4 || string(data[:len(cacheMagic)]) != cacheMagic {
		return nil, errors.New("decode filter cache: not of this version")
	}
	body := data[:len(data)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, errCache
	}
	return decode(body[len(cacheMagic):])
}

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
	x.starts = d.numbers()
	x.entries = make([]entry, d.count(8))
	for i := range x.entries {
		x.entries[i] = entry{tag: d.u32(), rule: d.u32()}
	}
	x.always = d.numbers()
}

func (d *decoder) numbers() []uint32 {
	out := make([]uint32, d.count(4))
	for i := range out {
		out[i] = d.u32()
	}
	return out
}

// sound tells whether everything that refers to something refers to what is there.
func (e *Engine) sound() bool {
	for i := range e.store.rules {
		if !e.store.soundRule(&e.store.rules[i]) {
			return false
		}
	}
	for i := range e.store.options {
		if !e.store.soundOptions(&e.store.options[i]) {
			return false
		}
	}
	for i := range e.indexes {
		if !e.indexes[i].sound(uint32(len(e.store.rules))) {
			return false
		}
	}
	return len(e.lists) > 0 || len(e.store.rules) == 0
}

func (s *store) soundRule(r *rule) bool {
	size := uint64(len(s.text))
	if uint64(r.text.at)+uint64(r.text.n) > size || uint64(r.pattern.at)+uint64(r.pattern.n) > size {
		return false
	}
	if r.flags&expression != 0 {
		return r.options > 0 && int(r.options) <= len(s.options) && s.options[r.options-1].regexp > 0
	}
	return int(r.options) <= len(s.options)
}

func (s *store) soundOptions(o *options) bool {
	for _, one := range []set{o.from, o.notFrom, o.to, o.notTo} {
		if uint64(one.at)+uint64(one.n) > uint64(len(s.keys)) {
			return false
		}
	}
	for _, h := range o.hosts {
		if int(h.regexp) >= len(s.regexps) {
			return false
		}
	}
	return int(o.regexp) <= len(s.regexps)
}

func (x *index) sound(rules uint32) bool {
	buckets := len(x.starts) - 1
	if buckets < 1 || buckets&(buckets-1) != 0 || x.starts[buckets] != uint32(len(x.entries)) {
		return false
	}
	for i := range buckets {
		if x.starts[i] > x.starts[i+1] {
			return false
		}
	}
	for _, one := range x.entries {
		if one.rule >= rules {
			return false
		}
	}
	for _, n := range x.always {
		if n >= rules {
			return false
		}
	}
	return true
}
