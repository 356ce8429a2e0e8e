package history

import (
	"context"
	"database/sql"
	"fmt"

	"trackscan/crawler"
)

// kind is what a record holds. The numbers are in every store.
type kind int

const (
	pageRecord    kind = 1
	policyRecord  kind = 2
	failureRecord kind = 3
	pictureRecord kind = 4
)

// evidence is a record that is not kept yet.
type evidence struct {
	kind kind
	note []byte
	blob *blob // nil for none
}

// record is a row of a scan: a page, a policy, a failure or a picture.
type record struct {
	kind kind
	note []byte // what is too small for a blob, or of no use later
	blob sql.NullInt64
}

// links are the links of a page. They are needed to resume a scan; the scan that ends has let go of them, and its
// pages are the same for the store all the same.
type links struct {
	Links []crawler.Link `json:"links"`
}

// pageEvidence is a page: its links in the note, the rest in the blob, of its screenshots only the digests.
func pageEvidence(site string, page *crawler.Page) (evidence, error) {
	note := []byte{}
	if len(page.Links) > 0 {
		text, err := encode(&links{page.Links})
		if err == nil {
			note, err = compress(text, nil)
		}
		if err != nil {
			return evidence{}, err
		}
	}
	rest := *page
	rest.Links = nil
	rest.Screenshots = digestsOf(page.Screenshots)
	content, err := encode(&rest)
	return evidence{pageRecord, note, newBlob(content, site, "page", string(page.Scenario), page.URL)}, err
}

// policyEvidence is a policy: its bytes in the blob, the rest in the note.
func policyEvidence(site string, policy *crawler.Document) (evidence, error) {
	about := *policy
	about.Bytes = emptied(policy.Bytes)
	note, err := encode(&about)
	return evidence{policyRecord, note, newBlob(policy.Bytes, site, "policy", policy.URL)}, err
}

// failureEvidence is a failure, all of it in the note.
func failureEvidence(failure *crawler.Failure) (evidence, error) {
	note, err := encode(failure)
	return evidence{kind: failureRecord, note: note}, err
}

// find returns the record, and sql.ErrNoRows when its blob is not in the store.
func (e *evidence) find(ctx context.Context, q querier) (record, error) {
	if e.blob == nil {
		return record{kind: e.kind, note: e.note}, nil
	}
	id, err := e.blob.find(ctx, q)
	return record{e.kind, e.note, sql.NullInt64{Int64: id, Valid: true}}, err
}

// keep keeps the blob and returns the record.
func (e *evidence) keep(ctx context.Context, tx *sql.Tx) (record, error) {
	if e.blob == nil {
		return record{kind: e.kind, note: e.note}, nil
	}
	id, err := e.blob.keep(ctx, tx)
	return record{e.kind, e.note, sql.NullInt64{Int64: id, Valid: true}}, err
}

// key is equal for records that hold the same evidence.
func (r *record) key() string {
	if r.kind == pageRecord {
		return fmt.Sprintf("%d %d", r.kind, r.blob.Int64)
	}
	return fmt.Sprintf("%d %d %s", r.kind, r.blob.Int64, r.note)
}

// insert writes the record at its place in the scan.
func (r *record) insert(ctx context.Context, tx *sql.Tx, scan, seq int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO records (scan, kind, seq, note, blob) VALUES ($1, $2, $3, $4, $5)",
		scan, r.kind, seq, r.note, r.blob)
	return err
}
