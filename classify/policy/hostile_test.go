package policy

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackscan/classify"
	"trackscan/crawler"
)

// TestHostile reads what no person wrote. None of it may hang, crash or run quadratic: four times as long a document
// may take about four times as much memory, and a step that is quadratic without memory makes the test slow.
func TestHostile(t *testing.T) {
	const size = 1 << 18
	long := hostile(size)
	for name, short := range hostile(size / 4) {
		t.Run(name, func(t *testing.T) {
			small, large := readMemory(t, short), readMemory(t, long[name])
			require.Less(t, large, 6*small+size, "bytes")
		})
	}
}

// readMemory is how many bytes reading a document takes, freed ones counted.
func readMemory(t *testing.T, doc crawler.Document) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := (&Reader{}).Read(doc)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	return after.TotalAlloc - before.TotalAlloc
}

// hostile is documents of about size bytes.
func hostile(size int) map[string]crawler.Document {
	fill := func(s string) []byte { return []byte(strings.Repeat(s, size/len(s))) }
	return map[string]crawler.Document{
		"nested tags":       {MIME: "text/html", Bytes: append(fill("<div><table><tr><td>"), 'x')},
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
		"deep lists":        {Bytes: []byte(deepList(size))},
		"headings":          {Bytes: fill("# Cookies\n\nAnalytics cookies\n\n")},
		"durations":         {Bytes: fill("1 year 1 month ")},
		"at signs":          {Bytes: fill("a@b.com ")},
		"quotes":            {Bytes: fill("\"cookie\" ")},
		"json":              {MIME: "application/json", Bytes: fill(`{"a":[`)},
		"not utf-8":         {Bytes: fill("\xff\xfe\xe9 cookie ")},
		"many names":        {Bytes: repeated(size, "We use the cookies ", "a_%d ", ". ", 200)},
		"many denials":      {Bytes: repeated(size, "We set %d ", "no cookies and do not use trackers, ", ". ", 70)},
		"many sentences":    {Bytes: repeated(size, "Our cookie a_%d lasts a year. ", "We keep it. ", "", 50)},
		"late headings":     {MIME: "text/html", Bytes: append(fill("<p>a")[:size/2], fill("<h1>Manage cookies</h1>")[:size/2]...)},
		"lines that label":  {Bytes: fill("Cookies for analytics\n\nx\n\n")},
		"vendors":           {Bytes: repeated(size, "We use cookies by Acme%d ", "Metrics Ltd", ".\n\n", 1)},
		"denied vendors":    {Bytes: repeated(size, "We do not use Google Analytics %d", "", ". ", 1)},
		"links":             {MIME: "text/html", Bytes: repeated(size, "<a href=https://a.example/%d>", "opt out", "</a>\n", 1)},
		"cookies":           {MIME: "text/html", Bytes: append([]byte("<table><tr><th>Name<th>Purpose<th>Expiry"), repeated(size, "<tr><td>_c%d<td>Counts visits for Acme Ltd<td>2 years", "", "", 1)...)},
		"promises":          {Bytes: repeated(size, "Our cookies last at most %d days", "", ". ", 1)},
	}
}

// repeated repeats a first part, which holds a number, n times the middle, which may hold another, and a last part.
func repeated(size int, first, middle, last string, n int) []byte {
	var b bytes.Buffer
	count := 0
	write := func(part string) {
		if strings.Contains(part, "%d") {
			part = fmt.Sprintf(part, count)
			count++
		}
		b.WriteString(part)
	}
	for b.Len() < size {
		write(first)
		for range n {
			write(middle)
		}
		write(last)
	}
	return b.Bytes()
}

// deepList is a list whose items lie deeper and deeper, as often as it takes.
func deepList(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%s* _c%d: x\n", strings.Repeat(" ", 2*(i%500)), i)
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
		"a cell ends the table":   "a | b\n--|--\n</table> | c\nd | e",
		"a cell opens a table":    "a | b\n--|--\n<table><tr><td>x | c\nd | e\n\nafter",
		"a cell opens another":    "a | b\n--|--\n</table><table> | c\nd | e\n\nafter",
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

// TestEndlessPDF reads PDFs whose parts hold themselves. Every change keeps the places of the objects.
func TestEndlessPDF(t *testing.T) {
	whole := simplePDF("Cookie policy")
	font := "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
	for name, swap := range map[string][]string{
		"a page is its own parent": {"/Parent 2 0 R", "/Parent 3 0 R", "/Resources", "/Resourceq"},
		"pages hold themselves":    {"/Kids [3 0 R] /Count 1", "/Kids [2 0 R] /Count 9"},
		"contents hold themselves": {"/Contents 4", "/Contents 5", font, "[5 0 R" + strings.Repeat(" ", len(font)-7) + "]"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := crawler.Document{MIME: "application/pdf", Bytes: []byte(strings.NewReplacer(swap...).Replace(string(whole)))}
			require.NotEqual(t, whole, doc.Bytes)
			checkRead(t, doc)
		})
	}
}
