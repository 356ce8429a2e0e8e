package policy

import (
	"net/url"
	"sort"
	"strings"
)

// findOwn finds out whose policy it is: the domains and names that are no third party.
func (d *document) findOwn() {
	if u, err := url.Parse(d.url); err == nil && strings.HasPrefix(u.Scheme, "http") {
		if host := registrable(u.Hostname()); host != "" {
			d.own[host] = true
		}
	}
	d.ownAddresses()
	if len(d.own) == 0 {
		d.ownRows()
	}
	for host := range d.own {
		name, _, _ := strings.Cut(host, ".")
		d.self[vendorKey(name)] = true
	}
}

// ownAddresses takes the domain of the e-mail addresses that the policy gives as the site's own.
func (d *document) ownAddresses() {
	counts := map[string]int{}
	for i := range d.blocks {
		s := d.blocks[i].text.s
		for at := strings.IndexByte(s, '@'); at >= 0; {
			rest := s[at+1:]
			end := strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '\n' || r == ')' || r == ',' || r == ';' || r == '>' })
			if end < 0 {
				end = len(rest)
			}
			if host := registrable(strings.TrimRight(rest[:end], ".:")); host != "" {
				counts[host]++
			}
			next := strings.IndexByte(rest, '@')
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	if best := most(counts); best != "" && d.vendors.domains[best] == nil {
		d.own[best] = true
	}
}

// ownRows takes the domain that tables and lines name most as the site's own, unless it is a known vendor's.
func (d *document) ownRows() {
	counts := map[string]int{}
	for i := range d.blocks {
		if d.blocks[i].table == nil {
			for _, line := range d.blocks[i].text.lines() {
				if host := registrable(line.s); len(line.s) < 80 && host != "" && d.vendors.domains[host] == nil {
					counts[host]++
				}
			}
			continue
		}
		for _, row := range d.blocks[i].table.rows {
			for _, c := range row {
				if host := registrable(strings.ToLower(c.s)); host != "" && d.vendors.domains[host] == nil {
					counts[host]++
				}
			}
		}
	}
	if best := most(counts); best != "" {
		d.own[best] = true
	}
}

// most is the key with the highest count; of equals the first by name.
func most(counts map[string]int) string {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	best := ""
	for _, k := range keys {
		if best == "" || counts[k] > counts[best] {
			best = k
		}
	}
	return best
}
