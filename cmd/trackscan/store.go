package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"trackscan/crawler"
	"trackscan/crawler/history"
	"trackscan/report"
)

// record keeps a scan's evidence while it is gathered. A store that fails costs the record, never the scan: the first
// fault is told, and at the end everything that is missing is tried once more. The zero value keeps nothing.
type record struct {
	app     *app
	store   *history.Store // nil for none
	lock    *history.Lock
	header  history.Header
	earlier *crawler.Scan // what the scan that is gone on with has seen; nil for a scan from the start
	writer  *history.Recorder
	fault   error
	missed  []crawler.Page // with the links that a resumed scan needs
}

// openRecord opens the store that the user named and takes the right to scan the site. It fails when the site is being
// scanned already, or the scan to resume is another one; with a store that cannot be used the scan goes on unrecorded.
func (j *job) openRecord(ctx context.Context) (*record, error) {
	k := &record{app: j.app}
	if j.flags.store == "" {
		return k, nil
	}
	err := k.open(ctx, j)
	if err == nil {
		return k, nil
	}
	k.close()
	if errors.Is(err, history.ErrScanning) {
		return nil, usageError{err}
	}
	if errors.As(err, new(usageError)) {
		return nil, err
	}
	j.app.complain(fmt.Errorf("the scan is not recorded: %w", err), "")
	return &record{app: j.app}, nil
}

func (k *record) open(ctx context.Context, j *job) error {
	site, err := siteKey(j.site)
	if err != nil {
		return usageError{err}
	}
	k.header = history.Header{Site: site, Started: time.Now(), Options: j.fingerprint(), Salt: []byte(rand.Text())}
	if k.store, err = history.Open(ctx, j.flags.store); err != nil {
		return err
	}
	if k.lock, err = k.store.Lock(ctx, site); err != nil {
		return err
	}
	if j.flags.resume || k.cutOff(ctx, j.resumes) {
		return k.resume(ctx, j.flags.quiet)
	}
	return nil
}

// siteKey is the name under which the scans of a site are kept, however it was typed: its host without "www.", and its
// port where that is not the scheme's own.
func siteKey(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + strings.TrimPrefix(strings.TrimSpace(address), "//")
	}
	normal, err := crawler.Normalise(address)
	if err != nil {
		return "", fmt.Errorf("site %q: %w", address, err)
	}
	u, err := url.Parse(normal)
	if err != nil {
		return "", fmt.Errorf("site %q: %w", address, err)
	}
	return strings.TrimPrefix(u.Host, "www."), nil
}

// salt is that of the scan's hashes, nil when any will do.
func (k *record) salt() []byte { return k.header.Salt }

// begin starts the record when that has not been done. It is not done before there is something to keep: a scan that
// could not be made leaves nothing.
func (k *record) begin(ctx context.Context) (err error) {
	if k.writer == nil {
		k.writer, err = k.store.Begin(ctx, k.header)
	}
	return err
}

// observe keeps what an event brings.
func (k *record) observe(e crawler.Event) {
	if k.store == nil {
		return
	}
	if k.fault == nil {
		if k.fault = k.write(e); k.fault != nil {
			k.app.complain(fmt.Errorf("the scan goes on unrecorded: %w", k.fault), "")
		}
	}
	if k.fault != nil && e.Page != nil {
		k.missed = append(k.missed, *e.Page)
	}
}

func (k *record) write(e crawler.Event) error {
	ctx := context.Background() // an interrupt ends the scan, not the writing of what it saw
	if err := k.begin(ctx); err != nil {
		return err
	}
	switch {
	case e.Page != nil:
		return k.writer.Add(ctx, *e.Page)
	case e.Policy != nil:
		return k.writer.AddPolicy(ctx, *e.Policy)
	case e.Failure != nil:
		return k.writer.AddFailure(ctx, *e.Failure)
	}
	return nil
}

// end closes the record with the whole scan. One that was interrupted can be resumed.
func (k *record) end(scan *crawler.Scan, interrupted bool) {
	if k.store == nil {
		return
	}
	if k.earlier != nil {
		scan.Started = k.header.Started
	}
	switch err := k.writeAll(scan, interrupted); {
	case err != nil && k.fault == nil:
		k.app.complain(fmt.Errorf("the scan is not recorded: %w", err), "")
	case err == nil && k.fault != nil:
		fmt.Fprintln(k.app.stderr, "trackscan: at its end the scan was recorded after all")
	}
}

func (k *record) writeAll(scan *crawler.Scan, interrupted bool) error {
	ctx := context.Background()
	if err := k.begin(ctx); err != nil {
		return err
	}
	for _, page := range k.missed {
		if err := k.writer.Add(ctx, page); err != nil {
			return err
		}
	}
	if interrupted {
		return k.writer.Pause(ctx, scan)
	}
	return k.writer.End(ctx, scan)
}

// nights are the earlier scans of the site, judged. Without them the report is the same but for what changed, so a store
// that cannot be read costs only that.
func (k *record) nights(known knowledge) []report.Night {
	if k.store == nil {
		return nil
	}
	ctx := context.Background() // an interrupt ends the scan, not the judging of what it saw
	list, err := k.store.List(ctx, k.header.Site)
	var nights []report.Night
	if err == nil {
		nights, err = known.nights(ctx, k.store, before(list, k.header.Started, maxNights))
	}
	if err != nil {
		k.app.complain(fmt.Errorf("what changed cannot be told: %w", err), "")
		return nil
	}
	return nights
}

// close gives back the right to scan the site, and the store.
func (k *record) close() {
	var err error
	if k.lock != nil {
		err = k.lock.Release()
	}
	if k.store != nil {
		err = errors.Join(err, k.store.Close())
	}
	if err != nil {
		k.app.complain(fmt.Errorf("close the store: %w", err), "")
	}
}
