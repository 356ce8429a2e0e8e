package filterlist

import (
	"hash/fnv"
	"strings"
)

// Bounds on what one list may make us keep. The longest line of the lists seen so far has 5,490 bytes, the longest
// pattern 1,886.
const (
	maxLine     = 32 << 10
	maxPattern  = 4 << 10
	maxRules    = 2_000_000
	maxHosts    = 4_000     // entries of one $domain
	maxKeys     = 4_000_000 // entries of all of them
	maxListSize = 64 << 20
)

// outcome is what became of a line.
type outcome uint8

const (
	outcomeRule outcome = iota
	outcomeNothing
	outcomeCosmetic
	outcomeModifier
	outcomeUnsupported
	outcomeRegexp
	outcomeInvalid
	outcomeTooLong
)

// parser turns lines into rules of a store.
type parser struct {
	store
	arena    strings.Builder
	programs int            // steps of all regular expressions
	bad      []rule         // rules with $badfilter: what they disable
	hosts    map[string]set // sets by the text they were made of, because long lists of domains are repeated
}

func newParser(size int) *parser {
	p := &parser{hosts: map[string]set{}}
	p.arena.Grow(size)
	p.rules = make([]rule, 0, size/30)
	return p
}

// draft is a rule while its options are read.
type draft struct {
	rule
	options
	positive, negative types
	noMethods          methods
	third, first       bool
	bad, deny          bool
}

// line reads one line that is neither a comment nor a directive.
func (p *parser) line(line string) outcome {
	if len(line) > maxLine {
		return outcomeTooLong
	}
	if len(p.rules)+len(p.bad) >= maxRules {
		return outcomeTooLong
	}
	if isCosmetic(line) {
		return outcomeCosmetic
	}
	if hosts, ok := hostsLine(line); ok {
		return p.hostsLine(line, hosts)
	}
	return p.network(line)
}

// network reads a network rule.
func (p *parser) network(line string) outcome {
	var d draft
	body := line
	if rest, ok := strings.CutPrefix(line, "@@"); ok {
		body = rest
		d.flags |= exception
	}
	pattern, opts := cutOptions(body)
	if got := p.readOptions(&d, opts); got != outcomeRule {
		return got
	}
	if got := d.settle(); got != outcomeRule {
		return got
	}
	d.text = p.keep(line)
	if got := p.readPattern(&d, pattern, opts == "" && d.flags&exception == 0); got != outcomeRule {
		return got
	}
	p.finish(&d)
	return outcomeRule
}

// readOptions reads the options of a rule into d.
func (p *parser) readOptions(d *draft, opts string) outcome {
	for opts != "" {
		name, not, value, rest := nextOption(opts)
		opts = rest
		if name == "" {
			continue
		}
		if got := p.readOption(d, name, not, value); got != outcomeRule {
			return got
		}
	}
	return outcomeRule
}

func (p *parser) readOption(d *draft, name string, not bool, value string) outcome {
	switch kindOf(name) {
	case optionType:
		d.addType(optionTypes[name], not)
	case optionThird:
		d.third, d.first = d.third || !not, d.first || not
	case optionFirst:
		d.third, d.first = d.third || not, d.first || !not
	case optionStrictThird:
		d.flags |= strictThird
	case optionStrictFirst:
		d.flags |= strictFirst
	case optionImportant:
		d.flags |= important
	case optionMatchCase:
		d.flags |= matchCase
	case optionBad:
		d.bad = true
	case optionFrom:
		return p.readHosts(d, value, &d.from, &d.notFrom, false)
	case optionTo:
		return p.readHosts(d, value, &d.to, &d.notTo, true)
	case optionDeny:
		d.deny = true
		return p.readHosts(d, value, &d.notTo, nil, true)
	case optionMethod:
		return d.readMethods(value)
	case optionRedirect:
		d.modifier = hashText(d.modifier, name+"="+value)
	case optionNone:
	case optionModifier:
		return outcomeModifier
	default:
		return outcomeUnsupported
	}
	return outcomeRule
}

func (d *draft) addType(t types, not bool) {
	if not {
		d.negative |= t
		return
	}
	d.positive |= t
}

func (d *draft) readMethods(value string) outcome {
	for name := range strings.SplitSeq(lower(value), "|") {
		name, not := strings.CutPrefix(name, "~")
		bit, ok := methodBits[name]
		if !ok {
			return outcomeInvalid
		}
		if not {
			d.noMethods |= bit
		} else {
			d.methods |= bit
		}
	}
	return outcomeRule
}

// settle works out what the options mean together.
func (d *draft) settle() outcome {
	if d.deny && d.from.n == 0 && d.notFrom.n == 0 && d.to.n == 0 && len(d.hosts) == 0 {
		return outcomeInvalid // $denyallow is defined only together with $domain
	}
	if d.third != d.first {
		d.flags |= map[bool]flags{true: thirdParty, false: firstParty}[d.third]
	}
	if d.noMethods != 0 && d.methods == 0 {
		d.methods = ^d.noMethods
	}
	d.types = d.positive
	if d.positive == 0 {
		d.types = allTypes
	}
	d.types &^= d.negative
	if d.types&typePopup != 0 {
		d.types &^= typePopup | typeDocument // speaks of windows that the page opens
	}
	if d.types &= allTypes; d.types == 0 {
		return outcomeModifier
	}
	return outcomeRule
}

