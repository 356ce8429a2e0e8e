package filterlist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// cacheMagic begins every cache. Its number changes with anything that changes what a rule or an index means.
const cacheMagic = "trackscan filter cache 2\n"

// maxCache bounds what Decode reads: an engine has at most some three times the size of its lists.
const maxCache = 1 << 30

var errCache = errors.New("decode filter cache: damaged")

// Encode writes the engine in a form that Decode reads faster than the lists can be parsed.
func (e *Engine) Encode(w io.Writer) error {
	c := encoder{buf: make([]byte, 0, len(e.store.text)+40*len(e.store.rules))}
	c.buf = append(c.buf, cacheMagic...)
	c.lists(e.lists)
	c.store(&e.store)
	for i := range e.indexes {
		c.index(&e.indexes[i])
	}
	c.u32(crc32.ChecksumIEEE(c.buf))
	if _, err := w.Write(c.buf); err != nil {
		return fmt.Errorf("write filter cache: %w", err)
	}
	return nil
}

// Decode reads what Encode wrote. A cache of another version, a damaged one and one that refers beyond itself are
// errors; the lists must then be parsed again.
func Decode(r io.Reader) (*Engine, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCache))
	if err != nil {
		return nil, fmt.Errorf("decode filter cache: %w", err)
	}
	if len(data) < len(cacheMagic)+4 || string(data[:len(cacheMagic)]) != cacheMagic {
		return nil, errors.New("decode filter cache: not of this version")
	}
	body := data[:len(data)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, errCache
	}
	return decode(body[len(cacheMagic):])
}
