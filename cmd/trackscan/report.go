package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"trackscan/crawler"
	"trackscan/crawler/history"
	"trackscan/report"
)

// reportFlags are the flags of the report command.
type reportFlags struct {
	keptFlags
	format, failOn, baseline string
	out                      []string
	scan                     int64
	list                     bool
}

func (a *app) reportCommand() *cobra.Command {
	var f reportFlags
	c := &cobra.Command{
		Use:   "report SITE",
		Short: "write a stored scan again, judged with today's knowledge; no network, no browser",
		Long: `Writes the last scan of SITE that run --store kept, in any format, judged with today's knowledge. A scan that was
interrupted is written too and is not whole; one whose process died is, where there is no other. It ends with the exit
code of a scan.`,
		Args: onlySite,
		RunE: func(c *cobra.Command, args []string) error { return a.report(c, &f, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.Int64Var(&f.scan, "scan", 0, "the scan with number `ID` in place of the last one")
	flags.BoolVar(&f.list, "list", false, "list the scans of SITE, the newest first; text or json")
	flags.StringVar(&f.format, "format", "text", "what goes to stdout: "+formatNames())
	flags.StringArrayVar(&f.out, "out", nil, "also write `FILE`, its format by the extension (repeatable)")
	flags.StringVar(&f.failOn, "fail-on", "medium", "findings that make the exit code 1: low, medium, high or never")
	flags.StringVar(&f.baseline, "baseline", "", "`FILE` of an earlier --format json: findings in it do not make the exit code 1")
	f.register(c)
	return c
}

func (a *app) report(c *cobra.Command, f *reportFlags, site string) error {
	ctx := c.Context()
	conf, site, err := a.configure(c, f.config, site, "store", "fail-on", "baseline")
	if err != nil {
		return err
	}
	j := &job{app: a, site: site, conf: conf, flags: &scanFlags{store: f.store, format: f.format, out: f.out, failOn: f.failOn}}
	if err := errors.Join(j.checkSite(), j.checkFormats(), j.checkFailOn(), j.checkStore(), f.check()); err != nil {
		return usageError{err}
	}
	if j.baseline, err = readBaseline(f.baseline); err != nil {
		return usageError{err}
	}
	store, err := history.Open(ctx, f.store)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := scansOf(ctx, store, site)
	if err != nil {
		return err
	}
	if f.list {
		return a.listScans(f.format, list)
	}
	scan, _, err := choose(ctx, store, list, f.scan)
	if err != nil {
		return fmt.Errorf("report %s: %w", site, err)
	}
	return j.reportScan(ctx, scan, store, list)
}

// check checks the flags of report alone.
func (f *reportFlags) check() error {
	switch {
	case f.list && f.format != "text" && f.format != "json":
		return fmt.Errorf("--list --format %q: text or json", f.format)
	case f.list && (f.scan != 0 || len(f.out) > 0):
		return errors.New("--list writes to stdout alone, and of every scan")
	}
	return checkKept(f.store)
}

// scansOf lists the scans that were asked for as site, or that were led there; the newest first.
func scansOf(ctx context.Context, store *history.Store, site string) ([]history.Entry, error) {
	key, err := siteKey(site)
	if err != nil {
		return nil, usageError{err}
	}
	if list, err := store.List(ctx, key); err != nil || len(list) > 0 {
		return list, err
	}
	all, err := store.List(ctx, "")
	return slices.DeleteFunc(all, func(e history.Entry) bool {
		led, err := siteKey(e.Scanned)
		return err != nil || led != key
	}), err
}

// choose loads the scan with that number; with 0 the newest that came to an end of any kind, or where there is none the
// newest.
func choose(ctx context.Context, store *history.Store, list []history.Entry, id int64) (*crawler.Scan, int64, error) {
	if id != 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(e history.Entry) bool { return e.ID != id })
	}
	if len(list) == 0 {
		return nil, 0, history.ErrUnknown
	}
	for _, e := range list {
		scan, err := store.Load(ctx, e.ID)
		if err != nil || !scan.Ended.IsZero() {
			return scan, e.ID, err
		}
	}
	scan, err := store.Load(ctx, list[0].ID)
	if err == nil {
		cutOff(scan)
	}
	return scan, list[0].ID, err
}

// cutOff makes what was kept of a scan whose process died, or still runs, a scan that is not whole.
func cutOff(scan *crawler.Scan) {
	if !strings.Contains(scan.Site, "://") { // where it led was not known yet
		scan.Site = "https://" + scan.Site + "/"
	}
	slices.SortStableFunc(scan.Pages, func(a, b crawler.Page) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.URL, b.URL))
	})
	for i := range scan.Pages {
		scan.Pages[i].Links = nil
	}
	if len(scan.Pages) > 0 && scan.Pages[0].Depth == 0 {
		scan.Site = scan.Pages[0].URL
	}
	scan.Scenarios = []crawler.Answer{{Scenario: crawler.NoChoice, Result: crawler.Answered}}
	why := "the scan was cut off before its end (trackscan run SITE --resume finishes it)"
	scan.Failures = append(scan.Failures, crawler.Failure{
		URL: scan.Site, Scenario: crawler.NoChoice, Stage: crawler.StageDiscover, Error: why,
	})
}

