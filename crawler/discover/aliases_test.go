package discover_test

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
	"trackscan/crawler/discover"
	"trackscan/crawler/fakeweb/fakedns"
)

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
	s := fakedns.Serve(t, map[string]string{
		"metrics.shop.test": "shop.collect.tracker.example", "shop.collect.tracker.example": "edge.cdn.example",
		"loop.shop.test": "round.shop.test", "round.shop.test": "loop.shop.test", "other.example": "never.asked.example",
		"www.shop.test": "hosting.example",
	})
	for _, cut := range []bool{false, true} {
		s.Cut.Store(cut)
		r := discover.WithAliases(asking{"metrics.shop.test", "plain.shop.test", "loop.shop.test", "other.example", "www.shop.test"}, s.Address, nil)
		p, err := r.Render(t.Context(), crawler.Visit{})
		require.NoError(t, err)
		require.Len(t, p.Aliases, 2)
		require.Len(t, p.Aliases[0].Chain, 16, "a loop ends")
		require.Equal(t, crawler.Alias{Host: "metrics.shop.test", Chain: []string{"shop.collect.tracker.example", "edge.cdn.example"}}, p.Aliases[1])
		asked := s.Asked.Load()
		_, err = r.Render(t.Context(), crawler.Visit{})
		require.NoError(t, err)
		require.Equal(t, asked, s.Asked.Load(), "each host is asked about once")
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
