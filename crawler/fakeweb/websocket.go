package fakeweb

import (
	"bufio"
	"context"
	"crypto/sha1" // the WebSocket handshake asks for it (RFC 6455, section 4.2.2)
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxFrame is the longest WebSocket frame that is echoed, in bytes; a longer one ends the connection.
const maxFrame = 1 << 20

// The opcodes of WebSocket frames that matter here (RFC 6455, section 5.2).
const (
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xa
)

// echoWebSocket accepts a WebSocket, with the cookies of header, and sends back each frame until the client closes it
// or goes away.
func echoWebSocket(w http.ResponseWriter, r *http.Request, header http.Header) {
	key := r.Header.Get("Sec-Websocket-Key")
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || key == "" {
		http.Error(w, "this is a WebSocket", http.StatusUpgradeRequired)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "no WebSocket over this protocol", http.StatusHTTPVersionNotSupported)
		return
	}
	defer conn.Close()
	defer context.AfterFunc(r.Context(), func() { conn.Close() })()
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	for _, cookie := range header["Set-Cookie"] {
		fmt.Fprintf(rw, "Set-Cookie: %s\r\n", cookie)
	}
	fmt.Fprint(rw, "\r\n")
	for rw.Flush() == nil {
		if echoFrame(rw) != nil {
			return
		}
	}
}

// echoFrame reads one frame and writes its answer; after a close frame it returns io.EOF.
func echoFrame(rw *bufio.ReadWriter) error {
	var head [2]byte
	if _, err := io.ReadFull(rw, head[:]); err != nil {
		return err
	}
	payload, err := readPayload(rw.Reader, head[1])
	if err != nil {
		return err
	}
	switch head[0] & 0xf {
	case opClose:
		_ = writeFrame(rw.Writer, head[0], payload)
		_ = rw.Flush()
		return io.EOF
	case opPong:
		return nil
	case opPing:
		head[0] = head[0]&0xf0 | opPong
	}
	return writeFrame(rw.Writer, head[0], payload)
}

// readPayload reads the rest of a client's frame, which is always masked.
func readPayload(r io.Reader, second byte) ([]byte, error) {
	length, err := readLength(r, second&0x7f)
	if err != nil {
		return nil, err
	}
	if second&0x80 == 0 || length > maxFrame {
		return nil, fmt.Errorf("frame is not masked or too long")
	}
	var mask [4]byte
	if _, err := io.ReadFull(r, mask[:]); err != nil {
		return nil, err
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(r, payload); err != nil {
		return nil, err
	}
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return payload, nil
}

func readLength(r io.Reader, short byte) (uint64, error) {
	var wide [8]byte
	switch short {
	case 126:
		_, err := io.ReadFull(r, wide[6:])
		return binary.BigEndian.Uint64(wide[:]), err
	case 127:
		_, err := io.ReadFull(r, wide[:])
		return binary.BigEndian.Uint64(wide[:]), err
	}
	return uint64(short), nil
}

func writeFrame(w *bufio.Writer, first byte, payload []byte) error {
	head := []byte{first}
	switch n := len(payload); {
	case n < 126:
		head = append(head, byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 127), uint64(n))
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}
