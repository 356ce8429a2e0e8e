package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// SMTP is the server that mails go out by.
type SMTP struct {
	Host     string  `yaml:"host"`
	Port     Port    `yaml:"port"` // 0 for 587, or 465 with tls
	Security string  `yaml:"security"`
	User     Secret  `yaml:"user"`
	Password Secret  `yaml:"password"`
	From     Mailbox `yaml:"from"`
}

// Securities are how a connection to an SMTP server may be secured, the default first. With none no password is sent.
var Securities = []string{"starttls", "tls", "none"}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *SMTP) UnmarshalYAML(n ast.Node) error {
	type plain SMTP
	if err := strictly(n, (*plain)(s)); err != nil {
		return err
	}
	if s.Security == "" {
		s.Security = Securities[0]
	}
	switch {
	case s.Host == "":
		return wrong(n, "smtp needs a host")
	case strings.ContainsAny(s.Host, ":/ "):
		return wrong(n, fmt.Sprintf("smtp: %q is no host; its port has a key of its own", s.Host))
	case s.From == "":
		return wrong(n, "smtp needs a from address")
	case !slices.Contains(Securities, s.Security):
		return wrong(n, fmt.Sprintf("smtp: security %q: one of %s", s.Security, strings.Join(Securities, ", ")))
	case s.User.Set() != s.Password.Set():
		return wrong(n, "smtp: user and password go together")
	}
	return nil
}

// Port is the number of a port, or "${NAME}".
type Port int

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (p *Port) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err == nil {
		if text, err = Expand(text, os.LookupEnv); err != nil {
			return wrong(n, err.Error())
		}
	}
	if err != nil {
		return err
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil || number == 0 {
		return wrong(n, fmt.Sprintf("%q is no port", text))
	}
	*p = Port(number)
	return nil
}

// Mail says who is told of a site, and when.
type Mail struct {
	To     []Mailbox `yaml:"to"`
	When   Occasion  `yaml:"when"`
	Weekly Weekday   `yaml:"weekday"` // of weekly mails
	Digest bool      `yaml:"digest"`  // one mail for all sites of a night that go to the same people
}

// MailOf returns what holds for a site: its own, with what it leaves open from that of all sites.
func (c *Config) MailOf(site *Site) Mail {
	m := c.Mail
	if own := site.Mail; own != nil {
		if own.To != nil {
			m.To = own.To
		}
		if own.When != "" {
			m.When = own.When
		}
		if own.Weekly != 0 {
			m.Weekly = own.Weekly
		}
		m.Digest = m.Digest || own.Digest
	}
	if m.When == "" {
		m.When = OnNews
	}
	return m
}

// Mailbox is the address of a person, "a@example.org" or "Ada <a@example.org>".
type Mailbox string

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (m *Mailbox) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	if err := CheckMailbox(text); err != nil {
		return wrong(n, err.Error())
	}
	*m = Mailbox(text)
	return nil
}

// CheckMailbox fails when text is no address that mail can be sent to.
func CheckMailbox(text string) error {
	a, err := mail.ParseAddress(text)
	if err != nil || strings.ContainsAny(text, "\r\n") || !strings.Contains(a.Address, "@") {
		return fmt.Errorf("%q is no mail address", text)
	}
	return nil
}

// Occasion is when a mail is sent.
type Occasion string

// The occasions.
const (
	OnNews Occasion = "new"    // when something changed for the worse, or the scan was not whole and was before
	Always Occasion = "always" // after every scan
	Weekly Occasion = "weekly" // once a week, and nothing between
)

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (o *Occasion) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	*o = Occasion(text)
	if !slices.Contains([]Occasion{OnNews, Always, Weekly}, *o) {
		return wrong(n, fmt.Sprintf("%q: new, always or weekly", text))
	}
	return nil
}

// Weekday is a day of the week plus one; 0 is none.
type Weekday int

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (w *Weekday) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), text) {
			*w = Weekday(d + 1)
			return nil
		}
	}
	return wrong(n, fmt.Sprintf("%q is no day of the week, such as monday", text))
}

// Day returns the day; Monday for the zero Weekday.
func (w Weekday) Day() time.Weekday {
	if w == 0 {
		return time.Monday
	}
	return time.Weekday(w - 1)
}

// Address is the address of a site; without a scheme https is tried first.
type Address string

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (a *Address) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	full := text
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	u, err := url.Parse(full)
	switch {
	case err != nil || u.Hostname() == "":
		return wrong(n, "no address of a site, such as https://www.example.org")
	case u.Scheme != "https" && u.Scheme != "http":
		return wrong(n, "only http and https can be scanned")
	case u.User != nil:
		return wrong(n, "a password does not belong into this file: use auth")
	}
	*a = Address(text)
	return nil
}
