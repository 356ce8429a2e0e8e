package nightly

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a store and a scanner that take no time unless told so. Bubbles begin at midnight UTC of 1 January 2000, a
// Saturday.
type world struct {
	t *testing.T

	mu       sync.Mutex
	handled  map[string]time.Time
	scans    []string // "shop 02:30" of each scan
	nights   [][]Result
	health   Health
	abreast  int
	most     int
	offset   time.Duration // what the clock on the wall was set forward
	takes    map[string]time.Duration
	fails    map[string]int // how many tries fail
	doneErr  error
	inFlight map[string]bool
}

func newWorld(t *testing.T) *world {
	return &world{
		t: t, handled: map[string]time.Time{}, takes: map[string]time.Duration{}, fails: map[string]int{}, inFlight: map[string]bool{},
	}
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.offset)
}

func (w *world) scan(ctx context.Context, site string, _ time.Time) error {
	at := w.now()
	w.mu.Lock()
	require.False(w.t, w.inFlight[site], "%s is scanned twice at once", site)
	w.inFlight[site] = true
	w.scans = append(w.scans, site+" "+at.UTC().Format("2 15:04"))
	w.abreast++
	w.most = max(w.most, w.abreast)
	takes, fails := w.takes[site], w.fails[site] > 0
	w.fails[site]--
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.abreast--
		w.inFlight[site] = false
		w.mu.Unlock()
	}()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	if fails {
		return errors.New("connection refused")
	}
	return nil
}

func (w *world) last(_ context.Context, site string) (time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.handled[site], nil
}

func (w *world) done(_ context.Context, site string, due time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.doneErr != nil {
		return w.doneErr
	}
	w.handled[site] = due
	return nil
}

func (w *world) options(line string, names ...string) Options {
	s, err := cron.ParseStandard("CRON_TZ=UTC " + line)
	require.NoError(w.t, err)
	o := Options{
		Scan: w.scan, Last: w.last, Done: w.done, Now: w.now, Abreast: 2, Retries: 3, Backoff: 5 * time.Minute,
		Night:  func(_ context.Context, r []Result) { w.nights = append(w.nights, r) },
		Health: func(h Health) { w.health = h },
	}
	for _, name := range names {
		o.Sites = append(o.Sites, Site{name, s})
	}
	return o
}

// during runs nightly for a while, calls do, and stops it.
func (w *world) during(o Options, d time.Duration, do func()) {
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error)
	go func() { ended <- New(o).Run(ctx) }()
	time.Sleep(d)
	synctest.Wait()
	do()
	stop()
	require.NoError(w.t, <-ended)
}

func TestNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.during(w.options("30 2 * * *", "shop"), 60*time.Hour, func() {
			require.Equal(t, []string{"shop 1 02:30", "shop 2 02:30", "shop 3 02:30"}, w.scans)
			require.Len(t, w.nights, 3)
			require.Equal(t, "1 site; next shop at Tue 4 Jan 02:30 UTC", w.health.Line())
		})
	})
}

func TestSideBySideWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for i := range 7 {
			w.takes[fmt.Sprint(i)] = time.Minute
		}
		w.during(w.options("30 2 * * *", "0", "1", "2", "3", "4", "5", "6"), 10*time.Hour, func() {
			require.Len(t, w.scans, 7)
			require.Equal(t, 2, w.most)
			require.Len(t, w.nights, 1, "one night, told when all are through")
			require.Len(t, w.nights[0], 7)
			require.Equal(t, "0", w.nights[0][0].Site, "in the order of the sites")
		})
	})
}

// A site that fails is tried again with growing pauses and then reported; the others go on meanwhile.
func TestFailingSite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fails["dead"], w.fails["slow"] = 99, 2
		o := w.options("30 2 * * *", "dead", "slow", "fine")
		o.Abreast = 1
		w.during(o, 2*time.Hour+36*time.Minute, func() {
			require.Contains(t, w.health.Line(), "now dead (try 3 at 02:45)")
		})
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fails["dead"], w.fails["slow"] = 99, 2
		o := w.options("30 2 * * *", "dead", "slow", "fine")
		w.during(o, 10*time.Hour, func() {
			var dead []string
			for _, s := range w.scans {
				if s[:4] == "dead" {
					dead = append(dead, s)
				}
			}
			require.Equal(t, []string{"dead 1 02:30", "dead 1 02:35", "dead 1 02:45", "dead 1 03:05"}, dead)
			require.Len(t, w.nights, 1)
			results := w.nights[0]
			require.ErrorContains(t, results[0].Err, "connection refused")
			require.Equal(t, []int{4, 3, 1}, []int{results[0].Tries, results[1].Tries, results[2].Tries})
			require.NoError(t, results[1].Err)
			require.NoError(t, results[2].Err)
			require.Equal(t, "3 sites; NOT SCANNED dead (connection refused); next dead at Sun 2 Jan 02:30 UTC", w.health.Line())
		})
	})
}

