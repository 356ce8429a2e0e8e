package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify/catalog"
)

// TestClaimExamples walks the examples beside the rules.
func TestClaimExamples(t *testing.T) {
	kinds, err := claimKinds()
	require.NoError(t, err)
	all, err := lexicons()
	require.NoError(t, err)
	known, err := catalog.Load()
	require.NoError(t, err)
	index := newVendorIndex(known.Vendors())
	for i := range kinds {
		k := &kinds[i]
		t.Run(k.id, func(t *testing.T) {
			yes := 0
			for _, e := range k.examples {
				if e.yes {
					yes++
				}
				assert.Equal(t, e.yes, holdsFor(k, e, index, all), "%s: %s", e.lang, e.text)
			}
			assert.GreaterOrEqual(t, yes, 10, "paraphrases")
			assert.Greater(t, len(k.examples), yes, "near misses")
		})
	}
}

// holdsFor reads an example as a sentence of a section about cookies.
func holdsFor(k *claimKind, e example, index *vendorIndex, all map[string]*lexicon) bool {
	b := readMarkdown(e.text)
	d := newDocument("https://www.example.com/cookies", e.text, b.blocks, b.title, index, all)
	d.lang, d.match = e.lang, newMatcher(all[e.lang])
	s := statement{p: d.phrase(b.blocks[0].text), sec: &section{cookies: true}, after: nothing, next: nothing}
	s.listed = k.id == "set_only_on_action"
	d.claimSentence(&s)
	return d.hasClaim(k.id)
}