// reportScan writes a stored scan, held against the earlier ones of the list.
func (j *job) reportScan(ctx context.Context, scan *crawler.Scan, store *history.Store, list []history.Entry) error {
	r, err := j.stored(ctx, scan, store, list)
	if err != nil {
		return fmt.Errorf("report %s: %w", j.site, err)
	}
	var nothing error
	if !sawSomething(scan) {
		nothing = fmt.Errorf("report %s: %w", j.site, crawler.ErrNothingScanned)
		if len(scan.Failures) > 0 {
			nothing = fmt.Errorf("%w: %s", nothing, scan.Failures[0].Error)
		}
	}
	return j.publish(r, nothing)
}

// stored judges a stored scan with today's knowledge, and holds it against the earlier ones of the list.
func (j *job) stored(ctx context.Context, scan *crawler.Scan, store *history.Store, list []history.Entry) (report.Report, error) {
	known, err := j.app.loadKnowledge()
	if err != nil {
		return report.Report{}, err
	}
	earlier, err := known.nights(ctx, store, before(list, scan.Started, maxNights))
	if err != nil {
		return report.Report{}, err
	}
	return j.judge(scan, known, earlier), nil
}

// sawSomething reports whether a page of the scan was seen whole; crawler.Crawl told so when the scan was made. A scan
// that was interrupted is not dead because of it.
func sawSomething(scan *crawler.Scan) bool {
	failed := map[string]bool{}
	for _, f := range scan.Failures {
		switch {
		case f.Error == crawler.WhyInterrupted:
			return true
		case f.Stage == crawler.StageRender:
			failed[f.URL] = true
		}
	}
	return slices.ContainsFunc(scan.Pages, func(p crawler.Page) bool { return !failed[p.URL] })
}

// listedScan is a line of report --list.
type listedScan struct {
	ID      int64      `json:"id"`
	Site    string     `json:"site"`
	Started time.Time  `json:"started"`
	Ended   *time.Time `json:"ended"` // null for a scan that was interrupted or still runs
	Whole   bool       `json:"whole"`
	Pages   int        `json:"pages"`
}

func (a *app) listScans(format string, list []history.Entry) error {
	rows := make([]listedScan, len(list))
	for i, e := range list {
		rows[i] = listedScan{e.ID, e.Scanned, e.Started.UTC(), nil, e.Whole, e.Pages}
		if ended := e.Ended.UTC(); !ended.IsZero() {
			rows[i].Ended = &ended
		}
	}
	if format == "json" {
		out := json.NewEncoder(a.stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(rows)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "scan\tstarted\tpages\tstate\tsite")
	for _, r := range rows {
		fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\n", r.ID, r.Started.Format(time.DateTime), r.Pages, r.state(),
			report.Visible(r.Site))
	}
	return w.Flush()
}

func (r listedScan) state() string {
	switch {
	case r.Ended == nil:
		return "unfinished"
	case r.Whole:
		return "whole"
	default:
		return "not whole"
	}
}
