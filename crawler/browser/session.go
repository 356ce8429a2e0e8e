package browser

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// firstID is the first message id of our own commands. chromedp counts its own from 1 on the same connection; ids must
// fit an int32.
const firstID = 1 << 24

// tap is a connection to the browser that chromedp and our sessions share. chromedp drives the browser process; every
// page, frame and worker is driven by sessions of our own, because chromedp does not watch the targets below a page.
type tap struct {
	chromedp.Transport

	mu       sync.Mutex
	next     int64
	pending  map[int64]func(*cdproto.Message)
	sessions map[target.SessionID]*session
	closed   error
	heard    atomic.Int64 // when the browser last said anything, in Unix nanoseconds
}

func newTap(t chromedp.Transport) *tap {
	return &tap{
		Transport: t,
		next:      firstID,
		pending:   map[int64]func(*cdproto.Message){},
		sessions:  map[target.SessionID]*session{},
	}
}

// Read returns the next message that is meant for chromedp; those for our sessions are handled on the way.
func (t *tap) Read(ctx context.Context, msg *cdproto.Message) error {
	for {
		if err := t.Transport.Read(ctx, msg); err != nil {
			t.fail(err)
			return err
		}
		t.heard.Store(time.Now().UnixNano())
		if !t.take(msg) {
			return nil
		}
		*msg = cdproto.Message{}
	}
}

// take handles msg when it is ours. Handlers run on the reading goroutine, so that a child session is known before
// its first event is read; they must not wait for a reply.
func (t *tap) take(msg *cdproto.Message) bool {
	if msg.Method == "" {
		if msg.ID < firstID {
			return false
		}
		t.mu.Lock()
		done := t.pending[msg.ID]
		delete(t.pending, msg.ID)
		t.mu.Unlock()
		if done != nil {
			reply := *msg
			done(&reply)
		}
		return true
	}
	t.mu.Lock()
	s := t.sessions[msg.SessionID]
	t.mu.Unlock()
	if s == nil {
		return false
	}
	s.handle(string(msg.Method), msg.Params)
	return msg.SessionID != "" // chromedp also hears what the browser itself tells
}

// fail ends every command that waits for a reply.
func (t *tap) fail(err error) {
	t.mu.Lock()
	t.closed = fmt.Errorf("lost the connection to the browser: %w", err)
	waiting := t.pending
	t.pending = map[int64]func(*cdproto.Message){}
	t.mu.Unlock()
	for _, done := range waiting {
		done(nil)
	}
}

// send writes a command; done runs on the reading goroutine when the reply comes, with nil when it never will.
func (t *tap) send(id target.SessionID, method string, params any, done func(*cdproto.Message)) error {
	buf, err := jsonv2.Marshal(params, chromedp.DefaultMarshalOptions)
	if err != nil {
		return fmt.Errorf("encode %s: %w", method, err)
	}
	t.mu.Lock()
	if t.closed != nil {
		defer t.mu.Unlock()
		return t.closed
	}
	t.next++
	msg := &cdproto.Message{ID: t.next, SessionID: id, Method: cdproto.MethodType(method), Params: buf}
	t.pending[msg.ID] = done
	t.mu.Unlock()
	if err := t.Write(context.Background(), msg); err != nil {
		t.mu.Lock()
		delete(t.pending, msg.ID)
		t.mu.Unlock()
		return fmt.Errorf("send %s: %w", method, err)
	}
	return nil
}

// session is our end of one target: a page, frame or worker. The zero session id is the browser itself.
type session struct {
	tap    *tap
	id     target.SessionID
	handle func(method string, params jsonv2.Value) // runs on the reading goroutine
}

// open makes a session known; from now on handle gets its events.
func (t *tap) open(id target.SessionID, handle func(method string, params jsonv2.Value)) *session {
	s := &session{tap: t, id: id, handle: handle}
	t.mu.Lock()
	t.sessions[id] = s
	t.mu.Unlock()
	return s
}

// close forgets the session; its later events are ignored.
func (s *session) close() {
	s.tap.mu.Lock()
	delete(s.tap.sessions, s.id)
	s.tap.mu.Unlock()
}

// call runs a command and waits for its result.
func call[P, R any](ctx context.Context, s *session, c cdp.Command[P, R], params P) (R, error) {
	var res R
	reply := make(chan *cdproto.Message, 1)
	if err := s.tap.send(s.id, c.Method, params, func(m *cdproto.Message) { reply <- m }); err != nil {
		return res, err
	}
	select {
	case <-ctx.Done():
		return res, fmt.Errorf("%s: %w", c.Method, ctx.Err())
	case m := <-reply:
		return decode[R](c.Method, m)
	}
}

// post sends a command and does not wait. The reply, if anybody wants it, goes to done on the reading goroutine.
func post[P, R any](s *session, c cdp.Command[P, R], params P, done func(R, error)) {
	err := s.tap.send(s.id, c.Method, params, func(m *cdproto.Message) {
		if done != nil {
			done(decode[R](c.Method, m))
		}
	})
	if err != nil && done != nil {
		var zero R
		done(zero, err)
	}
}

// tell sends a command whose reply nobody wants. A target that is gone answers with an error, which changes nothing.
func tell[P, R any](s *session, c cdp.Command[P, R], params P) { post(s, c, params, nil) }

func decode[R any](method string, m *cdproto.Message) (R, error) {
	var res R
	switch {
	case m == nil:
		return res, fmt.Errorf("%s: %w", method, errLost)
	case m.Error != nil:
		return res, fmt.Errorf("%s: %w", method, m.Error)
	}
	if err := jsonv2.Unmarshal(m.Result, &res, chromedp.DefaultUnmarshalOptions); err != nil {
		return res, fmt.Errorf("decode the reply of %s: %w", method, err)
	}
	return res, nil
}

// event decodes the parameters of an event, and reports whether they could be read.
func event[E any](_ cdp.Event[E], params jsonv2.Value, e *E) bool {
	return jsonv2.Unmarshal(params, e, chromedp.DefaultUnmarshalOptions) == nil
}
