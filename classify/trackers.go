package classify

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"trackscan/crawler"
)

const (
	maxPages = 20 // URLs listed with a tracker, by contract
	maxNames = 64 // names kept of one template, for holding them against the policy
)

// found is a Tracker in the making: everything that was seen under one ID.
type found struct {
	Tracker
	known    bool     // the catalogue knows it
	identity Identity // what the catalogue knows, or else nothing
	names    []string // names seen, sorted, at most maxNames
	first    sighting // the earliest sighting: its example, its setter
	seenOn   map[string]int
	in       map[crawler.Scenario]*presence
	masked   bool  // a hit of Universal Analytics asked for a shortened address
	unmasked bool  // one did not
	match    match // what the policy says of it
	where    place
	cloaks   string   // whose server its name stands for; empty for its own
	typed    []string // what was typed into a form and sent to it, sorted
	events   []scenarioEvent
	values   []string              // hashes of identifiers seen in it, sorted, at most maxNames
	clicks   []string              // ClickParams of the page's address whose values it holds or is told, sorted
	respawns string                // the hash of the value with which it came back after it was deleted
	loads    map[string]configured // of a tag manager: what its containers may load, by vendor
}

// place is what tells two cookies of one name and domain apart.
type place struct{ path, partition string }

// sighting is one piece of evidence with its page. Sightings have an order - scenario, depth, page, then everything
// that a Tracker shows - so that what is shown does not depend on the order of the evidence.
type sighting struct {
	page       *crawler.Page
	scenario   int
	brought    bool // a cookie or storage item that was only still there
	name       string
	setVia     string
	setBy      string
	initiators []string
	sameSite   string
	httpOnly   bool
	secure     bool
	beacon     string
	path       string
	sent       sent // of a request
}

