package filterlist

// flags say how a rule's pattern is meant and what else narrows the rule.
type flags uint16

const (
	exception   flags = 1 << iota // "@@"
	important                     // $important
	matchCase                     // $match-case
	leftAnchor                    // "|" in front
	rightAnchor                   // "|" at the end
	hostAnchor                    // "||" in front
	hostOnly                      // "||host^": the pattern is the host
	wholeLabels                   // "||host" without "^": the last label must be whole
	glob                          // the pattern holds "*" or "^"
	expression                    // "/.../"
	thirdParty                    // only requests to another site
	firstParty                    // only requests to the page's own site
	strictThird                   // only requests to another host
	strictFirst                   // only requests to the page's own host
)

// rule is one network rule. Its texts lie in the store that holds it; rules are kept small because there are many.
type rule struct {
	text    span   // as the list has it
	pattern span   // without anchors, in lower case unless matchCase or expression
	options uint32 // 1 + index of its options in the store; 0 for none
	types   types  // of requests that it speaks of
	flags   flags
}

// span is a piece of a store's text.
type span struct {
	at uint32
	n  uint16
}

// options are what few rules have.
type options struct {
	from, notFrom set     // hosts and entities of the page: $domain
	to, notTo     set     // of the request: $to, $denyallow
	methods       methods // 0 for any
	modifier      uint64  // hash of what $redirect names, which tells rules apart for $badfilter
	regexp        uint32  // 1 + index of the pattern's regular expression; 0 for none
	hosts         []hostRegexp
}

// set is a run of sorted keys of a store.
type set struct{ at, n uint32 }

// hostRegexp is an entry of $domain or $to that is a regular expression.
type hostRegexp struct {
	regexp uint32 // index in the store
	not    bool   // "~" in front
	to     bool   // of $to, else of $domain
}

// store holds rules and what they refer to.
type store struct {
	text    string
	rules   []rule
	options []options
	keys    []uint64
	regexps []*lazyRegexp
}

func (s *store) str(p span) string { return s.text[p.at : p.at+uint32(p.n)] }

func (s *store) set(p set) []uint64 { return s.keys[p.at : p.at+p.n] }

// optionsOf returns nil for a rule without options.
func (s *store) optionsOf(r *rule) *options {
	if r.options == 0 {
		return nil
	}
	return &s.options[r.options-1]
}

// add appends all of other to s but its text, which is to follow the at bytes of text that s has or will have.
func (s *store) add(other *store, at uint32) {
	keys := uint32(len(s.keys))
	opts, regexps := uint32(len(s.options)), uint32(len(s.regexps))
	for _, r := range other.rules {
		r.text.at += at
		r.pattern.at += at
		if r.options != 0 {
			r.options += opts
		}
		s.rules = append(s.rules, r)
	}
	for _, o := range other.options {
		s.options = append(s.options, o.shifted(keys, regexps))
	}
	s.keys = append(s.keys, other.keys...)
	s.regexps = append(s.regexps, other.regexps...)
}

// shifted returns o as it is in a store that already holds so many keys and regular expressions.
func (o options) shifted(keys, regexps uint32) options {
	for _, s := range []*set{&o.from, &o.notFrom, &o.to, &o.notTo} {
		s.at += keys
	}
	if o.regexp != 0 {
		o.regexp += regexps
	}
	hosts := make([]hostRegexp, 0, len(o.hosts))
	for _, h := range o.hosts {
		h.regexp += regexps
		hosts = append(hosts, h)
	}
	o.hosts = hosts
	return o
}
