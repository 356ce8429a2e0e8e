package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/emersion/go-smtp"
	"github.com/rogpeppe/go-internal/testscript"
)

// mailbox is a mail server on loopback that writes what it takes into a folder, 1.eml, 2.eml and so on. While there is a
// file called "full" it takes nothing.
type mailbox struct {
	dir string

	mu sync.Mutex
	n  int
}

// NewSession implements smtp.Backend.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{box: m}, nil }

type mailSession struct {
	box *mailbox
	to  string
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if _, err := os.Stat(filepath.Join(s.box.dir, "full")); err == nil {
		return &smtp.SMTPError{Code: 552, Message: "the mailbox is full"}
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.n++
	text := append([]byte("X-Rcpt: "+s.to+"\n"), b...)
	return os.WriteFile(filepath.Join(s.box.dir, fmt.Sprintf("%d.eml", s.box.n)), text, 0o644)
}

// serveMail starts a mailbox in $WORK/mail until the script ends; $SMTP_PORT is its port.
func serveMail(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: mailbox")
	}
	dir := ts.MkAbs("mail")
	ts.Check(os.MkdirAll(dir, 0o755))
	server := smtp.NewServer(&mailbox{dir: dir})
	server.Domain = "localhost"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	go func() { _ = server.Serve(l) }() // ends with Close
	ts.Defer(func() { _ = server.Close() })
	ts.Setenv("SMTP_PORT", fmt.Sprint(l.Addr().(*net.TCPAddr).Port))
}
