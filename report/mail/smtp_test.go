package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// mailbox is a real mail server on loopback that keeps what it takes. Its funcs say what it refuses; nil takes all.
type mailbox struct {
	onMail func(try int, from string) error
	onRcpt func(to string) error
	onData func(try int) error

	mu    sync.Mutex
	tries int
	taken []delivery
	users []string
}

// delivery is a message that a mailbox took.
type delivery struct {
	from, to string
	body     []byte
	tls      bool
}

// user and password are what every mailbox with a login asks for.
const (
	user     = "nightly"
	password = "correct horse"
)

func (m *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{box: m, conn: c}, nil
}

type mailSession struct {
	box  *mailbox
	conn *smtp.Conn
	got  delivery
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, word string) error {
		if name != user || word != password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		s.box.mu.Lock()
		defer s.box.mu.Unlock()
		s.box.users = append(s.box.users, name)
		return nil
	}), nil
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.box.mu.Lock()
	s.box.tries++
	try := s.box.tries
	s.box.mu.Unlock()
	_, encrypted := s.conn.TLSConnectionState()
	s.got = delivery{from: from, tls: encrypted}
	if s.box.onMail != nil {
		return s.box.onMail(try, from)
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.got.to = to
	if s.box.onRcpt != nil {
		return s.box.onRcpt(to)
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) (err error) {
	if s.got.body, err = io.ReadAll(r); err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.onData != nil {
		if err := s.box.onData(s.box.tries); err != nil {
			return err
		}
	}
	s.box.taken = append(s.box.taken, s.got)
	return nil
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

// serve runs the mailbox and returns how to reach it. With TLS from the first byte when implicit is set; a nil
// certificate stands for a server that cannot encrypt.
func serve(t *testing.T, box *mailbox, certificate *tls.Certificate, implicit bool) Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := smtp.NewServer(box)
	s.Domain, s.AllowInsecureAuth = "mail.test", true
	s.ErrorLog = quiet{}
	port := listener.Addr().(*net.TCPAddr).Port
	if certificate != nil {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}}
	}
	if implicit {
		listener = tls.NewListener(listener, s.TLSConfig)
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	t.Cleanup(func() {
		s.Close()
		<-done
	})
	return Server{Host: "127.0.0.1", Port: port, Timeout: 5 * time.Second, Pause: time.Millisecond}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// newCertificate makes a certificate for 127.0.0.1 and the pool that trusts it.
func newCertificate(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
