package policy

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/crawler"
)

// The scorer's comparison: what a policy declares, as a careful person labelled it, against what was read.

type label1 struct {
	ID       string `json:"id"`
	Optional bool   `json:"optional"`
}

type labelCookie struct {
	Name     string   `json:"name"`
	NameAlt  []string `json:"name_alt"`
	Category *string  `json:"category"`
	Alt      []string `json:"category_alt"`
	Class    *string  `json:"duration_class"`
	Days     *float64 `json:"duration_days"`
	Optional bool     `json:"optional"`
}

type labelVendor struct {
	Name     string   `json:"name"`
	Aliases  []string `json:"aliases"`
	Domains  []string `json:"domains"`
	Optional bool     `json:"optional"`
}

// golden is what a policy of the corpus is labelled with.
type golden struct {
	IsPolicy     *bool         `json:"is_policy"`
	Lang         string        `json:"lang"`
	Effective    *string       `json:"effective"`
	Categories   []label1      `json:"categories"`
	Cookies      []labelCookie `json:"cookies"`
	Vendors      []labelVendor `json:"vendors"`
	Technologies []label1      `json:"technologies"`
	Claims       []label1      `json:"claims"`
	DNT          string        `json:"dnt"`
	Third        string        `json:"third_party_cookies"`
	ThirdAlt     []string      `json:"third_party_alt"`
	Denied       []string      `json:"vendors_denied"`
	CatDenied    []string      `json:"categories_denied"`
}

// tally counts what was right, what was too much and what was missed.
type tally struct{ right, extra, missed int }

func (t tally) score() float64 {
	if t.right+t.extra+t.missed == 0 {
		return 1
	}
	return 2 * float64(t.right) / float64(2*t.right+t.extra+t.missed)
}

// fields are the scored fields, in the order of the table.
var fields = []string{
	"categories", "cookies", "cookie category", "lifetimes", "vendors", "technologies", "claims", "third party", "dnt",
	"effective", "is policy", "evidence",
}

type scorecard struct {
	fields map[string]*tally
	wrong  []string
	file   string
}

func newScorecard() *scorecard {
	c := &scorecard{fields: map[string]*tally{}}
	for _, f := range fields {
		c.fields[f] = &tally{}
	}
	return c
}

func (c *scorecard) ok(field string, right bool, what string) {
	if right {
		c.fields[field].right++
		return
	}
	c.fields[field].missed++
	c.wrong = append(c.wrong, fmt.Sprintf("%s: %s: %s", c.file, field, what))
}

func (c *scorecard) extra(field, what string) {
	c.fields[field].extra++
	c.wrong = append(c.wrong, fmt.Sprintf("%s: %s: extra %s", c.file, field, what))
}

func (c *scorecard) ids(field string, want []label1, got []string) {
	optional, wanted := map[string]bool{}, map[string]bool{}
	for _, w := range want {
		if w.Optional {
			optional[w.ID] = true
		} else {
			wanted[w.ID] = true
		}
	}
	found := map[string]bool{}
	for _, id := range got {
		if found[id] {
			continue
		}
		found[id] = true
		if !wanted[id] && !optional[id] {
			c.extra(field, id)
		}
	}
	for id := range wanted {
		c.ok(field, found[id], "missed "+id)
	}
}

var (
	templated = regexp.MustCompile(`\{[^}]*\}|<[^>]*>|\[[^\]]*\]|x{5,}|#{3,}`)
	stars     = regexp.MustCompile(`\*+`)
)

