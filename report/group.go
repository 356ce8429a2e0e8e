package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// cardPages is how many pages a card lists, as many as a tracker does.
const cardPages = 20

// group rolls trackers up into cards: by vendor, and by domain what nobody can name.
func group(f Facts) []Card {
	g := grouping{
		site: crawler.HostOf(f.Site), findings: findingsByTracker(f.Findings), exempted: exemptedByTracker(f.Exempted),
		unknown: unknownHosts(f.Trackers),
	}
	trackers := map[string][]classify.Tracker{}
	for _, t := range f.Trackers {
		key := g.key(t)
		trackers[key] = append(trackers[key], t)
	}
	out := make([]Card, 0, len(trackers))
	for _, key := range slices.Sorted(maps.Keys(trackers)) {
		out = append(out, g.card(trackers[key]))
	}
	sortCards(out)
	return out
}

// grouping is what is to be known for putting a tracker into its card.
type grouping struct {
	site     string
	findings map[string][]classify.Finding
	exempted map[string][]Exempted
	unknown  map[string]bool // hosts of others that nobody can name
}

func findingsByTracker(findings []classify.Finding) map[string][]classify.Finding {
	out := map[string][]classify.Finding{}
	for _, f := range findings {
		out[f.Tracker] = append(out[f.Tracker], f)
	}
	return out
}

func exemptedByTracker(list []Exempted) map[string][]Exempted {
	out := map[string][]Exempted{}
	for _, e := range list {
		out[e.Tracker] = append(out[e.Tracker], e)
	}
	return out
}

func unknownHosts(trackers []classify.Tracker) map[string]bool {
	out := map[string]bool{}
	for _, t := range trackers {
		if t.Vendor == "" && t.Party == string(crawler.Third) && t.Verdict != classify.NotATracker {
			out[hostOf(t)] = true
		}
	}
	return out
}

// hostOf returns the host that a tracker belongs to, without a leading dot.
func hostOf(t classify.Tracker) string {
	return strings.TrimPrefix(cmp.Or(t.Host, t.Domain), ".")
}

// key returns what a tracker is grouped by. What is harmless stands apart from what its vendor does besides.
func (g grouping) key(t classify.Tracker) string {
	apart := "tracker "
	if t.Verdict == classify.NotATracker && len(g.findings[t.ID]) == 0 {
		apart = "harmless "
	}
	if t.Vendor != "" {
		return apart + "vendor " + string(t.Vendor)
	}
	return apart + "host " + g.host(t)
}

// host returns the host under which a tracker without a vendor is counted: of others the registrable domain, for
// px.ads.example and cdn.ads.example are one company's. An unknown script and the cookie that it sets on the site are one
// thing, and so are the site's own cookies for www.shop.test and for .shop.test.
func (g grouping) host(t classify.Tracker) string {
	own := hostOf(t)
	if t.Party != string(crawler.First) {
		return domainOf(own)
	}
	if setter := crawler.HostOf(t.SetBy); g.unknown[setter] {
		return domainOf(setter)
	}
	if own == crawler.RegistrableDomain(g.site) {
		return g.site
	}
	return own
}

// domainOf is the registrable domain of a host, and the host itself when it has none.
func domainOf(host string) string { return cmp.Or(crawler.RegistrableDomain(host), host) }

// card makes the card of trackers that belong together. What weighs most comes first: its finding speaks for the
// others of the same rule.
func (g grouping) card(trackers []classify.Tracker) Card {
	slices.SortStableFunc(trackers, func(a, b classify.Tracker) int {
		return cmp.Or(
			cmp.Compare(rank(verdictRank, a.Verdict), rank(verdictRank, b.Verdict)),
			cmp.Compare(rank(partOrder, partKind(a)), rank(partOrder, partKind(b))),
			cmp.Compare(one(b.Identifier), one(a.Identifier)), cmp.Compare(b.PageCount, a.PageCount), cmp.Compare(a.ID, b.ID),
		)
	})
	first := trackers[0]
	c := Card{Known: first.Vendor != "", Name: show(cmp.Or(string(first.Vendor), g.host(first))), Verdict: first.Verdict}
	for _, t := range trackers {
		c.add(t, g.findings[t.ID])
		c.Exempted = append(c.Exempted, g.exempted[t.ID]...)
	}
	return c.summed()
}

// add puts t and what is wrong with it into c.
func (c *Card) add(t classify.Tracker, findings []classify.Finding) {
	if t.Owner != string(t.Vendor) {
		c.Owner = cmp.Or(c.Owner, show(t.Owner))
	}
	c.Category = worse(intrusion, c.Category, classify.Category(t.Category))
	c.Verdict = worse(verdictRank, c.Verdict, t.Verdict)
	c.Pages = union(c.Pages, t.Pages)
	c.PageCount = max(c.PageCount, t.PageCount)
	part := newPart(t)
	c.Parts = append(c.Parts, part)
	for _, f := range findings {
		c.addFinding(f, part)
	}
}

