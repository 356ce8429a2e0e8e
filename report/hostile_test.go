package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"trackscan/classify"
	"trackscan/crawler"
)

// hostile lists what pages may call a cookie, a storage key, a host or themselves.
var hostile = []string{
	// HTML
	"<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><script>alert(1)</script>",
	"</title><img src=x onerror=alert(1)>", `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
	"<svg/onload=alert(1)>", "<iframe src=//evil.test></iframe>", "<!--", "-->", "<![CDATA[", "]]>", "</textarea>",
	"&lt;script&gt;", "&#60;script&#62;", "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
	"<details open ontoggle=alert(1)>", "</details></section></main>", "<base href=//evil.test>", "<meta http-equiv=refresh content=0>",
	"{{.}}", "{{template \"x\"}}", "${7*7}", "`${alert(1)}`",
	// spreadsheets
	"=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "a;=1+1", `",=1+1`, `"";=1+1`, "|=1+1",
	"=HYPERLINK(\"http://evil.test\")", "'=1+1",
	// Markdown
	"[x](javascript:alert(1))", "![x](http://evil.test/p.gif)", "| a | b |", "\\| a", "`code`", "``` x", "``", "`", "\\`", "# heading", "- item", "1. item",
	"> quote", "***", "---", "===", "@everyone", "http://evil.test/", "www.evil.test", "<http://evil.test>", "mail@evil.test", ":tada:", "$x$",
	"[^1]: note", "[x]: http://evil.test", "~~x~~", "_x_", "&copy;", "\\", "||", "- [ ] task",
	// terminals
	"\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://evil.test\x1b\\x\x1b]8;;\x1b\\", "\x1b[2J\x1b[H", "\u009b31m", "\x9b31m", "\x07", "\b\b\b", "\x7f",
	"a\rb", "a\nb", "a\r\nb", "a\x00b", "a\tb", "a\vb\fc", "\x1bP1;2q\x1b\\", "\x0e\x0f",
	// letters that hide or reorder
	"\u202egnp.exe\u202c", "\u2066a\u2069", "\u200f\u200e", "a\u200bb", "\ufeff", "\u00ad", "a\u2028b\u2029c", "\u3164\u115f\u2800", "\U000e0041\U000e0042", "\ufff9a\ufffa",
	"e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308", "مرحبا", "שלום", "日本語のとても長い名前のクッキー", "👩‍👩‍👧‍👦", "\u180e", "\u2060", "\ue000", "\U0010ffff", "\u0085",
	// bytes
	"\xff\xfe", "a\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\xaf", string([]byte{0x80, 0x81}),
	// paths, formats, lengths
	"../../etc/passwd", "%s%s%n", "%00", "null", "NaN", "", " ", strings.Repeat(" ", 300), strings.Repeat("A", 2500),
	strings.Repeat("word ", 100), strings.Repeat("é", 450), strings.Repeat("<", 450), strings.Repeat("日", 450), strings.Repeat("\x1b", 450), strings.Repeat("\u0301", 450),
}

// poisoned returns a rich scan in which every string is s: names, addresses, sentences, also those that only we write.
// With free only, verdicts, kinds and other words of a list are left as they are.
func poisoned(s string, freeOnly bool) Report {
	j := oneOfEach(choosingShop())
	j.scan.Pages = []crawler.Page{j.scan.Pages[0], j.scan.Pages[25]}
	poison(reflect.ValueOf(&j.scan).Elem(), s, freeOnly)
	poison(reflect.ValueOf(&j.result).Elem(), s, freeOnly)
	poison(reflect.ValueOf(&j.policies).Elem(), s, freeOnly)
	j.scan.Warnings = []string{s, s}
	j.scan.Failures = []crawler.Failure{{URL: s, Stage: crawler.StageRender, Error: s}, {URL: s, Stage: crawler.StagePolicy, Error: s}}
	before := j.result
	before.Trackers = before.Trackers[1:]
	policies := slices.Clone(j.policies)
	policies[0].Cookies = nil
	return Build(&j.scan, j.result, j.policies, Options{
		Catalog: s, Lists: []List{{Name: s, Date: s}}, Earlier: []Night{NewNight(&j.scan, before, policies)},
		Exempted: []Exemption{{ID: j.result.Findings[len(j.result.Findings)-1].ID, Reason: s, Owner: s}},
	})
}

// oneOfEach keeps one tracker of each kind and verdict, and the findings about them: with one name they all look alike.
func oneOfEach(j judged) judged {
	var trackers []classify.Tracker
	kept, seen := map[string]bool{"": true}, map[string]bool{}
	for _, t := range j.result.Trackers {
		if shape := string(t.Kind) + " " + string(t.Verdict); !seen[shape] {
			seen[shape], kept[t.ID] = true, true
			trackers = append(trackers, t)
		}
	}
	j.result.Trackers = trackers
	j.result.Findings = slices.DeleteFunc(j.result.Findings, func(f classify.Finding) bool { return !kept[f.Tracker] })
	return j
}

