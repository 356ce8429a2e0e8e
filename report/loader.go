package report

import (
	"cmp"
	"slices"
	"strings"

	"trackscan/classify"
)

// Loader is one step of the picture of who brings whom: a host that loads others, or a tracker at the end.
type Loader struct {
	Name     string
	Severity classify.Severity // of the tracker's problems; empty for a host in between and for one that is in order
	Tracker  bool
	Loads    []Loader
}

// drawnCards is how many cards the picture holds: more than a person follows.
const drawnCards = 60

// loaders draws who brings whom: what the site itself includes first. A script that belongs to a vendor has its name.
func loaders(cards []Card, names bringerNames) []Loader {
	var root Loader
	for _, c := range cards[:min(len(cards), drawnCards)] {
		if len(c.Chain) == 0 || len(c.Parts) == 0 {
			continue
		}
		at := &root
		for _, hop := range bringers(c.Chain, ownHosts(c)) {
			at = at.step(names.of(hop))
		}
		leaf := at.step(c.Name)
		leaf.Tracker, leaf.Severity = true, c.Severity
	}
	return root.Loads
}

// step returns the entry of that name among those that l loads, new if there is none.
func (l *Loader) step(name string) *Loader {
	i := slices.IndexFunc(l.Loads, func(one Loader) bool { return one.Name == name })
	if i < 0 {
		i = len(l.Loads)
		l.Loads = append(l.Loads, Loader{Name: name})
	}
	return &l.Loads[i]
}

// hostOwners tells whose card each host of others belongs to.
func hostOwners(cards []Card) map[string]string {
	out := map[string]string{}
	for _, c := range cards {
		for _, p := range c.Parts {
			if p.Party == "third" && p.Host != "" && (out[p.Host] == "" || c.Known) {
				out[p.Host] = c.Name
			}
		}
	}
	return out
}

// scriptNames tells whose a script is, by its address for people: one host may serve several vendors.
func scriptNames(trackers []classify.Tracker) map[string]string {
	out := map[string]string{}
	for _, t := range trackers {
		for i, hop := range t.Initiators[:min(len(t.Initiators), len(t.Bringers))] {
			if t.Bringers[i] != "" {
				out[shortURL(hop)] = show(t.Bringers[i])
			}
		}
	}
	return out
}

// bringerNames name the steps of a chain.
type bringerNames struct {
	scripts map[string]string // by address, for people
	hosts   map[string]string
}

func (n bringerNames) of(hop string) string {
	host := hopHost(hop)
	return cmp.Or(n.scripts[hop], n.hosts[host], host)
}

func hopHost(hop string) string {
	host, _, _ := strings.Cut(hop, "/")
	return host
}

// ownHosts are the hosts of others that a card itself contacts.
func ownHosts(c Card) map[string]bool {
	own := map[string]bool{}
	for _, p := range c.Parts {
		if p.Party == "third" {
			own[p.Host] = true
		}
	}
	return own
}

// bringers are the hops of a chain between the page and a card's own, one for each host.
func bringers(chain []string, own map[string]bool) []string {
	var out []string
	seen := map[string]bool{}
	for i, hop := range chain {
		if host := hopHost(hop); i > 0 && !own[host] && !seen[host] {
			seen[host] = true
			out = append(out, hop)
		}
	}
	return out
}
