package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how the way to a mail server is protected.
type Security string

// The securities. The zero value is STARTTLS.
const (
	STARTTLS Security = "starttls" // required: a server that does not offer it gets nothing
	TLS      Security = "tls"      // from the first byte
	Plain    Security = "none"     // for a server on this machine; no password is sent this way
)

// Server is a mail server and how to log in there.
type Server struct {
	Host     string
	Port     int // 0: 465 with TLS, 25 without any, else 587
	Security Security
	User     string // empty: no login
	Password string
	Roots    *x509.CertPool // whom to trust; nil: whom the system trusts
	Timeout  time.Duration  // of one try; 0: 30 s
	Tries    int            // 0: 3
	Pause    time.Duration  // before the second try, doubled each time; 0: 5 s
}

// Send hands the message to the server, once for each recipient, so that one wrong address costs the others nothing.
// What may pass - no connection, a slow server, an answer of 4xx - is tried again. The error names every recipient
// that the server did not take the message for.
func (s Server) Send(ctx context.Context, m *Message) error {
	var all error
	for _, to := range m.envelope.To {
		if err := s.sendTo(ctx, m, to); err != nil {
			all = errors.Join(all, fmt.Errorf("mail to %s: %w", to, err))
		}
	}
	return all
}

func (s Server) sendTo(ctx context.Context, m *Message, to string) error {
	pause := or(s.Pause, 5*time.Second)
	for try := 1; ; try++ {
		err := s.try(ctx, m, to)
		if err == nil || try >= or(s.Tries, 3) || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// try sends the message in a connection of its own.
func (s Server) try(ctx context.Context, m *Message, to string) error {
	msg, err := m.to(to)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.Host, s.options()...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, or(s.Timeout, 30*time.Second))
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // what fails after the server has taken it is no reason to send it again
	}
	return err
}

func (s Server) options() []gomail.Option {
	trust := &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	list := []gomail.Option{gomail.WithTLSConfig(trust), gomail.WithTimeout(or(s.Timeout, 30*time.Second)), gomail.WithPort(s.port())}
	switch s.Security {
	case TLS:
		list = append(list, gomail.WithSSL())
	case Plain:
		list = append(list, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		list = append(list, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		list = append(list, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return list
}

func (s Server) port() int {
	fallback := map[Security]int{TLS: 465, Plain: 25}[s.Security]
	return or(s.Port, or(fallback, 587))
}

// passing reports whether an error may be gone in a moment: no connection, a broken one, an answer of 4xx. A wrong
// password, an unknown recipient, a certificate that is not trusted or a server that cannot encrypt stays.
func passing(err error) bool {
	var (
		refused *gomail.SendError
		said    *textproto.Error
		trust   *tls.CertificateVerificationError
		network net.Error
	)
	switch {
	case errors.As(err, &refused):
		return refused.ErrorCode()/100 != 5
	case errors.As(err, &said):
		return said.Code/100 != 5
	case errors.As(err, &trust):
		return false
	}
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
