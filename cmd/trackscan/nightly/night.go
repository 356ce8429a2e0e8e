package nightly

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// night scans the sites that are due together and tells when all are through. A night that was stopped tells nobody.
func (n *Nightly) night(ctx context.Context, due []visit) []Result {
	results := make([]Result, len(due))
	var sites sync.WaitGroup
	for i, v := range due {
		sites.Go(func() { results[i] = n.site(ctx, v) })
	}
	sites.Wait()
	if told := scanned(results); ctx.Err() == nil && len(told) > 0 {
		n.opts.Night(ctx, told)
	}
	n.tell()
	select {
	case n.wake <- struct{}{}: // the next times of these sites may be nearer than what the loop waits for
	default:
	}
	return results
}

// scanned leaves out the sites that somebody else has scanned.
func scanned(results []Result) (list []Result) {
	for _, r := range results {
		if r.Tries > 0 {
			list = append(list, r)
		}
	}
	return list
}

// site scans one site, as often as it takes and is allowed, and notes that this time was handled.
func (n *Nightly) site(ctx context.Context, v visit) Result {
	r := Result{Site: v.site, Due: v.due}
	defer n.free(v.site)
	pause := n.opts.Backoff
	for start := v.start; n.until(ctx, start); start = n.now().Add(pause) {
		if n.handled(ctx, v) {
			n.note(v, nil)
			return Result{Site: v.site, Due: v.due}
		}
		if r.Tries > 0 {
			pause *= 2
		}
		r.Tries++
		if r.Err = n.try(ctx, v); r.Err == nil || r.Tries > n.opts.Retries || ctx.Err() != nil {
			break
		}
		n.set(v.site, fmt.Sprintf("try %d at %s", r.Tries+1, n.now().Add(pause).Format("15:04")))
	}
	if r.Err != nil && ctx.Err() != nil || r.Tries == 0 {
		r.Err = ctx.Err()
		return r // not handled: it is made up
	}
	n.note(v, cmp.Or(r.Err, n.opts.Done(context.WithoutCancel(ctx), v.site, v.due)))
	return r
}

// handled reports whether another process was faster.
func (n *Nightly) handled(ctx context.Context, v visit) bool {
	if v.always {
		return false
	}
	last, err := n.opts.Last(ctx, v.site)
	return err == nil && !last.Before(v.due)
}

// try scans a site once there is a place.
func (n *Nightly) try(ctx context.Context, v visit) error {
	select {
	case n.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-n.places }()
	n.set(v.site, "scanning")
	return n.opts.Scan(ctx, v.site, v.due)
}

// note keeps for this process that a time was handled, and what failed.
func (n *Nightly) note(v visit, failed error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last[v.site] = v.due
	delete(n.bad, v.site)
	if failed != nil {
		n.bad[v.site] = failed
	}
}

// until waits for a time on the wall, and reports false when ctx ended first.
func (n *Nightly) until(ctx context.Context, start time.Time) bool {
	for n.now().Before(start) {
		timer := time.NewTimer(min(tick, start.Sub(n.now())))
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
		}
	}
	return ctx.Err() == nil
}

// set notes what a site is doing.
func (n *Nightly) set(site, doing string) {
	n.mu.Lock()
	n.busy[site] = doing
	n.mu.Unlock()
	n.tell()
}

// free notes that a site is through.
func (n *Nightly) free(site string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.busy, site)
}
