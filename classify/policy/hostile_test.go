package policy

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// TestHostile reads what no person wrote. None of it may hang, crash or run quadratic: with a megabyte of each, a
// quadratic step would take minutes.
func TestHostile(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) []byte { return []byte(strings.Repeat(s, size/len(s))) }
	for name, doc := range map[string]crawler.Document{
		"nested tags":       {MIME: "text/html", Bytes: []byte(strings.Repeat("<div><table><tr><td>", 10_000) + "x")},
		"open cells":        {MIME: "text/html", Bytes: append([]byte("<table><tr>"), fill("<td>_ga")...)},
		"rows":              {MIME: "text/html", Bytes: append([]byte("<table><tr><th>Name<th>Purpose<th>Expiry"), fill("<tr><td>_ga<td>Counts visits<td>2 years")...)},
		"spans":             {MIME: "text/html", Bytes: fill("<tr><td rowspan=9999 colspan=9999>a")},
		"spans in a table":  {MIME: "text/html", Bytes: append([]byte("<table>"), fill("<tr><td rowspan=9999 colspan=9999>a<td>b")...)},
		"entities":          {MIME: "text/html", Bytes: fill("&amp;&#0;&#x202e;")},
		"NUL":               {Bytes: fill("\x00cookie\x00")},
		"bidi":              {Bytes: fill("c\u202eo\u200bokie \u2066")},
		"brackets":          {Bytes: fill("[](")},
		"open brackets":     {Bytes: fill("[")},
		"closed brackets":   {Bytes: fill("](x)")},
		"emphasis":          {Bytes: fill("*a **b __c ")},
		"backticks":         {Bytes: fill("` `` ``` ")},
		"tags in a line":    {Bytes: fill("<a<b<c")},
		"pipes":             {Bytes: fill("|")},
		"short rows":        {Bytes: fill("|a|\n")},
		"table rows":        {Bytes: append([]byte("|Name|Purpose|Expiry|\n|---|---|---|\n"), fill("|_ga|counts|2 years|\n")...)},
		"one long sentence": {Bytes: fill("we do not use cookies and ")},
		"one long word":     {Bytes: fill("cookie")},
		"colons":            {Bytes: fill("Name: _ga\nPurpose: x\n")},
		"labels":            {Bytes: fill("Name\n\nPurpose\n\n")},
		"list items":        {Bytes: fill("* _ga: counts visits\n")},
		"deep lists":        {Bytes: []byte(deepList(2000))},
		"headings":          {Bytes: fill("# Cookies\n\nAnalytics cookies\n\n")},
		"durations":         {Bytes: fill("1 year 1 month ")},
		"at signs":          {Bytes: fill("a@b.com ")},
		"quotes":            {Bytes: fill("\"cookie\" ")},
		"json":              {MIME: "application/json", Bytes: fill(`{"a":[`)},
		"not utf-8":         {Bytes: fill("\xff\xfe\xe9 cookie ")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&Reader{}).Read(doc)
			require.NoError(t, err)
		})
	}
}

func deepList(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s* _c%d: x\n", strings.Repeat(" ", 2*i), i)
	}
	return b.String()
}

// checkRead holds for every input: quotes are the bytes they say, lists are never nil, the same input gives the same.
func checkRead(t *testing.T, doc crawler.Document) {
	t.Helper()
	r := &Reader{Vendors: []classify.Vendor{{Name: "Google Analytics", Owner: "Google", Domains: []string{"google-analytics.com"}}}}
	p, err := r.Read(doc)
	if err != nil {
		return
	}
	text, err := Text(doc)
	require.NoError(t, err)
	for _, c := range p.Cookies {
		checkQuote(t, text, c.Quote)
	}
	for _, c := range p.Categories {
		checkQuote(t, text, c.Quote)
	}
	for _, c := range p.Claims {
		checkQuote(t, text, c.Quote)
	}
	for _, c := range p.Vendors {
		checkQuote(t, text, c.Quote)
	}
	for _, c := range p.Technologies {
		checkQuote(t, text, c.Quote)
	}
	again, err := r.Read(doc)
	require.NoError(t, err)
	require.Equal(t, p, again)
}

