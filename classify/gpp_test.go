package classify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Strings made by IAB's library.
const (
	gppMany  = "DBABzYA~1-Y-~CAAQAAAAAABA.YA~BAIAAABA.QA" // US privacy: sale; national: sale, with the signal; California: sharing kept
	gppIowa  = "DBADNYY~" + tcNothing + "~1---~BABAAAQA"  // TCF, US privacy, Utah: targeted ads
	gppEmpty = "DBAA"
)

func TestGPP(t *testing.T) {
	many, err := ParseGPP(gppMany)
	require.NoError(t, err)
	require.Equal(t, []int{6, 7, 8}, many.Sections)
	require.Equal(t, USChoices{Sale: denied, Sharing: granted, Signal: true}, many.US)
	require.Equal(t, "opted out of sale", many.US.words())
	require.Nil(t, many.TCF)

	utah, err := ParseGPP(gppIowa)
	require.NoError(t, err)
	require.Equal(t, []int{2, 6, 11}, utah.Sections)
	require.Equal(t, USChoices{Targeted: denied}, utah.US)
	require.Equal(t, &TCString{CMP: 10}, utah.TCF)

	none, err := ParseGPP(gppEmpty)
	require.NoError(t, err)
	require.Empty(t, none.Sections)
	require.Empty(t, none.US.words())
}

func TestHostileGPP(t *testing.T) {
	for name, s := range map[string]string{
		"empty": "", "no header": "~1YNN", "another type": "CBAA", "another version": "DCAA", "cut": "DBABz",
		"a section too many": gppMany + "~1YNN", "a section too few": "DBABzYA~1-Y-", "other characters": "DB!A",
		"thousands of sections": "DB__" + strings.Repeat("/", 64), "endless number": "DBAB" + strings.Repeat("A", 64),
		"megabytes": "DBAB" + strings.Repeat("z", 1<<20), "ranges of ranges": "DB__" + strings.Repeat("qqqq", 400),
	} {
		_, err := ParseGPP(s)
		require.ErrorIs(t, err, errConsentString, name)
	}
	broken, err := ParseGPP("DBABzYA~yes~!~B")
	require.NoError(t, err, "sections that cannot be read are listed all the same")
	require.Equal(t, []int{6, 7, 8}, broken.Sections)
	require.Equal(t, USChoices{}, broken.US)
}

func FuzzGPP(f *testing.F) {
	for _, s := range []string{gppMany, gppIowa, gppEmpty, "DBABrw~1YNN", "DBACMMA~" + tcSome + "~CAAoAAAAAABA.QA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseGPP(s)
		if err != nil {
			require.Equal(t, GPPString{}, got)
			return
		}
		require.Equal(t, strings.Count(s, "~"), len(got.Sections))
		require.LessOrEqual(t, len(got.Sections), maxSections)
	})
}
