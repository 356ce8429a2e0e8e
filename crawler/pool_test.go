package crawler

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

type renderFunc func(ctx context.Context, v Visit) (Page, error)

func (f renderFunc) Render(ctx context.Context, v Visit) (Page, error) { return f(ctx, v) }

// script answers each visit with the next of its steps.
func script(steps ...any) (Renderer, *int) {
	n := new(int)
	return renderFunc(func(context.Context, Visit) (Page, error) {
		step := steps[min(*n, len(steps)-1)]
		*n++
		if err, ok := step.(error); ok {
			return Page{}, err
		}
		return Page{Status: step.(int)}, nil
	}), n
}

func TestRetry(t *testing.T) {
	crash := errors.New("the tab crashed")
	cases := map[string]struct {
		steps    []any
		attempts int
		visits   int
		status   int
		err      error
	}{
		"at once":               {[]any{200}, 2, 1, 200, nil},
		"after a crash":         {[]any{crash, 200}, 2, 2, 200, nil},
		"never":                 {[]any{crash, crash, crash}, 2, 2, 0, crash},
		"unknown host":          {[]any{errors.New("net::ERR_NAME_NOT_RESOLVED"), 200}, 2, 1, 0, nil},
		"missing page":          {[]any{404, 200}, 2, 1, 404, nil},
		"overloaded":            {[]any{503, 200}, 2, 2, 200, nil},
		"overloaded, then dead": {[]any{503, crash}, 2, 2, 503, nil},
		"one attempt":           {[]any{503, 200}, 1, 1, 503, nil},
		"cancelled":             {[]any{context.Canceled, 200}, 3, 1, 0, context.Canceled},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			next, visits := script(c.steps...)
			page, err := Retry(next, c.attempts, 0).Render(t.Context(), Visit{})
			require.Equal(t, c.visits, *visits)
			require.Equal(t, c.status, page.Status)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
		})
	}
}

func TestRetryPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next, visits := script(503, 200)
		start := time.Now()
		_, err := Retry(next, 2, 3*time.Second).Render(t.Context(), Visit{})
		require.NoError(t, err)
		require.Equal(t, 3*time.Second, time.Since(start))
		require.Equal(t, 2, *visits)
	})
}

func TestRetryStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		next, visits := script(503, 200)
		page, err := Retry(next, 2, time.Hour).Render(ctx, Visit{})
		require.NoError(t, err)
		require.Equal(t, 503, page.Status)
		require.Equal(t, 1, *visits)
	})
}

func TestPool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var busy [3]atomic.Int32
		workers := make([]Renderer, len(busy))
		for i := range workers {
			workers[i] = renderFunc(func(context.Context, Visit) (Page, error) {
				defer busy[i].Add(-1)
				require.Equal(t, int32(1), busy[i].Add(1), "a worker has one visit at a time")
				time.Sleep(time.Second)
				return Page{}, nil
			})
		}
		p := Pool(workers...)
		start := time.Now()
		var wg sync.WaitGroup
		for range 9 {
			wg.Go(func() {
				_, err := p.Render(t.Context(), Visit{})
				require.NoError(t, err)
			})
		}
		wg.Wait()
		require.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestPoolWaitsNoLongerThanItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Pool().Render(ctx, Visit{})
	require.ErrorIs(t, err, context.Canceled)
}
