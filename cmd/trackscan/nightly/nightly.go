// Package nightly decides when which site is scanned: on its schedule, side by side within bounds, again when it
// failed, once for all the times that were missed while nobody was there to scan.
//
// It scans nothing itself and knows no store: it is handed what scans a site, what remembers which time was the last
// that a site was scanned for, and whom to tell when a night is over. That two processes never scan one site at once is
// up to the scan, which fails then and is tried again. Time comes from outside; tests run in a bubble of their own.
package nightly

import (
	"context"
	"hash/fnv"
	"sync"
	"time"
)

// Schedule says when a site is due; cron.Schedule of robfig/cron is one.
type Schedule interface {
	// Next returns the first due time after t, and the zero time when there is none.
	Next(t time.Time) time.Time
}

// Site is a site and its schedule.
type Site struct {
	Name string
	When Schedule
}

// Options say what is scanned and how. Scan, Last and Done are needed.
type Options struct {
	Sites []Site

	// Scan scans a site. It is called for several sites side by side and never twice for one at a time. An error means
	// that the site could not be scanned; when ctx ends it stops and keeps what it has.
	Scan func(ctx context.Context, site string, due time.Time) error
	// Last returns the due time that Done was told last of a site; zero for none. Done outlives the process.
	Last func(ctx context.Context, site string) (time.Time, error)
	Done func(ctx context.Context, site string, due time.Time) error
	// Night is told when all sites that were due together are through; nil for nobody.
	Night func(ctx context.Context, results []Result)
	// Health is told how the nights go, whenever that changes and at least once a minute; nil for nobody.
	Health func(Health)

	Abreast int           // sites side by side; 0 for one
	Retries int           // tries of a site after the first
	Backoff time.Duration // before the first retry, doubled before each further one
	Jitter  time.Duration // each site starts up to that much later
	Now     func() time.Time
}

// Result is what came of a site in a night.
type Result struct {
	Site  string
	Due   time.Time
	Tries int
	Err   error // why it was not scanned; nil when it was
}

// tick is the longest sleep: a computer that was asleep is noticed after that, for timers stand still meanwhile.
const tick = time.Minute

// Nightly scans sites on their schedules.
type Nightly struct {
	opts   Options
	places chan struct{} // one for each site that is being scanned

	mu   sync.Mutex
	last map[string]time.Time // by site: the due time that was handled last
	busy map[string]string    // sites of a night that is under way, with what they are doing
	bad  map[string]error     // sites that were not scanned last time
	wake chan struct{}
}

// New checks nothing and starts nothing.
func New(o Options) *Nightly {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Night == nil {
		o.Night = func(context.Context, []Result) {}
	}
	if o.Health == nil {
		o.Health = func(Health) {}
	}
	return &Nightly{
		opts: o, places: make(chan struct{}, max(o.Abreast, 1)), wake: make(chan struct{}, 1),
		last: map[string]time.Time{}, busy: map[string]string{}, bad: map[string]error{},
	}
}

// Run scans until ctx ends, and returns when the scans that ran then have stopped. What was due while it did not run is
// made up once. A site that Last knows nothing of waits for its first time.
func (n *Nightly) Run(ctx context.Context) error {
	if err := n.remember(ctx); err != nil {
		return err
	}
	var nights sync.WaitGroup
	defer nights.Wait()
	for ctx.Err() == nil {
		now := n.now()
		if due := n.due(now); len(due) > 0 {
			nights.Go(func() { n.night(ctx, due) })
			continue
		}
		n.tell()
		n.sleep(ctx, n.next(now))
	}
	return nil
}

// Once scans every site now and returns what came of each, in the order of the sites.
func (n *Nightly) Once(ctx context.Context) []Result {
	now := n.now()
	due := make([]visit, len(n.opts.Sites))
	for i, s := range n.opts.Sites {
		due[i] = visit{site: s.Name, due: now, start: now, always: true}
		n.set(s.Name, "waiting")
	}
	return n.night(ctx, due)
}

// now is the time on the wall, which goes on while the computer sleeps.
func (n *Nightly) now() time.Time { return n.opts.Now().Round(0) }

// remember learns what was handled, and from when on nothing is to be made up.
func (n *Nightly) remember(ctx context.Context) error {
	now := n.now()
	for _, s := range n.opts.Sites {
		last, err := n.opts.Last(ctx, s.Name)
		if err == nil && last.IsZero() {
			last = now
			err = n.opts.Done(ctx, s.Name, now)
		}
		if err != nil {
			return err
		}
		n.last[s.Name] = last
	}
	return nil
}

// visit is a site that is due.
type visit struct {
	site   string
	due    time.Time
	start  time.Time // with its jitter
	always bool      // also when somebody else has handled this time
}

// due takes the sites that are due and not under way.
func (n *Nightly) due(now time.Time) (list []visit) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.opts.Sites {
		if n.busy[s.Name] != "" {
			continue
		}
		if at := latest(s.When, n.last[s.Name], now); !at.IsZero() {
			list = append(list, visit{site: s.Name, due: at, start: at.Add(jitter(s.Name, at, n.opts.Jitter))})
			n.busy[s.Name] = "waiting"
		}
	}
	return list
}

// latest is the last due time after one and not after the other; zero when there is none.
func latest(s Schedule, after, until time.Time) (at time.Time) {
	for _, back := range []time.Duration{time.Hour, 25 * time.Hour, 8 * 24 * time.Hour, 32 * 24 * time.Hour} {
		if from := until.Add(-back); from.After(after) && !s.Next(from).After(until) {
			after = from // there is one after it: what lies before need not be counted
			break
		}
	}
	for next := s.Next(after); !next.IsZero() && !next.After(until); next = s.Next(next) {
		at = next
	}
	return at
}

// jitter spreads the sites of one time, always in the same way.
func jitter(site string, at time.Time, most time.Duration) time.Duration {
	if most <= 0 {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(site + at.UTC().String()))
	return time.Duration(h.Sum64() % uint64(most))
}

// next is when a site is due next that is not under way; the zero time when none ever is.
func (n *Nightly) next(now time.Time) (first time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.opts.Sites {
		if at := s.When.Next(now); n.busy[s.Name] == "" && !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// sleep waits for a time, a tick, the end of a night or of ctx, whatever comes first. The zero time never comes.
func (n *Nightly) sleep(ctx context.Context, until time.Time) {
	wait := tick
	if !until.IsZero() {
		wait = min(wait, max(until.Sub(n.now()), 0))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-n.wake:
	case <-timer.C:
	}
}
