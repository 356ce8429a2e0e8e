package classify

import (
	"maps"
	"slices"
	"strings"

	"trackscan/crawler"
)

// configured is a service that containers of a tag manager may load.
type configured struct {
	identity Identity
	in       []string // containers, by what their users call them, sorted
}

// managerLibraries are where tag managers load their libraries from, by the name of crawler.Container.
var managerLibraries = map[string]string{
	"gtm":     "https://www.googletagmanager.com/gtm.js",
	"gtag":    "https://www.googletagmanager.com/gtag/js",
	"segment": "https://cdn.segment.com/analytics.js",
	"tealium": "https://tags.tiqcdn.com/utag.js",
	"launch":  "https://assets.adobedtm.com/launch.min.js",
}

// container notes what a container may load. Wherever it lies, it is the manager's.
func (g *gatherer) container(p *crawler.Page, c *crawler.Container) {
	manager, known := g.cat.Identify(Thing{Kind: KindRequest, URL: managerLibraries[c.Manager], Page: p.URL})
	if !known {
		return
	}
	f := g.library(p, c.URL, c.Initiators, manager)
	if f.loads == nil {
		f.loads = map[string]configured{}
	}
	for _, address := range c.Loads {
		id, ok := g.cat.Identify(Thing{Kind: KindRequest, Host: crawler.HostOf(address), URL: address, Page: p.URL})
		if ok && isTag(address, id) {
			f.mayLoad(c.ID, id)
		}
	}
	for _, name := range c.Names {
		if id, ok := g.cat.Identify(Thing{Kind: KindService, Name: name}); ok {
			f.mayLoad(c.ID, id)
		}
	}
}

// isTag tells what a tag loads from what it only mentions: of hosts that are linked to as well, as those of social
// networks and players are, only scripts and addresses that are known by themselves count.
func isTag(address string, id Identity) bool {
	return id.Category == Analytics || id.Category == Advertising || id.Pattern != "" && strings.Contains(id.Pattern, "/") ||
		strings.HasSuffix(address, ".js")
}

func (f *found) mayLoad(container string, id Identity) {
	if id.Vendor == nil || id.Benign || id.Category == Necessary || id.Source == FromHeuristic {
		return
	}
	c, known := f.loads[id.Vendor.Name]
	if !known || worse(id, c.identity) < 0 {
		c.identity = id
	}
	if container != "" {
		c.in = keep(c.in, container)
	}
	f.loads[id.Vendor.Name] = c
}

// findConfigured adds a finding for each tag manager that is set up to load what was seen in no scenario. The services of
// one company are told apart: analytics may be there without ads.
func (j *judge) findConfigured() {
	seen := map[string]bool{}
	for _, f := range j.found {
		seen[string(f.Vendor)] = true
	}
	j.findStarted(seen)
	for _, f := range j.found {
		var unseen []configured
		for _, vendor := range slices.Sorted(maps.Keys(f.loads)) {
			if c := f.loads[vendor]; !seen[vendor] && !j.isOwn(c.identity.Vendor) {
				unseen = append(unseen, c)
			}
		}
		if len(unseen) > 0 {
			j.about(f, RuleConfigured, Low, Saying{Remark: j.configuredMessage(f, unseen)},
				"Take out of the container what nobody needs; see that the policy names the rest before it starts.")
		}
	}
}

// findStarted adds a finding for the tags that the code of the pages starts and that were not seen.
func (j *judge) findStarted(seen map[string]bool) {
	tags, on := map[string][]string{}, map[string]int{} // IDs by service, depths by page
	for i := range j.scan.Pages {
		p := &j.scan.Pages[i]
		for _, c := range p.Containers {
			if c.Manager != crawler.PageCode || crawler.PartyOf(j.scan.Site, crawler.HostOf(c.URL)) == crawler.Third {
				continue
			}
			for _, address := range c.Loads {
				id, ok := j.cat.Identify(Thing{Kind: KindRequest, Host: crawler.HostOf(address), URL: address, Page: p.URL})
				if ok && id.Vendor != nil && !seen[id.Vendor.Name] && !j.isOwn(id.Vendor) {
					_, tag, _ := strings.Cut(address, "=")
					tags[id.Vendor.Name] = keep(tags[id.Vendor.Name], tag)
					addPage(on, p)
				}
			}
		}
	}
	if len(tags) == 0 {
		return
	}
	var parts []string
	for _, vendor := range slices.Sorted(maps.Keys(tags)) {
		parts = append(parts, visible(vendor)+" ("+strings.Join(tags[vendor][:min(len(tags[vendor]), maxShared)], ", ")+")")
	}
	j.findings = append(j.findings, Finding{
		ID: RuleConfigured, Rule: RuleConfigured, Severity: Low, Subject: crawler.HostOf(j.scan.Site), Pages: nearest(on),
		Message: "The code of the pages is set up to start " + enumerate(parts, "and") + ", and nothing of that started in this scan.",
		Fix:     "Take out of the pages what nobody needs; see that the policy names the rest before it starts.",
	})
}

// isOwn reports whether the site is that of the vendor itself.
func (j *judge) isOwn(v *Vendor) bool {
	site := crawler.RegistrableDomain(crawler.HostOf(j.scan.Site))
	return slices.ContainsFunc(v.Domains, func(d string) bool { return crawler.RegistrableDomain(d) == site })
}

func (j *judge) configuredMessage(manager *found, unseen []configured) string {
	var groups []string // of what the same containers hold
	held := map[string][]string{}
	var unnamed []string
	for _, c := range unseen {
		in := strings.Join(c.in, ", ")
		if held[in] == nil {
			groups = append(groups, in)
		}
		name := visible(c.identity.Vendor.Name)
		held[in] = append(held[in], name)
		if j.policy != nil && !j.names(c.identity) {
			unnamed = append(unnamed, name)
		}
	}
	for i, in := range groups {
		groups[i] = enumerate(held[in], "and")
		if in != "" {
			groups[i] += " (container " + visible(in) + ")"
		}
	}
	message := capital(manager.party()) + " is set up to load " + enumerate(groups, "and") + ", and nothing of that started in this scan."
	if len(unnamed) > 0 {
		message += " The policy does not name " + enumerate(unnamed, "or") + "."
	}
	return message
}

// names reports whether the policy names a service, would it be seen.
func (j *judge) names(id Identity) bool {
	would := &found{Tracker: Tracker{Kind: KindRequest, Party: string(crawler.Third)}, known: true, identity: id}
	j.identify(would)
	j.compare(would)
	return would.Verdict == DeclaredByName || would.Verdict == DeclaredByVendor
}
