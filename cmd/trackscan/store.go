package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"trackscan/crawler"
	"trackscan/crawler/history"
)

// record keeps a scan's evidence while it is gathered. A store that fails costs the record, never the scan: the first
// fault is told, the rest of the scan goes on unrecorded. A nil record keeps nothing.
type record struct {
	app    *app
	store  *history.Store
	writer *history.Recorder
}

// openStore opens the store that the user named; nil when there is none or it cannot be used.
func (j *job) openStore(ctx context.Context, agent crawler.Agent) *record {
	if j.flags.store == "" {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	k := &record{app: j.app}
	var err error
	if k.store, err = history.Open(ctx, j.flags.store); err == nil {
		k.writer, err = k.store.Begin(ctx, history.Header{
			Site: j.site, Started: time.Now(), Agent: agent, Salt: []byte(rand.Text()),
		})
	}
	if err != nil {
		k.giveUp(err)
	}
	return k
}

func (k *record) giveUp(err error) {
	k.app.complain(fmt.Errorf("the scan is not recorded: %w", err), "")
	k.writer = nil
}

// observe keeps what an event brings.
func (k *record) observe(e crawler.Event) {
	if k == nil || k.writer == nil {
		return
	}
	ctx := context.Background() // an interrupt ends the scan, not the writing of what it saw
	var err error
	switch {
	case e.Page != nil:
		err = k.writer.Add(ctx, *e.Page)
	case e.Policy != nil:
		err = k.writer.AddPolicy(ctx, *e.Policy)
	case e.Failure != nil:
		err = k.writer.AddFailure(ctx, *e.Failure)
	}
	if err != nil {
		k.giveUp(err)
	}
}

// end closes the record with the whole scan.
func (k *record) end(scan *crawler.Scan) {
	if k == nil || k.store == nil {
		return
	}
	if k.writer != nil {
		if err := k.writer.End(context.Background(), scan); err != nil {
			k.giveUp(err)
		}
	}
	if err := k.store.Close(); err != nil {
		k.app.complain(fmt.Errorf("close the store: %w", err), "")
	}
}
