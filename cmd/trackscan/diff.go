package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"trackscan/crawler/history"
	"trackscan/report"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	keptFlags
	format, failOn string
	before, after  int64
}

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	c := &cobra.Command{
		Use:   "diff SITE",
		Short: "what changed between the last two stored scans; no network, no browser",
		Long: `Tells what changed between two stored scans of SITE: trackers that are new or gone, better or worse, and what the policy
declares otherwise. Both are judged with today's knowledge, so that better knowledge is no change of the site. What comes
and goes by itself, as ad auctions do, is known from the scans before them and left out.`,
		Args: onlySite,
		RunE: func(c *cobra.Command, args []string) error { return a.diff(c, &f, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.Int64Var(&f.before, "before", 0, "the scan with number `ID` in place of the last but one")
	flags.Int64Var(&f.after, "after", 0, "the scan with number `ID` in place of the last one")
	flags.StringVar(&f.format, "format", "text", "what goes to stdout: text md json")
	flags.StringVar(&f.failOn, "fail-on", "never", "changes that make the exit code 1, new trackers and findings: new or never")
	f.register(c)
	return c
}

func (a *app) diff(c *cobra.Command, f *diffFlags, site string) error {
	ctx := c.Context()
	j, store, err := f.open(a, c, site, func(configured) error { return f.check() })
	if err != nil {
		return err
	}
	defer store.Close()
	d, err := j.compare(ctx, store, f.before, f.after)
	if err != nil {
		return fmt.Errorf("diff %s: %w", site, err)
	}
	if err := d.write(a, f.format); err != nil {
		return err
	}
	if f.failOn == "new" && len(d.Changes.New)+len(d.Changes.Worse) > 0 {
		return verdict(exitFindings)
	}
	return nil
}

func (f *diffFlags) check() error {
	switch {
	case !slices.Contains([]string{"text", "md", "json"}, f.format):
		return fmt.Errorf("--format %q: text, md or json", f.format)
	case f.failOn != "new" && f.failOn != "never":
		return fmt.Errorf("--fail-on %q: new or never", f.failOn)
	}
	return nil
}

// comparison is what changed between two scans, as JSON has it.
type comparison struct {
	Schema  string         `json:"schema"`
	Site    string         `json:"site"`
	Before  comparedScan   `json:"before"`
	After   comparedScan   `json:"after"`
	Changes report.Changes `json:"changes"`
}

// comparedScan is one of the two.
type comparedScan struct {
	ID      int64     `json:"id"`
	Started time.Time `json:"started"`
	Whole   bool      `json:"whole"`
}

func compared(e history.Entry) comparedScan { return comparedScan{e.ID, e.Started.UTC(), e.Whole} }

// errOneScan is the error where there is nothing to compare with.
var errOneScan = hinted{errors.New("there are no two scans to compare"), "trackscan run SITE --store DSN keeps one"}

// compare compares two scans of the list, with those before them to tell what comes and goes by itself.
func (j *job) compare(ctx context.Context, store *history.Store, before, after int64) (d comparison, err error) {
	list, err := scansOf(ctx, store, j.site)
	if err != nil {
		return d, err
	}
	list = slices.DeleteFunc(list, func(e history.Entry) bool { return e.Ended.IsZero() })
	now, then, err := pair(list, before, after)
	if err != nil {
		return d, err
	}
	known, err := j.app.loadKnowledge()
	if err != nil {
		return d, err
	}
	nights, err := known.nights(ctx, store, list[then:min(len(list), then+maxNights)])
	if err != nil {
		return d, err
	}
	scan, err := store.Load(ctx, list[now].ID)
	if err != nil {
		return d, err
	}
	r := j.judge(scan, known, nights)
	return comparison{"trackscan.diff/1", r.Facts.Site, compared(list[then]), compared(list[now]), r.Changes}, nil
}

// pair finds the places of two scans in a list, the newest first: the last two, or those that were asked for.
func pair(list []history.Entry, before, after int64) (now, then int, err error) {
	at := func(id int64, otherwise int) int {
		if id == 0 {
			return otherwise
		}
		return slices.IndexFunc(list, func(e history.Entry) bool { return e.ID == id })
	}
	now = at(after, 0)
	then = at(before, now+1)
	switch {
	case now < 0 || then < 0:
		return 0, 0, history.ErrUnknown
	case then >= len(list):
		return 0, 0, errOneScan
	case then <= now:
		return 0, 0, usagef("scan %d is not older than scan %d", list[then].ID, list[now].ID)
	}
	return now, then, nil
}

func (d comparison) write(a *app, format string) error {
	switch format {
	case "json":
		out := json.NewEncoder(a.stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(d)
	case "md":
		return report.WriteChangesMarkdown(a.stdout, d.title(), d.Changes)
	}
	return report.WriteChanges(a.stdout, d.title(), d.Changes)
}

// title names the two scans.
func (d comparison) title() string {
	return fmt.Sprintf("%s · scan %d of %s, held against scan %d of %s", report.Visible(d.Site),
		d.After.ID, d.After.Started.Format("2 Jan 2006 15:04"), d.Before.ID, d.Before.Started.Format("2 Jan 2006 15:04 UTC"))
}
