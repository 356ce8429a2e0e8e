package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClaimExamples walks the examples beside the rules.
func TestClaimExamples(t *testing.T) {
	kinds, err := claimKinds()
	require.NoError(t, err)
	all, err := lexicons()
	require.NoError(t, err)
	for i := range kinds {
		k := &kinds[i]
		t.Run(k.id, func(t *testing.T) {
			yes := 0
			for _, e := range k.examples {
				if e.yes {
					yes++
				}
				assert.Equal(t, e.yes, holdsFor(k, e, all), "%s: %s", e.lang, e.text)
			}
			assert.GreaterOrEqual(t, yes, 10, "paraphrases")
			assert.Greater(t, len(k.examples), yes, "near misses")
		})
	}
}

// holdsFor reads an example as a sentence of a section about cookies.
func holdsFor(k *claimKind, e example, all map[string]*lexicon) bool {
	b := readMarkdown(e.text)
	s := statement{p: newMatcher(all[e.lang]).phrase(b.blocks[0].text), sec: &section{cookies: true}, after: nothing}
	s.listed = k.id == "set_only_on_action"
	if !s.promises() || !k.promises(&s) {
		return false
	}
	for i := range k.rules {
		if k.rules[i].holds(&s) {
			return true
		}
	}
	return false
}
