package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/config"
	"trackscan/cmd/trackscan/nightly"
	"trackscan/crawler"
	"trackscan/crawler/history"
	"trackscan/report"
)

func (a *app) nightlyCommand() *cobra.Command {
	var f nightlyFlags
	c := &cobra.Command{
		Use:   "nightly",
		Short: "scan every site of trackscan.yaml on its schedule, and mail what is new",
		Long: `Runs until it is stopped, scans each site of the configuration on its schedule and mails what is new. What was missed
while it did not run is made up once; a scan that was cut off is gone on with. With --once it scans every site now, and
ends with the worst exit code of the scans: for cron, systemd timers, Kubernetes and CI.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("nightly takes no arguments: it scans the sites of its configuration")
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return a.nightly(c.Context(), &f) },
	}
	c.Flags().SortFlags = false
	c.Flags().BoolVar(&f.once, "once", false, "scan every site now, once")
	configFlag(c, &f.config)
	c.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "no progress")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "tell more")
	return c
}

// nightlyFlags are the flags of nightly.
type nightlyFlags struct {
	config         string
	once           bool
	quiet, verbose bool
}

// nights scan the sites of a configuration and tell who is to be told.
type nights struct {
	app   *app
	flags *nightlyFlags
	conf  *config.Config

	mu    sync.Mutex
	codes map[string]error // the verdict of each site's latest scan
	shown string           // the health line that was shown last
}

func (a *app) nightly(ctx context.Context, f *nightlyFlags) error {
	conf, err := a.sitesOf(f.config)
	if err != nil {
		return err
	}
	a.stdout, a.stderr = &prefixed{to: a.stdout}, &prefixed{to: a.stderr}
	n := &nights{app: a, flags: f, conf: conf, codes: map[string]error{}}
	o, err := n.options()
	if err != nil {
		return err
	}
	if f.once {
		return n.verdict(nightly.New(o).Once(ctx))
	}
	return nightly.New(o).Run(ctx)
}

// sitesOf loads a configuration that must be there and have sites.
func (a *app) sitesOf(path string) (*config.Config, error) {
	conf, err := a.loadConfig(path)
	switch {
	case err != nil:
		return nil, err
	case conf == nil:
		return nil, usageError{hinted{fmt.Errorf("there is no %s here", config.DefaultPath), "trackscan init writes one, --config FILE names another"}}
	case len(conf.Sites) == 0:
		return nil, usageError{hinted{fmt.Errorf("%s has no sites", conf.Path), "trackscan init writes an example"}}
	}
	return conf, nil
}

// options checks every site before the first is scanned.
func (n *nights) options() (nightly.Options, error) {
	s := n.conf.Schedule
	o := nightly.Options{
		Scan: n.scan, Last: n.last, Done: n.done, Night: n.night, Health: n.health,
		Abreast: s.Abreast, Retries: 3, Backoff: time.Duration(s.Backoff), Jitter: time.Duration(s.Jitter),
	}
	if o.Abreast == 0 {
		o.Abreast = 2
	}
	if o.Backoff == 0 {
		o.Backoff = 5 * time.Minute
	}
	if s.Retries != nil {
		o.Retries = *s.Retries
	}
	if n.conf.SMTP != nil {
		if _, err := mailServer(n.conf); err != nil {
			return o, err
		}
	}
	for i := range n.conf.Sites {
		site := &n.conf.Sites[i]
		j, err := n.job(site)
		if err != nil {
			return o, err
		}
		if j.flags.store == "" {
			return o, usageError{hinted{fmt.Errorf("%s: nightly needs a store, to tell what is new", n.conf.Path), "store: scans.db"}}
		}
		when, err := s.Of(site)
		if err != nil {
			return o, usageError{fmt.Errorf("schedule of %s: %w", site.Name, err)}
		}
		o.Sites = append(o.Sites, nightly.Site{Name: site.Name, When: when})
	}
	return o, nil
}

// job is the scan of a site as the configuration has it, with its name before every line.
func (n *nights) job(site *config.Site) (*job, error) {
	a := *n.app
	a.stderr = &prefixed{to: n.app.stderr, prefix: site.Name + ": "}
	c, f := &cobra.Command{}, &scanFlags{}
	f.register(c)
	k := configured{config: n.conf, site: site}
	if err := k.apply(c.Flags(), nil); err != nil {
		return nil, err
	}
	f.quiet, f.verbose = !n.flags.verbose, n.flags.verbose
	j, err := a.newJob(f, string(site.URL))
	if err != nil {
		return nil, k.locate(err)
	}
	j.resumes = resumeWithin
	return j, j.adopt(k)
}

// resumeWithin is the age up to which a scan that was cut off is gone on with: what one night saw is not put together
// with what another does.
const resumeWithin = 12 * time.Hour

// scan scans a site once. That a site is dead, and everything else that may pass, is an error.
func (n *nights) scan(ctx context.Context, name string, _ time.Time) error {
	j, err := n.job(n.conf.Site(name))
	if err != nil {
		return err
	}
	r, err := j.scan(ctx)
	if err == nil {
		err = j.writeFiles(r)
	}
	if err == nil {
		n.code(name, j.verdict(r))
		fmt.Fprintf(n.app.stdout, "%s: %s\n", name, report.Visible(report.Subject(r)))
		return nil
	}
	if ctx.Err() == nil {
		n.code(name, verdict(exitNothing))
		j.app.complain(err, "")
	}
	return err
}

func (n *nights) code(site string, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.codes[site] = err
}

// verdict is the worst of the scans: findings, then a site that could not be scanned, then one that was not seen whole.
func (n *nights) verdict(results []nightly.Result) error {
	worst := exitOK
	rank := map[int]int{exitNotWhole: 1, exitNothing: 2, exitFindings: 3}
	for _, r := range results {
		code := exitOK
		var v verdict
		switch {
		case errors.As(n.codes[r.Site], &v):
			code = int(v)
		case r.Err != nil:
			code = exitNotWhole // interrupted
		}
		if rank[code] > rank[worst] {
			worst = code
		}
	}
	if worst == exitOK {
		return nil
	}
	return verdict(worst)
}

// lastDue is the state under which the due time of a site is kept that was handled last.
const lastDue = "nightly"

func (n *nights) last(ctx context.Context, name string) (at time.Time, err error) {
	err = n.withStore(ctx, name, func(store *history.Store, key string) error {
		text, err := store.State(ctx, key, lastDue)
		if err != nil || text == nil {
			return err
		}
		at, err = time.Parse(time.RFC3339Nano, string(text))
		return err
	})
	return at, err
}

func (n *nights) done(ctx context.Context, name string, due time.Time) error {
	return n.withStore(ctx, name, func(store *history.Store, key string) error {
		return store.SetState(ctx, key, lastDue, []byte(due.Format(time.RFC3339Nano)))
	})
}

// withStore opens the store of a site; key is the site's name in it.
func (n *nights) withStore(ctx context.Context, name string, do func(store *history.Store, key string) error) error {
	j, err := n.job(n.conf.Site(name))
	if err != nil {
		return err
	}
	key, err := siteKey(j.site)
	if err != nil {
		return err
	}
	store, err := history.Open(ctx, j.flags.store)
	if err != nil {
		return err
	}
	return errors.Join(do(store, key), store.Close())
}

// night mails what is new and tidies up, once all sites that were due together are through.
func (n *nights) night(ctx context.Context, results []nightly.Result) {
	for _, r := range results {
		if r.Err != nil {
			n.app.complain(fmt.Errorf("%s was not scanned: %w", r.Site, r.Err), "")
		}
	}
	if n.conf.SMTP != nil {
		n.mail(ctx, results)
	}
	n.tidy(ctx, results)
}

// mail tells who is to be told of these sites. A mail that could not be sent is a warning, and is sent again after the
// next night.
func (n *nights) mail(ctx context.Context, results []nightly.Result) {
	server, err := mailServer(n.conf)
	if err != nil {
		n.app.complain(err, "")
		return
	}
	now := time.Now()
	var letters []letter
	for _, r := range results {
		l, err := n.letter(ctx, r, now)
		if err != nil {
			n.app.complain(fmt.Errorf("mail about %s: %w", r.Site, err), "")
		} else if len(l.mail.To) > 0 {
			letters = append(letters, l)
		}
	}
	for _, bundle := range bundles(letters) {
		if err := post(ctx, server, string(n.conf.SMTP.From), now, bundle); err != nil {
			n.app.complain(err, "the mail is sent again after the next scan; trackscan mail SITE sends it now")
		}
	}
	for _, l := range letters {
		err := n.withStore(ctx, l.site.Name, func(store *history.Store, key string) error {
			return l.noted().save(ctx, store, key)
		})
		if err != nil {
			n.app.complain(fmt.Errorf("mail about %s: %w", l.site.Name, err), "")
		}
	}
}

// letter is what there is to tell of a site after a night.
func (n *nights) letter(ctx context.Context, r nightly.Result, now time.Time) (l letter, err error) {
	l.site = n.conf.Site(r.Site)
	l.mail = n.conf.MailOf(l.site)
	if len(l.mail.To) == 0 {
		return l, nil
	}
	j, err := n.job(l.site)
	if err != nil {
		return l, err
	}
	err = n.withStore(ctx, r.Site, func(store *history.Store, key string) error {
		if l.state, err = loadMailState(ctx, store, key); err != nil {
			return err
		}
		l.report, l.scan, err = j.filed(ctx, store, 0, l.state.Scan)
		return err
	})
	if r.Err != nil && (err != nil || l.report.Facts.Ended.Before(r.Due.Truncate(time.Second))) { // nothing was recorded
		l.report, err = j.unseen(r, now)
		l.scan = 0
	}
	l.due = err == nil && l.state.due(l.mail, l.report, l.scan, now)
	return l, err
}

// unseen is the report of a site of which not even a failure was recorded.
func (j *job) unseen(r nightly.Result, now time.Time) (report.Report, error) {
	known, err := j.app.loadKnowledge()
	if err != nil {
		return report.Report{}, err
	}
	scan := &crawler.Scan{Site: withScheme(j.site), Started: r.Due, Ended: now}
	scan.Failures = []crawler.Failure{{URL: scan.Site, Scenario: crawler.NoChoice, Stage: crawler.StageDiscover, Error: r.Err.Error()}}
	return j.judge(scan, known, nil), nil
}

// tidy removes old evidence from the stores of these sites, from each once.
func (n *nights) tidy(ctx context.Context, results []nightly.Result) {
	k := n.conf.Keep
	keep := history.Keep{Age: time.Duration(k.Age), Scans: k.Scans, Every: time.Duration(k.Nightly), Pictures: k.Pictures}
	if keep == (history.Keep{Scans: k.Scans}) {
		return // nothing ever goes
	}
	tidied := map[string]bool{}
	for _, r := range results {
		j, err := n.job(n.conf.Site(r.Site))
		if err != nil || tidied[j.flags.store] {
			continue
		}
		tidied[j.flags.store] = true
		err = n.withStore(ctx, r.Site, func(store *history.Store, _ string) error {
			_, err := store.Prune(ctx, time.Now(), keep)
			return err
		})
		if err != nil {
			n.app.complain(fmt.Errorf("old scans stay: %w", err), "")
		}
	}
}

// health shows how the nights go: on stderr when that has changed, and in the file all the time.
func (n *nights) health(h nightly.Health) {
	line := report.Visible(h.Line())
	n.mu.Lock()
	changed := n.shown != line
	n.shown = line
	n.mu.Unlock()
	if changed && !n.flags.quiet && !n.flags.once {
		fmt.Fprintf(n.app.stderr, "%s nightly: %s\n", h.Time.Format(time.DateTime), line)
	}
	path := n.conf.Schedule.Health
	if path == "" {
		return
	}
	state := "ok"
	if len(h.Bad) > 0 {
		state = "bad"
	}
	text := strings.Join([]string{h.Time.UTC().Format(time.RFC3339), state, line}, " ") + "\n"
	if err := replaceFile(path, []byte(text)); err != nil && changed {
		n.app.complain(fmt.Errorf("health: %w", err), "")
	}
}

// replaceFile writes a file so that a reader never sees half of it.
func replaceFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is the first error that counts
	}
	return err
}
