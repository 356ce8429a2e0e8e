package classify

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const deed = "The site uses the cookie “a”"

func TestTell(t *testing.T) {
	before := Saying{Deed: deed, When: "before a choice"}
	reject := Saying{Deed: deed, When: "once more after a rejection", Remark: "It is told so."}
	denied := Saying{Deed: deed, But: ", but the policy says: “We do not.”"}
	unnamed := Saying{Deed: deed, But: ", and the policy does not mention it"}
	for _, c := range []struct {
		name    string
		sayings []Saying
		want    string
	}{
		{"one", []Saying{before}, deed + " before a choice."},
		{"a quote ends by itself", []Saying{denied}, deed + ", but the policy says: “We do not.”"},
		{"what speaks against it comes last", []Saying{unnamed, before}, deed + " before a choice, and the policy does not mention it."},
		{"three", []Saying{before, denied, reject}, deed + " before a choice and once more after a rejection, but the policy says: “We do not.” It is told so."},
		{"the same twice", []Saying{reject, reject}, deed + " once more after a rejection. It is told so."},
		{"without a deed", []Saying{{Remark: "It is so."}}, "It is so."},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Tell(c.sayings...)) })
	}
}

func TestAdvise(t *testing.T) {
	hold := Remedy{Do: "Have it held back", Until: "until the visitor agrees"}
	reject := Remedy{Do: "Have it held back", Until: "until the visitor agrees", Also: "after a rejection"}
	signal := Remedy{Do: "Have it held back", Also: "when DNT is set"}
	for _, c := range []struct {
		name     string
		remedies []Remedy
		want     string
	}{
		{"one", []Remedy{hold}, "Have it held back until the visitor agrees."},
		{"alone", []Remedy{signal}, "Have it held back when DNT is set."},
		{"two", []Remedy{hold, reject}, "Have it held back until the visitor agrees, also after a rejection."},
		{"three", []Remedy{hold, reject, signal}, "Have it held back until the visitor agrees, also after a rejection and when DNT is set."},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, Advise(c.remedies...)) })
	}
}

// Every finding about a tracker is its saying and, where it has one, its remedy.
func TestFindingsSayWhatTheirPartsSay(t *testing.T) {
	fbp := cookie("_fbp", ".shop.test")
	r := Classify(visits(perScenario{"no-choice": with(fbp), "reject": with(fbp)}), nil, catalogue)
	require.NotEmpty(t, choices(r))
	for _, f := range r.Findings {
		if f.Remedy.Do != "" {
			require.Equal(t, f.Fix, Advise(f.Remedy))
			require.Equal(t, f.Message, Tell(f.Saying))
		}
	}
}
