package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/config"
	"trackscan/crawler/history"
	"trackscan/report"
	"trackscan/report/mail"
)

// mailFlags are the flags of mail.
type mailFlags struct {
	keptFlags
	to     []string
	dryRun bool
	scan   int64
}

func (a *app) mailCommand() *cobra.Command {
	var f mailFlags
	c := &cobra.Command{
		Use:   "mail SITE",
		Short: "mail the report of the last stored scan; no network but the mail server",
		Long: `Mails the last stored scan of SITE, judged with today's knowledge, to the people that trackscan.yaml names for it or --to
does. With --dry-run the message goes to stdout in place of the mail server: trackscan mail shop --dry-run > shop.eml`,
		Args: onlySite,
		RunE: func(c *cobra.Command, args []string) error { return a.mail(c, &f, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.to, "to", nil, "`ADDRESS` in place of those of the configuration (repeatable)")
	flags.BoolVar(&f.dryRun, "dry-run", false, "write the message to stdout and send nothing")
	flags.Int64Var(&f.scan, "scan", 0, "the scan with number `ID` in place of the last one")
	f.register(c)
	return c
}

func (a *app) mail(c *cobra.Command, f *mailFlags, site string) error {
	ctx := c.Context()
	j, store, err := f.open(a, c, site, f.check)
	if err != nil {
		return err
	}
	defer store.Close()
	r, id, err := j.filed(ctx, store, f.scan, 0)
	if err != nil {
		return fmt.Errorf("mail %s: %w", site, err)
	}
	e := mail.Envelope{From: sender(j.conf.config), To: f.recipients(j.conf), Date: time.Now()}
	if f.dryRun {
		m, err := mail.Compose(e, r)
		if err == nil {
			_, err = m.WriteTo(a.stdout)
		}
		return err
	}
	server, err := mailServer(j.conf.config)
	if err != nil {
		return err
	}
	if err := send(ctx, server, e, []report.Report{r}); err != nil {
		return fmt.Errorf("mail %s: %w", site, err)
	}
	if len(f.to) == 0 {
		err = noteMailed(ctx, store, j.site, id, e.Date)
	}
	fmt.Fprintf(a.stderr, "mailed scan %d of %s to %s\n", id, report.Visible(j.site), report.Visible(strings.Join(e.To, ", ")))
	return err
}

// noteMailed remembers that everybody has got the mail about a scan, so that nightly does not send it again.
func noteMailed(ctx context.Context, store *history.Store, site string, scan int64, now time.Time) error {
	key, err := siteKey(site)
	if err != nil {
		return err
	}
	s, err := loadMailState(ctx, store, key)
	if err != nil {
		return err
	}
	s.Scan, s.Sent, s.Pending = scan, now, nil
	return s.save(ctx, store, key)
}

func (f *mailFlags) check(k configured) error {
	for _, to := range f.to {
		if err := config.CheckMailbox(to); err != nil {
			return fmt.Errorf("--to: %w", err)
		}
	}
	switch {
	case len(f.recipients(k)) == 0:
		return errors.New("nobody to mail to: give --to, or mail: {to: [...]} in the configuration")
	case !f.dryRun && (k.config == nil || k.config.SMTP == nil):
		return hinted{errors.New("mail needs a server"), "smtp: in trackscan.yaml names it; --dry-run needs none"}
	}
	return nil
}

// recipients are those of the command line, or else of the configuration.
func (f *mailFlags) recipients(k configured) []string {
	if len(f.to) > 0 || k.config == nil {
		return f.to
	}
	m := k.config.Mail
	if k.site != nil {
		m = k.config.MailOf(k.site)
	}
	l := letter{mail: m, due: true}
	return l.recipients()
}

// sender is who mails come from; for a message that is only looked at anybody will do.
func sender(conf *config.Config) string {
	if conf == nil || conf.SMTP == nil {
		return "trackscan <trackscan@localhost>"
	}
	return string(conf.SMTP.From)
}

// filed is the report of a stored scan, the last one unless id names another. It is held against the scans before it,
// or against those of them up to the one that was told last.
func (j *job) filed(ctx context.Context, store *history.Store, id, told int64) (report.Report, int64, error) {
	list, err := scansOf(ctx, store, j.site)
	if err != nil {
		return report.Report{}, 0, err
	}
	scan, id, err := choose(ctx, store, list, id)
	if err != nil {
		return report.Report{}, 0, err
	}
	if told > 0 {
		list = slices.DeleteFunc(list, func(e history.Entry) bool { return e.ID > told })
	}
	r, err := j.stored(ctx, scan, store, list)
	return r, id, err
}