func checkQuote(t *testing.T, text string, q classify.Quote) {
	t.Helper()
	require.True(t, q.Start >= 0 && q.Start <= q.End && q.End <= len(text), "%d..%d of %d", q.Start, q.End, len(text))
	require.Equal(t, text[q.Start:q.End], q.Quote)
	require.True(t, utf8.ValidString(q.Quote) || !utf8.ValidString(text))
}

func seeds(f *testing.F, ext string) {
	f.Helper()
	files, err := filepath.Glob(testdata + "/*" + ext)
	require.NoError(f, err)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(raw)
	}
}

func FuzzHTML(f *testing.F) {
	seeds(f, ".html")
	f.Fuzz(func(t *testing.T, b []byte) { checkRead(t, crawler.Document{MIME: "text/html", Bytes: b}) })
}

func FuzzMarkdown(f *testing.F) {
	seeds(f, ".md")
	f.Fuzz(func(t *testing.T, b []byte) { checkRead(t, crawler.Document{MIME: "text/markdown", Bytes: b}) })
}

func FuzzText(f *testing.F) {
	seeds(f, ".txt")
	f.Fuzz(func(t *testing.T, b []byte) { checkRead(t, crawler.Document{MIME: "text/plain", Bytes: b}) })
}

func FuzzPDF(f *testing.F) {
	f.Add(simplePDF("Cookie policy", "We use cookies to count visits."))
	f.Fuzz(func(t *testing.T, b []byte) { checkRead(t, crawler.Document{MIME: "application/pdf", Bytes: b}) })
}

func FuzzData(f *testing.F) {
	f.Add([]byte(`{"DomainData":{"Groups":[{"GroupName":"Analytics Cookies","FirstPartyCookies":[{"Name":"_ga","Length":"730"}]}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) { checkRead(t, crawler.Document{MIME: "application/json", Bytes: b}) })
}

// simplePDF makes a PDF of one page with one line of text for each argument.
func simplePDF(lines ...string) []byte {
	var content bytes.Buffer
	content.WriteString("BT /F1 12 Tf 72 720 Td\n")
	for _, l := range lines {
		fmt.Fprintf(&content, "(%s) Tj 0 -16 Td\n", strings.NewReplacer("(", `\(`, ")", `\)`).Replace(l))
	}
	content.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", content.Len(), content.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return out.Bytes()
}

// TestShortHostile reads texts that once broke the reader.
func TestShortHostile(t *testing.T) {
	for name, text := range map[string]string{
		"a paragraph of colons":   "<p>We use cookies.</p><p>: :</p><p>more</p>",
		"only a bar":              "Name |\n |\nPurpose |",
		"headers and nothing":     "Cookie name Purpose Expiry",
		"headers and a name only": "Cookie name Purpose Expiry a_b",
		"a name and signs":        "Cookie name Purpose Expiry a_b, & + and",
		"bold label, no value":    "**Name**\n**Purpose**",
		"underscores":             "___ __a_ _ a__b cookie",
		"one long word of signs":  "We use cookies to count visits" + strings.Repeat("²", 5000),
	} {
		t.Run(name, func(t *testing.T) {
			checkRead(t, crawler.Document{MIME: "text/html", Bytes: []byte(text)})
			checkRead(t, crawler.Document{Bytes: []byte("# Cookies\n\n" + text)})
		})
	}
	checkRead(t, crawler.Document{MIME: "application/json", Bytes: []byte(`{"groupName":"Cookies\é","cookies":[{"name":"a_b\ü","length":"7"}]}`)})
}

// TestBrokenOffPDF reads a PDF whose content ends inside a string.
func TestBrokenOffPDF(t *testing.T) {
	for _, end := range []string{"E<", "(", "<41"} {
		whole := simplePDF("Cookie policy")
		checkRead(t, crawler.Document{MIME: "application/pdf", Bytes: bytes.Replace(whole, []byte("\nET"), []byte("\n" + end)[:min(3, 1+len(end))], 1)})
	}
}