func (s sighting) compare(t sighting) int {
	return cmp.Or(
		cmp.Compare(s.scenario, t.scenario),
		cmp.Compare(s.page.Depth, t.page.Depth),
		cmp.Compare(s.page.URL, t.page.URL),
		compareBool(s.setBy == "", t.setBy == ""),
		cmp.Compare(len(s.name), len(t.name)),
		cmp.Compare(s.name, t.name),
		cmp.Compare(s.path, t.path),
		cmp.Compare(s.setVia, t.setVia),
		cmp.Compare(len(s.initiators), len(t.initiators)), // who brought it in, not what it went on to load
		cmp.Compare(s.setBy, t.setBy),
		slices.Compare(s.initiators, t.initiators),
		cmp.Compare(s.beacon, t.beacon),
		cmp.Compare(s.sameSite, t.sameSite),
		compareBool(s.httpOnly, t.httpOnly),
		compareBool(s.secure, t.secure),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// gatherer makes trackers of evidence.
type gatherer struct {
	site string
	cat  Catalog
	all  map[string]*found
}

// gather returns everything that scan saw, sorted by ID.
func gather(scan *crawler.Scan, cat Catalog) []*found {
	g := gatherer{site: scan.Site, cat: cat, all: map[string]*found{}}
	policies := map[string]bool{}
	for _, doc := range scan.Policies {
		policies[doc.URL] = true
	}
	depths := depthsOf(scan)
	for i := range scan.Pages {
		for _, p := range legs(&scan.Pages[i], depths) {
			if !g.elsewhere(p, policies) {
				g.page(p)
			}
		}
	}
	return g.finish()
}

// elsewhere reports whether p is a policy that lies with another company: what that page sets is not the site's doing.
func (g *gatherer) elsewhere(p *crawler.Page, policies map[string]bool) bool {
	isPolicy := p.Document != nil || policies[p.URL] || policies[p.FinalURL]
	return isPolicy && g.party(crawler.HostOf(p.URL)) == crawler.Third
}

func (g *gatherer) party(host string) crawler.Party { return crawler.PartyOf(g.site, host) }

func (g *gatherer) page(p *crawler.Page) {
	ours := g.ours(p)
	for i := range p.Cookies {
		if c := &p.Cookies[i]; ours(c.Domain, c.SetBy, c.Initiators) {
			g.cookie(p, c)
		}
	}
	for i := range p.Storage {
		if s := &p.Storage[i]; ours(crawler.HostOf(s.Origin), s.SetBy, s.Initiators) {
			g.storage(p, s)
		}
	}
	for i := range p.Scripts {
		if s := &p.Scripts[i]; ours(crawler.HostOf(s.URL), "", s.Initiators) {
			g.script(p, s)
			g.recognised(p, s)
		}
	}
	for i := range p.Requests {
		if r := &p.Requests[i]; r.Type == "document" || ours(crawler.HostOf(r.URL), "", r.Initiators) {
			g.request(p, r)
		}
	}
	for i := range p.Containers {
		if c := &p.Containers[i]; ours(crawler.HostOf(c.URL), "", c.Initiators) {
			g.container(p, c)
		}
	}
	for i := range p.Aliases {
		g.alias(p, &p.Aliases[i])
	}
}

// ours tells what of p is the site's doing. Of a page that leads away to another site, what that site does with its
// visitors is not: only what belongs to this site, what it set going, and what the hops on the way set.
func (g *gatherer) ours(p *crawler.Page) func(host, setBy string, initiators []string) bool {
	here := func(url string) bool { return g.party(crawler.HostOf(url)) == crawler.First }
	if !here(p.URL) || here(p.FinalURL) {
		return func(string, string, []string) bool { return true }
	}
	hops := map[string]bool{}
	for i := range p.Requests {
		if r := &p.Requests[i]; r.Type == "document" && r.URL != p.FinalURL {
			hops[r.URL] = true
		}
	}
	return func(host, setBy string, initiators []string) bool {
		return g.party(host) == crawler.First || hops[setBy] || slices.ContainsFunc(initiators, here)
	}
}

func (g *gatherer) cookie(p *crawler.Page, c *crawler.Cookie) {
	name, domain := clip(c.Name, maxNameBytes), strings.ToLower(cmp.Or(c.Domain, crawler.HostOf(p.FinalURL)))
	host := strings.TrimPrefix(domain, ".")
	identity, known := g.identifyStored(p, Thing{Kind: KindCookie, Name: name, Host: host, Page: p.URL}, c.SetBy, c.Transient && !c.Traits.Identifier)
	tmpl := nameTemplate(c.Name, identity)
	where := place{path: template(c.Path), partition: c.PartitionKey}
	if where.path == "" {
		where.path = "/"
	}
	f := g.at("cookie "+clipID(tmpl)+" "+visible(domain), where)
	f.knowBetter(identity, known)
	f.Kind, f.Domain, f.Partitioned = KindCookie, domain, c.PartitionKey != ""
	f.pattern(tmpl)
	f.Party = string(g.party(host))
	f.cookieFacts(c)
	f.see(sighting{
		page: p, name: name, path: c.Path, setVia: string(c.SetVia), setBy: c.SetBy, initiators: c.Initiators,
		sameSite: c.SameSite, httpOnly: c.HTTPOnly, secure: c.Secure, brought: c.Brought,
	})
}

// cookieFacts keeps the longest lifetimes, and what holds only when it held at every sighting.
func (f *found) cookieFacts(c *crawler.Cookie) {
	f.LifetimeDays, f.AskedDays = longest(f.LifetimeDays, c.StoredDays), longest(f.AskedDays, c.AskedDays)
	f.identifies(c.Traits)
	f.keepsClicks(c.Clicks)
	f.Transient = c.Transient && (f.Transient || f.first.page == nil)
	if c.Respawned && c.Traits.Identifier && (f.respawns == "" || c.Traits.Hash < f.respawns) {
		f.respawns = c.Traits.Hash
	}
	if f.first.page == nil || f.Refused > c.Refused {
		f.Refused = c.Refused
	}
}

// longest returns the longer of two lifetimes; nil is unknown.
func longest(a, b *float64) *float64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

func (g *gatherer) storage(p *crawler.Page, s *crawler.Storage) {
	name, host := clip(s.Key, maxNameBytes), crawler.HostOf(s.Origin)
	identity, known := g.identifyStored(p, Thing{Kind: KindStorage, Name: name, Host: host, Page: p.URL}, s.SetBy, s.Transient && !s.Traits.Identifier)
	tmpl := nameTemplate(s.Key, identity)
	f := g.at("storage "+string(s.Kind)+" "+clipID(tmpl)+" "+visible(host), place{path: "/"})
	f.knowBetter(identity, known)
	f.Kind, f.Domain, f.Storage = KindStorage, host, string(s.Kind)
	f.pattern(tmpl)
	f.Party = string(g.party(host))
	f.identifies(s.Traits)
	f.keepsClicks(s.Clicks)
	f.Transient = s.Transient && (f.Transient || f.first.page == nil)
	f.see(sighting{page: p, name: name, setBy: s.SetBy, initiators: s.Initiators, brought: s.Brought})
}

// request counts a request for its host, and for its endpoint when it is a beacon.
func (g *gatherer) request(p *crawler.Page, r *crawler.Request) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Hostname() == "" {
		return
	}
	host := strings.ToLower(u.Hostname())
	party := g.party(host)
	thing := Thing{Kind: KindRequest, Host: host, URL: r.URL, Page: p.URL, Type: r.Type}
	identity, known := g.cat.Identify(thing)
	if !known && party == crawler.First {
		identity, known = g.setsCookiesOf(p, r.URL)
	}
	what := sentBy(r, u.Query(), identity.Category)
	if host != crawler.HostOf(g.site) {
		f := g.at("request "+visible(host), place{path: "/"})
		f.knowBetter(identity, known)
		f.Kind, f.Name, f.Host, f.Party = KindRequest, host, host, string(party)
		f.does(identity)
		f.isSent(r)
		f.registers(r)
		f.keepsClicks(r.Clicks)
		f.see(sighting{page: p, name: host, initiators: r.Initiators, setBy: lastOf(r.Initiators), sent: what})
	}
	if r.Beacon == crawler.NoBeacon || !known && party == crawler.First && mechanical(r.Beacon) {
		return
	}
	path := u.EscapedPath()
	tmpl := template(path)
	f := g.at("beacon "+visible(host)+clipID(strings.ReplaceAll(tmpl, " ", "%20")), place{path: "/"})
	f.knowBetter(identity, known)
	f.Kind, f.Host, f.Party = KindBeacon, host, string(party)
	if hasStar(tmpl) {
		f.Pattern = host + tmpl
	}
	f.see(sighting{
		page: p, name: clip(host+path, maxNameBytes), path: path, beacon: string(r.Beacon), initiators: r.Initiators,
		setBy: lastOf(r.Initiators), sent: what,
	})
}

// mechanical reports whether a kind of beacon is only told by its small answer, which a site's own images and APIs
// give as well. A ping and a keepalive say themselves what they are.
func mechanical(b crawler.Beacon) bool { return b == crawler.Pixel || b == crawler.Empty }

func lastOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// at returns the tracker with this ID and place.
func (g *gatherer) at(id string, where place) *found {
	key := id + "\x00" + where.path + "\x00" + where.partition
	f := g.all[key]
	if f == nil {
		f = &found{
			Tracker: Tracker{ID: id}, where: where,
			seenOn: map[string]int{}, in: map[crawler.Scenario]*presence{},
		}
		g.all[key] = f
	}
	return f
}

// knowBetter keeps what says most where many sightings have one ID, as the requests to one host have: what is no mere
// helper before what is, then the gravest category, then the first by name.
func (f *found) knowBetter(identity Identity, known bool) {
	if known && (!f.known || worse(identity, f.identity) < 0) {
		f.identity, f.known = identity, true
	}
}

func worse(a, b Identity) int {
	return cmp.Or(
		compareBool(a.Benign, b.Benign),
		-cmp.Compare(gravity(a.Category), gravity(b.Category)),
		cmp.Compare(vendorName(a), vendorName(b)),
		cmp.Compare(a.Purpose, b.Purpose),
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Pattern, b.Pattern),
		compareBool(a.ConsentFree, b.ConsentFree),
	)
}

