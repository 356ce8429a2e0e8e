package classify

import "trackscan/crawler"

// identifyStored says what is known of something kept in the browser. What nobody knows by its name, in the site's own
// part of the browser, belongs to the tracker whose script keeps it there: trackers have more keys than any catalogue.
// So does what is only tried, whatever its name: trackers share the code that tries.
func (g *gatherer) identifyStored(p *crawler.Page, t Thing, setBy string, tries bool) (Identity, bool) {
	identity, known := g.cat.Identify(t)
	if known && identity.Source != FromHeuristic && !tries || g.party(t.Host) != crawler.First {
		return identity, known
	}
	if id, ok := g.scriptOf(p, setBy); ok && id.Vendor != identity.Vendor {
		v := id.Vendor
		return Identity{Vendor: v, Category: v.Category, Purpose: "Is kept by the script of " + v.Name + ".", Source: FromCatalog}, true
	}
	return identity, known
}

// scriptOf names the tracker whose script lies at an address: by the address, else by the script's text. There is none
// for everything else, tag managers and consent managers among it: what they run is somebody else's.
func (g *gatherer) scriptOf(p *crawler.Page, url string) (Identity, bool) {
	host := crawler.HostOf(url)
	if host == "" {
		return Identity{}, false
	}
	things := []Thing{{Kind: KindRequest, Host: host, URL: url, Page: p.URL, Type: "script"}}
	for i := range p.Scripts {
		if s := &p.Scripts[i]; s.URL == url {
			for _, mark := range s.Marks {
				things = append(things, Thing{Kind: KindScript, Name: mark, URL: url, Page: p.URL})
			}
		}
	}
	for _, t := range things {
		if id, ok := g.cat.Identify(t); ok && id.Vendor != nil && !id.Benign && gravity(id.Vendor.Category) > 0 {
			return id, true
		}
	}
	return Identity{}, false
}
