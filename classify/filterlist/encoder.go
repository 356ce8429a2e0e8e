package filterlist

import "encoding/binary"

// encoder writes the parts of a cache. Numbers are little-endian, texts and lists follow their length.
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
	c.entries(x.entries)
	c.entries(x.always)
}

func (c *encoder) entries(entries []entry) {
	c.u32(uint32(len(entries)))
	for _, one := range entries {
		c.u32(one.rule)
		c.u16(one.tag)
		c.u16(uint16(one.types))
	}
}
