package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCellsAreCutAtItems(t *testing.T) {
	for _, c := range []struct {
		cell string
		want string
	}{
		{"a, b, c", "a, b, c"},
		{"cookies aaaaa, bbbbb; hosts cccccccc.test, dddddddd.test, eeeeee.test", "cookies aaaaa,\nbbbbb; hosts\ncccccccc.test …"},
		{"cookies aaaaa; hosts bbbbbbb.test; beacon ccccccc.test/x", "cookies aaaaa;\nhosts\nbbbbbbb.test …"},
		{"“We keep what you tell us for as long as the law of the land wants”", "“We keep what\nyou tell us for\nas long as …”"},
	} {
		got := (&text{width: 80}).cells([]string{c.cell}, []int{16})
		require.Equal(t, c.want, got[0])
	}
}