func poison(v reflect.Value, s string, freeOnly bool) {
	switch v.Kind() {
	case reflect.String:
		free := v.Type() == reflect.TypeFor[string]() || v.Type() == reflect.TypeFor[classify.Text]()
		if v.CanSet() && (free || !freeOnly) {
			v.SetString(s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), s, freeOnly)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), s, freeOnly)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if keepsShape(v.Type().Field(i).Name) && freeOnly {
				continue
			}
			poison(v.Field(i), s, freeOnly)
		}
	}
}

// keepsShape names the fields of type string that hold words of ours, and what joins findings and trackers.
func keepsShape(field string) bool {
	return slices.Contains([]string{"ID", "Tracker", "Rule", "Party", "Storage", "Beacon", "Result", "SetVia"}, field)
}

// A poisonedReport is a report that is full of one hostile string, and what each format writes of it.
type poisonedReport struct {
	s string
	Report
	written map[string][]byte
}

// as returns the report in a format; it is written once.
func (p poisonedReport) as(t *testing.T, format string) []byte {
	t.Helper()
	if p.written[format] == nil {
		p.written[format] = write(t, mustFormat(t, format), p.Report, Style{})
	}
	return p.written[format]
}

var poisonedReports = sync.OnceValue(func() []poisonedReport {
	var out []poisonedReport
	for i, s := range hostile {
		out = append(out, poisonedReport{s, poisoned(s, true), map[string][]byte{}})
		if i%4 == 0 { // nothing but a mistake of ours brings hostile words of a list: a sample is enough
			out = append(out, poisonedReport{s, poisoned(s, false), map[string][]byte{}})
		}
	}
	return out
})

func eachHostile(t *testing.T, check func(t *testing.T, r poisonedReport)) {
	t.Helper()
	require.GreaterOrEqual(t, len(hostile), 50)
	for _, p := range poisonedReports() {
		t.Run(strconv.Quote(p.s[:min(len(p.s), 30)]), func(t *testing.T) { check(t, p) })
	}
}

// Names of a megabyte cost neither memory nor space, whatever they are made of.
func TestMegabyteNames(t *testing.T) {
	for _, letter := range []string{"A", "<", "\x1b", "日", "a ", "\u202e", "|", "\xff"} {
		s := strings.Repeat(letter, 1<<20/len(letter))
		j := noPolicy()
		j.result.Trackers = j.result.Trackers[:1]
		poison(reflect.ValueOf(&j.result).Elem(), s, true)
		j.scan.Pages = []crawler.Page{{URL: s, FinalURL: s, Title: s, Status: 200}}
		j.scan.Failures = []crawler.Failure{{URL: s, Stage: crawler.StageRender, Error: s}}
		r := j.report()
		for _, f := range Formats {
			t.Run(f.Name+" "+strconv.Quote(letter), func(t *testing.T) {
				out := write(t, f, r, Style{})
				requireInert(t, out, "\n")
				require.Less(t, len(out), 1_000_000)
			})
		}
	}
}

// requireInert fails on a byte that a terminal obeys and on a letter that hides or moves others.
func requireInert(t *testing.T, out []byte, allowed string) {
	t.Helper()
	require.True(t, utf8.Valid(out), "valid UTF-8")
	bad := bytes.IndexFunc(out, func(r rune) bool {
		letter := ' ' <= r && r < 0x7f
		return !letter && !strings.ContainsRune(allowed, r) && !harmless(r)
	})
	if bad >= 0 {
		require.Fail(t, "not inert", "%q", out[max(0, bad-40):min(len(out), bad+40)])
	}
}

// Whatever format there is, nothing hostile in a report acts. What each format needs besides has tests of its own.
func TestHostileInEveryFormat(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		for _, f := range Formats {
			out := r.as(t, f.Name)
			require.NotEmpty(t, out, f.Name)
			requireInert(t, out, "\n")
		}
	})
}

func TestHostileText(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		for _, width := range []int{0, 80, 24} {
			out := write(t, mustFormat(t, "text"), r.Report, Style{Width: width})
			requireInert(t, out, "\n")
			if width == 0 {
				width = 100
			}
			for line := range strings.Lines(string(out)) {
				require.LessOrEqual(t, columns(strings.TrimRight(line, "\n")), width, line)
			}
		}
	})
}

