package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"trackscan/classify"
	"trackscan/classify/policy"
	"trackscan/crawler"
	"trackscan/crawler/newsletter"
	"trackscan/report"
)

// emailFlags are the flags of email.
type emailFlags struct {
	policyFlags
	policies []string
	failOn   string
}

func (a *app) emailCommand() *cobra.Command {
	var f emailFlags
	c := &cobra.Command{
		Use:   "email FILE.eml...",
		Short: "trackers in newsletters, against the policy",
		Long: `Reads messages as mail programs save them and tells what in them tells of the reader: tracking pixels, links that lead through
somebody who counts clicks, pictures made for one reader, the wish for a receipt. Messages are never shown and nothing in
them is fetched. With --policy it is held against what the policy says of e-mail.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("at least one FILE with a message is needed")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.email(c.Context(), &f, args) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.policies, "policy", nil, "`FILE|URL` of the policy (repeatable); a file needs no network")
	flags.StringVar(&f.format, "format", report.NewsletterFormats[0], "what goes to stdout: "+strings.Join(report.NewsletterFormats, " "))
	flags.StringVar(&f.failOn, "fail-on", string(classify.Medium), "lowest severity with exit code 1: low, medium, high or never")
	f.register(flags)
	return c
}

func (a *app) email(ctx context.Context, f *emailFlags, files []string) error {
	failOn := slices.Index(failLevels, f.failOn)
	switch {
	case !slices.Contains(report.NewsletterFormats, f.format):
		return usagef("--format %q: %s", f.format, strings.Join(report.NewsletterFormats, ", "))
	case failOn < 0:
		return usagef("--fail-on %q: %s", f.failOn, strings.Join(failLevels, ", "))
	}
	known, err := a.loadKnowledge()
	if err != nil {
		return err
	}
	policies, failures, err := a.policiesOf(ctx, f, known)
	if err != nil {
		return err
	}
	messages, unread := readMessages(files)
	failures = append(failures, unread...)
	r := judgeMessages(messages, policies, failures, known)
	if err := r.Write(a.stdout, f.format, styleOf(a.stdout)); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	for _, failure := range failures {
		a.complain(fmt.Errorf("%s: %s", failure.URL, failure.Error), "")
	}
	return emailVerdict(r, failOn)
}

// policiesOf reads the policies. A file that is not there is a mistake of the user, an address that fails a failure.
func (a *app) policiesOf(ctx context.Context, f *emailFlags, known knowledge) (list []classify.Policy, failures []crawler.Failure, err error) {
	var documents []crawler.Document
	for _, source := range f.policies {
		d, err := a.fetchDocument(ctx, &f.policyFlags, source)
		switch {
		case err == nil:
			documents = append(documents, d)
		case strings.Contains(source, "://") && !errors.As(err, new(usageError)):
			failures = append(failures, crawler.Failure{URL: source, Stage: crawler.StagePolicy, Error: err.Error()})
		default:
			return nil, nil, usageError{fmt.Errorf("--policy: %w", err)}
		}
	}
	if len(documents) == 0 {
		return nil, failures, nil
	}
	p, err := (&policy.Reader{Vendors: known.catalog.Vendors()}).Read(documents...)
	return []classify.Policy{p}, failures, err
}

// readMessages reads each file once, in the order in which they were named.
func readMessages(files []string) (messages []crawler.Message, failures []crawler.Failure) {
	for i, file := range files {
		if slices.Contains(files[:i], file) {
			continue
		}
		m, err := readMessage(file)
		if err != nil {
			failures = append(failures, crawler.Failure{URL: file, Stage: crawler.StageMessage, Error: err.Error()})
			continue
		}
		messages = append(messages, m)
	}
	return messages, failures
}

func readMessage(file string) (crawler.Message, error) {
	in, err := os.Open(file)
	if err != nil {
		return crawler.Message{}, err
	}
	defer in.Close()
	return newsletter.Read(file, in)
}

func judgeMessages(messages []crawler.Message, policies []classify.Policy, failures []crawler.Failure, known knowledge) report.Newsletters {
	var p *classify.Policy
	if len(policies) > 0 {
		p = &policies[0]
	}
	return report.NewNewsletters(messages, classify.Newsletters(messages, p, known.all), policies, failures,
		report.NewsletterAgent{Trackscan: version(), Catalog: known.catalog.Version(), Lists: known.lists})
}

// emailVerdict is the exit code, with the meanings of a scan's.
func emailVerdict(r report.Newsletters, failOn int) error {
	if len(r.Messages) == 0 {
		return verdict(exitNothing)
	}
	if slices.ContainsFunc(r.Findings, func(f classify.Finding) bool { return slices.Index(failLevels, string(f.Severity)) >= failOn }) {
		return verdict(exitFindings)
	}
	if !r.Whole {
		return verdict(exitNotWhole)
	}
	return nil
}
