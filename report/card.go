package report

import (
	"cmp"
	"slices"
	"time"

	"trackscan/classify"
)

// Card is everything that one vendor does on the site. What nobody can name is rolled up by domain. A Card without
// Parts is about the site or its policy.
type Card struct {
	Name      string            // of the vendor, or a host, or a rule's title where there are no Parts
	Known     bool              // Name is a vendor's
	Owner     string            // the company behind the vendor; empty where that tells nothing new
	Category  classify.Category // the most intrusive of its parts; NoCategory when nobody says
	Purpose   string            // one plain sentence; empty when nobody says
	Verdict   classify.Verdict  // the worst of its parts
	Severity  classify.Severity // the worst of its problems; empty without one
	Problems  []Problem         // worst first, one for each rule
	Parts     []Part            // what is worst first, then cookies
	Pages     []string          // where it was seen, at most 20
	PageCount int
	Chain     []string // who leads to it: the page first, the tracker's own script last
	Declared  string   // the policy's sentence that speaks of it; empty when there is none
	Exempted  []Exempted
	New       *Change   // what of it is new since earlier scans; nil when nothing is
	Open      time.Time // of the first of the scans in a row that had something to do about it, this one included; zero without earlier ones
	Nights    int       // how many scans in a row, this one included
}

// accepted reports whether all that is wrong with c is let be.
func (c Card) accepted() bool { return c.Severity == "" && len(c.Exempted) > 0 }

// breaks reports whether c goes against a rule in more than a small thing.
func (c Card) breaks(rule string) bool {
	return slices.ContainsFunc(c.Problems, func(p Problem) bool { return p.Rule == rule && p.Severity != classify.Low })
}

// Problem is what is wrong with a Card by one rule.
type Problem struct {
	Rule       string
	Title      string // of the rule, for people
	Severity   classify.Severity
	Scenarios  []string    // in words
	Complaints []Complaint // the first speaks for all
}

// Complaint is one finding.
type Complaint struct {
	About   Part // zero but for its Name when it is about the site or the policy
	Message string
	Fix     string
	Quote   string // the policy's sentence; empty when there is none, or when the message has it
	id      string // of the finding, bounded and not inert

	severity classify.Severity
	saying   classify.Saying // Message in parts, or all of it as a remark
	remedy   classify.Remedy // Fix in parts; zero where it has none
}

// todo is the same for complaints that want the same to be done.
func (c Complaint) todo() string { return cmp.Or(c.remedy.Do, c.Fix) }

// others returns the further parts that the problem is about, beside what its first complaint speaks of.
func (p Problem) others() []Part {
	var out []Part
	seen := map[string]bool{p.Complaints[0].About.key(): true}
	for _, c := range p.Complaints[1:] {
		if key := c.About.key(); !seen[key] {
			seen[key] = true
			out = append(out, c.About)
		}
	}
	return out
}

// Part is one tracker of a Card.
type Part struct {
	ID        string
	Kind      string // "cookie", "local storage", "beacon", "host"
	Name      string // a name really seen
	Pattern   string // with "*" for what varies; empty when nothing does
	Host      string // whose it is, without a leading dot
	Party     string
	Category  classify.Category
	Purpose   string
	Verdict   classify.Verdict
	Lifetime  string // "90 days"; empty where it does not apply
	Asked     string // how long its setter asked for, where that is more than a day longer than Lifetime
	Promised  string // how long the policy declares; empty when it does not say
	SetBy     string // a URL, for people
	Chain     []string
	Pages     []string // at most 20
	PageCount int
	Scenarios []string
	Notes     []string // "refused by the browser: ...", "deleted again"
	Declared  string   // the policy's sentence; empty when there is none

	days       float64 // Lifetime as a number
	guessed    bool    // Purpose tells what was seen, for nobody knows it
	identifier bool    // its value looks like something that tells visitors apart
}

// Label is the name under which people look for the part: the pattern where the name varies.
func (p Part) Label() string {
	if p.Pattern != "" {
		return p.Pattern
	}
	return p.Name
}

// key is the same for parts that people cannot tell apart.
func (p Part) key() string { return p.Kind + " " + p.Label() }

// verdictRank orders verdicts as a card shows them: what a person must act on first.
var verdictRank = []classify.Verdict{
	classify.Contradicted, classify.Undeclared, classify.Unidentified, classify.NotCompared,
	classify.DeclaredByCategory, classify.DeclaredByVendor, classify.DeclaredByName, classify.NotATracker,
}

var severityRank = []classify.Severity{classify.High, classify.Medium, classify.Low}

// intrusion orders categories: the first tells most about what a vendor does.
var intrusion = []classify.Category{
	classify.Advertising, classify.Social, classify.Analytics, classify.Functional, classify.Necessary,
}

// rank returns the place of v in order; what is not in it comes last.
func rank[T comparable](order []T, v T) int {
	if i := slices.Index(order, v); i >= 0 {
		return i
	}
	return len(order)
}

// worse returns whichever of a and b comes first in order.
func worse[T comparable](order []T, a, b T) T {
	if rank(order, b) < rank(order, a) {
		return b
	}
	return a
}

// sortCards puts the gravest first, then what the policy says nothing of, then by name.
func sortCards(cards []Card) {
	slices.SortStableFunc(cards, func(a, b Card) int {
		return cmp.Or(
			cmp.Compare(rank(severityRank, a.Severity), rank(severityRank, b.Severity)),
			cmp.Compare(rank(verdictRank, a.Verdict), rank(verdictRank, b.Verdict)),
			cmp.Compare(a.Name, b.Name),
		)
	})
}
