package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"

	"github.com/klauspost/compress/zstd"
)

// blob is a piece of evidence as the store keeps it: once, compressed, and where a similar one is there, as the
// difference to it.
//
// The base of a blob is the newest whole copy of its family (the same page on an earlier night), else of its kin
// (another page of the site). The difference is kept when it is worthwhile; else the whole is, and becomes the base of
// later nights. A base is always whole, so reading takes two steps.
type blob struct {
	content []byte
	family  []byte
	kin     []byte
}

// newBlob makes a blob of the given kind; name tells it from its kin on the same site.
func newBlob(content []byte, site, kind string, name ...string) *blob {
	kin := fmt.Sprintf("%q %q", site, kind)
	return &blob{content, digest(fmt.Sprintf("%s %q", kin, name)), digest(kin)}
}

// maxBlob bounds what one blob may hold, before compression. The largest pages measured are a few MB.
const maxBlob = 256 << 20

// worthwhile is the largest difference that is kept, as a part of the whole. Of 0.5, 0.6 and 0.75 it made the smallest
// year: with less, pages are kept whole too often, with more, differences grow old (BenchmarkYear).
const worthwhile = 0.6

// digest is the SHA-256 of a text.
func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// find returns the number of the blob in the store, or sql.ErrNoRows.
func (b *blob) find(ctx context.Context, q querier) (id int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT id FROM blobs WHERE hash = $1", digest(string(b.content))).Scan(&id)
	return id, err
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// keep keeps the blob unless it is there already, and returns its number.
func (b *blob) keep(ctx context.Context, tx *sql.Tx) (id int64, err error) {
	if len(b.content) > maxBlob {
		return 0, fmt.Errorf("%d bytes of evidence, of at most %d", len(b.content), maxBlob)
	}
	if id, err = b.find(ctx, tx); !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	base, body, err := b.body(ctx, tx)
	if err != nil {
		return 0, err
	}
	family, kin := b.family, b.kin
	if base.Valid {
		family, kin = nil, nil // only whole blobs are looked for
	}
	// Another process may have kept the same evidence since; the update that changes nothing returns its id.
	err = tx.QueryRowContext(ctx, `INSERT INTO blobs (hash, family, kin, base, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash RETURNING id`,
		digest(string(b.content)), family, kin, base, body).Scan(&id)
	return id, err
}

// body compresses the blob, against a base where that is worthwhile.
func (b *blob) body(ctx context.Context, tx *sql.Tx) (base sql.NullInt64, body []byte, err error) {
	whole, err := compress(b.content, nil)
	if err != nil {
		return base, nil, err
	}
	id, like, err := b.like(ctx, tx)
	if errors.Is(err, sql.ErrNoRows) {
		return base, whole, nil
	}
	if err != nil {
		return base, nil, err
	}
	dictionary, err := decompress(like, nil)
	if err != nil {
		return base, nil, err
	}
	difference, err := compress(b.content, dictionary)
	if err != nil || float64(len(difference)) > worthwhile*float64(len(whole)) {
		return base, whole, err
	}
	return sql.NullInt64{Int64: id, Valid: true}, difference, nil
}

// like finds the whole blob that the new one is probably most like.
func (b *blob) like(ctx context.Context, tx *sql.Tx) (id int64, body []byte, err error) {
	err = tx.QueryRowContext(ctx, `SELECT id, body FROM blobs WHERE family = $1 AND base IS NULL
		ORDER BY id DESC LIMIT 1`, b.family).Scan(&id, &body)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `SELECT id, body FROM blobs WHERE kin = $1 AND base IS NULL
			ORDER BY id DESC LIMIT 1`, b.kin).Scan(&id, &body)
	}
	return id, body, err
}

// smallestDictionary is the least that zstd takes as a dictionary, in bytes.
const smallestDictionary = 8

// compress packs content, with the help of a dictionary that decompress must have again.
func compress(content, dictionary []byte) ([]byte, error) {
	options := []zstd.EOption{
		zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true),
		zstd.WithWindowSize(window(len(content) + len(dictionary))),
	}
	if len(dictionary) >= smallestDictionary {
		options = append(options, zstd.WithEncoderDictRaw(1, dictionary))
	}
	w, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(content, nil), w.Close()
}

// window is the power of two that holds n bytes, so that all of a dictionary can be referred to, within what keeps
// memory small: the encoder sets aside twice as much.
func window(n int) int { return min(max(1<<bits.Len(uint(n)), 64<<10), 8<<20) }

// decompress undoes compress and checks the checksum that zstd keeps.
func decompress(body, dictionary []byte) ([]byte, error) {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlob)}
	if len(dictionary) >= smallestDictionary {
		options = append(options, zstd.WithDecoderDictRaw(1, dictionary))
	}
	r, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := r.DecodeAll(body, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return content, nil
}
