package classify

import (
	"cmp"
	"slices"
	"strings"

	"trackscan/crawler"
)

// syncing is one identifier on its way from whoever gave it to others.
type syncing struct {
	what  string   // cookie or storage item that holds it, for people
	hosts []string // who knows it, in the order in which they came to: the first one gave it
}

func (s syncing) compare(t syncing) int {
	return cmp.Or(cmp.Compare(len(t.hosts), len(s.hosts)), slices.Compare(s.hosts, t.hosts), cmp.Compare(s.what, t.what))
}

// findSyncs adds a finding for each host that learns another company's name for the visitor. Cookies cannot be read by
// other companies; what is told in an address or a body can (Acar et al. 2014, "The Web Never Forgets", section 5).
//
// What the site's own cookie holds is told to the service that keeps it there in the ordinary course of counting
// visits; only from the second company on is it handed round.
func (j *judge) findSyncs() {
	best := map[string]syncing{}
	for i := range j.scan.Pages {
		for _, s := range j.syncsOn(&j.scan.Pages[i]) {
			for _, host := range s.hosts[1:] {
				if old, known := best[host]; !known || s.compare(old) < 0 {
					best[host] = s
				}
			}
		}
	}
	for _, f := range j.found {
		s, ok := best[f.Host]
		if !ok || f.Kind != KindRequest || f.Path != "" {
			continue
		}
		message := "The identifier that " + s.what + " holds is told from one company to the next: " +
			strings.Join(s.hosts, " → ") + ". They can join what each knows of the visitor."
		j.about(f, RuleCookieSync, j.followSeverity(f), Saying{Remark: message}, j.followFix(f, RuleCookieSync))
	}
}

// syncsOn follows each identifier of one page.
func (j *judge) syncsOn(p *crawler.Page) []syncing {
	held := map[string]*syncing{}
	var order []string
	hold := func(t crawler.Traits, what, host string) {
		if t.Hash == "" || !t.Identifier {
			return
		}
		s := held[t.Hash]
		if s == nil {
			s = &syncing{what: what}
			held[t.Hash] = s
			order = append(order, t.Hash)
		}
		if crawler.PartyOf(j.scan.Site, host) == crawler.Third {
			s.learn(j, host, p.URL)
		}
	}
	for i := range p.Cookies {
		if c := &p.Cookies[i]; !onlyTried(c) && !j.isSetting(KindCookie, c.Name, c.Domain, p.URL) {
			hold(c.Traits, "the cookie "+quoted(c.Name)+" of "+visible(strings.TrimPrefix(c.Domain, ".")), strings.TrimPrefix(c.Domain, "."))
		}
	}
	for i := range p.Storage {
		if s := &p.Storage[i]; !j.isSetting(KindStorage, s.Key, crawler.HostOf(s.Origin), p.URL) {
			hold(s.Traits, "the storage item "+quoted(s.Key)+" of "+visible(crawler.HostOf(s.Origin)), crawler.HostOf(s.Origin))
		}
	}
	for i := range p.Requests {
		r := &p.Requests[i]
		host := crawler.HostOf(r.URL)
		if crawler.PartyOf(j.scan.Site, host) != crawler.Third {
			continue
		}
		for _, hash := range r.Carries {
			if s := held[hash]; s != nil {
				s.learn(j, host, p.URL)
			}
		}
	}
	var out []syncing
	for _, hash := range order {
		if s := held[hash]; len(s.hosts) > 1 {
			out = append(out, *s)
		}
	}
	return out
}

// onlyTried reports whether a script tried to set a cookie and the browser refused: the domain that it was meant for, which
// may be all of ".com", never hears of it. A server that sets one knows what it holds all the same.
func onlyTried(c *crawler.Cookie) bool { return c.Refused != "" && c.SetVia != crawler.ViaHTTP }

// learn adds a host, unless its company knows the identifier already or is a mere helper.
func (s *syncing) learn(j *judge, host, page string) {
	company, helper := j.companyOf(host, page)
	if helper {
		return
	}
	for _, other := range s.hosts {
		if have, _ := j.companyOf(other, page); have == company {
			return
		}
	}
	s.hosts = append(s.hosts, host)
}

// companyOf is who stands behind a host, as far as the catalogue knows: else its registrable domain.
func (j *judge) companyOf(host, page string) (company string, helper bool) {
	id, known := j.cat.Identify(Thing{Kind: KindRequest, Host: host, URL: "https://" + host + "/", Page: page})
	if !known || id.Vendor == nil {
		return crawler.RegistrableDomain(host), known && id.Benign
	}
	return cmp.Or(id.Vendor.Owner, id.Vendor.Name), id.Benign
}

// isSetting reports whether an item holds a choice of the visitor or a setting, which is told to many on purpose: a
// consent string looks like an identifier.
func (j *judge) isSetting(kind Kind, name, host, page string) bool {
	id, known := j.cat.Identify(Thing{Kind: kind, Name: name, Host: strings.TrimPrefix(host, "."), Page: page})
	return known && (id.Benign || id.Category == Necessary) || speaksOfConsent(name)
}