func sameName(s string) string {
	s = strings.ToLower(strings.TrimSpace(strings.NewReplacer(`\`, "", "`", "").Replace(s)))
	return stars.ReplaceAllString(templated.ReplaceAllString(s, "*"), "*")
}

func (c *scorecard) cookies(want []labelCookie, got []classify.PolicyCookie) {
	byName := map[string][]classify.PolicyCookie{}
	for _, g := range got {
		byName[sameName(g.Name)] = append(byName[sameName(g.Name)], g)
	}
	rows := map[string][]labelCookie{}
	for _, w := range want {
		rows[sameName(w.Name)] = append(rows[sameName(w.Name)], w)
	}
	for name, labels := range rows {
		found := byName[name]
		for _, alt := range labels[0].NameAlt {
			found = append(found, byName[sameName(alt)]...)
			delete(byName, sameName(alt))
		}
		delete(byName, name)
		if labels[0].Optional {
			continue
		}
		c.ok("cookies", len(found) > 0, "missed "+labels[0].Name)
		if len(found) > 0 {
			c.cookie(labels, found)
		}
	}
	for name := range byName {
		c.extra("cookies", name)
	}
}

func (c *scorecard) cookie(want []labelCookie, got []classify.PolicyCookie) {
	allowed := map[string]bool{}
	timed := false
	for _, w := range want {
		if w.Category == nil {
			allowed[""] = true
		} else {
			allowed[*w.Category] = true
		}
		for _, a := range w.Alt {
			allowed[a] = true
		}
		timed = timed || w.Class != nil || w.Days != nil
	}
	for _, g := range got {
		c.ok("cookie category", allowed[string(g.Category)], fmt.Sprintf("%s is %q", g.Name, g.Category))
		if timed && (g.DurationClass != "" || len(got) == 1) {
			c.ok("lifetimes", lifetimeAllowed(want, g), fmt.Sprintf("%s is %q", g.Name, g.Duration))
		}
	}
}

func lifetimeAllowed(want []labelCookie, got classify.PolicyCookie) bool {
	for _, w := range want {
		switch {
		case w.Class == nil && w.Days == nil:
		case w.Class != nil && *w.Class == session:
			if got.DurationClass == session {
				return true
			}
		case w.Days == nil:
			if got.DurationClass == persistent {
				return true
			}
		default:
			if got.DurationDays != nil && got.DurationClass == persistent && math.Abs(*got.DurationDays-*w.Days) <= math.Max(0.05**w.Days, 1e-4) {
				return true
			}
		}
	}
	return false
}

func (c *scorecard) vendors(want []labelVendor, got []classify.PolicyVendor) {
	used := map[int]bool{}
	for _, g := range got {
		at := -1
		for i, w := range want {
			if at < 0 && sameVendor(w, g) {
				at = i
			}
		}
		if at < 0 {
			c.extra("vendors", g.Name)
			continue
		}
		used[at] = true
	}
	for i, w := range want {
		if !w.Optional {
			c.ok("vendors", used[i], "missed "+w.Name)
		}
	}
}

func sameVendor(w labelVendor, g classify.PolicyVendor) bool {
	for _, name := range append([]string{w.Name}, w.Aliases...) {
		if vendorKey(name) == vendorKey(g.Name) {
			return true
		}
	}
	for _, d := range w.Domains {
		for _, have := range append([]string{g.Name}, g.Domains...) {
			if registrable(d) != "" && registrable(d) == registrable(have) {
				return true
			}
		}
	}
	return false
}

func (c *scorecard) policy(w golden, p classify.Policy, text string) {
	var categories, technologies, claims []string
	evidence := map[string]bool{}
	for _, x := range p.Categories {
		categories = append(categories, string(x.ID))
		evidence[x.Quote.Quote] = true
	}
	for _, x := range p.Technologies {
		technologies = append(technologies, x.ID)
		evidence[x.Quote.Quote] = true
	}
	for _, x := range p.Claims {
		claims = append(claims, x.ID)
		evidence[x.Quote.Quote] = true
	}
	for _, x := range p.Cookies {
		evidence[x.Quote.Quote] = true
	}
	for _, x := range p.Vendors {
		evidence[x.Quote.Quote] = true
	}
	for q := range evidence {
		c.ok("evidence", q != "" && strings.Contains(text, q), q)
	}
	c.ids("categories", w.Categories, categories)
	c.ids("technologies", w.Technologies, technologies)
	c.ids("claims", w.Claims, claims)
	c.cookies(w.Cookies, p.Cookies)
	c.vendors(w.Vendors, p.Vendors)
	third := p.ThirdPartyCookies == w.Third
	for _, a := range w.ThirdAlt {
		third = third || p.ThirdPartyCookies == a
	}
	c.ok("third party", third, p.ThirdPartyCookies)
	c.ok("dnt", p.DNT == w.DNT, p.DNT)
	effective := ""
	if w.Effective != nil {
		effective = *w.Effective
	}
	c.ok("effective", string(p.Effective) == effective, string(p.Effective))
	c.ok("is policy", p.IsPolicy == (w.IsPolicy == nil || *w.IsPolicy), fmt.Sprint(p.IsPolicy))
}

// scoreFolder reads every labelled policy of a folder. The labels lie beside the policy as NAME.json, or in golden.
func scoreFolder(t *testing.T, folder, golden string, vendors []classify.Vendor) *scorecard {
	t.Helper()
	r := &Reader{Vendors: vendors}
	c := newScorecard()
	labels, err := filepath.Glob(filepath.Join(golden, "*.json"))
	require.NoError(t, err)
	for _, label := range labels {
		name := strings.TrimSuffix(filepath.Base(label), ".json") // index.json has no text
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if os.IsNotExist(err) {
			continue
		}
		require.NoError(t, err)
		doc := crawler.Document{Bytes: raw}
		p, err := r.Read(doc)
		require.NoError(t, err, name)
		text, err := Text(doc)
		require.NoError(t, err, name)
		c.file = name
		c.policy(readGolden(t, label), p, text)
	}
	return c
}

func readGolden(t *testing.T, file string) golden {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var g golden
	require.NoError(t, json.Unmarshal(raw, &g), file)
	return g
}

func (c *scorecard) table() string {
	var b strings.Builder
	b.WriteString("| field | score | right | extra | missed |\n| --- | --- | --- | --- | --- |\n")
	for _, f := range fields {
		t := c.fields[f]
		fmt.Fprintf(&b, "| %s | %.3f | %d | %d | %d |\n", f, t.score(), t.right, t.extra, t.missed)
	}
	return b.String()
}

const testdata = "../../testdata/policies"

// TestScore holds the reader to its own labelled policies: every field must be right. The table of README.md is made
// from it; TRACKSCAN_UPDATE=1 writes it.
func TestScore(t *testing.T) {
	c := scoreFolder(t, testdata, testdata, testVendors(t))
	assert.Empty(t, c.wrong)
	table := c.table()
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	const begin, end = "<!-- scores -->\n", "<!-- /scores -->"
	before, rest, ok := strings.Cut(string(readme), begin)
	require.True(t, ok, "README.md has no place for the scores")
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if os.Getenv("TRACKSCAN_UPDATE") != "" {
		require.NoError(t, os.WriteFile("README.md", []byte(before+begin+table+end+after), 0o600))
		return
	}
	assert.Equal(t, before+begin+table+end+after, string(readme), "run with TRACKSCAN_UPDATE=1")
}

// TestScoreCorpus scores the labelled policies of real sites in the folder that TRACKSCAN_CORPUS names, with the vendors
// that the catalogue knows: those that the reader was built for must be right, of the others nearly all.
func TestScoreCorpus(t *testing.T) {
	corpus := os.Getenv("TRACKSCAN_CORPUS")
	if corpus == "" {
		t.Skip("TRACKSCAN_CORPUS names no folder of labelled policies")
	}
	known, err := catalog.Load()
	require.NoError(t, err)
	for _, set := range []struct {
		texts, labels string
		bar           float64
	}{
		{"seeds", "policies/seeds-golden", 1},
		{"policies/dev", "policies/dev", 0.95},
	} {
		t.Run(set.texts, func(t *testing.T) {
			c := scoreFolder(t, filepath.Join(corpus, set.texts), filepath.Join(corpus, set.labels), known.Vendors())
			t.Log("\n" + c.table() + strings.Join(c.wrong, "\n"))
			for field, tally := range c.fields {
				assert.GreaterOrEqual(t, tally.score(), set.bar, field)
			}
			assert.InDelta(t, 1, c.fields["evidence"].score(), 0)
		})
	}
}

// TestVariants reads the same policies with their sections in reverse order and other names of companies: what they
// declare stays the same.
func TestVariants(t *testing.T) {
	names := strings.NewReplacer("Corvetto", "Ribaldi", "Hagenow", "Ostermann", "Northway Cycles", "Eastgate Boats",
		"Olmedo", "Quintana", "Oficina do Vento", "Casa da Ponte", "Willow Creek", "Stone Bridge", "Tournesol", "Coquelicot")
	c := newScorecard()
	r := &Reader{Vendors: testVendors(t)}
	files, err := filepath.Glob(testdata + "/*.md")
	require.NoError(t, err)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		text := names.Replace(reversed(string(raw)))
		p, err := r.Read(crawler.Document{Bytes: []byte(text)})
		require.NoError(t, err)
		c.file = filepath.Base(file)
		c.policy(readGolden(t, file+".json"), p, text)
	}
	assert.Empty(t, c.wrong)
}

// reversed turns the order of the sections of a Markdown text round.
func reversed(text string) string {
	parts := strings.Split(text, "\n## ")
	slices.Reverse(parts[1:])
	return strings.Join(parts, "\n## ")
}