// Whatever was missed while nobody was there is made up once.
func TestMissedNights(t *testing.T) {
	for _, line := range []string{"30 2 * * *", "* * * * *", "0 0 1 * *"} {
		t.Run(line, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.handled["shop"] = time.Now().AddDate(0, -2, 0)
				w.during(w.options(line, "shop"), time.Second, func() {
					require.Equal(t, []string{"shop 1 00:00"}, w.scans)
				})
				w.during(w.options(line, "shop"), 50*time.Second, func() {
					require.Len(t, w.scans, 1, "once")
				})
			})
		})
	}
}

// A computer that slept for three days notices within a minute, and makes the three nights up once.
func TestSleepingComputer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.during(w.options("30 2 * * *", "shop"), time.Hour, func() {
			require.Empty(t, w.scans)
			w.mu.Lock()
			w.offset = 72 * time.Hour
			w.mu.Unlock()
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			require.Equal(t, []string{"shop 4 01:01"}, w.scans)
			time.Sleep(2 * time.Hour)
			synctest.Wait()
			require.Equal(t, []string{"shop 4 01:01", "shop 4 02:30"}, w.scans)
		})
	})
}

func TestFirstStartWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.during(w.options("30 2 * * *", "shop"), time.Hour, func() { require.Empty(t, w.scans) })
		time.Sleep(4 * time.Hour) // it was off at half past two
		w.during(w.options("30 2 * * *", "shop"), time.Minute, func() {
			require.Equal(t, []string{"shop 1 05:00"}, w.scans)
		})
	})
}

// A stop ends the scans that run; what they were for is made up at the next start.
func TestStopAndStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.takes["shop"] = time.Hour
		w.during(w.options("30 2 * * *", "shop", "blog"), 3*time.Hour, func() {
			require.Len(t, w.scans, 2)
			require.Contains(t, w.health.Line(), "now shop (scanning)")
		})
		require.Empty(t, w.nights, "a night that was stopped is not told")
		w.during(w.options("30 2 * * *", "shop", "blog"), 3*time.Hour, func() {
			require.Equal(t, "shop 1 03:00", w.scans[2])
			require.Len(t, w.scans, 3, "the other one was scanned before the stop")
			require.Len(t, w.nights, 1)
		})
	})
}

// Two processes share what was handled: the one that comes second scans nothing.
func TestSomebodyElseWasFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.handled["shop"] = time.Now()
		o := w.options("30 2 * * *", "shop")
		w.during(o, 2*time.Hour, func() { require.NoError(t, w.done(t.Context(), "shop", time.Now().Add(30*time.Minute))) })
		w.during(o, 2*time.Hour, func() {
			require.Empty(t, w.scans)
			require.Empty(t, w.nights)
		})
	})
	synctest.Test(t, func(t *testing.T) { // while this one was waiting for its next try
		w := newWorld(t)
		w.fails["shop"] = 99
		o := w.options("30 2 * * *", "shop")
		w.during(o, 2*time.Hour+31*time.Minute, func() {
			require.NoError(t, w.done(t.Context(), "shop", time.Now().Add(-time.Minute)))
			time.Sleep(time.Hour)
			synctest.Wait()
			require.Len(t, w.scans, 1)
			require.Empty(t, w.nights)
			require.NotContains(t, w.health.Line(), "NOT SCANNED")
		})
	})
}

// A scan that takes longer than its schedule is not started twice.
func TestLongScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.takes["shop"] = 150 * time.Minute
		w.during(w.options("0 * * * *", "shop"), 7*time.Hour, func() {
			require.Equal(t, []string{"shop 1 01:00", "shop 1 03:30", "shop 1 06:00"}, w.scans)
		})
	})
}

func TestJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		o := w.options("0 2 * * *", "a", "b", "c", "d")
		o.Jitter = time.Hour
		w.during(o, 3*time.Hour, func() {
			require.Len(t, w.scans, 4)
			times := map[string]bool{}
			for _, s := range w.scans {
				times[s[2:]] = true
				require.Contains(t, s, "1 02:")
			}
			require.Greater(t, len(times), 2)
		})
	})
}

// What cannot be remembered is handled all the same, and told.
func TestMemoryThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.handled["shop"] = time.Now()
		w.doneErr = errors.New("the disk is full")
		w.during(w.options("30 2 * * *", "shop"), 5*time.Hour, func() {
			require.Len(t, w.scans, 1)
			require.Contains(t, w.health.Line(), "shop (the disk is full)")
		})
		delete(w.handled, "shop")
		require.ErrorContains(t, New(w.options("30 2 * * *", "shop")).Run(t.Context()), "the disk is full")
	})
}

func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.fails["dead"] = 99
		w.handled["shop"] = time.Now().Add(time.Hour)
		results := New(w.options("30 2 * * *", "shop", "dead")).Once(t.Context())
		require.Len(t, results, 2)
		require.NoError(t, results[0].Err)
		require.ErrorContains(t, results[1].Err, "connection refused")
		require.Equal(t, 4, results[1].Tries)
		require.Len(t, w.nights, 1)
		require.Equal(t, results, w.nights[0])
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.takes["shop"] = time.Hour
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		results := New(w.options("30 2 * * *", "shop")).Once(ctx)
		require.ErrorIs(t, results[0].Err, context.DeadlineExceeded)
		require.Empty(t, w.handled)
		require.Empty(t, w.nights)
	})
}
