package report

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"trackscan/classify"
	"trackscan/crawler"
)

// Schema names the JSON form of a judged scan.
const Schema = "trackscan.scan/1"

// Facts is a judged scan as trackscan.scan/1 has it, field for field.
type Facts struct {
	Schema    string             `json:"schema"`
	Site      string             `json:"site"`
	Started   time.Time          `json:"started"`
	Ended     time.Time          `json:"ended"`
	Whole     bool               `json:"whole"`
	Agent     Agent              `json:"agent"`
	Warnings  []string           `json:"warnings"`
	Scenarios []crawler.Answer   `json:"scenarios"`
	Policies  []PolicyFact       `json:"policies"`
	Pages     []PageFact         `json:"pages"`
	Failures  []crawler.Failure  `json:"failures"`
	Trackers  []classify.Tracker `json:"trackers"`
	Claims    []classify.Tested  `json:"claims"`
	Findings  []classify.Finding `json:"findings"`
	Unseen    []classify.Unseen  `json:"unseen"`
}

// Agent is with what the site was visited, and with what it was judged.
type Agent struct {
	crawler.Agent
	Catalog string `json:"catalog"`
	Lists   []List `json:"lists"`
}

// PolicyFact is a policy and what it declares.
type PolicyFact struct {
	URL         string          `json:"url"`
	Declaration classify.Policy `json:"declaration"`
}

// PageFact is a visit that was rendered.
type PageFact struct {
	URL      string           `json:"url"`
	FinalURL string           `json:"final_url"`
	Status   int              `json:"status"`
	Scenario crawler.Scenario `json:"scenario"`
	Title    string           `json:"title"`
	Depth    int              `json:"depth"`
	FoundOn  string           `json:"found_on"`
	Seconds  float64          `json:"seconds"` // wall time, to a hundredth
}

// newFacts gathers what is known, in the order in which it was judged.
func newFacts(s *crawler.Scan, r classify.Result, policies []classify.Policy, opts Options) Facts {
	f := Facts{
		Schema: Schema, Site: s.Site, Whole: s.Whole(),
		Started: s.Started.UTC().Truncate(time.Second), Ended: s.Ended.UTC().Truncate(time.Second),
		Agent:    Agent{Agent: s.Agent, Catalog: opts.Catalog, Lists: slices.Clone(opts.Lists)},
		Warnings: slices.Clone(s.Warnings), Scenarios: slices.Clone(s.Scenarios), Failures: slices.Clone(s.Failures),
		Claims: slices.Clone(r.Claims), Unseen: slices.Clone(r.Unseen),
	}
	for _, p := range policies {
		f.Policies = append(f.Policies, PolicyFact{URL: p.URL, Declaration: p})
	}
	for i := range s.Pages {
		f.Pages = append(f.Pages, newPageFact(&s.Pages[i]))
	}
	for _, t := range r.Trackers {
		f.Trackers = append(f.Trackers, bounded(t))
	}
	for _, finding := range r.Findings {
		f.Findings = append(f.Findings, boundedFinding(finding))
	}
	for i, c := range f.Claims {
		f.Claims[i].Evidence = mapped(c.Evidence, bound)
	}
	return f
}

func newPageFact(p *crawler.Page) PageFact {
	return PageFact{
		URL: bound(p.URL), FinalURL: bound(p.FinalURL), Status: p.Status, Scenario: p.Scenario, Title: bound(p.Title),
		Depth: p.Depth, FoundOn: bound(p.FoundOn), Seconds: math.Round(p.Seconds*100) / 100,
	}
}

// boundBytes is the longest name that a report carries. Browsers keep no cookie of more than 4096 bytes, but a
// storage key or a URL may have megabytes; 2048 bytes hold every URL that browsers of all makers open.
const boundBytes = 2048

// bound cuts what is longer than boundBytes: its beginning, its length and a hash, so that two that begin alike stay
// two.
func bound(s string) string {
	if len(s) <= boundBytes {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	cut := boundBytes - 64
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…[" + strconv.Itoa(len(s)) + " bytes, " + hex.EncodeToString(sum[:8]) + "]"
}

// bounded returns a copy of t whose names are all of a bearable length.
func bounded(t classify.Tracker) classify.Tracker {
	for _, s := range []*string{
		&t.ID, &t.Name, &t.Pattern, &t.Domain, &t.Host, &t.Path, &t.SetBy, &t.Purpose, &t.Refused, &t.Owner,
		(*string)(&t.Vendor),
	} {
		*s = bound(*s)
	}
	t.Pages, t.Initiators = mapped(t.Pages, bound), mapped(t.Initiators, bound)
	t.Scenarios = slices.Clone(t.Scenarios)
	return t
}

// boundedFinding does the same for a finding; its ID stays "<rule> <tracker id>".
func boundedFinding(f classify.Finding) classify.Finding {
	whole := f.ID == f.Rule+" "+f.Tracker
	f.Tracker = bound(f.Tracker)
	f.ID = bound(f.ID)
	if whole {
		f.ID = f.Rule + " " + f.Tracker
	}
	f.Subject, f.Message, f.Fix = bound(f.Subject), bound(f.Message), bound(f.Fix)
	f.Pages = mapped(f.Pages, bound)
	return f
}

// mapped returns a new slice of f of each of list.
func mapped[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, one := range list {
		out = append(out, f(one))
	}
	return out
}
