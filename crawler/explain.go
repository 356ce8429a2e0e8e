package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// explain says in plain words, without the address, why something could not be read. It knows the errors of Go's
// network and the net::ERR_ codes of Chromium; what it does not know keeps its own words.
func explain(err error) string {
	if why := explainNetwork(err); why != "" {
		return why
	}
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err // without the address
	}
	text := err.Error()
	for _, known := range knownErrors {
		if strings.Contains(text, known.code) {
			return known.why
		}
	}
	return text
}

// WhyInterrupted is the Failure.Error of what the end of the context kept from being seen.
const WhyInterrupted = "interrupted"

const (
	whyNoHost      = "no such host"
	whyRefused     = "connection refused"
	whyReset       = "the server closed the connection"
	whyTimeout     = "the server did not answer in time"
	whyCertificate = "certificate error"
	whyUnreachable = "network unreachable"
	whyRedirects   = "too many redirects"
	whyNoTLS       = "the server does not speak TLS on this port"
	whyBadAnswer   = "the server's answer is not readable HTTP"
)

func explainNetwork(err error) string {
	var dns *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return WhyInterrupted
	case errors.As(err, &dns) && dns.IsNotFound:
		return whyNoHost
	case errors.As(err, &dns):
		return "the host name could not be looked up"
	case errors.Is(err, syscall.ECONNREFUSED):
		return whyRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return whyUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return whyTimeout
	case errors.As(err, &timeout) && timeout.Timeout():
		return whyTimeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return whyReset
	default:
		return explainCertificate(err)
	}
}

func explainCertificate(err error) string {
	var (
		invalid  x509.CertificateInvalidError
		host     x509.HostnameError
		unknown  x509.UnknownAuthorityError
		verify   *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		rejected tls.AlertError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return whyCertificate + ": it has expired or is not valid yet"
	case errors.As(err, &host):
		return whyCertificate + ": it is for another host"
	case errors.As(err, &unknown):
		return whyCertificate + ": its issuer is not trusted"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return whyCertificate
	case errors.As(err, &record):
		return whyNoTLS
	case errors.As(err, &rejected):
		return "the server refused the TLS connection"
	default:
		return ""
	}
}

// knownErrors are Chromium's codes, and errors of net/http that have no type.
var knownErrors = []struct{ code, why string }{
	{"HTTP response to HTTPS client", whyNoTLS},
	{"malformed HTTP", whyBadAnswer},
	{"stopped after 10 redirects", whyRedirects},
	{"ERR_NAME_NOT_RESOLVED", whyNoHost},
	{"ERR_CONNECTION_REFUSED", whyRefused},
	{"ERR_CONNECTION_RESET", whyReset},
	{"ERR_CONNECTION_CLOSED", whyReset},
	{"ERR_CONNECTION_ABORTED", whyReset},
	{"ERR_EMPTY_RESPONSE", whyReset},
	{"ERR_SOCKET_NOT_CONNECTED", whyReset},
	{"ERR_CONTENT_LENGTH_MISMATCH", whyReset},
	{"ERR_INCOMPLETE_CHUNKED_ENCODING", whyReset},
	{"ERR_CONNECTION_FAILED", whyUnreachable},
	{"ERR_CONNECTION_TIMED_OUT", whyTimeout},
	{"ERR_TIMED_OUT", whyTimeout},
	{"ERR_CERT_DATE_INVALID", whyCertificate + ": it has expired or is not valid yet"},
	{"ERR_CERT_COMMON_NAME_INVALID", whyCertificate + ": it is for another host"},
	{"ERR_CERT_AUTHORITY_INVALID", whyCertificate + ": its issuer is not trusted"},
	{"ERR_CERT_", whyCertificate},
	{"ERR_SSL_PROTOCOL_ERROR", whyNoTLS},
	{"ERR_SSL_", "the server refused the TLS connection"},
	{"ERR_ADDRESS_UNREACHABLE", whyUnreachable},
	{"ERR_INTERNET_DISCONNECTED", whyUnreachable},
	{"ERR_NETWORK_", whyUnreachable},
	{"ERR_TOO_MANY_REDIRECTS", whyRedirects},
	{"ERR_INVALID_HTTP_RESPONSE", whyBadAnswer},
	{"ERR_HTTP2_", whyBadAnswer},
	{"ERR_QUIC_", whyBadAnswer},
	{"ERR_INVALID_RESPONSE", whyBadAnswer},
	{"ERR_RESPONSE_HEADERS_", whyBadAnswer},
	{"ERR_PROXY_", "the proxy does not answer"},
	{"ERR_TUNNEL_", "the proxy does not answer"},
	{"ERR_BLOCKED_BY_CLIENT", "blocked within the browser"},
	{"ERR_INVALID_AUTH_CREDENTIALS", "the server asks for a login"},
}

// hopeless reports whether another attempt would end the same way.
func hopeless(err error) bool {
	why := explain(err)
	return why == WhyInterrupted || why == whyNoHost || why == whyRefused || why == whyRedirects ||
		strings.HasPrefix(why, whyCertificate)
}
