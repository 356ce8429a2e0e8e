package mail

import (
	"bytes"
	_ "embed"
	htmltemplate "html/template"
	"strconv"
	"strings"
	"text/template"

	"trackscan/report"
)

//go:embed body.html.tmpl
var htmlSource string

//go:embed body.txt.tmpl
var textSource string

// The largest bodies, in bytes: Gmail cuts a message off at 102 KB, the marks of its encoding included.
const (
	maxHTML = 60_000
	maxText = 30_000
)

// limits is how much a body shows of each site, and of how many sites it shows more than the headline; the attached
// reports have all.
type limits struct{ Tasks, Changes, Sites int }

// fewer is tried in turn until a body is small enough.
var fewer = []limits{{15, 30, 100}, {8, 15, 100}, {3, 6, 100}, {1, 3, 50}, {0, 1, 20}, {0, 0, 0}}

// listedSites is how many sites a digest lists.
const listedSites = 200

// body is what the templates print.
type body struct {
	Headline string
	List     []site // of a digest: each site, with its headline
	More     int    // of a digest: sites that are not listed
	Sites    []site // those of which there is more to say
	Digest   bool   // several sites
	Left     int    // reports that are not attached
}

// site is one report in a body.
type site struct {
	report.Summary
	MoreChanges int
	All         int // things to do
}

// bodies writes the text and the HTML of a message. left is how many reports are not attached.
func bodies(reports []report.Report, left int) (text, html []byte, err error) {
	var plain, page bytes.Buffer
	for _, l := range fewer {
		b := newBody(reports, left, l)
		if plain.Len() == 0 || plain.Len() > maxText {
			plain.Reset()
			err = textBody.Execute(&plain, b)
		}
		if err == nil && (page.Len() == 0 || page.Len() > maxHTML) {
			page.Reset()
			err = htmlBody.Execute(&page, b)
		}
		if err != nil || plain.Len() <= maxText && page.Len() <= maxHTML {
			break
		}
	}
	return plain.Bytes(), page.Bytes(), err
}

func newBody(reports []report.Report, left int, l limits) body {
	b := body{Digest: len(reports) > 1, Left: left}
	for _, r := range reports {
		s := site{Summary: report.Summarise(r, l.Tasks), All: len(r.ToDo)}
		if more := len(s.Changes) - l.Changes; more > 0 {
			s.MoreChanges, s.Changes = more, s.Changes[:l.Changes]
		}
		if b.Digest {
			s.Headline = report.Subject(r)
		}
		b.List = append(b.List, s)
		if len(b.Sites) < l.Sites && (s.All > 0 || len(s.Changes) > 0 || len(s.Warnings) > 0) {
			b.Sites = append(b.Sites, s)
		}
	}
	if !b.Digest {
		b.Headline, b.Sites, b.List = b.List[0].Headline, b.List, nil
		return b
	}
	b.Headline = digestHeadline(reports)
	b.More = max(0, len(b.List)-listedSites)
	b.List = b.List[:len(b.List)-b.More]
	return b
}

// digestHeadline sums up several sites: those that could not be scanned, those with something to do, and what is new.
func digestHeadline(reports []report.Report) string {
	var dead, bad, fresh int
	for _, r := range reports {
		switch {
		case r.Dead:
			dead++
		case len(r.ToDo) > 0:
			bad++
		}
		for _, c := range r.Changes.New {
			if c.Whole {
				fresh++
			}
		}
	}
	text := "Nothing to do on " + strconv.Itoa(len(reports)) + " sites"
	if bad > 0 {
		text = strconv.Itoa(bad) + " of " + strconv.Itoa(len(reports)) + " sites " + pick(bad, "needs", "need") + " a look"
	}
	if fresh > 0 {
		text += "; " + strconv.Itoa(fresh) + " new " + pick(fresh, "tracker", "trackers")
	}
	if dead > 0 {
		text += "; " + strconv.Itoa(dead) + " could not be scanned"
	}
	return text
}

func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// styles are the inline styles of the HTML: old mail programs know no style sheets.
var styles = map[string]string{
	"text":  "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:15px;line-height:22px;color:#1a2130;",
	"small": "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:13px;line-height:19px;color:#525c6d;",
	"head":  "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:23px;line-height:30px;font-weight:bold;color:#1a2130;margin:0;",
	"part":  "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:17px;line-height:24px;font-weight:bold;color:#1a2130;margin:0;",
	"name":  "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:16px;line-height:22px;font-weight:bold;color:#1a2130;margin:0;",
	"n":     "font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:24px;line-height:28px;font-weight:bold;",
}

// ink and sheet are the colours of a tone, dark on light.
var (
	ink   = map[string]string{"bad": "#b3261e", "high": "#b3261e", "warn": "#8a4b00", "medium": "#8a4b00", "good": "#1c6b3c", "quiet": "#525c6d", "low": "#3f5f8f"}
	sheet = map[string]string{"bad": "#fdf0ef", "warn": "#fff5e3", "good": "#ecf7f0", "quiet": "#f6f7f9"}
)

var htmlBody = htmltemplate.Must(htmltemplate.New("html").Funcs(htmltemplate.FuncMap{
	"css": func(name string) htmltemplate.CSS { return htmltemplate.CSS(styles[name]) },
	"ink": func(tone string) htmltemplate.CSS { return htmltemplate.CSS("color:" + ink[tone] + ";") },
	"edge": func(tone string) htmltemplate.CSS {
		return htmltemplate.CSS("border-left:5px solid " + ink[tone] + ";")
	},
	"sheet": func(tone string) string { return sheet[tone] },
	"upper": strings.ToUpper,
}).Parse(htmlSource))

var textBody = template.Must(template.New("text").Funcs(template.FuncMap{
	"upper": strings.ToUpper,
	"wrap":  report.Wrap,
}).Parse(textSource))
