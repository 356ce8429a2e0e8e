package classify

import (
	"strings"

	"trackscan/crawler"
)

// alias notes a host of the site whose name in truth stands for a tracker's server. Only a name that the catalogue knows
// for analytics, advertising or social media counts: most aliases lead to hosting and delivery networks.
func (g *gatherer) alias(p *crawler.Page, a *crawler.Alias) {
	for _, name := range a.Chain {
		if g.party(name) == crawler.First {
			continue
		}
		identity, known := g.cat.Identify(Thing{Kind: KindRequest, Host: name, URL: "https://" + name + "/", Page: p.URL})
		if !known || identity.Benign || gravity(identity.Category) == 0 {
			continue
		}
		f := g.at("request "+visible(a.Host), place{path: "/"})
		if f.Kind == "" { // without a request there is nobody to speak of
			return
		}
		f.knowBetter(identity, true)
		f.cloaks = name
		return
	}
}

// setsCookiesOf tells whose server an address of the site really is, by the cookies that it sets: tags that run on a
// server of the site's own set there what their scripts set elsewhere. The host of the pages may keep such cookies alive
// itself and is no tag's.
func (g *gatherer) setsCookiesOf(p *crawler.Page, address string) (Identity, bool) {
	if crawler.HostOf(address) == crawler.HostOf(g.site) {
		return Identity{}, false
	}
	for i := range p.Cookies {
		c := &p.Cookies[i]
		if c.SetVia != crawler.ViaHTTP || c.SetBy != address || c.Refused != "" {
			continue
		}
		host := strings.TrimPrefix(c.Domain, ".")
		identity, known := g.cat.Identify(Thing{Kind: KindCookie, Name: c.Name, Host: host, Page: p.URL})
		if known && identity.Vendor != nil && !identity.Benign && identity.Source == FromCatalog && gravity(identity.Category) > 0 {
			return identity, true
		}
	}
	return Identity{}, false
}

// findCloak adds a finding about a host of the site that is a tracker's.
func (j *judge) findCloak(f *found) {
	if f.cloaks == "" {
		return
	}
	who := visible(string(f.Vendor))
	if who == "" {
		who = visible(f.cloaks)
	}
	message := "The host " + quoted(f.Host) + " looks like one of the site's own, but its name stands for " +
		visible(strings.TrimSuffix(f.cloaks, ".")) + " of " + who + ". Cookies of the site go there, and protection against third parties does not help."
	j.about(f, RuleCloaking, j.followSeverity(f), Saying{Remark: message}, j.followFix(f, RuleCloaking))
}