// union returns list with those of more that it lacks, in order.
func union(list, more []string) []string {
	for _, one := range more {
		if one != "" && !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// addFinding puts f into the problem of its rule.
func (c *Card) addFinding(f classify.Finding, about Part) {
	i := slices.IndexFunc(c.Problems, func(p Problem) bool { return p.Rule == f.Rule })
	if i < 0 {
		i = len(c.Problems)
		c.Problems = append(c.Problems, Problem{Rule: f.Rule, Title: ruleTitle(f.Rule), Severity: f.Severity})
	}
	p := &c.Problems[i]
	p.Severity = worse(severityRank, p.Severity, f.Severity)
	p.Scenarios = union(p.Scenarios, []string{scenarioWord(crawler.Scenario(f.Scenario))})
	p.Complaints = append(p.Complaints, newComplaint(f, about))
	c.Severity = worse(severityRank, c.Severity, f.Severity)
}

func newComplaint(f classify.Finding, about Part) Complaint {
	c := Complaint{
		About: about, Message: sentence(f.Message), Fix: sentence(f.Fix), Quote: sentence(f.Text), id: f.ID, severity: f.Severity,
		saying: classify.Saying{
			Deed: sentence(f.Saying.Deed), When: sentence(f.Saying.When), But: sentence(f.Saying.But), Remark: sentence(f.Saying.Remark),
		},
		remedy: classify.Remedy{Do: sentence(f.Remedy.Do), Until: sentence(f.Remedy.Until), Also: sentence(f.Remedy.Also)},
	}
	if c.saying.Deed == "" {
		c.saying = classify.Saying{Remark: c.Message}
	}
	return c
}

// summed sorts what c holds and sums it up.
func (c Card) summed() Card {
	slices.SortStableFunc(c.Problems, func(a, b Problem) int {
		return cmp.Compare(rank(severityRank, a.Severity), rank(severityRank, b.Severity))
	})
	for _, p := range c.Problems { // the gravest speaks for the others
		slices.SortStableFunc(p.Complaints, func(a, b Complaint) int {
			return cmp.Or(cmp.Compare(rank(severityRank, a.severity), rank(severityRank, b.severity)),
				cmp.Compare(rank(partOrder, a.About.Kind), rank(partOrder, b.About.Kind)))
		})
	}
	c.alignProblems()
	c.PageCount = max(c.PageCount, len(c.Pages))
	c.Pages = mapped(c.Pages[:min(len(c.Pages), cardPages)], show)
	c.Chain = telling(c)
	c.Purpose = purpose(c)
	for _, p := range c.Parts {
		c.Declared = cmp.Or(c.Declared, p.Declared)
	}
	return c
}

// alignProblems lets problems speak of the same deed, where another complaint of the same weight does.
func (c *Card) alignProblems() {
	var deeds []string
	for _, p := range c.Problems {
		i := slices.IndexFunc(p.Complaints, func(one Complaint) bool {
			return one.severity == p.Severity && slices.Contains(deeds, one.saying.Deed)
		})
		if i > 0 {
			spokesman := p.Complaints[i]
			copy(p.Complaints[1:i+1], p.Complaints[:i])
			p.Complaints[0] = spokesman
		}
		deeds = union(deeds, []string{p.Complaints[0].saying.Deed})
	}
}

// purpose is that of the part for which the vendor is there: what tells visitors apart says more than what finds out
// whether cookies work.
func purpose(c Card) string {
	fallback := ""
	for _, p := range c.Parts {
		if p.Category != c.Category || p.Purpose == "" || p.guessed { // that nobody knows it is said anyhow
			continue
		}
		if p.identifier {
			return p.Purpose
		}
		fallback = cmp.Or(fallback, p.Purpose)
	}
	return fallback
}

// telling returns the chain that tells most: with most steps of others, then a first one of its own, and no more.
func telling(c Card) []string {
	var best []string
	own := ownHosts(c)
	for _, p := range c.Parts {
		if len(p.Chain) > 0 && (best == nil || tellsMore(p.Chain, best, own)) {
			best = p.Chain
		}
	}
	return best
}

func tellsMore(a, b []string, own map[string]bool) bool {
	others, than := len(bringers(a, own)), len(bringers(b, own))
	ownA, ownB := len(a) > others+1, len(b) > than+1
	switch {
	case others != than:
		return others > than
	case ownA != ownB:
		return ownA
	}
	return len(a) < len(b)
}

// siteCards makes a card of each rule whose findings are about the site or its policy, not about a tracker. Things
// declared and not seen have a list of their own; a finding whose tracker is missing is not lost either.
func siteCards(f Facts) []Card {
	trackers := map[string]bool{}
	for _, t := range f.Trackers {
		trackers[t.ID] = true
	}
	var out []Card
	for _, finding := range f.Findings {
		if trackers[finding.Tracker] || finding.Rule == classify.RuleUnseen {
			continue
		}
		i := slices.IndexFunc(out, func(c Card) bool { return c.Problems[0].Rule == finding.Rule })
		if i < 0 {
			i = len(out)
			out = append(out, Card{Name: ruleTitle(finding.Rule)})
		}
		out[i].addFinding(finding, Part{Kind: partNone, Name: show(finding.Subject)})
	}
	return out
}

// deal sorts cards into those to act on, those that are let be, those that are declared, those without a policy to
// compare with, and those that are no trackers.
func (r *Report) deal(cards []Card) {
	for _, c := range cards {
		switch {
		case c.accepted():
			r.Accepted = append(r.Accepted, c)
		case c.Severity != "" || rank(verdictRank, c.Verdict) <= rank(verdictRank, classify.Unidentified):
			r.ToDo = append(r.ToDo, c)
		case c.Verdict == classify.NotCompared:
			r.Rest = append(r.Rest, c)
		case c.Verdict == classify.NotATracker:
			r.Harmless = append(r.Harmless, c)
		default:
			r.Declared = append(r.Declared, c)
		}
	}
}
