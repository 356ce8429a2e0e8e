package mail

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"trackscan/classify"
	"trackscan/crawler"
	"trackscan/report"
)

var sentAt = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

// shopReport is a report with one thing to do, and what changed since the night before.
func shopReport() report.Report { return reportOf("www.shop.test", 1, 1) }

// reportOf is a report of that many findings by that many vendors; the last vendor is new.
func reportOf(host string, findings, vendors int) report.Report {
	site := "https://" + host + "/"
	at := time.Date(2026, 11, 22, 2, 31, 0, 0, time.UTC)
	scan := func(start time.Time) *crawler.Scan {
		return &crawler.Scan{
			Site: site, Started: start, Ended: start.Add(time.Minute),
			Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
			Pages:     []crawler.Page{{URL: site, FinalURL: site, Status: 200, Scenario: crawler.NoChoice}},
		}
	}
	var before, now classify.Result
	for i := range findings {
		vendor := i % vendors
		tracker := classify.Tracker{
			ID: fmt.Sprintf("cookie _visitor_%d .%s", i, host), Kind: classify.KindCookie, Name: fmt.Sprintf("_visitor_%d", i), Domain: "." + host,
			Party: "first", Vendor: classify.Text(fmt.Sprintf("Vendor %d", vendor)), Category: "advertising",
			Purpose: "Follows visitors from this site to advertisements on others.", Verdict: classify.Undeclared,
			Scenarios: []string{"no-choice"}, Pages: []string{site}, PageCount: 1,
		}
		finding := classify.Finding{
			ID: "undeclared " + tracker.ID, Rule: "undeclared", Severity: classify.Medium, Tracker: tracker.ID, Scenario: "no-choice",
			Message: fmt.Sprintf("The site uses the advertising cookie “_visitor_%d” of Vendor %d, and the policy does not mention it.", i, vendor),
			Fix:     fmt.Sprintf("Add to the section “Advertising” of the policy: “Vendor %d”. Or have it removed in Google Tag Manager, which loads it.", vendor),
		}
		now.Trackers, now.Findings = append(now.Trackers, tracker), append(now.Findings, finding)
		if vendor < vendors-1 {
			before.Trackers, before.Findings = append(before.Trackers, tracker), append(before.Findings, finding)
		}
	}
	policies := []classify.Policy{{URL: site + "cookies", IsPolicy: true}}
	return report.Build(scan(at), now, policies, report.Options{Earlier: []report.Night{
		report.NewNight(scan(at.AddDate(0, 0, -1)), before, policies),
	}})
}

// deadReport is of a site that never answered.
func deadReport(host string) report.Report {
	scan := &crawler.Scan{Site: "https://" + host + "/", Failures: []crawler.Failure{{
		URL: "https://" + host + "/", Stage: crawler.StageDiscover, Error: "the server refused the connection",
	}}}
	return report.Build(scan, classify.Result{}, nil, report.Options{})
}

// parsed is a message read back.
type parsed struct {
	header      mail.Header
	subject     string
	text, html  string
	attachments map[string]string
}

func compose(t *testing.T, reports ...report.Report) parsed {
	t.Helper()
	m, err := Compose(Envelope{From: "trackscan <trackscan@shop.test>", To: []string{"Bea <b@shop.test>"}, Date: sentAt}, reports...)
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	require.NoError(t, err)
	return parse(t, out.Bytes())
}

func parse(t *testing.T, message []byte) parsed {
	t.Helper()
	for line := range bytes.Lines(message) {
		require.LessOrEqual(t, len(line), 1000, "RFC 5322 allows 998 bytes and a line break")
	}
	r, err := mail.CreateReader(bytes.NewReader(message))
	require.NoError(t, err)
	out := parsed{header: r.Header, attachments: map[string]string{}}
	out.subject, err = r.Header.Subject()
	require.NoError(t, err)
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		body, err := io.ReadAll(part.Body)
		require.NoError(t, err)
		switch h := part.Header.(type) {
		case *mail.InlineHeader:
			kind, params, err := h.ContentType()
			require.NoError(t, err)
			require.Equal(t, "utf-8", strings.ToLower(params["charset"]))
			if kind == "text/html" {
				out.html = string(body)
			} else {
				out.text = string(body)
			}
		case *mail.AttachmentHeader:
			name, err := h.Filename()
			require.NoError(t, err)
			out.attachments[name] = string(body)
		}
	}
}

