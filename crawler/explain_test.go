package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExplain(t *testing.T) {
	wrap := func(err error) error { return &url.Error{Op: "Get", URL: "https://shop.test/", Err: err} }
	cases := []struct {
		err      error
		want     string
		hopeless bool
	}{
		{wrap(&net.DNSError{IsNotFound: true}), "no such host", true},
		{wrap(&net.DNSError{IsTimeout: true}), "the host name could not be looked up", false},
		{wrap(&net.OpError{Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), "connection refused", true},
		{wrap(syscall.EHOSTUNREACH), "network unreachable", false},
		{wrap(syscall.ECONNRESET), "the server closed the connection", false},
		{wrap(io.ErrUnexpectedEOF), "the server closed the connection", false},
		{wrap(context.DeadlineExceeded), "the server did not answer in time", false},
		{wrap(os.ErrDeadlineExceeded), "the server did not answer in time", false},
		{context.Canceled, "interrupted", true},
		{wrap(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), "certificate error: its issuer is not trusted", true},
		{wrap(x509.CertificateInvalidError{Reason: x509.Expired}), "certificate error: it has expired or is not valid yet", true},
		{wrap(x509.HostnameError{Certificate: &x509.Certificate{}}), "certificate error: it is for another host", true},
		{wrap(tls.RecordHeaderError{}), "the server does not speak TLS on this port", false},
		{errors.New("page load error net::ERR_NAME_NOT_RESOLVED"), "no such host", true},
		{errors.New("net::ERR_CERT_COMMON_NAME_INVALID"), "certificate error: it is for another host", true},
		{errors.New("net::ERR_CERT_WEAK_KEY"), "certificate error", true},
		{errors.New("net::ERR_TOO_MANY_REDIRECTS"), "too many redirects", true},
		{errors.New("net::ERR_EMPTY_RESPONSE"), "the server closed the connection", false},
		{wrap(errors.New("http: server gave HTTP response to HTTPS client")), "the server does not speak TLS on this port", false},
		{wrap(errors.New("malformed HTTP response")), "the server's answer is not readable HTTP", false},
		{wrap(fmt.Errorf("something new")), "something new", false},
	}
	for _, c := range cases {
		require.Equal(t, c.want, explain(c.err))
		require.Equal(t, c.hopeless, hopeless(c.err), c.want)
	}
}

func TestTrouble(t *testing.T) {
	cases := map[string]struct {
		page  Page
		home  string // what is wrong with it as the home page
		inner string
	}{
		"fine":                       {Page{Status: 200}, "", ""},
		"missing":                    {Page{Status: 404}, "404", ""},
		"forbidden":                  {Page{Status: 403}, "blocked", ""},
		"login asked":                {Page{Status: 401}, "login", "login"},
		"too many":                   {Page{Status: 429}, "blocked", "blocked"},
		"unavailable":                {Page{Status: 503}, "503", "503"},
		"blank":                      {Page{Status: 200, Blank: true}, "empty", ""},
		"blank, with a cookie":       {Page{Status: 200, Blank: true, Cookies: []Cookie{{Name: "a"}}}, "", ""},
		"blank, with its own script": {Page{Status: 200, Blank: true, Requests: []Request{{Type: "script", Party: First}}}, "empty", ""},
		"blank, with a pixel":        {Page{Status: 200, Blank: true, Requests: []Request{{Type: "image", Party: Third}}}, "", ""},
		"login by address":           {Page{Status: 200, Password: true, FinalURL: "https://shop.test/users/sign_in"}, "login form", ""},
		"login by host":              {Page{Status: 200, Password: true, FinalURL: "https://sso.shop.test/"}, "login form", ""},
		"login by title":             {Page{Status: 200, Password: true, URL: "https://shop.test/", FinalURL: "https://shop.test/my", Title: "Anmelden – Portal"}, "login form", ""},
		"login in the corner":        {Page{Status: 200, Password: true, FinalURL: "https://shop.test/en/", Title: "Shop"}, "", ""},
		"login that was asked for":   {Page{Status: 200, Password: true, URL: "https://shop.test/login", FinalURL: "https://shop.test/login?lang=en"}, "", ""},
		"login that leads to itself": {Page{Status: 200, Password: true, URL: "https://shop.test/my", FinalURL: "https://shop.test/login"}, "login form", ""},
		"login as home page":         {Page{Status: 200, Password: true, URL: "https://shop.test/", FinalURL: "https://shop.test/", Title: "Log in"}, "", ""},
		"login address, no password": {Page{Status: 200, FinalURL: "https://shop.test/login-help"}, "", ""},
		"challenge":                  {Page{Status: 403, Title: "Just a moment..."}, "bot defence", "bot defence"},
		"an article about a moment":  {Page{Status: 200, Title: "Wait, just a moment"}, "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			check(t, c.home, trouble(&c.page, true))
			check(t, c.inner, trouble(&c.page, false))
		})
	}
}

func check(t *testing.T, want string, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.ErrorContains(t, err, want)
}
