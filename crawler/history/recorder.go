package history

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"trackscan/crawler"
)

// Header is what is known of a scan when it begins.
type Header struct {
	Site    string
	Started time.Time
	Agent   crawler.Agent
	Options string // fingerprint of what decides which pages are seen and how: a scan is resumed with the same only
	Salt    []byte // of the scan's Traits, so that a resumed scan goes on with it; forgotten when the scan ends
}

// head is a scan without its pages and policies, and what is needed to resume it.
type head struct {
	Options string       `json:"options"`
	Salt    []byte       `json:"salt,omitempty"`
	Scan    crawler.Scan `json:"scan"`
}

// Recorder writes one scan. What a method was given is on disk when it returns nil: it outlives the process and a
// power failure. When ctx has ended nothing is written, so give a ctx that outlives an interrupt. A Recorder is safe
// for concurrent use.
type Recorder struct {
	store *Store
	id    int64
	head  head

	mu    sync.Mutex
	next  int64           // position of the next record
	known map[string]bool // the records there are, by key
}

// Begin starts a scan, which is unfinished until Recorder.End.
func (s *Store) Begin(ctx context.Context, h Header) (*Recorder, error) {
	r := &Recorder{store: s, known: map[string]bool{}}
	r.head = head{h.Options, h.Salt, crawler.Scan{Site: h.Site, Started: h.Started, Agent: h.Agent}}
	body, err := encode(r.head)
	if err == nil {
		err = s.write(ctx, false, func(tx *sql.Tx) error {
			site, err := siteID(ctx, tx, h.Site)
			if err != nil {
				return err
			}
			return tx.QueryRowContext(ctx, "INSERT INTO scans (site, started, whole, head) VALUES ($1, $2, 0, $3) RETURNING id",
				site, h.Started.UnixMicro(), body).Scan(&r.id)
		})
	}
	if err != nil {
		return nil, s.wrap("begin scan in", err)
	}
	return r, nil
}

