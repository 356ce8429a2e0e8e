package crawler

import (
	"cmp"
	"slices"
	"strings"
)

// maxKnown is the number of addresses that the frontier keeps of one site, some 300 bytes each. A site may list
// millions; no scan gets so far.
const maxKnown = 100_000

// rootFamily and family are the numbers of pages of one family (see families) that count as different pages. Short names
// side by side at the top, "/about" and "/contact", are mostly different, but from the ninth on they are taken as more
// of the same; those within a folder, "/blog/autumn" and "/blog/winter", from the third on.
const (
	rootFamily = 8
	family     = 2
)

// candidate is an address that may become a page.
type candidate struct {
	url      string
	template string
	depth    int
	foundOn  string
	rank     int        // how many of the same kind came before it
	parent   *candidate // the page that links here; nil for the first page
	index    int        // position of the link on parent
	lead     Lead
	links    []Link // of the rendered page, once there is one
}

// order compares by depth, then position of the parent, then position of the link: a function of the site alone.
func (c *candidate) order(d *candidate) int {
	switch {
	case c == d:
		return 0
	case c == nil:
		return -1
	case d == nil:
		return 1
	}
	if n := cmp.Compare(c.depth, d.depth); n != 0 {
		return n
	}
	if n := c.parent.order(d.parent); n != 0 {
		return n
	}
	return cmp.Compare(c.index, d.index)
}

// byRank puts different pages before more of the same.
func (c *candidate) byRank(d *candidate) int {
	if n := cmp.Compare(c.rank, d.rank); n != 0 {
		return n
	}
	return c.order(d)
}

// frontier knows every address that was seen and which one is next.
//
// A candidate waits until its address was fetched statically, is ready when that showed a page, and is set aside when
// it was rendered or is not to be. Among those that wait and those that are ready, candidates of a rarer kind come
// first: rank counts the earlier candidates of the same Template, and a part of those of the same family, so that
// neither the hundredth product nor the hundredth combination of filters displaces a page of another kind.
type frontier struct {
	scope    Scope
	depth    int // links away from the first page at most
	seen     map[string]*candidate
	kinds    map[string]int
	waiting  []*candidate
	ready    []*candidate
	withheld int   // forbidden by robots.txt
	robots   error // why a robots.txt could not be read, which forbids too
	misled   bool  // the static fetch was sent where the browser is not: its redirects mean nothing
}

func newFrontier(scope Scope, depth int) *frontier {
	return &frontier{scope: scope, depth: depth, seen: map[string]*candidate{}, kinds: map[string]int{}}
}

// first puts an address before all others, whatever its scope and name.
func (f *frontier) first(home Lead) *candidate {
	c := &candidate{url: home.URL, template: Template(home.URL), lead: home}
	c.rank = f.count(c.template)
	f.seen[identity(home.URL)] = c
	return c
}

// list puts given addresses on the frontier, in their order, all of depth 0.
func (f *frontier) list(addresses []string) []*candidate {
	var listed []*candidate
	for i, address := range addresses {
		id := identity(address)
		if f.seen[id] != nil {
			continue
		}
		c := &candidate{url: address, template: Template(address), index: i}
		f.seen[id] = c
		listed = append(listed, c)
	}
	return listed
}

// alias makes another address of the page of c known, so that it is not visited again.
func (f *frontier) alias(address string, c *candidate) {
	if final, err := Normalise(address); err == nil && f.seen[identity(final)] == nil {
		f.seen[identity(final)] = c
	}
}

// expand adds the links of the page of c that are new.
func (f *frontier) expand(c *candidate) {
	if c.depth >= f.depth {
		return
	}
	for i, link := range c.allLinks() {
		f.add(c, i, link)
	}
}

// allLinks returns the links of the rendered page, then those that only its source has.
func (c *candidate) allLinks() []Link {
	if len(c.links) == 0 {
		return c.lead.Links
	}
	known := make(map[string]bool, len(c.links))
	all := slices.Clone(c.links)
	for _, l := range c.links {
		known[l.URL] = true
	}
	for _, l := range c.lead.Links {
		if !known[l.URL] {
			all = append(all, l)
		}
	}
	return all
}

func (f *frontier) add(parent *candidate, index int, link Link) {
	if link.Rel == RelFrame || len(f.seen) >= maxKnown {
		return
	}
	address, err := Normalise(link.URL)
	if err != nil || !f.scope.Contains(address) || isDownload(address) || isAction(address) || endless(address) {
		return
	}
	id := identity(address)
	if f.seen[id] != nil {
		return
	}
	c := &candidate{url: address, template: Template(address), depth: parent.depth + 1, parent: parent, index: index}
	c.foundOn = parent.url
	if link.From != "" {
		c.foundOn = link.From
	}
	c.rank = f.count(c.template)
	f.seen[id] = c
	f.waiting = append(f.waiting, c)
}

// count returns the rank of the next candidate of a template and counts it.
func (f *frontier) count(template string) int {
	rank := f.kinds[template]
	f.kinds[template]++
	for _, wide := range families(template) {
		size := family
		if strings.HasSuffix(wide, "/*") && strings.Count(wide, "/") == 1 {
			size = rootFamily
		}
		wide = "family " + wide
		rank = max(rank, f.kinds[wide]/size)
		f.kinds[wide]++
	}
	return rank
}

// takeWaiting returns up to n addresses to fetch statically, in the order in which they are to be looked at.
func (f *frontier) takeWaiting(n int) []*candidate {
	if n = min(n, len(f.waiting)); n == 0 {
		return nil
	}
	slices.SortFunc(f.waiting, (*candidate).byRank)
	taken := slices.Clone(f.waiting[:n])
	f.waiting = slices.Delete(f.waiting, 0, n)
	slices.SortFunc(taken, (*candidate).order)
	return taken
}

// learn notes what the static fetch of c told, and whether c is to be rendered.
func (f *frontier) learn(c *candidate, lead Lead) {
	c.lead = lead
	if lead.Disallowed {
		f.withheld++
		f.robots = cmp.Or(f.robots, lead.Err)
		return
	}
	if isDownloadLead(lead) || f.elsewhere(c, lead.FinalURL) {
		return
	}
	if lead.Status == 404 || lead.Status == 410 {
		c.rank = max(c.rank, f.count("gone")) // every missing page of a site is the same page
	}
	f.ready = append(f.ready, c)
}

// elsewhere reports whether c only leads to a page that is known, or that is not of the site.
func (f *frontier) elsewhere(c *candidate, finalURL string) bool {
	final, err := Normalise(finalURL)
	if err != nil || f.misled {
		return false
	}
	if !f.scope.Contains(final) || isDownload(final) || endless(final) {
		return true
	}
	if known := f.seen[identity(final)]; known != nil && known != c {
		return true
	}
	f.alias(final, c)
	return false
}

// takeNew returns up to n ready candidates of kinds that were not rendered yet.
func (f *frontier) takeNew(n int) []*candidate {
	fresh := 0
	slices.SortFunc(f.ready, (*candidate).byRank)
	for fresh < len(f.ready) && f.ready[fresh].rank == 0 {
		fresh++
	}
	return f.takeReady(min(n, fresh))
}

// takeReady returns up to n ready candidates, one of every kind, then a second of every kind, and so on.
func (f *frontier) takeReady(n int) []*candidate {
	slices.SortFunc(f.ready, (*candidate).byRank)
	n = min(n, len(f.ready))
	taken := slices.Clone(f.ready[:n])
	f.ready = slices.Delete(f.ready, 0, n)
	slices.SortFunc(taken, (*candidate).order)
	return taken
}
