package catalog

import (
	"fmt"
	"slices"
	"strings"

	"trackscan/classify"
)

// A nameFact says what a cookie or storage key of a name, or of a pattern of names, is.
type nameFact struct {
	vendor *Vendor
	name   string // the pattern without its scope
	scope  string // "" for every host, "@" for the vendor's own hosts, else a domain
	likely bool
	terms  *terms // shared by the names of one line
	glob   glob
	id     classify.Identity
}

// addNames reads the cookies or storage section. A key may hold several names, separated by spaces.
func (v *Vendor) addNames(n node, kind string) error {
	v.names = slices.Grow(v.names, 2*len(n.fields))
	for _, f := range n.fields {
		t, err := f.value.terms()
		if err != nil {
			return fmt.Errorf("%s: %w", f.key, err)
		}
		if t.kind == "" {
			t.kind = kind
		}
		for pattern := range strings.FieldsSeq(f.key) {
			fact, err := v.nameFact(pattern, t)
			if err != nil {
				return fmt.Errorf("%s: %w", pattern, err)
			}
			v.names = append(v.names, fact)
		}
	}
	return nil
}

func (v *Vendor) nameFact(pattern string, t *terms) (nameFact, error) {
	f := nameFact{vendor: v, likely: t.likely, terms: t, id: v.identity(t)}
	name, scope, err := cutScope(pattern)
	if err != nil {
		return f, err
	}
	f.name, f.scope = name, scope
	f.glob = newGlob(f.name)
	if f.glob.wild() && f.glob.literal == 0 {
		return f, fmt.Errorf("a pattern needs a letter")
	}
	if f.glob.wild() {
		f.id.Pattern = f.glob.shown()
	}
	return f, nil
}

// cutScope splits "fr@.facebook.com" into name and domain, "uid@" into name and "@". An "@" that neither ends the
// pattern nor has a dot behind it is part of the name.
func cutScope(pattern string) (name, scope string, err error) {
	if name, ok := strings.CutSuffix(pattern, "@"); ok {
		return name, "@", nil
	}
	i := strings.LastIndex(pattern, "@.")
	if i <= 0 {
		return pattern, "", nil
	}
	name, scope = pattern[:i], pattern[i+2:]
	if !legalHost(scope) {
		return name, scope, fmt.Errorf("%q is no domain", scope)
	}
	return name, scope, nil
}

// shown is the pattern as people read it: every wildcard a star.
func (g *glob) shown() string { return strings.Join(g.parts, "*") }

// String returns the pattern with its scope, as explain prints it: "fr@.facebook.com".
func (f *nameFact) String() string {
	switch f.scope {
	case "":
		return f.glob.shown()
	case "@":
		if len(f.vendor.Domains) == 0 {
			return f.glob.shown()
		}
		return f.glob.shown() + "@." + f.vendor.Domains[0]
	}
	return f.glob.shown() + "@." + f.scope
}

// party tells whose domain the vendor usually sets it at.
func (f *nameFact) party() string {
	switch {
	case f.terms.party != "":
		return f.terms.party
	case f.scope != "":
		return "third"
	}
	return "first"
}

// names finds facts by cookie name or storage key.
type names struct {
	hosts  hosts
	exact  map[string][]*nameFact
	prefix map[[2]byte][]*nameFact // globs by their first two bytes, longest literal part first
	suffix map[[2]byte][]*nameFact // those that begin with a wildcard, by their last two
	rest   []*nameFact
}

func newNames(h hosts) *names {
	return &names{
		hosts: h, exact: map[string][]*nameFact{},
		prefix: map[[2]byte][]*nameFact{}, suffix: map[[2]byte][]*nameFact{},
	}
}

func (n *names) add(f *nameFact) {
	first, last := f.glob.ends()
	switch {
	case !f.glob.wild():
		n.exact[first] = append(n.exact[first], f)
	case len(first) >= 2:
		key := [2]byte{first[0], first[1]}
		n.prefix[key] = append(n.prefix[key], f)
	case len(last) >= 2:
		key := [2]byte{last[len(last)-2], last[len(last)-1]}
		n.suffix[key] = append(n.suffix[key], f)
	default:
		n.rest = append(n.rest, f)
	}
}

// sort puts the globs of each bucket in order, the longest literal part first.
func (n *names) sort() {
	longest := func(a, b *nameFact) int { return b.glob.literal - a.glob.literal }
	for _, bucket := range n.prefix {
		slices.SortStableFunc(bucket, longest)
	}
	for _, bucket := range n.suffix {
		slices.SortStableFunc(bucket, longest)
	}
	slices.SortStableFunc(n.rest, longest)
}

// maxName is the longest name that is held against globs; browsers refuse cookies above 4,096 bytes, and no
// vendor's names come near this.
const maxName = 512

// find returns what is known about a name seen at host, nil when nothing is. An exact name beats a glob, a longer
// literal part a shorter one, a fact about that very domain one about all. Without a host the likeliest vendor of a
// generic name is the answer. It does not allocate.
func (n *names) find(name, host string) *nameFact {
	if f := n.pick(n.exact[name], host); f != nil {
		return f
	}
	if len(name) < 2 || len(name) > maxName {
		return nil
	}
	best := n.longest(nil, n.prefix[[2]byte{name[0], name[1]}], name, host)
	best = n.longest(best, n.suffix[[2]byte{name[len(name)-2], name[len(name)-1]}], name, host)
	return n.longest(best, n.rest, name, host)
}

// pick chooses among facts of one name.
func (n *names) pick(facts []*nameFact, host string) *nameFact {
	var best *nameFact
	for _, f := range facts {
		if n.rank(f, host) > n.rank(best, host) {
			best = f
		}
	}
	return best
}

// rank orders facts of one name; 0 means that f does not apply at host.
func (n *names) rank(f *nameFact, host string) int {
	switch {
	case f == nil:
		return 0
	case f.scope == "":
		return 3
	case host != "" && n.within(f, host):
		return 4
	case host != "":
		return 0
	case f.likely:
		return 2
	}
	return 1
}

// within reports whether host lies in the scope of f.
func (n *names) within(f *nameFact, host string) bool {
	if f.scope != "@" {
		return under(host, f.scope)
	}
	at := n.hosts.find(host)
	return at != nil && at.vendor == f.vendor
}

// longest returns the glob of the bucket that matches with the longest literal part, or best when none has a longer
// one.
func (n *names) longest(best *nameFact, bucket []*nameFact, name, host string) *nameFact {
	for _, f := range bucket {
		if best != nil && host != "" && f.glob.literal < best.glob.literal {
			break
		}
		if n.beats(f, best, host) && f.glob.match(name) {
			best = f
		}
	}
	return best
}

// beats reports whether f would be the better answer at host. Without a host a pattern for every host comes before
// one that counts at its vendor's only, however long that is.
func (n *names) beats(f, best *nameFact, host string) bool {
	switch {
	case best == nil:
		return n.rank(f, host) > 0
	case host == "" && (f.scope == "") != (best.scope == ""):
		return f.scope == ""
	case f.glob.literal != best.glob.literal:
		return f.glob.literal > best.glob.literal && n.rank(f, host) > 0
	}
	return n.rank(f, host) > n.rank(best, host)
}
