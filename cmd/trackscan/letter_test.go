package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackscan/cmd/trackscan/config"
	"trackscan/report"
)

func TestMailIsDue(t *testing.T) {
	now := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC) // a Saturday
	news := report.Report{Changes: report.Changes{Scans: 1, New: []report.Change{{Name: "Meta Pixel"}}}}
	quiet := report.Report{Changes: report.Changes{Scans: 1}, ToDo: []report.Card{{}}}
	first, clean := report.Report{ToDo: []report.Card{{}}}, report.Report{}
	dead := report.Report{Dead: true, Changes: report.Changes{Scans: 1}}
	ago := func(d int) mailState { return mailState{Scan: 6, Sent: now.AddDate(0, 0, -d)} }
	for _, c := range []struct {
		name  string
		when  config.Occasion
		state mailState
		r     report.Report
		scan  int64
		want  bool
	}{
		{"something new", config.OnNews, ago(1), news, 7, true},
		{"nothing new", config.OnNews, ago(1), quiet, 7, false},
		{"something new that was told", config.OnNews, mailState{Scan: 7}, news, 7, false},
		{"the first scan, with something to do", config.OnNews, mailState{}, first, 7, true},
		{"the first scan, with nothing to do", config.OnNews, mailState{}, clean, 7, false},
		{"scans that nobody was told of", config.OnNews, mailState{}, quiet, 7, true},
		{"the site died", config.OnNews, ago(1), dead, 7, true},
		{"the site is still dead", config.OnNews, mailState{Dead: true}, dead, 7, false},
		{"not even a failure was recorded", config.OnNews, ago(1), dead, 0, true},
		{"the site is back", config.OnNews, mailState{Dead: true}, quiet, 7, true},
		{"always", config.Always, ago(0), quiet, 7, true},
		{"always, but once for a scan", config.Always, mailState{Scan: 7}, quiet, 7, false},
		{"weekly, for the first time", config.Weekly, mailState{}, quiet, 7, true},
		{"weekly, on its day", config.Weekly, ago(7), quiet, 7, true},
		{"weekly, between", config.Weekly, ago(0), news, 7, false},
		{"weekly, its day was missed", config.Weekly, ago(9), quiet, 7, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := config.Mail{When: c.when, Weekly: config.Weekday(time.Saturday + 1)}
			require.Equal(t, c.want, c.state.due(m, c.r, c.scan, now))
		})
	}
}

func TestLastDay(t *testing.T) {
	saturday := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	require.Equal(t, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), lastDay(time.Saturday, saturday))
	require.Equal(t, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), lastDay(time.Monday, saturday))
	require.Equal(t, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), lastDay(time.Sunday, saturday))
}

// A digest has the sites of the same people, in the order of the night; other sites have mails of their own.
func TestBundles(t *testing.T) {
	letterTo := func(name string, digest bool, to ...config.Mailbox) letter {
		return letter{site: &config.Site{Name: name}, mail: config.Mail{To: to, Digest: digest}}
	}
	letters := []letter{
		letterTo("a", true, "x@e.org", "y@e.org"), letterTo("b", false, "x@e.org", "y@e.org"),
		letterTo("c", true, "y@e.org", "x@e.org"), letterTo("d", true, "z@e.org"), letterTo("e", false, "z@e.org"),
	}
	var got [][]string
	for _, bundle := range bundles(letters) {
		var names []string
		for _, l := range bundle {
			names = append(names, l.site.Name)
		}
		got = append(got, names)
	}
	require.Equal(t, [][]string{{"a", "c"}, {"b"}, {"d"}, {"e"}}, got)
}

// Who missed a mail gets the next one although nothing is new then; nobody else does.
func TestRecipients(t *testing.T) {
	l := letter{mail: config.Mail{To: []config.Mailbox{"a@e.org", "b@e.org"}}, state: mailState{Pending: []string{"b@e.org"}}}
	require.Equal(t, []string{"b@e.org"}, l.recipients())
	l.due = true
	require.Equal(t, []string{"a@e.org", "b@e.org"}, l.recipients())
}

// What nobody was told is news next time too.
func TestNoted(t *testing.T) {
	state := mailState{Scan: 6}
	for _, c := range []struct {
		name string
		l    letter
		want int64
	}{
		{"told", letter{due: true}, 7},
		{"nothing to tell", letter{}, 7},
		{"nobody got it", letter{due: true, failed: true}, 6},
		{"no scan", letter{due: true, scan: -7}, 6},
		{"weekly, told", letter{due: true, mail: config.Mail{When: config.Weekly}}, 7},
		{"weekly, between", letter{mail: config.Mail{When: config.Weekly}}, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.l.state = state
			c.l.scan += 7
			require.Equal(t, c.want, c.l.noted().Scan)
		})
	}
}
