package report

import (
	"slices"
	"strings"

	"trackscan/classify"
)

// policyChanges tells what the policy declares now and did not declare when it was last read, and the other way
// round. A night whose policy could not be read in full says nothing.
func policyChanges(earlier []Night, now Night) []PolicyChange {
	i := len(earlier) - 1
	for i >= 0 && len(earlier[i].policies) == 0 {
		i--
	}
	if i < 0 || len(now.policies) == 0 {
		return nil
	}
	before, after := statements(earlier[i].policies), statements(now.policies)
	var out []PolicyChange
	for _, s := range before {
		if !slices.ContainsFunc(after, s.same) {
			out = append(out, PolicyChange{Kind: "removed", Sentence: s.name + " was removed from " + s.where, Before: s.text})
		}
	}
	for _, s := range after {
		at := slices.IndexFunc(before, s.same)
		switch {
		case at < 0:
			out = append(out, PolicyChange{Kind: "added", Sentence: s.name + " was added to " + s.where, After: s.text})
		case before[at].says != s.says:
			out = append(out, PolicyChange{Kind: "changed", Sentence: s.name + ": " + s.difference(before[at]), Before: before[at].text, After: s.text})
		}
	}
	return out
}

// statement is one thing that a policy declares, denies or promises.
type statement struct {
	kind  string // "cookie", "vendor", "denied", "category", "claim"
	name  string
	where string // "the table", "the list" or "the text"
	text  string // the policy's words
	says  string // what it says of it: category and lifetime
}

func (s statement) same(o statement) bool {
	return s.kind == o.kind && strings.EqualFold(s.name, o.name)
}

// difference says in words how a statement differs from what it was.
func (s statement) difference(old statement) string {
	return old.orNothing() + " became " + s.orNothing()
}

func (s statement) orNothing() string {
	if s.says == "" {
		return "no purpose or lifetime"
	}
	return s.says
}

// statements lists what policies say, each thing once.
func statements(policies []classify.Policy) []statement {
	var out []statement
	add := func(kind, name, says string, q classify.Quote) {
		s := statement{kind: kind, name: sentence(name), where: whereOf(q.Quote), text: sentence(q.Text), says: says}
		if s.name != "" && !slices.ContainsFunc(out, s.same) {
			out = append(out, s)
		}
	}
	for _, p := range policies {
		for _, c := range p.Cookies {
			add("cookie", c.Name, spoken(c), c.Quote)
		}
		for _, v := range p.Vendors {
			add("vendor", v.Name, categoryOrNothing(v.Category), v.Quote)
		}
		for _, v := range p.VendorsDenied {
			add("denied", "“We do not use "+v.Name+"”", "", v.Quote)
		}
		for _, c := range p.Categories {
			add("category", upperFirst(categoryWord(c.ID))+" cookies", "", c.Quote)
		}
		for _, c := range p.CategoriesDenied {
			add("denied", "“We use no "+categoryWord(c.ID)+" cookies”", "", c.Quote)
		}
		for _, c := range p.Claims {
			add("claim", "The promise “"+strings.ReplaceAll(c.ID, "_", " ")+"”", lifetime(c.Days), c.Quote)
		}
	}
	return out
}

// spoken is what a policy says of a cookie: "analytics, 13 months".
func spoken(c classify.PolicyCookie) string {
	return strings.Join(union(nil, []string{categoryOrNothing(c.Category), sentence(c.Duration)}), ", ")
}

func categoryOrNothing(c classify.Text) string { return show(string(c)) }

// whereOf tells from a quote's markup in what kind of place it stands.
func whereOf(quote string) string {
	switch lower := strings.ToLower(quote); {
	case strings.Contains(lower, "<td") || strings.Contains(lower, "<tr") || strings.HasPrefix(strings.TrimSpace(lower), "|"):
		return "the table"
	case strings.Contains(lower, "<li"):
		return "the list"
	}
	return "the policy"
}
