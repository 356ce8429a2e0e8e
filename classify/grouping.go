package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// grouping is the consent manager's own grouping of cookies and vendors: what it lets a visitor switch.
type grouping struct {
	exact   map[string]Category
	globs   []groupedName
	vendors map[string]Category // by vendor key
}

type groupedName struct {
	glob
	category Category
}

// groupingOf joins what the pages told. Where a name stands in two groups the more harmless one counts, so that nobody
// is accused by the doubt.
func groupingOf(scan *crawler.Scan) grouping {
	g := grouping{exact: map[string]Category{}, vendors: map[string]Category{}}
	seen := map[crawler.Grouped]bool{}
	for i := range scan.Pages {
		c := scan.Pages[i].Consent
		if c == nil {
			continue
		}
		for _, one := range c.Groups {
			one.About = ""
			if category := groupCategory(one.Group); category != NoCategory && !seen[one] {
				seen[one] = true
				g.add(one, category)
			}
		}
	}
	return g
}

func (g *grouping) add(one crawler.Grouped, c Category) {
	if one.Kind == "vendor" {
		for _, key := range declaredKeys(one.Name) {
			g.vendors[key] = milder(g.vendors[key], c)
		}
		return
	}
	text, understood := plainPattern(one.Name)
	switch name := declaredGlob(text); {
	case !understood:
	case name.exact():
		g.exact[text] = milder(g.exact[text], c)
	case name.weight() >= 2 && len(g.globs) < maxGlobs:
		g.globs = append(g.globs, groupedName{name, c})
	}
}

// plainPattern makes a name of what managers take as one: "_ga", and of simple regular expressions "/^_ga/" the name
// "_ga*". Other expressions are not understood, and neither is nothing.
func plainPattern(name string) (string, bool) {
	body, isExpression := strings.CutPrefix(name, "/")
	if !isExpression {
		return name, name != ""
	}
	if i := strings.LastIndexByte(body, '/'); i >= 0 {
		body = body[:i]
	}
	body, fromStart := strings.CutPrefix(body, "^")
	body, toEnd := strings.CutSuffix(body, "$")
	front := strings.TrimSuffix(strings.TrimSuffix(body, ".*"), ".+")
	body, toEnd = front, toEnd && front == body
	if !fromStart || body == "" || strings.ContainsAny(body, `.*+?()[]{}|\^$/`) {
		return "", false
	}
	if toEnd {
		return body, true
	}
	return body + "*", true
}

// milder returns the category that means less for a visitor; NoCategory is none.
func milder(a, b Category) Category {
	if a == NoCategory || b != NoCategory && slices.Index(Categories, b) < slices.Index(Categories, a) {
		return b
	}
	return a
}

// of returns the group of f: by its name, or else by its vendor; NoCategory when it has none.
func (g grouping) of(f *found) Category {
	group := NoCategory
	if f.stored() {
		for _, name := range append([]string{f.Pattern}, f.names...) {
			group = milder(group, g.exact[name])
		}
		for _, one := range g.globs {
			if group == NoCategory && slices.ContainsFunc(f.names, one.match) {
				group = one.category
			}
		}
	}
	if v := f.identity.Vendor; group == NoCategory && v != nil && f.known {
		keys, service := vendorKeys(v)
		for _, key := range keys[:service] {
			group = milder(group, g.vendors[key])
		}
	}
	return group
}

// groupWords tell the category of a manager's group by a word of its label or identifier, in the order in which they
// are looked for: "functional and analytics cookies" are analytics. Labels that say neither stand for nothing.
var groupWords = []struct {
	category Category
	stems    []string
}{
	{Advertising, []string{
		"c0004", "advert", "marketing", "target", "publicit", "werb", "reklam", "retarget",
		"advertenties", "pubblicit", "markkinointi", "markedsf", "marknadsf",
	}},
	{Social, []string{"c0005", "social", "sozial", "sociaux", "sociales", "sociais"}},
	{Analytics, []string{
		"c0002", "analy", "statisti", "performan", "measure", "estadíst", "estatíst", "audience", "leistung", "rendimiento",
		"prestazion", "desempenho", "tilasto",
	}},
	{Necessary, []string{
		"c0001", "necess", "essen", "required", "notwendig", "erforderlich", "technisch", "wesentlich", "nécess", "indispens", "requis",
		"necesari", "obligatori", "noodzakelijk", "niezbędn", "nødvendig", "nödvändig", "välttämät", "security_storage", "técnic",
		"tecnic",
	}},
	{Functional, []string{
		"c0003", "function", "funktion", "fonction", "funcion", "funzion", "functioneel", "funkcj", "preferen", "präferenz",
		"préféren", "personali", "komfort", "functionality_storage", "personalization_storage", "einstellung", "voorkeur",
	}},
}

var negations = []string{"non-", "non ", "nonessen", "unnecess", "not ", "nicht ", "no "}

// groupCategory tells the category of a manager's group; NoCategory when its label says none that is known.
func groupCategory(label string) Category {
	label = strings.ToLower(clip(label, maxTemplateBytes))
	if slices.ContainsFunc(negations, func(no string) bool { return strings.Contains(label, no) }) {
		return NoCategory // "non-essential" is all the others together
	}
	if w := words(label); slices.Contains(w, "ads") || slices.Contains(w, "ad") {
		return Advertising
	}
	for _, g := range groupWords {
		if slices.ContainsFunc(g.stems, func(stem string) bool { return strings.Contains(label, stem) }) {
			return g.category
		}
	}
	return NoCategory
}