// With colours the only escapes are those of ours, each closed on its line.
func TestHostileTextInColor(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		out := string(write(t, mustFormat(t, "text"), r.Report, Style{Color: true}))
		for line := range strings.Lines(out) {
			require.Equal(t, strings.Count(line, "\x1b[")/2, strings.Count(line, "\x1b[0m"), line)
		}
		for _, code := range []string{red, yellow, green, faint, bold, "0"} {
			out = strings.ReplaceAll(out, "\x1b["+code+"m", "")
		}
		requireInert(t, []byte(out), "\n")
	})
}

func TestHostileJSON(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		out := r.as(t, "json")
		require.NotContains(t, string(out), "</script")
		var back Facts
		decoder := json.NewDecoder(bytes.NewReader(out))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&back))
		require.Equal(t, string([]rune(bound(r.s))), back.Trackers[0].Name)
	})
}

func TestHostileCSV(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		out := r.as(t, "csv")
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, strings.Count(string(out), "\n"), "one line for each row")
		for _, row := range rows {
			require.Len(t, row, len(csvHeader))
			for _, cell := range row {
				requireNoFormula(t, cell)
			}
		}
	})
}

// requireNoFormula holds for a cell and for the cells that another list separator would make of it.
func requireNoFormula(t *testing.T, cell string) {
	t.Helper()
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";,\"|\t", r) }) {
		part = strings.TrimLeft(part, " ")
		require.False(t, part != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(part)[0]), cell)
	}
}

func TestHostileMarkdown(t *testing.T) {
	clean := markdownTags(t, write(t, mustFormat(t, "md"), richShop().report(), Style{}))
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		for tag := range markdownTags(t, r.as(t, "md")) {
			require.True(t, clean[tag] || tag == "blockquote" || tag == "span", "element %q", tag)
		}
	})
}

// markdownTags returns the elements that GitHub would make of the Markdown.
func markdownTags(t *testing.T, source []byte) map[string]bool {
	t.Helper()
	var out bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(goldhtml.WithUnsafe()))
	require.NoError(t, md.Convert(source, &out))
	return tags(t, out.Bytes())
}

// tags returns the names of the elements and of their attributes in a document.
func tags(t *testing.T, document []byte) map[string]bool {
	t.Helper()
	node, err := html.Parse(bytes.NewReader(document))
	require.NoError(t, err)
	out := map[string]bool{}
	for n := range node.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		out[n.Data] = true
		for _, a := range n.Attr {
			out[n.Data+" "+a.Key] = true
		}
	}
	return out
}

func mustFormat(t *testing.T, name string) Format {
	t.Helper()
	f, ok := FormatNamed(name)
	require.True(t, ok)
	return f
}

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "_ga", "_ga"},
		{"escape", "\x1b[31m", `\x1b[31m`},
		{"line break", "a\r\nb", `a\x0d\x0ab`},
		{"nul", "a\x00", `a\x00`},
		{"bidi override", "\u202egnp", `\u202egnp`},
		{"tag letter", "\U000e0041", `\U000e0041`},
		{"broken bytes", "a\xff", `a\xff`},
		{"no-break space", "a\u00a0b", "a b"},
		{"invisible letter", "\u3164", `\u3164`},
		{"letters of the world", "日本語 ñ", "日本語 ñ"},
		{"marks on one letter", "e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301" + `\u0301`},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, visible(c.in)) })
	}
}

func FuzzVisible(f *testing.F) {
	for _, s := range hostile {
		f.Add(s[:min(len(s), 100)])
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{show(s), sentence(s), fit(visible(s), 20), strings.Join(wrap(visible(s), 20), "")} {
			requireInert(t, []byte(out), "")
		}
		require.LessOrEqual(t, utf8.RuneCountInString(show(s)), showRunes)
		require.LessOrEqual(t, columns(fit(visible(s), 20)), 20)
		requireNoFormula(t, csvCell(s))
	})
}

// What changed is as inert, whatever the new tracker and what the policy newly declares are called.
func TestHostileChanges(t *testing.T) {
	for _, s := range hostile {
		fresh := tracker(classify.KindCookie, s, s, classify.Advertising, classify.Undeclared, 1)
		declares := func(j *judged) {
			j.policies[0].Vendors = []classify.PolicyVendor{{Name: s, Quote: classify.Quote{Quote: s, Text: s}}}
		}
		c := Compare([]Night{evening(nil)}, evening(declares, fresh))
		require.True(t, c.Any())
		var text, markdown bytes.Buffer
		require.NoError(t, WriteChanges(&text, "title", c))
		require.NoError(t, WriteChangesMarkdown(&markdown, "title", c))
		requireInert(t, text.Bytes(), "\n")
		requireInert(t, markdown.Bytes(), "\n")
		for tag := range markdownTags(t, markdown.Bytes()) {
			require.Contains(t, []string{"html", "head", "body", "h3", "ul", "li", "p", "strong", "code", "span"}, tag, "%q", s)
		}
	}
}