func vendorName(id Identity) string {
	if id.Vendor == nil {
		return ""
	}
	return id.Vendor.Name
}

func (f *found) pattern(tmpl string) {
	if hasStar(tmpl) {
		f.Pattern = clip(tmpl, maxNameBytes)
	}
}

// see counts a sighting; the earliest one is the example.
func (f *found) see(s sighting) {
	s.scenario = max(0, slices.Index(crawler.Scenarios, s.page.Scenario))
	addPage(f.seenOn, s.page)
	f.showed(s)
	f.names = keep(f.names, s.name)
	if f.first.page == nil || s.compare(f.first) < 0 {
		f.first = s
	}
}

// keep adds to a sorted list and keeps the smallest maxNames, whatever the order they come in.
func keep(list []string, one string) []string {
	i, seen := slices.BinarySearch(list, one)
	if seen || i == maxNames {
		return list
	}
	list = slices.Insert(list, i, one)
	return list[:min(len(list), maxNames)]
}

// keepsClicks notes the numbers of clicks that a value holds, or a host is told.
func (f *found) keepsClicks(params []string) {
	for _, param := range params {
		f.clicks = keep(f.clicks, param)
	}
}

// identifies notes the traits of a value.
func (f *found) identifies(t crawler.Traits) {
	if !t.Identifier {
		return
	}
	f.Identifier = true
	if t.Hash != "" {
		f.values = keep(f.values, t.Hash)
	}
}

