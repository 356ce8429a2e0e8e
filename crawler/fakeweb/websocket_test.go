package fakeweb_test

import (
	"net"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
)

func dialWebSocket(t *testing.T, s *fakeweb.Server) net.Conn {
	t.Helper()
	var cookies []string
	dialer := ws.Dialer{Host: "a.test", OnHeader: func(key, value []byte) error {
		if string(key) == "Set-Cookie" {
			cookies = append(cookies, string(value))
		}
		return nil
	}}
	conn, _, _, err := dialer.Dial(t.Context(), "ws://"+s.Resolves().Dial("a.test:80")+"/ws")
	require.NoError(t, err)
	require.Equal(t, []string{"socket=1; Secure"}, cookies)
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestWebSocketEchoes(t *testing.T) {
	s, _ := serve(t, fakeweb.Options{})
	conn := dialWebSocket(t, s)
	for _, size := range []int{0, 5, 125, 126, 70_000} {
		sent := strings.Repeat("x", size)
		require.NoError(t, wsutil.WriteClientText(conn, []byte(sent)))
		got, err := wsutil.ReadServerText(conn)
		require.NoError(t, err)
		require.Equal(t, sent, string(got))
	}
	require.NoError(t, wsutil.WriteClientMessage(conn, ws.OpPing, []byte("are you there")))
	head, err := ws.ReadHeader(conn)
	require.NoError(t, err)
	require.Equal(t, ws.OpPong, head.OpCode)
}

func TestWebSocketEndsFramesItWillNotEcho(t *testing.T) {
	s, _ := serve(t, fakeweb.Options{})
	for name, head := range map[string]ws.Header{
		"not masked": {Fin: true, OpCode: ws.OpText, Length: 3},
		"too long":   {Fin: true, OpCode: ws.OpText, Masked: true, Length: 1 << 40},
	} {
		t.Run(name, func(t *testing.T) {
			conn := dialWebSocket(t, s)
			require.NoError(t, ws.WriteHeader(conn, head))
			_, err := ws.ReadHeader(conn)
			require.Error(t, err)
		})
	}
}

func TestWebSocketNeedsAnUpgrade(t *testing.T) {
	_, client := serve(t, fakeweb.Options{})
	res, _ := get(t, client, "http://a.test/ws")
	require.Equal(t, 426, res.StatusCode)
	res, _ = get(t, client, "https://a.test/ws", "Sec-WebSocket-Key", "x")
	require.Equal(t, 426, res.StatusCode)
}

func TestOpenWebSocketEndsWithTheServer(t *testing.T) {
	s, _ := serve(t, fakeweb.Options{})
	conn := dialWebSocket(t, s)
	require.NoError(t, s.Close())
	_, err := ws.ReadHeader(conn)
	require.Error(t, err)
}
