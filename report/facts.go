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
	Scenarios []Scenario         `json:"scenarios"`
	Policies  []PolicyFact       `json:"policies"`
	Pages     []PageFact         `json:"pages"`
	Failures  []crawler.Failure  `json:"failures"`
	Trackers  []classify.Tracker `json:"trackers"`
	Claims    []classify.Tested  `json:"claims"`
	Findings  []classify.Finding `json:"findings"`
	Exempted  []Exempted         `json:"exempted"` // findings that the owners let be; they are not among Findings
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
	Seconds  float64          `json:"seconds"`           // wall time, to a hundredth
	Journey  []string         `json:"journey,omitempty"` // the further pages, when it was one
}

// newFacts gathers what is known, in the order in which it was judged.
func newFacts(s *crawler.Scan, r classify.Result, policies []classify.Policy, opts Options) Facts {
	f := Facts{
		Schema: Schema, Site: s.Site, Whole: s.Whole(),
		Started: s.Started.UTC().Truncate(time.Second), Ended: s.Ended.UTC().Truncate(time.Second),
		Agent:    Agent{Agent: s.Agent, Catalog: opts.Catalog, Lists: slices.Clone(opts.Lists)},
		Warnings: mapped(s.Warnings, bound), Scenarios: scenarioFacts(s),
		Failures: mapped(s.Failures, boundedFailure), Trackers: mapped(r.Trackers, boundedTracker),
		Claims: mapped(r.Claims, boundedClaim), Findings: mapped(r.Findings, boundedFinding), Unseen: mapped(r.Unseen, boundedUnseen),
	}
	for _, p := range policies {
		f.Policies = append(f.Policies, PolicyFact{URL: p.URL, Declaration: p})
	}
	for i := range s.Pages {
		f.Pages = append(f.Pages, newPageFact(&s.Pages[i]))
	}
	return f
}

func newPageFact(p *crawler.Page) PageFact {
	var journey []string
	for _, next := range p.Journey {
		journey = append(journey, bound(next))
	}
	return PageFact{
		Journey: journey, URL: bound(p.URL), FinalURL: bound(p.FinalURL), Status: p.Status, Scenario: p.Scenario, Title: bound(p.Title),
		Depth: p.Depth, FoundOn: bound(p.FoundOn), Seconds: math.Round(p.Seconds*100) / 100,
	}
}

// boundBytes is the longest name that a report carries. Browsers keep no cookie of more than 4096 bytes, but a
// storage key or a URL may have megabytes; 2048 bytes hold every URL that browsers of all makers open.
const boundBytes = 2048

// bound cuts what is longer than boundBytes: its beginning, its length and a hash, so that two that begin alike stay
// two.
func bound(s string) string { return boundTo(s, boundBytes) }

// boundQuote leaves the rows of any real table whole, markup and all.
func boundQuote(s string) string { return boundTo(s, 8*boundBytes) }

func boundTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	cut := most - 64
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…[" + strconv.Itoa(len(s)) + " bytes, " + hex.EncodeToString(sum[:8]) + "]"
}

// boundedTracker returns a copy of t whose names are all of a bearable length.
func boundedTracker(t classify.Tracker) classify.Tracker {
	for _, s := range []*string{
		&t.ID, &t.Name, &t.Pattern, &t.Domain, &t.Host, &t.Path, &t.SetBy, &t.Purpose, &t.Refused, &t.Owner,
		&t.SetVia, &t.SameSite, (*string)(&t.Vendor), (*string)(&t.Category),
	} {
		*s = bound(*s)
	}
	t.Pages, t.Initiators = mapped(t.Pages, bound), mapped(t.Initiators, bound)
	t.Scenarios, t.Bringers = mapped(t.Scenarios, bound), mapped(t.Bringers, bound)
	if t.Told != nil {
		t.Told = mapped(t.Told, func(t classify.Told) classify.Told {
			return classify.Told{Scenario: bound(t.Scenario), Says: bound(t.Says), Via: bound(t.Via)}
		})
	}
	if t.Events != nil {
		t.Events = mapped(t.Events, func(d classify.Deed) classify.Deed {
			return classify.Deed{
				Scenario: bound(d.Scenario), Name: bound(d.Name), Says: bound(d.Says), Identity: mapped(d.Identity, bound),
			}
		})
	}
	if t.Declaration != nil {
		t.Declaration = &classify.Declared{
			Category: t.Declaration.Category, Text: bound(t.Declaration.Text), Quote: boundQuote(t.Declaration.Quote),
			URL: bound(t.Declaration.URL),
		}
	}
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
	f.Subject, f.Scenario, f.Message, f.Fix = bound(f.Subject), bound(f.Scenario), bound(f.Message), bound(f.Fix)
	f.Text, f.Quote = bound(f.Text), boundQuote(f.Quote)
	f.Pages = mapped(f.Pages, bound)
	return f
}

func boundedClaim(t classify.Tested) classify.Tested {
	t.Text, t.Quote, t.Evidence = bound(t.Text), boundQuote(t.Quote), mapped(t.Evidence, bound)
	return t
}

func boundedUnseen(u classify.Unseen) classify.Unseen {
	u.Declared, u.Text, u.Quote = bound(u.Declared), bound(u.Text), boundQuote(u.Quote)
	return u
}

func boundedFailure(f crawler.Failure) crawler.Failure {
	f.URL, f.Error = bound(f.URL), bound(f.Error)
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
