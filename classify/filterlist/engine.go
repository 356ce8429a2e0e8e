package filterlist

import (
	"errors"
	"strings"
	"sync"
)

// Engine holds requests against the rules of one or more lists. An exception in one list counts for the others, as it
// does in a blocker. It is safe for concurrent use.
type Engine struct {
	lists   []Info
	store   store
	indexes [3]index
	pool    sync.Pool // of *question
}

// Info is what an Engine keeps of a list.
type Info struct {
	Name    string
	Date    string // "2006-01-02" by the list's own word; empty when it does not say
	Licence string
	Rules   int     // network rules that take part
	Kind    Kind    // what the list is about
	Skipped Skipped // why other lines take no part
	first   uint32  // number of its first rule
}

// Verdict is what the lists say of a request. Its zero value means that they say nothing.
type Verdict struct {
	Blocked  bool   // a rule would block it
	Excepted bool   // a rule would block it, and an exception takes that back
	Rule     string // the rule that decided, as the list has it
	List     string // the name of the list that has the rule
	Kind     Kind   // what that list is about
}

var errTooMuch = errors.New("build filter engine: more than 1 GiB of rules")

// NewEngine makes an engine of lists. Their order decides which of several rules a verdict names.
func NewEngine(lists ...*List) (*Engine, error) {
	e := &Engine{}
	var size, rules, keys int
	for _, l := range lists {
		size += len(l.store.text)
		rules += len(l.store.rules)
		keys += len(l.store.keys)
	}
	if size > 1<<30 {
		return nil, errTooMuch
	}
	e.store.rules, e.store.keys = make([]rule, 0, rules), make([]uint64, 0, keys)
	var text strings.Builder
	text.Grow(size)
	for _, l := range lists {
		e.lists = append(e.lists, l.info(len(e.store.rules)))
		e.store.add(&l.store, uint32(text.Len()))
		text.WriteString(l.store.text)
	}
	e.store.text = text.String()
	e.indexes = build(&e.store, disabled(&e.store, lists))
	return e, nil
}

func (l *List) info(first int) Info {
	return Info{
		Name: l.Name, Date: l.Date(), Licence: l.Licence, Rules: l.Rules, Kind: kindOfList(l.Name),
		Skipped: l.Skipped, first: uint32(first),
	}
}

// Lists returns what is known of each list, in the order in which they were given.
func (e *Engine) Lists() []Info { return append([]Info(nil), e.lists...) }

// Match holds r against the rules. A rule that is $important beats exceptions, unless they are important too.
func (e *Engine) Match(r Request) Verdict { return e.match(r, false) }

// match is Match; tracking leaves out the blocking rules of lists that are not about trackers.
func (e *Engine) match(r Request, tracking bool) Verdict {
	q, _ := e.pool.Get().(*question)
	if q == nil {
		q = &question{}
	}
	defer e.pool.Put(q)
	if !q.ask(r) {
		return Verdict{}
	}
	q.tracking = tracking
	return e.judge(q)
}

func (e *Engine) judge(q *question) Verdict {
	var needed flags
	blocking, ok := e.first(kindImportant, q, 0)
	if ok {
		needed = important
	} else if blocking, ok = e.first(kindBlock, q, 0); !ok {
		return Verdict{}
	}
	if except, ok := e.first(kindException, q, needed); ok {
		return e.verdict(except, true)
	}
	return e.verdict(blocking, false)
}

// first returns the number of the first rule of a kind, with the flags that are needed, that q matches.
func (e *Engine) first(kind int, q *question, needed flags) (uint32, bool) {
	x := &e.indexes[kind]
	if x.empty() {
		return 0, false
	}
	if i, ok := e.firstUnder(x, q.keys, 0, q, needed); ok {
		return i, true
	}
	if i, ok := e.firstUnder(x, q.tokens, 0, q, needed); ok {
		return i, true
	}
	if i, ok := e.firstUnder(x, q.page.keys, seedPage, q, needed); ok {
		return i, true
	}
	for _, one := range x.always {
		if one.types&q.types != 0 && e.applies(one.rule, q, needed) {
			return one.rule, true
		}
	}
	return 0, false
}

