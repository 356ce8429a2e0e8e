package mail

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

func send(t *testing.T, s Server, to ...string) error {
	t.Helper()
	m, err := Compose(Envelope{From: "trackscan <trackscan@shop.test>", To: to, Date: sentAt}, shopReport())
	require.NoError(t, err)
	return s.Send(t.Context(), m)
}

func TestSend(t *testing.T) {
	certificate, roots := newCertificate(t)
	for _, c := range []struct {
		name      string
		security  Security
		implicit  bool
		encrypted bool
		login     bool
	}{
		{name: "STARTTLS and login", encrypted: true, login: true},
		{name: "STARTTLS without login", security: STARTTLS, encrypted: true},
		{name: "TLS and login", security: TLS, implicit: true, encrypted: true, login: true},
		{name: "plain", security: Plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			box := &mailbox{}
			s := serve(t, box, certificate, c.implicit)
			s.Security, s.Roots = c.security, roots
			if c.login {
				s.User, s.Password = user, password
			}
			require.NoError(t, send(t, s, "a@shop.test", "Bea <b@shop.test>"))
			require.Len(t, box.taken, 2)
			require.Equal(t, "a@shop.test", box.taken[0].to)
			require.Equal(t, "b@shop.test", box.taken[1].to)
			require.Equal(t, c.login, len(box.users) == 2)
			for _, d := range box.taken {
				require.Equal(t, "trackscan@shop.test", d.from)
				require.Equal(t, c.encrypted, d.tls)
			}
		})
	}
}

func TestSendTriesAgain(t *testing.T) {
	certificate, roots := newCertificate(t)
	box := &mailbox{onMail: func(try int, _ string) error {
		if try < 3 {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "busy"}
		}
		return nil
	}}
	s := serve(t, box, certificate, false)
	s.Roots = roots
	require.NoError(t, send(t, s, "a@shop.test"))
	require.Equal(t, 3, box.tries)
	require.Len(t, box.taken, 1)
}

// A server that breaks off in the middle gets the same message again, under the same number.
func TestSendAfterBrokenConnection(t *testing.T) {
	box := &mailbox{}
	s := serve(t, box, nil, false)
	s.Security = Plain
	front, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer front.Close()
	go func() {
		for range 2 {
			if conn, err := front.Accept(); err == nil {
				conn.Close()
			}
		}
		front.Close()
	}()
	broken := s
	broken.Port, broken.Tries = front.Addr().(*net.TCPAddr).Port, 2
	require.Error(t, send(t, broken, "a@shop.test"))
	require.NoError(t, send(t, s, "a@shop.test"))
	require.Len(t, box.taken, 1)
}

// One recipient whom the server does not know costs the others nothing, and is not tried again.
func TestSendToSomeWhoAreUnknown(t *testing.T) {
	box := &mailbox{onRcpt: func(to string) error {
		if to == "gone@shop.test" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}}
	s := serve(t, box, nil, false)
	s.Security = Plain
	err := send(t, s, "a@shop.test", "gone@shop.test", "b@shop.test")
	require.ErrorContains(t, err, "mail to gone@shop.test")
	require.ErrorContains(t, err, "no such user")
	require.NotContains(t, err.Error(), "a@shop.test")
	require.Len(t, box.taken, 2)
	require.Equal(t, 3, box.tries)
}

func TestSendFails(t *testing.T) {
	certificate, roots := newCertificate(t)
	reject := func(code int) func(int) error {
		return func(int) error { return &smtp.SMTPError{Code: code, Message: "spam"} }
	}
	for _, c := range []struct {
		name    string
		box     *mailbox
		change  func(*Server)
		plain   bool
		want    string
		tries   int
		noTrust bool
	}{
		{name: "rejected", box: &mailbox{onData: reject(554)}, want: "554", tries: 1},
		{name: "busy for ever", box: &mailbox{onData: reject(452)}, want: "452", tries: 3},
		{name: "wrong password", change: func(s *Server) { s.User, s.Password = user, "wrong" }, want: "535"},
		{name: "a certificate that nobody trusts", noTrust: true, want: "certificate"},
		{name: "a server that cannot encrypt", plain: true, want: "STARTTLS"},
		{name: "no password in the clear", plain: true, change: func(s *Server) {
			s.Security, s.User, s.Password = Plain, user, password
		}, want: "auth"},
		{name: "nobody there", change: func(s *Server) { s.Port = 1 }, want: "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cert := certificate
			if c.plain {
				cert = nil
			}
			box := c.box
			if box == nil {
				box = &mailbox{}
			}
			s := serve(t, box, cert, false)
			if !c.noTrust {
				s.Roots = roots
			}
			if c.change != nil {
				c.change(&s)
			}
			err := send(t, s, "a@shop.test")
			require.Error(t, err)
			require.Contains(t, strings.ToLower(err.Error()), strings.ToLower(c.want))
			require.NotContains(t, err.Error(), password)
			require.Empty(t, box.taken)
			require.Equal(t, c.tries, box.tries)
		})
	}
}

// A server that never answers costs a try its time limit and no more; so does one that is stopped.
func TestSendToSlowServer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	s := Server{
		Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port, Security: Plain,
		Timeout: 50 * time.Millisecond, Tries: 2, Pause: time.Millisecond,
	}
	start := time.Now()
	require.Error(t, send(t, s, "a@shop.test"))
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestSendEndsWithItsContext(t *testing.T) {
	box := &mailbox{onMail: func(int, string) error { return &smtp.SMTPError{Code: 451, Message: "busy"} }}
	s := serve(t, box, nil, false)
	s.Security, s.Pause, s.Tries = Plain, time.Hour, 5
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	m, err := Compose(Envelope{From: "t@shop.test", To: []string{"a@shop.test"}, Date: sentAt}, shopReport())
	require.NoError(t, err)
	require.ErrorContains(t, s.Send(ctx, m), "451")
	require.Equal(t, 1, box.tries)
}
