// Package newsletter reads what an e-mail holds that can tell others of its reader: images from the web, those that
// nobody can see, fonts and style sheets, links, and the wish for a receipt.
//
// It makes evidence (crawler.Message) and judges nothing. A message is parsed, never shown: nothing is fetched, no
// script runs, no attachment is opened except forwarded messages. Whatever was made for one reader - identifiers in
// addresses, mail addresses - is replaced by "*" while reading. Messages are hostile: size, nesting, parts and
// addresses are bounded, and what was cut off is told in Message.Cut.
package newsletter

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // what mail is written in besides UTF-8

	"trackscan/crawler"
)

// The bounds of a message. Mail servers take 25 to 50 MB, nearly all of it attachments; Gmail cuts HTML off at 102 kB.
const (
	maxMessage = 64 << 20 // bytes
	maxPart    = 8 << 20  // bytes of one part of text, decoded
	maxHeader  = 256 << 10
	maxDepth   = 16    // parts within parts, forwarded messages included
	maxParts   = 500   // of the whole message
	maxRemotes = 5_000 // addresses that differ
)

// ErrNoMessage is the error of Read for what is no e-mail.
var ErrNoMessage = errors.New("not an e-mail: it has no header with From, Subject, Date or Received")

// Read reads one message; file is how it is told from others. What is broken is read as far as it goes, with the reason
// in Cut; the error is ErrNoMessage, or that of src.
func Read(file string, src io.Reader) (crawler.Message, error) {
	in := &bounded{src: src, left: maxMessage}
	r := reader{message: crawler.Message{File: file, Remotes: []crawler.Remote{}}, index: map[crawler.Remote]int{}}
	e, err := message.ReadWithOptions(in, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	switch {
	case in.err != nil:
		return r.message, in.err
	case e == nil:
		return r.message, fmt.Errorf("%w (%w)", ErrNoMessage, err)
	case !isMessage(e.Header):
		return r.message, ErrNoMessage
	}
	r.header(e.Header)
	r.entity(e, err, 0)
	if in.left <= 0 {
		r.cut(fmt.Sprintf("it is larger than %d MB", maxMessage>>20))
	}
	return r.message, in.err
}

// bounded reads at most left bytes and remembers what went wrong below.
type bounded struct {
	src  io.Reader
	left int64
	err  error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.EOF
	}
	n, err := b.src.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func isMessage(h message.Header) bool {
	return h.Has("From") || h.Has("Subject") || h.Has("Date") || h.Has("Received")
}

// reader fills a message.
type reader struct {
	message  crawler.Message
	index    map[crawler.Remote]int // of message.Remotes, by what they are while their Count is zero
	parts    int
	link     *crawler.Remote // that is open
	oneClick []string        // addresses of List-Unsubscribe as they stand there; never kept
}

// receipts are the headers that ask for a receipt: RFC 8098, and what older programs use.
var receipts = []string{"Disposition-Notification-To", "Return-Receipt-To", "X-Confirm-Reading-To", "Read-Receipt-To"}

// header reads what the headers of the outermost message tell.
func (r *reader) header(h message.Header) {
	r.message.Subject, _ = h.Text("Subject")
	r.message.Subject = clip(strings.ToValidUTF8(r.message.Subject, "\uFFFD"), 1000)
	if list, err := (&mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: message.CharsetReader}}).ParseList(h.Get("From")); err == nil {
		_, host, _ := strings.Cut(list[0].Address, "@")
		r.message.Sender = senderHost(host)
	} else if m := anyAddress.FindStringSubmatch(h.Get("From")); m != nil {
		r.message.Sender = senderHost(m[1])
	}
	for _, name := range receipts {
		r.message.Receipt = r.message.Receipt || h.Has(name)
	}
	for _, m := range inBrackets.FindAllStringSubmatch(h.Get("List-Unsubscribe"), 10) {
		r.oneClick = append(r.oneClick, strings.Join(strings.Fields(m[1]), ""))
	}
}

var (
	anyAddress = regexp.MustCompile(`[^\s<>@]+@([A-Za-z0-9.-]+)`)
	inBrackets = regexp.MustCompile(`<([^>]*)>`)
	textURL    = regexp.MustCompile(`(?i)https?://[^\s<>"'\\]+`)
)

