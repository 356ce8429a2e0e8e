package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trackscan/cmd/trackscan/config"
	"trackscan/report"
	"trackscan/report/mail"
)

// letter is what there is to tell of one site after a night.
type letter struct {
	site   *config.Site
	mail   config.Mail
	report report.Report
	scan   int64 // 0 when there is none of it in the store
	state  mailState
	due    bool
	failed bool // it was due, and nobody got it
}

// recipients are everybody when there is something to tell, and else those who missed the last mail.
func (l *letter) recipients() []string {
	if !l.due {
		return l.state.Pending
	}
	list := make([]string, len(l.mail.To))
	for i, to := range l.mail.To {
		list[i] = string(to)
	}
	return list
}

// bundles puts the letters together that go out as one mail: a digest has all sites of the night for the same people,
// also those with no news, when one of them has some.
func bundles(letters []letter) [][]*letter {
	var all [][]*letter
	digests := map[string]int{}
	for i := range letters {
		l := &letters[i]
		to := slices.Sorted(slices.Values(l.mail.To))
		key := fmt.Sprintf("%q", to)
		if at, ok := digests[key]; ok && l.mail.Digest {
			all[at] = append(all[at], l)
			continue
		}
		if l.mail.Digest {
			digests[key] = len(all)
		}
		all = append(all, []*letter{l})
	}
	return all
}

// post sends one bundle and notes in each letter who has not got it. Nothing is due, nothing is sent.
func post(ctx context.Context, server mail.Server, from string, now time.Time, bundle []*letter) error {
	var to []string
	var reports []report.Report
	for _, l := range bundle {
		for _, r := range l.recipients() {
			if !slices.Contains(to, r) {
				to = append(to, r)
			}
		}
		reports = append(reports, l.report)
	}
	if len(to) == 0 {
		return nil
	}
	var missed []string
	var all error
	for _, one := range to {
		if err := send(ctx, server, mail.Envelope{From: from, To: []string{one}, Date: now}, reports); err != nil {
			missed, all = append(missed, one), errors.Join(all, err)
		}
	}
	for _, l := range bundle {
		l.state.Pending = missed
		if len(missed) < len(to) {
			l.state.Sent = now
		} else {
			l.failed = l.due
		}
	}
	return all
}

func send(ctx context.Context, server mail.Server, e mail.Envelope, reports []report.Report) error {
	m, err := mail.Compose(e, reports...)
	if err != nil {
		return err
	}
	return server.Send(ctx, m)
}

// noted is the state once a letter was dealt with. What nobody was told is news next time too: of a mail that failed,
// and of the nights between two weekly ones.
func (l *letter) noted() mailState {
	s := l.state
	if l.failed {
		return s
	}
	if l.scan != 0 && (l.due || l.mail.When != config.Weekly) {
		s.Scan = l.scan
	}
	s.Dead = l.report.Dead
	return s
}

// mailServer is the server of a configuration, with its password.
func mailServer(conf *config.Config) (mail.Server, error) {
	c := conf.SMTP
	s := mail.Server{Host: c.Host, Port: int(c.Port), Security: mail.Security(c.Security)}
	if !c.User.Set() {
		return s, nil
	}
	dir := filepath.Dir(conf.Path)
	user, err := c.User.Read(dir, os.LookupEnv)
	password, err2 := c.Password.Read(dir, os.LookupEnv)
	if err := errors.Join(err, err2); err != nil {
		return s, usageError{fmt.Errorf("%s: smtp: %w", conf.Path, err)}
	}
	s.User, s.Password = strings.TrimSpace(user), password
	return s, nil
}
