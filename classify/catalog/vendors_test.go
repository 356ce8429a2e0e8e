package catalog

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify"
)

// TestFilesAreYAML holds what our reader makes of every vendor file equal to what a full YAML parser makes of it.
func TestFilesAreYAML(t *testing.T) {
	eachFile(t, func(t *testing.T, src string) {
		mine, err := readFile(src)
		require.NoError(t, err)
		var full yaml.MapSlice
		require.NoError(t, yaml.UnmarshalWithOptions([]byte(src), &full, yaml.Strict(), yaml.UseOrderedMap()))
		require.Equal(t, plain(full), mine.plain())
	})
}

func eachFile(t *testing.T, check func(t *testing.T, src string)) {
	t.Helper()
	files, err := fs.Glob(embedded, "vendors/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, "vendors/"), func(t *testing.T) {
			src, err := embedded.ReadFile(file)
			require.NoError(t, err)
			check(t, string(src))
		})
	}
}

// plain writes what the full parser read in a form in which both can be compared.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "~"
	case yaml.MapSlice:
		var out []string
		for _, item := range v {
			out = append(out, fmt.Sprintf("%v: %s", item.Key, plain(item.Value)))
		}
		return "{" + strings.Join(out, ", ") + "}"
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, plain(item))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	return fmt.Sprint(v)
}

