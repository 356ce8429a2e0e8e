package consent

import (
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// held tells the examples that the lexicon is not tuned on: every fourth, by a hash of its text.
func held(text string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()%4 == 0
}

func TestExamples(t *testing.T) {
	for _, l := range lexicon() {
		for want, texts := range l.examples {
			assert.Contains(t, Buttons, want, l.id)
			for _, text := range texts {
				if held(text) {
					continue
				}
				if got := Label(text); got != want {
					t.Errorf("%s: %q is %s, want %s", l.id, text, got, want)
				}
			}
		}
	}
}

// score counts how a kind of button is told from the others.
type score struct{ right, wrong, missed int }

func (s score) precision() float64 { return float64(s.right) / float64(s.right+s.wrong) }
func (s score) recall() float64    { return float64(s.right) / float64(s.right+s.missed) }

func scoreOf(kind Button, labelled map[string]Button) score {
	var s score
	for text, want := range labelled {
		switch got := Label(text); {
		case got == kind && want == kind:
			s.right++
		case got == kind:
			s.wrong++
		case want == kind:
			s.missed++
		}
	}
	return s
}

func TestHeldOut(t *testing.T) {
	labelled := map[string]Button{}
	total := 0
	for _, l := range lexicon() {
		for want, texts := range l.examples {
			for _, text := range texts {
				total++
				if held(text) {
					labelled[text] = want
				}
			}
		}
	}
	t.Logf("%d examples, %d held out", total, len(labelled))
	checkScores(t, labelled)
}

// TestButtonFile scores a list of labelled texts that TRACKSCAN_BUTTONS names: on each line a label, a tab and a text.
// Labels are those of Button; of others only that they are neither accept nor reject is held.
func TestButtonFile(t *testing.T) {
	path := os.Getenv("TRACKSCAN_BUTTONS")
	if path == "" {
		path = "testdata/buttons.tsv"
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	labelled := map[string]Button{}
	for line := range strings.Lines(string(text)) {
		label, button, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		if ok && !strings.HasPrefix(line, "#") {
			labelled[button] = Button(label)
		}
	}
	require.NotEmpty(t, labelled)
	checkScores(t, labelled)
	if t.Failed() || testing.Verbose() {
		logMistakes(t, labelled)
	}
}

func logMistakes(t *testing.T, labelled map[string]Button) {
	for _, text := range slices.Sorted(maps.Keys(labelled)) {
		got, want := Label(text), labelled[text]
		if got != want && (got == Accept || got == Reject || want == Accept || want == Reject) {
			t.Logf("%q is %s, want %s", text, got, want)
		}
	}
}

func checkScores(t *testing.T, labelled map[string]Button) {
	t.Helper()
	for _, kind := range []Button{Accept, Reject} {
		s := scoreOf(kind, labelled)
		t.Logf("%s: precision %.3f, recall %.3f of %d", kind, s.precision(), s.recall(), s.right+s.missed)
		assert.GreaterOrEqual(t, s.precision(), 0.98, kind)
		assert.GreaterOrEqual(t, s.recall(), 0.93, kind)
	}
}
