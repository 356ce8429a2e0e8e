package main

import (
	"context"
	"encoding/json"
	"time"

	"trackscan/cmd/trackscan/config"
	"trackscan/crawler/history"
	"trackscan/report"
)

// mailState is what is remembered of the mails about a site. The zero value stands for none yet.
type mailState struct {
	Scan    int64     `json:"scan"`    // the newest scan that was told, or held nothing to tell; the next one is held against it
	Sent    time.Time `json:"sent"`    // when the last mail went out
	Pending []string  `json:"pending"` // recipients who did not get the last one
	Dead    bool      `json:"dead"`    // the last scan saw nothing
}

// mailStates is the name under which it is kept.
const mailStates = "mail"

// loadMailState reads what is remembered of a site. What cannot be read counts as nothing: a mail too many is better
// than one too few.
func loadMailState(ctx context.Context, store *history.Store, key string) (s mailState, err error) {
	text, err := store.State(ctx, key, mailStates)
	if err != nil || text == nil {
		return s, err
	}
	if json.Unmarshal(text, &s) != nil {
		return mailState{}, nil
	}
	return s, nil
}

func (s mailState) save(ctx context.Context, store *history.Store, key string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return store.SetState(ctx, key, mailStates, text)
}

// due reports whether a scan is worth a mail. A weekly mail is due once its day has come since the last one.
func (s mailState) due(m config.Mail, r report.Report, scan int64, now time.Time) bool {
	if scan != 0 && scan == s.Scan {
		return false
	}
	switch m.When {
	case config.Always:
		return true
	case config.Weekly:
		return s.Sent.Before(lastDay(m.Weekly.Day(), now))
	}
	if r.Dead || s.Dead {
		return r.Dead != s.Dead
	}
	return r.Changes.Any() || (s.Scan == 0 || r.Changes.First()) && len(r.ToDo) > 0
}

// lastDay is when that day of the week began last.
func lastDay(d time.Weekday, now time.Time) time.Time {
	back := (int(now.Weekday()) - int(d) + 7) % 7
	y, m, day := now.AddDate(0, 0, -back).Date()
	return time.Date(y, m, day, 0, 0, 0, 0, now.Location())
}