func (n node) plain() string {
	switch n.kind {
	case nothing:
		return "~"
	case mapping:
		var out []string
		for _, f := range n.fields {
			out = append(out, f.key+": "+f.value.plain())
		}
		return "{" + strings.Join(out, ", ") + "}"
	case list:
		var out []string
		for _, item := range n.items {
			out = append(out, item.plain())
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	return n.text
}

// TestVendorFields holds the fields of every vendor legal and its names its own.
func TestVendorFields(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	claimed := map[string]string{}
	for _, v := range load(t).vendors {
		assert.Regexp(t, slug, v.Slug)
		assert.NotEmpty(t, v.Domains, "%s: a vendor needs a host, or its website's domain cannot be told", v.Slug)
		for _, name := range append([]string{v.Name}, v.Aliases...) {
			key := strings.ToLower(name)
			assert.Empty(t, claimed[key], "%s: the name %q is claimed by", v.Slug, name)
			claimed[key] = v.Slug
		}
		sentence(t, v.Slug, v.Purpose)
		for _, f := range v.names {
			sentence(t, v.Slug+" "+f.name, f.id.Purpose)
			assert.LessOrEqual(t, len(f.glob.wilds), 4, "%s: %s: too many wildcards", v.Slug, f.name)
		}
	}
}

// sentence holds a purpose to be one: it is printed in reports.
func sentence(t *testing.T, where, s string) {
	t.Helper()
	assert.True(t, strings.HasSuffix(s, "."), "%s: the purpose %q ends without a full stop", where, s)
	assert.Equal(t, strings.ToUpper(s[:1]), s[:1], "%s: the purpose %q begins in lower case", where, s)
	assert.LessOrEqual(t, len(s), 200, "%s: the purpose is too long", where)
}

// TestNoFactIsClaimedTwice fails when two files, or two places of one, claim one thing.
func TestNoFactIsClaimedTwice(t *testing.T) {
	claimed := map[string]string{}
	claim := func(v *Vendor, fact string) {
		assert.Empty(t, claimed[fact], "%s: %s is also claimed by", v.Slug, fact)
		claimed[fact] = v.Slug
	}
	for _, v := range load(t).vendors {
		for _, f := range v.hosts {
			claim(v, "host "+f.host)
		}
		for _, f := range v.urls {
			claim(v, "url "+f.pattern)
		}
		for _, f := range v.names {
			claim(v, "name "+f.String())
		}
	}
}

// TestPatternsAreNotTooBroad holds that a pattern for every website is long enough to belong to one vendor.
func TestPatternsAreNotTooBroad(t *testing.T) {
	for _, v := range load(t).vendors {
		for _, f := range v.names {
			weight := f.glob.literal
			for _, wild := range f.glob.wilds {
				weight += map[byte]int{'#': 1, '%': 2}[wild]
			}
			broad := f.glob.wild() && f.scope == "" && weight < 4
			assert.False(t, broad, "%s: %s fits too many names: give it a scope (%s@) or a longer text", v.Slug, &f, f.name)
		}
	}
}

// TestHosts proves every host: it and what lies below it is its vendor's, a host that only ends in its letters is not.
func TestHosts(t *testing.T) {
	c := load(t)
	for _, v := range c.vendors {
		for _, f := range v.hosts {
			host := strings.Replace(f.host, ".*", ".co.uk", 1)
			for _, h := range []string{host, "x-y." + host} {
				got := c.hosts.find(h)
				require.NotNil(t, got, "%s: host %s", v.Slug, h)
				assert.Equal(t, f.host, got.host, "%s: host %s", v.Slug, h)
			}
			if got := c.hosts.find("x" + host); got != nil {
				assert.NotEqual(t, f.host, got.host, "%s: host x%s", v.Slug, host)
			}
		}
	}
}

// TestNames proves every name and pattern by its examples and near misses.
func TestNames(t *testing.T) {
	c := load(t)
	for _, v := range c.vendors {
		for i := range v.names {
			f := &v.names[i]
			for _, example := range f.examples(t) {
				got := c.names.find(example, f.home())
				require.NotNil(t, got, "%s: %s does not match %q", v.Slug, f, example)
				assert.Equal(t, v.Slug, got.vendor.Slug, "%s: the example %q of %s falls to %s", v.Slug, example, f, got)
			}
			for _, miss := range append(slices.Clone(f.terms.miss), swapCase(f.glob.shown())) {
				if got := c.names.find(miss, f.home()); got != nil && miss != f.glob.shown() {
					assert.False(t, got == f, "%s: %s matches %q", v.Slug, f, miss)
				}
			}
		}
	}
}

// home is a host at which f may be seen.
func (f *nameFact) home() string {
	switch f.scope {
	case "":
		return "www.shop.test"
	case "@":
		return strings.Replace(f.vendor.Domains[0], ".*", ".de", 1)
	}
	return f.scope
}

// examples are the names that f must match: itself, or those examples of its line that are made by its pattern.
func (f *nameFact) examples(t *testing.T) []string {
	if !f.glob.wild() {
		return []string{f.glob.shown()}
	}
	var out []string
	for _, example := range f.terms.match {
		if f.glob.match(example) {
			out = append(out, example)
		}
	}
	assert.NotEmpty(t, out, "%s: %s has no example that it matches", f.vendor.Slug, f)
	assert.NotEmpty(t, f.terms.miss, "%s: %s has no near miss", f.vendor.Slug, f)
	return out
}

func swapCase(s string) string {
	if up := strings.ToUpper(s); up != s {
		return up
	}
	return strings.ToLower(s)
}

// TestLinesHaveNoStrayExamples fails for an example that no pattern of its line matches.
func TestLinesHaveNoStrayExamples(t *testing.T) {
	for _, v := range load(t).vendors {
		for _, f := range v.names {
			for _, example := range f.terms.match {
				fits := slices.ContainsFunc(v.names, func(g nameFact) bool { return g.glob.match(example) })
				assert.True(t, fits, "%s: nothing matches the example %q", v.Slug, example)
			}
		}
	}
}

// TestAddresses proves every pattern of addresses by its examples and near misses.
func TestAddresses(t *testing.T) {
	c := load(t)
	for _, v := range c.vendors {
		for i := range v.urls {
			f := &v.urls[i]
			match, miss := slices.Clone(f.terms.match), slices.Clone(f.terms.miss)
			if !strings.ContainsAny(f.pattern, "*?") {
				match, miss = append(match, "https://"+f.pattern+"?a=b"), append(miss, "https://"+f.pattern+"x")
			}
			assert.NotEmpty(t, match, "%s: %s has no example", v.Slug, f.pattern)
			assert.NotEmpty(t, miss, "%s: %s has no near miss", v.Slug, f.pattern)
			hit := func(url string) bool {
				got := c.addresses.find(newAddress(url))
				return f.hits(url) && got != nil && got.vendor == v && got.id.Category == f.id.Category
			}
			assert.True(t, slices.ContainsFunc(match, hit), "%s: %s matches no example", v.Slug, f.pattern)
			for _, url := range miss {
				assert.False(t, f.hits(url), "%s: %s matches %q", v.Slug, f.pattern, url)
			}
		}
	}
}

// hits reports whether f alone matches url.
func (f *urlFact) hits(url string) bool {
	u := newAddress(url)
	atHost := f.host == "" || under(u.host, f.host) || f.host == countryName(u.host)
	return atHost && f.match(u.path, u.query)
}

// TestBenignIsNoTracker holds the contract: what is known not to be a tracker is functional or necessary.
func TestBenignIsNoTracker(t *testing.T) {
	legal := []classify.Category{classify.Functional, classify.Necessary}
	for _, v := range load(t).vendors {
		for _, f := range v.hosts {
			assert.True(t, !f.id.Benign || slices.Contains(legal, f.id.Category), "%s: host %s", v.Slug, f.host)
		}
		for _, f := range v.names {
			assert.True(t, !f.id.Benign || slices.Contains(legal, f.id.Category), "%s: %s", v.Slug, &f)
		}
		for _, f := range v.urls {
			assert.True(t, !f.id.Benign || slices.Contains(legal, f.id.Category), "%s: %s", v.Slug, f.pattern)
		}
	}
}
