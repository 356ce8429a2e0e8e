package catalog

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

var update = flag.Bool("update", false, "write the counts in README.md anew")

const (
	countsBegin = "<!-- counts: go test ./classify/catalog -update -->\n"
	countsEnd   = "<!-- end of counts -->\n"
)

// TestReadmeCounts holds the numbers in README.md to what the files say, rounded down so that not every new vendor
// changes them.
func TestReadmeCounts(t *testing.T) {
	b, err := os.ReadFile("README.md")
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(b), countsBegin)
	require.True(t, ok, "README.md has no place for the counts")
	_, after, ok := strings.Cut(rest, countsEnd)
	require.True(t, ok)
	want := before + countsBegin + counts(load(t)) + countsEnd + after
	if *update {
		require.NoError(t, os.WriteFile("README.md", []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(b), "the counts are out of date: go test ./classify/catalog -update")
}

// step is what counts are rounded down to.
const step = 100

// A tally is one row of the table in README.md.
type tally struct{ vendors, hosts, benign, names, urls int }

func (r *tally) add(v *Vendor) {
	r.vendors++
	r.hosts += len(v.hosts)
	r.names += len(v.names)
	r.urls += len(v.urls)
	for _, f := range v.hosts {
		if f.id.Benign {
			r.benign++
		}
	}
}

func (r *tally) line(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |\n", name,
		r.vendors/step*step, r.hosts/step*step, r.benign/step*step, r.names/step*step, r.urls/10*10)
}

func counts(c *Catalog) string {
	rows, sum := map[classify.Category]*tally{}, &tally{}
	for _, v := range c.vendors {
		if rows[v.Category] == nil {
			rows[v.Category] = &tally{}
		}
		rows[v.Category].add(v)
		sum.add(v)
	}
	out := "At least, by the category of the vendor:\n\n" +
		"| category | vendors | hosts | of them no trackers | cookies and storage keys | addresses |\n" +
		"| --- | --- | --- | --- | --- | --- |\n"
	for _, category := range classify.Categories {
		out += rows[category].line(string(category))
	}
	return out + sum.line("all")
}