// firstUnder looks under each of keys.
func (e *Engine) firstUnder(x *index, keys []uint64, salt uint64, q *question, needed flags) (uint32, bool) {
	for _, key := range keys {
		key ^= salt
		tag := tagOf(key)
		for _, one := range x.find(key) {
			if one.tag == tag && one.types&q.types != 0 && e.applies(one.rule, q, needed) {
				return one.rule, true
			}
		}
	}
	return 0, false
}

func (e *Engine) verdict(i uint32, excepted bool) Verdict {
	list := e.listOf(i)
	return Verdict{
		Blocked: !excepted, Excepted: excepted,
		Rule: e.store.str(e.store.rules[i].text), List: list.Name, Kind: list.Kind,
	}
}

// listOf returns the list that rule i is from.
func (e *Engine) listOf(i uint32) *Info {
	at := len(e.lists) - 1
	for at > 0 && e.lists[at].first > i {
		at--
	}
	return &e.lists[at]
}

// applies tells whether rule i matches q.
func (e *Engine) applies(i uint32, q *question, needed flags) bool {
	r := &e.store.rules[i]
	if q.work <= 0 || !q.ofType(r) || r.flags&needed != needed || !q.ofParty(r.flags) {
		return false
	}
	if q.tracking && r.flags&exception == 0 && e.listOf(i).Kind == KindOther {
		return false
	}
	o := e.store.optionsOf(r)
	if o != nil && !e.allowed(o, q) {
		return false
	}
	pattern := e.store.str(r.pattern)
	switch {
	case r.flags&hostOnly != 0:
		return isUnder(q.host, pattern)
	case r.flags&expression != 0:
		q.work -= 1 + len(q.url)*len(pattern)/16
		return e.store.regexps[o.regexp-1].match(q.url, q.low)
	}
	return q.matches(pattern, r.flags)
}

// ofType tells whether the rule speaks of the request's type. Where that is unknown, any type of a blocking rule that
// has a pattern will do - one without says nothing but "all pings" - while an exception must speak of all types.
func (q *question) ofType(r *rule) bool {
	switch {
	case !q.unsure:
		return r.types&q.types != 0
	case r.flags&exception != 0:
		return r.types&subresource == subresource
	}
	return r.pattern.n > 0 && r.types&q.types != 0
}

func (q *question) ofParty(f flags) bool {
	if f&(thirdParty|firstParty|strictThird|strictFirst) == 0 {
		return true
	}
	switch own := q.page.host == "" || q.host == q.page.host; {
	case f&strictThird != 0 && own, f&strictFirst != 0 && !own:
		return false
	case f&thirdParty != 0:
		return q.isThird()
	case f&firstParty != 0:
		return !q.isThird()
	}
	return true
}

// allowed tells whether the options let the rule apply.
func (e *Engine) allowed(o *options, q *question) bool {
	if o.methods != 0 && o.methods&q.methods == 0 {
		return false
	}
	if o.notFrom.n > 0 && overlap(q.page.keys, e.store.set(o.notFrom)) ||
		o.notTo.n > 0 && q.hostIn(e.store.set(o.notTo)) {
		return false
	}
	from := o.from.n == 0 || overlap(q.page.keys, e.store.set(o.from))
	to := o.to.n == 0 || q.hostIn(e.store.set(o.to))
	if len(o.hosts) == 0 {
		return from && to
	}
	return e.allowedByRegexps(o, q, from, to)
}

// allowedByRegexps looks at the entries of $domain and $to that are regular expressions. from and to tell what the
// other entries say, where there are some.
func (e *Engine) allowedByRegexps(o *options, q *question, from, to bool) bool {
	from, to = from && o.from.n > 0, to && o.to.n > 0
	needFrom, needTo := o.from.n > 0, o.to.n > 0
	for _, h := range o.hosts {
		host, need, ok := q.page.host, &needFrom, &from
		if h.to {
			host, need, ok = q.host, &needTo, &to
		}
		q.work -= 1 + len(host)*8
		hit := q.work > 0 && e.store.regexps[h.regexp].match(host, host)
		if h.not && hit {
			return false
		}
		if !h.not {
			*need = true
			*ok = *ok || hit
		}
	}
	return (!needFrom || from) && (!needTo || to)
}
