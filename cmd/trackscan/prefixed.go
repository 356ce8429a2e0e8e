package main

import (
	"bytes"
	"io"
	"sync"
)

// prefixed puts the name of a site before each line that is written about it, so that several sites can share a log. A
// line is written in one piece.
type prefixed struct {
	to     io.Writer
	prefix string

	mu   sync.Mutex
	rest []byte // of a line that has not ended
}

// Write implements io.Writer.
func (p *prefixed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rest = append(p.rest, b...)
	for {
		end := bytes.IndexByte(p.rest, '\n')
		if end < 0 {
			return len(b), nil
		}
		line := append([]byte(p.prefix), p.rest[:end+1]...)
		p.rest = p.rest[end+1:]
		if _, err := p.to.Write(line); err != nil {
			return 0, err
		}
	}
}
