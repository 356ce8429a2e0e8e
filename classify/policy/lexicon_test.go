package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLexicons loads every language: an unknown concept or a phrase without words fails. English has all concepts.
func TestLexicons(t *testing.T) {
	all, err := lexicons()
	require.NoError(t, err)
	assert.Equal(t, []string{"de", "en", "es", "fr", "it", "nl", "pt"}, languages(all))
	have := map[concept]bool{"stop": len(all["en"].stop) > 0}
	var walk func(n *node)
	walk = func(n *node) {
		for _, m := range n.means {
			have[m.concept] = true
		}
		for _, next := range n.next {
			walk(next)
		}
	}
	walk(all["en"].root)
	for c := range concepts {
		assert.True(t, have[c], "no word of English means %q", c)
	}
}

func TestLexiconRejectsMistakes(t *testing.T) {
	for name, file := range map[string]string{
		"unknown concept": "nonsense: word",
		"no words":        "cookie: ...",
		"wrong value":     "unit: day=long",
		"no concept":      "cookie, cookies",
	} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, newLexicon("xx").add(file))
		})
	}
}

func TestClaimsRejectMistakes(t *testing.T) {
	for name, file := range map[string]string{
		"before the first claim": "rule cookie",
		"unknown concept":        "claim x\nrule nonsense",
		"unknown word":           "claim x\nrules cookie",
		"example of no language": "claim x\nyes we do",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseClaims(file)
			require.Error(t, err)
		})
	}
}
