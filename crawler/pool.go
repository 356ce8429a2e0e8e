package crawler

import (
	"context"
	"errors"
	"time"
)

// Retry returns a Renderer that tries a visit again when that can help, up to attempts in all: not when the host does
// not exist or refuses, and not when ctx has ended. An answer of 429, 502, 503 or 504 is tried again too, and is the
// Page when it stays. Before each further attempt pause passes.
func Retry(r Renderer, attempts int, pause time.Duration) Renderer {
	return &retry{next: r, attempts: attempts, pause: pause}
}

type retry struct {
	next     Renderer
	attempts int
	pause    time.Duration
}

func (r *retry) Render(ctx context.Context, v Visit) (Page, error) {
	page, err := r.next.Render(ctx, v)
	for range r.attempts - 1 {
		if !worthAnother(page, err) || !sleep(ctx, r.pause) {
			break
		}
		again, errAgain := r.next.Render(ctx, v)
		if errAgain != nil && err == nil {
			break // an error page is more than none
		}
		page, err = again, errAgain
	}
	return page, err
}

func worthAnother(page Page, err error) bool {
	if err != nil {
		return !errors.Is(err, context.Canceled) && !hopeless(err)
	}
	switch page.Status {
	case 429, 502, 503, 504:
		return true
	default:
		return false
	}
}

// sleep waits for d and reports whether ctx lived on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// Pool returns a Renderer that hands each visit to the next worker that is free, so that no worker has more than one.
// It waits while all are busy.
func Pool(workers ...Renderer) Renderer {
	p := &pool{free: make(chan Renderer, len(workers))}
	for _, w := range workers {
		p.free <- w
	}
	return p
}

type pool struct{ free chan Renderer }

func (p *pool) Render(ctx context.Context, v Visit) (Page, error) {
	select {
	case <-ctx.Done():
		return Page{}, ctx.Err()
	case w := <-p.free:
		defer func() { p.free <- w }()
		return w.Render(ctx, v)
	}
}
