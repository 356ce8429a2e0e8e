package report

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

// pixelCard is the card of a cookie, a second one and a beacon, with these findings about the first.
func pixelCard(findings ...classify.Finding) Card {
	j := judged{scan: newScan(1), policies: []classify.Policy{shopPolicy()}, result: classify.Result{Trackers: pixelTrackers(), Findings: findings}}
	return j.report().ToDo[0]
}

func pixelTrackers() []classify.Tracker {
	return []classify.Tracker{
		tracker(classify.KindCookie, "_a", "Pixel", classify.Advertising, classify.Undeclared, 1),
		tracker(classify.KindCookie, "_b", "Pixel", classify.Advertising, classify.Undeclared, 1),
		tracker(classify.KindBeacon, "pixel.example/p", "Pixel", classify.Advertising, classify.Undeclared, 1),
	}
}

const uses = "The site uses the cookie"

// What a tracker does before a choice, after a rejection and against the policy is told in one sentence, with every
// sentence of the policy, and what is to be done once is said once.
func TestProblemsOfOneDeedAreToldTogether(t *testing.T) {
	all := pixelTrackers()
	about := func(rule string, i int, say classify.Saying, do classify.Remedy, quote string) classify.Finding {
		say.Deed = uses + " " + all[i].Name
		f := said(rule, classify.High, all[i], say, do)
		f.Text = quote
		return f
	}
	early, late := classify.Saying{When: "before a choice"}, classify.Saying{When: "after a rejection", Remark: "It persisted."}
	denied := classify.Saying{But: ", but the policy says: “We use none.”"}
	hold := classify.Remedy{Do: "Hold it back", Until: "until the visitor agrees"}
	hold2 := classify.Remedy{Do: "Hold it back", Until: "until the visitor agrees", Also: "after a rejection"}
	remove := classify.Remedy{Do: "Remove it"}
	c := pixelCard(
		about("before-consent", 0, early, hold, "We ask first."), about("before-consent", 1, early, hold, "We ask first."),
		about("despite-reject", 1, late, hold2, ""),
		about("contradicted", 0, denied, remove, "We use none."), about("contradicted", 1, denied, remove, "We use none."),
		about("contradicted", 2, denied, classify.Remedy{Do: "Remove the beacon"}, "We use none."),
	)
	require.Len(t, c.ids(), 6)
	require.Equal(t, []Matter{
		{
			Title:  "It does not wait for consent; the policy says that it is not used",
			Why:    uses + " _a before a choice, but the policy says: “We use none.” The same holds for cookie _b. Also denied by the policy: beacon pixel.example/p.",
			Quotes: []string{"We ask first."},
		},
		{Title: "It ignores the rejection", Why: uses + " _b after a rejection. It persisted.", Quotes: []string{}},
	}, mapped(matters(c), func(m Matter) Matter { m.Quotes = append([]string{}, m.Quotes...); return m }))
	list := advice(c)
	require.Equal(t, []string{"Hold it back until the visitor agrees, also after a rejection.", "Remove it. The others likewise."}, mapped(list, Advice.Text))
	require.Equal(t, []string{"Remove the beacon."}, list[slices.IndexFunc(list, func(a Advice) bool { return a.Do == "Remove it." })].Others)
}

// Findings that come without parts of sentences are told one after the other, each sentence of the policy once.
func TestWholeSentencesStayWhole(t *testing.T) {
	all := pixelTrackers()
	first := finding("undeclared", classify.Medium, all[0], "It is not in the policy.", "Declare it.")
	second := finding("session-recording", classify.Medium, all[0], "It records.", "Declare it.")
	first.Text, second.Text = "Only ours.", "Only ours."
	c := pixelCard(first, second)
	require.Equal(t, []string{"It is not in the policy.", "It records."}, mapped(matters(c), func(m Matter) string { return m.Why }))
	require.Equal(t, []string{"Only ours."}, slices.Concat(matters(c)[0].Quotes, matters(c)[1].Quotes))
	require.Equal(t, []string{"Declare it."}, mapped(advice(c), Advice.Text))
}
