package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"trackscan/crawler"
)

// Entry is a stored scan in a list.
type Entry struct {
	ID int64
	Header
	Ended   time.Time // zero while the scan is unfinished
	Whole   bool      // see crawler.Scan.Whole; false while the scan is unfinished
	Pages   int       // kept so far
	Scanned string    `json:"-"` // crawler.Scan.Site: where Header.Site led; Header.Site until End or Pause
}

// List returns the scans of site, or of every site when site is empty, the newest first.
func (s *Store) List(ctx context.Context, site string) ([]Entry, error) {
	if site == "" {
		return s.entries(ctx, newestFirst)
	}
	return s.entries(ctx, "WHERE t.hash = $1"+newestFirst, digest(site))
}

// Last returns the newest scan of site that has ended, and ErrUnknown when there is none.
func (s *Store) Last(ctx context.Context, site string) (Entry, error) {
	return s.newest(ctx, site, "s.ended IS NOT NULL")
}

// Unfinished returns the newest scan of site that has not ended, and ErrUnknown when there is none. Load returns what
// it has seen so far.
func (s *Store) Unfinished(ctx context.Context, site string) (Entry, error) {
	return s.newest(ctx, site, "s.ended IS NULL")
}

func (s *Store) newest(ctx context.Context, site, condition string) (Entry, error) {
	list, err := s.entries(ctx, "WHERE t.hash = $1 AND "+condition+newestFirst+" LIMIT 1", digest(site))
	if err == nil && len(list) == 0 {
		err = s.wrap("read "+site+" in", ErrUnknown)
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

const newestFirst = " ORDER BY s.started DESC, s.id DESC"

// entries reads the scans that an SQL condition selects.
func (s *Store) entries(ctx context.Context, condition string, args ...any) ([]Entry, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT s.id, t.site, s.ended IS NOT NULL, s.whole = 1, s.head,
		(SELECT COUNT(*) FROM records r WHERE r.scan = s.id AND r.kind = 1)
		FROM scans s JOIN sites t ON t.id = s.site `+condition, args...)
	if err != nil {
		return nil, s.wrap("list scans in", err)
	}
	defer rows.Close()
	var list []Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, s.wrap("list scans in", err)
		}
		list = append(list, e)
	}
	return list, s.wrap("list scans in", rows.Err())
}

func scanEntry(rows *sql.Rows) (Entry, error) {
	var e Entry
	var site, body []byte
	var ended bool
	if err := rows.Scan(&e.ID, &site, &ended, &e.Whole, &body, &e.Pages); err != nil {
		return e, err
	}
	h, err := decodeHead(body)
	e.Header = Header{string(site), h.Scan.Started, h.Scan.Agent, h.Options, h.Salt}
	e.Scanned = h.Scan.Site
	if ended {
		e.Ended = h.Scan.Ended
	}
	return e, err
}

func decodeHead(body []byte) (h head, err error) {
	if err := decode(body, &h); err != nil {
		return h, fmt.Errorf("%w: head of a scan: %w", ErrCorrupt, err)
	}
	return h, nil
}

// readHead reads what a scan's row says of it.
func readHead(ctx context.Context, tx *sql.Tx, id int64) (h head, ended bool, err error) {
	var body []byte
	err = tx.QueryRowContext(ctx, "SELECT ended IS NOT NULL, head FROM scans WHERE id = $1", id).Scan(&ended, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, fmt.Errorf("%w: %d", ErrUnknown, id)
	}
	if err == nil {
		h, err = decodeHead(body)
	}
	return h, ended, err
}

// Load returns a scan as End was given it: it encodes to the same bytes. Of an unfinished scan it returns what was
// kept so far, in the order of keeping.
func (s *Store) Load(ctx context.Context, id int64) (*crawler.Scan, error) {
	var h head
	var records map[kind][]stored
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		if h, _, err = readHead(ctx, tx, id); err == nil {
			records, err = readRecords(ctx, tx, id)
		}
		return err
	})
	if err == nil {
		err = restore(&h.Scan, records)
	}
	if err != nil {
		return nil, s.wrap(fmt.Sprintf("load scan %d from", id), err)
	}
	return &h.Scan, nil
}

// stored is a record with its blob, still compressed.
type stored struct {
	note []byte
	body []byte
	base func() ([]byte, error) // unpacks the dictionary; nil for a whole blob
}

// readRecords reads the records of a scan, in order.
func readRecords(ctx context.Context, tx *sql.Tx, id int64) (map[kind][]stored, error) {
	bases, err := readBases(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.kind, r.note, b.body, b.base FROM records r
		LEFT JOIN blobs b ON b.id = r.blob WHERE r.scan = $1 ORDER BY r.kind, r.seq`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	records := map[kind][]stored{}
	for rows.Next() {
		var k kind
		var item stored
		var base sql.NullInt64
		if err := rows.Scan(&k, &item.note, &item.body, &base); err != nil {
			return nil, err
		}
		item.base = bases[base.Int64]
		records[k] = append(records[k], item)
	}
	return records, rows.Err()
}

// readBases reads each whole blob that another blob of the scan needs, once.
func readBases(ctx context.Context, tx *sql.Tx, id int64) (map[int64]func() ([]byte, error), error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, body FROM blobs WHERE id IN
		(SELECT b.base FROM records r JOIN blobs b ON b.id = r.blob WHERE r.scan = $1)`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	bases := map[int64]func() ([]byte, error){}
	for rows.Next() {
		var id int64
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return nil, err
		}
		bases[id] = sync.OnceValues(func() ([]byte, error) { return decompress(body, nil) })
	}
	return bases, rows.Err()
}

// content unpacks the blob.
func (s *stored) content() ([]byte, error) {
	if s.base == nil {
		return decompress(s.body, nil)
	}
	dictionary, err := s.base()
	if err != nil {
		return nil, err
	}
	return decompress(s.body, dictionary)
}

// restore puts records back into the scan that they were taken from, on all cores: most of the time goes into JSON.
func restore(scan *crawler.Scan, records map[kind][]stored) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	pictures := restoreEach(&g, nil, records[pictureRecord], restorePicture)
	scan.Pages = restoreEach(&g, scan.Pages, records[pageRecord], restorePage)
	scan.Policies = restoreEach(&g, scan.Policies, records[policyRecord], restorePolicy)
	scan.Failures = restoreEach(&g, scan.Failures, records[failureRecord], restoreFailure)
	if err := g.Wait(); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	returnPictures(scan.Pages, pictures)
	return nil
}

// restoreEach appends an item for each record; the items are there when g has ended.
func restoreEach[T any](g *errgroup.Group, to []T, records []stored, one func(*stored, *T) error) []T {
	n := len(to)
	to = append(to, make([]T, len(records))...)
	for i := range records {
		g.Go(func() error { return one(&records[i], &to[n+i]) })
	}
	return to
}

func restorePage(item *stored, page *crawler.Page) error {
	content, err := item.content()
	if err == nil {
		err = decode(content, page)
	}
	if err != nil || len(item.note) == 0 {
		return err
	}
	text, err := decompress(item.note, nil)
	if err != nil {
		return err
	}
	var l links
	err = decode(text, &l)
	page.Links = l.Links
	return err
}

func restorePolicy(item *stored, policy *crawler.Document) error {
	content, err := item.content()
	if err != nil {
		return err
	}
	err = decode(item.note, policy)
	policy.Bytes = append(policy.Bytes, content...)
	return err
}

func restoreFailure(item *stored, failure *crawler.Failure) error { return decode(item.note, failure) }
