package main

import (
	"context"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"trackscan/classify"
	"trackscan/classify/policy"
	"trackscan/crawler"
	"trackscan/crawler/history"
	"trackscan/report"
)

// maxNights is how many earlier scans a report looks back on: a month of nights, and more than report.Compare needs to
// tell what comes and goes by itself.
const maxNights = 30

// judged is a scan held against its policies.
type judged struct {
	scan     *crawler.Scan
	result   classify.Result
	policies []classify.Policy // as they were read; empty when there was none or it could not be read
}

// judge reads the policies and holds the evidence against them. A policy that cannot be read is a failure of the scan.
func (k knowledge) judge(scan *crawler.Scan) judged {
	d := judged{scan: scan}
	var held *classify.Policy
	if len(scan.Policies) > 0 {
		p, err := (&policy.Reader{Vendors: k.catalog.Vendors()}).Read(scan.Policies...)
		if err != nil {
			scan.Failures = append(scan.Failures, crawler.Failure{
				URL: scan.Policies[0].URL, Scenario: crawler.NoChoice, Stage: crawler.StagePolicy, Error: err.Error(),
			})
		} else {
			d.policies, held = []classify.Policy{p}, &p
		}
	}
	d.result = classify.Classify(scan, held, append(slices.Clip(k.all), k.catalog.Hints(scan)))
	return d
}

func (d judged) night() report.Night { return report.NewNight(d.scan, d.result, d.policies) }

// before leaves those of a list, the newest first, that were started before a time and came to an end, at most n.
func before(list []history.Entry, t time.Time, n int) []history.Entry {
	list = slices.DeleteFunc(slices.Clone(list), func(e history.Entry) bool { return e.Ended.IsZero() || !e.Started.Before(t) })
	return list[:min(n, len(list))]
}

// nights judges stored scans with today's knowledge and returns them oldest first. The list has the newest first.
func (k knowledge) nights(ctx context.Context, store *history.Store, list []history.Entry) ([]report.Night, error) {
	nights := make([]report.Night, len(list))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range list {
		g.Go(func() error {
			scan, err := store.Load(ctx, e.ID)
			if err == nil {
				nights[len(list)-1-i] = k.judge(scan).night()
			}
			return err
		})
	}
	return nights, g.Wait()
}
