// Package fakedns serves aliases of host names on loopback, for tests that ask a real name server.
package fakedns

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// Server is a DNS server that answers from a table of aliases, by UDP and TCP.
type Server struct {
	Address string       // HOST:PORT
	Asked   atomic.Int64 // questions so far
	Cut     atomic.Bool  // answers by UDP are cut off

	aliases map[string]string
}

// Serve starts a Server, which ends with the test. Aliases are what each name stands for.
func Serve(t testing.TB, aliases map[string]string) *Server {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	require.NoError(t, err)
	s := &Server{Address: tcp.Addr().String(), aliases: aliases}
	t.Cleanup(func() { _ = tcp.Close(); _ = udp.Close() })
	go s.serveUDP(udp)
	go s.serveTCP(tcp)
	return s
}

func (s *Server) serveUDP(udp net.PacketConn) {
	buf := make([]byte, 4096)
	for {
		n, from, err := udp.ReadFrom(buf)
		if err != nil {
			return
		}
		_, _ = udp.WriteTo(s.answer(buf[:n], s.Cut.Load()), from)
	}
}

func (s *Server) serveTCP(tcp net.Listener) {
	for {
		c, err := tcp.Accept()
		if err != nil {
			return
		}
		var size [2]byte
		_, _ = io.ReadFull(c, size[:])
		buf := make([]byte, binary.BigEndian.Uint16(size[:]))
		_, _ = io.ReadFull(c, buf)
		reply := s.answer(buf, false)
		_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
		_ = c.Close()
	}
}

// answer follows at most 20 aliases.
func (s *Server) answer(question []byte, cut bool) []byte {
	s.Asked.Add(1)
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) == 0 {
		return nil
	}
	m.Response, m.Truncated = true, cut
	at := m.Questions[0].Name
	for range 20 {
		to := s.aliases[strings.TrimSuffix(at.String(), ".")]
		if to == "" || cut {
			break
		}
		target := dnsmessage.MustNewName(to + ".")
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: at, Type: dnsmessage.TypeCNAME, Class: dnsmessage.ClassINET, TTL: 60},
			Body:   &dnsmessage.CNAMEResource{CNAME: target},
		})
		at = target
	}
	packed, _ := m.Pack()
	return packed
}