func TestComposeIsReadBack(t *testing.T) {
	p := compose(t, shopReport())
	require.Equal(t, "1 tracker on www.shop.test is not in its policy; 1 is new", p.subject)
	date, err := p.header.Date()
	require.NoError(t, err)
	require.True(t, date.Equal(sentAt))
	to, err := p.header.AddressList("To")
	require.NoError(t, err)
	require.Equal(t, "b@shop.test", to[0].Address)
	require.Equal(t, "auto-generated", p.header.Get("Auto-Submitted"))
	for _, body := range []string{p.text, p.html} {
		require.Contains(t, body, "1 tracker on www.shop.test is not in its policy")
		require.Contains(t, body, "Vendor 0")
		require.Contains(t, body, "Fix:")
	}
	full := p.attachments["trackscan-www.shop.test-2026-11-22.html"]
	require.Contains(t, full, "<h1>1 tracker on www.shop.test is not in its policy")
}

// Old mail programs: tables and inline styles, no script, style sheet, picture or outside thing.
func TestHTMLIsForOldPrograms(t *testing.T) {
	for _, p := range []parsed{compose(t, shopReport()), compose(t, shopReport(), reportOf("blog.test", 8, 3), deadReport("gone.test"))} {
		allowed := map[string]bool{}
		for _, name := range strings.Fields("html head meta title body table tbody tr td b br span div h1 h2 h3 h4") {
			allowed[name] = true
		}
		node, err := html.Parse(strings.NewReader(p.html))
		require.NoError(t, err)
		for n := range node.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			require.True(t, allowed[n.Data], n.Data)
			for _, a := range n.Attr {
				require.NotContains(t, []string{"src", "href", "background", "class"}, a.Key)
				require.NotContains(t, a.Val, "url(")
				require.NotContains(t, a.Val, "ZgotmplZ", "a style that the template refused")
			}
		}
	}
}

func TestBodiesOf500FindingsAreSmall(t *testing.T) {
	for _, vendors := range []int{1, 50, 500} {
		m, err := Compose(Envelope{From: "t@shop.test", To: []string{"a@shop.test"}, Date: sentAt}, reportOf("www.shop.test", 500, vendors))
		require.NoError(t, err)
		m.attachments = nil
		var out bytes.Buffer
		_, err = m.WriteTo(&out)
		require.NoError(t, err)
		require.Less(t, out.Len(), 100_000, "%d vendors", vendors)
		p := parse(t, out.Bytes())
		require.Contains(t, p.html, "Vendor 0")
		require.Contains(t, p.text, "Vendor 0")
	}
}

func TestDigest(t *testing.T) {
	clean := reportOf("clean.test", 0, 1)
	p := compose(t, clean, reportOf("blog.test", 3, 3), deadReport("gone.test"))
	require.Equal(t, "1 of 3 sites needs a look; 1 new tracker; 1 could not be scanned", p.subject)
	require.Len(t, p.attachments, 3)
	for _, body := range []string{p.text, p.html} {
		blog := strings.Index(body, "3 trackers on blog.test are not in its policy")
		require.Positive(t, blog)
		require.Less(t, strings.Index(body, "No tracker was seen on clean.test"), blog)
		require.Contains(t, body, "gone.test could not be scanned: the server refused the connection")
	}
}

// A message of very many sites stays one that servers take: what does not fit is left out, and said.
func TestDigestOfManySites(t *testing.T) {
	var reports []report.Report
	for i := range 60 {
		reports = append(reports, reportOf(fmt.Sprintf("shop%d.test", i), 200, 200))
	}
	m, err := Compose(Envelope{From: "t@shop.test", To: []string{"a@shop.test"}, Date: sentAt}, reports...)
	require.NoError(t, err)
	require.LessOrEqual(t, len(m.html), maxHTML)
	require.LessOrEqual(t, len(m.text), maxText)
	require.LessOrEqual(t, m.size(), maxAttached)
	left := len(reports) - len(m.attachments)
	require.Positive(t, left)
	require.Contains(t, string(m.html), fmt.Sprintf("%d of them are left out", left))
	require.Contains(t, string(m.text), fmt.Sprintf("%d reports are left out", left))
}

