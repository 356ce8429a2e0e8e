package policy

import (
	"net/url"
	"slices"
	"strings"
)

// portals are the hosts where visitors opt out of advertising or analytics, published as such by those who run them.
var portals = []string{
	"aboutads.info", "youradchoices.com", "youradchoices.ca", "youronlinechoices.com", "youronlinechoices.eu",
	"networkadvertising.org", "preferences.truste.com", "preferences-mgr.truste.com", "tools.google.com", "adssettings.google.com",
	"thenai.org", "edaa.eu", "optout.aboutads.info", "privacyrights.info",
}

// optOuts collects the links with which visitors can opt out: those to known portals, and those whose own words say so.
func (d *document) optOuts() {
	for i := range d.blocks {
		if t := d.blocks[i].table; t != nil {
			for _, row := range t.rows {
				for _, c := range row {
					d.optOutLinks(&c.text)
				}
			}
			continue
		}
		d.optOutLinks(&d.blocks[i].text)
	}
}

func (d *document) optOutLinks(t *text) {
	for _, m := range t.marks {
		if m.kind == link && m.from < m.to {
			d.optOut(m.href, t.slice(m.from, m.to))
		}
	}
	if !strings.Contains(t.s, "://") {
		return
	}
	for f := range strings.FieldsSeq(t.s) {
		if strings.HasPrefix(f, "http://") || strings.HasPrefix(f, "https://") {
			f, _, _ = strings.Cut(f, "(")
			d.optOut(strings.TrimRight(f, ".,;:)"), text{})
		}
	}
}

func (d *document) optOut(href string, words text) {
	u, err := url.Parse(href)
	if err != nil {
		return
	}
	if base, err := url.Parse(d.url); err == nil && strings.HasPrefix(base.Scheme, "http") {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return
	}
	says := words.s != "" && d.phrase(words).has("optout")
	if (says || isPortal(u.Hostname())) && !slices.Contains(d.optouts, u.String()) {
		d.optouts = append(d.optouts, u.String())
	}
}

func isPortal(host string) bool {
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	for _, p := range portals {
		if host == p || strings.HasSuffix(host, "."+p) {
			return true
		}
	}
	return false
}