// readPattern reads the pattern of a rule. plain tells that the line holds nothing but a pattern.
func (p *parser) readPattern(d *draft, pattern string, plain bool) outcome {
	if len(pattern) > maxPattern {
		return outcomeTooLong
	}
	if isExpression(pattern) {
		return p.readExpression(d, pattern)
	}
	if plain && isHostname(lower(pattern)) {
		d.flags |= hostOnly
		d.pattern = p.keepPattern(d.text, lower(pattern))
		return outcomeRule
	}
	pattern = d.trimAnchors(pattern)
	if d.flags&matchCase == 0 {
		pattern = lower(pattern)
	}
	if d.flags&hostAnchor != 0 {
		pattern = d.readHost(pattern)
	}
	if strings.ContainsAny(pattern, "*^") {
		d.flags |= glob
	}
	if pattern == "" && !d.narrow() {
		return outcomeInvalid // "*" and the like would stand for every request
	}
	d.pattern = p.keepPattern(d.text, pattern)
	return outcomeRule
}

// narrow tells whether the options leave some requests out.
func (d *draft) narrow() bool {
	return d.types != allTypes || d.flags&(thirdParty|firstParty|strictThird|strictFirst) != 0 || d.options.any()
}

// trimAnchors takes the anchors off a pattern, and each "*" at an end, which says nothing.
func (d *draft) trimAnchors(pattern string) string {
	if rest, ok := strings.CutPrefix(pattern, "||"); ok {
		pattern = rest
		d.flags |= hostAnchor
	} else if rest, ok := strings.CutPrefix(pattern, "|"); ok {
		pattern = rest
		d.flags |= leftAnchor
	}
	if rest, ok := strings.CutSuffix(pattern, "|"); ok {
		pattern = rest
		d.flags |= rightAnchor
	}
	if trimmed := strings.TrimRight(pattern, "*"); trimmed != pattern {
		pattern = trimmed
		d.flags &^= rightAnchor
	}
	if trimmed := strings.TrimLeft(pattern, "*"); trimmed != pattern && d.flags&hostAnchor == 0 {
		pattern = trimmed
		d.flags &^= leftAnchor
	}
	return pattern
}

// readHost looks at what follows "||". A host and "^" is the commonest rule by far and needs no search. A host alone
// ends where a label ends, as uBlock Origin and others have it, unless its last character says that more must follow.
func (d *draft) readHost(pattern string) string {
	n := 0
	for n < len(pattern) && (isHostChar(pattern[n]) || isUpper(pattern[n]) || pattern[n] >= 0x80) {
		n++
	}
	host := toASCII(pattern[:n])
	rest := pattern[n:]
	switch {
	case host == "":
	case rest == "^" && d.flags&rightAnchor == 0, rest == "" && d.flags&rightAnchor != 0:
		d.flags = d.flags&^(hostAnchor|rightAnchor) | hostOnly
		return lower(host)
	case rest == "" && isWord(lower(host)[len(host)-1]):
		d.flags |= wholeLabels
	}
	return host + rest
}

// readExpression reads a pattern that is a regular expression.
func (p *parser) readExpression(d *draft, pattern string) outcome {
	n, got := p.addRegexp(pattern[1:len(pattern)-1], d.flags&matchCase == 0)
	if got != outcomeRule {
		return got
	}
	d.flags |= expression
	d.pattern = p.keepPattern(d.text, pattern)
	d.regexp = n + 1
	return outcomeRule
}

// finish adds the rule to those kept, or to those that disable others.
func (p *parser) finish(d *draft) {
	if d.options.any() {
		p.options = append(p.options, d.options)
		d.rule.options = uint32(len(p.options))
	}
	if d.bad {
		p.bad = append(p.bad, d.rule)
		return
	}
	p.rules = append(p.rules, d.rule)
}

func (o *options) any() bool {
	return o.from.n|o.notFrom.n|o.to.n|o.notTo.n|o.regexp|uint32(o.methods) != 0 || o.modifier != 0 || len(o.hosts) > 0
}

// keep stores a text and returns where it lies.
func (p *parser) keep(text string) span {
	at := p.arena.Len()
	p.arena.WriteString(text)
	return span{at: uint32(at), n: uint16(len(text))}
}

// keepPattern returns where pattern lies: within the rule's own text when it stands there as it is.
func (p *parser) keepPattern(text span, pattern string) span {
	whole := p.arena.String()[text.at : text.at+uint32(text.n)]
	if i := strings.Index(whole, pattern); i >= 0 {
		return span{at: text.at + uint32(i), n: uint16(len(pattern))}
	}
	return p.keep(pattern)
}

// hashText folds text into a hash.
func hashText(seed uint64, text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return seed*fnvPrime ^ h.Sum64()
}
