package catalog

import (
	"fmt"
	"slices"

	"trackscan/classify"
)

// A markFact says whose a script is by a string in its text, wherever it lies and whatever it is called.
type markFact struct {
	mark  string
	terms *terms
	id    classify.Identity
}

// minMark is the shortest string that can tell a script: what is shorter is in others by chance.
const minMark = 8

// addScripts reads the scripts section: strings that stand in no script but the vendor's own, minified or not.
func (v *Vendor) addScripts(n node) error {
	for _, f := range n.fields {
		t, err := f.value.terms()
		if err != nil {
			return fmt.Errorf("%s: %w", f.key, err)
		}
		if len(f.key) < minMark {
			return fmt.Errorf("%s: a string of less than %d bytes stands in others by chance", f.key, minMark)
		}
		fact := markFact{mark: f.key, terms: t, id: v.identity(t)}
		fact.id.Pattern = "script with " + f.key
		v.marks = append(v.marks, fact)
	}
	return nil
}

// Marks are the strings by which scripts are told, sorted: a browser looks for them in what it loads.
func (c *Catalog) Marks() []string {
	var out []string
	for mark := range c.marks {
		out = append(out, mark)
	}
	slices.Sort(out)
	return out
}
