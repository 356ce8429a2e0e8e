package report

import (
	"slices"

	"trackscan/classify"
)

// Claim is a promise of the policy and what became of it.
type Claim struct {
	ID       string
	Text     string
	Result   string   // "holds", "broken" or "cannot be tested"
	Evidence []string // "Meta Pixel (cookie _fbp, beacon www.facebook.com/tr and 2 more)"
}

// claimResults orders claims: broken ones first.
var claimResults = []string{"broken", "holds", "cannot be tested"}

// claimResult says in words what became of a claim.
func claimResult(result string) string {
	if result == "not-testable" {
		return "cannot be tested"
	}
	return show(result)
}

func claims(tested []classify.Tested, cards []Card) []Claim {
	out := mapped(tested, func(t classify.Tested) Claim {
		return Claim{ID: show(t.ID), Text: sentence(t.Text), Result: claimResult(t.Result), Evidence: namesOfIDs(t.Evidence, cards)}
	})
	slices.SortStableFunc(out, func(a, b Claim) int {
		return rank(claimResults, a.Result) - rank(claimResults, b.Result)
	})
	return out
}

// claimParts is how many parts of one card are named as evidence.
const claimParts = 2

// namesOfIDs names the cards that trackers belong to, and what of them; of a tracker without a card its ID.
func namesOfIDs(ids []string, cards []Card) []string {
	if len(ids) == 0 {
		return nil
	}
	var out []string
	left := map[string]bool{}
	for _, id := range ids {
		left[id] = true
	}
	for _, c := range cards {
		var parts []string
		for _, p := range c.Parts {
			if left[p.ID] {
				delete(left, p.ID)
				parts = union(parts, []string{p.key()})
			}
		}
		if len(parts) > 0 {
			out = append(out, c.Name+" ("+someOf(parts, claimParts)+")")
		}
	}
	for _, id := range ids {
		if left[id] {
			out = append(out, show(id))
		}
	}
	return out
}

// Missing is something that the policy declares and that was never seen.
type Missing struct {
	Declared string
	Text     string // the policy's sentence
}

// missing lists what is declared and was not seen, with the findings that say so; each name once.
func missing(f Facts) []Missing {
	var out []Missing
	add := func(name, text string) {
		name = show(name)
		if !slices.ContainsFunc(out, func(m Missing) bool { return m.Declared == name }) {
			out = append(out, Missing{Declared: name, Text: sentence(text)})
		}
	}
	for _, u := range f.Unseen {
		add(u.Declared, u.Text)
	}
	for _, finding := range f.Findings {
		if finding.Rule == classify.RuleUnseen {
			add(finding.Subject, finding.Text)
		}
	}
	return out
}
