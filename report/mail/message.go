// Package mail turns reports into a message and hands it to a mail server.
//
// A message has a short text, the same in HTML for old mail programs (tables, inline styles, small enough that none
// of them cuts it off), and the full HTML report of each site attached. It fetches nothing and has no picture that
// tells who opened it. Whatever sites say in it is inert: headers hold no line break, the HTML no foreign tag.
//
// Which reports are sent to whom, and when, is decided elsewhere; so is what happens when a message could not be sent.
package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"trackscan/report"
)

// Envelope is who writes to whom.
type Envelope struct {
	From string    // "trackscan <trackscan@shop.example>", or the address alone
	To   []string  // likewise; each gets a message of its own and sees no other
	Date time.Time // of the message
}

// Message is a mail that is ready to be sent. It is made once and sent to each of its recipients.
type Message struct {
	Subject string

	envelope    Envelope
	text, html  []byte
	attachments []attachment
}

// attachment is the full report of one site.
type attachment struct {
	name string
	body []byte
}

// maxAttached bounds the reports of one message, in bytes before they are encoded for the mail: many servers refuse
// more than 10 MB.
const maxAttached = 6_000_000

// Compose makes the message of one report, or of several: a digest. The order of the reports is kept. It fails on an
// address that is none, and without recipients or reports.
func Compose(e Envelope, reports ...report.Report) (*Message, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if len(reports) == 0 {
		return nil, errors.New("compose mail: no report")
	}
	m := &Message{Subject: subject(reports), envelope: e}
	left := 0
	for _, r := range reports {
		a, err := attach(r)
		if err != nil {
			return nil, err
		}
		if m.size()+len(a.body) > maxAttached {
			left++
			continue
		}
		m.attachments = append(m.attachments, a)
	}
	var err error
	if m.text, m.html, err = bodies(reports, left); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	return m, nil
}

// check tells of addresses that are none, all at once.
func (e Envelope) check() error {
	var all error
	if len(e.To) == 0 {
		all = errors.New("compose mail: no recipient")
	}
	for _, address := range append([]string{e.From}, e.To...) {
		if _, err := netmail.ParseAddress(address); err != nil {
			all = errors.Join(all, fmt.Errorf("compose mail: %q is no mail address", address))
		}
	}
	return all
}

func (m *Message) size() (n int) {
	for _, a := range m.attachments {
		n += len(a.body)
	}
	return n
}

// attach writes the full report of a site as a file.
func attach(r report.Report) (attachment, error) {
	var body bytes.Buffer
	full, _ := report.FormatNamed("html")
	if err := full.Write(&body, r, report.Style{}); err != nil {
		return attachment{}, fmt.Errorf("compose mail: %w", err)
	}
	name := "trackscan-" + notInNames.ReplaceAllString(r.Host, "-")
	if !r.Facts.Started.IsZero() {
		name += r.Facts.Started.Format("-2006-01-02")
	}
	return attachment{name: name + ".html", body: body.Bytes()}, nil
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// maxSubject is the longest subject in characters; mail programs show about half of it.
const maxSubject = 150

// subject is verdict and site; of several sites how many need a look.
func subject(reports []report.Report) string {
	if len(reports) == 1 {
		return shortened(report.Subject(reports[0]))
	}
	return shortened(digestHeadline(reports))
}

func shortened(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= maxSubject {
		return string(runes)
	}
	return string(runes[:maxSubject-1]) + "…"
}

// WriteTo writes the message as it would be sent, with all its recipients.
func (m *Message) WriteTo(w io.Writer) (int64, error) {
	msg, err := m.to(m.envelope.To...)
	if err != nil {
		return 0, err
	}
	return msg.WriteTo(w)
}

// to makes the message for these recipients.
func (m *Message) to(recipients ...string) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if err := errors.Join(msg.From(m.envelope.From), msg.To(recipients...)); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.envelope.Date)
	msg.SetMessageIDWithValue(m.id(recipients))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from holidays
	msg.SetBodyString(gomail.TypeTextPlain, string(m.text))
	msg.AddAlternativeString(gomail.TypeTextHTML, string(m.html))
	for _, a := range m.attachments {
		msg.AttachReadSeeker(a.name, bytes.NewReader(a.body), gomail.WithFileContentType("text/html; charset=utf-8"))
	}
	return msg, nil
}

// id is the same for the same message to the same recipients, so that one that is sent twice is known as one.
func (m *Message) id(recipients []string) string {
	sum := sha256.New()
	fmt.Fprintln(sum, m.envelope.Date.UnixNano(), m.Subject, recipients)
	sum.Write(m.html)
	from, err := netmail.ParseAddress(m.envelope.From)
	domain := "trackscan.invalid"
	if err == nil {
		domain = from.Address[strings.LastIndex(from.Address, "@")+1:]
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]) + "@" + domain
}