func senderHost(host string) string {
	return clip(strings.Trim(strings.ToLower(host), ". "), 253)
}

// entity reads a part and the parts in it. err is what its header is wrong in: an unknown encoding or charset.
func (r *reader) entity(e *message.Entity, err error, depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		r.cut("it has more parts, or parts within parts, than any mail program makes")
		return
	}
	kind, _, typeErr := e.Header.ContentType()
	if typeErr != nil && kind == "" {
		kind = "text/plain"
	}
	disposition, _, _ := e.Header.ContentDisposition()
	switch {
	case message.IsUnknownEncoding(err):
		r.cut("a part has an encoding that is not known")
	case strings.HasPrefix(kind, "multipart/"):
		r.multipart(e, depth)
	case kind == "message/rfc822" || kind == "message/global":
		r.forwarded(e, depth)
	case disposition == "attachment":
	default:
		r.text(kind, e.Body)
	}
}

func (r *reader) multipart(e *message.Entity, depth int) {
	parts := e.MultipartReader()
	defer parts.Close()
	for r.parts <= maxParts {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return
		case part == nil:
			r.cut("its parts are broken")
			return
		}
		r.entity(part, err, depth+1)
	}
}

func (r *reader) forwarded(e *message.Entity, depth int) {
	inner, err := message.ReadWithOptions(e.Body, &message.ReadOptions{MaxHeaderBytes: maxHeader})
	if inner == nil {
		r.cut("a message in it is broken")
		return
	}
	r.entity(inner, err, depth+1)
}

// text reads a part that a reader sees.
func (r *reader) text(kind string, body io.Reader) {
	limited := &io.LimitedReader{R: body, N: maxPart}
	defer func() {
		if limited.N <= 0 {
			r.cut(brokenPart)
		}
	}()
	body = limited
	switch kind {
	case "text/html", "application/xhtml+xml":
		r.message.HTML = true
		r.readHTML(body)
	case "text/x-amp-html":
		r.message.AMP = true
		r.readHTML(body)
	case "text/plain":
		r.plain(body)
	}
}

// plain adds the links of a text, which mail programs make of addresses. The words before a link say what it is for.
func (r *reader) plain(body io.Reader) {
	text, err := io.ReadAll(body)
	if err != nil {
		r.cut(brokenPart)
	}
	end := 0
	for _, at := range textURL.FindAllIndex(text, maxRemotes) {
		raw := strings.TrimRight(string(text[at[0]:at[1]]), ".,;:!?)]}>")
		if remote, ok := newRemote(crawler.RemoteLink, raw); ok {
			remote.Unsubscribe = r.ends(raw) || endsSubscription(string(text[max(end, at[0]-wordsBefore):at[0]]))
			r.keep(remote)
		}
		end = at[1]
	}
}

// wordsBefore is how much of the text before an address can speak of it, in bytes: about a line.
const wordsBefore = 100

const brokenPart = "a part is broken: it ends early, its encoding is wrong or it is too large"

// cut notes the first reason why not all was read.
func (r *reader) cut(why string) {
	if r.message.Cut == "" {
		r.message.Cut = why
	}
}

// full reports whether there are as many addresses as are kept.
func (r *reader) full() bool {
	if len(r.message.Remotes) < maxRemotes {
		return false
	}
	r.cut(fmt.Sprintf("it has more than %d addresses", maxRemotes))
	return true
}

// add keeps an address, if it is one.
func (r *reader) add(kind crawler.RemoteKind, raw string) {
	if remote, ok := newRemote(kind, raw); ok {
		remote.Unsubscribe = kind == crawler.RemoteLink && r.ends(raw)
		r.keep(remote)
	}
}

// ends reports whether a link ends the subscription: the headers or its address say so.
func (r *reader) ends(raw string) bool {
	return slices.Contains(r.oneClick, strings.TrimSpace(raw)) || endsSubscription(raw)
}

// keep counts what is alike once.
func (r *reader) keep(remote crawler.Remote) {
	at, known := r.index[remote]
	if !known {
		if r.full() {
			return
		}
		at = len(r.message.Remotes)
		r.index[remote] = at
		r.message.Remotes = append(r.message.Remotes, remote)
	}
	r.message.Remotes[at].Count++
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