// finish tells apart what only path or partition tells apart, and fills in what the example says.
func (g *gatherer) finish() []*found {
	all := make([]*found, 0, len(g.all))
	same := map[string]int{}
	for _, f := range g.all {
		same[f.ID]++
		all = append(all, f)
	}
	for _, f := range all {
		if same[f.ID] > 1 {
			f.tellApart()
		}
		f.finish()
	}
	slices.SortFunc(all, func(a, b *found) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// tellApart extends the ID by path and partition; the cookie of the whole, unpartitioned site keeps the short ID.
func (f *found) tellApart() {
	if f.where.path != "/" {
		f.ID += clipID(strings.ReplaceAll(f.where.path, " ", "%20"))
	}
	if f.where.partition != "" {
		f.ID += " partition=" + visible(strings.ReplaceAll(f.where.partition, " ", "%20"))
	}
}

func (f *found) finish() {
	s := f.first
	f.Name, f.SetVia, f.SetBy = s.name, s.setVia, s.setBy
	f.Initiators = append([]string{}, s.initiators...)
	f.SameSite, f.HTTPOnly, f.Secure, f.Beacon, f.Path = s.sameSite, s.httpOnly, s.secure, s.beacon, s.path
	f.PageCount = len(f.seenOn)
	f.Pages = nearest(f.seenOn)
	f.Events = deeds(f.events)
	f.Scenarios = []string{}
	for _, scenario := range crawler.Scenarios {
		if f.in[scenario] != nil {
			f.Scenarios = append(f.Scenarios, string(scenario))
		}
	}
}

// addPage notes that a page showed something, with the smallest depth that it was told to have.
func addPage(depths map[string]int, p *crawler.Page) {
	if depth, seen := depths[p.URL]; !seen || p.Depth < depth {
		depths[p.URL] = p.Depth
	}
}

// nearest returns the pages nearest to the site's address, at most maxPages, of a map of depths.
func nearest(depths map[string]int) []string {
	urls := slices.Collect(maps.Keys(depths))
	slices.SortFunc(urls, func(a, b string) int {
		return cmp.Or(cmp.Compare(depths[a], depths[b]), cmp.Compare(a, b))
	})
	return urls[:min(len(urls), maxPages)]
}
