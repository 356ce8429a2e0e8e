package discover

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxPause is the longest wait that a server may ask for; one that asks for more is taken at its answer.
const maxPause = 10 * time.Second

// defaultPause is the wait after a 429 that does not say how long.
const defaultPause = time.Second

// pauses holds back requests to hosts that asked for it with 429 or 503 and Retry-After.
type pauses struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func newPauses() *pauses { return &pauses{until: map[string]time.Time{}} }

// after notes an answer. It reports whether the same request is worth another try, once the pause is over.
func (p *pauses) after(ctx context.Context, host string, status int, retryAfter string) bool {
	if status != http.StatusTooManyRequests && (status != http.StatusServiceUnavailable || retryAfter == "") {
		return false
	}
	d := pauseOf(retryAfter, time.Now())
	if d > maxPause || ctx.Err() != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := time.Now().Add(d); t.After(p.until[host]) {
		p.until[host] = t
	}
	return true
}

// pauseOf reads a Retry-After header: seconds or a date.
func pauseOf(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return defaultPause
}

// wait waits until the host may be asked again.
func (p *pauses) wait(ctx context.Context, host string) error {
	p.mu.Lock()
	d := time.Until(p.until[host])
	p.mu.Unlock()
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