// siteID returns the number of a site, which it gives out when the site is new.
func siteID(ctx context.Context, tx *sql.Tx, site string) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO sites (hash, site) VALUES ($1, $2)
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`, digest(site), []byte(site)).Scan(&id)
	return id, err
}

// Resume goes on with a scan that has not ended. Load tells what it has seen so far.
func (s *Store) Resume(ctx context.Context, id int64) (*Recorder, error) {
	r := &Recorder{store: s, id: id, known: map[string]bool{}}
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		var ended bool
		if r.head, ended, err = readHead(ctx, tx, id); err != nil {
			return err
		}
		if ended {
			return fmt.Errorf("scan %d has ended", id)
		}
		return r.readKnown(ctx, tx)
	})
	if err != nil {
		return nil, s.wrap("resume scan in", err)
	}
	return r, nil
}

// readKnown learns which records there are.
func (r *Recorder) readKnown(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, "SELECT kind, seq, note, blob FROM records WHERE scan = $1", r.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rec record
		var seq int64
		if err := rows.Scan(&rec.kind, &seq, &rec.note, &rec.blob); err != nil {
			return err
		}
		r.known[rec.key()] = true
		r.next = max(r.next, seq+1)
	}
	return rows.Err()
}

// ID is the number by which the scan is asked for.
func (r *Recorder) ID() int64 { return r.id }

// Add keeps a page. A page that is there already is kept once.
func (r *Recorder) Add(ctx context.Context, page crawler.Page) error {
	_, err := r.addPage(ctx, &page)
	return r.store.wrap("add page "+page.URL+" to", err)
}

// addPage keeps a page and its screenshots, these first: a page that is there has them.
func (r *Recorder) addPage(ctx context.Context, page *crawler.Page) (records []record, err error) {
	items := pictureEvidence(page.Screenshots)
	item, err := pageEvidence(r.head.Scan.Site, page)
	for _, item := range append(items, item) {
		rec, addErr := r.add(ctx, item, err)
		if addErr != nil {
			return nil, addErr
		}
		records = append(records, rec)
	}
	return records, nil
}

// AddPolicy keeps a policy's text. A policy that is there already is kept once.
func (r *Recorder) AddPolicy(ctx context.Context, policy crawler.Document) error {
	item, err := policyEvidence(r.head.Scan.Site, &policy)
	_, err = r.add(ctx, item, err)
	return r.store.wrap("add policy "+policy.URL+" to", err)
}

// AddFailure keeps a failure. A failure that is there already is kept once.
func (r *Recorder) AddFailure(ctx context.Context, failure crawler.Failure) error {
	item, err := failureEvidence(&failure)
	_, err = r.add(ctx, item, err)
	return r.store.wrap("add failure to", err)
}

// add keeps evidence at the end of the scan unless the scan has it already.
func (r *Recorder) add(ctx context.Context, item evidence, err error) (rec record, _ error) {
	if err != nil {
		return rec, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if rec, err = item.find(ctx, r.store.db); err == nil && r.known[rec.key()] {
		return rec, nil
	}
	err = r.store.write(ctx, false, func(tx *sql.Tx) error {
		if rec, err = item.keep(ctx, tx); err != nil {
			return err
		}
		return rec.insert(ctx, tx, r.id, r.next)
	})
	if err == nil {
		r.known[rec.key()] = true
		r.next++
	}
	return rec, err
}

// End replaces what was recorded by scan, in scan's order, and ends it: from now on Load returns the same. Pages that
// Add has kept are not written again. It is the Recorder's last call.
func (r *Recorder) End(ctx context.Context, scan *crawler.Scan) error {
	ended := sql.NullInt64{Int64: scan.Ended.UnixMicro(), Valid: true}
	return r.store.wrap("end scan in", r.replace(ctx, scan, head{r.head.Options, nil, *scan}, ended))
}

// Pause is End for a scan that was interrupted: it stays unfinished, so that it can be resumed, and its pages keep the
// links that Add was given.
func (r *Recorder) Pause(ctx context.Context, scan *crawler.Scan) error {
	h := head{r.head.Options, r.head.Salt, *scan}
	return r.store.wrap("pause scan in", r.replace(ctx, scan, h, sql.NullInt64{}))
}

// replace makes the stored scan equal to scan. What takes time comes first; the transaction at the end is short.
func (r *Recorder) replace(ctx context.Context, scan *crawler.Scan, h head, ended sql.NullInt64) error {
	h.Scan.Pages, h.Scan.Policies = emptied(scan.Pages), emptied(scan.Policies)
	body, err := encode(h)
	if err != nil {
		return err
	}
	records, err := r.addAll(ctx, scan)
	if err != nil {
		return err
	}
	whole := 0
	if scan.Whole() {
		whole = 1
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.store.write(ctx, false, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE scans SET ended = $1, whole = $2, head = $3 WHERE id = $4",
			ended, whole, body, r.id)
		if err == nil && !ended.Valid {
			err = r.keepLinks(ctx, tx, records)
		}
		if err == nil {
			err = r.rewrite(ctx, tx, records)
		}
		return err
	})
}

// addAll keeps what the scan has and the store has not, and returns the records of the scan, in order. Failures are
// part of its head.
func (r *Recorder) addAll(ctx context.Context, scan *crawler.Scan) ([]record, error) {
	var records []record
	for i := range scan.Pages {
		page, err := r.addPage(ctx, &scan.Pages[i])
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", scan.Pages[i].URL, err)
		}
		records = append(records, page...)
	}
	for i := range scan.Policies {
		item, err := policyEvidence(r.head.Scan.Site, &scan.Policies[i])
		rec, err := r.add(ctx, item, err)
		if err != nil {
			return nil, fmt.Errorf("policy %s: %w", scan.Policies[i].URL, err)
		}
		records = append(records, rec)
	}
	return records, nil
}

// keepLinks gives the pages of a scan that is to be resumed the links that Add kept: the scan has let go of them.
func (r *Recorder) keepLinks(ctx context.Context, tx *sql.Tx, records []record) error {
	rows, err := tx.QueryContext(ctx, "SELECT blob, note FROM records WHERE scan = $1 AND kind = $2", r.id, pageRecord)
	if err != nil {
		return err
	}
	defer rows.Close()
	notes := map[int64][]byte{}
	for rows.Next() {
		var blob int64
		var note []byte
		if err := rows.Scan(&blob, &note); err != nil {
			return err
		}
		notes[blob] = note
	}
	for i := range records {
		if note := notes[records[i].blob.Int64]; records[i].kind == pageRecord && len(note) > 0 {
			records[i].note = note
		}
	}
	return rows.Err()
}

// rewrite replaces the records of the scan.
func (r *Recorder) rewrite(ctx context.Context, tx *sql.Tx, records []record) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM records WHERE scan = $1", r.id); err != nil {
		return err
	}
	for i, rec := range records {
		if err := rec.insert(ctx, tx, r.id, int64(i)); err != nil {
			return err
		}
	}
	return nil
}

// emptied returns an empty slice for a slice and nil for nil, which JSON tells apart.
func emptied[T any](s []T) []T {
	if s == nil {
		return nil
	}
	return []T{}
}
