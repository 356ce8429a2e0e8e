package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"slices"
	"strings"

	"trackscan/classify"
	"trackscan/crawler"
)

// NewsletterSchema names the JSON form of judged messages. Trackers, findings, policies and failures have the fields of
// trackscan.scan/1; pages are files of messages.
const NewsletterSchema = "trackscan.email/1"

// Newsletters are judged messages, ready to be written.
type Newsletters struct {
	Schema   string             `json:"schema"`
	Whole    bool               `json:"whole"`
	Agent    NewsletterAgent    `json:"agent"`
	Policies []PolicyFact       `json:"policies"`
	Messages []MessageFact      `json:"messages"`
	Failures []crawler.Failure  `json:"failures"`
	Trackers []classify.Tracker `json:"trackers"`
	Findings []classify.Finding `json:"findings"`
}

// NewsletterAgent is with what messages were judged.
type NewsletterAgent struct {
	Trackscan string `json:"trackscan"`
	Catalog   string `json:"catalog"`
	Lists     []List `json:"lists"`
}

// MessageFact is a message and the IDs of the trackers in it.
type MessageFact struct {
	crawler.Message
	Trackers []string `json:"trackers"`
}

// NewsletterFormats are the names of the formats that Newsletters are written in, the usual one first.
var NewsletterFormats = []string{"text", "json", "csv", "md", "html"}

// NewNewsletters puts together what was read and what it was judged to be. Policies is nil when there is none.
func NewNewsletters(messages []crawler.Message, r classify.Result, policies []classify.Policy, failures []crawler.Failure, agent NewsletterAgent) Newsletters {
	n := Newsletters{
		Schema: NewsletterSchema, Agent: agent, Trackers: r.Trackers, Findings: r.Findings,
		Policies: mapped(policies, func(p classify.Policy) PolicyFact { return PolicyFact{p.URL, p} }),
		Messages: mapped(messages, func(m crawler.Message) MessageFact { return MessageFact{m, trackersOf(m, r.Trackers)} }),
		Failures: failures,
	}
	for _, m := range messages {
		if m.Cut != "" {
			n.Failures = append(n.Failures, crawler.Failure{URL: m.File, Stage: crawler.StageMessage, Error: m.Cut})
		}
	}
	n.Whole = len(n.Failures) == 0
	return n
}

