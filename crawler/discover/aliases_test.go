package discover_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"

	"trackscan/crawler"
	"trackscan/crawler/discover"
)

// nameServer is a real DNS server on loopback that answers from a table of aliases, by UDP and TCP.
type nameServer struct {
	address string
	aliases map[string]string
	asked   atomic.Int64
	cut     atomic.Bool // answers by UDP are cut off
}

func newNameServer(t *testing.T, aliases map[string]string) *nameServer {
	t.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	require.NoError(t, err)
	s := &nameServer{address: tcp.Addr().String(), aliases: aliases}
	t.Cleanup(func() { _ = tcp.Close(); _ = udp.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = udp.WriteTo(s.answer(buf[:n], s.cut.Load()), from)
		}
	}()
	go func() {
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
	}()
	return s
}

func (s *nameServer) answer(question []byte, cut bool) []byte {
	s.asked.Add(1)
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

// asking is a Renderer whose page asks these hosts.
type asking []string

func (a asking) Render(context.Context, crawler.Visit) (crawler.Page, error) {
	p := crawler.Page{URL: "https://www.shop.test/"}
	for _, host := range a {
		p.Requests = append(p.Requests, crawler.Request{URL: "https://" + host + "/x"})
	}
	return p, nil
}

func TestAliases(t *testing.T) {
	s := newNameServer(t, map[string]string{
		"metrics.shop.test": "shop.collect.tracker.example", "shop.collect.tracker.example": "edge.cdn.example",
		"loop.shop.test": "round.shop.test", "round.shop.test": "loop.shop.test", "other.example": "never.asked.example",
		"www.shop.test": "hosting.example",
	})
	for _, cut := range []bool{false, true} {
		s.cut.Store(cut)
		r := discover.WithAliases(asking{"metrics.shop.test", "plain.shop.test", "loop.shop.test", "other.example", "www.shop.test"}, s.address, nil)
		p, err := r.Render(t.Context(), crawler.Visit{})
		require.NoError(t, err)
		require.Len(t, p.Aliases, 2)
		require.Len(t, p.Aliases[0].Chain, 16, "a loop ends")
		require.Equal(t, crawler.Alias{Host: "metrics.shop.test", Chain: []string{"shop.collect.tracker.example", "edge.cdn.example"}}, p.Aliases[1])
		asked := s.asked.Load()
		_, err = r.Render(t.Context(), crawler.Visit{})
		require.NoError(t, err)
		require.Equal(t, asked, s.asked.Load(), "each host is asked about once")
	}
}

func TestAliasesWithoutAnswer(t *testing.T) {
	dead, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	address := dead.LocalAddr().String()
	require.NoError(t, dead.Close())
	p, err := discover.WithAliases(asking{"a.shop.test", "b.shop.test"}, address, nil).Render(t.Context(), crawler.Visit{})
	require.NoError(t, err, "no answer is no failure")
	require.Empty(t, p.Aliases)
}
