package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

//go:embed page/*.tmpl
var pageTemplates embed.FS

//go:embed page/page.css
var pageCSS string

// htmlBytes is the largest page, its pictures aside, that is written when less can be shown: it goes by mail.
const htmlBytes = 500_000

// htmlLimits is how much a page shows; what is left out is counted on the page and is all in the JSON.
type htmlLimits struct {
	Cards    int // vendors with a card of their own; the others get a line
	Exempt   int // lines of exemptions of one card
	Parts    int // pieces of evidence of one card
	Lines    int // rows of any other list
	Evidence int // pieces of evidence in all cards
}

// fewer is tried in turn until the page is no larger than htmlBytes.
var fewer = []htmlLimits{
	{Cards: 100, Exempt: 40, Parts: 30, Lines: 500, Evidence: 600},
	{Cards: 60, Exempt: 20, Parts: 20, Lines: 300, Evidence: 200},
	{Cards: 25, Exempt: 8, Parts: 8, Lines: 100, Evidence: 60},
	{Cards: 8, Exempt: 4, Parts: 4, Lines: 30, Evidence: 16},
}

// writeHTML writes one file that needs nothing else: no script, no request to anywhere.
func writeHTML(w io.Writer, r Report, _ Style) error {
	var page bytes.Buffer
	for _, limits := range fewer {
		page.Reset()
		if err := pageHTML.Execute(&page, newHTMLPage(r, limits)); err != nil {
			return fmt.Errorf("write html: %w", err)
		}
		if page.Len()-r.Banner.bytes() <= htmlBytes {
			break
		}
	}
	_, err := w.Write(page.Bytes())
	return err
}

// htmlPage is what the template prints.
type htmlPage struct {
	Report
	Headline  string
	Lede      string
	Brief     Brief
	Tone      string // "bad", "warn" or "good": how the headline is marked, beside its words
	CSS       template.CSS
	CSP       string
	When      string
	Numbers   []CountRow
	Bar       []barPart
	Bars      Bars
	Drawing   Drawing
	Changed   []ChangeLine
	Cards     []htmlCard
	MoreCards []Card
	Rules     []classify.Rule
	Footer    []string
	Scenarios bool // pages were seen in more than one
	Broken    int  // promises that do not hold
	limits    htmlLimits
}

// htmlCard is a card and as much of its evidence as there is room for.
type htmlCard struct {
	Card
	ID       string // of the element
	Evidence head[Part]
	Exempt   string // lines to paste
	More     int    // findings without lines
}

// cardOn is a card together with the page that it is on.
type cardOn struct {
	Page htmlPage
	Card htmlCard
}

// csp allows the one style sheet of the page and the pictures in it, and nothing else.
func csp() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'"
}

func newHTMLPage(r Report, limits htmlLimits) htmlPage {
	shown := min(len(r.ToDo), limits.Cards)
	p := htmlPage{
		Report: r, Headline: Headline(r), Lede: lede(r), Brief: newBrief(r), Tone: tone(r), CSS: template.CSS(pageCSS), CSP: csp(),
		When: when(r.Facts.Started), Numbers: countRows(r.Counts), Bar: bar(r.Counts), Bars: bars(r.Trend), Drawing: draw(r.Host, r.Loads),
		Changed: changeLines(r.Changes), MoreCards: r.ToDo[shown:], Rules: rulesOf(r.ToDo), Footer: footer(r),
		Scenarios: severalScenarios(r.Visits), limits: limits,
	}
	for _, c := range r.Claims {
		p.Broken += one(c.Result == claimResults[0])
	}
	left := limits.Evidence
	for i, c := range r.ToDo[:shown] {
		keep := min(len(c.Parts), limits.Parts, left)
		left -= keep
		ids := headOf(c.ids(), limits.Exempt)
		p.Cards = append(p.Cards, htmlCard{
			Card: c, ID: "todo-" + strconv.Itoa(i+1), Evidence: headOf(c.Parts, keep),
			Exempt: exemptLines(ids.Rows, r.Facts.Started), More: ids.More,
		})
	}
	return p
}

func severalScenarios(visits []Visit) bool {
	return slices.ContainsFunc(visits, func(v Visit) bool { return v.Scenario != visits[0].Scenario })
}

// A barPart is a stretch of the bar below the headline. Its numbers stand beside it in words.
type barPart struct {
	X, Width int // percent
	Tone     string
}

func bar(c Counts) []barPart {
	total := c.Undeclared + c.Unidentified + c.Declared
	var out []barPart
	sum := 0
	for _, part := range []struct {
		n    int
		tone string
	}{{c.Undeclared, "bad"}, {c.Unidentified, "warn"}, {c.Declared, "good"}} {
		if part.n == 0 {
			continue
		}
		from, to := sum*100/total, (sum+part.n)*100/total
		sum += part.n
		out = append(out, barPart{X: from, Width: to - from, Tone: part.tone})
	}
	if len(out) < 2 {
		return nil // a bar of one colour tells nothing that its number does not
	}
	return out
}

// webAddress reports whether a link to shown leads where it says: a whole address of the web, with nothing cut out or
// written out by show.
func webAddress(shown string) bool {
	web := strings.HasPrefix(shown, "https://") || strings.HasPrefix(shown, "http://")
	return web && shown == show(shown) && !strings.ContainsAny(shown, "…\\ ") && crawler.HostOf(shown) != ""
}

// severityShapes stand before the word, so that colour is never alone.
var severityShapes = map[classify.Severity]string{classify.High: "▲", classify.Medium: "◆", classify.Low: "●"}

var pageHTML = template.Must(template.New("page.tmpl").Funcs(template.FuncMap{
	"cardOn":   func(p htmlPage, c htmlCard) cardOn { return cardOn{p, c} },
	"category": categoryWord,
	"declared": func(c Card) string { return declaredWord(c.Verdict) },
	"advice":   advice,
	"image": func(p Picture) template.URL {
		return template.URL("data:" + p.MIME + ";base64," + base64.StdEncoding.EncodeToString(p.Bytes))
	},
	"level":   severityWord,
	"names":   names,
	"number":  number,
	"open":    openSince,
	"safe":    show,
	"seen":    seen,
	"some":    func(words []string) string { return someOf(words, shownParts) },
	"shape":   func(s classify.Severity) string { return severityShapes[s] },
	"short":   shortURL,
	"upper":   upperFirst,
	"verdict": func(v classify.Verdict) string { return verdictWords[v] },
	"web":     webAddress,
	"matters": matters,
	"others": func(p htmlPage, list []Advice) head[string] {
		var all []string
		for _, a := range list {
			all = union(all, a.Others)
		}
		return headOf(all, p.limits.Parts)
	},
	"cardsOf":  func(p htmlPage, cards []Card) head[Card] { return headOf(cards, p.limits.Lines) },
	"changed":  func(p htmlPage) head[ChangeLine] { return headOf(p.Changed, p.limits.Lines/4) },
	"exempted": func(p htmlPage) head[Exempted] { return headOf(p.Facts.Exempted, p.limits.Lines) },
	"missing":  func(p htmlPage) head[Missing] { return headOf(p.Unseen, p.limits.Lines) },
	"promises": func(p htmlPage) head[Claim] { return headOf(p.Claims, p.limits.Lines) },
	"rowsOf":   func(p htmlPage) head[MatrixRow] { return headOf(p.Matrix.Rows, p.limits.Lines/4) },
	"visited":  func(p htmlPage) head[Visit] { return headOf(p.Visits, p.limits.Lines) },
}).ParseFS(pageTemplates, "page/*.tmpl"))
