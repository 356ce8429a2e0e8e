package filterlist

import "slices"

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
	beyond := func(one entry) bool { return one.rule >= rules }
	return !slices.ContainsFunc(x.entries, beyond) && !slices.ContainsFunc(x.always, beyond)
}
