package fakeweb

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"
)

// authority makes a certificate for every host that is asked for, signed by a root that lives as long as it does.
type authority struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey // of the root and of every host: nothing here is secret

	mu    sync.Mutex
	certs map[string]*tls.Certificate
}

// maxCertificates bounds what a client that makes up host names can make us keep.
const maxCertificates = 10_000

// newAuthority makes a root that is good for two days, so that a client whose clock is off by hours accepts it.
func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	tmpl := template("trackscan fake web")
	tmpl.IsCA, tmpl.BasicConstraintsValid = true, true
	tmpl.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("make root certificate: %w", err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read root certificate: %w", err)
	}
	return &authority{root: root, key: key, certs: map[string]*tls.Certificate{}}, nil
}

func template(name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.Add(24 * time.Hour),
	}
}

// certificate implements tls.Config.GetCertificate. A client that names no host gets a certificate for 127.0.0.1.
func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cert := a.certs[hello.ServerName]; cert != nil {
		return cert, nil
	}
	if len(a.certs) >= maxCertificates {
		return nil, fmt.Errorf("serve fake web: more than %d hosts asked", maxCertificates)
	}
	cert, err := a.issue(hello.ServerName)
	if err == nil {
		a.certs[hello.ServerName] = cert
	}
	return cert, err
}

func (a *authority) issue(host string) (*tls.Certificate, error) {
	tmpl := template("fake web")
	tmpl.KeyUsage = x509.KeyUsageDigitalSignature
	tmpl.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	tmpl.DNSNames = []string{host}
	if host == "" {
		tmpl.DNSNames, tmpl.IPAddresses = nil, []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.root, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("make certificate for %q: %w", host, err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: a.key}, nil
}