// What a site calls itself or its cookies adds no header, no element and no letter that hides.
func TestHostileNames(t *testing.T) {
	plain := compose(t, reportOf("www.shop.test", 2, 2))
	for _, s := range []string{
		"\r\nBcc: evil@evil.test\r\n", "\nX-Evil: 1", "=?utf-8?q?evil?=", "<script>alert(1)</script>", "</td></tr></table><h1>x", "\u202egnp", "a\x00b",
		"http://evil.test/p.gif", strings.Repeat("A", 5000), strings.Repeat("é ", 5000), "{{.}}", "\x1b[31m", "\xff\xfe", "../../etc/passwd", ".\r\n.\r\n",
	} {
		t.Run(fmt.Sprintf("%.20q", s), func(t *testing.T) {
			p := compose(t, hostileReport(s))
			require.Equal(t, headerNames(plain.header), headerNames(p.header))
			require.NotContains(t, p.subject, "\n")
			require.Equal(t, elements(t, plain.html), elements(t, p.html))
			for _, body := range []string{p.text, p.html} {
				require.NotContains(t, body, "\u202e")
				require.NotContains(t, body, "\x1b")
				require.NotContains(t, body, "\x00")
			}
			for line := range strings.Lines(p.text) {
				require.LessOrEqual(t, len([]rune(line)), 100)
			}
			require.Len(t, p.attachments, 1)
			for name := range p.attachments {
				require.Regexp(t, `^trackscan-[A-Za-z0-9.-]*\.html$`, name)
			}
		})
	}
}

// hostileReport is the report of a site that calls everything s.
func hostileReport(s string) report.Report {
	site := "https://www.shop.test/"
	scan := &crawler.Scan{
		Site: site, Started: sentAt, Ended: sentAt, Scenarios: []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}},
		Pages: []crawler.Page{{URL: site, FinalURL: site, Status: 200, Title: s, Scenario: crawler.NoChoice}},
	}
	var r classify.Result
	for i, vendor := range []string{s, s + "2"} {
		tracker := classify.Tracker{
			ID: fmt.Sprint("cookie ", s, i), Kind: classify.KindCookie, Name: s, Domain: ".shop.test", Party: "first", Vendor: classify.Text(vendor),
			Category: "advertising", Purpose: s, Verdict: classify.Undeclared, Scenarios: []string{"no-choice"}, Pages: []string{site}, PageCount: 1,
		}
		r.Trackers = append(r.Trackers, tracker)
		r.Findings = append(r.Findings, classify.Finding{
			ID: "undeclared " + tracker.ID, Rule: "undeclared", Severity: classify.Medium, Tracker: tracker.ID, Scenario: "no-choice", Message: s + ".", Fix: s,
		})
	}
	before := *scan
	before.Started = sentAt.AddDate(0, 0, -1)
	policies := []classify.Policy{{URL: site, IsPolicy: true}}
	return report.Build(scan, r, policies, report.Options{Earlier: []report.Night{report.NewNight(&before, classify.Result{
		Trackers: r.Trackers[:1], Findings: r.Findings[:1],
	}, policies)}})
}

func headerNames(h mail.Header) map[string]bool {
	out := map[string]bool{}
	for fields := h.Fields(); fields.Next(); {
		out[fields.Key()] = true
	}
	return out
}

// elements counts what kinds of element a document has.
func elements(t *testing.T, document string) map[string]bool {
	t.Helper()
	node, err := html.Parse(strings.NewReader(document))
	require.NoError(t, err)
	out := map[string]bool{}
	for n := range node.Descendants() {
		if n.Type == html.ElementNode {
			out[n.Data] = true
		}
	}
	return out
}

func TestComposeChecksAddresses(t *testing.T) {
	for _, c := range []struct {
		name string
		e    Envelope
		want string
	}{
		{"no recipient", Envelope{From: "t@shop.test"}, "no recipient"},
		{"no address", Envelope{From: "t@shop.test", To: []string{"marketing"}}, `"marketing" is no mail address`},
		{"a header in an address", Envelope{From: "t@shop.test", To: []string{"a@shop.test\r\nBcc: b@evil.test"}}, "is no mail address"},
		{"no sender", Envelope{To: []string{"a@shop.test"}}, `"" is no mail address`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compose(c.e, shopReport())
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := Compose(Envelope{From: "t@shop.test", To: []string{"a@shop.test"}})
	require.ErrorContains(t, err, "no report")
}

// The same report sent twice is known to mail programs as one.
func TestSameMessageSameID(t *testing.T) {
	first, second, other := compose(t, shopReport()), compose(t, shopReport()), compose(t, deadReport("x.test"))
	require.NotEmpty(t, first.header.Get("Message-Id"))
	require.Equal(t, first.header.Get("Message-Id"), second.header.Get("Message-Id"))
	require.NotEqual(t, first.header.Get("Message-Id"), other.header.Get("Message-Id"))
}