// trackersOf lists what was seen in m and is a tracker. Of what was in more messages than are listed it is told of those.
func trackersOf(m crawler.Message, all []classify.Tracker) []string {
	ids := []string{}
	for _, t := range all {
		if t.Verdict != classify.NotATracker && slices.Contains(t.Pages, m.File) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Write writes the messages in one of NewsletterFormats.
func (n Newsletters) Write(w io.Writer, format string, s Style) error {
	switch format {
	case "json":
		return n.writeJSON(w)
	case "csv":
		return n.writeCSV(w)
	case "md":
		return n.writeMarkdown(w)
	case "html":
		return n.writeHTML(w)
	case "text":
		return n.writeText(w, s)
	default:
		return fmt.Errorf("no format of messages is called %q", format)
	}
}

func (n Newsletters) writeJSON(w io.Writer) error {
	text, err := json.MarshalIndent(filled(reflect.ValueOf(n)).Interface(), "", "  ")
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	_, err = w.Write(append(escaped(text), '\n'))
	return err
}

// writeCSV writes a row for each tracker of each message: people filter by newsletter.
func (n Newsletters) writeCSV(w io.Writer) error {
	rows := [][]string{{"file", "subject", "sender", "kind", "verdict", "severity", "vendor", "category", "name", "rule", "message", "fix", "policy says", "id"}}
	for _, warning := range n.warnings() {
		rows = append(rows, []string{"", "", "", csvWarning, "", "", "", "", "", "", csvCell(warning), "", "", ""})
	}
	findings := findingsByTracker(n.Findings)
	for _, m := range n.Messages {
		for _, t := range n.in(m) {
			var f classify.Finding
			if list := findings[t.ID]; len(list) > 0 {
				f = list[0]
			}
			says := f.Text
			if t.Declaration != nil {
				says = t.Declaration.Text
			}
			row := []string{m.File, m.Subject, m.Sender, mailKind(t), string(t.Verdict), string(f.Severity), string(t.Vendor), string(t.Category), t.Name, f.Rule, f.Message, f.Fix, says, t.ID}
			rows = append(rows, mapped(row, csvCell))
		}
	}
	out := csv.NewWriter(w)
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return out.Error()
}

// in returns the trackers of a message.
func (n Newsletters) in(m MessageFact) []classify.Tracker {
	return slices.DeleteFunc(slices.Clone(n.Trackers), func(t classify.Tracker) bool { return !slices.Contains(m.Trackers, t.ID) })
}

// mailKind is what a tracker of a message is, in words.
func mailKind(t classify.Tracker) string {
	words := map[classify.Kind]string{
		classify.KindBeacon: "tracking pixel", classify.KindLink: "tracking link", classify.KindReceipt: "read receipt", classify.KindRequest: "picture for one reader",
	}
	return cmp.Or(words[t.Kind], string(t.Kind))
}

// Headline says in one sentence what was found.
func (n Newsletters) Headline() string {
	with := 0
	for _, m := range n.Messages {
		with += one(len(m.Trackers) > 0)
	}
	of := number(len(n.Messages), "message", "messages")
	switch {
	case len(n.Messages) == 0:
		return "No message could be read"
	case with == 0:
		return "No tracker in " + of
	case !n.compared():
		return fmt.Sprintf("Trackers in %d of %s; there was no policy to compare with", with, of)
	case n.open() == 0:
		return fmt.Sprintf("Trackers in %d of %s, as the policy says", with, of)
	default:
		return fmt.Sprintf("Trackers in %d of %s; %s not fit the policy", with, of, number(n.open(), "thing does", "things do"))
	}
}

// compared reports whether there was a policy to compare with.
func (n Newsletters) compared() bool {
	return slices.ContainsFunc(n.Policies, func(p PolicyFact) bool { return p.Declaration.IsPolicy })
}

func (n Newsletters) open() int { return len(n.Findings) }

// warnings are what must be known before any number.
func (n Newsletters) warnings() (list []string) {
	for _, f := range n.Failures {
		list = append(list, sentence("Not everything could be read: "+f.URL+": "+f.Error))
	}
	for _, p := range n.Policies {
		if !p.Declaration.IsPolicy {
			list = append(list, sentence(p.URL+" is no privacy or cookie policy: nothing could be compared with it"))
		}
	}
	return list
}

// letterPart is a message as people are told of it.
type letterPart struct {
	Title string
	File  string
	Lines []string
}

func (n Newsletters) parts() []letterPart {
	return mapped(n.Messages, func(m MessageFact) letterPart {
		p := letterPart{Title: sentence(cmp.Or(m.Subject, "(no subject)")), File: show(m.File)}
		for _, t := range n.in(m) {
			p.Lines = append(p.Lines, letterLine(t))
		}
		if m.AMP {
			p.Lines = append(p.Lines, "has a part in AMP, which runs when it is read")
		}
		if len(p.Lines) == 0 {
			p.Lines = []string{"no tracker"}
		}
		return p
	})
}

func letterLine(t classify.Tracker) string {
	line := mailKind(t)
	if t.Vendor != "" {
		line += " of " + string(t.Vendor)
	}
	return sentence(line + ": " + t.Name + " (" + strings.ReplaceAll(string(t.Verdict), "-", " ") + ")")
}

// letterProblem is a finding as people are told of it. All of it is inert.
type letterProblem struct{ Severity, Message, Policy, Fix, In string }

// problems are the findings, worst first.
func (n Newsletters) problems() []letterProblem {
	worst := []classify.Severity{classify.High, classify.Medium, classify.Low}
	list := slices.Clone(n.Findings)
	slices.SortStableFunc(list, func(a, b classify.Finding) int {
		return cmp.Compare(slices.Index(worst, a.Severity), slices.Index(worst, b.Severity))
	})
	return mapped(list, func(f classify.Finding) letterProblem {
		return letterProblem{strings.ToUpper(severityWord(f.Severity)), sentence(f.Message), sentence(f.Text), sentence(f.Fix), sentence(strings.Join(f.Pages, ", "))}
	})
}

func (n Newsletters) writeText(w io.Writer, s Style) error {
	t := &text{width: max(cmp.Or(s.Width, usualWidth), leastWidth), color: s.Color}
	for _, warning := range n.warnings() {
		t.paragraph("", 0, yellow, warning)
	}
	t.paragraph("", 0, bold, n.Headline())
	for _, p := range n.parts() {
		t.line()
		t.paragraph("", 0, bold, p.Title+" · "+p.File)
		for _, line := range p.Lines {
			t.paragraph("  ", 2, "", line)
		}
	}
	if len(n.Findings) > 0 {
		t.line()
		t.line(t.paint(bold, "TO DO"))
	}
	for i, p := range n.problems() {
		t.line()
		t.paragraph(p.Severity+" ", 9, severityColor(n.severity(i)), p.Message)
		for _, l := range [][2]string{{"Policy", p.Policy}, {"In", p.In}, {"Fix", p.Fix}} {
			if l[1] != "" {
				t.paragraph("         "+l[0]+" ", 17, "", l[1])
			}
		}
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

// severity is that of the i-th of problems.
func (n Newsletters) severity(i int) classify.Severity {
	return classify.Severity(strings.ToLower(n.problems()[i].Severity))
}

func (n Newsletters) writeMarkdown(w io.Writer) error {
	m := &markdown{}
	for _, warning := range n.warnings() {
		m.block("> " + mdText(warning))
	}
	m.block("## " + mdText(n.Headline()))
	for _, p := range n.parts() {
		m.block("**" + mdText(p.Title) + "** " + mdCode(p.File))
		m.block(mapped(p.Lines, func(line string) string { return "- " + mdText(line) })...)
	}
	if len(n.Findings) > 0 {
		m.block("### To do")
	}
	for _, p := range n.problems() {
		lines := []string{"- **" + p.Severity + "** " + mdText(p.Message)}
		if p.Policy != "" {
			lines = append(lines, "  <br>Policy: "+mdText(p.Policy))
		}
		m.block(append(lines, "  <br>In: "+mdText(p.In), "  <br>Fix: "+mdText(p.Fix))...)
	}
	_, err := w.Write(bytes.TrimLeft(m.out.Bytes(), "\n"))
	return err
}

// newslettersPage is page/newsletters.tmpl.
var newslettersPage = template.Must(template.ParseFS(pageTemplates, "page/newsletters.tmpl"))

func (n Newsletters) writeHTML(w io.Writer) error {
	tone := "good"
	if n.open() > 0 {
		tone = "bad"
	}
	var page bytes.Buffer
	err := newslettersPage.Execute(&page, map[string]any{
		"Headline": n.Headline(), "CSS": template.CSS(pageCSS), "CSP": csp(), "Tone": tone, "Warnings": n.warnings(),
		"Messages": n.parts(), "Problems": n.problems(), "Agent": show("trackscan " + n.Agent.Trackscan),
	})
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	_, err = w.Write(page.Bytes())
	return err
}
